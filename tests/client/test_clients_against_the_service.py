"""Both clients say what the service understands, and read what it says."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx2
import pytest
from readers import BAKERY, HARVEST
from starlette.testclient import TestClient

import r2c
from r2c.archetypes.start import start_card
from r2c.client.async_remote_job import AsyncRemoteJob
from r2c.client.asynchronous import AsyncClient
from r2c.client.faults import JobFailed, ServiceError
from r2c.client.frames import frame
from r2c.client.remote_job import RemoteJob
from r2c.client.sync import Client
from r2c.client.wire import JobState
from r2c.errors import InputError, R2CError
from r2c.formulation import Outcome
from r2c.llm.testing import ScriptedModel
from r2c.problem.read import TableSource
from r2c.settings import Settings
from r2c_api.app import create_app

EXAMPLES = Path(__file__).parents[2] / "examples"
URL = "http://localhost"


@contextmanager
def sync_client(settings: Settings, model: ScriptedModel) -> Iterator[Client]:
    with (
        TestClient(create_app(settings, model), base_url=URL) as served,
        Client(URL, transport=served._transport) as client,
    ):
        yield client


@asynccontextmanager
async def async_client(settings: Settings, model: ScriptedModel) -> AsyncIterator[AsyncClient]:
    app = create_app(settings, model)
    async with (
        app.state.service.running(),
        AsyncClient(URL, transport=httpx2.ASGITransport(app=app)) as client,
    ):
        yield client


def test_words_become_an_answer_of_the_same_types_as_without_a_service(
    settings: Settings,
) -> None:
    with sync_client(settings, BAKERY.model()) as client:
        answer = client.formulate(BAKERY.text, title="buns")
        assert isinstance(answer, r2c.Formulation)
        assert answer.objective == pytest.approx(40.0)
        (job,) = client.jobs()
        assert (job.title, job.state) == ("buns", JobState.SUCCEEDED)


def test_everything_that_is_asked_about_a_job_is_answered(settings: Settings) -> None:
    with sync_client(settings, BAKERY.model()) as client:
        job = client.submit(BAKERY.text)
        events = list(job.events())
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        assert events[-1].state is JobState.SUCCEEDED
        assert list(job.events(after=events[-2].number)) == events[-1:]
        answer = job.wait()
        assert job.cir() == answer.cir
        assert job.solution() == answer.solution
        assert job.verdict().evidence == answer.evidence
        assert "\\le" in job.export("latex")
        assert job.sensitivity().sensitivity
        rule = next(rule for rule in job.cir().rules if "60" in rule.quote)
        assert job.what_if(f"rule {rule.id}: 60 -> 66").judgement == "better"
        assert len(job.scenarios(f"rule {rule.id}: 60 -> 54, 66").rows) == 2
        assert job.why_not("buns >= 6").kind == "costs"
        note = job.patch(rule.id, {"note": "looked at"})
        assert note.wait().objective == answer.objective
        assert job.diff(note).same
        with pytest.raises(ServiceError, match="R2C-B605") as caught:
            job.conflict()
        assert caught.value.status == 404


async def test_the_asynchronous_client_does_the_same(settings: Settings) -> None:
    async with async_client(settings, HARVEST.model()) as client:
        job = await client.submit(HARVEST.text)
        answer = await job.wait()
        assert answer.outcome is Outcome.INFEASIBLE
        assert await job.conflict() == answer.conflict
        events = [event async for event in job.events()]
        assert events[-1].state is JobState.SUCCEEDED
        assert [item.id async for item in client.jobs(limit=1)] == [job.id]
        made = await client.submit_all({"a": HARVEST.text, "b": HARVEST.text})
        assert [(await item.wait()).outcome for item in made.values()] == [answer.outcome] * 2
        assert [item.id async for item in client.jobs(limit=1)][2] == job.id
        assert (await client.cards("at most its capacity", limit=3)).cards


def test_models_and_their_tables_go_as_frames_rows_or_files(settings: Settings) -> None:
    import pandas as pd

    cir = r2c.CIR.model_validate_json((EXAMPLES / "transport.cir.json").read_text("utf-8"))
    folder = EXAMPLES / "transport"
    frames = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
    rows = {name: table.to_dict("records") for name, table in frames.items()}
    known = r2c.solve(cir, folder)
    with sync_client(settings, BAKERY.model()) as client:
        for data in (frames, rows, sorted(folder.glob("*.csv"))):
            answer = client.solve(cir, data).wait()
            assert answer.objective == pytest.approx(known.objective)
        table = frame(answer, "ship")
        assert list(table.columns) == ["Plants", "Shops", "value"]
        assert answer.solution is not None
        assert len(table) == len(answer.solution.values["ship"])
        with pytest.raises(InputError, match="R2C-X805"):
            frame(answer, "nothing")


def test_files_of_a_problem_in_words_go_as_they_are(settings: Settings) -> None:
    with sync_client(settings.model_copy(update={"serve_jobs": 0}), BAKERY.model()) as client:
        job = client.submit(BAKERY.text, EXAMPLES / "transport" / "plants.csv", samples=2)
        both: dict[str, TableSource] = {
            "lanes": EXAMPLES / "transport" / "lanes.csv",
            "extra": [{"a": 1}],
        }
        other = client.submit(BAKERY.text, both)
        assert job.look().state is JobState.QUEUED
        store = settings.data_dir / "service" / "tenants" / "local" / "jobs"
        kept = r2c.Problem.model_validate_json((store / other.id / "problem.json").read_bytes())
        assert {table.name for table in kept.tables} == {"lanes", "extra"}


def test_many_problems_go_with_their_tables_and_are_cancelled_together(settings: Settings) -> None:
    few = settings.model_copy(update={"serve_jobs": 0})
    lanes = EXAMPLES / "transport" / "lanes.csv"
    with sync_client(few, BAKERY.model()) as client:
        made = client.submit_all(
            {"a": BAKERY.text, "b": BAKERY.text, "c": BAKERY.text},
            {"a": {"extra": [{"one": 1}]}, "c": lanes},
            samples=2,
        )
        store = settings.data_dir / "service" / "tenants" / "local" / "jobs"
        kept = {
            title: r2c.Problem.model_validate_json((store / job.id / "problem.json").read_bytes())
            for title, job in made.items()
        }
        tables = {title: [table.name for table in kept[title].tables] for title in kept}
        assert tables == {"a": ["extra"], "b": [], "c": ["lanes"]}
        assert len(kept["c"].tables[0].rows) == len(lanes.read_text("utf-8").splitlines()) - 1
        batch = made["a"].look().batch
        assert batch is not None
        assert client.batch(batch).counts[JobState.QUEUED] == 3
        assert client.cancel_batch(batch).counts[JobState.CANCELLED] == 3
        assert made["b"].look().state is JobState.CANCELLED
        with pytest.raises(InputError, match="R2C-X806"):
            client.submit_all({"a": BAKERY.text}, {"d": lanes})
        with pytest.raises(ServiceError, match="R2C-B622"):
            client.cancel_batch("0" * 16)


async def test_cards_of_ones_own_are_kept_and_removed(settings: Settings, tmp_path: Path) -> None:
    text = start_card("dock_limit", "capacity_limit", tmp_path).read_text(encoding="utf-8")
    with sync_client(settings, BAKERY.model()) as client:
        assert client.keep_card("dock_limit", text).name == "Dock limit"
        assert client.card("dock_limit")["id"] == "dock_limit"
        with pytest.raises(ServiceError, match="R2C-B642"):
            client.keep_card("other", text)
    async with async_client(settings, BAKERY.model()) as client:
        assert "dock_limit" in {card.id for card in (await client.cards()).cards}
        assert (await client.keep_card("dock_limit", text)).id == "dock_limit"
        await client.forget_card("dock_limit")
        with pytest.raises(ServiceError, match="R2C-B621"):
            await client.forget_card("dock_limit")
        made = await client.submit_all({"a": BAKERY.text}, {"a": {"extra": {"one": [1]}}})
        batch = (await made["a"].look()).batch
        assert batch is not None
        assert [job.title for job in (await client.cancel_batch(batch)).jobs] == ["a"]


def test_what_the_service_refuses_is_raised_with_its_three_sentences(settings: Settings) -> None:
    with sync_client(settings, BAKERY.model()) as client:
        with pytest.raises(ServiceError) as caught:
            client.submit(" ")
        assert (caught.value.code, caught.value.status) == ("R2C-P001", 422)
        assert caught.value.fault.remedy
        with pytest.raises(ServiceError) as caught:
            client.submit(BAKERY.text, samples=0)
        errors = caught.value.fault.details["errors"]
        assert isinstance(errors, list)
        assert [item["pointer"] for item in errors if isinstance(item, dict)] == ["#/samples"]


def test_a_job_without_an_answer_raises_its_fault(settings: Settings) -> None:
    with sync_client(settings, ScriptedModel(lambda _: "I do not know")) as client:
        with pytest.raises(JobFailed) as caught:
            client.formulate(BAKERY.text)
        assert caught.value.code.startswith("R2C-")
    with sync_client(settings.model_copy(update={"serve_jobs": 0}), BAKERY.model()) as client:
        job = client.submit(BAKERY.text)
        with pytest.raises(R2CError, match="R2C-X802"):
            job.wait(0.1)
        job.cancel()
        with pytest.raises(JobFailed, match="R2C-X803"):
            job.wait()


@pytest.mark.parametrize(
    ("plain", "asynchronous"), [(Client, AsyncClient), (RemoteJob, AsyncRemoteJob)]
)
def test_the_two_clients_offer_the_same(plain: type, asynchronous: type) -> None:
    def offered(of: type) -> dict[str, list[str]]:
        return {
            name.replace("aclose", "close"): list(inspect.signature(method).parameters)
            for name, method in inspect.getmembers(of, inspect.isfunction)
            if not name.startswith("__")
        }

    assert offered(plain) == offered(asynchronous)
    assert r2c.Client is Client and r2c.AsyncClient is AsyncClient
