"""What ``-f`` names: files, folders, pipes and standard input."""

from __future__ import annotations

import os
import stat
import sys
from typing import IO, TYPE_CHECKING, NamedTuple

from pillion.cli.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MANIFEST_ENDINGS = (".yaml", ".yml", ".json")
"""The files that are read in a folder, as kubectl chooses them."""

STANDARD_INPUT = "-"


class Source(NamedTuple):
    """A readable input and the name that messages give it."""

    name: str
    path: str

    def open(self) -> IO[bytes]:
        """Open the input for reading bytes.

        Raises:
            InputError: When it cannot be opened.
        """
        if self.path == STANDARD_INPUT:
            if sys.stdin is None:
                raise InputError(self.name, "it is closed")
            return sys.stdin.buffer
        try:
            return open(self.path, "rb")
        except OSError as failure:
            raise InputError(self.name, reason(failure)) from failure


def sources(names: Iterable[str]) -> Iterator[Source]:
    """Every input that ``names`` stand for, in their order; a folder's files by path.

    Raises:
        InputError: When a name does not exist, cannot be read, or is a folder without manifests.
    """
    for name in names:
        if name == STANDARD_INPUT:
            yield Source(name_of(name), STANDARD_INPUT)
        elif _is_folder(name):
            yield from _folder(name)
        else:
            yield Source(name, name)


def read_text(path: str) -> bytes:
    """The whole content of a configuration file.

    Raises:
        InputError: When it cannot be read.
    """
    source = Source(name_of(path), path)
    with source.open() as file:
        try:
            return file.read()
        except OSError as failure:
            raise InputError(source.name, reason(failure)) from failure


def name_of(path: str) -> str:
    """What messages call the input that ``path`` names."""
    return "standard input" if path == STANDARD_INPUT else path


def _is_folder(name: str) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name).st_mode)
    except OSError as failure:
        raise InputError(name, reason(failure)) from failure


def _folder(top: str) -> Iterator[Source]:
    found = False
    for folder, subfolders, files in os.walk(top, onerror=_fail):
        subfolders.sort()
        for file in sorted(files):
            if file.endswith(MANIFEST_ENDINGS):
                found = True
                path = os.path.join(folder, file)
                yield Source(path, path)
    if not found:
        endings = ", ".join(MANIFEST_ENDINGS)
        raise InputError(top, f"the folder holds no manifest ({endings})")


def _fail(failure: OSError) -> None:
    raise InputError(str(failure.filename), reason(failure)) from failure


def reason(failure: OSError) -> str:
    """What the system says went wrong, less the name of the file."""
    return failure.strerror or str(failure)
