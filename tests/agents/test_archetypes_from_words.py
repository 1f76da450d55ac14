"""Archetypes that sentences over sets state: found by words, bound by the sets of the data."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from cards_by_words import LIBRARY, shelf

from r2c.agents.choose_dialect import dialect_of
from r2c.agents.indexed.bindings import bindings, is_possible
from r2c.agents.indexed.reader import Indexed
from r2c.agents.indexed.tables import data_of
from r2c.agents.over_sets import Stated
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.statements import read_statements, write_statements
from r2c.archetypes.card import Card, Own
from r2c.cir.check import check
from r2c.cir.expr import Num
from r2c.errors import CIRError
from r2c.formulation import Trust
from r2c.problem.read import read_problem
from r2c.verdict.answer import solve

TUNER = """A piano tuner has to see the pianos of all towns. The tuner must visit each town exactly
once and return to Town 2 at the end.

{told}

In which order should the towns be visited to keep the total cost small?"""
GO = Choice("go", "1 if the tuner drives from the town straight to the other", ("town", "to_town"))
STOCK = Own(lower=Num(0.0), meaning="what is in stock")
STOCKS = """A mill plans its flour by month.

| month | demand | price |
|-------|--------|-------|
| 1     | 40     | 3     |
| 2     | 10     | 5     |
| 3     | 60     | 4     |

What is best?"""


def told(costs: dict[tuple[int, int], int], towns: int) -> str:
    return "\n".join(
        f"From Town {i} it costs "
        + ", ".join(f"{costs[i, j]} to Town {j}" for j in range(1, towns + 1) if j != i)
        + "."
        for i in range(1, towns + 1)
    )


def random_costs(seed: int, towns: int) -> dict[tuple[int, int], int]:
    random = Random(seed)
    return {pair: random.randint(1, 99) for pair in permutations(range(1, towns + 1), 2)}


def over(text: str) -> Indexed:
    found = dialect_of(read_problem(text), shelf)
    assert isinstance(found, Indexed)
    return found


def shortest(costs: dict[tuple[int, int], int], towns: int) -> int:
    rest = range(2, towns + 1)
    return min(
        sum(costs[pair] for pair in zip((1, *order), (*order, 1), strict=True))
        for order in permutations(rest)
    )


@pytest.mark.parametrize("towns", [3, 5])
def test_a_tour_in_words_has_the_cost_of_the_best_order(towns: int) -> None:
    costs = random_costs(towns, towns)
    indexed = over(TUNER.format(told=told(costs, towns)))
    readings = [Reading(one, indexed.settled(one, [GO]) or "none") for one in indexed.clauses]
    cir = indexed.assemble([GO], readings, "minimize cost*go")
    assert check(cir) == ()
    assert {rule.archetype for rule in cir.rules} == {"visit_each_once", "subtour_elimination"}
    answer = solve(cir, problem=indexed.problem)
    assert answer.objective == pytest.approx(shortest(costs, towns))
    assert answer.trust is not Trust.REJECTED


def test_the_words_say_where_the_tour_begins_and_what_it_brings_along() -> None:
    indexed = over(TUNER.format(told=told(random_costs(1, 4), 4)))
    stated = next(
        item for one in indexed.clauses if one.table is None for item in indexed.stated(one, [GO])
    )
    assert str(stated) == "visit_each_once(leg=go)"
    implied = 'subtour_elimination(leg=go, base="Town 2", number=number)'
    readings = [Reading(one, indexed.settled(one, [GO]) or "none") for one in indexed.clauses]
    assert any(implied in reading.text for reading in readings)
    cir = indexed.assemble([GO], readings, "minimize cost*go")
    own = next(item for item in cir.decisions if item.name == "number")
    assert (own.domain, str(own.over)) == ("integer", "('Towns',)")
    assert "subtour_elimination" in own.domain_reason


def test_legs_of_a_tour_are_choices_whatever_the_model_calls_them() -> None:
    indexed = over(TUNER.format(told=told(random_costs(2, 4), 4)))
    grammar = indexed.roster_form().grammar
    assert grammar is not None
    assert '"1 if "' in grammar
    assert '"[town]: "' not in grammar
    trips = Choice("trips", "number of trips", ("town", "to_town"))
    readings = [Reading(one, indexed.settled(one, [trips]) or "none") for one in indexed.clauses]
    cir = indexed.assemble([trips], readings, "minimize cost*trips")
    (legs,) = [item for item in cir.decisions if item.name == "trips"]
    assert legs.domain == "binary"


def test_without_cards_only_limits_are_read() -> None:
    indexed = Indexed(read_problem(TUNER.format(told=told(random_costs(3, 4), 4))))
    assert all(indexed.settled(one, [GO]) in (None, "none") for one in indexed.clauses)
    assert indexed.remark is None
    assert "models fetch --encoder" in (
        over(TUNER.format(told=told(random_costs(3, 4), 4))).remark or ""
    )


def test_a_sentence_with_other_numbers_is_put_to_the_model_with_what_it_may_state() -> None:
    text = TUNER.replace("once and return", "once, at least 30 a day, and return")
    indexed = over(text.format(told=told(random_costs(4, 4), 4)))
    clause = next(one for one in indexed.clauses if "at least 30" in one.text)
    assert indexed.settled(clause, [GO]) is None
    grammar = indexed.clause_form(clause, [GO], []).grammar or ""
    assert "visit_each_once(leg=go)" in grammar
    assert indexed.cost(clause, (), [GO], []) > 0
    assert "visit_each_once" in indexed.other_sides(clause, (), [GO])[0]


def test_statements_of_archetypes_are_read_back_as_they_are_written() -> None:
    item = Stated(
        "inventory_balance",
        (("stock", "store"), ("base", '"St. Ives (north)"'), ("capacity", "-12.5")),
        ("plant", "month"),
    )
    assert read_statements(write_statements([item])) == (item,)
    assert str(item).startswith("for each plant, month: inventory_balance(")


def shaped_stock() -> Card:
    """The card of inventories as if it could be read from words."""
    shapes: dict[str, dict[str, object]] = {
        "stock": {"over": ("periods",), "of": "plan", "domain": "continuous", "own": STOCK},
        "inflow": {"over": ("periods",), "of": "plan"},
        "outflow": {"over": ("periods",)},
    }
    card = LIBRARY["inventory_balance"]
    roles = tuple(role.model_copy(update=shapes.get(role.name, {})) for role in card.roles)
    return card.model_copy(update={"roles": roles})


def test_roles_are_bound_only_to_what_runs_over_their_sets() -> None:
    tour, stock = LIBRARY["visit_each_once"], shaped_stock()
    data = data_of(read_problem(STOCKS))
    make = Choice("make", "tons made", ("month",))
    assert bindings(tour, data, [make]) == ()
    assert not is_possible(tour, data)
    assert is_possible(stock, data)
    first = bindings(stock, data, [make])[0]
    assert str(first.stated) == "inventory_balance(stock=stock, inflow=make, outflow=demand)"
    named = Choice("store", "flour kept in stock", ("month",))
    assert "stock=store" in str(bindings(stock, data, [make, named])[0].stated)


def test_a_card_that_says_nothing_of_sets_is_never_bound() -> None:
    data = data_of(read_problem(STOCKS))
    assert bindings(LIBRARY["capacity_limit"], data, [Choice("make", "tons", ("month",))]) == ()


def test_a_statement_that_fits_no_sets_is_refused() -> None:
    indexed = over(TUNER.format(told=told(random_costs(5, 4), 4)))
    readings = [Reading(indexed.clauses[-1], "visit_each_once(leg=cost)")]
    with pytest.raises(CIRError, match="R2C-G015"):
        indexed.assemble([GO], readings, "minimize cost*go")


def test_half_of_a_symmetric_matrix_is_the_whole_of_it() -> None:
    problem = read_problem("""The distances between the yards of a haulier:

