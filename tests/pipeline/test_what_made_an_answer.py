"""Every answer says what made it: code, cards, prompts, model, limits, seeds, times and cost."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from readers import BAKERY

import r2c
from r2c.archetypes.load import Library, further_cards, standard_library
from r2c.formulation import Formulation
from r2c.llm.embedded.checked import known_digest
from r2c.pipeline.api import formulate
from r2c.resources import CHECKOUT, commit, knowledge_base
from r2c.settings import Settings
from r2c.verdict.answer import solve

BREAD = {
    "decisions": [{"name": "loaves", "domain": "integer"}],
    "rules": [{"id": "oven", "operands": {"relation": "2*loaves <= 61"}}],
    "objectives": [{"sense": "max", "expr": "3*loaves"}],
}


def times(answer: Formulation) -> tuple[datetime, datetime]:
    told = [str(answer.manifest[name]) for name in ("started", "ended")]
    return datetime.fromisoformat(told[0]), datetime.fromisoformat(told[1])


def test_a_model_that_was_solved_says_by_what(tmp_path: Path) -> None:
    answer = solve(BREAD)
    made = answer.manifest
    assert made["r2c"] == r2c.__version__
    assert {"python", "highspy", "pyomo"} <= made["versions"].keys()  # type: ignore[union-attr]
    assert made["cards"] == standard_library().digest
    assert made["limits"] == {
        "seconds": 60.0, "memory_mb": 2048, "threads": 1, "gap": 1e-6, "grace": 1.0,
        "nodes": None,
    }  # fmt: skip
    began, ended = times(answer)
    assert began <= ended and (ended - began).total_seconds() == pytest.approx(
        answer.usage.seconds, abs=0.5
    )
    assert Formulation.model_validate_json(answer.model_dump_json()).manifest == made


def test_a_problem_that_was_read_also_says_how_and_what_it_spent_of_its_budget(
    settings: Settings,
) -> None:
    hidden = settings.model_copy(update={"api_key": SecretStr("sekrit")})
    answer = formulate(BAKERY.text, settings=hidden, model=BAKERY.model())
    made = answer.manifest
    assert made["model"] == {
        "name": "scripted", "kind": "scripted", "capability": "grammar", "digest": ""
    }  # fmt: skip
    assert (made["samples"], made["seed"], made["solver_seed"]) == (3, 1, 0)
    assert made["budget"] == {"seconds": 240.0, "tokens": 100_000, "rounds": 2}
    spent = made["spent"]
    assert isinstance(spent, dict)
    assert (spent["calls"], spent["seconds"]) == (answer.usage.calls, answer.usage.seconds)
    assert len(str(made["prompts"])) == len(str(made["cards"])) == 64
    assert made["commit"] == commit()
    began, ended = times(answer)
    assert began < ended
    told = str(made)
    assert "sekrit" not in told and "bakery" not in told


def test_the_commit_is_that_of_the_checkout() -> None:
    asked = ["git", "-C", str(CHECKOUT), "rev-parse", "HEAD"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert commit() == done.stdout.strip()


def test_the_digest_of_the_cards_changes_with_a_card_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "cards"
    with further_cards(own):
        assert standard_library().digest == standard_library().digest
        before = standard_library().digest
        first = sorted(knowledge_base().joinpath("cards").iterdir(), key=lambda i: i.name)[0]
        card = next(item for item in first.iterdir() if item.name.endswith(".yaml"))
        (own / first.name).mkdir(parents=True)
        (own / first.name / card.name).write_bytes(card.read_bytes() + b"\n# mine\n")
        assert standard_library().digest != before


def test_digests_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(knowledge_base().joinpath("cards"))
    first = library.digest
    monkeypatch.setattr(library, "_files", {})
    assert library.digest == first


def test_weights_that_were_not_checked_or_changed_since_have_no_digest(tmp_path: Path) -> None:
    weights = tmp_path / "small.gguf"
    weights.write_bytes(b"GGUF")
    assert known_digest(weights) == ""
    stat = weights.stat()
    note = tmp_path / "small.gguf.checked.json"
    said = '{"sha256": "ab12", "size": 4, "modified_ns": %d}'
    note.write_text(said % stat.st_mtime_ns)
    assert known_digest(weights) == "ab12"
    note.write_text(said % (stat.st_mtime_ns - 1))
    assert known_digest(weights) == ""
