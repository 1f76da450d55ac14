"""Sides of limits, sums of money, whole numbers and forgotten bills, told by words alone."""

from __future__ import annotations

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.conversions import conversions
from r2c.verdict.direction import direction
from r2c.verdict.logic import logic
from r2c.verdict.money import money
from r2c.verdict.number_coverage import number_coverage
from r2c.verdict.scope import scope
from r2c.verdict.sentence_coverage import sentence_coverage
from r2c.verdict.sides import sides
from r2c.verdict.sources import drawn
from r2c.verdict.unused_measures import unused_measures
from r2c.verdict.wholeness import wholeness

LIBRARY = standard_library()
LIFT = (
    "The number of boards that the hired truck can carry, 40 boards an hour, cannot be lower than "
    "the number of boards of all lengths that the saw cuts."
)
CAP = "The sum of all that is filled in cannot go beyond 11 litres plus 24 for each can."
BUDGET = "€900 must be enough for the price of all boards."
WORDS = f"""A mill cuts boards of several lengths.

| length | price (€) | weight (kg) |
| --- | --- | --- |
| short | 3 | 2 |
| long | 5 | 4 |

{LIFT}
{BUDGET}
The hire of the truck need not be a whole number of hours.
The number of boards cut is to be as large as possible.
"""
MODEL = f"""cir 1
sets
  Lengths = table table1 ["length"]
parameters
  price[Lengths] = table table1 ["length"] value "price (€)"
  weight[Lengths] = table table1 ["length"] value "weight (kg)"
decisions
  cut[Lengths] integer
    unit: boards
  hire continuous
    unit: hours
    meaning: hours for which the truck is hired
rules
  lift: linear
    quote: {LIFT}
    relation = 40*hire >= sum(cut[l] for l in Lengths)
  spent: capacity_limit
    quote: {BUDGET}
    use = sum(price[l]*cut[l] for l in Lengths)
    limit = 900
objectives
  max sum(cut[l] for l in Lengths)
"""


@pytest.fixture(scope="module")
def problem() -> Problem:
    return read_problem(WORDS)


def model(*changes: tuple[str, str]) -> CIR:
    text = MODEL.replace("table1", read_problem(WORDS).tables[0].name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_text(text)


def test_nothing_speaks_against_the_right_model(problem: Problem) -> None:
    right = model()
    for found in (
        sides(problem, right, LIBRARY),
        money(problem, right, LIBRARY),
        wholeness(problem, right, LIBRARY),
    ):
        assert found.passed is True, found.message
    assert unused_measures(right, LIBRARY).passed is None


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("40*hire >= sum", "40*hire <= sum", "lift"),
        (
            "spent: capacity_limit\n    quote: {}\n    use = ",
            "spent: minimum_requirement\n    quote: {}\n    amount = ",
            "spent",
        ),
    ],
)
def test_sides_that_the_words_put_the_other_way_round_are_found(
    problem: Problem, old: str, new: str, rule: str
) -> None:
    changes = [(old.format(BUDGET), new.format(BUDGET))]
    if "least" not in new and rule == "spent":
        changes.append(("limit = 900", "least = 900"))
    found = sides(problem, model(*changes), LIBRARY)
    assert found.passed is False
    assert found.rules == (rule,)


@pytest.mark.parametrize(
    "words",
    [
        "At least one of the boards has to be cut, of 40 that the truck carries.",
        "If the truck is hired, the boards cut cannot be lower than 40.",
        "Boards are cut, and the truck is hired.",
    ],
)
def test_words_that_do_not_compare_once_say_nothing_of_sides(words: str) -> None:
    text = f"""cir 1
decisions
  cut integer
  hire continuous
rules
  lift: linear
    quote: {words}
    relation = 40*hire <= cut
objectives
  max cut
"""
    assert sides(read_problem(words), read_text(text), LIBRARY).passed is not False


def test_kilograms_are_not_held_against_euros(problem: Problem) -> None:
    found = money(problem, model(("price[l]*cut", "weight[l]*cut")), LIBRARY)
    assert found.passed is False
    assert found.rules == ("spent",)


def test_a_share_of_money_and_points_per_euro_are_no_contradiction() -> None:
    words = """The risk by fund:

| fund | risk points per thousand euros | most (€) |
| --- | --- | --- |
| A | 3 | 10 |
| B | 5 | 20 |

The risk points of all money put in must stay within 90 points.
No fund may take more than 60% of it.
"""
    problem = read_problem(words)
    name = problem.tables[0].name
    text = f"""cir 1
sets
  Funds = table {name} ["fund"]
parameters
  risk[Funds] = table {name} ["fund"] value "risk points per thousand euros"
decisions
  buy[Funds] continuous
    meaning: money put into a fund
rules
  risks: capacity_limit
    quote: The risk points of all money put in must stay within 90 points.
    use = sum(risk[f]*buy[f] for f in Funds)
    limit = 90
  part: ratio_percentage_share
    quote: No fund may take more than 60% of it.
    each: for f in Funds
    part = buy[f]
    whole = sum(buy[g] for g in Funds)
    share = 60/100
    sense = "at_most"
objectives
  max sum(buy[f] for f in Funds)
"""
    assert money(problem, read_text(text), LIBRARY).passed is not False


