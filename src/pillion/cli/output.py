"""Where a command writes: standard output, or a file that is replaced only at the end."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import IO, TYPE_CHECKING, Self

from pillion.cli.errors import InputError
from pillion.cli.sources import reason

if TYPE_CHECKING:
    from types import TracebackType

_STANDARD_OUTPUT = "standard output"


class Output:
    """A place to write bytes to, as a context.

    A named file is written beside its final place and moved there when the context ends well. When
    it ends with an error, the file keeps what it held, or does not exist if it did not. What is not
    a regular file (``/dev/stdout``, a pipe) is written directly.

    Raises:
        InputError: When it cannot be made or written.
        BrokenPipeError: When nobody reads it any more.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path if path not in (None, "", "-") else None
        self._name = self._path or _STANDARD_OUTPUT
        self._beside: str | None = None
        self._final = ""
        self._file: IO[bytes]

    def __enter__(self) -> Self:
        try:
            self._file = self._open_file(self._path) if self._path else self._standard_output()
        except OSError as failure:
            raise InputError(self._name, reason(failure)) from failure
        except KeyboardInterrupt:  # what is made by now has nobody else to remove it
            self._discard()
            raise
        return self

    def write(self, data: bytes) -> None:
        """Write all of ``data``."""
        try:
            self._file.write(data)
        except OSError as failure:
            raise self._failed(failure) from failure

    def _standard_output(self) -> IO[bytes]:
        if sys.stdout is None:
            raise InputError(self._name, "it is closed")
        return sys.stdout.buffer

    def _open_file(self, path: str) -> IO[bytes]:
        if os.path.exists(path) and not os.path.isfile(path):
            return open(path, "wb")
        target = os.path.realpath(path)  # a link keeps pointing where it did
        self._beside, self._final = f"{target}.{os.getpid()}.tmp", target
        try:
            made = open(self._beside, "xb")  # noqa: SIM115 - __exit__ closes it
        except OSError:
            self._beside = None  # it is not ours
            raise
        try:
            if os.path.exists(target):
                os.chmod(self._beside, os.stat(target).st_mode & 0o7777)
        except BaseException:
            made.close()
            raise
        return made

    def _discard(self) -> None:
        if self._beside is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._beside)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._finish(keep=kind is None)
        except OSError as failure:
            if kind is None:  # else the first failure is the one to tell
                raise self._failed(failure) from failure

    def _finish(self, *, keep: bool) -> None:
        if self._path is None:
            self._file.flush()
            return
        try:
            self._file.close()
            if self._beside is not None and keep:
                os.replace(self._beside, self._final)
                self._beside = None
        finally:
            self._discard()

    def _failed(self, failure: OSError) -> OSError | InputError:
        is_unread = isinstance(failure, BrokenPipeError)
        return failure if is_unread else InputError(self._name, reason(failure))
