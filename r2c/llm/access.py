"""How to reach an endpoint, and the openai client opened for it (imported only then, 0.3 s)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from r2c.llm.failures import CLIENT_MISSING

if TYPE_CHECKING:
    from openai import AsyncOpenAI


@dataclass(frozen=True)
class Access:
    """How to reach an endpoint: base address up to `/v1`, key, time limits in seconds."""

    url: str
    key: str = ""
    connect_seconds: float = 5.0
    request_seconds: float = 300.0


def import_openai() -> ModuleType:
    """The client library, or R2C-L018 when it is not installed. It takes 0.3 s to import."""
    try:
        import openai
    except ImportError as error:
        raise CLIENT_MISSING(reason=str(error)) from error
    return openai


def open_client(access: Access) -> AsyncOpenAI:
    """The library's client, told to leave retries, time limits and connections to us."""
    openai = import_openai()
    import httpx2

    client: AsyncOpenAI = openai.AsyncOpenAI(
        base_url=access.url,
        api_key=access.key or "none",
        max_retries=0,
        timeout=openai.Timeout(None, connect=access.connect_seconds),
        http_client=openai.DefaultAsyncHttpxClient(
            limits=httpx2.Limits(max_keepalive_connections=0)
        ),
    )
    return client
