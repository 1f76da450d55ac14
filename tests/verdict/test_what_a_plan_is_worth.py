"""Every tier has its value, what rules cost is part of it, and the recheck computes it anew."""

from __future__ import annotations

from typing import Any

import pytest
from small_problems import Solved, solved

import r2c
from r2c.archetypes.generate import instances
from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.formulation import Evidence, Outcome, Trust
from r2c.model.costs import costs
from r2c.model.reformulate import attempt
from r2c.model.tiers import sense_of, tiers
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain
from r2c.verdict.recheck import recheck

LIBRARY = standard_library()
WHOLE = [{"name": name, "domain": "integer", "upper": 20} for name in ("a", "b")]
CAP = {"id": "cap", "archetype": "capacity_limit", "operands": {"use": "a + b", "limit": 12}}


def model(**parts: Any) -> CIR:
    return CIR.model_validate({"decisions": WHOLE, "rules": [CAP]} | parts)


def goal(sense: str, expr: str, tier: int = 0, **more: Any) -> dict[str, Any]:
    return {"sense": sense, "expr": expr, "tier": tier, **more}


def soft(relation: str, price: str, per: str = "unit", tier: int = 0, **more: Any) -> Any:
    price_ = {"price": price, "per": per, "tier": tier}
    return {"id": "wish", "operands": {"relation": relation}, "soft": price_, **more}


def rechecked(answer: Solved, **changes: Any) -> Evidence:
    solution = answer.solution.model_copy(update=changes)
    return recheck(answer.cir, solution, answer.instance, LIBRARY)


TRADE = model(
    rules=[
        soft("a + b >= 30", "4"),
        {"id": "hours", "operands": {"relation": "0.5*a + b <= 12"}},
        soft("b <= 3", "5", "occurrence", id="few"),
    ],
    objectives=[goal("min", "a + 3*b")],
)
"""Worth 58: 26 of the goal, and 8 units short at 4 each."""


def test_the_value_of_every_tier_is_told_whatever_the_order_in_the_file() -> None:
    cost, served = goal("min", "3*a + 2*b", 1), goal("max", "a + 2*b", 0)
    answer = r2c.solve(model(objectives=[cost, served]))
    assert answer.solution is not None
    assert answer.objective == pytest.approx(24)
    assert [(tier.tier, tier.sense) for tier in answer.solution.tiers] == [(0, "max"), (1, "min")]
    assert [tier.value for tier in answer.solution.tiers] == pytest.approx([24, 24])


def test_goals_of_one_tier_are_told_one_by_one_and_together() -> None:
    answer = solved(model(objectives=[goal("max", "2*a + b", weight=2), goal("min", "b")]))
    (tier,) = answer.solution.tiers
    assert tier.value == pytest.approx(2 * tier.goals[0] - tier.goals[1])
    assert rechecked(answer).passed is True


def test_costs_are_told_by_rule_and_are_part_of_their_tier() -> None:
    answer = solved(TRADE)
    assert [(c.rule, c.broken, c.cost) for c in answer.solution.costs] == [
        ("wish", pytest.approx(8), pytest.approx(32))
    ]
    (tier,) = answer.solution.tiers
    assert (tier.value, tier.goals) == (pytest.approx(58), (pytest.approx(26),))


def test_a_charge_is_told_for_each_member_that_makes_it() -> None:
    cir = model(
        sets=[{"name": "P", "elements": ["x", "y"]}],
        parameters=[
            {"name": "fix", "over": ["P"], "value": {"kind": "dense", "values": [50, 0]}},
            {"name": "gain", "over": ["P"], "value": {"kind": "dense", "values": [9, 1]}},
        ],
        decisions=[{"name": "make", "over": ["P"], "upper": "12"}],
        rules=[
            {
                "id": "setup",
                "archetype": "fixed_charge_activation",
                "forall": "for p in P",
                "operands": {"activities": "[make[p]]", "charge": "fix[p]"},
            }
        ],
        objectives=[goal("max", "sum(gain[p]*make[p] for p in P)")],
    )
    answer = solved(cir)
    assert [(c.rule, c.key, c.broken, c.cost) for c in answer.solution.costs] == [
        ("setup", ("x",), None, pytest.approx(50))
    ]
    assert answer.solution.objective == pytest.approx(9 * 12 + 12 - 50)
    assert rechecked(answer).passed is True


