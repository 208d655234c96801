"""The libraries of the extra ``pillion[server]``, which only the server's command needs."""

from __future__ import annotations

from importlib.util import find_spec

from pillion.server.errors import ServerError

_MODULES = {
    "uvicorn": "uvicorn",
    "httptools": "httptools",
    "uvloop": "uvloop",
    "prometheus_client": "prometheus-client",
    "pythonjsonlogger": "python-json-logger",
    "cryptography": "cryptography",
}


def require() -> None:
    """Make sure that the extra is installed.

    Raises:
        ServerError: When a library of it is missing; it says how to get it.
    """
    missing = [name for module, name in _MODULES.items() if find_spec(module) is None]
    if missing:
        names = ", ".join(missing)
        raise ServerError(
            f"{names} is missing: install the server with pip install 'pillion[server]'"
        )
