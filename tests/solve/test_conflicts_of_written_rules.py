"""Conflicts between rules whose rows say what other rules make of the bounds."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from written_rules import outcome_with, written

from r2c.cir.schema import CIR
from r2c.formulation import Conflict, Outcome
from r2c.solve.iis import explain_conflict
from r2c.solve.limits import Limits
from r2c.solve.solve import solve_plain

TIME = Limits(seconds=20)
SPARED = "Dropping any one of these rules lets the others hold."
OPEN = "could not be settled"


def explained(text: str, process, seconds: float = 20) -> Conflict:
    model, instance = written(text)
    conflict = explain_conflict(model, instance, Limits(seconds=seconds), process=process)
    assert conflict is not None
    return conflict


def shared_hours(domain: str, cap: str, start: str) -> str:
    """Ten hours for four, of which two of them need more; `start` only switches x on."""
    decisions = "".join(f"  {name} {domain}\n" for name in "xwvu")
    return f"""
decisions
{decisions}  y {domain}
    upper: 4

rules
  {cap}: capacity_limit
    quote: All four share 10 hours.
    use = 2*x + 2*w + 2*v + 2*u
    limit = 21
  req: minimum_requirement
    quote: At least 15 of x and y together are ordered.
    amount = x + y
    least = 15
  {start}: fixed_charge_activation
    quote: Starting the line costs 20 euros.
    activities = [x]
    charge = 20

objectives
  min x + y + w + v + u
"""


@pytest.mark.parametrize("domain", ["continuous", "integer"])
@pytest.mark.parametrize(("cap", "start"), [("cap", "setup"), ("zcap", "asetup")])
def test_the_rule_behind_a_propagated_limit_is_blamed_and_not_the_one_that_passes_it_on(
    process, domain, cap, start
):
    conflict = explained(shared_hours(domain, cap, start), process)
    assert set(conflict.rules) == {cap, "req"}
    assert conflict.irreducible
    assert "All four share 10 hours." in conflict.explanation
    gives = "the 15 of" if domain == "continuous" else "the 21 of “All four share 10 hours.”"
    assert f"By themselves they could all hold if {gives}" in conflict.explanation
    assert "Starting the line" not in conflict.explanation
    assert "y <= 4" in conflict.bounds
    assert not any("active" in bound for bound in conflict.bounds)
    assert SPARED in conflict.explanation


def test_a_rule_whose_symbol_others_use_can_be_dropped_and_can_be_blamed(process):
    model = """
decisions
  x continuous
    upper: 50
  y continuous
    upper: 50

rules
  start: fixed_charge_activation
    quote: Without the licence nothing is sold.
    activities = [x, y]
    active -> on
  budget: linear
    quote: The licence costs 30 and each x costs 2, of 25 that are there.
    relation = 30*on + 2*x <= 25
  need: minimum_requirement
    quote: At least one x is sold.
    amount = x
    least = 1
  more: linear
    quote: The licence also costs 3 of y.
    relation = y >= 3*on

objectives
  min x + y
"""
    conflict = explained(model, process)
    assert set(conflict.rules) == {"start", "budget", "need"}
    assert SPARED in conflict.explanation
    # What does not need the rule stands without it: its symbol is free then.
    freed = explained(model.replace("2*x <= 25", "2*x <= 25 - 30"), process)
    assert freed.rules == ("budget",)


CASES = """
decisions
  x continuous
{x_upper}  w continuous

rules
{cap}  start: fixed_charge_activation
    quote: A started line stands idle or runs.
    activities = [x]
    active -> on
  large: linear
    quote: A line that is started makes 15 at least.
    relation = x + 20*(1 - on) >= 15
  some: minimum_requirement
    quote: One x at least is needed.
    amount = x
    least = 1

objectives
  min x
