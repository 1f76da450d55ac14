"""Logs as JSON lines on standard error, in which nothing can stand that a request said.

A field is written only if it is on the list; an exception is told by its class and its places in
the code, since its message may quote a request, a file or a key.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_FIELDS = frozenset(
    "attempt code count jobs job key kind keys_needed level method part route seconds state "
    "status tenant timestamp trace_id what event error frames url".split()
)


class _Stderr:
    """Standard error as it is when a line is written, which tests and services redirect."""

    def msg(self, line: str) -> None:
        stream: TextIO = sys.stderr
        stream.write(line + "\n")
        stream.flush()

    debug = info = warning = error = critical = exception = msg


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger for one part of the service."""
    made: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        _Stderr(),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception,
            _listed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        part=name,
    )
    return made


def _exception(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["error"] = type(error).__name__
        event["frames"] = [
            f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-12:]
        ]
    return event


def _listed(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in event.items() if name in _FIELDS}
