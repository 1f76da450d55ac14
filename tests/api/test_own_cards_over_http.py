"""A tenant's cards are a vocabulary for that tenant alone, held to the rules of all cards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest
from test_keys import WAIT, bearer, guarded
from watched import is_problem

from r2c.archetypes.load import further_cards
from r2c.archetypes.start import start_card
from r2c.settings import Settings
from r2c.verdict.answer import solve
from r2c_api.page.linked import linked

YAML = {"Content-Type": "application/yaml"}
MODEL: dict[str, Any] = {
    "decisions": [{"name": "x"}],
    "rules": [{"id": "r", "archetype": "dock_limit", "operands": {"use": "x", "limit": "7"}}],
    "objectives": [{"sense": "max", "expr": "x"}],
}


@pytest.fixture
def card(tmp_path: Path) -> str:
    """A card that was begun as a copy of another."""
    path = start_card("dock_limit", "capacity_limit", tmp_path / "begun")
    return path.read_text(encoding="utf-8")


async def test_a_card_in_the_place_of_another_is_told_as_such_to_its_tenant_alone(
    settings: Settings, tmp_path: Path
) -> None:
    path = start_card("capacity_limit", "capacity_limit", tmp_path / "shadow", shadow=True)
    async with guarded(settings) as (client, service):
        mine = bearer(service.keys.create("a")[1])
        other = bearer(service.keys.create("b")[1])
        card = path.read_bytes()
        kept = await client.put("/v1/cards/capacity_limit", content=card, headers=mine | YAML)
        assert kept.json()["origin"] == "shadow", kept.text
        assert await _origins(client, "capacity_limit", mine) == ["shadow"]
        assert await _origins(client, "capacity_limit", other) == ["r2c"]


async def _origins(client: httpx2.AsyncClient, id: str, headers: dict[str, str]) -> list[str]:
    """Whose the card is that is listed under an id; nothing where none is."""
    every = (await client.get("/v1/cards", headers=headers)).json()["cards"]
    return [item["origin"] for item in every if item["id"] == id]


async def test_a_card_of_ones_own_is_used_by_its_tenant_alone(
    settings: Settings, card: str
) -> None:
    async with guarded(settings) as (client, service):
        mine = bearer(service.keys.create("a")[1])
        other = bearer(service.keys.create("b")[1])
        kept = await client.put("/v1/cards/dock_limit", content=card, headers=mine | YAML)
        assert kept.status_code == 200, kept.text
        assert kept.json()["name"] == "Dock limit"
        assert (await client.get("/v1/cards/dock_limit", headers=mine)).status_code == 200
        is_problem(await client.get("/v1/cards/dock_limit", headers=other), 404, "R2C-B621")
        for headers, origins in ((mine, ["own"]), (other, [])):
            assert await _origins(client, "dock_limit", headers) == origins
        send = {"cir": MODEL}
        solved = await client.post("/v1/solve", json=send, headers=mine | WAIT)
        assert solved.json()["result"]["objective"] == 7.0, solved.text
        refused = await client.post("/v1/solve", json=send, headers=other | WAIT)
        assert refused.json()["result"]["outcome"] == "unsupported", refused.text
        lp = await client.get(solved.json()["links"]["lp"], headers=mine)
        assert "7" in lp.text
        is_problem(await client.delete("/v1/cards/dock_limit", headers=other), 404, "R2C-B621")
        assert (await client.delete("/v1/cards/dock_limit", headers=mine)).status_code == 204
        is_problem(await client.get("/v1/cards/dock_limit", headers=mine), 404, "R2C-B621")
        gone = await client.post("/v1/solve", json=send, headers=mine | WAIT)
        assert gone.json()["result"]["outcome"] == "unsupported"


def test_the_page_marks_a_rule_that_a_card_of_ones_own_reads(card: str, tmp_path: Path) -> None:
    with further_cards(tmp_path / "begun"):
        answer = solve(MODEL)
        assert answer.cir is not None
        kinds = [line.kind for line in linked(answer, answer.cir).lines]
    assert "Dock limit (a card of your own)" in kinds


async def test_a_card_that_breaks_a_rule_is_refused_and_not_kept(
    settings: Settings, card: str
) -> None:
    async with guarded(settings, serve_jobs=0) as (client, service):
        mine = bearer(service.keys.create("a")[1]) | YAML
        for text, code in (
            ("- no\n- card\n", None),
            ("a: &x [*x]\n", "R2C-A001"),
            ("!!python/object/apply:os.system ['true']\n", "R2C-A001"),
            (card.replace("use <= limit", "use <= ceiling"), "R2C-A010"),
            (card.replace("dock_limit", "other_limit"), "R2C-B642"),
            ("", None),
        ):
            sent = await client.put("/v1/cards/dock_limit", content=text, headers=mine)
            is_problem(sent, 422, code or sent.json()["code"])
        sent = await client.put("/v1/cards/..%2fx", content=card, headers=mine)
        assert sent.status_code in (404, 422)
        assert not list(settings.data_dir.rglob("*.yaml"))
