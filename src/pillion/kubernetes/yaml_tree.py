"""Documents with anchors, tags or merge keys, and the exact words of every error.

The slow, complete way from YAML events to values: a tree of nodes is composed first and decoded
afterwards, as go-yaml v2 does, so that an error of the parser comes before one of the decoder.
"""

from __future__ import annotations

import binascii
import re
from math import isfinite
from typing import TYPE_CHECKING, Any

import yaml
from yaml.error import Mark, MarkedYAMLError
from yaml.error import YAMLError as ParserFailure
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.parser import ParserError
from yaml.scanner import ScannerError

from pillion.golang.strconv import format_float, quote
from pillion.kubernetes import yaml_scalars
from pillion.kubernetes.errors import YAMLError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events(data: bytes | _Windows) -> Callable[[], Any]:
    """The function that returns the next event of ``data``; libyaml's where it is installed."""
    next_event: Callable[[], Any] = _Parser(data).get_event
    return next_event


class _Windows:
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


def load(data: bytes) -> Any:
    """The JSON value of the first document of ``data``; see ``yaml_reader.load``."""
    return _to_json(load_untyped(data))


def load_untyped(data: bytes) -> Any:
    """The first document of ``data`` as go-yaml sees it; see ``yaml_reader.load_untyped``."""
    root = _compose(data)
    return None if root is None else _with_text_keys(_Decoder().decode(root))


class _Node:
    """A node of the document: a scalar, a list, a map (keys and values in turn) or an alias."""

    __slots__ = ("children", "column", "kind", "line", "plain", "tag", "target", "value")

    def __init__(self, kind: type, event: Any) -> None:
        self.kind = kind
        self.line: int = event.start_mark.line
        self.column: int = event.start_mark.column
        self.tag: str | None = None
        self.value: str = ""
        self.plain = False
        self.children: list[_Node] = []
        self.target: _Node | None = None


def _compose(data: bytes) -> _Node | None:
    """The root node of the first document, or None where there is no document."""
    text = _Disguise(data)
    while True:
        try:
            return _compose_events(text)
        except ScannerError as failure:
            if not text.hide(failure):
                raise _parser_error(failure) from failure
        except ParserFailure as failure:
            raise _parser_error(failure) from failure


