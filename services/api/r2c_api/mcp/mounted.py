"""The tools at /mcp of the service: every call goes on as requests of whoever sent it.

A call carries its key on to the endpoints, so scopes, tenants, limits and the audit are theirs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastmcp.server.dependencies import get_http_headers, get_http_request

from r2c.client.asynchronous import AsyncClient
from r2c_api.mcp.in_process import InProcess
from r2c_api.mcp.server import mcp_server
from r2c_api.mcp.stdio import HERE, PATIENCE

if TYPE_CHECKING:
    from fastmcp.server.http import StarletteWithLifespan
    from starlette.types import ASGIApp

PATH = "/mcp"


def mounted(app: ASGIApp) -> StarletteWithLifespan:
    """The application at that path; each request is complete in itself, so any process answers it.

    Hosts and origins are looked at by what stands before all endpoints.
    """

    @asynccontextmanager
    async def clients() -> AsyncIterator[AsyncClient]:
        said = get_http_headers(include={"authorization"}).get("authorization", "")
        key = said.partition(" ")[2].strip() or None
        sender = get_http_request().client
        transport = InProcess(app) if sender is None else InProcess(app, (sender.host, sender.port))
        async with AsyncClient(HERE, key, patience=PATIENCE, transport=transport) as client:
            yield client

    return mcp_server(clients).http_app(
        path=PATH, stateless_http=True, host_origin_protection=False
    )
