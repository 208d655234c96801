"""The events of a YAML text, in the order and with the errors of go-yaml's parser.

It follows ``parserc.go`` of go.yaml.in/yaml/v2: each function takes the tokens that the states of
its production take, when they take them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yaml import events as kinds

from pillion.kubernetes.yaml_text import Mark, Text, syntax_error
from pillion.kubernetes.yaml_tokens import Kind, Token, Tokens
from pillion.trampoline import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.kubernetes.errors import YAMLError
    from pillion.trampoline import Steps


def parse(data: bytes, take: Callable[[Any], object]) -> None:
    """Give ``take`` the events of the nodes of the first document of ``data``, as they are found.

    Raises:
        YAMLError: the text is not YAML to go-yaml; the message is its.
    """
    run(_Parser(Tokens(Text(data)), take).document())


def _error(problem: str, mark: Mark, context: Mark | None = None) -> YAMLError:
    return syntax_error(problem, mark.line, context.line if context else 0)


def _marks(token: Token) -> tuple[Any, Any]:
    """Where ``token`` starts and ends, for PyYAML's events, which take any marks."""
    return token.start, token.end


class _Parser:
    """A parser on its way through a document."""

    def __init__(self, tokens: Tokens, take: Callable[[Any], object]) -> None:
        self._tokens = tokens
        self._take = take
        self._prefixes: dict[str, str] = {}

    def document(self) -> Steps[None]:
        """The first document, of ``yaml_parser_parse_document_start`` and those that follow."""
        token = self._tokens.peek()
        if token.kind is Kind.STREAM_END:
            return
        explicit = token.kind in {*_DIRECTIVES, Kind.DOCUMENT_START}
        token = self._directives(token)
        if explicit:
            if token.kind is not Kind.DOCUMENT_START:
                raise _error("did not find expected <document start>", token.start)
            token = self._tokens.skip()
        if explicit and token.kind in _NO_CONTENT:
            self._empty(token.start)
        else:
            yield self._node(is_block=True)
        self._tokens.peek()

    def _directives(self, token: Token) -> Token:
        """The token behind the directives, of ``yaml_parser_process_directives``."""
        has_version = False
        while token.kind in _DIRECTIVES:
            if token.kind is Kind.VERSION:
                if has_version:
                    raise _error("found duplicate %YAML directive", token.start)
                if token.version != (1, 1):
                    raise _error("found incompatible YAML document", token.start)
                has_version = True
            elif token.value in self._prefixes:
                raise _error("found duplicate %TAG directive", token.start)
            else:
                self._prefixes[token.value] = token.detail
            token = self._tokens.skip()
        for handle, prefix in _DEFAULT_PREFIXES.items():
            self._prefixes.setdefault(handle, prefix)
        return token

    def _node(self, *, is_block: bool = False, may_lack_indent: bool = False) -> Steps[None]:
        """A node, of ``yaml_parser_parse_node``."""
        token = self._tokens.peek()
        if token.kind is Kind.ALIAS:
            self._take(kinds.AliasEvent(token.value, *_marks(token)))
            self._tokens.take()
            return
        start = token.start
        anchor, tag, token = self._properties(token)
        marks: tuple[Any, Any] = (start, token.end)
        if token.kind is Kind.SCALAR:
            implicit = tag == "!" or (tag is None and not token.detail)
            self._scalar(anchor, tag, token.value, marks, token.detail, implicit=implicit)
            self._tokens.take()
            return
        content: Steps[None] | None = None
        if may_lack_indent and token.kind is Kind.BLOCK_ENTRY:
            content = self._indentless_sequence()
        elif token.kind in _FLOW_STARTS or (is_block and token.kind in _BLOCK_STARTS):
            content = self._collection(token.kind)
        if content is not None:
            start_event = _MAPS if token.kind in _MAP_STARTS else _LISTS
            self._take(
                start_event(anchor, tag, tag is None, *marks, flow_style=token.kind in _FLOW_STARTS)
            )
            yield content
        elif anchor is not None or tag is not None:
            self._scalar(anchor, tag, "", (start, start), "", implicit=tag is None)
        else:
            raise _error("did not find expected node content", token.start, start)

    def _collection(self, kind: Kind) -> Steps[None]:
        if kind is Kind.SEQUENCE_START:
            return self._block_sequence()
        if kind is Kind.MAPPING_START:
            return self._block_mapping()
        if kind is Kind.FLOW_SEQUENCE_START:
            return self._flow_sequence()
        return self._flow_mapping()

    def _properties(self, token: Token) -> tuple[str | None, str | None, Token]:
        """The anchor and tag before a node's content, in any order, and what follows them."""
        start = token.start
        anchor: str | None = None
        tag: Token | None = None
        if token.kind is Kind.ANCHOR:
            anchor = token.value
            token = self._tokens.skip()
            if token.kind is Kind.TAG:
                tag = token
                token = self._tokens.skip()
        elif token.kind is Kind.TAG:
            tag = token
            token = self._tokens.skip()
            if token.kind is Kind.ANCHOR:
                anchor = token.value
                token = self._tokens.skip()
        return anchor, self._resolved(tag, start), token

    def _resolved(self, tag: Token | None, start: Mark) -> str | None:
        if tag is None:
            return None
        if not tag.value:
            return tag.detail
        if tag.value not in self._prefixes:
            raise _error("found undefined tag handle", tag.start, start)
        return self._prefixes[tag.value] + tag.detail

    def _scalar(  # noqa: PLR0913 - the properties of a scalar
        self,
        anchor: str | None,
        tag: str | None,
        value: str,
        marks: tuple[Any, Any],
        style: str,
        *,
        implicit: bool,
    ) -> None:
        both = implicit, tag is None and not implicit
        self._take(kinds.ScalarEvent(anchor, tag, both, value, *marks, style=style or None))

    def _empty(self, mark: Mark) -> None:
        self._scalar(None, None, "", (mark, mark), "", implicit=True)

    def _end(self, event: type, token: Token) -> None:
        self._take(event(*_marks(token)))

    def _block_sequence(self) -> Steps[None]:
        start = self._tokens.take().start
        token = self._tokens.peek()
        while token.kind is Kind.BLOCK_ENTRY:
            entry = token
            token = self._tokens.skip()
            if token.kind in {Kind.BLOCK_ENTRY, Kind.BLOCK_END}:
                self._empty(entry.end)
            else:
                yield self._node(is_block=True)
                token = self._tokens.peek()
        if token.kind is not Kind.BLOCK_END:
            raise _error("did not find expected '-' indicator", token.start, start)
        self._end(kinds.SequenceEndEvent, self._tokens.take())

    def _indentless_sequence(self) -> Steps[None]:
        token = self._tokens.peek()
        while token.kind is Kind.BLOCK_ENTRY:
            entry = token
            token = self._tokens.skip()
            if token.kind in {Kind.BLOCK_ENTRY, Kind.KEY, Kind.VALUE, Kind.BLOCK_END}:
                self._empty(entry.end)
            else:
                yield self._node(is_block=True)
                token = self._tokens.peek()
        self._end(kinds.SequenceEndEvent, token)

    def _block_mapping(self) -> Steps[None]:
        start = self._tokens.take().start
        token = self._tokens.peek()
        while token.kind is Kind.KEY:
            yield self._block_node(token)
            token = self._tokens.peek()
            if token.kind is Kind.VALUE:
                yield self._block_node(token)
            else:
                self._empty(token.start)
            token = self._tokens.peek()
        if token.kind is not Kind.BLOCK_END:
            raise _error("did not find expected key", token.start, start)
        self._end(kinds.MappingEndEvent, self._tokens.take())

    def _block_node(self, indicator: Token) -> Steps[None]:
        """The key or value behind its indicator; it may be empty."""
        token = self._tokens.skip()
        if token.kind in {Kind.KEY, Kind.VALUE, Kind.BLOCK_END}:
            self._empty(indicator.end)
        else:
            yield self._node(is_block=True, may_lack_indent=True)

    def _flow_sequence(self) -> Steps[None]:
        start = self._tokens.take().start
        token = self._tokens.peek()
        is_first = True
        while token.kind is not Kind.FLOW_SEQUENCE_END:
            if not is_first:
                token = self._behind_comma(token, start, "]")
            is_first = False
            if token.kind is Kind.KEY:
                self._take(_MAPS(None, None, True, *_marks(token), flow_style=True))
                self._tokens.take()
                yield self._pair()
            elif token.kind is not Kind.FLOW_SEQUENCE_END:
                yield self._node()
            token = self._tokens.peek()
        self._end(kinds.SequenceEndEvent, self._tokens.take())

    def _behind_comma(self, token: Token, start: Mark, closing: str) -> Token:
        if token.kind is not Kind.FLOW_ENTRY:
            raise _error(f"did not find expected ',' or '{closing}'", token.start, start)
        return self._tokens.skip()

    def _pair(self) -> Steps[None]:
        """A map of one entry in a list.

        Like ``yaml_parser_parse_flow_sequence_entry_mapping_key``, it loses the token behind an
        empty key.
        """
        ends = {Kind.FLOW_ENTRY, Kind.FLOW_SEQUENCE_END}
        token = self._tokens.peek()
        if token.kind in {*ends, Kind.VALUE}:
            self._tokens.take()
            self._empty(token.end)
        else:
            yield self._node()
        yield self._flow_value(ends)
        self._end(kinds.MappingEndEvent, self._tokens.peek())

    def _flow_value(self, ends: set[Kind]) -> Steps[None]:
        token = self._tokens.peek()
        if token.kind is Kind.VALUE:
            token = self._tokens.skip()
            if token.kind not in ends:
                yield self._node()
                return
        self._empty(token.start)

    def _flow_mapping(self) -> Steps[None]:
        start = self._tokens.take().start
        ends = {Kind.FLOW_ENTRY, Kind.FLOW_MAPPING_END}
        token = self._tokens.peek()
        is_first = True
        while token.kind is not Kind.FLOW_MAPPING_END:
            if not is_first:
                token = self._behind_comma(token, start, "}")
            is_first = False
            if token.kind is Kind.KEY:
                token = self._tokens.skip()
                if token.kind in {*ends, Kind.VALUE}:
                    self._empty(token.start)
                else:
                    yield self._node()
                yield self._flow_value(ends)
            elif token.kind is not Kind.FLOW_MAPPING_END:
                yield self._node()
                self._empty(self._tokens.peek().start)
            token = self._tokens.peek()
        self._end(kinds.MappingEndEvent, self._tokens.take())


_DIRECTIVES = {Kind.VERSION, Kind.TAG_DIRECTIVE}
_NO_CONTENT = {*_DIRECTIVES, Kind.DOCUMENT_START, Kind.DOCUMENT_END, Kind.STREAM_END}
_DEFAULT_PREFIXES = {"!": "!", "!!": "tag:yaml.org,2002:"}
_FLOW_STARTS = {Kind.FLOW_SEQUENCE_START, Kind.FLOW_MAPPING_START}
_BLOCK_STARTS = {Kind.SEQUENCE_START, Kind.MAPPING_START}
_MAP_STARTS = {Kind.MAPPING_START, Kind.FLOW_MAPPING_START}
_MAPS, _LISTS = kinds.MappingStartEvent, kinds.SequenceStartEvent
