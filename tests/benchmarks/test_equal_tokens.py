"""A baseline as often as the tokens of another run allow, with a scripted model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from r2c.errors import InputError
from r2c.llm.failures import DEADLINE
from r2c.llm.testing import Answer, ScriptedModel
from r2c.settings import Settings
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.record import Record
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.schema_prompt import EXAMPLES

METHOD = find_method("equal_tokens")
ITEM = Item(file="f.jsonl", id="f-1", problem="Grow roses.", answer=1320, trust="A-hand")
RIGHT, OTHER = EXAMPLES[2][1], EXAMPLES[0][1]


def spent(folder: Path, tokens: int) -> Path:
    """A run that took so many tokens for the problem."""
    record = Record(file=ITEM.file, id=ITEM.id, outcome="error", prompt_tokens=tokens)
    (folder / "results.jsonl").write_text(record.model_dump_json() + "\n")
    return folder


async def tried(
    answers: Sequence[Answer], run: Path, **options: JsonValue
) -> tuple[Attempt, ScriptedModel]:
    """The attempt, and the model that was asked for it."""
    model, chosen = ScriptedModel(answers), {"of": "schema", "spent_by": str(run), **options}
    with Sandbox() as sandbox:
        means = Means(model, sandbox, Settings(), time.monotonic() + 60, seed=3, options=chosen)
        return await METHOD.attempt(ITEM, means), model


async def one_attempt(folder: Path) -> int:
    """What one attempt of `schema` costs here, in words of the scripted model."""
    _, model = await tried([RIGHT], spent(folder, 1))
    (call,) = model.calls
    return sum(len(turn.content.split()) for turn in call.messages) + len(RIGHT.split())


async def test_attempts_are_made_until_as_many_tokens_are_spent_and_vote(tmp_path: Path) -> None:
    tokens = await one_attempt(tmp_path)
    answers = [OTHER, "no form", RIGHT, RIGHT]
    found, model = await tried(answers, spent(tmp_path, 3 * tokens + 1))
    assert len(model.calls) == 4, "a fourth is begun where three do not come to the tokens"
    assert found.objective == pytest.approx(1320)
    assert found.details["votes"] == 2
    assert found.details["outcomes"] == ["optimal", "error", "optimal", "optimal"]
    assert len({call.seed for call in model.calls}) == 4
    assert {call.temperature for call in model.calls} == {0.7}


async def test_as_many_tokens_as_one_attempt_takes_are_one_attempt(tmp_path: Path) -> None:
    tokens = await one_attempt(tmp_path)
    found, model = await tried([RIGHT], spent(tmp_path, tokens), temperature=0.3)
    assert (len(model.calls), found.details["votes"]) == (1, 1)
    assert model.calls[0].temperature == 0.3


async def test_attempts_before_the_time_ran_out_vote(tmp_path: Path) -> None:
    late = DEADLINE(url="scripted", state="slow")
    found, _ = await tried([RIGHT, late], spent(tmp_path, 10**6))
    assert found.objective == pytest.approx(1320)
    assert found.details["out_of_time"] is True


async def test_a_problem_whose_tokens_are_not_told_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"R2C-B130(.|\n)*f-1"):
        await tried([RIGHT], spent(tmp_path, 0))


@pytest.mark.parametrize("name", ["r2c", "words", "repaired"])
def test_a_method_that_would_say_the_same_again_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="R2C-B129"):
        METHOD.settings({"of": name})


def test_the_settings_of_the_baseline_reach_the_manifest() -> None:
    chosen = METHOD.settings({"of": "optimus", "repairs": 1, "spent_by": "run"})
    assert (chosen["of"], chosen["spent_by"], chosen["repairs"]) == ("optimus", "run", 1)
    assert chosen["temperature"] == 0.7
