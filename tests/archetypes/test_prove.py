"""The proof of a card finds what is wrong with it: a proof that cannot fail proves nothing."""

from __future__ import annotations

import pytest

from r2c.archetypes.generate import instances
from r2c.archetypes.load import read_card, standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.errors import ModelError
from r2c.resources import knowledge_base
from r2c.solve.brute_force import brute_force
from r2c.solve.prove import prove

LIBRARY = standard_library()


def failures(family: str, id: str, *edits: tuple[str, str]) -> list[str]:
    text = knowledge_base().joinpath("cards", family, f"{id}.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    card = read_card(text.encode(), f"{id}.yaml")
    report = prove(card, {**LIBRARY, id: card}, 8)
    assert report.proven is not bool(report.failures)
    return [check.claim for check in report.failures]


@pytest.mark.parametrize(
    ("family", "id", "edit", "claim"),
    [
        ("resource", "capacity_limit", ("optimum: 22", "optimum: 23"), "stated optimum"),
        (
            "logic", "fixed_charge_activation",
            ("sum(activities) <= bound(sum(activities))*active", "sum(activities) <= 3*active"),
            "aggregated is exact",
        ),
        (
            "logic", "mutual_exclusion_conflict",
            ("      one: sum(options) <= 1", "      one: sum(options) <= 2"), "clique is exact",
        ),
        (
            "logic", "if_then_implication",
            ("1 - (1 + bound(-c))*met[c]", "2 - (2 + bound(-c))*met[c]"), "detected is exact",
        ),
        (
            "quantity", "integrality_indivisibility",
            ("relation: relaxation", "relation: restriction"), "divisible is restriction",
        ),
        (
            "quantity", "integrality_indivisibility",
            ("relation: relaxation", "relation: exact"), "divisible is exact",
        ),
        (
            "selection", "knapsack_selection",
            ("size: {variables: len(choices), rows: len(choices) + 1}",
             "size: {variables: 1, rows: len(choices) + 1}"),
            "taken is no larger than it says",
        ),
        (
            "quantity", "cardinality_limit",
            ('preconditions: ["sign(items, nonnegative)", ',
             'preconditions: ["sign(items, nonpositive)", '),
            "switched",
        ),
        (
            "resource", "capacity_limit",
            ("        limit: null", "        limit: use <= limit"), "is forgotten",
        ),
        (
            "scheduling", "no_overlap_on_a_machine",
            ('"sign(duration, positive)", ', ""), "time_indexed is exact",
        ),
        (
            "scheduling", "cumulative_resource",
            (', "sign(duration, positive)"', ""), "time_indexed is exact",
        ),
        (
            "scheduling", "cumulative_resource",
            ("nonzero([max(0, start[j] + duration[j] - start[i])])",
             "min(1, max(0, start[j] + duration[j] - start[i]))"), "time_indexed is exact",
        ),
        (
            "scheduling", "sequence_dependent_setup",
            (', "sign(duration, positive)"', ""), "successors is exact",
        ),
        (
            "multiperiod", "start_up_min_up_down_time",
            (', "sign(min_up, positive)", "sign(min_down, positive)", integer(min_down)', ""),
            "turn_on_only plans what is meant",
        ),
        (
            "multiperiod", "shelf_life_age",
            ('    preconditions: ["sign(life, positive)"]\n', ""), "by_arrival is exact",
        ),
        (
            "workforce", "work_time_limits",
            ("    preconditions: [integer(window)]\n", ""), "running_account is exact",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_card_breaks_its_proof(family, id, edit, claim):
    found = failures(family, id, edit)
    assert any(claim in item for item in found)


def test_random_instances_are_the_same_for_everybody():
    card = LIBRARY["knapsack_selection"]
    first, again = list(instances(card, 3)), list(instances(card, 3))
    assert first == again
    assert len({cir.model_dump_json() for cir in first}) > 1
    assert list(instances(card, 3, seed="other")) != first


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"upper": "9"}, "cannot be enumerated"),
        ({"domain": "integer"}, "cannot be enumerated"),
        ({"domain": "integer", "upper": "900000"}, "900001 plans"),
    ],
)
def test_brute_force_refuses_what_it_cannot_try(decision, words):
    cir = CIR.model_validate({"decisions": [{"name": "x", **decision}]})
    with pytest.raises(ModelError, match=words):
        brute_force(bind(cir).require(), LIBRARY)


def test_brute_force_says_when_no_plan_keeps_the_rules():
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x", "domain": "integer", "upper": "3"}],
            "rules": [{"id": "r", "operands": {"relation": "x >= 4"}}],
        }
    )
    best = brute_force(bind(cir).require(), LIBRARY)
    assert (best.objective, best.plans) == (None, 4)