def test_fractions_that_the_words_allow_are_held_against_a_whole_decision(
    problem: Problem,
) -> None:
    found = wholeness(problem, model(("hire continuous", "hire integer")), LIBRARY)
    assert found.passed is False
    assert "'hire'" in found.message


def test_whole_numbers_that_the_words_ask_for_are_held_against_fractions() -> None:
    words = "Every start of sawing is a whole number of hours. The stock may be anything."
    text = """cir 1
decisions
  begin {domain}
    meaning: hour at which the sawing of the order starts
  stock continuous
objectives
  min begin + stock
"""
    problem = read_problem(words)
    for domain, passed in (("continuous", False), ("integer", True)):
        found = wholeness(problem, read_text(text.format(domain=domain)), LIBRARY)
        assert found.passed is passed, found.message


def test_a_rule_may_say_that_a_decision_is_whole() -> None:
    words = "The crane is hired for a whole number of days."
    text = f"""cir 1
decisions
  crane continuous
    meaning: days for which the crane is hired
  stock continuous
rules
  days: integrality_indivisibility
    quote: {words}
    amount = crane
objectives
  min crane + stock
"""
    assert wholeness(read_problem(words), read_text(text), LIBRARY).passed is True


def test_yes_or_no_by_its_own_meaning_takes_no_fractions() -> None:
    text = """cir 1
decisions
  open {domain}
    upper: 1
    meaning: whether the depot is opened
objectives
  min open
"""
    problem = read_problem("A depot may be opened. The cost is to be as low as possible.")
    wrong = read_text(text.format(domain="continuous"))
    assert wholeness(problem, wrong, LIBRARY).passed is False
    right = read_text(text.replace("    upper: 1\n", "").format(domain="binary"))
    assert wholeness(problem, right, LIBRARY).passed is True


def test_a_bill_that_the_goal_forgets_is_found() -> None:
    text = """cir 1
decisions
  hours continuous
    upper: 20
rules
  paid: convex_piecewise_cost
    amount = hours
    rate = 3
    level = 8
    extra = 2
    bill -> wages
objectives
  max 9*hours - wages
"""
    assert unused_measures(read_text(text), LIBRARY).passed is True
    wrong = unused_measures(read_text(text.replace(" - wages", "")), LIBRARY)
    assert wrong.passed is False
    assert "'wages'" in wrong.message


def test_a_measure_that_also_limits_need_not_be_used() -> None:
    text = """cir 1
decisions
  a continuous
    upper: 20
rules
  near: absolute_value_deviation
    amount = a
    target = 10
    limit = 3
    deviation -> off
objectives
  max a
"""
    assert unused_measures(read_text(text), LIBRARY).passed is None


def test_a_row_for_each_of_what_the_words_do_not_speak_of_is_found() -> None:
    text = f"""cir 1
sets
  Depots = ["north", "south"]
decisions
  filled[Depots] continuous
  cans integer
rules
  room: linear
    quote: {CAP}
    each: for d in Depots
    relation = filled[d] <= 11 + 24*cans
objectives
  max sum(filled[d] for d in Depots) - 9*cans
"""
    problem = read_problem(f"{CAP} Each can costs 9 euros. The depots are north and south.")
    wrong = scope(problem, read_text(text))
    assert wrong.passed is False
    assert wrong.rules == ("room",)
    summed = text.replace("    each: for d in Depots\n", "").replace(
        "filled[d] <= 11", "sum(filled[d] for d in Depots) <= 11"
    )
    assert scope(problem, read_text(summed)).passed is True
    words = "No depot is filled with more than 11 litres."
    single = text.replace(CAP, words).replace(" + 24*cans", "")
    assert scope(read_problem(words), read_text(single)).passed is True


def test_a_table_that_the_model_writes_out_is_used() -> None:
    words = """The limit of own nurses for each day:

| day | limit of own nurses |
| --- | --- |
| 1 | 4 |
| 2 | 6 |
| 3 | 5 |

On each day no more own nurses work than the limit of own nurses. As many as possible are wanted.
"""
    text = """cir 1
sets
  Days ordered = [1, 2, 3]
parameters
  most[Days] = [4, 6, 5]
decisions
  own[Days] integer
rules
  room: capacity_limit
    quote: On each day no more own nurses work than the limit of own nurses.
    each: for d in Days
    use = own[d]
    limit = most[d]
objectives
  max sum(own[d] for d in Days)
"""
    problem = read_problem(words)
    right = read_text(text)
    assert sentence_coverage(problem, right).passed is True
    assert number_coverage(problem, right).passed is True
    other = read_text(text.replace("[4, 6, 5]", "[4, 6, 7]"))
    assert number_coverage(problem, other).passed is False


