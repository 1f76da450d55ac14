"""`r2c mcp`: the tools for a host of language models, over standard input and output."""

from __future__ import annotations

from typing import Annotated

import typer


def mcp(
    url: Annotated[
        str | None,
        typer.Option(
            help="The address of a running service (`r2c serve`); its key is R2C_SERVICE_KEY. Left "
            "out: a service of this process alone, with its jobs in R2C_DATA_DIR."
        ),
    ] = None,
) -> None:
    """Serve R2C's tools to a host of language models (MCP) over standard input and output.

    The host starts this command; docs/mcp.md shows its configuration. Nothing else may be written
    to standard output, so messages go to standard error.
    """
    import asyncio

    from r2c_api.mcp.installed import needed

    needed()
    from r2c.settings import load_settings
    from r2c_api.mcp.stdio import inside, remote

    settings = load_settings()
    asyncio.run(inside(settings) if url is None else remote(url, settings))
