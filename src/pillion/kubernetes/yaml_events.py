"""The events of a YAML text, as go-yaml's parser would have them.

libyaml, through PyYAML, does the parsing. go-yaml v2 descends from an older libyaml: where the two
differ, the text is disguised or the event refused, and errors are worded as go-yaml words them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from yaml.error import Mark, MarkedYAMLError
from yaml.error import YAMLError as ParserFailure
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.parser import ParserError
from yaml.scanner import ScannerError

from pillion.kubernetes.errors import YAMLError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events(data: bytes | Windows) -> Callable[[], Any]:
    """The function that returns the next event of ``data``; libyaml's where it is installed."""
    next_event: Callable[[], Any] = _Parser(data).get_event
    return next_event


def all_tokens(data: bytes) -> Iterator[Any]:
    """The tokens of ``data``, one by one."""
    scanner = _Parser(data)
    while scanner.check_token():
        yield scanner.get_token()


class Windows:
    """Bytes to be read in the portions in which go-yaml reads them.

    A character that YAML forbids is found when its portion is read, which decides whether that
    error comes before another one.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._start = 0

    def read(self, size: int) -> bytes:
        """The next portion, which ends with a whole character."""
        del size
        window = self._data[self._start : self._start + _WINDOW]
        if self._start + _WINDOW < len(self._data):
            window = window[: len(window) - _incomplete(window)]
        self._start += len(window)
        return window


_WINDOW = 512


def _incomplete(window: bytes) -> int:
    """How many bytes at the end of ``window`` belong to a UTF-8 sequence that goes on after it."""
    for length, leads in ((1, _LEADS_OF_2), (2, _LEADS_OF_3), (3, _LEADS_OF_4)):
        if window[-length] >= leads:
            return length
        if window[-length] < _LEADS_OF_1:
            return 0
    return 0


_LEADS_OF_1 = 0x80
_LEADS_OF_2, _LEADS_OF_3, _LEADS_OF_4 = 0xC0, 0xE0, 0xF0


class Disguise:
    r"""Text in which characters that libyaml, but not go-yaml, takes for syntax are replaced.

    Before a bracket or comma in a flow collection a colon is an ordinary character to go-yaml, and
    to libyaml an error. ``\'`` is an escape to go-yaml alone. A byte order mark is skipped by
    libyaml at the start of every line, by go-yaml at the start of the text. Brackets and commas may
    stand in a tag of go-yaml, which is then one that means nothing. A version that go-yaml refuses
    becomes one that libyaml refuses too: the error comes where the directive stands.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._originals: dict[int, str] = {}
        self._hidden = 0
        start = len(_BOM) if data.startswith(_BOM) else 0
        if _BOM in data[start:]:
            text = data[start:].decode("utf-8", "surrogateescape")
            text = text.replace("\ufeff", self._stand_in(text, "\ufeff"))
            self.data = data[:start] + text.encode("utf-8", "surrogateescape")
        if b"%YAML" in data:
            text = _versions_refused(self.data.decode("utf-8", "surrogateescape"))
            self.data = text.encode("utf-8", "surrogateescape")

    def hide(self, failure: ScannerError) -> bool:
        """Replace what ``failure`` is about, where go-yaml does not fail there.

        The text is parsed anew each time, so that is done a hundred times at most.
        """
        self._hidden += 1
        if self._hidden > _MOST_HIDDEN:
            return False
        text = self.data.decode("utf-8-sig", "surrogateescape")
        start = failure.problem_mark.index if failure.problem_mark else 0
        found = text[start : start + 2]
        if failure.problem == "found unexpected ':'":
            self._replace(text, start, ":")
        elif failure.problem == "found unknown escape character" and found == "\\'":
            self._replace(text, start, "'")
            self._replace(self.data.decode("utf-8-sig", "surrogateescape"), start + 1, "")
        elif failure.context in _WITHIN_A_TAG and found[:1] in _ONLY_IN_GO_TAGS:
            # A full stop, unlike a letter, makes no handle of what precedes a second "!".
            self.data = (text[:start] + "." + text[start + 1 :]).encode("utf-8", "surrogateescape")
        else:
            return False
        return True

    def original(self, value: str) -> str:
        """``value`` with the characters that stand in the text."""
        return value.translate(self._originals) if self._originals else value

    def _replace(self, text: str, index: int, original: str) -> None:
        stand_in = self._stand_in(text, original)
        self.data = (text[:index] + stand_in + text[index + 1 :]).encode("utf-8", "surrogateescape")

    def _stand_in(self, text: str, original: str) -> str:
        for code, known in self._originals.items():
            if known == original:
                return chr(code)
        unused = next(code for code in _PRIVATE_USE if chr(code) not in text)
        self._originals[unused] = original
        return chr(unused)


