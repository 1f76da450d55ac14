"""Rules become rows by the cheapest paradigm that fits, and whatever cannot be written says why."""

from __future__ import annotations

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.cir.write import write, write_binder
from r2c.model.plain import PlainModel
from r2c.model.reformulate import NotReformulated, reformulate

LIBRARY = standard_library()


def cir(rules: list[dict], decisions: list[dict] | None = None, **parts: object) -> CIR:
    decisions = decisions or [{"name": "x"}, {"name": "y"}]
    numbered = [{"id": f"r{k}", **rule} for k, rule in enumerate(rules, start=1)]
    return CIR.model_validate({"decisions": decisions, "rules": numbered, **parts})


def written(model: CIR) -> PlainModel:
    return reformulate(model, LIBRARY, bind(model).require())


def rows(model: CIR) -> list[str]:
    return [
        write(row.relation) + ("" if row.binder is None else " " + write_binder(row.binder))
        for row in written(model).rows
    ]


def faults(model: CIR) -> dict[str, str]:
    with pytest.raises(NotReformulated) as caught:
        written(model)
    return {fault.code: str(fault) for fault in caught.value.faults}


INDEXED: dict[str, list[dict]] = {
    "sets": [{"name": "P", "elements": ["a", "b", "c"]}],
    "parameters": [{"name": "cap", "over": ["P"], "value": {"kind": "dense", "values": [5, 6, 7]}}],
}
BINARY = [{"name": "x", "domain": "binary"}, {"name": "y", "domain": "binary"}]


@pytest.mark.parametrize(
    ("archetype", "operands", "expected"),
    [
        ("linear", {"relation": "x + y <= 4"}, ["x + y <= 4"]),
        ("linear", {"relation": "2 <= x <= 4"}, ["2 <= x <= 4"]),
        ("linear", {"relation": "y <= x <= 4"}, ["y <= x", "x <= 4"]),
        ("linear", {"relation": "x <= 4 and y >= 1"}, ["x <= 4", "y >= 1"]),
        ("capacity_limit", {"use": "3*x + y", "limit": "40"}, ["3*x + y <= 40"]),
        ("minimum_requirement", {"amount": "x", "least": "2"}, ["x >= 2"]),
        ("exact_balance_requirement", {"amount": "x", "target": "2"}, ["x == 2"]),
        ("interval_limit", {"amount": "x", "least": "2", "most": "3"}, ["x >= 2", "x <= 3"]),
        ("bounds_on_variables", {"amount": "x", "most": "3"}, ["x <= 3"]),
        (
            "ratio_percentage_share",
            {"part": "x", "whole": "x + y", "share": "0.3", "sense": "at_least"},
            ["x >= 0.3*(x + y)"],
        ),
        (
            "ratio_percentage_share",
            {"part": "x", "whole": "y", "share": "2", "sense": "'at most'"},
            ["x <= 2*y"],
        ),
    ],
)
def test_simple_archetypes_become_the_row_a_planner_would_write(archetype, operands, expected):
    assert rows(cir([{"archetype": archetype, "operands": operands}])) == expected


def test_a_rule_without_an_archetype_is_plain_algebra():
    assert rows(cir([{"operands": {"relation": "x <= 3"}}])) == ["x <= 3"]


def test_the_loops_of_a_rule_index_everything_it_creates():
    model = cir(
        [
            {
                "archetype": "fixed_charge_activation",
                "forall": "for p in P",
                "operands": {"activities": "make[p]", "charge": "9"},
                "outputs": {"active": "on"},
            },
            {
                "archetype": "capacity_limit",
                "operands": {"use": "sum(on[p] for p in P)", "limit": "2"},
            },
        ],
        [{"name": "make", "over": ["P"], "indices": ["p"], "upper": "cap[p]"}],
        objectives=[{"sense": "max", "expr": "sum(make[p] for p in P)"}],
        **INDEXED,
    )
    plain = written(model)
    on = next(variable for variable in plain.variables if variable.name == "on")
    assert on.binder is not None
    assert (on.domain, on.rule, write_binder(on.binder)) == ("binary", "r1", "for p in P")
    assert rows(model) == ["make[p] <= cap[p]*on[p] for p in P", "sum(on[p] for p in P) <= 2"]
    assert write(plain.objectives[0].expr) == "sum(make[p] for p in P) - sum(9*on[p] for p in P)"