"""
CAP = "  cap: capacity_limit\n    quote: Ten at most.\n    use = x + w\n    limit = 10\n"


def test_a_rule_that_says_its_part_only_through_the_limit_of_another_is_listed(process):
    # Started, the line makes 15, which `cap` forbids; not started, it makes none.
    conflict = explained(CASES.format(cap=CAP, x_upper=""), process)
    assert set(conflict.rules) == {"cap", "start", "large", "some"}
    assert "Ten at most." in conflict.explanation
    # Without `cap` x has no limit, and `start` cannot be written; that the three can hold is
    # shown with a limit that is not in the way.
    assert conflict.irreducible
    assert SPARED in conflict.explanation


def test_a_bound_that_says_its_part_only_through_the_limit_of_a_rule_is_listed(process):
    conflict = explained(CASES.format(cap="", x_upper="    upper: 10\n"), process)
    assert set(conflict.rules) == {"start", "large", "some"}
    assert "x <= 10" in conflict.bounds


def test_a_rule_without_which_others_cannot_be_written_is_listed_but_not_called_needed(process):
    conflict = explained(
        f"""
decisions
  x continuous
  w continuous

rules
{CAP}  start: fixed_charge_activation
    activities = [x]
    active -> on
  closed: linear
    relation = on == 0
  some: minimum_requirement
    amount = x
    least = 1

objectives
  min x
""",
        process,
    )
    assert set(conflict.rules) == {"cap", "start", "closed", "some"}
    assert not conflict.irreducible
    assert OPEN in conflict.explanation
    assert SPARED not in conflict.explanation


def test_soft_rules_are_never_blamed(process):
    conflict = explained(
        """
decisions
  x continuous

rules
  wish: capacity_limit
    use = x
    limit = 3
    soft: 5 per unit
  low: minimum_requirement
    amount = x
    least = 8
  high: capacity_limit
    use = x
    limit = 7

objectives
  min x
""",
        process,
    )
    assert set(conflict.rules) == {"low", "high"}


def test_little_time_claims_little(process):
    model, instance = written(shared_hours("integer", "cap", "setup"))
    for seconds in (0.02, 0.1, 0.5):
        conflict = explain_conflict(model, instance, Limits(seconds=seconds), process=process)
        if conflict is None:
            continue
        assert {"cap", "req"} <= set(conflict.rules)
        assert (SPARED in conflict.explanation) <= (set(conflict.rules) == {"cap", "req"})


def test_the_least_number_that_would_have_to_give_is_told_as_the_rule_states_it(process):
    model = """
decisions
  x continuous
    upper: 6
  y continuous
    upper: 5

rules
  room: linear
    quote: Of 20 places 12 are taken.
    relation = 12 == 20 - x
  some: minimum_requirement
    quote: At least 15 are needed.
    amount = x + y
    least = 15
  used: linear
    quote: At most 4 more than x.
    relation = y <= x + 4

objectives
  min x
