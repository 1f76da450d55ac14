"""An answer that rests on a relaxation says so, with the sentence of the rule."""

from __future__ import annotations

import pytest

import r2c
from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.formulation import Choice, Outcome, Solution
from r2c.model.plain import PlainModel
from r2c.model.reformulate import reformulate
from r2c.solve.inexact import with_inexactness

SENTENCE = "If more than 2 tons are made, the second line runs."


def line(domain: str = "continuous", **rule: object) -> CIR:
    return CIR.model_validate(
        {
            "decisions": [
                {"name": "tons", "domain": domain, "upper": "5"},
                {"name": "second", "domain": "binary"},
            ],
            "rules": [
                {
                    "id": "runs", "quote": SENTENCE, "archetype": "if_then_implication",
                    "operands": {"condition": "tons >= 2", "consequence": "second"}, **rule,
                }
            ],
            "objectives": [{"sense": "max", "expr": "tons - 4*second"}],
        }
    )  # fmt: skip


def test_the_optimum_of_a_relaxation_names_the_rule_its_sentence_and_the_reason():
    answer = r2c.solve(line())
    assert answer.outcome == "optimal"
    [choice] = answer.choices
    assert choice.relation == "relaxation"
    [fault] = answer.faults
    assert fault.code == "R2C-S006"
    assert SENTENCE in fault.what
    assert "'detected_beyond', a relaxation" in fault.what
    assert "condition can take fractions" in fault.what
    assert "this plan may break it" in fault.why
    assert answer.trust == "rejected"  # 2 tons without the second line


@pytest.mark.parametrize("rule", [{}, {"chosen": "detected"}])
def test_an_exact_model_has_nothing_to_add(rule):
    answer = r2c.solve(line("integer", **rule))
    assert answer.outcome == "optimal"
    assert answer.faults == ()


def test_a_relaxation_that_was_asked_for_is_told_as_well():
    answer = r2c.solve(line("integer", chosen="detected_beyond"))
    assert [fault.code for fault in answer.faults] == ["R2C-S006"]
    assert "as pinned" in answer.faults[0].what


@pytest.mark.parametrize(
    ("relation", "outcome", "told"),
    [
        ("relaxation", Outcome.OPTIMAL, True),
        ("relaxation", Outcome.FEASIBLE, True),
        ("relaxation", Outcome.INFEASIBLE, False),  # what the relaxation lacks, the rule lacks
        ("relaxation", Outcome.UNBOUNDED, True),
        ("restriction", Outcome.OPTIMAL, True),
        ("restriction", Outcome.FEASIBLE, False),
        ("restriction", Outcome.INFEASIBLE, True),
        ("restriction", Outcome.UNBOUNDED, False),
        ("approximation", Outcome.INFEASIBLE, True),
        ("exact", Outcome.OPTIMAL, False),
        ("relaxation", Outcome.LIMIT, False),
    ],
)
def test_only_outcomes_that_the_way_of_writing_can_falsify_are_doubted(relation, outcome, told):
    cir = line("integer")
    exact = reformulate(cir, standard_library(), bind(cir).require())
    choice = Choice(rule="runs", paradigm="p", relation=relation, reason="pinned")
    plain = PlainModel(cir, exact.variables, exact.rows, exact.objectives, (choice,))
    found = with_inexactness(Solution(outcome=outcome), plain)
    assert (found.fault is not None) == told