def test_big_m_comes_from_what_the_other_rules_leave_possible():
    model = cir(
        [
            {"operands": {"relation": "3*x + 2*y <= 40"}},
            {"archetype": "fixed_charge_activation", "operands": {"activities": "x"}},
        ]
    )
    assert rows(model)[1] == f"x <= {40 / 3!r}*r2_active"


def test_an_unbounded_activity_is_refused_and_the_missing_bound_named():
    model = cir([{"archetype": "fixed_charge_activation", "operands": {"activities": "x"}}])
    assert "x has no upper bound" in faults(model)["R2C-M112"]


def test_template_loops_do_not_capture_names_of_the_rule():
    """The card's own loop variable is called t; so is the rule's."""
    model = cir(
        [
            {
                "archetype": "inventory_balance",
                "forall": "for t in P",
                "operands": {
                    "stock": "[store[t,m] for m in M]",
                    "inflow": "[make[t,s] for s in M]",
                    "outflow": "cap[t]",
                    "periods": "M",
                },
            }
        ],
        [{"name": "store", "over": ["P", "M"]}, {"name": "make", "over": ["P", "M"]}],
        sets=[*INDEXED["sets"], {"name": "M", "kind": "ordered", "elements": [1, 2, 3]}],
        parameters=INDEXED["parameters"],
    )
    assert rows(model)[1] == (
        "store[t, t_2] == store[t, t_2 - 1] + make[t, t_2] - cap[t] "
        "for t in P for t_2 in M if ord(t_2) > 1"
    )


def test_a_sparse_flow_is_summed_over_its_own_lanes():
    model = cir(
        [
            {
                "archetype": "supply_demand_transport",
                "operands": {
                    "flow": "ship", "origins": "P", "destinations": "P", "supply": "cap",
                    "demand": "1",
                },
            }
        ],
        [{"name": "ship", "over": ["L"]}],
        sets=[
            *INDEXED["sets"],
            {"name": "L", "dim": 2, "within": ["P", "P"], "elements": [["a", "b"], ["a", "c"]]},
        ],
        parameters=INDEXED["parameters"],
    )  # fmt: skip
    assert rows(model)[0] == "sum(ship[i, j] for j in P if [i, j] in L) <= cap[i] for i in P"