class _Disguise:
    r"""Text in which characters that libyaml, but not go-yaml, takes for syntax are replaced.

    Before a bracket or comma in a flow collection a colon is an ordinary character to go-yaml, and
    to libyaml an error. ``\'`` is an escape to go-yaml alone. A byte order mark is skipped by
    libyaml at the start of every line, by go-yaml at the start of the text.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._originals: dict[int, str] = {}
        if _BOM in data[len(_BOM) :]:
            text = data[len(_BOM) :].decode("utf-8", "surrogateescape")
            text = text.replace("\ufeff", self._stand_in(text, "\ufeff"))
            self.data = data[: len(_BOM)] + text.encode("utf-8", "surrogateescape")

    def hide(self, failure: ScannerError) -> bool:
        """Replace what ``failure`` is about, where go-yaml does not fail there."""
        text = self.data.decode("utf-8", "surrogateescape")
        start = failure.problem_mark.index if failure.problem_mark else 0
        found = text[start : start + 2]
        if failure.problem == "found unexpected ':'":
            self._replace(text, start, ":")
        elif failure.problem == "found unknown escape character" and found == "\\'":
            self._replace(text, start, "'")
            self._replace(self.data.decode("utf-8", "surrogateescape"), start + 1, "")
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


_BOM = b"\xef\xbb\xbf"
_PRIVATE_USE = range(0xF0000, 0xFFFFD)


def _compose_events(text: _Disguise) -> _Node | None:
    next_event = events(_Windows(text.data))
    root: list[_Node] = []
    siblings = root
    outer: list[list[_Node]] = []
    anchors: dict[str, _Node] = {}
    differences = _Differences(text.data)
    while True:
        event = next_event()
        kind = type(event)
        differences.check(event, kind)
        if kind is DocumentEndEvent or kind is StreamEndEvent:
            return root[0] if root else None
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            siblings = outer.pop()
        elif kind is AliasEvent:
            siblings.append(_alias(event, anchors))
        elif kind in _NODE_EVENTS:
            node = _node(event, text)
            siblings.append(node)
            if event.anchor is not None:
                anchors[event.anchor] = node
            if kind is not ScalarEvent:
                outer.append(siblings)
                siblings = node.children


class _Differences:
    """What libyaml accepts and go-yaml, which descends from an older libyaml, does not."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._flow: list[str] = []
        """The closing bracket of each open collection, empty for one in block style."""

    def check(self, event: Any, kind: type) -> None:
        """Raise go-yaml's error where ``event`` is one of those cases."""
        if kind is ScalarEvent:
            if event.style == '"' and b"\\/" in self._data:
                self._check_escapes(event)
            elif event.implicit[0] and "?" in event.value[1:] and self._flow and self._flow[-1]:
                self._check_question_mark(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._flow.append(self._closing_bracket(event) if event.flow_style else "")
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._flow.pop()
        elif kind is DocumentStartEvent and event.version == (1, 2):
            mark = event.start_mark
            raise _parser_error(ParserError(None, None, "found incompatible YAML document", mark))

    def _check_escapes(self, event: Any) -> None:
        r"""``\/`` is an escape of JSON and of YAML 1.2, but not of YAML 1.1."""
        source = self._source(event)
        match = _ESCAPED_SLASH.match(source)
        if match is not None:
            raise _parser_error(
                ScannerError(
                    None,
                    None,
                    "found unknown escape character",
                    _mark_at(event, source, match.end()),
                )
            )

    def _check_question_mark(self, event: Any) -> None:
        """In a flow collection a question mark ends an unquoted scalar and announces a key."""
        source = self._source(event)
        mark = _mark_at(event, source, source.index("?", 1))
        problem = f"did not find expected ',' or '{self._flow[-1]}'"
        raise _parser_error(ParserError(None, event.start_mark, problem, mark))

    def _closing_bracket(self, event: Any) -> str:
        """What ends the flow collection in which the entries of ``event`` stand.

        A map without brackets is a single pair in a list.
        """
        return (
            "}"
            if self._data.decode("utf-8", "surrogateescape")[event.start_mark.index :].startswith(
                "{"
            )
            else "]"
        )

    def _source(self, event: Any) -> str:
        return self._data.decode("utf-8", "surrogateescape")[
            event.start_mark.index : event.end_mark.index
        ]


_ESCAPED_SLASH = re.compile(r'"(?:[^\\]|\\[^/])*\\(?=/)')


def _mark_at(event: Any, source: str, offset: int) -> Mark:
    line = event.start_mark.line + len(_BREAK.findall(source, 0, offset))
    return Mark("", 0, line, 0, "", 0)


_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


_NODE_EVENTS = frozenset((ScalarEvent, MappingStartEvent, SequenceStartEvent))


def _node(event: Any, text: _Disguise) -> _Node:
    node = _Node(type(event), event)
    if node.kind is ScalarEvent:
        node.value = text.original(event.value)
        node.tag = event.tag
        node.plain = event.implicit[0]
    return node


def _alias(event: Any, anchors: dict[str, _Node]) -> _Node:
    node = _Node(AliasEvent, event)
    node.value = event.anchor
    node.target = anchors.get(event.anchor)
    if node.target is None:
        raise YAMLError(f"yaml: unknown anchor '{event.anchor}' referenced", node.line + 1)
    return node


def _parser_error(failure: ParserFailure) -> YAMLError:
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


class _Key:
    """A key of a Go map: 1, true and 1.0 are three keys there, and one in Python."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Key) or type(other.value) is not type(self.value):
            return False
        return bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


def _run(steps: Generator[Any, Any, Any]) -> Any:
    """Run a recursion written as generators without using Python's stack for it."""
    stack = [steps]
    value: Any = None
    while stack:
        try:
            deeper = stack[-1].send(value)
        except StopIteration as done:
            stack.pop()
            value = done.value
        else:
            stack.append(deeper)
            value = None
    return value


def _each(steps: Iterable[Generator[Any, Any, Any]]) -> Generator[Any, Any, list[Any]]:
    """The values of ``steps``, for :func:`_run`."""
    values = []
    for step in steps:
        values.append((yield step))  # noqa: PERF401 - a comprehension cannot yield
    return values


class _Decoder:
    """Nodes into values, as go-yaml's decoder does for a target of type ``interface{}``."""

    def __init__(self) -> None:
        self._decoded = 0
        self._decoded_in_aliases = 0
        self._open_aliases: set[int] = set()

    def decode(self, root: _Node) -> Any:
        """The value of ``root``, in which maps have :class:`_Key` keys."""
        self._count()  # the document is a node of its own in Go
        return _run(self._value(root))

    def _value(self, node: _Node, into: dict[_Key, Any] | None = None) -> Generator[Any, Any, Any]:
        self._count()
        if node.kind is ScalarEvent:
            return _scalar(node)
        if node.kind is SequenceStartEvent:
            return (yield _each(map(self._value, node.children)))
        if node.kind is MappingStartEvent:
            return (yield self._mapping(node, {} if into is None else into))
        return (yield self._aliased(node, into))

    def _aliased(self, node: _Node, into: dict[_Key, Any] | None) -> Generator[Any, Any, Any]:
        if id(node) in self._open_aliases:
            raise YAMLError(f"yaml: anchor '{node.value}' value contains itself", node.line + 1)
        self._open_aliases.add(id(node))
        value = yield self._value(node.target or node, into)
        self._open_aliases.remove(id(node))
        return value

    def _mapping(self, node: _Node, into: dict[_Key, Any]) -> Generator[Any, Any, Any]:
        children = iter(node.children)
        for key_node, value_node in zip(children, children, strict=True):
            if _is_merge(key_node):
                for source in _merge_sources(value_node):
                    yield self._value(source, into)
                continue
            key = yield self._value(key_node)
            if isinstance(key, list | dict):
                raise YAMLError(f"yaml: invalid map key: {_go_syntax(key)}", key_node.line + 1)
            into[_Key(key)] = yield self._value(value_node)
        return into

    def _count(self) -> None:
        self._decoded += 1
        if self._open_aliases:
            self._decoded_in_aliases += 1
            if (
                self._decoded_in_aliases > _HARMLESS_IN_ALIASES
                and self._decoded > _HARMLESS
                and self._decoded_in_aliases / self._decoded > _allowed_alias_ratio(self._decoded)
            ):
                raise YAMLError("yaml: document contains excessive aliasing")


_HARMLESS = 1000
_HARMLESS_IN_ALIASES = 100
_RATIO_FALLS_FROM = 400_000
_RATIO_FALLS_TO = 4_000_000


def _allowed_alias_ratio(decoded: int) -> float:
    """Which share of the decoded nodes may come from aliases: 99 % of few, 10 % of millions."""
    if decoded <= _RATIO_FALLS_FROM:
        return 0.99
    if decoded >= _RATIO_FALLS_TO:
        return 0.10
    return 0.99 - 0.89 * ((decoded - _RATIO_FALLS_FROM) / (_RATIO_FALLS_TO - _RATIO_FALLS_FROM))


_PREFIX = "tag:yaml.org,2002:"
_BINARY = _PREFIX + "binary"
_RESOLVABLE = frozenset(
    _PREFIX + name for name in ("str", "bool", "int", "float", "null", "timestamp")
)


def _is_merge(node: _Node) -> bool:
    return (
        node.kind is ScalarEvent
        and node.value == "<<"
        and (node.plain or node.tag == _PREFIX + "merge")
    )


def _merge_sources(node: _Node) -> Iterator[_Node]:
    """The maps that ``<<`` merges, in the order in which they are decoded: the last one first."""
    sources = reversed(node.children) if node.kind is SequenceStartEvent else (node,)
    for source in sources:
        target = source.target or source
        if target.kind is not MappingStartEvent:
            message = "yaml: map merge requires map or sequence of maps as the value"
            raise YAMLError(message, node.line + 1)
        yield source


def _scalar(node: _Node) -> Any:
    tag = node.tag
    if tag is None:
        return yaml_scalars.resolve(node.value) if node.plain else node.value
    if tag == _BINARY:
        return _binary(node)
    if tag not in _RESOLVABLE or tag == _PREFIX + "str":
        return node.value
    return _tagged(node, tag.removeprefix(_PREFIX))


_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _binary(node: _Node) -> str:
    encoded = node.value.replace("\n", "").replace("\r", "")
    if not _BASE64.fullmatch(encoded):
        raise YAMLError("yaml: !!binary value contains invalid base64 data", node.line + 1)
    return binascii.a2b_base64(encoded).decode("utf-8", "surrogateescape")


def _tagged(node: _Node, tag: str) -> Any:
    """The value of a scalar that says its own type."""
    text = node.value
    if tag == "timestamp" and yaml_scalars.is_timestamp(text):
        return text
    value = yaml_scalars.resolve(text)
    actual = _TYPE_TAGS[type(value)]
    if actual == tag:
        return value
    if tag == "float" and isinstance(value, int) and value < 2**63:
        return float(value)
    raise YAMLError(f"yaml: cannot decode !!{actual} `{text}` as a !!{tag}", node.line + 1)


_TYPE_TAGS = {str: "str", bool: "bool", int: "int", float: "float", type(None): "null"}


def _with_text_keys(value: Any) -> Any:
    """``value`` with the keys of its maps as sigs.k8s.io/yaml spells them in JSON."""
    return _run(_text_keys(value))


def _text_keys(value: Any) -> Generator[Any, Any, Any]:
    if isinstance(value, list):
        return (yield _each(_text_keys(item) for item in value))
    if not isinstance(value, dict):
        return value
    fields = {}
    for key, item in value.items():
        text = yaml_scalars.key_text(key.value)
        if text is None:
            kind = "%!s(<nil>)" if key.value is None else "uint64"
            raise YAMLError(
                f"unsupported map key of type: {kind}, key: {_argument(key.value)}, "
                f"value: {_argument(item)}"
            )
        fields[text] = yield _text_keys(item)
    return fields


def _to_json(value: Any) -> Any:
    """``value``, of :func:`load_untyped`, as a JSON reader sees what encoding/json prints of it."""
    return _run(_json(value, 0))


def _json(value: Any, depth: int) -> Generator[Any, Any, Any]:
    if isinstance(value, str):
        return _json_text(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise YAMLError(f"json: unsupported value: {format_float(value)}")
        return yaml_scalars.json_number(value)
    if isinstance(value, list):
        return (yield _each(_json(item, depth + 1) for item in value))
    if isinstance(value, dict):
        fields = {}
        for key, item in value.items():
            fields[_json_text(key)] = yield _json(item, depth + 1)
        return fields
    return value


def _json_text(text: str) -> str:
    """``text`` with each byte that is not UTF-8 replaced, as encoding/json replaces them."""
    return _LONE_BYTE.sub("\ufffd", text)


_LONE_BYTE = re.compile("[\udc80-\udcff]")


def _argument(value: Any) -> str:
    """``value`` as ``%#v`` prints an argument: nil has no type there."""
    return "<nil>" if value is None else _go_syntax(value)


def _go_syntax(value: Any) -> str:
    """``value`` as Go's ``%#v`` prints it."""
    text: str = _run(_syntax(value))
    return text


def _syntax(value: Any) -> Generator[Any, Any, str]:
    if isinstance(value, list):
        items = yield _each(map(_syntax, value))
        return "[]interface {}{" + ", ".join(items) + "}"
    if isinstance(value, dict):
        entries = []
        for key, item in value.items():
            entries.append((yield _syntax(key.value)) + ":" + (yield _syntax(item)))
        return "map[interface {}]interface {}{" + ", ".join(sorted(entries)) + "}"
    if value is None:
        return "interface {}(nil)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value < 2**63 else hex(value)
    return quote(value) if isinstance(value, str) else format_float(value)
