"""Logs by scope, in text or JSON, at levels that change while the server runs.

The words are those of Istio's ``--log_output_level``: ``default:debug,http:warn``. A scope without
a level of its own has that of ``default``; ``all`` sets every scope.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import IO, Any

from pythonjsonlogger.json import JsonFormatter

from pillion.server.errors import ServerError

DEFAULT, ALL = "default", "all"
SCOPES = (
    DEFAULT,
    "admission",
    "certificate",
    "cluster",
    "configuration",
    "events",
    "health",
    "http",
    "registration",
    "workers",
)
"""``admission`` has a line for each decision."""

LEVELS = {
    "none": logging.CRITICAL + 10,
    "fatal": logging.CRITICAL,
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
}
_NAMES = {number: name for name, number in LEVELS.items()}
_ROOT = "pillion"
_UVICORN = "uvicorn"
_FOREIGN = (_UVICORN, "asyncio")


class LevelError(ServerError):
    """A level or a scope that does not exist."""


def logger(scope: str) -> logging.Logger:
    """The logger of ``scope``."""
    return logging.getLogger(_ROOT if scope == DEFAULT else f"{_ROOT}.{scope}")


def say(log: logging.Logger, level: int, message: str, fields: dict[str, Any]) -> None:
    """Log ``message`` with ``fields``, which stay apart in JSON."""
    log.log(level, message, extra={"fields": fields})


def set_up(levels: str, *, as_json: bool, stream: IO[str] | None = None) -> None:
    """Send all logs to ``stream``, standard error by default.

    Raises:
        LevelError: For ``levels`` that are none.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if as_json else _Text())
    send_to(handler, levels)


def send_to(handler: logging.Handler, levels: str) -> None:
    """Send all logs to ``handler``.

    Raises:
        LevelError: For ``levels`` that are none.
    """
    for name in (_ROOT, *_FOREIGN):
        log = logging.getLogger(name)
        log.handlers[:] = [handler]
        log.propagate = False
        if name in _FOREIGN:
            log.setLevel(logging.ERROR)  # their news is told by the scope http
    set_levels(f"{DEFAULT}:info")
    set_levels(levels)


def dump(record: logging.LogRecord) -> list[Any]:
    """A record as plain data, for :func:`write` in another process."""
    fields = dict(getattr(record, "fields", {}))
    if record.exc_info:
        fields["exception"] = logging.Formatter().formatException(record.exc_info)
    return [record.name, record.levelno, record.getMessage(), fields, record.created]


def write(dumped: list[Any]) -> None:
    """Log a record of another process, where this one's levels let it through."""
    name, level, message, fields, created = dumped
    log = logging.getLogger(name)
    if log.isEnabledFor(level):
        record = log.makeRecord(name, level, "", 0, message, (), None, extra={"fields": fields})
        record.created = created
        log.handle(record)


def levels() -> dict[str, str]:
    """The level that each scope has."""
    return {scope: _NAMES[logger(scope).getEffectiveLevel()] for scope in SCOPES}


def levels_text() -> str:
    """The level that each scope has, as :func:`set_levels` reads them."""
    return ",".join(f"{scope}:{level}" for scope, level in levels().items())


def set_levels(text: str) -> None:
    """Set levels as ``--log_output_level`` writes them; all of them, or none.

    Raises:
        LevelError: For a scope or a level that does not exist.
    """
    for scope, level in [_pair(one) for one in text.split(",") if one.strip()]:
        if scope == ALL:
            for name in SCOPES:
                logger(name).setLevel(level)
        else:
            logger(scope).setLevel(level)


def _pair(text: str) -> tuple[str, int]:
    scope, colon, name = text.strip().rpartition(":")
    if not colon:
        scope = DEFAULT
    if scope not in {*SCOPES, ALL}:
        raise LevelError(f"{scope} is no log scope; there are {', '.join((*SCOPES, ALL))}")
    if name not in LEVELS:
        raise LevelError(f"{name!r} is no log level; there are {', '.join(LEVELS)}")
    return scope, LEVELS[name]


def _scope(record: logging.LogRecord) -> str:
    root, _, scope = record.name.partition(".")
    if root in _FOREIGN:
        return "http"
    return scope or DEFAULT


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


class _Text(logging.Formatter):
    """Time, level, scope, message and fields between tabs, as Istio's logs have them."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", {})
        parts = [_time(record), _NAMES.get(record.levelno, "info"), _scope(record)]
        parts.append(record.getMessage())
        if fields:
            parts.append(" ".join(f"{name}={_quoted(value)}" for name, value in fields.items()))
        text = "\t".join(parts)
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def _quoted(value: Any) -> str:
    """``value`` on one line, quoted where a reader could not tell where it ends."""
    text = str(value)
    if text and text.isprintable() and not set(text) & set(' "='):
        return text
    from json import dumps

    return dumps(text)


class _Json(JsonFormatter):
    """One object a line, with the keys of Istio's JSON logs."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        fields = log_data.pop("fields", None) or {}
        return log_data | fields

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        del message_dict
        log_data["time"] = _time(record)
        log_data["level"] = _NAMES.get(record.levelno, "info")
        log_data["scope"] = _scope(record)
        log_data["msg"] = record.getMessage()
        log_data["fields"] = getattr(record, "fields", None)
        if record.exc_info:
            log_data["error"] = self.formatException(record.exc_info)
