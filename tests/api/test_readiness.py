"""Readiness tells part by part what works, for how long it was tried, and what is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from readers import BAKERY
from watched import Open

from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.errors import R2CError
from r2c.pipeline import readiness
from r2c.solve.process import SolverProcess

PARTS = {"store", "worker", "solver", "cards", "language_model"}
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


def test_an_index_that_has_lost_a_card_is_found_out(tmp_path: Path) -> None:
    library = standard_library()
    assert readiness.finds(Retriever(library.values()), library.values()) == 8
    first = next(card for card in library.values() if card.examples)
    rest = [card for card in library.values() if card.id != first.id]
    with pytest.raises(R2CError, match="R2C-G724"):
        readiness.finds(Retriever(rest), library.values())
