"""The entry point: finds the command, runs it, and turns errors into messages and exit statuses.

Status 0 is success, 1 an input that cannot be injected, 2 a wrong call, 130 an interruption.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from pillion.cli.errors import UsageError
from pillion.cli.messages import say
from pillion.errors import PillionError

if TYPE_CHECKING:
    from collections.abc import Callable

USAGE = """\
pillion puts Istio's sidecar into Kubernetes manifests, and says why.

usage: pillion COMMAND [flags]

  kube-inject   rewrite manifests as istioctl kube-inject does
  inject        do what a cluster with the same configuration would do
  serve         inject as the cluster's admission webhook (also: sidecar-injector)
  probe         check the age of the file that serve writes
  webhook       print, apply or show the configuration by which an API server asks
  version       print the version

pillion COMMAND --help tells a command's flags.
"""

_MODULES = {
    "inject": "inject",
    "kube-inject": "kube_inject",
    "probe": "probe",
    "serve": "serve",
    "webhook": "webhook",
}
"""The modules of the commands; only that of the one that runs is imported."""

_FAILED = 1
_WRONG_CALL = 2
_INTERRUPTED = 130


def process() -> NoReturn:
    """Be the whole process: run the command and exit.

    A start makes many objects and hardly a cycle, so the collector looks for cycles less often. The
    process ends without freeing each object, which would take a tenth of a short run.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    status = main()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        status = status or _FAILED
    os._exit(status)


_OBJECTS_BETWEEN_COLLECTIONS = 10_000


def main(arguments: list[str] | None = None) -> int:
    """Run the command that ``arguments`` (the process's own by default) ask for."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return _command(arguments)(arguments[1:])
    except UsageError as error:
        return _fail(error, _WRONG_CALL)
    except PillionError as error:
        return _fail(error, _FAILED)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # the reader went away (`| head`); what is buffered must not fail again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except OSError as failure:
        say(f"standard output: {failure.strerror}")
        return _FAILED


def _command(arguments: list[str]) -> Callable[[list[str]], int]:
    name = arguments[0] if arguments else "help"
    if name in _COMMANDS:
        return _COMMANDS[name]
    if name in _MODULES:
        from importlib import import_module

        run: Callable[[list[str]], int] = import_module(f"pillion.cli.{_MODULES[name]}").run
        return run
    raise UsageError(f"unknown command {name!r}; pillion --help names them")


def sidecar_injector() -> NoReturn:
    """Be the whole process, as Istio 1.1's binary of this name was."""
    sys.argv.insert(1, "sidecar-injector")
    process()


def _sidecar_injector(arguments: list[str]) -> int:
    """Istio 1.1's binary: it serves, unless one of its other commands is named."""
    if arguments and arguments[0] in {"probe", "version"}:
        return _command(arguments)(arguments[1:])
    return _command(["serve"])(arguments)


def _version(_: list[str]) -> int:
    from pillion import __version__

    sys.stdout.write(f"pillion {__version__}\n")
    return 0


def _help(_: list[str]) -> int:
    sys.stdout.write(USAGE)
    return 0


_COMMANDS = {
    "--help": _help,
    "--version": _version,
    "-h": _help,
    "help": _help,
    "sidecar-injector": _sidecar_injector,
    "version": _version,
}


def _fail(error: PillionError, status: int) -> int:
    say(str(error))
    return status
