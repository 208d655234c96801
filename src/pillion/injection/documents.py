"""The documents of a stream of YAML, one after another, with their places for messages.

Follows ``YAMLReader`` of k8s.io/apimachinery: lines end in a line feed however they ended, and a
separator with nothing before it belongs to the document that follows.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple

from pillion.errors import PillionError
from pillion.injection.errors import DocumentError
from pillion.injection.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATOR = b"---"


class Document(NamedTuple):
    """A document as it stands in the input; ``number`` and ``line``, its first, count from 1."""

    text: str
    number: int
    line: int


def read(
    stream: IO[bytes] | bytes, generation: Generation = Generation.CURRENT
) -> Iterator[Document]:
    """Yield the documents of ``stream`` as they are read.

    Of the generation of 1.1, a separator with anything behind it is none.

    Raises:
        DocumentError: something other than a comment follows a separator.
    """
    lines: list[bytes] = []
    number, start = 1, 1
    for index, line in enumerate(_lines(stream), 1):
        if _separates(line, number, index, generation) and lines:
            yield _document(lines, number, start)
            lines, number, start = [], number + 1, index + 1
        else:
            lines.append(line)
    if lines:
        yield _document(lines, number, start)


def _lines(stream: IO[bytes] | bytes) -> Iterator[bytes]:
    if isinstance(stream, bytes):
        import io

        stream = io.BytesIO(stream)
    for line in stream:
        yield line[:-2] + b"\n" if line.endswith(b"\r\n") else line.removesuffix(b"\n") + b"\n"


def _document(lines: list[bytes], number: int, start: int) -> Document:
    return Document(b"".join(lines).decode("utf-8", "surrogateescape"), number, start)


def _separates(line: bytes, number: int, index: int, generation: Generation) -> bool:
    if not line.startswith(_SEPARATOR):
        return False
    rest = line[len(_SEPARATOR) :].decode("utf-8", "surrogateescape").strip()
    if generation is Generation.LEGACY:
        return not rest
    if rest and not rest.startswith("#"):
        raise DocumentError(f"invalid Yaml document separator: {rest}", number, index)
    return True


@contextmanager
def errors_of(document: Document) -> Iterator[None]:
    """Say of every error that comes out of the block where in the input it stands.

    Raises:
        DocumentError: in place of any other error of pillion's.
    """
    try:
        yield
    except DocumentError:
        raise
    except PillionError as error:
        line = getattr(error, "line", None) or 1
        field = getattr(error, "field", "")
        raise DocumentError(str(error), document.number, document.line + line - 1, field) from error
