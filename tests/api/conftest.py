"""The real app over a transport without sockets, with a scripted model behind it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from r2c.llm.model import LanguageModel
from r2c.settings import Settings
from r2c_api.app import create_app
from r2c_api.service import Service

# The written readings of small problems are kept beside the tests of the pipeline.
sys.path.append(str(Path(__file__).parents[1] / "pipeline"))


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that runs across midnight stays on the day on which it began."""
    today = datetime.now(UTC).date().isoformat()
    monkeypatch.setattr("r2c_api.keys.table._today", lambda: today)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three samples, two rounds of repair, everything in a folder of the test."""
    return Settings(
        data_dir=tmp_path / "data",
        cache_dir=tmp_path / "cache",
        samples=3,
        budget_rounds=2,
        budget_seconds=240,
        serve_beat_seconds=0.2,
        serve_stalled_seconds=2.0,
        serve_drain_seconds=0.0,
    )


@pytest.fixture
def service_open(
    settings: Settings,
) -> Callable[..., AbstractAsyncContextManager[tuple[httpx2.AsyncClient, Service]]]:
    """Opens the service, with another model or other settings if wanted."""

    @asynccontextmanager
    async def opened(
        model: LanguageModel | None = None, /, **other: object
    ) -> AsyncIterator[tuple[httpx2.AsyncClient, Service]]:
        app = create_app(settings.model_copy(update=other), model)
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.state.service.running(),
            httpx2.AsyncClient(
                transport=transport, base_url="http://localhost", timeout=200
            ) as client,
        ):
            yield client, app.state.service

    return opened
