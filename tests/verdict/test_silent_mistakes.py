"""Mistakes that leave every number in its place are found by names, loops, units and roles."""

from __future__ import annotations

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.conversions import conversions
from r2c.verdict.direction import direction
from r2c.verdict.left_out import left_out
from r2c.verdict.named_limits import named_limits
from r2c.verdict.number_coverage import number_coverage
from r2c.verdict.operands import decided_roles, operands
from r2c.verdict.scope import scope
from r2c.verdict.told_units import told_units

LIBRARY = standard_library()
WORDS = """A works makes jugs and bowls in 3 weeks.
The kiln time per piece is 30 minutes for a jug and 20 minutes for a bowl.
The clay per piece is 2 kg for a jug and 1 kg for a bowl.
The kiln time of all goods together in each week cannot be more than 12 hours.
The clay used for all goods in all weeks must not exceed 90 kg.
From one week to the next the output of each good may grow by 5 pieces and fall by 3 pieces at most.
A jug earns 7 euros and a bowl earns 4 euros; the profit is to be as large as possible.
"""
KILN = "The kiln time of all goods together in each week cannot be more than 12 hours."
CLAY = "The clay used for all goods in all weeks must not exceed 90 kg."
STEADY = (
    "From one week to the next the output of each good may grow by 5 pieces and fall by 3 pieces "
    "at most."
)
MODEL = f"""cir 1
sets
  Goods = ["jug", "bowl"]
  Weeks ordered = [1, 2, 3]
parameters
  kiln_time[Goods] = [30, 20]
    unit: minutes
  clay[Goods] = [2, 1]
    unit: kg
  earning[Goods] = [7, 4]
    unit: euros
decisions
  make[Goods, Weeks] integer
    unit: pieces
rules
  kiln: capacity_limit
    quote: {KILN}
    each: for w in Weeks
    use = sum(kiln_time[g]/60*make[g, w] for g in Goods)
    limit = 12
  clay_used: capacity_limit
    quote: {CLAY}
    use = sum(clay[g]*make[g, w] for g in Goods for w in Weeks)
    limit = 90
objectives
  max sum(earning[g]*make[g, w] for g in Goods for w in Weeks)
"""


@pytest.fixture(scope="module")
def problem() -> Problem:
    return read_problem(WORDS)


def model(*changes: tuple[str, str]) -> CIR:
    text = MODEL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_text(text)


def test_nothing_speaks_against_the_right_model(problem: Problem) -> None:
    right = model()
    for found in (
        operands(problem, right, LIBRARY),
        scope(problem, right),
        conversions(problem, right),
        direction(problem, right, LIBRARY),
    ):
        assert found.passed is True, found.message


def test_a_plan_in_the_place_of_a_limit_is_found(problem: Problem) -> None:
    use = "sum(clay[g]*make[g, w] for g in Goods for w in Weeks)"
    wrong = model((f"    use = {use}\n    limit = 90", f"    use = 90\n    limit = {use}"))
    found = operands(problem, wrong, LIBRARY)
    assert found.passed is False
    assert found.rules == ("clay_used",)


def test_a_number_that_the_words_do_not_name_is_found_where_they_name_another(
    problem: Problem,
) -> None:
    found = operands(problem, model(("kiln_time[g]/60*make", "clay[g]/60*make")), LIBRARY)
    assert found.passed is False
    assert "'kiln_time'" in found.message


def test_roles_that_hold_data_in_some_example_need_no_plan() -> None:
    assert decided_roles(LIBRARY["capacity_limit"]) == {"use"}
    assert "limit" not in decided_roles(LIBRARY["capacity_limit"])


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (
            "    use = sum(clay[g]*make[g, w] for g in Goods for w in Weeks)",
            "    each: for g in Goods\n    use = sum(clay[g]*make[g, w] for w in Weeks)",
            "clay_used",
        ),
        (
            "    each: for w in Weeks\n    use = sum(kiln_time[g]/60*make[g, w] for g in Goods)",
            "    each: for w in Weeks for g in Goods\n    use = kiln_time[g]/60*make[g, w]",
            "kiln",
        ),
    ],
)
def test_a_row_for_each_where_the_words_mean_a_total_is_found(
    problem: Problem, old: str, new: str, rule: str
) -> None:
    found = scope(problem, model((old, new)))
    assert found.passed is False
    assert found.rules == (rule,)


