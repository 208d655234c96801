"""Keys that miss their colon: when go-yaml says so, and what it says instead.

A scalar or collection at the indentation of a block map has to be a key. libyaml asks before every
token whether that is still possible. go-yaml (``yaml_parser_fetch_more_tokens``) asks after the
token. An empty flow collection it gives to the parser as soon as it has ended, as leaving it drops
the entry of ``simple_keys_by_tok``; the parser may want no collection, else the next token shows
that the colon is missing. If there is one, the parser is given a key after the collection.
"""

from __future__ import annotations

import re
from typing import Any

from yaml import tokens as kinds
from yaml.error import Mark
from yaml.parser import ParserError
from yaml.reader import ReaderError
from yaml.scanner import ScannerError

from pillion.kubernetes.yaml_events import (
    BREAK,
    BREAKS,
    WITHOUT_KEYS,
    Disguise,
    ForgottenKeyError,
    all_tokens,
    events,
)

MISSING_COLON = "could not find expected ':'"


def in_go(data: bytes, failure: ScannerError) -> ScannerError | ParserError:
    """What go-yaml has to say where libyaml misses the colon of ``failure``."""
    text = data.decode("utf-8-sig", "surrogateescape")
    key: Any = failure.context_mark
    found: Any = failure.problem_mark
    empty = WITHOUT_KEYS.match(text, key.index)
    if empty is not None:
        # A block scalar is no key either, and can stand wherever a value can.
        refused = _refused(text[: key.index] + "|")
        if refused is not None:
            return refused
        line = key.line + len(BREAK.findall(empty.group()))
        return _missed(_tail("*x" + text[empty.end() :], line, key.column), line, failure)
    if found.line == key.line:
        return failure
    return _missed(_tail(text[key.index :], key.line, key.column), key.line, failure)


def _tail(text: str, line: int, column: int) -> str:
    """``text`` in the line that it has, and where it need not start with a key.

    Behind a question mark nothing has to be a key, and the indentation is the same.
    """
    return "\n" * line + " " * column + "? " + text


def up_to(data: bytes, key: ForgottenKeyError) -> bytes:
    """The text with an end that libyaml has to say of what go-yaml says of ``key``."""
    text = data.decode("utf-8-sig", "surrogateescape")
    before = text[: key.start] + "|"
    cut = text[: key.end] + "]" if _refused(before) is None else before
    return cut.encode("utf-8", "surrogateescape")


def _refused(text: str) -> ParserError | None:
    next_event = events(text.encode("utf-8", "surrogateescape"))
    try:
        while next_event() is not None:
            pass
    except ParserError as error:
        return error
    return None


def _missed(text: str, line: int, failure: ScannerError) -> ScannerError:
    """The error of a key in ``line`` without a colon, or of a token that go-yaml reads before.

    Outside of brackets it misses the colon as it begins with a token, whatever that is; inside of
    brackets once it has read a token.
    """
    disguise = Disguise(text.encode("utf-8", "surrogateescape"))
    read, error = _tokens(disguise)
    text = disguise.data.decode("utf-8", "surrogateescape")
    depth = 0
    for token in read:
        starts_late = token.start_mark.line > line and not depth
        found = token.start_mark.line if starts_late else _line_after(token, text)
        if found > line:
            return _missed_in(found, failure)
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
    if error is None:
        return _missed_in(_last_line(text), failure)
    start = _start(error).line
    if (
        start > line
        and not depth
        and error.problem != "found character that cannot start any token"
    ):
        return _missed_in(start, failure)
    return error


_OPENING = (kinds.FlowMappingStartToken, kinds.FlowSequenceStartToken)
_CLOSING = (kinds.FlowMappingEndToken, kinds.FlowSequenceEndToken)


def _tokens(text: Disguise) -> tuple[list[Any], ScannerError | None]:
    """The tokens of a text up to the end or to an error of go-yaml, and the error."""
    failed: ScannerError | None = None
    while True:
        try:
            read = [one for one in all_tokens(text.data) if not isinstance(one, _NOT_READ)]
        except ReaderError as error:
            # The colon is missing before go-yaml reads that far.
            text.data = text.data[: error.position]
        except ScannerError as error:
            if not text.hide(error):
                # libyaml reads ahead where a key may be, and tells no token before the error.
                failed = error
                before = text.data.decode("utf-8", "surrogateescape")[: _start(error).index]
                text.data = before.encode("utf-8", "surrogateescape")
        else:
            return read, failed


_NOT_READ = (kinds.BlockEndToken, kinds.StreamEndToken)


def _start(error: ScannerError) -> Any:
    return error.context_mark or error.problem_mark


def _line_after(token: Any, text: str) -> int:
    """The line that go-yaml has come to once it has read ``token``."""
    end = token.end_mark
    line: int = end.line
    if isinstance(token, kinds.ScalarToken) and token.plain:
        return line + len(BREAK.findall(_BLANKS.findall(text, end.index)[0]))
    return line


_BLANKS = re.compile(rf"[ \t{BREAKS}]*")


def _last_line(text: str) -> int:
    """The line of the end, which go-yaml takes for one that follows the last break."""
    *before, last = BREAK.split(text)
    return len(before) + bool(last)


def _missed_in(line: int, failure: ScannerError) -> ScannerError:
    mark = Mark("", 0, line, 0, "", 0)
    return ScannerError(failure.context, failure.context_mark, failure.problem, mark)