def _versions_refused(text: str) -> str:
    """``text`` with the versions of its first document that go-yaml refuses and libyaml does not.

    ``yaml_parser_process_directives`` of go-yaml takes 1.1 alone, and a number of at most two
    digits; libyaml takes 1.2 too, and nine digits.
    """
    before = _DIRECTIVES.match(text)
    end = before.end() if before is not None else 0
    directives = _VERSION_1_2.sub(r"\g<1>2", text[:end])
    return _LONG_VERSION.sub(r"\g<1>0000000000", directives) + text[end:]


BREAKS = "\r\n\x85\u2028\u2029"
_DIRECTIVES = re.compile(
    rf"\ufeff?(?:(?:[ \t]*(?:#[^{BREAKS}]*)?|%[^{BREAKS}]*)(?:[{BREAKS}]|\Z))*"
)
_VERSION = rf"(?<![^{BREAKS}\ufeff])%YAML[ \t]+"
_VERSION_1_2 = re.compile(rf"({_VERSION}0?)1(?=\.0?2(?![0-9]))")
_LONG_VERSION = re.compile(rf"({_VERSION}(?:[0-9]{{1,2}}\.)?)[0-9]{{3,}}")
_BOM = b"\xef\xbb\xbf"
_MOST_HIDDEN = 100
_WITHIN_A_TAG = ("while scanning a tag", "while parsing a tag")
_ONLY_IN_GO_TAGS = ("[", "]", ",")
_PRIVATE_USE = range(0xF0000, 0xFFFFD)


class ForgottenKeyError(Exception):
    """An empty flow collection is a key to libyaml, and none to go-yaml.

    ``start`` and ``end`` are its indexes in the text.
    """

    def __init__(self, start: int, end: int) -> None:
        super().__init__()
        self.start = start
        self.end = end


WITHOUT_KEYS = re.compile(
    rf"[\[{{](?:[ \t,?:]|-(?=[ \t{BREAKS}]))*(?:[ \t{BREAKS}]|\#[^{BREAKS}]*)*[\]}}]"
)
"""A flow collection in which nothing may be a key, and all of which but the end is in one line."""


