"""The readers of rosters, statements and goals take the form, and refuse all else by ValueError."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.agents.goal import read_goal
from r2c.agents.roster import Choice, read_roster
from r2c.agents.statements import (
    Datum,
    Implication,
    meaning_of,
    measures_of,
    read_statements,
    write_statements,
)

NAMES = st.from_regex(r"[a-z][a-z_]{2,8}", fullmatch=True).filter(
    lambda name: name not in {"and", "for", "not", "sum", "min", "max", "abs", "lambda", "none"}
)
NUMBERS = st.floats(0.001, 1e6).map(lambda value: float(f"{value:.6g}"))


@pytest.mark.parametrize("line", ["if vans then cars", "if vans then not cars"])
def test_a_rule_between_choices_is_read_and_written(line: str) -> None:
    (found,) = read_statements(line)
    assert found == Implication("vans", "cars", excludes="not" in line)
    assert write_statements([found]) == line
    assert meaning_of([found]) == {found}
    assert measures_of([found], ["vans", "cars"]) == ()


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("vans: number of vans", [("vans", "number of vans")]),
        ("a_1: first\n  b_2: second: one ", [("a_1", "first"), ("b_2", "second: one")]),
        ("x: first\nx: second", [("x", "first")]),
        ("sum: amount\nfor: loops", [("sum_", "amount"), ("for_", "loops")]),
        ("a: kilograms of feed A used\nb: kilograms of feed A used", [("feed_a", None)]),
        ("a: sum\nb: sum", [("x_sum", "sum")]),
    ],
)
def test_a_roster_is_read(text: str, choices: list[tuple[str, str | None]]) -> None:
    found = read_roster(text)
    assert [choice.name for choice in found] == [name for name, _ in choices]
    assert all(
        meaning in (None, choice.meaning)
        for choice, (_, meaning) in zip(found, choices, strict=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n ", "vans", "vans:number", "Vans: number", "2vans: number", "van s: number"),
        *("vans: a\n\ncars: b", "```\nvans: a\n```", "v\u00e4ns: number", "vans; rm -rf /: x"),
        *("vans: \x1b[31mred", "vans: " + "a" * 5000, "v" * 65 + ": a"),
        "\n".join(f"v{k}: number {k}" for k in range(500)),
    ],
)
def test_a_text_that_is_no_roster_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_roster(text)


@given(st.lists(st.tuples(NAMES, NAMES, NUMBERS), max_size=5), st.lists(st.tuples(NAMES, NUMBERS)))
def test_statements_are_written_and_read_back(
    data: list[tuple[str, str, float]], limits: list[tuple[str, float]]
) -> None:
    lines = [f"{m}[{d}] = {v}" for m, d, v in data] + [f"{n} <= {v}" for n, v in limits]
    found = read_statements("\n".join(lines[:60]))
    assert read_statements(write_statements(found)) == found


@pytest.mark.parametrize("text", ["none", "", "  \n "])
def test_nothing_is_no_statement(text: str) -> None:
    assert read_statements(text) == ()
    assert write_statements(()) == "none"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2 <= vans <= 9", ["2 <= vans", "vans <= 9"]),
        ("1 < vans < cars < 9", ["1 < vans", "vans < cars", "cars < 9"]),
    ],
)
def test_a_chain_is_as_many_limits_as_it_has_relations(text: str, parts: list[str]) -> None:
    assert read_statements(text) == tuple(item for part in parts for item in read_statements(part))


@pytest.mark.parametrize(
    "text",
    [
        *("vans", "vans = 3", "vans + cars", "use fewer vans", "vans <= ", "none\nvans <= 3"),
        *("fuel[vans] = x", "fuel[vans] = 1.2.3", "fuel[vans] = 1e999", "fuel[vans] = nan"),
        *("for[vans] = 3", "sum[vans] = 3", "not vans <= 3", "vans <= 3 or cars <= 3"),
        *("__import__('os').system('ls') <= 3", "vans.x <= 3", "(lambda: 3)() <= 3"),
        *("vans <= 3; cars <= 4", "vans <= 1e999", "f'{vans}' <= 3"),
        *("(" * 500 + "vans" + ")" * 500 + " <= 3", "vans <= 3\n" * 100, "vans" + "+vans" * 9000),
    ],
)
def test_a_text_that_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_statements(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_breaks_no_reader(text: str) -> None:
    readers: tuple[Callable[[str], object], ...] = (read_statements, read_goal, read_roster)
    for reader in readers:
        try:
            found = reader(text)
        except ValueError:
            continue
        assert found is not None


def test_equal_meanings_are_equal_whatever_the_form() -> None:
    first = read_statements("fuel <= 10\nvans >= cars + 2\nfuel[vans] = 3")
    second = read_statements("fuel[vans] = 3\ncars + 2 <= vans\nfuel <= 10")
    third = read_statements("fuel[vans] = 3\ncars - 2 <= vans\nfuel <= 10")
    assert meaning_of(first) == meaning_of(second) != meaning_of(third)


def test_measures_are_all_names_that_are_not_decided() -> None:
    found = read_statements("fuel[vans] = 3\nvans + noise <= 3\nfuel <= 2")
    assert measures_of(found, ["vans"]) == ("fuel", "noise")
    assert found[0] == Datum("fuel", "vans", 3.0)


@pytest.mark.parametrize(
    ("text", "sense", "written"),
    [
        ("maximize profit", "max", "maximize profit"),
        ("  minimize vans + coaches\n", "min", "minimize vans + coaches"),
        ("maximize income - cost", "max", "maximize income - cost"),
    ],
)
def test_a_goal_is_read_and_written(text: str, sense: str, written: str) -> None:
    goal = read_goal(text)
    assert (goal.sense, str(goal)) == (sense, written)


@pytest.mark.parametrize(
    "text",
    [
        *("", "maximize", "profit", "Maximize profit", "maximise profit", "maximize a, then b!"),
        *("maximize a\nminimize b", "maximize __import__('os')", "maximize 1e999*a"),
    ],
)
def test_a_text_that_is_no_goal_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_goal(text)


def test_a_choice_is_doubtful_when_it_speaks_of_a_total() -> None:
    assert Choice("profit", "total profit made").doubtful
    assert not Choice("vans", "number of vans hired").doubtful


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("maximize profit + profit + profit", "maximize profit"),
        ("minimize a + b + a", "minimize a + b"),
        ("maximize revenue - cost", "maximize revenue - cost"),
    ],
)
def test_a_repeated_term_of_an_objective_counts_once(text: str, goal: str) -> None:
    assert str(read_goal(text)) == goal


@pytest.mark.parametrize("text", ["maximize price - price", "minimize a + b - a"])
def test_an_objective_that_takes_away_what_it_adds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="takes away"):
        read_goal(text)
