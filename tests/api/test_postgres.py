"""Several processes share the jobs of one Postgres: each is done once, whoever takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from databases import schema
from pydantic import SecretStr
from readers import BAKERY
from watched import Silent, state_of, told

from r2c.errors import StoreError
from r2c.settings import Settings
from r2c_api.app import create_app
from r2c_api.jobs.table import JobTable
from r2c_api.keys.table import KeyTable
from r2c_api.store.postgres import PostgresDatabase

pytestmark = pytest.mark.postgres


@pytest.fixture
def shared(settings: Settings) -> Iterator[Settings]:
    with schema() as url:
        yield settings.model_copy(update={"database": SecretStr(url)})


def client_of(app) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://localhost", timeout=200)


def test_an_event_that_appears_after_one_of_a_greater_number_is_seen(shared: Settings) -> None:
    """Of two transactions at once the one that numbered its event first may end last."""
    assert shared.database is not None
    insert = "INSERT INTO event (job, number, at, attempt) VALUES ('j', ?, 0, 1)"
    database = PostgresDatabase(shared.database.get_secret_value())
    jobs = JobTable(database, queue=10)
    seen = [jobs.position()]
    with database.writing() as first:
        first.run(insert, 1)
        with database.writing() as second:
            second.run(insert, 2)
        seen.append(jobs.position())
    seen.append(jobs.position())
    assert len(set(seen)) == 3
    database.close()


async def test_two_processes_share_jobs_and_events(shared: Settings) -> None:
    models = BAKERY.model(), BAKERY.model()
    apps = [create_app(shared, model) for model in models]
    async with (
        apps[0].state.service.running(),
        apps[1].state.service.running(),
        client_of(apps[0]) as one,
        client_of(apps[1]) as two,
    ):
        send: dict[str, Any] = {"json": {"text": BAKERY.text}, "headers": {"Idempotency-Key": "k"}}
        sent = await asyncio.gather(
            *(client.post("/v1/formulations", **send) for client in (one, two) * 5)
        )
        (job,) = {response.json()["id"] for response in sent}
        more = [
            (await client.post("/v1/formulations", json={"text": BAKERY.text})).json()["id"]
            for client in (one, two) * 3
        ]
        for id in (job, *more):
            ended = await state_of(two, id, "succeeded", "failed")
            assert (ended["state"], ended["attempt"]) == ("succeeded", 1), ended["fault"]
        for client in (one, two):
            events = told((await client.get(f"/v1/formulations/{job}/events")).text)
            assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
        assert sum(len(model.calls) for model in models) == 7 * 6


async def test_a_job_is_cancelled_through_another_process_than_the_one_that_works_on_it(
    shared: Settings,
) -> None:
    model = Silent()
    taking = create_app(shared.model_copy(update={"serve_jobs": 0}), BAKERY.model())
    working = create_app(shared, model)
    async with (
        taking.state.service.running(),
        working.state.service.running(),
        client_of(taking) as client,
        client_of(working) as other,
    ):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        job = made.json()["id"]
        await state_of(client, job, "running")
        while not model.asked:
            await asyncio.sleep(0.02)
        asked = await client.post(f"/v1/formulations/{job}/cancel")
        assert (asked.status_code, asked.json()["state"]) == (200, "running")
        ended = await state_of(client, job, "cancelled", seconds=60)
        assert model.stopped and ended["fault"] is None
        events = told((await other.get(f"/v1/formulations/{job}/events")).text)
        states = [data["state"] for _, kind, data in events if kind == "state"]
        assert states == ["queued", "running", "cancelled"]


async def test_what_tenants_use_is_added_up_by_all_processes(shared: Settings) -> None:
    assert shared.database is not None
    database = PostgresDatabase(shared.database.get_secret_value())
    keys = KeyTable(database)
    await asyncio.gather(*(asyncio.to_thread(keys.use, "a", 10, 0.5) for _ in range(20)))
    assert keys.used("a").tokens == 200
    assert keys.used("a").solver_seconds == pytest.approx(10.0)
    made, _ = keys.create("a")
    assert [key.id for key in keys.every()] == [made.id]
    database.close()


def test_a_server_that_is_not_there_is_a_coded_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    import r2c_api.store.postgres

    monkeypatch.setattr(r2c_api.store.postgres, "_PATIENCE_SECONDS", 1.0)
    with pytest.raises(StoreError, match="R2C-B613") as caught:
        PostgresDatabase("postgresql://nobody:canary@127.0.0.1:9/none")
    assert "canary" not in str(caught.value)
