"""The proofs as a result: what is counted, and that a card that fails is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from r2c.archetypes.card import Card
from r2c.archetypes.load import read_card, standard_library
from r2c.resources import knowledge_base
from r2c_benchmarks.command import app
from r2c_benchmarks.proofs.run import proven
from r2c_benchmarks.proofs.tables import document

START: dict[str, Any] = {"commit": "0123", "machine": "two cores, load 0.1"}
LIBRARY = standard_library()


def result(*cards: Card) -> Any:
    library = {**LIBRARY, **{card.id: card for card in cards}}
    return json.loads(json.dumps(document(list(proven(cards, library, 3, "s")), 3, "s", START)))


def test_models_bounds_and_errors_are_counted_by_family() -> None:
    card = LIBRARY["integrality_indivisibility"]
    found = result(card, LIBRARY["capacity_limit"])
    assert [row["family"] for row in found["summary"]] == ["quantity", "resource", "all"]
    (one,) = [row for row in found["cards"] if row["card"] == card.id]
    assert one["proven"] and one["instances"] == 1 + 3 * len(card.generators)
    assert set(one["exact"]) | set(one["others"]) == {way.name for way in card.paradigms}
    assert one["errors_seen"] == one["errors"] == len(card.errors)
    total = found["summary"][-1]
    assert (total["cards"], total["proven"]) == (2, 2)
    kept, _, of = total["bound kept"].partition(" of ")
    assert kept == of != "0"
    assert found["measurements"][0]["value"] == 1
    assert "2 of 2 cards are proven. two cores; commit 0123." in found["note"]


def test_a_paradigm_that_fits_few_instances_is_told() -> None:
    """One way to write that product fits only where the objective rewards it."""
    found = result(LIBRARY["product_of_binary_and_continuous"], LIBRARY["capacity_limit"])
    rare = {
        f"{row['card']} {name} {count}"
        for row in found["cards"]
        for name, count in row["exact"].items()
        if count < 3
    }
    assert rare and all(each in found["note"] for each in rare)
    assert "capacity_limit" not in found["note"]


def test_a_card_that_is_wrong_is_told_with_its_models() -> None:
    path = knowledge_base().joinpath("cards", "resource", "capacity_limit.yaml")
    text = path.read_text(encoding="utf-8")
    wrong = text.replace("      limit: use <= limit", "      limit: use <= limit - 1", 1)
    assert wrong != text
    card = read_card(wrong.encode(), "capacity_limit.yaml")
    found = result(card)
    (row,) = found["cards"]
    assert not row["proven"] and row["failed"] and row["failures"]
    assert found["summary"][-1]["proven"] == 0
    assert found["measurements"][0]["value"] == 0


def test_the_command_writes_the_result(tmp_path: Path) -> None:
    path = tmp_path / "proofs.json"
    words = ["proofs", "--card", "linear", "--instances", "2", "--out", str(path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "linear: proven in" in done.stderr
    assert json.loads(path.read_text())["cards"][0]["card"] == "linear"
