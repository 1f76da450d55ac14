"""`r2c serve`: the HTTP service on this machine."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8000,
    keys: Annotated[
        bool, typer.Option("--keys", help="Ask for keys on the loopback address too.")
    ] = False,
) -> None:
    """Serve formulations over HTTP: jobs, their events and their parts; /openapi.json tells all.

    On the loopback address no key is needed, and only programs of this machine are answered. Any
    other address needs keys; `r2c keys create` makes them. Ctrl-C or SIGTERM stops: jobs that do
    not end in time go on after the next start.
    """
    from r2c.settings import load_settings
    from r2c_api.serving import needs_keys
    from r2c_api.serving import serve as run

    run(load_settings(), host, port, keys=needs_keys(host, wanted=keys))
