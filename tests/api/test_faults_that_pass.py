"""What passes is tried again, what does not ends the job; the worker outlives both."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from readers import BAKERY
from watched import Open, state_of, told

import r2c.pipeline.store
import r2c_api.jobs.runs
import r2c_api.jobs.worker
from r2c.llm.failures import KEY_REFUSED, UNREACHABLE
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c_api.faults import NO_SERVICE
from r2c_api.jobs.table import JobTable


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(r2c_api.jobs.worker, "_RETRY_SECONDS", (0.1,))
    monkeypatch.setattr(r2c_api.jobs.worker, "_IDLE_SECONDS", 0.1)


async def test_a_model_that_comes_back_goes_on_where_it_went_away(service_open: Open) -> None:
    away = 2

    def answer(call: Call) -> Answer:
        nonlocal away
        if call.purpose == "sentence 3" and away:
            away -= 1
            return UNREACHABLE(url="u", reason="refused")
        return BAKERY.answer(call)

    model = ScriptedModel(answer)
    async with service_open(model) as (client, _):
        url = (await client.post("/v1/formulations", json={"text": BAKERY.text})).headers[
            "location"
        ]
        ended = await state_of(client, url.rpartition("/")[2], "succeeded", "failed")
        assert (ended["state"], ended["attempt"]) == ("succeeded", 3)
        stages = [data["step"]["stage"] for _, kind, data in told(
            (await client.get(f"{url}/events")).text) if kind == "step"]  # fmt: skip
        assert stages.count("retry") == 2
        assert [call.purpose for call in model.calls].count("decisions") == 1


async def test_a_model_that_stays_away_fails_the_job_with_its_fault(service_open: Open) -> None:
    model = ScriptedModel(lambda _: UNREACHABLE(url="u", reason="refused"))
    async with service_open(model, serve_attempts=3) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        ended = await state_of(client, made.json()["id"], "failed", "succeeded")
        assert (ended["fault"]["code"], ended["attempt"]) == ("R2C-L001", 3)


async def test_a_refused_key_is_not_tried_again(service_open: Open) -> None:
    model = ScriptedModel(lambda _: KEY_REFUSED(url="u", status=401, said="no"))
    async with service_open(model) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        ended = await state_of(client, made.json()["id"], "failed", "succeeded")
        assert (ended["fault"]["code"], ended["attempt"]) == ("R2C-L005", 1)


async def test_a_fault_inside_r2c_ends_its_job_and_no_other(
    service_open: Open, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = r2c_api.jobs.runs.run_job

    async def broken(record, *args):
        if record.title == "bad":
            raise RuntimeError("secret words")
        return await plain(record, *args)

    monkeypatch.setattr(r2c_api.jobs.worker, "run_job", broken)
    async with service_open(BAKERY.model()) as (client, _):
        bad = await client.post("/v1/formulations", json={"text": BAKERY.text, "title": "bad"})
        good = await client.post("/v1/formulations", json={"text": BAKERY.text})
        ended = await state_of(client, bad.json()["id"], "failed", "succeeded")
        assert ended["fault"]["code"] == "R2C-B600"
        assert (await state_of(client, good.json()["id"], "succeeded"))["attempt"] == 1
    said = capfd.readouterr().err
    assert "RuntimeError" in said and "secret" not in said


async def test_a_full_disk_costs_an_attempt_and_no_job(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, plain = [True], r2c.pipeline.store._write

    def write(target: Path, text: str) -> None:
        if target.name == "result.json" and full:
            full.pop()
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(target, text)

    monkeypatch.setattr(r2c.pipeline.store, "_write", write)
    model = BAKERY.model()
    async with service_open(model) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        ended = await state_of(client, made.json()["id"], "succeeded", "failed")
        assert (ended["state"], ended["attempt"]) == ("succeeded", 2), ended["fault"]
        assert len(model.calls) == 6  # nothing was asked twice


async def test_a_store_that_fails_is_told_and_not_ready(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with service_open(BAKERY.model()) as (client, service):
        assert (await client.get("/readyz")).json()["ready"] is True
        assert (await client.get("/healthz")).json() == {"status": "ok"}

        def broken(*_: object, **__: object):
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(service.database, "_connected", broken)
        said = await client.get("/readyz")
        while said.status_code == 200:  # what was found fine a moment ago is not tried at once
            await asyncio.sleep(0.1)
            said = await client.get("/readyz")
        assert (said.status_code, said.json()["checks"]["store"]["code"]) == (503, "R2C-B613")
        refused = await client.post("/v1/formulations", json={"text": BAKERY.text})
        assert (refused.status_code, refused.json()["code"]) == (503, "R2C-B613")
        assert (await client.get("/healthz")).status_code == 200
        monkeypatch.undo()
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        await state_of(client, made.json()["id"], "succeeded")


async def test_metrics_count_requests_and_jobs(service_open: Open) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        await state_of(client, made.json()["id"], "succeeded")
        ended = 'kind="formulate",outcome="optimal",state="succeeded"'
        async with asyncio.timeout(30):  # the worker counts what it has just told
            while f'r2c_jobs_ended_total{{{ended},trust="' not in (
                said := (await client.get("/metrics")).text
            ):
                await asyncio.sleep(0.05)
        assert 'r2c_jobs{state="queued"} 0.0' in said
        assert 'route="/v1/formulations",status="202"' in said
        assert made.json()["id"] not in said


async def test_no_fault_of_the_table_ends_the_threads_of_a_worker(
    service_open: Open, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    claims, beats = [3], [3]

    plain_claim, plain_beat = JobTable.claim, JobTable.beat

    def claim(*args):
        claims[0] -= 1
        if claims[0] >= 0:
            raise ValueError("secret words")
        return plain_claim(*args)

    def beat(*args):
        beats[0] -= 1
        if beats[0] >= 0:
            raise ValueError("secret words")
        return plain_beat(*args)

    monkeypatch.setattr(JobTable, "claim", claim)
    monkeypatch.setattr(JobTable, "beat", beat)
    async with service_open(BAKERY.model()) as (client, service):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        await state_of(client, made.json()["id"], "succeeded")
        while beats[0] >= 0:
            await asyncio.sleep(0.05)
        assert service.worker.alive
    said = capfd.readouterr().err
    assert "ValueError" in said and "secret" not in said


async def test_a_job_that_was_entered_though_the_database_never_said_so_keeps_its_problem(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = JobTable.submit

    def silent(self: JobTable, *args: Any, **more: Any) -> None:
        submit(self, *args, **more)
        raise NO_SERVICE(reason="the connection was lost")

    async with service_open(ScriptedModel(BAKERY.answer)) as (client, _):
        body = {"json": {"text": BAKERY.text}, "headers": {"Idempotency-Key": "once"}}
        with monkeypatch.context() as away:
            away.setattr(JobTable, "submit", silent)
            assert (await client.post("/v1/formulations", **body)).status_code == 503
        again = await client.post("/v1/formulations", **body)
        assert again.status_code == 202
        ended = await state_of(client, again.json()["id"], "succeeded", "failed")
        assert ended["state"] == "succeeded"