class Differences:
    """What libyaml accepts and go-yaml, which descends from an older libyaml, does not."""

    def __init__(self, data: bytes) -> None:
        self._text = data.decode("utf-8-sig", "surrogateescape")
        self._has_escaped_slash = "\\/" in self._text
        self._closing: list[str] = []
        """The closing bracket of each open flow collection."""
        self._columns: list[int] = []
        """Where each open block collection stands, from the outermost on."""
        self._start = -1
        """Where the outermost flow collection starts, if that is with its bracket."""
        self._forgotten: ForgottenKeyError | None = None

    def check(self, event: Any, kind: type) -> None:
        """Raise go-yaml's error where ``event`` is one of those cases.

        Raises:
            ForgottenKeyError: ``event`` is the value of a key that go-yaml forgets.
        """
        if self._forgotten is not None:
            raise self._forgotten
        if kind is ScalarEvent:
            if self._has_escaped_slash and event.style == '"':
                self._check_escapes(event)
            elif self._closing and event.implicit[0] and "?" in event.value[1:]:
                self._check_question_mark(event)
            elif self._closing and event.tag is not None and not (event.value or event.style):
                self._check_tag(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._open(event)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            (self._closing or self._columns).pop()
            if self._start >= 0 and not self._closing:
                self._close(event)

    def _open(self, event: Any) -> None:
        if event.flow_style:
            # The event of a pair in a list ends where it starts, or with a question mark.
            in_braces = self._text.startswith("{", event.end_mark.index - 1)
            if not self._closing:
                is_plain = event.anchor is None and event.tag is None
                self._start = event.start_mark.index if is_plain else -1
            self._closing.append("}" if in_braces else "]")
        else:
            self._columns.append(event.start_mark.column)
        too_deep = len(self._closing) > _MAX_DEPTH or (
            len(self._columns) > _MAX_DEPTH  # before counting: a list may share its map's column
            and len(set(self._columns)) > _MAX_DEPTH
        )
        if too_deep:
            raise parser_error(
                ScannerError(None, None, f"exceeded max depth of {_MAX_DEPTH}", event.start_mark)
            )

    def _close(self, event: Any) -> None:
        """Once it has left an empty flow collection, go-yaml knows no more that it may be a key."""
        start, end = self._start, event.end_mark.index
        self._start = -1
        source = self._text[start:end]
        if (
            WITHOUT_KEYS.fullmatch(source)
            and not BREAK.search(source)
            and _COLON.match(self._text, end)
        ):
            self._forgotten = ForgottenKeyError(start, end)

    def _check_escapes(self, event: Any) -> None:
        r"""``\/`` is an escape of JSON and of YAML 1.2, but not of YAML 1.1."""
        source = self._source(event)
        match = _ESCAPED_SLASH.match(source)
        if match is not None:
            mark = _mark_at(event, source, match.end())
            raise parser_error(ScannerError(None, None, "found unknown escape character", mark))

    def _check_question_mark(self, event: Any) -> None:
        """In a flow collection a question mark ends an unquoted scalar and announces a key."""
        source = self._source(event)
        mark = _mark_at(event, source, source.index("?", 1))
        problem = f"did not find expected ',' or '{self._closing[-1]}'"
        raise parser_error(ParserError(None, event.start_mark, problem, mark))

    def _check_tag(self, event: Any) -> None:
        """A comma that follows a tag is part of it; see :meth:`Disguise.hide`."""
        if self._text.startswith(",", event.end_mark.index):
            problem = "did not find expected whitespace or line break"
            raise ScannerError("while scanning a tag", event.start_mark, problem, event.end_mark)

    def _source(self, event: Any) -> str:
        return self._text[event.start_mark.index : event.end_mark.index]


_COLON = re.compile(rf"[ \t]*:(?:[ \t{BREAKS}]|\Z)")
_MAX_DEPTH = 10_000
_ESCAPED_SLASH = re.compile(r'"(?:[^\\]|\\[^/])*\\(?=/)')


def _mark_at(event: Any, source: str, offset: int) -> Mark:
    line = event.start_mark.line + len(BREAK.findall(source, 0, offset))
    return Mark("", 0, line, 0, "", 0)


BREAK = re.compile(f"\r\n|[{BREAKS}]")


def parser_error(failure: ParserFailure) -> YAMLError:
    """``failure`` in go-yaml's words.

    go-yaml prints the line of a parser's error counted from zero, that of a scanner's from one, and
    no line where it is zero.
    """
    if not isinstance(failure, MarkedYAMLError):
        return YAMLError(f"yaml: {getattr(failure, 'reason', failure)}")
    mark = failure.problem_mark
    line = mark.line if mark is not None else 0
    shown = line
    if line and isinstance(failure, ScannerError):
        shown += 1
    elif not line and failure.context_mark is not None:
        shown = failure.context_mark.line
    where = f"line {shown}: " if shown else ""
    return YAMLError(f"yaml: {where}{failure.problem}", line + 1)