def test_minutes_are_not_made_of_euros(problem: Problem) -> None:
    found = conversions(problem, model(("max sum(earning[g]*", "max sum(60*earning[g]*")))
    assert found.passed is False
    assert "60" in found.message


def test_a_factor_that_is_said_as_a_number_is_no_conversion() -> None:
    words = "A box holds 60 eggs. At most 10 hours, of 60 minutes each, are worked."
    told = read_text(
        "cir 1\ndecisions\n  boxes integer\n  eggs continuous\nrules\n  held: linear\n"
        "    quote: A box holds 60 eggs.\n    relation = eggs <= 60*boxes\nobjectives\n  max eggs\n"
    )
    assert conversions(read_problem(words), told).passed is True


def test_a_limit_without_a_number_is_held_against_its_words() -> None:
    words = "The weight sent to each shop may not be any larger than the space of that shop."
    text = f"""cir 1
sets
  Shops = ["A", "B"]
parameters
  space[Shops] = [4, 5]
decisions
  sent[Shops] continuous
rules
  room: minimum_requirement
    quote: {words}
    each: for s in Shops
    amount = sent[s]
    least = space[s]
objectives
  max sum(sent[s] for s in Shops)
"""
    problem = read_problem(words)
    found = named_limits(problem, read_text(text), LIBRARY)
    assert found.passed is False
    assert found.rules == ("room",)
    right = text.replace("minimum_requirement", "capacity_limit")
    right = right.replace("amount =", "use =").replace("least =", "limit =")
    assert named_limits(problem, read_text(right), LIBRARY).passed is True


def test_a_number_of_a_table_is_no_source_for_a_limit_of_a_rule() -> None:
    words = """The price in euros by good:

| good | price |
| --- | --- |
| jug | 17 |
| bowl | 9 |

As many as possible are sold for at most 80 euros.
"""
    text = """cir 1
sets
  Goods = table prices ["good"]
parameters
  price[Goods] = table prices ["good"] value price
decisions
  sold[Goods] integer
rules
  money: linear
    quote: As many as possible are sold for at most 80 euros.
    relation = sum(price[g]*sold[g] for g in Goods) <= 80
objectives
  max sum(sold[g] for g in Goods)
"""
    problem = read_problem(words)
    (table,) = problem.tables
    text = text.replace("table prices", f"table {table.name}")
    assert number_coverage(problem, read_text(text)).passed is True
    wrong = text.replace("  sold[Goods] integer", "  sold[Goods] integer\n    upper: 17")
    found = number_coverage(problem, read_text(wrong))
    assert found.passed is False
    assert found.details["borrowed"] == ["17 in decision 'sold'"]


@pytest.mark.parametrize(
    ("words", "archetype", "operands"),
    [
        ("All 200 pupils must fit into the buses.", "minimum_requirement", ("45*x", "200")),
        ("A batch takes 20 min. of the oven.", "capacity_limit", ("20*x", "480")),
        ("Every shift must be covered by 2 nurses.", "minimum_requirement", ("x", "2")),
        ("Every shift must be covered by 2 nurses at least.", "minimum_requirement", ("x", "2")),
        ("Production has to meet the maximum demand.", "minimum_requirement", ("x", "demand")),
        (
            "No stock can be carried over, so all of the demand has to be met each week.",
            "minimum_requirement",
            ("x", "demand"),
        ),
    ],
)
def test_words_with_two_readings_speak_against_no_limit(
    words: str, archetype: str, operands: tuple[str, str]
) -> None:
    roles = ("amount", "least") if archetype == "minimum_requirement" else ("use", "limit")
    cir = CIR.model_validate(
        {
            "parameters": [{"name": "demand", "value": 8.0}],
            "decisions": [{"name": "x"}],
            "rules": [
                {
                    "id": "r",
                    "quote": words,
                    "archetype": archetype,
                    "operands": dict(zip(roles, operands, strict=True)),
                }
            ],
            "objectives": [{"sense": "min", "expr": "x"}],
        }
    )
    problem = read_problem(words)
    assert named_limits(problem, cir, LIBRARY).passed is not False
    assert direction(problem, cir, LIBRARY).passed is not False


