"""What libraries and threads have to say, told by type and place: a message may quote a request."""

from __future__ import annotations

import logging
import threading

from r2c_api.logs import logger

log = logger("r2c.serve")


class _TypesOnly(logging.Handler):
    """Writes that something was logged and where, with the type of its exception."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        place = f"{record.name}:{record.funcName}:{record.lineno}"
        if record.levelno >= logging.ERROR:
            log.error("library", what=place, exc_info=error)
        else:
            log.warning("library", what=place, exc_info=error)


def tell_types_only() -> None:
    """Let the logs of libraries, and threads that die, tell no message; for the whole process."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.addHandler(_TypesOnly(logging.WARNING))
    threading.excepthook = _died


def _died(ended: threading.ExceptHookArgs) -> None:
    name = "" if ended.thread is None else ended.thread.name
    log.error("thread died", what=name, exc_info=ended.exc_value)