@pytest.mark.parametrize("tier", [0, 1, 2])
def test_a_price_in_any_tier_leaves_a_right_plan_confirmed(tier: int) -> None:
    cir = model(rules=[soft("a >= 10", "4", tier=tier)], objectives=[goal("min", "3*a", 1)])
    answer = r2c.solve(cir)
    assert answer.trust is not Trust.REJECTED
    assert {item.check: item.passed for item in answer.evidence}["recheck"] is True
    assert answer.solution is not None
    told = {item.tier: item.value for item in answer.solution.tiers}
    assert told == pytest.approx({0: {0: 0, 1: 30}, 1: {1: 30}, 2: {1: 0, 2: 40}}[tier])
    assert answer.objective == answer.solution.tiers[0].value


def test_a_model_with_nothing_but_prices_is_rechecked_as_well() -> None:
    answer = solved(model(rules=[soft("a >= 25", "4")]))
    assert answer.solution.objective == pytest.approx(20)
    assert rechecked(answer).passed is True
    assert rechecked(answer, objective=19.0).passed is False


@pytest.mark.parametrize("claim", [26, 57, 59, 500, 1_000_000])
def test_another_value_of_a_plan_with_broken_rules_is_refused(claim: float) -> None:
    answer = solved(TRADE)
    assert "objective value is confirmed" in rechecked(answer).message
    assert rechecked(answer, objective=float(claim), bound=float(claim)).passed is False


def test_a_wrong_value_of_a_later_tier_is_refused() -> None:
    answer = solved(model(objectives=[goal("max", "a"), goal("min", "b", 1)]))
    first, second = answer.solution.tiers
    wrong = second.model_copy(update={"value": second.value + 1})
    found = rechecked(answer, tiers=(first, wrong))
    assert (found.passed, "in tier 1 is 0, not 1" in found.message) == (False, True)
    assert rechecked(answer, tiers=(first,)).passed is False


@pytest.mark.parametrize(("claim", "passed"), [(23, True), (15, False)])
def test_a_search_cut_short_may_pay_too_much_for_a_broken_rule_but_not_too_little(
    claim: float, passed: bool
) -> None:
    answer = solved(model(rules=[soft("a >= 25", "4")]))
    tiers = (answer.solution.tiers[0].model_copy(update={"value": float(claim)}),)
    found = rechecked(
        answer, outcome=Outcome.FEASIBLE, objective=float(claim), tiers=tiers, bound=0.0
    )
    assert found.passed is passed
    assert not passed or "at least as good as told" in found.message


def test_the_recheck_says_which_rules_are_not_among_the_conditions() -> None:
    found = rechecked(solved(TRADE))
    assert "the only condition that the rules mean" in found.message
    assert "2 soft rules are not among the conditions; 1 is broken." in found.message
    assert found.details == {"conditions": 1, "soft_rules": 2, "broken_soft_rules": ["wish"]}


def test_a_count_that_is_exceeded_costs_its_price_by_the_unit() -> None:
    choices = [{"name": name, "domain": "binary"} for name in "abc"]
    apart = {
        "id": "apart",
        "archetype": "mutual_exclusion_conflict",
        "operands": {"options": "[a, b, c]"},
        "soft": {"price": "0.5"},
    }
    answer = solved(model(decisions=choices, rules=[apart], objectives=[goal("max", "a + b + c")]))
    assert answer.solution.objective == pytest.approx(2)
    assert "its objective value is confirmed" in rechecked(answer).message
    assert rechecked(answer, objective=2.5).passed is False


