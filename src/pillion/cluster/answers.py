"""What an API server's answers say: objects, or the errors that a Status stands for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pillion.cluster.errors import (
    ClusterError,
    ConflictError,
    ExpiredError,
    ForbiddenError,
    NotFoundError,
    OwnedField,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.cluster.protocol import Object

UNAUTHORIZED = 401
_FIRST_ERROR = 300
_GONE = 410
_KINDS: dict[int, type[ClusterError]] = {
    UNAUTHORIZED: ForbiddenError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    _GONE: ExpiredError,
}

_UNPROCESSABLE = 422
_REJECTED = "the server rejected our request due to an error in our request"
"""All that an API server says of a JSON patch of which an operation, such as a test, fails.

From ``applyJSPatch`` and ``NewGenericServerResponse`` of k8s.io/apiserver and apimachinery.
"""


def object_of(title: str, code: int, body: bytes) -> Object:
    """The object that an answer holds.

    Raises:
        ClusterError: It holds an error, of the class that fits, or no object; ``title`` says of
            which cluster.
    """
    if code >= _FIRST_ERROR:
        raise error_of(title, code, body)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ClusterError(f"{title} cannot be asked: {error}") from error
    if not isinstance(found, dict):
        raise ClusterError(f"{title} cannot be asked: it answers no object")
    return found


def error_of(title: str, code: int, body: bytes) -> ClusterError:
    """The error that an answer of the HTTP status ``code`` stands for."""
    message = _message(body)
    if code == _UNPROCESSABLE and message.strip() == _REJECTED:
        return ConflictError(f"{title}: {message}")
    kind = _KINDS.get(code, ClusterError)
    if not message and kind is ClusterError:
        return ClusterError(f"{title} cannot be asked: it answers with the status {code}")
    text = f"{title}: {message or _text(body) or f'status {code}'}"
    return ConflictError(text, tuple(_owned(body))) if kind is ConflictError else kind(text)


def error_of_status(title: str, status: Any) -> ClusterError:
    """The error that the Status in a watch stands for."""
    found = status if isinstance(status, dict) else {}
    code = found.get("code")
    # etcd's own word for it comes through as 500 in some versions; client-go looks at the reason
    if found.get("reason") in ("Expired", "Gone"):
        code = _GONE
    kind = _KINDS.get(code, ClusterError) if isinstance(code, int) else ClusterError
    return kind(f"{title}: {found.get('message') or 'the watch failed'}")


def _message(body: bytes) -> str:
    """The message of a Status; empty where the body is none, as proxies' pages are."""
    message = _status(body).get("message")
    return message if isinstance(message, str) else ""


def _status(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


_CONFLICT = re.compile(r'conflict with ("(?:[^"\\]|\\.)*")')
"""As ``printManager`` of apimachinery's ``managedfields/internal`` words it."""


def _owned(body: bytes) -> Iterator[OwnedField]:
    """The fields that a refused apply would have taken from other managers."""
    details = _status(body).get("details") or {}
    for cause in details.get("causes") or ():
        found = _CONFLICT.match(cause.get("message", ""))
        if cause.get("reason") == "FieldManagerConflict" and found:
            yield OwnedField(json.loads(found[1]), cause.get("field", ""))


_LONGEST_TEXT = 200


def _text(body: bytes) -> str:
    """A short text that is no Status, as ``404 page not found`` for a group that nobody serves."""
    text = body.decode("utf-8", "replace").strip()
    return text if len(text) <= _LONGEST_TEXT and text.isprintable() else ""
