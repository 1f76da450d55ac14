"""Kinds of rules that sentences over sets state in full, so that no model has to read them."""

from __future__ import annotations

import pytest

from r2c.agents.choose_dialect import dialect_of
from r2c.agents.clauses import Clause
from r2c.agents.indexed.reader import Indexed
from r2c.agents.roster import Choice
from r2c.agents.statements import read_statements, write_statements
from r2c.problem.read import read_problem

BAKERY = """A bakery plans its week. {words} Which plan brings the largest profit?

| bread | gain per loaf (€) | oven time per loaf | firing fee (€) | smallest bake | biggest jump |
|---|---|---|---|---|---|
| rye | 2 | 3 | 40 | 12 | 9 |
| spelt | 3 | 4 | 55 | 15 | 7 |

The demand by bread (rows) and day (columns):

| bread | day 1 | day 2 | day 3 |
|---|---|---|---|
| rye | 30 | 20 | 25 |
| spelt | 35 | 15 | 45 |
"""
BAKE = Choice("bake", "number of loaves baked for each bread and day", ("bread", "day"))
CLINIC = """A clinic opens surgeries. {words} What is the cheapest way?

| surgery | lease (€) | room for patients | reach (km) |
|---|---|---|---|
| North | 90 | 40 | 9 |
| South | 80 | 50 | 7 |

| village | patients |
|---|---|
| Ash | 20 |
| Elm | 30 |

The way in km by surgery (rows) and village (columns):

| surgery | Ash | Elm |
|---|---|---|
| North | 4 | 8 |
| South | 6 | 3 |
"""
OPEN = Choice("opened", "1 if the surgery is opened", ("surgery",))
SERVE = Choice("served", "1 if the village is served", ("surgery", "village"))


def settled(text: str, words: str, roster: tuple[Choice, ...]) -> str | None:
    dialect = Indexed(read_problem(text.format(words=words)))
    clause = next(one for one in dialect.clauses if one.text[:20] == words[:20])
    return dialect.settled(clause, roster)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "On each day the loaves of each bread are either none or at least the smallest bake.",
            "for each bread, day: minimum_batch_semi_continuous with amount: bake[bread, day];"
            " least: smallest_bake[bread]",
        ),
        (
            "Each bread may be left out on a day: zero loaves or at least 20 of each bread.",
            "for each bread, day: minimum_batch_semi_continuous with amount: bake[bread, day];"
            " least: 20",
        ),
        (
            "A bread made on a day, in any amount, is one batch; there are at most 4 batches.",
            "cardinality_limit with items: [bake[bread, day] for bread in Breads for day in Days];"
            " most: 4",
        ),
        (
            "Whenever a bread is made on a day, its firing fee is due for that day.",
            "for each bread, day: fixed_charge_activation with activities: [bake[bread, day]];"
            " charge: firing_fee[bread]",
        ),
        (
            "If a bread is made at all, its firing fee has to be paid, but only once.",
            "for each bread: fixed_charge_activation with activities:"
            " [bake[bread, day] for day in Days]; charge: firing_fee[bread]",
        ),
        (
            "From one day to the next the loaves of each bread may rise by 8 or fall by 5 at most.",
            "for each bread: ramping with level: [bake[bread, day] for day in Days]; periods: Days;"
            " rise: [8 for day in Days]; fall: [5 for day in Days]",
        ),
    ],
)
def test_a_rule_of_amounts_is_settled(words: str, said: str) -> None:
    assert settled(BAKERY, words, (BAKE,)) == said
    assert write_statements(read_statements(said)) == said


@pytest.mark.parametrize(
    "words",
    [
        "If a bread is made at all, its firing fee has to be paid.",  # on each day?
        "Either rye is made or at least the smallest bake of spelt on each day.",
        "Whenever more than 20 loaves of a bread are made on a day, its firing fee is due.",
        "From one day to the next the loaves of each bread may rise by 8 at most.",
        "All breads together are either none or at least 30 loaves on each day.",
        "There are at most 4 batches.",
    ],
)
def test_a_rule_that_leaves_something_open_is_left_to_the_model(words: str) -> None:
    assert settled(BAKERY, words, (BAKE,)) in (None, "none") or "with" not in str(
        settled(BAKERY, words, (BAKE,))
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "Each village must be served from exactly one surgery, which must be an opened one.",
            "for each village: served == 1\nfor each surgery, village: served <= opened",
        ),
        ("One surgery per village, no splitting.", "for each village: served == 1"),
        (
            "Where the way is longer than the reach of the surgery, that pair is ruled out.",
            "for each surgery, village: way*served <= reach",
        ),
        (
            "A surgery can serve each village only if the way is at most 5 km.",
            "for each surgery, village: way*served <= 5",
        ),
        (
            "Every surgery pays extra: €6 for each of its patients above 25, all of its villages"
            " together.",
            "for each surgery: convex_piecewise_cost with amount: sum(patients[village]"
            "*served[surgery, village] for village in Villages); level: 25; extra: 6;"
            " giving bill as surcharge",
        ),
    ],
)
def test_a_rule_of_choices_is_settled(words: str, said: str) -> None:
    assert settled(CLINIC, words, (OPEN, SERVE)) == said