@pytest.mark.parametrize(
    ("rule", "decisions", "code", "words"),
    [
        ({"archetype": "capacity_limt"}, None, "R2C-A005", "capacity_limit"),
        ({"archetype": "capacity_limit", "operands": {"use": "x"}}, None, "R2C-M101", "limit"),
        (
            {"archetype": "capacity_limit", "operands": {"use": "x", "limit": "3", "cap": "4"}},
            None, "R2C-M102", "cap",
        ),
        (
            {"archetype": "capacity_limit", "operands": {"use": "x <= 3", "limit": "3"}},
            None, "R2C-M103", "condition",
        ),
        (
            {
                "archetype": "ratio_percentage_share",
                "operands": {"part": "x", "whole": "y", "share": "x"},
            },
            None, "R2C-M103", "decided by the plan",
        ),
        (
            {"archetype": "mutual_exclusion_conflict", "operands": {"options": "x + y"}},
            BINARY, "R2C-M103", "at least 2 items",
        ),
        (
            {
                "archetype": "capacity_limit", "operands": {"use": "x", "limit": "3"},
                "outputs": {"slack": "left"},
            },
            None, "R2C-M104", "slack",
        ),
        ({"operands": {"relation": "x + y"}}, None, "R2C-M103", "no relation"),
        ({"operands": {"relation": "x < 4"}}, None, "R2C-M120", "strict"),
        ({"operands": {"relation": "x*y <= 4"}}, None, "R2C-M123", "x*y"),
        (
            {"operands": {"relation": "x/(x + y) <= 0.3"}},
            None, "R2C-M123", "ratio_percentage_share",
        ),
        (
            {"operands": {"relation": "x <= 3"}, "chosen": "hull"},
            None, "R2C-M110", "'row'",
        ),
        (
            {
                "archetype": "mutual_exclusion_conflict", "operands": {"options": "[x, y]"},
                "chosen": "clique",
            },
            None, "R2C-M111", "binary(options)",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_written_says_what_why_and_what_to_do(rule, decisions, code, words):
    told = faults(cir([rule], decisions))
    assert list(told) == [code]
    assert words in told[code]


def test_all_faults_are_told_at_once():
    model = cir(
        [{"archetype": "nonsense"}, {"operands": {}}, {"operands": {"relation": "x*y <= 1"}}]
    )
    assert set(faults(model)) == {"R2C-A005", "R2C-M101", "R2C-M123"}


@pytest.mark.parametrize(
    ("relation", "remedy"),
    [
        ("x*y <= 4", "Fix one of the factors"),
        ("x**2 <= 4", "Fix the base"),
        ("max(x, y) <= 4", "`a <= c and b <= c`"),
        ("min(x, 3) >= 4 - y", "maximise a decision that is at most each"),
        ("abs(x - y) >= 1", "which sign it has"),
        ("max(y for i in [1, 2]) <= 4", "`a <= c and b <= c`"),
    ],
)
def test_what_is_not_linear_comes_with_advice_for_its_operation(relation, remedy):
    with pytest.raises(NotReformulated) as caught:
        written(cir([{"operands": {"relation": relation}}]))
    assert remedy in caught.value.fault.remedy
    assert remedy.startswith("Fix") or "factors" not in caught.value.fault.remedy


def test_every_operation_that_is_not_linear_is_told_for_every_place():
    goal = {"sense": "max", "expr": "x*y + x*max(y, 2) + y + min(x, 4)"}
    relations = ["x*y + abs(x - y) <= 4", "max(x*y, x) <= 6"]
    model = cir([{"operands": {"relation": each}} for each in relations], objectives=[goal])
    with pytest.raises(NotReformulated) as caught:
        written(model)
    told = [(fault.details["where"], fault.details["kind"]) for fault in caught.value.faults]
    assert told == [
        ("Rule 'r1'", "product"), ("Rule 'r1'", "abs"),
        ("Rule 'r2'", "max"), ("Rule 'r2'", "product"),
        ("The objective", "max"), ("The objective", "min"),
    ]  # fmt: skip


def test_a_strict_inequality_on_whole_numbers_is_moved_by_one():
    decisions = [{"name": "x", "domain": "integer"}, {"name": "y", "domain": "integer"}]
    model = cir([{"operands": {"relation": "x < 2*y"}}], decisions)
    assert rows(model) == ["x <= 2*y - 1"]


def test_created_names_give_way_to_names_in_use():
    model = cir(
        [{"id": "setup", "archetype": "fixed_charge_activation", "operands": {"activities": "x"}}],
        [{"name": "x", "upper": "5"}, {"name": "setup_active"}],
    )
    names = [variable.name for variable in written(model).variables]
    assert names == ["x", "setup_active", "setup_active_2"]


def test_the_choice_is_explained():
    (choice,) = written(
        cir([{"archetype": "mutual_exclusion_conflict", "operands": {"options": "[x, y]"}}], BINARY)
    ).choices
    assert choice.paradigm == "clique"
    assert choice.relation == "exact"
    assert choice.reason == (
        "as small as pairwise and tighter; "
        "0 variables and 1 row against 2 variables and 5 rows with switched"
    )


EITHER = {"archetype": "mutual_exclusion_conflict", "operands": {"options": "[x, y]"}}


@pytest.mark.parametrize(
    ("decisions", "candidates", "paradigm", "reason"),
    [
        (BINARY, [{"paradigm": "switched", "reason": "the planner wants switches."}, "clique"],
         "switched", "the first candidate (the planner wants switches)"),
        (BINARY, ["pairwise", "clique"], "pairwise", "the first candidate"),
        ([{"name": "x", "upper": "9"}, {"name": "y", "upper": "9"}], ["clique", "switched"],
         "switched", "the first candidate that is possible; clique is not possible (options is"),
        ([{"name": "x", "upper": "9"}, {"name": "y", "upper": "9"}], ["clique"],
         "switched", "no candidate is possible; clique is not possible"),
    ],
)  # fmt: skip
def test_the_first_candidate_that_is_possible_is_chosen(decisions, candidates, paradigm, reason):
    ranked = [item if isinstance(item, dict) else {"paradigm": item} for item in candidates]
    (choice,) = written(cir([{**EITHER, "candidates": ranked}], decisions)).choices
    assert choice.paradigm == paradigm
    assert choice.reason.startswith(reason)


def test_every_candidate_that_the_card_does_not_have_is_refused():
    named = [{"paradigm": "clique"}, {"paradigm": "nonsense"}, {"paradigm": "hull"}]
    with pytest.raises(NotReformulated) as caught:
        written(cir([{**EITHER, "candidates": named}], BINARY))
    assert [fault.code for fault in caught.value.faults] == ["R2C-M110"] * 2
    assert [fault.details["paradigm"] for fault in caught.value.faults] == ["nonsense", "hull"]
    assert "'pairwise'" in caught.value.faults[0].remedy


def test_a_paradigm_that_is_not_exact_is_chosen_only_where_no_exact_one_fits():
    bounded = [{"name": "x", "upper": "9"}, {"name": "y", "upper": "9"}]
    rule = {
        "archetype": "if_then_implication",
        "operands": {"condition": "x >= 5", "consequence": "y >= 2"},
    }
    (choice,) = written(cir([rule], bounded)).choices
    assert (choice.paradigm, choice.relation) == ("detected_beyond", "relaxation")
    whole = [{**decision, "domain": "integer"} for decision in bounded]
    (choice,) = written(cir([rule], whole)).choices
    assert (choice.paradigm, choice.relation) == ("detected", "exact")


def test_a_pinned_paradigm_is_taken():
    rule = {
        "archetype": "mutual_exclusion_conflict",
        "operands": {"options": "[x, y]"},
        "chosen": "pairwise",
    }
    (choice,) = written(cir([rule], BINARY)).choices
    assert (choice.paradigm, choice.reason) == ("pairwise", "pinned")


def test_a_definition_does_not_hide_that_a_rule_uses_an_output():
    rule = {
        "archetype": "absolute_value_deviation",
        "operands": {"amount": "x", "target": "y"},
        "outputs": {"deviation": "gap"},
    }
    apart = {"operands": {"relation": "more >= 5"}}
    parts = {
        "definitions": [
            {"name": "gap_and_one", "expr": "gap + 1"},
            {"name": "more", "expr": "gap_and_one"},
        ],
        "objectives": [{"sense": "min", "expr": "gap"}],
    }
    wide = [{"name": name, "lower": "0", "upper": "9"} for name in ("x", "y")]
    assert written(cir([rule], wide, **parts)).choices[0].paradigm == "two_rows"
    choice = written(cir([rule, apart], wide, **parts)).choices[0]
    assert choice.paradigm == "with_side"
    assert "two_rows is not possible (rule 'r2' uses the output too)" in choice.reason


@pytest.mark.parametrize(
    ("goal", "paradigm", "why"),
    [
        ({"sense": "min", "expr": "last - x"}, "epigraph", ""),
        ({"sense": "max", "expr": "x - 2*last"}, "epigraph", ""),
        ({"sense": "max", "expr": "last - x"}, "last_one_chosen", "towards its maximum"),
        ({"sense": "max", "expr": "x"}, "last_one_chosen", "no goal presses 'last'"),
        ({"sense": "min", "expr": "0*last - x"}, "last_one_chosen", "no goal presses 'last'"),
    ],
)
def test_an_output_is_left_to_the_objective_only_if_that_moves_it(goal, paradigm, why):
    rule = {
        "archetype": "makespan_measure",
        "operands": {"finishes": "[x, y]"},
        "outputs": {"makespan": "last"},
    }
    decisions = [{"name": "x", "upper": "9"}, {"name": "y", "upper": "9"}]
    (choice,) = written(cir([rule], decisions, objectives=[goal])).choices
    assert (choice.paradigm, why in choice.reason) == (paradigm, True)


def test_loops_over_a_role_that_is_not_given_are_left_out():
    rule = {
        "archetype": "conditional_on_threshold",
        "operands": {"amount": "x", "level": "2", "beyond": "y >= 1"},
    }
    whole = [{"name": name, "domain": "integer", "upper": "4"} for name in ("x", "y")]
    model = cir([rule], whole)
    assert len(rows(model)) == 3
    assert "0 variables and 3 rows against" in written(model).choices[0].reason


def test_goals_of_one_tier_are_weighted_into_one_objective():
    model = cir(
        [],
        objectives=[
            {"sense": "max", "expr": "x"},
            {"sense": "min", "expr": "y", "weight": 2},
            {"sense": "min", "expr": "x + y", "tier": 1},
        ],
    )
    objectives = written(model).objectives
    assert [(o.sense, write(o.expr), o.tier) for o in objectives] == [
        ("max", "x - 2*y", 0),
        ("min", "x + y", 1),
    ]


def test_every_row_remembers_its_rule_and_has_a_name_of_its_own():
    model = cir(
        [
            {"archetype": "interval_limit", "operands": {"amount": "x", "least": "1", "most": "3"}},
            {"id": "x", "operands": {"relation": "x <= 2"}},
        ]
    )
    plain = written(model)
    assert [(row.name, row.rule) for row in plain.rows] == [
        ("r1_floor", "r1"),
        ("r1_ceiling", "r1"),
        ("x_row", "x"),
    ]


def test_a_default_may_be_worked_out_from_what_fills_the_other_roles():
    robust = {"archetype": "robust_worst_case", "chosen": "dual_rows"}
    listed = {**robust, "operands": {"use": "x", "deviations": "[x, y, 2*x]", "limit": "4"}}
    assert "x + 3*r1_price + r1_premium_1 + r1_premium_2 + r1_premium_3 <= 4" in rows(cir([listed]))
    each = "[cap[p]*x for p in P]"
    looped = {**robust, "operands": {"use": "x", "deviations": each, "limit": "4"}}
    assert "x + sum(1 for p" in rows(cir([looped], **INDEXED))[0]


@pytest.mark.parametrize(
    ("divisor", "operands", "low"),
    [
        ({"domain": "continuous", "lower": "0.1"}, {}, "0.1"),
        ({"domain": "continuous", "lower": "0.1"}, {"least": "0.5"}, "0.5"),
        ({"domain": "continuous"}, {"least": "0.5"}, "0.5"),
        ({"domain": "integer"}, {}, "1"),
        ({"domain": "integer", "lower": "2"}, {}, "2"),
    ],
)
def test_a_ratio_takes_the_least_divisor_from_bounds_and_never_makes_one_up(divisor, operands, low):
    decisions = [{"name": "x", "upper": "1"}, {"name": "y", "upper": "6", **divisor}]
    ratio = {
        "archetype": "ratio_objective",
        "operands": {"top": "x + 1", "bottom": "y", **operands},
    }
    assert any(row.startswith(f"y == {low} + ") for row in rows(cir([ratio], decisions)))


def test_a_ratio_whose_divisor_may_be_zero_is_refused():
    decisions = [{"name": "x", "upper": "1"}, {"name": "y", "upper": "6"}]
    ratio = {"archetype": "ratio_objective", "operands": {"top": "x + 1", "bottom": "x + y"}}
    assert "nothing keeps bottom positive" in faults(cir([ratio], decisions))["R2C-M112"]