def test_without_an_objective_no_value_is_confirmed() -> None:
    found = rechecked(solved(model()))
    assert (found.passed, "confirmed" in found.message) == (True, False)


@pytest.fixture(scope="module")
def process() -> Any:
    with SolverProcess() as running:
        yield running


DEFINE = frozenset(
    """
    all_units_discount bilinear_blending concave_piecewise_cost convex_piecewise_cost
    derived_quantity_definition earliness_tardiness_measure fixed_charge_activation
    flow_conservation goal_programming_targets incremental_discount linear_conversion_yield
    makespan_measure max_min_fairness min_max_fairness path_selection
    product_of_binary_and_continuous product_of_two_binaries quadratic_risk ratio_objective
    soft_rule_with_penalty subtour_elimination symmetry_breaking workforce_hire_fire_balance
    """.split()
)
"""Archetypes that say what things are: nothing of them is for sale."""
NOT_BY_THE_UNIT = frozenset(
    """
    bin_packing cardinality_limit co_requisite_equivalence conditional_on_threshold
    connectivity_tree consecutive_run_limits cumulative_resource cutting_stock
    dispersion_distance_separation either_or_constraints facility_opening fairness_balance
    flow_shop_order if_then_implication integrality_indivisibility k_out_of_n_conditions
    machine_eligibility_assignment minimum_batch_semi_continuous network_design
    no_overlap_on_a_machine pattern_transition_ban pickup_and_delivery_pairing ramping
    robust_worst_case sequence_dependent_setup start_up_min_up_down_time time_windows
    """.split()
)
"""Archetypes whose meaning does not say by how much they are missed, or no rows do."""
NOT_AT_ONCE = frozenset(["absolute_value_deviation", "connectivity_tree"])
"""Archetypes of which some amount has no bound here."""
KEPT = frozenset(
    "cash_flow_investment free_signed_variable integrality_indivisibility "
    "lot_pack_multiples time_windows".split()
)
"""Archetypes that no instance here has a reason to break."""


@pytest.mark.parametrize("per", ["unit", "occurrence"])
@pytest.mark.parametrize("archetype", sorted(LIBRARY))
def test_what_a_broken_rule_costs_by_its_rows_it_costs_by_its_meaning(
    archetype: str, per: str, process: SolverProcess
) -> None:
    card = LIBRARY[archetype]
    never = DEFINE | (NOT_BY_THE_UNIT if per == "unit" else NOT_AT_ONCE)
    written = broken = 0
    drawn = (card.instance.cir, *instances(card, 3, "prices"))
    for place, cir in enumerate((*drawn, *instances(card, 10, "prices"))):
        if place >= len(drawn) and (broken or archetype in never | KEPT):
            break  # some rules are worth breaking in few instances only
        fields = cir.model_dump(mode="json")
        for item in fields["rules"]:
            if item["archetype"] == archetype:
                item["soft"] = {"price": 0.25, "per": per, "tier": 1}
        softened = CIR.model_validate(fields)
        instance = bind(softened).require()
        plain, _ = attempt(softened, LIBRARY, instance)
        if plain is None:
            continue
        written += 1
        charged = any(cost.broken is None for cost in costs(plain, LIBRARY))
        ordered = sorted(plain.objectives, key=lambda item: item.tier)
        assert tuple(item.tier for item in ordered) == tiers(softened, charged=charged)
        assert [i.sense for i in ordered] == [sense_of(softened, i.tier) for i in ordered]
        solution = solve_plain(plain, instance, process=process)
        found = recheck(softened, solution, instance, LIBRARY)
        assert found.passed is (True if solution.values else None), found.message
        broken += bool(found.details.get("broken_soft_rules"))
    assert bool(written) is (archetype not in never)
    assert bool(broken) is (archetype not in never | KEPT)
