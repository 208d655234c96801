"""Cutting and wrapping text, by the rules of Masterminds/goutils."""

from __future__ import annotations

from pillion.golang.strings import from_bytes, to_bytes

_ELLIPSIS = b"..."
_NEAR = 4
_MIN_WIDTH_OF_MIDDLE = 7


def abbreviate(text: str, offset: int, width: int) -> str:
    """``text`` cut to ``width`` bytes, from about ``offset`` on, with ellipses for what is cut."""
    data = to_bytes(text)
    return text if len(data) <= width else from_bytes(_abbreviate(data, offset, width))


def _abbreviate(data: bytes, offset: int, width: int) -> bytes:
    if len(data) <= width:
        return data
    room = width - len(_ELLIPSIS)
    offset = min(offset, len(data))
    if len(data) - offset < room:
        offset = len(data) - room
    if offset <= _NEAR:
        return data[:room] + _ELLIPSIS
    if width < _MIN_WIDTH_OF_MIDDLE:
        return b""
    if offset + room < len(data):
        # Too narrow a rest is refused, and dropped with its error.
        return _ELLIPSIS + (_abbreviate(data[offset:], 0, room) if room >= _NEAR else b"")
    return _ELLIPSIS + data[len(data) - room :]


def wrap(text: str, width: int, separator: str, *, break_words: bool) -> str:
    """``text`` as lines of at most ``width`` bytes, parted by ``separator``.

    A line ends at its last space, which goes, as do spaces at its start. A word that fills more
    than a line is broken, or else left to run over.
    """
    data, lines, offset = to_bytes(text), [], 0
    width = max(width, 1)
    while len(data) - offset > width:
        if data.startswith(b" ", offset):
            offset += 1
            continue
        end, following = _line_end(data, offset, width, break_words=break_words)
        lines.append(data[offset:end])
        offset = following
        if end == len(data):
            # A word that ran over to the very end leaves no separator behind it.
            return from_bytes(to_bytes(separator).join(lines))
    lines.append(data[offset:])
    return from_bytes(to_bytes(separator).join(lines))


def _line_end(data: bytes, offset: int, width: int, *, break_words: bool) -> tuple[int, int]:
    """Where the line at ``offset`` ends, and where the next one starts."""
    space = data.rfind(b" ", offset, offset + width + 1)
    if space >= 0:
        return space, space + 1
    if break_words:
        return offset + width, offset + width
    space = data.find(b" ", offset + width)
    return (len(data), len(data)) if space < 0 else (space, space + 1)
