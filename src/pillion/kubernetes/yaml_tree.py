"""Documents with anchors, tags or merge keys, and the exact words of every error.

The slow, complete way from YAML events to values: a tree of nodes is composed first and decoded
afterwards, as go-yaml v2 does, so that an error of the parser comes before one of the decoder.
"""

from __future__ import annotations

import binascii
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from yaml import events as kinds
from yaml.error import YAMLError as ParserFailure

from pillion.kubernetes import yaml_scalars
from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.yaml_events import READ_OTHERWISE, ends_there, events
from pillion.kubernetes.yaml_values import Key, each, go_syntax, to_json, with_text_keys
from pillion.trampoline import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pillion.trampoline import Steps


def load(data: bytes) -> Any:
    """The JSON value of the first document of ``data``; see ``yaml_reader.load``."""
    return to_json(load_untyped(data))


def load_untyped(data: bytes, resolve: Callable[[str], Any] = yaml_scalars.resolve) -> Any:
    """The first document of ``data`` as go-yaml sees it; see ``yaml_reader.load_untyped``."""
    root = _compose(data)
    return None if root is None else with_text_keys(_Decoder(resolve).decode(root))


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
    """The root node of the first document, or None where there is no document.

    libyaml parses it; what libyaml refuses, or may read in another way, go-yaml's rules decide.
    """
    if not READ_OTHERWISE.search(data):
        with suppress(ParserFailure, YAMLError, _ReadOtherwise):
            return _compose_with_libyaml(data)
    from pillion.kubernetes import yaml_grammar  # for such texts alone

    composer = _Composer()
    yaml_grammar.parse(data, composer.take)
    return composer.root


class _ReadOtherwise(Exception):  # noqa: N818 - a way out of the loop, not an error
    """libyaml and go-yaml, which descends from an older libyaml, may differ about the text."""


def _compose_with_libyaml(data: bytes) -> _Node | None:
    composer = _Composer()
    next_event = events(data)
    flow_depth = 0
    while (kind := type(event := next_event())) is not kinds.StreamEndEvent:
        if kind is kinds.DocumentEndEvent:
            if ends_there(next_event):
                break
            raise _ReadOtherwise
        if kind is kinds.MappingStartEvent or kind is kinds.SequenceStartEvent:
            flow_depth += bool(event.flow_style)
            if composer.wants_key() or composer.depth > _MAX_DEPTH:
                raise _ReadOtherwise
        elif kind is kinds.MappingEndEvent or kind is kinds.SequenceEndEvent:
            flow_depth -= flow_depth > 0
        elif flow_depth and kind is kinds.ScalarEvent and _may_end_otherwise(event):
            raise _ReadOtherwise
        composer.take(event)
    return composer.root


def _may_end_otherwise(event: Any) -> bool:
    """Whether go-yaml may see the end of a scalar in brackets elsewhere.

    There it ends a plain one before a question mark, and takes a comma for a part of a tag.
    """
    return event.tag is not None or "?" in event.value


_MAX_DEPTH = 9000


class _Composer:
    """Makes a tree of the events of a document."""

    def __init__(self) -> None:
        self._top: list[_Node] = []
        self._siblings = self._top
        self._outer: list[list[_Node]] = []
        self._kinds: list[type] = []
        self._anchors: dict[str, _Node] = {}

    @property
    def root(self) -> _Node | None:
        """The root node, once there is one."""
        return self._top[0] if self._top else None

    @property
    def depth(self) -> int:
        """How many collections are open."""
        return len(self._outer)

    def wants_key(self) -> bool:
        """Whether the next node is the key of a map."""
        is_map = bool(self._kinds) and self._kinds[-1] is kinds.MappingStartEvent
        return is_map and len(self._siblings) % 2 == 0

    def take(self, event: Any) -> None:
        """Take the next event."""
        kind = type(event)
        if kind is kinds.MappingEndEvent or kind is kinds.SequenceEndEvent:
            self._siblings = self._outer.pop()
            self._kinds.pop()
        elif kind is kinds.AliasEvent:
            self._siblings.append(self._alias(event))
        elif kind in _NODE_EVENTS:
            node = _node(event)
            self._siblings.append(node)
            if event.anchor is not None:
                self._anchors[event.anchor] = node
            if kind is not kinds.ScalarEvent:
                self._outer.append(self._siblings)
                self._kinds.append(kind)
                self._siblings = node.children

    def _alias(self, event: Any) -> _Node:
        node = _Node(kinds.AliasEvent, event)
        node.value = event.anchor
        node.target = self._anchors.get(event.anchor)
        if node.target is None:
            message = f"yaml: unknown anchor '{event.anchor}' referenced"
            raise YAMLError(message, node.line + 1)
        return node


