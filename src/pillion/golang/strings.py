"""Strings as Go's ``strings`` and ``unicode`` packages treat them.

Go counts a string in bytes and maps it rune by rune with Unicode's simple case mappings, whereas
Python counts in code points and maps with the full ones (``"ß".upper()`` is ``"SS"``). A byte that
is not UTF-8 is a surrogate escape here, and U+FFFD where Go reads the string as runes.
"""

from __future__ import annotations

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""The white space of ``unicode.IsSpace``."""

ERROR_RUNE = "\ufffd"
"""``utf8.RuneError``, which stands for a byte that is not UTF-8."""

_BYTES_TO_ERROR = dict.fromkeys(range(0xDC80, 0xDD00), ERROR_RUNE)
_SPACES = frozenset(SPACE)


def to_bytes(text: str) -> bytes:
    """The bytes of a Go string."""
    return text.encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """The Go string of these bytes."""
    return data.decode("utf-8", "surrogateescape")


def runes(text: str) -> str:
    """The string of ``[]rune(text)``: every byte that is not UTF-8 becomes U+FFFD."""
    return text if text.isascii() else text.translate(_BYTES_TO_ERROR)


def is_utf8(text: str) -> bool:
    """Whether all of the text is UTF-8."""
    return runes(text) == text


def byte_slice(text: str, start: int, end: int) -> str:
    """Go's ``text[start:end]``; the bounds have been checked."""
    if text.isascii():
        return text[start:end]
    return from_bytes(to_bytes(text)[start:end])


def byte_len(text: str) -> int:
    """Go's ``len(text)``."""
    return len(text) if text.isascii() else len(to_bytes(text))


def is_space(rune: str) -> bool:
    """``unicode.IsSpace``."""
    return rune in _SPACES


def rune_upper(rune: str) -> str:
    """``unicode.ToUpper``."""
    mapped = rune.upper()
    return mapped if len(mapped) == 1 else rune_title(rune)


def rune_lower(rune: str) -> str:
    """``unicode.ToLower``; the one longer full mapping, of U+0130, starts with the simple one."""
    return rune.lower()[0]


def rune_title(rune: str) -> str:
    """``unicode.ToTitle``."""
    mapped = rune.title()
    return mapped if len(mapped) == 1 else rune


def upper(text: str) -> str:
    """``strings.ToUpper``."""
    return text.upper() if text.isascii() else "".join(map(rune_upper, runes(text)))


def lower(text: str) -> str:
    """``strings.ToLower``."""
    return text.lower() if text.isascii() else "".join(map(rune_lower, runes(text)))


def title(text: str) -> str:
    """``strings.Title``: the first letter of every word in title case."""
    previous = " "
    mapped = []
    for rune in runes(text):
        mapped.append(rune_title(rune) if _is_separator(previous) else rune)
        previous = rune
    return "".join(mapped)


def _is_separator(rune: str) -> bool:
    # Outside ASCII only white space parts words; a dash or a full stop does not.
    return not (rune.isalnum() or rune == "_") if rune.isascii() else is_space(rune)


def trim_space(text: str) -> str:
    """``strings.TrimSpace``."""
    return text.strip(SPACE)


def trim(text: str, cutset: str) -> str:
    """``strings.Trim``; all bytes that are not UTF-8 are one rune to it."""
    if ERROR_RUNE in runes(cutset):
        cutset += ERROR_RUNE + "".join(map(chr, _BYTES_TO_ERROR))
    return text.strip(cutset)


def replace(text: str, old: str, new: str) -> str:
    """``strings.ReplaceAll``."""
    if is_utf8(old):
        return text.replace(old, new)
    return from_bytes(to_bytes(text).replace(to_bytes(old), to_bytes(new)))


def split(text: str, separator: str, count: int = -1) -> list[str]:
    """``strings.SplitN``; a negative ``count`` is ``strings.Split``."""
    if count == 0:
        return []
    if not separator:
        return _explode(text, count)
    most = count - 1 if count > 0 else -1
    if is_utf8(separator):
        return text.split(separator, most)
    return [from_bytes(part) for part in to_bytes(text).split(to_bytes(separator), most)]


def _explode(text: str, count: int) -> list[str]:
    if count < 0 or count >= len(text):
        return list(text)
    return [*text[: count - 1], text[count - 1 :]]