def test_a_factor_that_scales_both_sides_changes_nothing() -> None:
    words = "The weight of all crates, 300 kg each, must not exceed 7400 kg."
    text = f"""cir 1
decisions
  crates integer
rules
  held: capacity_limit
    quote: {words}
    use = 300/1000*crates
    limit = 7400/1000
objectives
  max crates
"""
    problem = read_problem(words)
    assert number_coverage(problem, read_text(text)).passed is True
    assert conversions(problem, read_text(text)).passed is True
    one_side = read_text(text.replace("300/1000", "300"))
    assert number_coverage(problem, one_side).passed is False


@pytest.mark.parametrize(
    ("words", "price"),
    [
        (
            "Freight costs €5.2 a piece; from 148 pieces on every one travels for €3.5, and from "
            "341 pieces or more on for €1.",
            "[5.2 - 1.7*min(1, ord(k) - 1) - 2.5*max(0, ord(k) - 2) for k in Tiers]",
        ),
    ],
)
def test_the_last_price_of_several_brackets_may_be_one(words: str, price: str) -> None:
    text = f"""cir 1
sets
  Tiers ordered = ["a", "b", "c"]
decisions
  pieces continuous
    upper: 400
rules
  freight: all_units_discount
    quote: {words}
    quantity = pieces
    brackets = Tiers
    start = [148*min(1, ord(k) - 1) + 193*max(0, ord(k) - 2) for k in Tiers]
    price = {price}
    bill -> freight_bill
objectives
  max 9*pieces - freight_bill
"""
    problem = read_problem(f"{words} A box of 1.7 kg or 2.5 kg is used. Up to 400 pieces bring €9.")
    found = number_coverage(problem, read_text(text), drawn(read_text(text), problem))
    assert not found.details["invented"], found.message
    assert not found.details["borrowed"], found.message


@pytest.mark.parametrize(
    ("words", "archetype", "roles"),
    [
        (
            "Under no circumstances may the hours of all helpers be greater than 198 hours.",
            "capacity_limit",
            ("use", "limit"),
        ),
        (
            "Never let the hours of all helpers in the plan as a whole drop under 198.",
            "minimum_requirement",
            ("amount", "least"),
        ),
    ],
)
def test_a_denial_far_from_its_verb_turns_the_limit(
    words: str, archetype: str, roles: tuple[str, str]
) -> None:
    text = f"""cir 1
decisions
  helpers continuous
    upper: 900
    meaning: hours of helpers
rules
  hours: {archetype}
    quote: {words}
    {roles[0]} = helpers
    {roles[1]} = 198
objectives
  max helpers
"""
    assert direction(read_problem(words), read_text(text), LIBRARY).passed is not False


def test_a_limit_after_as_long_as_is_no_condition() -> None:
    words = (
        "We have 4 painters. Finish as many orders at a time as you like, as long as the numbers "
        "of painters they need don't exceed that."
    )
    text = f"""cir 1
decisions
  orders integer
rules
  room: capacity_limit
    quote: {words}
    use = orders
    limit = 4
objectives
  max orders
"""
    assert logic(read_problem(words), read_text(text), LIBRARY).passed is not False


def test_an_upper_bound_of_each_needs_no_condition_that_it_is_used() -> None:
    words = (
        "If the van calls at a place, the number of that stop must not be greater than the latest "
        "number of the place."
    )
    text = f"""cir 1
sets
  Places = ["A", "B"]
parameters
  latest[Places] = [3, 2]
decisions
  call[Places] binary
  number[Places] integer
rules
  early: bounds_on_variables
    quote: {words}
    each: for p in Places
    amount = number[p]
    most = latest[p]
objectives
  max sum(call[p] + number[p] for p in Places)
"""
    problem = read_problem(words)
    assert logic(problem, read_text(text), LIBRARY).passed is True
    single = text.replace("    each: for p in Places\n", "").replace("number[p]\n", 'number["A"]\n')
    single = single.replace("most = latest[p]", 'most = latest["A"]')
    assert logic(problem, read_text(single), LIBRARY).passed is False


def test_a_long_text_in_thousands_may_be_a_model_in_thousands() -> None:
    others = " ".join(f"Item {k} costs {k * 37 + 11} euros." for k in range(40))
    words = (
        f"The wanted contacts are 1512 thousand for singles and 900 thousand for pairs. {others}"
    )
    text = """cir 1
sets
  Groups = ["singles", "pairs"]
parameters
  wanted[Groups] = [{}, 900]
decisions
  reached[Groups] continuous
rules
  all: minimum_requirement
    each: for g in Groups
    amount = reached[g]
    least = wanted[g]
objectives
  min sum(reached[g] for g in Groups)
"""
    problem = read_problem(words)
    right, wrong = (number_coverage(problem, read_text(text.format(n))) for n in (1512, 1522))
    assert not right.details["invented"], right.message
    assert wrong.details["invented"]