_NODE_EVENTS = frozenset((kinds.ScalarEvent, kinds.MappingStartEvent, kinds.SequenceStartEvent))


def _node(event: Any) -> _Node:
    node = _Node(type(event), event)
    if node.kind is kinds.ScalarEvent:
        node.value = event.value
        node.tag = event.tag
        node.plain = event.implicit[0]
    return node


class _Decoder:
    """Nodes into values, as go-yaml's decoder does for a target of type ``interface{}``."""

    def __init__(self, resolve: Callable[[str], Any]) -> None:
        self._resolve = resolve
        self._decoded = 0
        self._decoded_in_aliases = 0
        self._open_aliases: set[int] = set()

    def decode(self, root: _Node) -> Any:
        """The value of ``root``, in which maps have :class:`Key` keys."""
        self._count()  # the document is a node of its own in Go
        return run(self._value(root))

    def _value(self, node: _Node, into: dict[Key, Any] | None = None) -> Steps[Any]:
        self._count()
        if node.kind is kinds.ScalarEvent:
            return _scalar(node, self._resolve)
        if node.kind is kinds.SequenceStartEvent:
            return (yield each(map(self._value, node.children)))
        if node.kind is kinds.MappingStartEvent:
            return (yield self._mapping(node, {} if into is None else into))
        return (yield self._aliased(node, into))

    def _aliased(self, node: _Node, into: dict[Key, Any] | None) -> Steps[Any]:
        if id(node) in self._open_aliases:
            raise YAMLError(f"yaml: anchor '{node.value}' value contains itself", node.line + 1)
        self._open_aliases.add(id(node))
        value = yield self._value(node.target or node, into)
        self._open_aliases.remove(id(node))
        return value

    def _mapping(self, node: _Node, into: dict[Key, Any]) -> Steps[Any]:
        children = iter(node.children)
        for key_node, value_node in zip(children, children, strict=True):
            if _is_merge(key_node):
                for source in _merge_sources(value_node):
                    yield self._value(source, into)
                continue
            key = yield self._value(key_node)
            if isinstance(key, list | dict):
                raise YAMLError(f"yaml: invalid map key: {go_syntax(key)}", key_node.line + 1)
            into[Key(key)] = yield self._value(value_node)
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
        node.kind is kinds.ScalarEvent
        and node.value == "<<"
        and (node.plain or node.tag == _PREFIX + "merge")
    )


def _merge_sources(node: _Node) -> Iterator[_Node]:
    """The maps that ``<<`` merges, in the order in which they are decoded: the last one first."""
    sources = reversed(node.children) if node.kind is kinds.SequenceStartEvent else (node,)
    for source in sources:
        target = source.target or source
        if target.kind is not kinds.MappingStartEvent:
            message = "yaml: map merge requires map or sequence of maps as the value"
            raise YAMLError(message, node.line + 1)
        yield source


def _scalar(node: _Node, resolve: Callable[[str], Any]) -> Any:
    tag = node.tag
    if tag is None:
        return resolve(node.value) if node.plain else node.value
    if tag == _BINARY:
        return _binary(node)
    if tag not in _RESOLVABLE or tag == _PREFIX + "str":
        return node.value
    return _tagged(node, tag.removeprefix(_PREFIX), resolve)


_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _binary(node: _Node) -> str:
    encoded = node.value.replace("\n", "").replace("\r", "")
    if not _BASE64.fullmatch(encoded):
        raise YAMLError("yaml: !!binary value contains invalid base64 data", node.line + 1)
    return binascii.a2b_base64(encoded).decode("utf-8", "surrogateescape")


def _tagged(node: _Node, tag: str, resolve: Callable[[str], Any]) -> Any:
    """The value of a scalar that says its own type."""
    text = node.value
    if tag == "timestamp" and yaml_scalars.is_timestamp(text):
        return text
    value = resolve(text)
    actual = _TYPE_TAGS[type(value)]
    if actual == tag:
        return value
    if tag == "float" and isinstance(value, int) and value < 2**63:
        return float(value)
    raise YAMLError(f"yaml: cannot decode !!{actual} `{text}` as a !!{tag}", node.line + 1)


_TYPE_TAGS = {str: "str", bool: "bool", int: "int", float: "float", type(None): "null"}