| yard | A | B | C | D |
|------|---|---|---|---|
| A    | - | 7 | 2 | 9 |
| B    |   | - | 4 | 3 |
| C    |   |   | - | 8 |

Each yard is visited exactly once, and the truck returns to yard A. Which tour is shortest?""")
    indexed = dialect_of(problem, shelf)
    assert isinstance(indexed, Indexed)
    assert list(map(str, indexed.data.given.values())) == ["distances[yard, to_yard]"]
    legs = Choice("legs", "1 if the truck goes this way", ("yard", "to_yard"))
    readings = [Reading(one, indexed.settled(one, [legs]) or "none") for one in indexed.clauses]
    cir = indexed.assemble([legs], readings, "minimize distances*legs")
    answer = solve(cir, problem=problem)
    assert answer.objective == pytest.approx(2 + 4 + 3 + 9)


@pytest.mark.parametrize(
    "said",
    [
        "The tuner visits each town once, but does not return to Town 1.",
        "No town may be visited more than once.",
        "Every town is visited exactly once, and each truck starts and ends at Town 1.",
    ],
)
def test_words_that_turn_a_rule_around_settle_nothing(said: str) -> None:
    text = TUNER.format(told=told(random_costs(6, 4), 4)).split("\n\n", 1)[1]
    indexed = over(f"A tuner travels between towns. {said}\n\n{text}")
    assert all(indexed.settled(one, [GO]) in (None, "none") for one in indexed.clauses)


def test_a_number_of_the_sentence_fills_the_role_that_wants_one() -> None:
    text = TUNER.format(told=told(random_costs(7, 3), 3))
    rows = "| Town 1 | 0 |\n| Town 2 | 4 |\n| Town 3 | 5 |"
    needs = f"\n\n| town | load |\n|--|--|\n{rows}\n\nWhat is best?"
    indexed = over(text + needs)
    item = read_statements(
        'vehicle_capacity_on_routes(leg=go, base="Town 1", load=load_2, amount=load, capacity=15)'
    )
    readings = [Reading(indexed.clauses[-1], write_statements(item))]
    cir = indexed.assemble([GO], readings, "minimize cost*go")
    assert cir.rules[0].operands["capacity"] == Num(15.0)


def test_a_place_with_quotes_in_its_name_is_no_base_and_nothing_breaks() -> None:
    rows = "\n".join(
        f"| {one} | {other} | 3 |" for one, other in permutations(['The "Old" Mill', "B", "C"], 2)
    )
    indexed = over(
        "A tour visits each mill exactly once and returns to the start.\n\n"
        f"| mill | to_mill | cost |\n|--|--|--|\n{rows}\n\nWhat is best?"
    )
    legs = Choice("legs", "1 if the tour goes this way", indexed.data.spaces[-1].axes)
    for clause in indexed.clauses:
        settled = indexed.settled(clause, [legs])
        assert settled is None or read_statements(settled) is not None


def test_unknown_archetypes_of_an_endpoint_without_grammar_have_no_meaning() -> None:
    indexed = over(TUNER.format(told=told(random_costs(8, 4), 4)))
    clause = indexed.clauses[-1]
    for text in ("visit_once(leg=go)", "visit_each_once(leg=cost)"):
        assert indexed.meaning(clause, read_statements(text), [GO], []) is None
