"""Readiness tells part by part what works, for how long it was tried, and what is needed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from databases import opened
from readers import BAKERY
from watched import Open

from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.errors import InputError, R2CError, StoreError
from r2c.pipeline import readiness
from r2c.settings import Settings
from r2c.solve.process import SolverProcess
from r2c_api.app import create_app
from r2c_api.readiness import Ready
from topology.faults import NOT_MOUNTED
from topology.small_disk import small_disk

PARTS = {"store", "files", "worker", "solver", "cards", "language_model"}
FULL = {
    "sqlite": [
        "CREATE TRIGGER full_disk BEFORE INSERT ON idempotency "
        "BEGIN SELECT RAISE(ABORT, 'no room'); END"
    ],
    "postgres": [
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE 'no room'; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON idempotency EXECUTE FUNCTION full_disk()",
    ],
}
"""What refuses a row as a database does that has no room for it."""
DEAD = "http://127.0.0.1:9/v1#none"


async def test_every_part_is_told_with_the_seconds_that_its_try_took(service_open: Open) -> None:
    async with service_open(BAKERY.model()) as (client, _):
        told = await client.get("/readyz")
        said = told.json()
        assert (told.status_code, said["ready"]) == (200, True), said
        assert said["checks"].keys() == PARTS
        assert all(part["ok"] and part["code"] == "" for part in said["checks"].values()), said
        assert said["checks"]["solver"]["seconds"] > 0


async def test_parts_are_tried_once_for_all_who_ask_and_not_again_at_once(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved: list[int] = []
    real: Callable[[], str] = readiness.solves

    def counted() -> str:
        solved.append(1)
        return real()

    monkeypatch.setattr(readiness, "solves", counted)
    async with service_open(BAKERY.model()) as (client, _):
        told = await asyncio.gather(*(client.get("/readyz") for _ in range(8)))
        told.append(await client.get("/readyz"))
        assert {item.status_code for item in told} == {200}
    assert len(solved) == 1


@pytest.mark.parametrize(("jobs", "status"), [(1, 503), (0, 200)])
async def test_a_language_model_that_is_away_counts_where_jobs_are_worked_on(
    jobs: int, status: int, service_open: Open
) -> None:
    async with service_open(None, model=DEAD, serve_jobs=jobs) as (client, _):
        told = await client.get("/readyz")
        part = told.json()["checks"]["language_model"]
        assert told.status_code == status
        assert (part["ok"], part["code"], part["needed"]) == (False, "R2C-L001", jobs > 0)
        assert "127.0.0.1" not in told.text


async def test_a_solver_process_that_dies_is_told(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(self: SolverProcess) -> None:
        raise OSError("no more processes")

    async with service_open(BAKERY.model()) as (client, _):
        monkeypatch.setattr(SolverProcess, "start", dying)
        told = await client.get("/readyz")
        part = told.json()["checks"]["solver"]
        assert (told.status_code, part["ok"], part["code"]) == (503, False, "OSError")


async def test_a_disk_that_is_full_is_told_until_there_is_room(
    service_open: Open, tmp_path: Path
) -> None:
    """With SQLite and with files alone; the trial of a full disk asks the same of Postgres."""
    try:
        with small_disk(tmp_path / "small", 8) as disk:
            async with service_open(BAKERY.model(), data_dir=disk.folder) as (client, _):
                disk.fill()
                told = await client.get("/readyz")
                part = told.json()["checks"]["files"]
                assert (told.status_code, part["ok"], part["code"]) == (503, False, "R2C-B730")
                disk.free()
                while told.status_code != 200:
                    await asyncio.sleep(0.1)
                    told = await client.get("/readyz")
    except InputError as error:
        assert error.code == NOT_MOUNTED.code
        pytest.skip(str(error))


async def test_a_data_folder_that_cannot_be_written_is_told(
    service_open: Open, settings: Settings
) -> None:
    async with service_open(BAKERY.model(), serve_jobs=0) as (client, _):
        shutil.rmtree(settings.data_dir)
        settings.data_dir.write_bytes(b"")
        told = await client.get("/readyz")
        part = told.json()["checks"]["files"]
        assert (told.status_code, part["ok"], part["code"]) == (503, False, "R2C-B730")
        assert str(settings.data_dir) not in told.text
        settings.data_dir.unlink()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_the_try_of_the_store_writes_a_row_and_leaves_none(
    kind: str, settings: Settings, tmp_path: Path
) -> None:
    with opened(kind, tmp_path) as database:
        service = create_app(settings.model_copy(update={"serve_jobs": 0})).state.service
        service.database.close()
        service.database = database
        ready = Ready(service)
        for _ in range(2):  # the second finds what the first has made
            ready._store()
        with database.writing() as session:
            assert session.run("SELECT key FROM idempotency") == []
            for statement in FULL[kind]:
                session.run(statement)
        with pytest.raises(StoreError, match="no room"):
            ready._store()


def test_an_index_that_has_lost_a_card_is_found_out(tmp_path: Path) -> None:
    library = standard_library()
    assert readiness.finds(Retriever(library.values()), library.values()) == 8
    first = next(card for card in library.values() if card.examples)
    rest = [card for card in library.values() if card.id != first.id]
    with pytest.raises(R2CError, match="R2C-G724"):
        readiness.finds(Retriever(rest), library.values())
