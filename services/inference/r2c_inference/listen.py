"""The address that clients reach, taken before anything slow begins."""

from __future__ import annotations

import socket

from r2c.errors import InputError, declare

PORT_TAKEN = declare(
    "R2C-I032", InputError,
    what="Nothing can listen at {host} port {port}.",
    why="{reason}.",
    remedy="Choose another with --port (0 takes a free one), or end what listens there: "
    "`r2c models status` lists the servers of R2C.",
)  # fmt: skip


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. It listens at once: two that are only bound may share a port.

    Raises:
        InputError: R2C-I032.
    """
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, number)
    except OSError as error:
        raise PORT_TAKEN(host=host, port=port, reason=str(error)) from error
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(2048)
    except OSError as error:
        found.close()
        raise PORT_TAKEN(host=host, port=port, reason=error.strerror or str(error)) from error
    return found


def url_of(bound: socket.socket) -> str:
    """The address of a bound socket as clients write it."""
    host, port = bound.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/v1"
