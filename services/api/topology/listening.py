"""Serves an application on a free port of the loopback address, which its first line tells."""

from __future__ import annotations

import json
import socket
import sys

import uvicorn
from starlette.types import ASGIApp


def serve(app: ASGIApp, fragment: str = "", port: int = 0) -> None:
    """Serve until told to stop, with the same options as `r2c serve`.

    Args:
        app: What answers.
        fragment: What the address ends with.
        port: The port; 0 takes a free one.
    """
    listener = socket.create_server(("127.0.0.1", port), backlog=2048)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}{fragment}"
    sys.stderr.write(json.dumps({"url": url}) + "\n")
    sys.stderr.flush()
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])
