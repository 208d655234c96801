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
