"""The admission endpoint as a pure function: a request in, a response out.

Sockets and TLS live elsewhere. Follows ``serveInject`` and ``inject`` of Istio's
``pkg/kube/inject``, down to the texts of its errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.errors import PillionError
from pillion.injection import admission_review
from pillion.injection.decision import decide
from pillion.injection.errors import InjectionError
from pillion.injection.generation import Generation, Request
from pillion.injection.owner import owner_of
from pillion.injection.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.decision import Decision
    from pillion.injection.generation import JSON
    from pillion.injection.injector import Injector

LARGEST_BODY = 6 * 1024 * 1024
"""The most bytes a request may have: twice what the API server accepts of one, and twice again."""

_OK, _BAD_REQUEST, _UNSUPPORTED_MEDIA_TYPE = 200, 400, 415
_JSON = "application/json"
_NO_OBJECT = "unexpected end of JSON input"
_TOO_DEEP = "the request is nested too deeply"


class Response(NamedTuple):
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes


class Review(NamedTuple):
    """What is answered about one pod.

    ``patch`` is the JSON patch, or None where nothing is changed. ``message`` says why the pod is
    refused, and is empty where it is allowed. ``decision`` is None where the pod could not be read;
    ``path`` then leads to the value of it that is wrong.
    """

    allowed: bool
    reason: Reason
    decision: Decision | None = None
    patch: list[dict[str, Any]] | None = None
    message: str = ""
    path: tuple[str | int, ...] = ()


def respond(injector: Injector, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Answer one request to the webhook: an AdmissionReview of v1 or v1beta1.

    Never raises for anything that stands in ``path``, ``headers`` or ``body``. Names of ``headers``
    match in any case.
    """
    if len(body) > LARGEST_BODY and injector.config.generation is Generation.CURRENT:
        return _refuse(_BAD_REQUEST, f"Request entity too large: limit is {LARGEST_BODY}")
    if not body:
        return _refuse(_BAD_REQUEST, "no body found")
    if _content_type(headers) != _JSON:
        return _refuse(_UNSUPPORTED_MEDIA_TYPE, f"invalid Content-Type, want `{_JSON}`")
    request = None
    try:
        legacy = injector.config.generation is Generation.LEGACY
        request = admission_review.read(body, typed=legacy)
        answer = _answer(injector, request, _decoded_path(path), body)
    except admission_review.ReviewError as error:
        answer = Review(allowed=False, reason=Reason.BAD_REQUEST, message=str(error))
    except RecursionError:
        answer = Review(allowed=False, reason=Reason.BAD_REQUEST, message=_TOO_DEEP)
    return Response(_OK, {"Content-Type": _JSON}, admission_review.write(request, answer))


def review(injector: Injector, pod: Any, namespace: str = "", path: str = "/inject") -> Review:
    """Decide about ``pod``, the JSON of a Pod as the API server sends it, and make its patch.

    ``namespace`` is the request's, for a pod that names none; ``path`` is that of the URL.
    """
    from pillion.kubernetes import codec
    from pillion.kubernetes.errors import DecodeError
    from pillion.kubernetes.schema import POD

    try:
        typed: JSON = codec.decode(pod, POD)
    except DecodeError as error:
        reason, message = Reason.BAD_POD, error.message
        return Review(allowed=False, reason=reason, message=message, path=error.path)
    typed = _settled(typed, namespace)
    decision = decide(injector.config, typed)
    if not decision.inject:
        return Review(allowed=True, reason=decision.reason, decision=decision)
    try:
        patch = injector.engine.patch(pod, Request(typed, owner_of(typed), path))
    except PillionError as error:
        reason = error.reason if isinstance(error, InjectionError) else Reason.FAILED
        return Review(allowed=False, reason=reason, decision=decision, message=str(error))
    return Review(allowed=True, reason=decision.reason, decision=decision, patch=patch)


def _answer(
    injector: Injector, request: admission_review.AdmissionRequest, path: str, body: bytes
) -> Review:
    if not request.has_object:
        return Review(allowed=False, reason=Reason.BAD_POD, message=_NO_OBJECT)
    answer = review(injector, request.value, request.namespace, path)
    if answer.path:
        place = ("request", "object", *answer.path)
        message = admission_review.with_literal(answer.message, body, place)
        answer = answer._replace(message=message)
    return answer


def _settled(pod: JSON, namespace: str) -> JSON:
    """``pod`` in its namespace, and without the managed fields, which only cost time."""
    metadata = {key: item for key, item in pod["metadata"].items() if key != "managedFields"}
    if not metadata.get("namespace") and namespace:
        metadata["namespace"] = namespace
    return {**pod, "metadata": metadata}


def _content_type(headers: Mapping[str, str]) -> str:
    for name, value in headers.items():
        if name.lower() == "content-type":
            return value
    return ""


def _decoded_path(path: str) -> str:
    """The path as Go's ``URL.Path`` has it: without the query, with escapes resolved."""
    path = path.partition("?")[0]
    if "%" in path:
        from urllib.parse import unquote

        path = unquote(path, errors="surrogateescape")
    return path


def _refuse(status: int, message: str) -> Response:
    headers = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
    return Response(status, headers, f"{message}\n".encode())
