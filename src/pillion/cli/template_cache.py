"""Compiled templates kept between runs, so that a warm start compiles nothing.

The folder is ``pillion`` in the user's cache folder (``XDG_CACHE_HOME``, else ``~/.cache``). A
stored template is code that a later run executes, so the folder is used only if it belongs to the
user and nobody else may write to it. Anything that goes wrong here makes a run slower, never
different.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from binascii import crc32

MOST_FILES = 256
"""How many templates are kept: those of some dozens of configurations."""

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_LENGTH_BYTES = 8


def folder() -> str | None:
    """The cache folder, made if need be; None where there is no safe one."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    path = os.path.join(base, "pillion", sys.implementation.cache_tag or "python")
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        found = os.stat(path)
    except OSError:
        return None
    safe = found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE
    return path if safe else None


class FolderCache:
    """A template cache with one file for each template.

    A file holds the whole key before what was stored, so its name need not be unique: a checksum
    does, and spares a start the loading of OpenSSL for a real hash.

    Implements :class:`pillion.injection.templates.TemplateCache`.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def __contains__(self, key: str) -> bool:
        return self._read(key, 0) is not None

    def load(self, key: str) -> bytes | None:
        """What was stored under ``key``, or None."""
        return self._read(key, -1)

    def _read(self, key: str, size: int) -> bytes | None:
        head = _head(key)
        try:
            with open(self._file(head), "rb") as file:
                return file.read(size) if file.read(len(head)) == head else None
        except OSError:
            return None

    def store(self, key: str, compiled: bytes) -> None:
        """Keep ``compiled``; a full disk or a read-only home is no error."""
        head = _head(key)
        path = self._file(head)
        beside = f"{path}.{os.getpid()}"
        try:
            with open(beside, "wb") as file:
                file.write(head + compiled)
            os.replace(beside, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(beside)
        self._prune()

    def _prune(self) -> None:
        """Forget what was compiled longest ago, once there is more than anybody uses."""
        with contextlib.suppress(OSError):  # another run may prune at the same time
            files = sorted(os.scandir(self._path), key=lambda file: file.stat().st_mtime)
            for file in files[:-MOST_FILES]:
                os.unlink(file.path)

    def _file(self, head: bytes) -> str:
        return os.path.join(self._path, f"{crc32(head):08x}")


def _head(key: str) -> bytes:
    """The key as it stands at the start of a file, after its length."""
    data = key.encode("utf-8", "surrogateescape")
    return len(data).to_bytes(_LENGTH_BYTES, "little") + data


def open_cache() -> FolderCache | None:
    """The user's template cache, or None where there is no safe place for one."""
    path = folder()
    return FolderCache(path) if path is not None else None
