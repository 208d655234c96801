"""Which of JSON's numbers Kubernetes keeps as integers."""

from __future__ import annotations

_INT64 = range(-(1 << 63), 1 << 63)
_INT64_LENGTH = len(str(_INT64.start))


def small_integer(text: str) -> int | None:
    """The integer in ``text``, a JSON number without fraction and exponent, if 64 bits hold it."""
    if len(text) > _INT64_LENGTH:
        return None
    value = int(text)
    return value if value in _INT64 else None
