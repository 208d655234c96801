"""The errors of a pattern that Go would not compile."""

from __future__ import annotations

from pillion.errors import PillionError
from pillion.golang.strconv import can_backquote, quote


class RegexpError(PillionError):
    """A regular expression is wrong: Go's ``reason``, and the ``fragment`` it is about."""

    def __init__(self, reason: str, fragment: str) -> None:
        super().__init__(reason, fragment)
        self.reason = reason
        self.fragment = fragment

    def __str__(self) -> str:
        return f"error parsing regexp: {self.reason}: `{self.fragment}`"


class MustCompileError(PillionError):
    """What ``regexp.MustCompile`` panics with."""

    def __init__(self, source: str, error: RegexpError) -> None:
        super().__init__(source, error)
        self.source = source
        self.error = error

    def __str__(self) -> str:
        quoted = f"`{self.source}`" if can_backquote(self.source) else quote(self.source)
        return f"regexp: Compile({quoted}): {self.error}"
