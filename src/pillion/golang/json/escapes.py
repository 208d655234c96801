"""The escapes of Go's JSON strings beyond those that JSON asks for."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def escape(text: str, *, escape_html: bool) -> str:
    """Escape what Go escapes in a JSON text: line separators, HTML's characters and bad bytes.

    These stand only inside strings, so the text may be of any JSON.
    """
    if escape_html:
        text = text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
    if text.isascii():
        return text
    text = text.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")
    return _SURROGATE.sub(r"\\ufffd", text)


def has_surrogates(text: str) -> bool:
    """Whether ``text`` holds bytes that are not UTF-8, or halves of surrogate pairs."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def replace_surrogates(text: str) -> str:
    """``text`` with U+FFFD in the place of each surrogate."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