"""
    conflict = explained(model.replace("12 == 20 - x", "y == 9 - x"), process)
    assert set(conflict.rules) == {"some"}
    (change,) = conflict.eased
    assert (change.rule, change.stated, change.eased) == ("some", 15, 11)
    assert "By themselves they could all hold if the 15 of “At least 15" not in conflict.explanation
    assert "By itself it could hold if the 15 of “At least 15" in conflict.explanation
    assert "(some) were lowered to 11." in conflict.explanation
    tight = model.replace("upper: 6", "upper: 50").replace("12 == 20 - x", "y == 9 - x")
    conflict = explained(tight, process)
    assert set(conflict.rules) == {"room", "some"}
    (change,) = conflict.eased
    assert (change.rule, change.stated, change.eased) in [("room", 9, 15), ("some", 15, 9)]
    assert "By themselves they could all hold if the " in conflict.explanation


def test_nothing_is_said_of_numbers_that_follow_from_other_rules(process):
    conflict = explained(CASES.format(cap=CAP, x_upper=""), process)
    assert conflict.eased == ()


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a + b <= D", "D >= 2*a + b", "a <= D - b", "a + b >= D", "c == D",
                             "D - a <= b + c", "a - D >= c - b", "0 == D - a - c"]),
            st.integers(0, 12),
        ),
        min_size=1, max_size=4,
    ),
    st.booleans(),
)  # fmt: skip
def test_with_the_numbers_eased_the_rules_hold(process, drawn, whole):
    domain = "integer" if whole else "continuous"
    cir = CIR.model_validate(
        {
            "decisions": [{"name": name, "domain": domain, "upper": "5"} for name in "abc"],
            "parameters": [
                {"name": f"d{place}", "value": value} for place, (_, value) in enumerate(drawn)
            ],
            "rules": [
                {"id": f"r{place}", "operands": {"relation": text.replace("D", f"d{place}")}}
                for place, (text, _) in enumerate(drawn)
            ],
        }
    )
    model, instance = written(cir)
    conflict = explain_conflict(model, instance, TIME, process=process)
    if conflict is None:
        return
    assert conflict.eased
    eased = {f"d{change.rule[1:]}": change for change in conflict.eased}
    parameters = []
    for item in cir.parameters:
        change = eased.get(item.name)
        assert change is None or change.stated == item.value
        value = item.value if change is None else change.eased
        parameters.append(item.model_copy(update={"value": value}))
    changed = cir.model_copy(update={"parameters": tuple(parameters)})
    assert outcome_with(changed, conflict.rules, process) is Outcome.OPTIMAL


amounts = st.integers(1, 12)


@st.composite
def switched_models(draw: st.DrawFn) -> CIR:
    """Rules about three amounts: shares of a capacity, least amounts, switches, conditions."""
    names = ["a", "b", "c"]
    rules = []
    for number in range(draw(st.integers(2, 5))):
        kind = draw(st.sampled_from(["cap", "least", "start", "batch", "one_of"]))
        some = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        total = " + ".join(some)
        rule = {
            "cap": {"archetype": "capacity_limit",
                    "operands": {"use": f"2*{total}", "limit": str(draw(amounts))}},
            "least": {"archetype": "minimum_requirement",
                      "operands": {"amount": total, "least": str(draw(amounts))}},
            "start": {"archetype": "fixed_charge_activation",
                      "operands": {"activities": f"[{', '.join(some)}]", "charge": "3"}},
            "batch": {"archetype": "minimum_batch_semi_continuous",
                      "operands": {"amount": some[0], "least": str(draw(amounts))}},
            "one_of": {"archetype": "mutual_exclusion_conflict",
                       "operands": {"options": f"[{', '.join(names[:2])}]"}},
        }[kind]  # fmt: skip
        rules.append({"id": f"{draw(st.sampled_from('mz'))}{number}", **rule})
    whole = draw(st.booleans())
    decisions = [
        {"name": name, "domain": "integer" if whole else "continuous",
         "upper": str(draw(st.integers(1, 9)))}
        for name in names
    ]  # fmt: skip
    goal = {"sense": "min", "expr": "a + b + c"}
    return CIR.model_validate({"decisions": decisions, "rules": rules, "objectives": [goal]})


@pytest.mark.slow
@settings(max_examples=40)
@given(switched_models())
def test_the_rules_of_a_conflict_clash_when_they_are_all_the_model_has(process, cir):
    model, instance = written(cir)
    if solve_plain(model, instance, TIME, process=process).outcome is not Outcome.INFEASIBLE:
        assume(False)
    conflict = explain_conflict(model, instance, TIME, process=process)
    assert conflict is not None
    assert outcome_with(cir, conflict.rules, process) is Outcome.INFEASIBLE
    if SPARED in conflict.explanation:
        for spared in conflict.rules:
            others = set(conflict.rules) - {spared}
            assert outcome_with(cir, others, process) is Outcome.OPTIMAL
