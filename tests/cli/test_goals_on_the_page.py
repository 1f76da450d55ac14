"""What `solve` and `explain` say of goals, of what rules cost, and of what was assumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from running import invoke, only_json, write_cir

WHOLE = [{"name": name, "domain": "integer", "upper": "20"} for name in ("a", "b")]
HOURS = {"id": "hours", "operands": {"relation": "0.5*a + b <= 12"}}
WISH = {"id": "wish", "operands": {"relation": "a + b >= 30"}, "soft": {"price": "4"}}
FEW = {
    "id": "few", "operands": {"relation": "b <= 3"}, "soft": {"price": "5", "per": "occurrence"},
}  # fmt: skip
SETUP = {
    "id": "setup",
    "archetype": "fixed_charge_activation",
    "operands": {"activities": "a", "charge": "20"},
}


def goal(sense: str, expr: str, **more: Any) -> dict[str, Any]:
    return {"sense": sense, "expr": expr, **more}


SERVED = goal("max", "a + 2*b", tier=0, unit="customers", meaning="customers served")
COST = goal("min", "3*a + 5*b", tier=1, unit="euro", meaning="total cost")


def page(folder: Path, command: str = "solve", **parts: Any) -> str:
    done = invoke(command, write_cir(folder, **{"decisions": WHOLE, "rules": [HOURS]} | parts))
    assert done.exit_code == 0, done.output
    return done.stdout


def block(text: str, head: str) -> list[str]:
    """The lines below a heading, blanks between words reduced to one."""
    lines = text.partition(f"{head}\n")[2].partition("\n\n")[0].splitlines()
    return [" ".join(line.split()) for line in lines]


def test_the_value_has_the_name_and_unit_of_the_tier_that_comes_first(tmp_path: Path) -> None:
    told = page(tmp_path, objectives=[COST, SERVED])
    assert "Outcome  optimal, 24 customers (customers served), then 60 euro (total cost)" in told
    assert block(told, "Objectives, most important first") == [
        "→ first, maximize a + 2·b customers served (customers)",
        "→ then, minimize 3·a + 5·b total cost (euro)",
    ]
    assert block(told, "What the plan is worth")[2:] == [
        "first, customers served 24 customers",
        "then, total cost 60 euro",
    ]


def test_goals_of_one_tier_are_added_up_and_not_ranked(tmp_path: Path) -> None:
    goals = [goal("max", "2*a + b", weight=2, unit="euro"), goal("max", "b", meaning="bread")]
    told = page(tmp_path, objectives=[*goals, goal("min", "a", tier=1), goal("min", "b", tier=1)])
    assert block(told, "Objectives, most important first") == [
        "→ first, maximize 2·(2·a + b) (euro)", "+ b bread", "→ then, minimize a", "+ b",
    ]  # fmt: skip
    assert "optimal, 86 (2 goals together), then 22 (2 goals together)" in " ".join(told.split())
    alone = page(tmp_path, objectives=[*goals, goal("min", "a - b")])
    assert block(alone, "Objective") == ["→ maximize 2·(2·a + b) (euro)", "+ b bread", "− (a − b)"]
    assert "most important" not in alone


def test_the_page_of_a_plan_with_prices_shows_the_goal_that_was_solved(tmp_path: Path) -> None:
    told = page(tmp_path, rules=[WISH, HOURS, FEW], objectives=[goal("min", "a + 3*b")])
    assert block(told, "Objective") == [
        "→ minimize a + 3·b", "+ 4·wish_violation from wish", "+ 5·few_broken from few",
    ]  # fmt: skip
    assert "Outcome  optimal, 58 (with what rules cost)" in told
    assert block(told, "What the plan is worth")[2:] == [
        "a + 3·b 26", "breaking wish 32", "together 58",
    ]  # fmt: skip
    assert block(told, "Rules that are broken, at their price")[2:] == ["wish by 8 32"]
    assert not any(line.startswith("wish") for line in block(told, "Rules that bind"))


def test_a_soft_rule_that_is_kept_may_bind(tmp_path: Path) -> None:
    told = page(tmp_path, rules=[WISH | {"operands": {"relation": "a >= 9"}}],
                objectives=[goal("min", "a")])  # fmt: skip
    assert "wish 9" in block(told, "Rules that bind")
    assert "broken" not in told.partition("Outcome")[0].partition("Rules that bind")[2]


def test_a_charge_is_taken_from_what_is_earned(tmp_path: Path) -> None:
    told = page(tmp_path, rules=[HOURS, SETUP], objectives=[goal("max", "3*a + b")])
    assert block(told, "Objective") == ["→ maximize 3·a + b", "− 20·setup_active from setup"]
    assert "optimal, 42 (less what rules cost)" in told
    assert "charge of setup −20" in block(told, "What the plan is worth")


def test_a_tier_of_prices_alone_is_shown_before_the_goals(tmp_path: Path) -> None:
    told = page(tmp_path, rules=[WISH], objectives=[goal("min", "3*a", tier=1)])
    assert block(told, "Objectives, most important first") == [
        "→ first, minimize 4·wish_violation from wish", "→ then, minimize 3·a",
    ]  # fmt: skip
    assert "optimal, 0 (what rules cost), then 30" in told


def test_explain_tells_what_a_broken_rule_costs_and_what_is_added_to_the_goal(
    tmp_path: Path,
) -> None:
    parts = {"rules": [WISH, HOURS, FEW, SETUP], "objectives": [goal("min", "a + 3*b")]}
    told = " ".join(page(tmp_path, "explain", **parts).split())
    assert "Make this as small as possible: a plus 3 times b." in told
    assert "Add to it the price of breaking wish: 4 times wish violation." in told
    assert "Add to it the charge of setup: 20 times setup active." in told
    assert "It may be broken, at a price of 4 per unit. It is broken by 8, which costs 32." in told
    assert "It may be broken, at a price of 5 per occurrence. It does not bind" in told
    assert "Its charge is 20." in told
    ranked = " ".join(page(tmp_path, "explain", objectives=[COST, SERVED]).split())
    assert ranked.index("First of all, make the customers served") < ranked.index(
        "Then, of the plans that are left, make the total cost as small"
    )


@pytest.mark.parametrize("per", ["unit", "occurrence"])
def test_a_rule_broken_for_one_member_may_bind_for_another(tmp_path: Path, per: str) -> None:
    limits = {
        "id": "limits",
        "forall": "for p in P",
        "operands": {"relation": "x[p] <= 3"},
        "soft": {"price": "price[p]", "per": per},
    }
    parts: dict[str, Any] = {
        "sets": [{"name": "P", "elements": ["u", "v"]}],
        "parameters": [
            {"name": "price", "over": ["P"], "value": {"kind": "dense", "values": [0.5, 9]}}
        ],
        "decisions": [{"name": "x", "over": ["P"], "upper": "5"}],
        "rules": [limits],
        "objectives": [goal("max", "sum(x[p] for p in P)")],
    }
    told = page(tmp_path, **parts)
    far, cost = ("by 2", "1") if per == "unit" else ("once", "0.5")
    assert block(told, "Rules that are broken, at their price")[2:] == [f"limits u {far} {cost}"]
    bound = [line for line in block(told, "Rules that bind") if line.startswith("limits")]
    assert [line.split()[1] for line in bound] == ["v"]
    explained = " ".join(page(tmp_path, "explain", **parts).split())
    assert f"It is broken for u {far}, which costs {cost}." in explained


def test_what_was_assumed_stands_between_the_model_and_the_plan(tmp_path: Path) -> None:
    assumed = [
        {"text": "The boundary itself is allowed.", "about": "hours"},
        {"text": "The week has 5 days.", "confirmed": True},
    ]
    for command in ("solve", "explain"):
        told = page(tmp_path, command, objectives=[SERVED], assumptions=assumed)
        assert block(told, "Assumed") == [
            "- The boundary itself is allowed. (about hours)",
            "- The week has 5 days. (confirmed)",
        ]
        assert told.index("Assumed") < told.index("Plan") < told.index("Outcome")
    assert "Assumed" not in page(tmp_path, objectives=[SERVED])


def test_json_has_the_value_of_every_tier_and_every_cost(tmp_path: Path) -> None:
    path = write_cir(
        tmp_path, decisions=WHOLE, rules=[WISH, HOURS], objectives=[goal("min", "a + 3*b", tier=1)]
    )
    solution = only_json(invoke("solve", path, "--json").stdout)["solution"]
    assert [item["tier"] for item in solution["tiers"]] == [0, 1]
    assert solution["objective"] == solution["tiers"][0]["value"]
    assert {item["rule"] for item in solution["costs"]} == {"wish"}
    saved = tmp_path / "answer.json"
    saved.write_text(invoke("solve", path, "--json").stdout, encoding="utf-8")
    assert "What the plan is worth" in invoke("explain", str(saved)).stdout
