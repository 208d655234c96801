"""The cases of words: huandu/xstrings' snake, kebab and Pascal case, and goutils' swapped case."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple
from unicodedata import category

from pillion.golang.strings import (
    ERROR_RUNE,
    SPACE,
    is_space,
    rune_lower,
    rune_title,
    rune_upper,
    runes,
)
from pillion.gotemplate.functions import Function


class _Class(Enum):
    """What a word is made of."""

    INVALID = 0
    NUMBER = 1
    UPPER = 2
    ALPHABET = 3
    CONNECTOR = 4
    PUNCTUATION = 5
    OTHER = 6


class _Word(NamedTuple):
    kind: _Class
    text: str


_END = _Word(_Class.INVALID, "")
_GLUE = {_Class.CONNECTOR, _Class.PUNCTUATION}
_BREAKS = {_Class.INVALID, *_GLUE}
_RUNS_ON = {_Class.ALPHABET, _Class.NUMBER}


def swap_case(text: str) -> str:
    """Upper case becomes lower, lower upper, and title case at the start of a word."""
    swapped = []
    after_space = True
    for rune in runes(text):
        kind = category(rune)
        if kind in {"Lu", "Lt"}:
            swapped.append(rune_lower(rune))
            after_space = False
        elif kind == "Ll":
            swapped.append(rune_title(rune) if after_space else rune_upper(rune))
            after_space = False
        else:
            swapped.append(rune)
            after_space = is_space(rune)
    return "".join(swapped)


def pascal_case(text: str) -> str:
    """``some_words`` and ``some words`` become ``SomeWords``; of several connectors one goes."""
    letters = runes(text)
    body = letters.lstrip(_CONNECTORS)
    done = list(letters[: len(letters) - len(body)])
    if not body:
        # The last connector of a text that has nothing else is written twice.
        return letters + letters[-1:]
    current = rune_upper(body[0])
    in_capitals = _is_upper(body[0])
    for rune in body[1:]:
        previous, current = current, rune
        if not _is_connector(previous):
            done.append(previous)
            in_capitals = in_capitals and _is_upper(rune)
            current = rune_lower(rune) if in_capitals else rune
        elif _is_connector(rune):
            done.append(previous)
        else:
            in_capitals = _is_upper(rune)
            current = rune_upper(rune)
    return "".join([*done, current])


def snake_case(text: str) -> str:
    """``FirstName`` becomes ``first_name``."""
    return _Joiner(text, "_").joined()


def kebab_case(text: str) -> str:
    """``FirstName`` becomes ``first-name``."""
    return _Joiner(text, "-").joined()


class _Joiner:
    """Joins the words of a text by a connector, and numbers to what stands beside them."""

    def __init__(self, text: str, connector: str) -> None:
        self._words = _words(text)
        self._next = 0
        self._connector = connector
        self._out: list[str] = []

    def joined(self) -> str:
        word = self._take()
        while self._next < len(self._words):
            if word.kind is not _Class.CONNECTOR:
                self._write(word)
            word = self._after(word, self._take())
        self._write(word)
        return "".join(self._out)

    def _after(self, previous: _Word, word: _Word) -> _Word:
        """Write what belongs between two words, and return the word to go on with."""
        if previous.kind is _Class.NUMBER:
            return self._run_on(word)
        if previous.kind is _Class.CONNECTOR:
            self._write(previous)
        elif previous.kind is not _Class.PUNCTUATION:
            return self._after_letters(word)
        return word

    def _after_letters(self, word: _Word) -> _Word:
        if word.kind is not _Class.NUMBER:
            self._connect_unless(word, _GLUE)
            return word
        if self._next == len(self._words):
            return word
        following = self._take()
        if following.kind is _Class.ALPHABET:
            # Small letters after a number belong to it: HTTP2xx is http_2xx.
            self._out.append(self._connector)
            self._write(word)
            return self._run_on(following)
        self._write(word)
        self._connect_unless(following, _GLUE)
        return following

    def _run_on(self, word: _Word) -> _Word:
        while word.kind in _RUNS_ON:
            self._write(word)
            word = self._take()
        self._connect_unless(word, _BREAKS)
        return word

    def _connect_unless(self, word: _Word, kinds: set[_Class]) -> None:
        if word.kind not in kinds:
            self._out.append(self._connector)

    def _take(self) -> _Word:
        if self._next == len(self._words):
            return _END
        self._next += 1
        return self._words[self._next - 1]

    def _write(self, word: _Word) -> None:
        if word.kind is _Class.CONNECTOR:
            # Bytes that are not UTF-8 may have joined the connectors.
            self._out.extend(self._connector if _is_connector(r) else r for r in runes(word.text))
        elif word.kind is _Class.UPPER:
            self._out.extend(rune_lower(r) if _is_upper(r) else r for r in runes(word.text))
        else:
            self._out.append(word.text)


class _Unit(NamedTuple):
    """A rune with the invalid bytes before it; at the end of a text, those behind it."""

    rune: str
    text: str


def _words(text: str) -> list[_Word]:
    units = _units(text)
    if not units:
        return [_Word(_Class.INVALID, text)] if text else []
    words, start = [], 0
    while start < len(units):
        kind, end = _scan(units, start)
        words.append(_Word(kind, "".join(unit.text for unit in units[start:end])))
        start = end
    return words


def _units(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    pending = ""
    for rune, char in zip(runes(text), text, strict=True):
        pending += char
        if rune != ERROR_RUNE:
            units.append(_Unit(rune, pending))
            pending = ""
    if pending and units:
        units.append(_Unit(units[-1].rune, pending))
    return units


def _scan(units: list[_Unit], start: int) -> tuple[_Class, int]:
    """The kind of the word at ``start``, and where it ends."""
    kind = _class(units[start].rune)
    if kind is not _Class.UPPER:
        return kind, _run(units, start, kind)
    end = _run(units, start, _Class.UPPER)
    followed = end < len(units) and _class(units[end].rune) is _Class.ALPHABET
    if not followed:
        return kind, end
    if end == start + 1:
        return kind, _run(units, end, _Class.ALPHABET)
    # The last capital starts the next word: HTTPStatus is HTTP and Status.
    return kind, end - 1


def _run(units: list[_Unit], start: int, kind: _Class) -> int:
    end = start + 1
    while end < len(units) and _continues(units[end].rune, kind):
        end += 1
    return end


def _continues(rune: str, kind: _Class) -> bool:
    if kind is _Class.PUNCTUATION:
        # Hyphens and underscores start a connector, but do not end punctuation.
        return category(rune)[0] == "P"
    return _class(rune) is kind


_CJK_FROM = "\u3400"


def _class(rune: str) -> _Class:
    if _is_connector(rune):
        return _Class.CONNECTOR
    kind = category(rune)
    if kind[0] == "P":
        return _Class.PUNCTUATION
    if kind == "Lu":
        return _Class.UPPER
    if _in_alphabet(rune):
        return _Class.ALPHABET
    return _Class.NUMBER if kind[0] == "N" else _Class.OTHER


def _in_alphabet(rune: str) -> bool:
    if rune < _CJK_FROM:
        return category(rune)[0] == "L"
    is_ideograph = "\u4e00" <= rune <= "\u9fcc" or "\u3400" <= rune <= "\u4d85"
    is_ideograph = is_ideograph or "\U00020000" <= rune <= "\U0002b81d"
    return category(rune)[0] == "L" and not is_ideograph


_CONNECTORS = "-_" + SPACE


def _is_connector(rune: str) -> bool:
    return rune in _CONNECTORS


def _is_upper(rune: str) -> bool:
    return category(rune) == "Lu"


FUNCTIONS = {
    "camelcase": Function(pascal_case, ("string",), result="string"),
    "kebabcase": Function(kebab_case, ("string",), result="string"),
    "snakecase": Function(snake_case, ("string",), result="string"),
    "swapcase": Function(swap_case, ("string",), result="string"),
}
