"""A problem in words goes in, its job is followed, and what was asked twice is done once."""

from __future__ import annotations

import asyncio

import pytest
from readers import BAKERY, FERRY, HARVEST
from watched import Open, Silent, is_problem, state_of, told

from r2c.llm.testing import Answer, Call, ScriptedModel


async def test_a_problem_becomes_a_job_that_ends_with_its_answer(service_open: Open) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text, "title": "buns"})
        assert made.status_code == 202
        job = made.json()
        assert made.headers["location"] == f"/v1/formulations/{job['id']}"
        assert made.headers["retry-after"] == "1"
        assert (job["state"], job["title"], job["kind"]) == ("queued", "buns", "formulate")
        ended = await state_of(client, job["id"], "succeeded", "failed")
        assert ended["state"] == "succeeded", ended["fault"]
        assert ended["result"]["outcome"] == "optimal"
        assert ended["result"]["objective"] == pytest.approx(40.0)
        assert ended["attempt"] == 1
        assert ended["links"]["lp"].endswith("/formulation/lp")
        (listed,) = (await client.get("/v1/formulations")).json()["jobs"]
        assert listed == ended


async def test_a_client_that_prefers_to_wait_gets_the_end_at_once(service_open: Open) -> None:
    async with service_open(HARVEST.model()) as (client, _):
        made = await client.post(
            "/v1/formulations", json={"text": HARVEST.text}, headers={"Prefer": "wait=60"}
        )
        assert (made.status_code, made.json()["state"]) == (200, "succeeded")
        assert made.headers["preference-applied"] == "wait=60"
        assert made.json()["result"]["outcome"] == "infeasible"


async def test_the_events_are_replayed_and_resumed_by_number(service_open: Open) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        url = f"{made.headers['location']}/events"
        first = told((await client.get(url)).text)  # follows the job to its end
        assert [number for number, _, _ in first] == list(range(1, len(first) + 1))
        states = [data["state"] for _, kind, data in first if kind == "state"]
        assert states == ["queued", "running", "succeeded"]
        stages = [data["step"]["stage"] for _, kind, data in first if kind == "step"]
        assert stages[0] == "start" and stages[-1] == "conclude" and "reading" in stages
        again = told((await client.get(url)).text)
        assert again == first
        rest = told((await client.get(url, headers={"Last-Event-ID": "3"})).text)
        assert rest == first[3:]
        nothing = await client.get(url, headers={"Last-Event-ID": str(len(first))})
        assert nothing.status_code == 204
        is_problem(await client.get(url, headers={"Last-Event-ID": "x"}), 422, "R2C-B601")


async def test_a_job_that_did_not_change_is_not_sent_again(service_open: Open) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        made = await client.post(
            "/v1/formulations", json={"text": BAKERY.text}, headers={"Prefer": "wait=60"}
        )
        url, etag = made.headers["location"], made.headers["etag"]
        assert (await client.get(url)).headers["etag"] == etag
        same = await client.get(url, headers={"If-None-Match": etag})
        assert (same.status_code, same.text) == (304, "")
        assert (await client.get(url, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_request_that_is_sent_again_with_its_key_does_nothing_twice(
    service_open: Open,
) -> None:
    model = BAKERY.model()
    async with service_open(model) as (client, service):
        send = {"json": {"text": BAKERY.text}, "headers": {"Idempotency-Key": "a-1"}}
        sent = await asyncio.gather(*(client.post("/v1/formulations", **send) for _ in range(20)))
        assert {response.status_code for response in sent} <= {200, 202}
        (job,) = {response.json()["id"] for response in sent}
        await state_of(client, job, "succeeded")
        again = await client.post("/v1/formulations", **send)
        assert again.json()["id"] == job
        other = await client.post(
            "/v1/formulations", json={"text": FERRY.text}, headers={"Idempotency-Key": "a-1"}
        )
        is_problem(other, 422, "R2C-B606")
        assert len(model.calls) == 6
        folder = service.settings.data_dir / "service" / "tenants" / "local" / "jobs"
        assert [path.name for path in folder.iterdir()] == [job]


async def test_a_running_job_is_cancelled_while_the_model_speaks(service_open: Open) -> None:
    model = Silent()
    async with service_open(model) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        job = made.json()["id"]
        while not model.asked:
            await asyncio.sleep(0.02)
        asked = await client.post(f"/v1/formulations/{job}/cancel")
        assert asked.status_code == 200
        ended = await state_of(client, job, "cancelled", seconds=20)
        assert model.stopped and ended["fault"] is None
        # A second time changes nothing, and so does cancelling what has ended.
        assert (await client.post(f"/v1/formulations/{job}/cancel")).json() == ended


async def test_a_waiting_job_is_cancelled_before_it_begins(service_open: Open) -> None:
    async with service_open(BAKERY.model(), serve_jobs=0) as (client, _):
        job = (await client.post("/v1/formulations", json={"text": BAKERY.text})).json()["id"]
        ended = (await client.post(f"/v1/formulations/{job}/cancel")).json()
        assert (ended["state"], ended["attempt"]) == ("cancelled", 0)
        events = told((await client.get(f"/v1/formulations/{job}/events")).text)
        assert [data["state"] for _, _, data in events] == ["queued", "cancelled"]


async def test_a_job_that_cannot_be_read_fails_with_the_fault_of_the_pipeline(
    service_open: Open,
) -> None:
    def nonsense(call: Call) -> Answer:
        return "I do not know"

    async with service_open(ScriptedModel(nonsense)) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        ended = await state_of(client, made.json()["id"], "failed", "succeeded")
        assert ended["state"] == "failed"
        assert ended["fault"]["code"].startswith("R2C-")
        assert ended["fault"]["remedy"]


async def test_a_queue_that_is_full_refuses_and_says_when_to_come_back(service_open: Open) -> None:
    async with service_open(BAKERY.model(), serve_jobs=0, serve_queue=2) as (client, service):
        for _ in range(2):
            assert (await client.post("/v1/formulations", json={"text": "x"})).status_code == 202
        refused = await client.post("/v1/formulations", json={"text": "x"})
        is_problem(refused, 503, "R2C-B607")
        assert int(refused.headers["retry-after"]) > 0
        folder = service.settings.data_dir / "service" / "tenants" / "local" / "jobs"
        assert len(list(folder.iterdir())) == 2  # of what was refused nothing is kept


async def test_files_of_every_kind_come_as_a_form(service_open: Open) -> None:
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["shop", "pallets"])
    book.active.append(["Lyon", 5])
    sheet = io.BytesIO()
    book.save(sheet)
    async with service_open(BAKERY.model(), serve_jobs=0) as (client, service):
        made = await client.post(
            "/v1/formulations",
            data={"text": BAKERY.text, "samples": "2"},
            files=[
                ("files", ("../../etc/plants.csv", b"plant,pallets\nA,40\n", "text/csv")),
                ("files", ("demand.xlsx", sheet.getvalue(), "application/octet-stream")),
            ],
        )
        assert made.status_code == 202, made.text
        from r2c.pipeline.store import JobStore
        from r2c_api.tenants import settings_for

        store = JobStore(settings_for(service.settings, "local").data_dir)
        problem = store.problem(made.json()["id"])
        assert [(table.name, table.path) for table in problem.tables] == [
            ("plants", "plants.csv"),
            ("demand", "demand.xlsx"),
        ]
        assert service.jobs.get("local", made.json()["id"]).request.samples == 2
