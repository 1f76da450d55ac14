"""The baselines with a scripted model: what is asked, what a reply counts as."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from r2c.errors import InputError
from r2c.llm.spec import Capability
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c_benchmarks import methods, programs
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.programs import program_in
from r2c_benchmarks.registry import find_method, method_names
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.schema_form import SPEC, ModelForm, cir_of
from r2c_benchmarks.schema_prompt import EXAMPLES
from r2c_benchmarks.vote import elect

OPTIMA = (2680, 2805, 1320)
"""Of the examples of the prompts."""
ITEM = Item(file="f.jsonl", id="f-1", problem="Build boxes.", answer=12, trust="A-hand")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def means(model: ScriptedModel, sandbox: Sandbox, **options: object) -> Means:
    deadline = time.monotonic() + 60
    return Means(model, sandbox, Settings(), deadline, seed=3, options=dict(options))  # type: ignore[arg-type]


def program(limit: float, sense: str = "maximize") -> str:
    return (
        "Here it is:\n```python\nimport pyomo.environ as pyo\nmodel = pyo.ConcreteModel()\n"
        "model.x = pyo.Var(domain=pyo.NonNegativeReals)\n"
        f"model.c = pyo.Constraint(expr=model.x <= {limit})\n"
        f"model.o = pyo.Objective(expr=3 * model.x, sense=pyo.{sense})\n```\nGood luck!"
    )


def test_the_methods_are_the_modules_of_their_folder_and_their_variants() -> None:
    known = {
        "chain_of_experts",
        "chain_of_thought",
        "direct",
        "direct5",
        "optimus",
        "r2c",
        "schema",
    }
    assert set(method_names()) >= known
    for name in method_names():
        assert find_method(name).summary


def test_the_page_names_the_methods_that_run_programs() -> None:
    folder = Path(methods.__file__).parent
    running = [
        path.stem for path in sorted(folder.glob("*.py")) if "executed(" in path.read_text("utf-8")
    ]
    page = (folder.parents[1] / "README.md").read_text(encoding="utf-8")
    told = page.split("## The sandbox")[1].split("R2C itself never does")[0]
    assert re.findall(r"`(\w+)`", told) == running


def test_an_unknown_method_is_refused_with_the_ones_there_are() -> None:
    known = "direct, direct5, equal_tokens, optimus, r2c, r2c-1, r2c-text, repaired"
    with pytest.raises(InputError, match=rf"R2C-B021(.|\n)*{known}"):
        find_method("magic")


@pytest.mark.parametrize("name", method_names())
def test_an_option_that_a_method_does_not_have_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="R2C-B020"):
        find_method(name).settings({"colour": "red"})


@pytest.mark.parametrize("name", ["direct", "direct5", "schema"])
@pytest.mark.parametrize(
    ("option", "value"),
    [("max_tokens", -1), ("max_tokens", "many"), ("temperature", "hot"), ("temperature", True)],
)
def test_a_value_that_an_option_cannot_take_is_refused(
    name: str, option: str, value: str | int
) -> None:
    if option in find_method(name).settings({}):
        with pytest.raises(InputError, match="R2C-B024"):
            find_method(name).settings({option: value})


def test_settings_are_options_of_the_pipeline_and_reach_the_manifest() -> None:
    assert find_method("r2c").settings({"samples": 3})["samples"] == 3


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (program(4), True),
        ("```\nmodel = ConcreteModel()\n```", True),
        ("```python\nmodel = ConcreteModel()\nmodel.x = ", True),
        ("model = pyo.ConcreteModel()", True),
        ("```sh\npip install pyomo\n```\n```python\nm = ConcreteModel()\n```", True),
        ("I cannot do that.", False),
        ("```python\nprint(1)\n```", False),
        ("", False),
    ],
)
def test_a_program_is_found_in_a_reply(reply: str, found: bool) -> None:
    source = program_in(reply)
    assert (source is not None) is found
    if source is not None:
        assert "```" not in source and "pip" not in source


@needs_linux
@pytest.mark.parametrize(("number", "optimum"), list(enumerate(OPTIMA)))
def test_the_programs_of_the_prompt_are_right(
    sandbox: Sandbox, number: int, optimum: float
) -> None:
    words, reply = programs.EXAMPLES[number]
    assert words == EXAMPLES[number][0], "programs and forms are explained by the same problems"
    source = program_in(reply)
    assert source is not None
    assert sandbox.run(source).reading.objective == pytest.approx(optimum)


@needs_linux
async def test_direct_asks_once_and_runs_the_program(sandbox: Sandbox) -> None:
    model = ScriptedModel([program(4)])
    found = await find_method("direct").attempt(ITEM, means(model, sandbox))
    assert (found.outcome, found.objective, found.executable) == ("optimal", 12, True)
    (call,) = model.calls
    assert (call.samples, call.temperature, call.seed, call.grammar) == (1, 0.0, 3, None)
    assert call.messages[-1].content == "Build boxes."


@needs_linux
@pytest.mark.parametrize(
    ("reply", "said"),
    [("Sorry.", "no Pyomo program"), (program(4).replace("3 *", "3 **"), "degree"), ("", "no Py")],
)
async def test_direct_tells_why_a_reply_is_no_model(
    sandbox: Sandbox, reply: str, said: str
) -> None:
    found = await find_method("direct").attempt(ITEM, means(ScriptedModel([reply]), sandbox))
    assert (found.outcome, found.objective, found.executable) == ("error", None, False)
    assert said in found.message


@needs_linux
async def test_five_programs_vote_and_failures_do_not(sandbox: Sandbox) -> None:
    replies = [program(5), "Sorry.", program(4), program(4 + 1e-8), program(-1)]
    model = ScriptedModel([replies])
    found = await find_method("direct5").attempt(ITEM, means(model, sandbox))
    assert (found.objective, found.details["votes"], found.executable) == (12, 2, True)
    assert found.details["outcomes"] == ["optimal", "error", "optimal", "optimal", "infeasible"]
    (call,) = model.calls
    assert (call.samples, call.temperature) == (5, 0.7)


@needs_linux
async def test_five_failures_are_the_commonest_failure(sandbox: Sandbox) -> None:
    model = ScriptedModel([[program(-1), "no", program(-2), "no", program(-3)]])
    found = await find_method("direct5").attempt(ITEM, means(model, sandbox))
    assert (found.outcome, found.objective, found.executable) == ("infeasible", None, True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        ([None, None], None),
        ([3.0, 5.0, 5.0], (1, 2)),
        ([3.0, 5.0], (0, 1)),
        ([None, 7.0, None], (1, 1)),
        ([1e9, 1e9 + 100, 2.0], (0, 2)),
        ([0.0, 5e-7, 1.0], (0, 2)),
    ],
)
def test_the_vote(values: list[float | None], expected: tuple[int, int] | None) -> None:
    assert elect(values) == expected


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_of_the_schema_prompt_compile(number: int) -> None:
    form = SPEC.read(EXAMPLES[number][1])
    assert SPEC.read_json(json.loads(form.model_dump_json())) == form
    assert cir_of(form).objectives


@pytest.mark.parametrize(("number", "optimum"), list(enumerate(OPTIMA)))
async def test_schema_compiles_and_solves_what_the_model_wrote(
    sandbox: Sandbox, number: int, optimum: float
) -> None:
    model = ScriptedModel([EXAMPLES[number][1]])
    found = await find_method("schema").attempt(ITEM, means(model, sandbox))
    assert (found.outcome, found.executable) == ("optimal", True)
    assert found.objective == pytest.approx(optimum)
    assert model.calls[0].grammar == SPEC.grammar


async def test_schema_gives_the_other_reading_of_whole_things(sandbox: Sandbox) -> None:
    model = ScriptedModel([EXAMPLES[2][1]])
    found = await find_method("schema").attempt(ITEM, means(model, sandbox))
    assert found.relaxed == pytest.approx(11900 / 9) and found.whole is None


WRONG = {
    "no JSON": "Sorry.",
    "unknown key": '{"decisions": [], "rules": []}',
    "not an expression": EXAMPLES[2][1].replace("40*roses", "40 roses"),
    "unknown name": EXAMPLES[2][1].replace("40*roses", "40*lilies"),
    "not a name": EXAMPLES[2][1].replace('"name": "roses"', '"name": "2 roses"'),
    "not linear": EXAMPLES[2][1].replace("40*roses", "tulips*roses"),
    "code": EXAMPLES[2][1].replace("40*roses", "__import__('os').system('true')"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_schema_tells_why_an_answer_is_no_model(sandbox: Sandbox, name: str) -> None:
    found = await find_method("schema").attempt(ITEM, means(ScriptedModel([WRONG[name]]), sandbox))
    assert found.outcome == ("unsupported" if name == "not linear" else "error")
    assert (found.objective, found.executable) == (None, False)
    assert found.message


def test_every_endpoint_can_be_held_to_the_schema() -> None:
    def strict(part: object) -> None:
        if isinstance(part, dict):
            if "properties" in part:
                assert part["required"] == list(part["properties"])
                assert part["additionalProperties"] is False
            for inner in part.values():
                strict(inner)

    strict(SPEC.schema)
    assert set(SPEC.schema["required"]) == set(ModelForm.model_fields)  # type: ignore[arg-type]


async def test_schema_works_where_only_text_is_possible(sandbox: Sandbox) -> None:
    fenced = f"```json\n{EXAMPLES[2][1]}\n```"
    model = ScriptedModel([fenced], capability=Capability.TEXT)
    found: Attempt = await find_method("schema").attempt(ITEM, means(model, sandbox))
    assert found.objective == pytest.approx(1320)


async def test_tables_of_a_problem_are_shown_to_the_baselines(sandbox: Sandbox) -> None:
    item = ITEM.model_copy(update={"data": {"price": [3, 4]}})
    model = ScriptedModel(["no", "no"])
    for name in ("direct", "schema"):
        await find_method(name).attempt(item, means(model, sandbox))
    for call in model.calls:
        assert '"price": [3, 4]' in call.messages[-1].content
