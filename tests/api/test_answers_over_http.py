"""Questions are answered over HTTP, and the same job goes on with the answers."""

from __future__ import annotations

import pytest
from ambiguous_texts import FLORIST
from watched import Open, is_problem, told

from r2c.client.asynchronous import AsyncClient

WAIT = {"Prefer": "wait=60"}
LORRY = """A lorry carries at most 12 tons. A pallet of tiles weighs 950 kg and earns 70 euros. A
pallet of cement weighs 1400 kg and earns 110 euros. How many pallets of each should be loaded to
maximize the earnings?"""
MODEL = {
    "decisions": [{"name": "tiles", "domain": "integer"}, {"name": "cement", "domain": "integer"}],
    "rules": [
        {
            "id": "load",
            "quote": "A lorry carries at most 12 tons.",
            "operands": {"relation": "950*tiles + 1400*cement <= 12000"},
        }
    ],
    "objectives": [{"sense": "max", "expr": "70*tiles + 110*cement"}],
}


async def test_a_job_goes_on_with_the_answer_and_reads_only_what_it_changes(
    service_open: Open,
) -> None:
    model = FLORIST.model()
    async with service_open(model) as (client, _):
        made = await client.post("/v1/formulations", json={"text": FLORIST.text}, headers=WAIT)
        job = made.json()
        assert job["result"]["outcome"] == "needs_input", job
        (question,) = job["result"]["questions"]
        url, asked = made.headers["location"], len(model.calls)
        before = told((await client.get(f"{url}/events")).text)
        wrong = await client.post(f"{url}/answers", json={"answers": {"no_such": "1"}})
        is_problem(wrong, 422, wrong.json()["code"])
        assert (await client.get(url)).headers["etag"] == made.headers["etag"]
        send = {"json": {"answers": {question["id"]: "40 hours"}}, "headers": WAIT}
        ended = (await client.post(f"{url}/answers", **send)).json()
        assert (ended["id"], ended["state"]) == (job["id"], "succeeded"), ended["fault"]
        assert ended["result"]["objective"] == pytest.approx(188.0)
        assert len(model.calls) == asked + 1
        rest = told(
            (await client.get(f"{url}/events", headers={"Last-Event-ID": str(len(before))})).text
        )
        states = [data["state"] for _, kind, data in rest if kind == "state"]
        assert states == ["queued", "running", "succeeded"]
        again = (await client.post(f"{url}/answers", **send)).json()
        assert again["result"]["objective"] == pytest.approx(188.0)
        assert len(model.calls) == asked + 1


async def test_questions_of_a_given_model_are_answered_too(service_open: Open) -> None:
    async with service_open() as (client, _):
        asked = AsyncClient("http://localhost", transport=client._transport)
        made = await client.post("/v1/solve", json={"cir": MODEL, "text": LORRY}, headers=WAIT)
        (question,) = made.json()["result"]["questions"]
        job = asked.job(made.json()["id"])
        metric = await job.wait()
        infinite = b'{"answers": {"%s": 1e999}}' % question["id"].encode()
        refused = await client.post(
            f"{made.headers['location']}/answers", content=infinite,
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        is_problem(refused, 422, "R2C-B601")
        await job.answer({question["id"]: "short"})
        short = await job.wait()
        assert metric.objective is not None and short.objective is not None
        assert short.objective < metric.objective


async def test_answers_that_are_sent_again_while_the_job_goes_on_give_the_job(
    service_open: Open,
) -> None:
    async with service_open() as (client, service):
        made = await client.post("/v1/solve", json={"cir": MODEL, "text": LORRY}, headers=WAIT)
        (question,) = made.json()["result"]["questions"]
        service.worker.stop()  # nobody takes the job
        url = f"{made.headers['location']}/answers"
        first = await client.post(url, json={"answers": {question["id"]: "short"}})
        again = await client.post(url, json={"answers": {question["id"]: "short"}})
        assert (first.status_code, again.status_code) == (202, 202)
        assert again.json() == first.json()
        other = await client.post(url, json={"answers": {question["id"]: "metric"}})
        is_problem(other, 409, "R2C-B604")
