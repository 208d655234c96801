"""Where a command writes: standard output, or a file that is replaced only at the end."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from pillion.cli.errors import InputError

if TYPE_CHECKING:
    from types import TracebackType


class Output:
    """A context that gives a binary file to write to.

    A named file is written beside its final place and moved there when the context ends well. When
    it ends with an error, the file keeps what it held, or does not exist if it did not. What is not
    a regular file (``/dev/stdout``, a pipe) is written directly.

    Raises:
        InputError: When the file cannot be made or written.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path if path not in (None, "", "-") else None
        self._beside: str | None = None
        self._file: IO[bytes] = sys.stdout.buffer

    def __enter__(self) -> IO[bytes]:
        if self._path is None:
            return self._file
        try:
            self._file = self._open(self._path)
        except OSError as failure:
            raise InputError(self._path, failure.strerror or str(failure)) from failure
        return self._file

    def _open(self, path: str) -> IO[bytes]:
        target = os.path.realpath(path)  # a link keeps pointing where it did
        if os.path.lexists(target) and not os.path.isfile(target):
            return open(target, "wb")
        self._path = target
        self._beside = f"{target}.{os.getpid()}.tmp"
        made = open(self._beside, "xb")  # noqa: SIM115 - __exit__ closes it
        if os.path.exists(target):
            os.chmod(self._beside, os.stat(target).st_mode & 0o7777)
        return made

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._path is None:
            self._file.flush()
            return
        try:
            self._finish(self._path, keep=kind is None)
        except OSError as failure:
            raise InputError(self._path, failure.strerror or str(failure)) from failure

    def _finish(self, path: str, *, keep: bool) -> None:
        try:
            self._file.close()
            if self._beside is not None and keep:
                os.replace(self._beside, path)
                self._beside = None
        finally:
            if self._beside is not None:
                os.unlink(self._beside)
