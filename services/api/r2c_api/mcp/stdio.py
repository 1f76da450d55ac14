"""The tools over standard input and output: with a service of this process, or a running one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from r2c.client.asynchronous import AsyncClient
from r2c.client.patience import Patience
from r2c_api.app import create_app
from r2c_api.foreign_logs import tell_types_only
from r2c_api.mcp.in_process import InProcess
from r2c_api.mcp.server import mcp_server
from r2c_api.mcp.tools import Clients

if TYPE_CHECKING:
    from r2c.llm.model import LanguageModel
    from r2c.settings import Settings

HERE = "http://localhost"
PATIENCE = Patience(retries=3)
"""A host waits, and tells its own user what went wrong."""


async def inside(settings: Settings, model: LanguageModel | None = None) -> None:
    """Serve until the input ends; jobs that have not ended then go on after the next start.

    Raises:
        StoreError: R2C-B613, the store cannot be made.
    """
    app = create_app(settings, model)
    async with (
        app.state.service.running(),
        AsyncClient(HERE, patience=PATIENCE, transport=InProcess(app)) as client,
    ):
        await _serve(shared(client))


async def remote(url: str, settings: Settings) -> None:
    """Serve until the input ends; the jobs are those of the service at an address."""
    key = settings.service_key
    client = AsyncClient(url, None if key is None else key.get_secret_value(), patience=PATIENCE)
    async with client:
        await _serve(shared(client))


def shared(client: AsyncClient) -> Clients:
    """One client for all calls."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[AsyncClient]:
        yield client

    return opened


async def _serve(clients: Clients) -> None:
    tell_types_only()
    await mcp_server(clients).run_stdio_async(show_banner=False)
