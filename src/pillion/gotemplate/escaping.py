"""``html``, ``js`` and ``urlquery``: text made safe for other languages."""

from __future__ import annotations

import re
from typing import Any

from pillion.golang.strconv import is_print
from pillion.golang.strings import to_bytes
from pillion.gotemplate.runtime import shown

_HTML = str.maketrans(
    {
        "\0": "\ufffd",
        '"': "&#34;",
        "'": "&#39;",
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
    }
)
_JS = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "<": "\\u003C",
    ">": "\\u003E",
    "&": "\\u0026",
    "=": "\\u003D",
}
_JS_SPECIAL = re.compile("[\\\\'\"<>&=\\x00-\\x1f]|[^\\x00-\\x7f]")
_URL_SPECIAL = re.compile("[^A-Za-z0-9._~-]")


def html(*arguments: Any) -> str:
    """The text of the arguments for HTML."""
    return _joined(arguments).translate(_HTML)


def js(*arguments: Any) -> str:
    """The text of the arguments for a string in JavaScript."""
    return _JS_SPECIAL.sub(_js_escape, _joined(arguments))


def _js_escape(match: re.Match[str]) -> str:
    character = match[0]
    escape = _JS.get(character)
    if escape is not None:
        return escape
    if character < " ":
        return f"\\u00{ord(character):02X}"
    if "\udc80" <= character <= "\udcff":
        # A byte that is not UTF-8 is taken for the replacement character, and kept as it is.
        return character
    return character if is_print(ord(character)) else f"\\u{ord(character):04X}"


def urlquery(*arguments: Any) -> str:
    """The text of the arguments for the query of a URL."""
    return _URL_SPECIAL.sub(_url_escape, _joined(arguments))


def _url_escape(match: re.Match[str]) -> str:
    if match[0] == " ":
        return "+"
    return "".join(f"%{byte:02X}" for byte in to_bytes(match[0]))


def _joined(arguments: tuple[Any, ...]) -> str:
    """The arguments side by side as ``print`` joins them, pointers followed."""
    pieces: list[str] = []
    after_string = True
    for argument in arguments:
        is_string = argument is None or isinstance(argument, str)
        if not (is_string or after_string):
            pieces.append(" ")
        pieces.append("<no value>" if argument is None else shown(argument))
        after_string = is_string
    return "".join(pieces)
