"""No answer is lost, no job goes on for ever, and no tenant goes far beyond its day."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from urllib.parse import unquote

import httpx2
import pytest
from ambiguous_texts import FLORIST
from readers import BAKERY, FERRY
from served_app import Waiting
from test_answers_over_http import WAIT
from test_keys import bearer, guarded
from watched import Open, is_problem, state_of, told

import r2c_api.jobs.worker
from r2c.client import calls
from r2c.client.asynchronous import AsyncClient
from r2c.client.faults import JobFailed
from r2c.formulation import Event
from r2c.llm.failures import UNREACHABLE
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.store import JobStore
from r2c.settings import Settings
from r2c_api.keys.key import Allowance
from r2c_api.tenants import settings_for

BREAD = {
    "decisions": [{"name": "loaves", "domain": "integer"}],
    "rules": [{"id": "oven", "operands": {"relation": "2*loaves <= 61"}}],
    "objectives": [{"sense": "max", "expr": "3*loaves"}],
}


async def test_an_answer_that_cannot_be_worked_in_leaves_the_one_before(service_open: Open) -> None:
    away = False

    def answer(call: Call) -> Answer:
        return UNREACHABLE(url="u", reason="refused") if away else FLORIST.answer(call)

    async with service_open(ScriptedModel(answer), serve_attempts=1) as (client, service):
        made = await client.post("/v1/formulations", json={"text": FLORIST.text}, headers=WAIT)
        (question,) = made.json()["result"]["questions"]
        url = made.headers["location"]
        before = (await client.get(f"{url}/result")).json()
        send = {"json": {"answers": {question["id"]: "40 hours"}}, "headers": WAIT}
        away = True
        failed = (await client.post(f"{url}/answers", **send)).json()
        assert (failed["state"], failed["fault"]["code"]) == ("succeeded", "R2C-L001")
        assert (await client.get(f"{url}/result")).json() == before
        asking = AsyncClient("http://localhost", transport=client._transport)
        with pytest.raises(JobFailed, match="R2C-L001"):
            await asking.job(made.json()["id"]).wait()
        away = False
        ended = (await client.post(f"{url}/answers", **send)).json()
        assert (ended["state"], ended["fault"]) == ("succeeded", None)
        assert ended["result"]["objective"] == pytest.approx(188.0)
        folder = settings_for(service.settings, "local").data_dir / "jobs" / ended["id"]
        assert not list(folder.glob("former*"))


def test_a_job_is_put_back_however_often_that_was_begun(settings: Settings) -> None:
    from r2c.pipeline.answering import answer
    from r2c.pipeline.api import formulate

    first = formulate(FLORIST.text, settings=settings, model=FLORIST.model())
    store = JobStore(settings.data_dir)
    (folder,) = store.jobs.iterdir()
    (question,) = first.questions
    away = ScriptedModel(lambda _: UNREACHABLE(url="u", reason="refused"))
    for _ in range(2):  # the second time goes on from where the first one was cut off
        with pytest.raises(Exception, match="R2C-L001"):
            answer(folder.name, {question.id: "40 hours"}, settings=settings, model=away)
    assert store.result(folder.name) is None and store.answers(folder.name).given
    assert store.restore(folder.name) and store.restore(folder.name)
    assert store.result(folder.name) == first
    assert not store.answers(folder.name).given


async def test_a_job_stops_soon_after_the_day_of_its_tenant_is_used_up(
    settings: Settings, tmp_path: Path
) -> None:
    model = Waiting(tmp_path / "log", tmp_path / "gate")
    async with guarded(settings, model) as (client, service):
        _, key = service.keys.create("acme", allowance=Allowance(tokens_per_day=1_000_000))
        made = await client.post("/v1/formulations", json={"text": FERRY.text}, headers=bearer(key))
        while not (tmp_path / "gate.reached").exists():
            await asyncio.sleep(0.02)
        service.keys.use("acme", tokens=1_000_000)  # by its other jobs, say
        while not (record := service.jobs.get("acme", made.json()["id"])).state.ended:
            await asyncio.sleep(0.05)
        assert record.fault is not None
        assert (record.state, record.fault.code) == ("failed", "R2C-B634")


async def test_a_job_is_ended_after_its_wall_time_though_its_worker_hangs(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(r2c_api.jobs.worker, "_GRACE_SECONDS", 0.5)
    hanging = threading.Event()

    def answer(call: Call) -> Answer:
        hanging.wait(60)  # the whole loop of the worker; its signs of life go on
        return BAKERY.answer(call)

    async with service_open(ScriptedModel(answer), serve_job_seconds=1.0) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        try:
            ended = await state_of(client, made.json()["id"], "failed", "succeeded", seconds=60)
        finally:
            hanging.set()
        assert ended["fault"]["code"] == "R2C-B729"


async def test_a_job_that_somebody_holds_for_ever_is_ended(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(r2c_api.jobs.worker, "_BUSY_SECONDS", 0.2)
    monkeypatch.setattr(r2c_api.jobs.worker, "_IDLE_SECONDS", 0.1)
    async with service_open(BAKERY.model(), serve_jobs=1, serve_job_seconds=1.0) as (
        client,
        service,
    ):
        store = JobStore(settings_for(service.settings, "local").data_dir)
        begun = store.begun

        def held(problem):
            made = begun(problem)
            job = made.__enter__()
            made.__exit__(None, None, None)
            holding.append(store.held(job))
            holding[-1].__enter__()

            class Done:
                def __enter__(self):
                    return job

                def __exit__(self, *_):
                    return None

            return Done()

        holding: list = []
        monkeypatch.setattr(JobStore, "begun", lambda _, problem: held(problem))
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        ended = await state_of(client, made.json()["id"], "failed", "succeeded", seconds=60)
        holding[0].__exit__(None, None, None)
        assert ended["fault"]["code"] == "R2C-B729"


async def test_a_tenant_has_a_number_of_streams_and_gets_them_back(service_open: Open) -> None:
    async with service_open(BAKERY.model(), serve_streams=2, serve_jobs=0) as (client, service):
        url = (await client.post("/v1/formulations", json={"text": BAKERY.text})).headers[
            "location"
        ]
        open_ones = [asyncio.create_task(client.get(f"{url}/events")) for _ in range(2)]
        while service.streams["local"] < 2:
            await asyncio.sleep(0.02)
        is_problem(await client.get(f"{url}/events"), 429, "R2C-B728")
        await client.post(f"{url}/cancel")
        for one in await asyncio.gather(*open_ones):
            assert told(one.text)[-1][2]["state"] == "cancelled"
        assert not service.streams
        assert (await client.get(f"{url}/events")).status_code == 200


async def test_streams_that_begin_at_once_are_not_more_than_may_be(service_open: Open) -> None:
    async with service_open(BAKERY.model(), serve_streams=2, serve_jobs=0) as (client, service):
        url = (await client.post("/v1/formulations", json={"text": BAKERY.text})).headers[
            "location"
        ]
        every = [asyncio.create_task(client.get(f"{url}/events")) for _ in range(30)]
        async with asyncio.timeout(100):
            while sum(not one.done() for one in every) > 2:
                await asyncio.sleep(0.05)
        assert service.streams["local"] == 2
        await client.post(f"{url}/cancel")
        answers = await asyncio.gather(*every)
        assert {one.status_code for one in answers} <= {200, 429}
        assert sum(bool(told(one.text)) for one in answers if one.status_code == 200) == 2


async def test_events_with_strange_line_breaks_arrive_whole(service_open: Open) -> None:
    words = "one\u2028two\u2029three\x85four"
    async with service_open(serve_jobs=0) as (client, service):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        job = made.json()["id"]
        claimed = service.jobs.claim("w")
        assert claimed is not None
        service.jobs.tell(claimed[1], Event(stage="reading", message=words))
        service.jobs.cancel("local", job)
        service.jobs.hand_back(claimed[1])
        asking = AsyncClient("http://localhost", transport=client._transport)
        found = [event.step.message async for event in asking.events(job) if event.step]
    assert found == [words]


async def test_large_answers_are_not_read_where_all_requests_wait(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, readers = threading.get_ident(), []
    plain = JobStore.result

    def watched(self: JobStore, job: str):
        readers.append(threading.get_ident())
        return plain(self, job)

    async with service_open() as (client, _):
        made = await client.post("/v1/solve", json={"cir": BREAD}, headers=WAIT)
        url = made.headers["location"]
        monkeypatch.setattr(JobStore, "result", watched)
        paths = (
            "result cir solution verdict sensitivity formulation/latex formulation/python".split()
        )
        for path in paths:
            assert (await client.get(f"{url}/{path}")).status_code == 200
        for path, body in (
            ("what-if", {"changes": ["without oven"]}),
            ("why-not", {"wish": "loaves >= 40"}),
            ("answers", {"answers": {"a": 1}}),
        ):
            await client.post(f"{url}/{path}", json=body)
    assert len(readers) >= 8 and loop not in readers


async def test_what_ended_long_ago_loses_its_files_before_its_row(service_open: Open) -> None:
    async with service_open() as (client, service):
        made = await client.post("/v1/solve", json={"cir": BREAD}, headers=WAIT)
        job = made.json()["id"]
        folder = settings_for(service.settings, "local").data_dir / "jobs" / job
        assert folder.is_dir()
        order: list[str] = []
        forget = service.jobs.forget

        def forgetting(jobs: list[str], before: float) -> None:
            order.append("row of a folder that is gone" if not folder.exists() else "row first")
            forget(jobs, before)

        service.jobs.forget = forgetting
        keep = service.settings.model_copy(update={"serve_keep_days": 1e-9})
        service.worker._settings = keep
        while service.jobs.old(time.time()):
            service.worker._sweep()
            await asyncio.sleep(0.02)
        assert order[0] == "row of a folder that is gone"
        is_problem(await client.get(made.headers["location"]), 404, "R2C-B602")


@pytest.mark.parametrize("id", ["../cards", "a/b", "a?b=c", "a#b", "%2e%2e", "ä"])
def test_ids_are_one_part_of_a_path_whatever_is_in_them(id: str) -> None:
    for path in (
        calls.job(id).path,
        calls.cir(id).path,
        calls.batch_of(id).path,
        calls.card(id).path,
        calls.patch("x", id, {}).path,
    ):
        url = httpx2.URL("http://localhost").join(path)
        assert id in map(unquote, url.raw_path.decode().split("/"))
        assert url.query == b"" and url.fragment == ""


async def test_numbers_for_prometheus_tell_stages_tokens_solver_and_cards(
    service_open: Open,
) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        await client.post("/v1/formulations", json={"text": BAKERY.text}, headers=WAIT)
        said = (await client.get("/metrics")).text
    values = dict(line.rsplit(" ", 1) for line in said.splitlines() if line[0] != "#")
    assert float(values['r2c_stage_seconds_count{stage="reading"}']) == 4
    assert float(values['r2c_model_tokens_total{direction="out",stage="sentence"}']) > 0
    assert float(values['r2c_model_tokens_total{direction="in",stage="decisions"}']) > 0
    assert float(values["r2c_solver_seconds_total"]) > 0
    for name in ("r2c_reflections_total", "r2c_card_rank_count", 'r2c_jobs{state="queued"}'):
        assert name in values
    assert 'r2c_model_unreadable_total{stage="sentence"}' in values
