"""Assignments to values as Helm's ``--set`` reads them: ``a.b[0].c=v,d={x,y}``.

A backslash makes the character after it ordinary. ``true``, ``false``, ``null`` and integers
(without a leading zero) are what they look like; everything else is a string.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from pillion.mesh.errors import MeshError

Path: TypeAlias = list[str | int]

_MAX_INDEX: Final = 65536
_MAX_DEPTH: Final = 30
_INTEGER: Final = re.compile("0|[+-]?[1-9][0-9]{0,18}|[+-]0[0-9]{0,18}")
_INT64: Final = range(-(2**63), 2**63)
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}


def assign(data: dict[str, Any], text: str) -> dict[str, Any]:
    """A copy of ``data`` with the assignments of ``text`` made; what they do not touch is shared.

    Follows Helm's ``strvals.ParseInto``.

    Raises:
        MeshError: ``text`` is not a list of assignments, or one goes through what is not a map or
        list.
    """
    scanner = _Scanner(text)
    while True:
        path = scanner.path()
        data = _set(data, path, scanner.value(), ".".join(map(str, path)))
        if scanner.at_end():
            return data


class _Scanner:
    """Reads assignments from left to right."""

    __slots__ = ("_at", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def path(self) -> Path:
        """The keys and indexes up to the equals sign."""
        path: Path = []
        while len(path) <= _MAX_DEPTH:
            key, stop = self._until("=[,.")
            if key or not path or isinstance(path[-1], str):
                path.append(key)
            if stop == "[":
                stop = self._indexes(path)
            if stop == "=":
                return path
            if stop != ".":
                raise self._error(f'key "{key}" has no value')
        raise self._error(f"a name has more than {_MAX_DEPTH} parts")

    def _indexes(self, path: Path) -> str:
        """Add the indexes after a key; returns what follows the last bracket."""
        while True:
            digits, stop = self._until("]")
            if stop != "]" or not digits.isdecimal() or int(digits) > _MAX_INDEX:
                raise self._error(f'"{digits}" is not an index')
            path.append(int(digits))
            following = self._text[self._at : self._at + 1]
            self._at += 1
            if following != "[":
                return following

    def value(self) -> Any:
        """The value after the equals sign: a list in braces, or a word."""
        if self._text.startswith("{", self._at):
            self._at += 1
            return self._list()
        return _typed(self._until(",")[0])

    def _list(self) -> list[Any]:
        items: list[Any] = []
        while True:
            word, stop = self._until(",}")
            if not stop:
                raise self._error("list must terminate with '}'")
            if stop == "," or word or items:
                items.append(_typed(word))
            if stop == "}":
                self._until(",")
                return items

    def _until(self, stops: str) -> tuple[str, str]:
        """The characters up to one of ``stops``, and that one; nothing at the end."""
        out: list[str] = []
        while not self.at_end():
            letter = self._text[self._at]
            self._at += 1
            if letter == "\\" and not self.at_end():
                letter = self._text[self._at]
                self._at += 1
            elif letter in stops:
                return "".join(out), letter
            out.append(letter)
        return "".join(out), ""

    def _error(self, reason: str) -> MeshError:
        return MeshError(f'cannot read "{self._text}": {reason}')


def _typed(word: str) -> Any:
    lowered = word.lower()
    if lowered in _WORDS:
        return _WORDS[lowered]
    if _INTEGER.fullmatch(word) and int(word) in _INT64:
        return int(word)
    return word


def _set(target: Any, path: Path, value: Any, name: str) -> Any:
    """``target`` with ``value`` at ``path``; missing maps and lists are made."""
    if not path:
        return value
    key, *rest = path
    if isinstance(key, int):
        items = _existing(target, list, name)
        items = [*items, *[None] * (key + 1 - len(items))]
        items[key] = _set(items[key], rest, value, name)
        return items
    entries = _existing(target, dict, name)
    return {**entries, key: _set(entries.get(key), rest, value, name)}


def _existing(target: Any, kind: type, name: str) -> Any:
    if target is None:
        return kind()
    if not isinstance(target, kind):
        wanted = "list" if kind is list else "map"
        raise MeshError(f"{name}: there is no {wanted} to set it in")
    return target
