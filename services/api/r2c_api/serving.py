"""Runs the application under uvicorn, so that a stop loses nothing and keeps nobody waiting."""

from __future__ import annotations

import socket
import time
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from r2c_api.app import create_app
from r2c_api.faults import CANNOT_LISTEN, NO_KEYS_YET
from r2c_api.foreign_logs import tell_types_only
from r2c_api.logs import logger
from r2c_api.loopback import is_loopback

if TYPE_CHECKING:
    from r2c.settings import Settings
    from r2c_api.service import Service

log = logger("r2c.serve")
_CLOSING_SECONDS = 5
"""What requests in flight get when the service stops; streams and waits end at once."""


class _Server(uvicorn.Server):
    """A server that ends its streams when it is told to stop, in place of waiting for them."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._service.bell.close()
        super().handle_exit(sig, frame)


def serve(settings: Settings, host: str, port: int, *, keys: bool) -> None:
    """Serve until SIGTERM or Ctrl-C; port 0 takes a free one, which the log tells.

    Raises:
        InputError: R2C-B616, keys are needed and there are none; R2C-B617, the address cannot be
            had.
        StoreError: R2C-B613, the store cannot be used.
    """
    app = create_app(settings, keys=keys)
    service: Service = app.state.service
    now = time.time()
    if keys and not any(key.valid(now) for key in service.keys.every()):
        raise NO_KEYS_YET(host=host)
    tell_types_only()
    app.openapi()  # takes seconds, in which nobody else would be served
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.serve_proxies,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )
    with _listening(host, port) as listener:
        address = listener.getsockname()
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        log.info(
            "listening" if keys else "listening without keys: only this machine is answered",
            url=f"http://{shown}:{address[1]}",
            keys_needed=keys,
        )
        _Server(config, service).run(sockets=[listener])


def needs_keys(host: str, *, wanted: bool) -> bool:
    """Whether a service on an address needs keys: always, but on the loopback address."""
    return wanted or not is_loopback(host)


def _listening(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            made.listen(2048)
        except OSError:
            made.close()
            raise
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CANNOT_LISTEN(host=host, port=port, reason=reason) from None
    return made