@pytest.mark.parametrize(
    "words",
    [
        "Each village must be served from exactly one surgery, unless it is small.",
        "Each village must be served from exactly one surgery or from none.",
        "Where the way is longer than the reach of the surgery, the trip costs €4 for each.",
    ],
)
def test_a_rule_of_choices_with_an_exception_is_left_to_the_model(words: str) -> None:
    assert settled(CLINIC, words, (OPEN, SERVE)) is None


@pytest.mark.parametrize(
    ("words", "nothing"),
    [
        ("Each loaf sold brings the gain per loaf of its bread.", True),
        ("For each bread the gain per loaf is paid, and all demand is met.", False),
        ("Any number of loaves can be baked side by side on each day.", True),
        ("Each bread is baked on one day.", False),
        ("Vehicles must follow continuous paths, all of them.", False),
        ("Fractions of a loaf are fine for all breads.", True),
        # No table tells it, and no word of a rule: it was passed over, and the plan was wrong.
        ("What a bread brings falls with the square root of the loaves baked.", False),
        ("The heat lost in an hour is proportional to the cube of what is baked.", False),
    ],
)
def test_only_a_sentence_that_asks_nothing_is_closed(words: str, nothing: bool) -> None:
    assert (settled(BAKERY, words, (BAKE,)) == "none") == nothing


STORE = """A site runs a tank. For each of the next 3 days it has to be decided how many litres are
bought, how many are put into the tank and how many are taken out of it. {words} Purchases plus
litres taken out of the tank must equal the need plus litres put into the tank in each day.
What is the cheapest plan?

| day | price per litre (€) | need |
|---|---|---|
| 1 | 4 | 30 |
| 2 | 2 | 10 |
| 3 | 5 | 20 |
"""
TOLD = (
    "The tank starts the plan with 7 litres, carries its content over from day to day, and must"
    " end the last day with 5 litres or more."
)


def test_a_store_and_its_balance_are_read_out_of_several_sentences() -> None:
    dialect = Indexed(read_problem(STORE.format(words=TOLD)))
    roster = dialect.settled_roster()
    assert roster is not None
    assert [one.name for one in roster] == ["bought", "put", "taken", "content"]
    said = [dialect.settled(one, roster) for one in dialect.clauses]
    assert (
        "inventory_balance with stock: [content[day] for day in Days]; inflow: [put[day] for day in"
        " Days]; outflow: [taken[day] for day in Days]; periods: Days; initial: 7; final: 5"
    ) in said
    assert "for each day: bought + taken == need + put" in said


def test_a_store_with_an_unread_condition_is_left_to_the_model() -> None:
    words = TOLD.replace(" or more.", " or more, and loses 3 litres a day.")
    assert Indexed(read_problem(STORE.format(words=words))).store is None


def test_money_in_a_sentence_that_no_rule_uses_leaves_the_goal_open() -> None:
    def goal(words: str) -> str | None:
        dialect = Indexed(read_problem(BAKERY.format(words=words)))
        return dialect.settled_goal((BAKE,), _read(dialect))

    net = goal("Each loaf brings the gain per loaf. The firing fee is always due: none is saved.")
    assert net is None  # the fee has no place
    lone = BAKERY.replace("| firing fee (€) ", "| firing level ")
    dialect = Indexed(read_problem(lone.format(words="The oven was mended for €900 last year.")))
    assert dialect.settled_goal((BAKE,), _read(dialect)) == "maximize gain_per_loaf*bake"
    dialect = Indexed(read_problem(lone.format(words="An hour of help costs €30.")))
    assert dialect.settled_goal((BAKE,), _read(dialect)) is None


def _read(dialect: Indexed) -> list[tuple[Clause, str]]:
    return [(one, dialect.settled(one, (BAKE,)) or "none") for one in dialect.clauses]


def test_a_set_without_a_heading_is_called_as_the_question_calls_it() -> None:
    text = (
        "For every week it has to be decided how many litres of each soup are cooked. The gain per"
        " litre is €4 for leek and €3 for lentil. The stove time per litre is 2 hours for leek and"
        " 1 hours for lentil. The stove time is 9 hours for week 1 and 8 hours for week 2."
        " Which plan brings the largest profit?"
    )
    dialect = dialect_of(read_problem(text))
    assert isinstance(dialect, Indexed)
    roster = dialect.settled_roster()
    assert roster is not None
    assert roster[0].over == ("soup", "week")