CHILDREN = (
    "A family chooses among Ann, Ben, Cleo and Dave. Taking Ann costs 90 euros, Ben 70, Cleo 60 "
    "and Dave 50. They take at least 2 children. Ann and Ben do not go together. Keep the costs "
    "as low as possible."
)


def outing(least: str) -> CIR:
    return read_text(
        f"""cir 1
definitions
  costs = 90*ann + 70*ben + 60*cleo + 50*dave
decisions
  ann binary
  ben binary
  cleo binary
  dave binary
rules
  some: minimum_requirement
    quote: They take at least 2 children.
    amount = {least}
    least = 2
  apart: capacity_limit
    quote: Ann and Ben do not go together.
    use = ann + ben
    limit = 1
objectives
  min costs
"""
    )


def test_a_sum_over_some_where_the_words_mean_all_is_found() -> None:
    told = read_problem(CHILDREN)
    right, wrong = outing("ann + ben + cleo + dave"), outing("ann + ben + cleo")
    assert left_out(told, right).passed is True
    found = left_out(told, wrong)
    assert (found.passed, found.rules) == (False, ("some",))
    assert "'dave'" in found.message


def test_a_sum_over_a_named_kind_is_no_sum_over_some() -> None:
    text = (
        "A shop buys apples, pears and carrots. Space for at most 40 kg of fruit is there. "
        "Carrots are vegetables. All in all at most 90 kg can be carried. Sell for the most money."
    )
    cir = read_text(
        """cir 1
decisions
  apples
  pears
  carrots
rules
  space: capacity_limit
    quote: Space for at most 40 kg of fruit is there.
    use = apples + pears
    limit = 40
objectives
  max 2*apples + 3*pears + carrots
"""
    )
    assert left_out(read_problem(text), cir).passed is True
    meant = text.replace("of fruit", "of goods").replace(
        "apples, pears", "these goods: apples, pears"
    )
    assert left_out(read_problem(meant), changed_quote(cir, "of fruit", "of goods")).passed is False


def changed_quote(cir: CIR, old: str, new: str) -> CIR:
    """The model of a text in which a word was changed."""
    rules = tuple(
        item.model_copy(update={"quote": item.quote.replace(old, new)}) for item in cir.rules
    )
    return cir.model_copy(update={"rules": rules})


def test_a_total_with_one_of_its_parts_added_is_found() -> None:
    told = read_problem(CHILDREN)
    assert operands(told, outing("ann + ben + cleo + dave"), LIBRARY).passed is True
    found = operands(told, outing("costs + ben + cleo"), LIBRARY)
    assert found.passed is False and "'ben' to 'costs'" in found.message


HAY = (
    "A farmer has 200 acres of land. The rake dries 10 kg of hay per acre and the tedder dries "
    "8 kg of hay per acre. At least 900 kg of hay are wanted. The rake needs 2 hours an acre and "
    "the tedder 1 hour; 40 hours a week are at hand. How many acres should each dry?"
)


def field(land: str) -> CIR:
    return read_text(
        f"""cir 1
definitions
  hay = 10*rake + 8*tedder
decisions
  rake
  tedder
rules
  land: capacity_limit
    quote: A farmer has 200 acres of land.
    use = {land}
    limit = 200
  hours: capacity_limit
    quote: The rake needs 2 hours an acre and the tedder 1 hour; 40 hours a week are at hand.
    use = 2*rake + 1*tedder
    limit = 40
  wanted: minimum_requirement
    quote: At least 900 kg of hay are wanted.
    amount = hay
    least = 900
objectives
  max hay
"""
    )


def test_kilograms_below_a_limit_in_acres_are_found_and_hours_a_week_are_hours() -> None:
    told = read_problem(HAY)
    assert told_units(told, field("rake + tedder")).passed is not False
    found = told_units(told, field("hay"))
    assert (found.passed, found.rules) == (False, ("land",))
    assert "'kg'" in found.message and "'acres'" in found.message
