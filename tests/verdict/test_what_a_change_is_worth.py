"""What is told of the worth of a change holds: small gains, weighed goals, priced rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.errors import InputError
from r2c.problem import read_problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.telling.limits_reached import binding
from r2c.telling.remedies import remedy_told
from r2c.telling.sensitivity import sensitivity_told
from r2c.telling.what_if import goal_sentences
from r2c.verdict.answer import solve_problem
from r2c.verdict.binding import bounds_reached
from r2c.verdict.what_if import what_if
from r2c.verdict.why_not import why_not
from r2c.verdict.with_sensitivity import with_sensitivity

LIMITS = Limits(seconds=20)
WORDS = read_problem("Grow two crops.")


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess() as running:
        yield running


def model(goal: str, *rules: str) -> CIR:
    written = "".join(f"  r{place}: linear\n    {rule}\n" for place, rule in enumerate(rules))
    return read_text(
        f"cir 1\ndecisions\n  a continuous\n  b continuous\nrules\n{written}objectives\n  {goal}"
    )


def worth(cir: CIR, rule: str, process: SolverProcess) -> str:
    answer = with_sensitivity(solve_problem(WORDS, cir, LIMITS, process), LIMITS)
    assert answer.solution is not None
    return sensitivity_told([one for one in answer.solution.sensitivity if one.rule == rule], cir)


PROFIT = "\n    unit: euro\n    meaning: profit\n"
LARGE = model(f"max 4*a + 1000*b{PROFIT}", "relation = a <= 10", "relation = b <= 1000")


def test_a_gain_that_is_small_beside_the_goal_is_told(process: SolverProcess) -> None:
    told = what_if(LARGE, WORDS, ["rule r0: 10 -> 11"], LIMITS, process)
    assert told.judgement == "better" and told.difference == pytest.approx(4)
    wish = why_not(LARGE, WORDS, "a <= 9", LIMITS, process)
    assert wish.kind == "costs" and wish.cost == pytest.approx(4)


def test_optima_that_are_proven_up_to_a_gap_only_are_not_told_apart(process: SolverProcess) -> None:
    rough = Limits(seconds=20, gap=0.5)
    cir = read_text(
        "cir 1\ndecisions\n  x integer\nrules\n  most: linear\n    relation = 3*x <= 100\n"
        "objectives\n  max 2*x"
    )
    before = solve_problem(WORDS, cir, rough, process)
    assert before.solution is not None
    unproven = before.model_copy(
        update={"solution": before.solution.model_copy(update={"gap": 0.05})}
    )
    changes = ["rule most: 100 -> 102"]
    assert what_if(cir, WORDS, changes, LIMITS, process).judgement == "better"
    told = what_if(cir, WORDS, changes, LIMITS, process, before=unproven)
    assert told.judgement == "equal"


def test_a_weighed_goal_is_not_told_as_the_goal(process: SolverProcess) -> None:
    cir = model(f"max 3*a + 2*b{PROFIT}    weight: 2\n", "relation = a + b <= 10")
    told = worth(cir, "r0", process)
    assert "raises the objective by 6" in told and "euro" not in told
    short = model(
        "min 3*a + 2*b\n    unit: euro\n    meaning: cost\n    weight: 2\n",
        "relation = a <= 5",
        "relation = a >= 10",
    )
    answer = solve_problem(WORDS, short, LIMITS, process)
    assert answer.conflict is not None
    ways = [remedy_told(way, short) for way in answer.conflict.remedies]
    assert any("then the best objective is 60." in way for way in ways), ways


def test_what_broken_rules_cost_is_named_beside_the_goal(process: SolverProcess) -> None:
    cir = model(
        "max a\n    unit: euro\n    meaning: gain\n",
        "relation = a + b <= 10",
        "relation = a >= 20\n    soft: 3 per unit",
    )
    assert "raises the gain less what rules cost by 4 euro" in worth(cir, "r0", process)
    told = what_if(cir, WORDS, ["rule r0: 10 -> 11"], LIMITS, process)
    (sentence,) = [one for one in goal_sentences(told) if "rises" in one]
    assert sentence.startswith("The gain less what rules cost rises from −20 to −16 euro")
    dropped = what_if(cir, WORDS, ["without r1"], LIMITS, process)
    assert dropped.goals[0].meaning == "gain less what rules cost"


def test_a_step_of_a_large_amount_is_a_change(process: SolverProcess) -> None:
    cir = read_text(
        "cir 1\ndecisions\n  a integer\n  b integer\nrules\n  most: linear\n"
        "    relation = b <= 2000000\n  both: linear\n    relation = a + b <= 2000001\n"
        "objectives\n  max b - a\n"
    )
    told = what_if(cir, WORDS, ["rule most: 2000001"], LIMITS, process)
    assert [item.symbol for item in told.moved] == ["b"]
    assert why_not(cir, WORDS, "b <= 1999999", LIMITS, process).kind == "costs"
    answer = solve_problem(WORDS, cir, LIMITS, process)
    assert [place[0] for place in bounds_reached(answer)] == ["most"]
    assert answer.solution is not None
    assert [row.rule for row in binding(answer.solution.rows)] == ["most"]


def test_a_rule_that_is_broken_then_is_not_told_as_one_that_no_longer_binds(
    process: SolverProcess,
) -> None:
    cir = model(
        "min a + 2*b",
        "relation = a + b >= 10",
        "relation = b <= 8",
        "relation = a <= 3\n    soft: 7 per unit",
    )
    told = what_if(cir, WORDS, ["rule r1: 5"], LIMITS, process)
    assert told.no_longer_binding == () and [item.rule for item in told.now_binding] == ["r1"]


def test_a_limit_that_equals_a_factor_is_changed_alone_or_not_at_all(
    process: SolverProcess,
) -> None:
    cir = model("max 10*a + 3*b", "relation = 10*a + b <= 10", "relation = b <= 10")
    with pytest.raises(InputError, match="R2C-V059"):
        what_if(cir, WORDS, ["rule r0: 10 -> 11"], LIMITS, process)
    told = what_if(cir, WORDS, ["the limit in rule r0 becomes 11"], LIMITS, process)
    assert told.difference == pytest.approx(1)
