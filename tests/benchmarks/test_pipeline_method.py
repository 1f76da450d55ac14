"""The method `r2c` and its variants: what is asked, what the answer counts as, what is kept."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from pydantic import JsonValue
from readers import BAKERY, BREADS, FERRY, asked

from r2c.errors import InputError
from r2c.llm.model import Message, Reply
from r2c.llm.spec import OutputSpec
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c.verdict.answer import asolve
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.methods.r2c import DECIDING
from r2c_benchmarks.readings import with_domain
from r2c_benchmarks.record import Record
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.saved_readings import SavedReadings
from r2c_benchmarks.told_form import ToldForm

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "bakery.cir.json"
ITEM = Item(file="f.jsonl", id="f-1", problem=BAKERY.text, answer=40)
FERRIES = Item(file="f.jsonl", id="f-2", problem=FERRY.text, answer=2700)


async def attempted(
    name: str,
    item: Item,
    model: ScriptedModel,
    *,
    around: Settings | None = None,
    **options: object,
) -> Attempt:
    given: dict[str, JsonValue] = json.loads(json.dumps(options))
    means = Means(model, Sandbox(), around or Settings(), time.monotonic() + 200, options=given)
    return await find_method(name).attempt(item, means)


def kept(attempt: Attempt) -> SavedReadings:
    return SavedReadings.model_validate(attempt.details["readings"])


async def test_the_pipeline_solves_a_problem_and_its_answer_counts() -> None:
    found = await attempted("r2c", ITEM, BAKERY.model(), samples=3)
    assert (found.outcome, found.executable) == ("optimal", True)
    assert found.objective == pytest.approx(40)
    assert found.relaxed == pytest.approx(40) and found.whole is None
    assert found.details["trust"] == "plausible"  # no answer is verified yet


async def test_what_the_words_alone_settle_is_solved_and_the_rest_is_given_up() -> None:
    settled = Item(file="f.jsonl", id="f-3", problem=BREADS, answer=27)
    for item, outcome, objective in ((settled, "optimal", 27), (ITEM, "error", None)):
        model = BAKERY.model()
        found = await attempted("words", item, model)
        assert (found.outcome, found.objective) == (outcome, objective)
        assert model.calls == []
    assert "do not settle" in found.message


async def test_rules_are_held_against_those_of_the_problem() -> None:
    first = await attempted("r2c", ITEM, BAKERY.model(), samples=3)
    assert first.structure is None
    right = first.details["cir"]
    assert isinstance(right, dict) and isinstance(right["rules"], list)
    count = len(right["rules"])
    again = ITEM.model_copy(update={"cir": {**right, "rules": right["rules"][1:]}})
    found = await attempted("r2c", again, BAKERY.model(), samples=3)
    assert count > 1 and found.structure == (count - 1, 0, 1)
    assert 0 < float(str(found.details["score"])) <= 1


async def test_tables_reach_the_pipeline_as_the_file_that_a_user_would_have() -> None:
    rows: JsonValue = [
        {"bread": "buns", "flour": 2, "earnings": 1},
        {"bread": "cakes", "flour": 6, "earnings": 4},
    ]
    text = (
        "A bakery makes buns and cakes. There are at most 60 kg of flour. How many buns and cakes "
        "should be made to maximize the earnings?"
    )
    said = {"60 kg": "flour <= 60"}
    model = ScriptedModel(
        lambda call: (
            BAKERY.roster
            if call.purpose == "decisions"
            else "maximize earnings"
            if call.purpose == "objective"
            else next((s for w, s in said.items() if w in call.messages[-1].content), "none")
        )
    )
    item = Item(file="f.jsonl", id="f-3", problem=text, data={"bread": rows}, answer=40)
    assert (await attempted("r2c", item, model, samples=1)).objective == pytest.approx(40)


async def test_what_decides_a_result_comes_from_the_options_and_not_from_the_surroundings() -> None:
    model = BAKERY.model()
    around = Settings(samples=2, budget_rounds=1)
    await attempted("r2c", ITEM, model, around=around)
    assert {call.samples for call in model.calls} == {5}
    assert find_method("r2c").settings({})["samples"] == 5


async def test_another_seed_of_a_run_draws_other_samples() -> None:
    drawn = []
    for seed in (0, 0, 7):
        model = BAKERY.model()
        means = Means(model, Sandbox(), Settings(), time.monotonic() + 200, seed=seed)
        await find_method("r2c").attempt(ITEM, means)
        drawn.append([call.seed for call in model.calls])
    assert drawn[0] == drawn[1]
    assert all(one != other for one, other in zip(drawn[0], drawn[2], strict=True))


async def test_the_variant_without_votes_asks_once_and_greedily() -> None:
    model = BAKERY.model()
    found = await attempted("r2c-1", ITEM, model)
    assert found.objective == pytest.approx(40)
    assert {(call.samples, call.temperature) for call in model.calls} == {(1, 0.0)}
    assert all(call.grammar for call in model.calls)


async def test_the_variant_without_grammar_tells_the_form_in_words() -> None:
    model, held = BAKERY.model(), BAKERY.model()
    found = await attempted("r2c-text", ITEM, model)
    assert found.objective == pytest.approx(40)
    assert [call.grammar for call in model.calls] == [None] * len(model.calls)
    await attempted("r2c", ITEM, held)
    assert asked(model) == asked(held)
    for free, bound in zip(model.calls, held.calls, strict=True):
        told, shown = free.messages[-1].content, bound.messages[-1].content
        assert told.startswith(shown) and len(told) > len(shown)


async def test_an_answer_out_of_form_is_a_fault_and_text_without_a_form_stays_text() -> None:
    form = OutputSpec("number", "root ::= [0-9]+", {}, "Write one number.", int, lambda _: 0)
    question = [Message("user", "How many?")]
    model = ToldForm(ScriptedModel([["7", "seven"], "words"]))
    reply: Reply[int] = await model.complete(question, form, samples=2, max_tokens=9)
    assert reply.values == (7,)
    assert reply.candidates[1].fault is not None
    assert reply.candidates[1].fault.code == "R2C-L026"
    plain: Reply[str] = await model.complete(question, None, max_tokens=9)
    assert plain.candidates[0].text == "words"


@pytest.mark.parametrize(("name", "option"), [("r2c-1", "samples"), ("r2c-text", "capability")])
def test_what_makes_a_variant_is_recorded_and_is_no_option(name: str, option: str) -> None:
    method = find_method(name)
    assert method.settings({})[option] != find_method("r2c").settings({})[option]
    with pytest.raises(InputError, match="R2C-B020"):
        method.settings({option: 3})


@pytest.mark.parametrize(
    ("option", "value"),
    [("samples", 0), ("samples", "many"), ("capability", "json_object"), ("solve_seconds", -1)],
)
def test_a_value_that_an_option_cannot_have_is_refused(option: str, value: JsonValue) -> None:
    with pytest.raises(InputError, match="R2C-B023"):
        find_method("r2c").settings({option: value})


@pytest.mark.parametrize("option", ["model", "data_dir", "budget_seconds", "logprobs"])
def test_a_setting_that_would_change_nothing_is_no_option(option: str) -> None:
    assert option not in DECIDING
    with pytest.raises(InputError, match="R2C-B020"):
        find_method("r2c").settings({option: "x"})


async def test_readings_before_and_after_a_repair_are_kept_without_words_of_the_problem() -> None:
    found = await attempted("r2c", FERRIES, FERRY.model(), samples=3, budget_rounds=1)
    assert found.objective == pytest.approx(2700)
    readings = kept(found)
    assert readings.samples == 3
    first, last = readings.first.options[-1], readings.last.options[-1]
    assert "people >= 120" not in [option.text for option in first]
    assert "people >= 120" in [option.text for option in last]
    assert (readings.first.usage.calls, readings.last.usage.calls) == (5, 6)
    written = json.dumps(found.details)
    for sentence in FERRY.text.split(". "):
        assert sentence not in written


async def test_a_job_leaves_nothing_in_the_data_folder_of_the_user(tmp_path: Path) -> None:
    await attempted("r2c", ITEM, BAKERY.model(), around=Settings(data_dir=tmp_path / "jobs"))
    assert not (tmp_path / "jobs").exists()


async def test_the_other_reading_changes_amounts_and_leaves_choices() -> None:
    formulation = await asolve(EXAMPLE)
    assert formulation.cir is not None
    assert with_domain(formulation.cir, "integer") is None
    relaxed = with_domain(formulation.cir, "continuous")
    assert relaxed is not None
    assert {decision.domain for decision in relaxed.decisions} == {"continuous"}
    choices = formulation.cir.model_copy(
        update={
            "decisions": tuple(
                decision.model_copy(update={"domain": "binary"})
                for decision in formulation.cir.decisions
            )
        }
    )
    assert with_domain(choices, "continuous") is None


async def test_a_run_is_repaired_from_its_first_readings_and_only_repairs_ask(
    tmp_path: Path,
) -> None:
    first = await attempted("r2c", FERRIES, FERRY.model(), samples=3, reflection="none")
    assert first.objective == 0.0
    record = Record(
        file=FERRIES.file, id=FERRIES.id, outcome=first.outcome, details=dict(first.details)
    )
    (tmp_path / "results.jsonl").write_text(record.model_dump_json() + "\n")
    for reflection, objective, calls in (
        ("none", 0.0, []),
        ("failures", 2700.0, ["sentence 4"]),
        ("evidence", 2700.0, ["sentence 4"]),
    ):
        model = FERRY.model()
        found = await attempted(
            "repaired", FERRIES, model, reflection=reflection, first=str(tmp_path)
        )
        assert found.objective == pytest.approx(objective)
        assert asked(model) == calls


async def test_what_was_refused_before_it_was_read_stays_refused(tmp_path: Path) -> None:
    record = Record(file=ITEM.file, id=ITEM.id, outcome="unsupported", message="a shape")
    (tmp_path / "results.jsonl").write_text(record.model_dump_json() + "\n")
    found = await attempted("repaired", ITEM, BAKERY.model(), first=str(tmp_path))
    assert (found.outcome, found.message) == ("unsupported", "a shape")


async def test_a_problem_without_first_readings_is_named(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text("")
    with pytest.raises(InputError) as told:
        await attempted("repaired", ITEM, BAKERY.model(), first=str(tmp_path))
    assert told.value.code == "R2C-B026"
