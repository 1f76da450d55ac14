"""What is wrong with a problem is wrong for the reason that it gives, and not seen at a glance."""

from __future__ import annotations

import math
from random import Random

import pytest

from r2c.cir.schema import CIR
from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import draw
from r2c_benchmarks.rulebench.make import Made, make
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.phrase import Phrasing
from r2c_benchmarks.rulebench.select import Selection, select
from r2c_benchmarks.rulebench.story import Law, Wanted, story_of
from r2c_benchmarks.rulebench.tangents import best
from r2c_benchmarks.rulebench.text import number_text, told_value
from r2c_benchmarks.rulebench.troubles import trouble
from r2c_benchmarks.rulebench.troubles.unbounded import LIMITS

pytestmark = pytest.mark.slow


def made(kind: str, level: int, prover: Prover) -> Made:
    return make(f"troubled-{kind}", level, prover, kind=kind)


def test_a_vague_sentence_has_two_readings_with_an_optimum_each(prover: Prover) -> None:
    found = made("ambiguous", 1, prover)
    assert found.spoilt is not None and found.status == "needs_input"
    first, second = found.spoilt.readings
    assert first.says != second.says and abs(first.answer - second.answer) > 0.01
    again = prover.optimum(found.cir, found.selection.story.id)
    assert again.objective == pytest.approx(first.answer, rel=1e-6)
    vague = next(one for one in found.selection.story.vague if one.rule.id in found.spoilt.why)
    assert first.says == vague.says and second.says == vague.other.says


@pytest.mark.parametrize(
    ("kind", "level"), [("infeasible", 2), ("infeasible", 4), ("indivisible", 2)]
)
def test_a_conflict_is_between_rules_none_of_which_is_needless(
    kind: str, level: int, prover: Prover
) -> None:
    found = made(kind, level, prover)
    assert found.spoilt is not None
    story = found.selection.story.id
    conflict = set(found.spoilt.conflict)
    assert 2 <= len(conflict) <= 3
    core = found.cir.model_copy(
        update={
            "rules": tuple(rule for rule in found.cir.rules if rule.id in conflict),
            "objectives": (),
        }
    )
    assert prover.optimum(core, story).status == "infeasible"
    for rule in core.rules:
        rest = core.model_copy(update={"rules": tuple(x for x in core.rules if x is not rule)})
        assert prover.optimum(rest, story).status == "optimal"
    if kind == "indivisible":
        assert prover.optimum(found.cir, story, whole=False).status == "optimal"


def test_what_has_no_end_is_told_with_rules_that_look_like_limits(prover: Prover) -> None:
    found = made("unbounded", 2, prover)
    assert any(rule.archetype in LIMITS for rule in found.selection.rules)
    assert len(found.selection.rules) >= 4
    assert found.answer is not None and found.answer.status == "unbounded"


def test_a_law_is_told_with_its_numbers_and_changes_what_is_best(prover: Prover) -> None:
    found = made("unsupported", 1, prover)
    (law,) = found.selection.laws
    known = best(law, found.selection, assemble(found.selection, found.numbers), prover)
    assert known is not None and found.spoilt is not None
    optimum, without = known
    assert optimum == pytest.approx(found.spoilt.answer) and optimum != pytest.approx(without)
    told = [slot for _, slot in found.text.numbers if slot.name in law.data]
    assert {slot.name for slot in told} == set(law.data)
    for slot in told:
        value = told_value(found.selection, found.numbers, slot)
        assert number_text(value, found.thousands) in found.text.words
    assert all(one.name not in str(found.cir.objectives) for one in told)  # a model is without it


def test_a_limit_that_is_only_implied_is_a_rule_like_any_other(prover: Prover) -> None:
    rule = next(one for one in story_of("pottery").rules if one.id == "kiln")
    random = Random(3)
    selection = select(story_of("pottery"), 2, random)
    assert rule.implicit and not any(word in " ".join(rule.implicit) for word in ("exceed", "most"))
    told = Phrasing(selection, random).said(rule.implicit[0], rule)
    assert all(isinstance(piece, str) for piece in told)
    answer = prover.answer(assemble(selection, draw(selection, random)), "pottery")
    assert answer.status == "optimal"
    assert trouble("ambiguous").STATUS == "needs_input"


@pytest.mark.parametrize(
    ("sense", "linear", "shape", "by", "lowers", "optimum"),
    [
        ("max", "9*x", "power", 1, True, 108.0),  # 9x - x^1.5 at x = 36
        ("min", "-9*x", "power", 1, False, -108.0),
        ("max", "10 - x", "root", 10, False, 35.0),  # 10 - x + 10 sqrt(x) at x = 25
        ("max", "10 - x", "log", 10, False, 1 + 10 * math.log(10)),  # at x = 9
    ],
)
def test_the_optimum_with_a_law_is_where_calculus_has_it(
    sense: str, linear: str, shape: str, by: int, lowers: bool, optimum: float, prover: Prover
) -> None:
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x", "upper": 1000}],
            "objectives": [{"sense": sense, "expr": linear}],
        }
    )
    law = Law.model_validate(
        {"of": "x", "by": str(by), "shape": shape, "lowers": lowers, "said": list("abcd")}
    )
    x = Wanted.model_validate({"name": "x", "meaning": "x", "plan": {"value": "1"}})
    whole = story_of("pottery")
    aim = whole.aim.model_copy(update={"sense": sense})
    story = whole.model_copy(update={"decisions": (x,), "rules": (), "aim": aim})
    known = best(law, Selection(story, 1, (), {}, {}, {}, laws=(law,)), cir, prover)
    assert known is not None and known[0] == pytest.approx(optimum, rel=1e-6)
