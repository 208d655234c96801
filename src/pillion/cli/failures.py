"""Errors of the engine as a user of the command line reads them: which file, where in it, and why.

The engine words its errors as Istio does: each layer that an error passed is named, and lines count
from elsewhere. Here the file and its place say that, and the reason follows them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pillion.cli.errors import InputError, Place
from pillion.errors import dotted
from pillion.injection.errors import DocumentError, RenderError
from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.yaml_place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.errors import PillionError

_LAYERS = re.compile(
    r"\A(?:failed to unmarshal injection template: |failed to convert to proto\. "
    r"|could not parse configuration values: |error converting YAML to JSON: "
    r"|error unmarshaling JSON: |while decoding JSON: )+"
)
_LINE_OF_YAML = re.compile(r"\Ayaml: line [0-9]+: ")


def in_manifest(file: str, error: PillionError) -> InputError:
    """An error of injecting the documents of ``file``."""
    if not isinstance(error, DocumentError):
        return InputError(file, str(error))
    reason = _reason(error.message)
    unread = _yaml_error(error) if isinstance(error.__cause__, RenderError) else None
    if unread is not None:
        why = f"the templates rendered no YAML: {_reason(unread.message)}"
        reason = f"{reason} ({why})" if _reason(unread.message) not in reason else why
    return InputError(file, reason, Place(error.document, error.line, error.field))


def in_configuration(file: str, text: str, error: PillionError) -> InputError:
    """An error of loading ``text``, a part of the configuration that ``file`` holds."""
    unread = _yaml_error(error)
    path = next(filter(None, (getattr(one, "path", ()) for one in _causes(error))), ())
    line = unread.line if unread else locate(text, path)[0] if path else None
    return InputError(file, _reason(str(error)), Place(line=line, field=dotted(path)))


def _reason(message: str) -> str:
    return _LINE_OF_YAML.sub("yaml: ", _LAYERS.sub("", message, count=1)).rstrip()


def _yaml_error(error: PillionError) -> YAMLError | None:
    return next((one for one in _causes(error) if isinstance(one, YAMLError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, and so on."""
    while error is not None:
        yield error
        error = error.__cause__
