"""``Sprintf``, ``Sprint`` and ``Sprintln``: the arguments brought to their directives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.golang.fmt.composites import print_argument
from pillion.golang.fmt.directives import Directive, Spec, parse
from pillion.golang.values import type_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = Spec()
_MAX_NUMBER = 1_000_000


def sprintf(template: str, *arguments: Any) -> str:
    """The format string ``template`` with its directives filled in, as ``fmt.Sprintf`` does.

    Go never fails there: what is wrong with a directive or an argument is told in the text.

    Raises:
        FormatError: an argument contains itself, or is far too large.
    """
    parts, is_reordered = parse(template)
    filling = _Filling(arguments)
    for part in parts:
        if type(part) is str:
            filling.written.append(part)
        elif isinstance(part, Directive):
            filling.fill(part)
    if not is_reordered and filling.next_argument < len(arguments):
        filling.written.append(_extra(arguments[filling.next_argument :]))
    return "".join(filling.written)


def sprint(*arguments: Any) -> str:
    """The arguments side by side, a space between two that are not strings, as ``fmt.Sprint``.

    Raises:
        FormatError: an argument contains itself, or is far too large.
    """
    if len(arguments) == 1:  # most often a string, which needs no printing
        only = arguments[0]
        return only if type(only) is str else print_argument(only, "v", _PLAIN)
    written: list[str] = []
    after_string = True
    for argument in arguments:
        is_string = isinstance(argument, str)
        if not is_string and not after_string:
            written.append(" ")
        written.append(print_argument(argument, "v", _PLAIN))
        after_string = is_string
    return "".join(written)


def sprintln(*arguments: Any) -> str:
    """The arguments with spaces between them and a newline, as ``fmt.Sprintln``.

    Raises:
        FormatError: an argument contains itself, or is far too large.
    """
    return " ".join([print_argument(argument, "v", _PLAIN) for argument in arguments]) + "\n"


def _extra(arguments: Sequence[Any]) -> str:
    described = [
        "<nil>"
        if argument is None
        else f"{type_of(argument)}={print_argument(argument, 'v', _PLAIN)}"
        for argument in arguments
    ]
    return f"%!(EXTRA {', '.join(described)})"


class _Filling:
    """One call of ``Sprintf``: what is written, and which argument is next."""

    __slots__ = ("_arguments", "_is_good", "next_argument", "written")

    def __init__(self, arguments: Sequence[Any]) -> None:
        self._arguments = arguments
        self._is_good = True
        self.next_argument = 0
        self.written: list[str] = []

    def fill(self, directive: Directive) -> None:
        """Write what ``directive`` asks for."""
        self._is_good = not directive.is_bad
        spec = directive.spec if directive.is_simple else self._complete(directive)
        verb = directive.verb
        if verb == "%":
            self.written.append("%")
        elif not verb:
            self.written.append("%!(NOVERB)")
        elif not self._is_good:
            self.written.append(f"%!{verb}(BADINDEX)")
        elif self.next_argument >= len(self._arguments):
            self.written.append(f"%!{verb}(MISSING)")
        else:
            argument = self._arguments[self.next_argument]
            self.next_argument += 1
            self.written.append(print_argument(argument, verb, spec))

    def _complete(self, directive: Directive) -> Spec:
        """The directive's layout with the width and precision that arguments give."""
        spec = directive.spec
        self._go_to(directive.width_index)
        if directive.takes_width:
            spec = self._with_width(spec)
        self._go_to(directive.precision_index)
        if directive.takes_precision:
            spec = self._with_precision(spec)
        self._go_to(directive.verb_index)
        return spec

    def _go_to(self, index: int | None) -> None:
        if index is None:
            return
        if 0 <= index < len(self._arguments):
            self.next_argument = index
        else:
            self._is_good = False

    def _with_width(self, spec: Spec) -> Spec:
        width = self._number()
        if width is None:
            self.written.append("%!(BADWIDTH)")
            return spec
        if width < 0:
            return spec._replace(width=-width, minus=True, zero=False)
        return spec._replace(width=width)

    def _with_precision(self, spec: Spec) -> Spec:
        precision = self._number()
        if precision is None or precision < 0:
            self.written.append("%!(BADPREC)")
            return spec
        return spec._replace(precision=precision)

    def _number(self) -> int | None:
        """The next argument, if it is an integer that can be a width or a precision."""
        if self.next_argument >= len(self._arguments):
            return None
        argument = self._arguments[self.next_argument]
        self.next_argument += 1
        if not isinstance(argument, int) or isinstance(argument, bool):
            return None
        return int(argument) if -_MAX_NUMBER <= argument <= _MAX_NUMBER else None
