"""Matching, replacing and splitting with Go's rules, on RE2.

A text's bytes that are not UTF-8 match as U+FFFD, one each, and stay what they are in results.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from pillion.golang.regexp.errors import MustCompileError, RegexpError
from pillion.golang.regexp.syntax import parse
from pillion.golang.slices import OwnSlice
from pillion.golang.strings import runes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Spans: TypeAlias = "tuple[tuple[int, int], ...]"
"""Where a match and its groups start and end; -1 where a group took no part."""

# RE2's program and its automata share this much; Go has no such limit, but one on the program.
_MEMORY = 64 << 20
_META = re.compile(r"[\\.+*?()|\[\]{}^$]")
_CONTINUES = 0x80
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_REASONS = {
    "invalid repetition size": "invalid repeat count",
    "pattern too large - compile failed": "expression too large",
}


class Regexp:
    """A compiled regular expression."""

    def __init__(self, source: str) -> None:
        import re2

        self._source = source
        pattern = parse(source)
        self._names = pattern.groups
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        try:
            self._re2 = re2.compile(pattern.text, options)
        except re2.error as error:
            raise _refusal(error, source) from error

    def matches(self, text: str) -> bool:
        """Whether the pattern matches anywhere: ``MatchString``."""
        return next(self._spans(text), None) is not None

    def find(self, text: str) -> str:
        """The first match, or an empty text: ``FindString``."""
        for (start, end), *_ in self._spans(text):
            return text[start:end]
        return ""

    def find_groups(self, text: str) -> tuple[str, ...] | None:
        """The first match and its groups, or None: ``FindStringSubmatch``."""
        return next(self.find_all_groups(text), None)

    def find_all(self, text: str, limit: int = -1) -> list[str]:
        """The matches, at most ``limit`` where it is not negative: ``FindAllString``."""
        return [text[start:end] for (start, end), *_ in self._limited(text, limit)]

    def find_all_groups(self, text: str) -> Iterator[tuple[str, ...]]:
        """Every match with its groups: ``FindAllStringSubmatch``."""
        for spans in self._spans(text):
            yield tuple(text[start:end] if start >= 0 else "" for start, end in spans)

    def replace_all(self, text: str, template: str) -> str:
        """``text`` with every match replaced; ``$1`` and ``${name}`` in the template are groups."""
        return self._replace(text, lambda spans: self._expand(template, text, spans))

    def replace_all_literal(self, text: str, replacement: str) -> str:
        """``text`` with every match replaced by the same text."""
        return self._replace(text, lambda _: replacement)

    def split(self, text: str, limit: int = -1) -> OwnSlice | None:
        """What stands between the matches; None where ``limit`` is 0: ``Split``.

        Go makes room for as many parts as there are matches.
        """
        if limit == 0:
            return None
        if self._source and not text:
            return OwnSlice("[]string", [""])
        matches = list(self._limited(text, limit))
        parts = OwnSlice("[]string", made_for=len(matches))
        begin = end = 0
        for (start, stop), *_ in matches:
            if 0 < limit == len(parts) + 1:
                break
            end = start
            if stop:
                parts.append(text[begin:end])
            begin = stop
        if end != len(text):
            parts.append(text[begin:])
        return parts

    def _limited(self, text: str, limit: int) -> Iterator[Spans]:
        for count, spans in enumerate(self._spans(text)):
            if count == limit:
                return
            yield spans

    def _spans(self, text: str) -> Iterator[Spans]:
        """The matches that Go counts: an empty one right behind another match is none."""
        previous_end = -1
        matches = self._plainly(text) if text.isascii() else self._between_runes(runes(text))
        for spans in matches:
            start, end = spans[0]
            if start != end or start != previous_end:
                yield spans
            previous_end = end

    def _plainly(self, text: str) -> Iterator[Spans]:
        groups = range(len(self._names) + 1)
        for match in self._re2.finditer(text):
            yield tuple(match.span(group) for group in groups)

    def _between_runes(self, text: str) -> Iterator[Spans]:
        """RE2's matches but those inside a rune, where it sees bytes and no word on either side."""
        data = text.encode()
        places = [0, *accumulate(not _is_inside(byte) for byte in data[1:]), len(text)]
        groups = range(len(self._names) + 1)
        at = 0
        while at <= len(data) and (match := self._re2.search(data, at)) is not None:
            start, end = match.span()
            if start < len(data) and _is_inside(data[start]):
                at = start + 1
                continue
            spans = (match.span(group) for group in groups)
            yield tuple((places[a], places[b]) if a >= 0 else (a, b) for a, b in spans)
            at = end if end > at else end + 1

    def _replace(self, text: str, replacement: Callable[[Spans], str]) -> str:
        pieces = []
        done = 0
        for spans in self._spans(text):
            start, end = spans[0]
            pieces += [text[done:start], replacement(spans)]
            done = end
        return "".join(pieces) + text[done:]

    def _expand(self, template: str, text: str, spans: Spans) -> str:
        pieces = []
        before, dollar, rest = template.partition("$")
        while dollar:
            pieces.append(before)
            name, width = _reference(rest)
            # A dollar that refers to nothing stands for itself.
            pieces.append(self._group(name, text, spans) if name else "$")
            before, dollar, rest = rest[width:].partition("$")
        return "".join(pieces) + before

    def _group(self, name: str, text: str, spans: Spans) -> str:
        """The text of the group of that number or name; of several, the first that matched."""
        if _NUMBER.fullmatch(name):
            candidates = [int(name)]
        else:
            candidates = [at for at, known in enumerate(self._names, 1) if known == name]
        for index in candidates:
            if index < len(spans) and spans[index][0] >= 0:
                start, end = spans[index]
                return text[start:end]
        return ""


def _is_inside(byte: int) -> bool:
    """Whether a byte of UTF-8 continues a character."""
    return byte & 0xC0 == _CONTINUES


def _reference(template: str) -> tuple[str, int]:
    """The group's name behind a dollar, and how much of the template it takes."""
    if template.startswith("$"):
        return "", 1
    start = int(template.startswith("{"))
    end = start
    while end < len(template) and _is_word(template[end]):
        end += 1
    if end == start or (start and not template.startswith("}", end)):
        return "", 0
    return template[start:end], end + start


def _is_word(rune: str) -> bool:
    return rune == "_" or rune.isalpha() or rune.isdecimal()


def _refusal(error: Exception, source: str) -> RegexpError:
    """What RE2 refused, in Go's words where Go has the same rule."""
    detail = error.args[0]
    message = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    reason, _, fragment = message.partition(": ")
    return RegexpError(_REASONS.get(reason, reason), fragment or source)


@lru_cache(maxsize=256)
def compile_pattern(source: str) -> Regexp:
    """Compile a pattern: ``regexp.Compile``.

    Raises:
        RegexpError: Go does not accept the pattern.
    """
    return Regexp(source)


def must_compile(source: str) -> Regexp:
    """Compile a pattern, failing in the words of ``regexp.MustCompile``'s panic.

    Raises:
        MustCompileError: Go does not accept the pattern.
    """
    try:
        return compile_pattern(source)
    except RegexpError as error:
        raise MustCompileError(source, error) from error


def quote_meta(text: str) -> str:
    """``text`` as a pattern that matches it: ``QuoteMeta``."""
    return _META.sub(r"\\\g<0>", text)
