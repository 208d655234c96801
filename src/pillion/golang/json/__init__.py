"""JSON as Go's ``encoding/json`` writes and reads it."""

from pillion.golang.json.decoding import unmarshal, unmarshal_first
from pillion.golang.json.encoding import marshal, marshal_indent
from pillion.golang.json.errors import JSONError

__all__ = ["JSONError", "marshal", "marshal_indent", "unmarshal", "unmarshal_first"]
