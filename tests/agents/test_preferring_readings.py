"""What the words say against readings whose form is right, by sentences no prompt has seen."""

from __future__ import annotations

import pytest
from gbnf import admits

from r2c.agents.plain.clauses import clauses
from r2c.agents.plain.preference import CERTAINLY, OFTEN, SURELY
from r2c.agents.plain.reader import Plain
from r2c.agents.plain.roster_vote import said_of
from r2c.agents.plain.shares import shares
from r2c.agents.roster import Choice
from r2c.agents.statements import read_statements
from r2c.problem.read import read_problem

KILNS = (Choice("old_kiln", "hours of the old kiln"), Choice("new_kiln", "hours of the new kiln"))
SMOKE = "smoke[old_kiln] = 9\nsmoke[new_kiln] = 4\nworkers[old_kiln] = 3\nworkers[new_kiln] = 2"
DATA = (
    "The old kiln makes 9 kg of smoke and needs 3 workers per hour. "
    "The new kiln makes 4 kg of smoke and needs 2 workers per hour. "
)


def weighed(sentence: str, reading: str) -> float:
    """The cost of a reading of the last sentence, told the data of the kilns."""
    dialect = Plain(read_problem(DATA + sentence))
    first, second, last = dialect.clauses
    earlier = [(first, SMOKE), (second, "none")]
    return dialect.cost(last, read_statements(reading), KILNS, earlier)


@pytest.mark.parametrize(
    ("sentence", "reading", "cost"),
    [
        # The words at a number name the measure that it limits.
        ("There are 90 workers, and the smoke is at most 70 kg.", "workers <= 90\nsmoke <= 70", 0),
        (
            "There are 90 workers available, and the smoke must be at most 70 kg.",
            "smoke <= 90\nworkers <= 70",
            2 * SURELY,
        ),
        # A number that no decision is named with is for all of them.
        (
            "At least 12 hours in all, and at least 5 for the new kiln.",
            "old_kiln + new_kiln >= 12\nnew_kiln >= 5",
            0,
        ),
        (
            "At least 12 hours in all, and at least 5 for the new kiln.",
            "old_kiln >= 12\nnew_kiln >= 5",
            SURELY,
        ),
        # A range goes on speaking of what it began with.
        ("The new kiln runs between 10 and 20 hours.", "new_kiln >= 10\nnew_kiln <= 20", 0),
        ("The new kiln runs between 10 and 20 hours.", "new_kiln >= 10\nold_kiln <= 20", OFTEN),
        # A share is not one of a decision that nobody speaks of.
        ("At least 20% of the bricks must be workers.", "workers >= 0.2*old_kiln", OFTEN),
        ("At least 20% of the bricks must be workers.", "workers >= 0.2*(old_kiln + new_kiln)", 0),
        # Nothing limits itself.
        ("The old kiln runs at most half of the hours.", "old_kiln <= 0.5*old_kiln", SURELY),
    ],
)
def test_the_words_speak_against_a_reading(sentence: str, reading: str, cost: float) -> None:
    assert weighed(sentence, reading) >= cost > 0 if cost else weighed(sentence, reading) == 0


def test_the_noun_behind_a_number_settles_which_measure_is_meant() -> None:
    text = "There are 90 workers available, and the smoke must be at most 70 kg."
    dialect = Plain(read_problem(DATA + text))
    last = dialect.clauses[-1]
    grammar = dialect.clause_form(last, KILNS, [(dialect.clauses[0], SMOKE)]).grammar
    assert admits(grammar, "workers <= 90\nsmoke <= 70")
    assert not admits(grammar, "smoke <= 90\nsmoke <= 70")
    assert not admits(grammar, "old_kiln <= 90\nsmoke <= 70")


@pytest.mark.parametrize(
    ("question", "suggested"),
    [
        ("How many hours minimize the total number of firings?", "minimize old_kiln + new_kiln"),
        ("How many hours minimize the number of workers?", None),
        ("How many hours minimize the number of firings per week?", None),
        ("Find the minimum number of firings that can be used.", "minimize old_kiln + new_kiln"),
        ("Run them so as to decrease the number of firings.", "minimize old_kiln + new_kiln"),
        ("How many hours minimize the smoke?", None),
    ],
)
def test_a_question_for_a_number_of_things_counts_what_is_decided(
    question: str, suggested: str | None
) -> None:
    dialect = Plain(read_problem(DATA + question))
    found = dialect.suggested_goals(KILNS, [])
    assert found == (() if suggested is None else (suggested,))
    measure = dialect.goal_form(KILNS, []).read("minimize smoke")
    assert dialect.goal_cost(measure, KILNS) == (0 if suggested is None else CERTAINLY)


def test_the_measure_that_nothing_limits_is_suggested_as_objective() -> None:
    dialect = Plain(read_problem(DATA + "There are 90 workers. How many hours minimize smoke?"))
    first, second, last = dialect.clauses
    told = [(first, SMOKE), (second, "none"), (last, "workers <= 90")]
    assert dialect.suggested_goals(KILNS, told) == ("minimize smoke",)
    assert dialect.suggested_goals(KILNS, told[:2]) == ()  # both are left over
    mixed = dialect.goal_form(KILNS, told).read("minimize smoke + old_kiln")
    assert dialect.goal_cost(mixed, KILNS) == CERTAINLY


ACRES = (Choice("oats", "acres of oats sown"), Choice("rye", "acres of rye sown"))


def test_a_number_of_what_is_decided_limits_the_sum_of_all() -> None:
    text = "An acre of oats takes 4 kg of seed and an acre of rye 3 kg. There are 90 acres of land."
    dialect = Plain(read_problem(text))
    first, last = dialect.clauses
    earlier = [(first, "seed[oats] = 4\nseed[rye] = 3")]
    grammar = dialect.clause_form(last, ACRES, earlier).grammar
    assert admits(grammar, "oats + rye <= 90")
    assert not admits(grammar, "seed <= 90")
    assert not admits(grammar, "oats <= 90")
    assert dialect.cost(last, read_statements("oats + rye <= 90"), ACRES, earlier) == 0


@pytest.mark.parametrize(
    ("words", "settled"),
    [
        ("The farm does not want to spend more than $900.", True),
        ("It can spend at most $900 a month.", True),
        ("It can spend at most $900 on oats.", False),
        ("It can spend at most 900 hours.", False),
    ],
)
def test_what_is_spent_is_the_one_measure_that_is_a_cost(words: str, settled: bool) -> None:
    data = "An acre of oats costs $40 and earns $70, an acre of rye costs $30 and earns $50. "
    dialect = Plain(read_problem(data + words))
    first, last = dialect.clauses
    told = "cost[oats] = 40\nprofit[oats] = 70\ncost[rye] = 30\nprofit[rye] = 50"
    grammar = dialect.clause_form(last, ACRES, [(first, told)]).grammar
    assert admits(grammar, "cost <= 900")
    assert admits(grammar, "profit <= 900") is not settled
    two = told.replace("profit", "price")
    assert admits(dialect.clause_form(last, ACRES, [(first, two)]).grammar, "price <= 900")


def test_where_the_words_leave_the_side_open_the_other_side_is_an_option() -> None:
    dialect = Plain(
        read_problem(DATA + "The job takes 90 workers, and the smoke is at most 70 kg.")
    )
    last = dialect.clauses[-1]
    reading = read_statements("workers <= 90\nsmoke <= 70")
    assert dialect.other_sides(last, reading, KILNS) == ("workers >= 90\nsmoke <= 70",)


FRIENDS = tuple(Choice(name, f"1 if {name} comes") for name in ("ann", "ben", "cleo"))


def test_where_the_words_name_nobody_a_limit_on_some_is_one_on_all() -> None:
    dialect = Plain(read_problem("At most 2 guests can come. Ann and Ben are at most 1 together."))
    everyone, couple = dialect.clauses
    some = read_statements("ann + ben <= 2")
    assert dialect.other_sides(everyone, some, FRIENDS) == ("ann + ben + cleo <= 2",)
    assert dialect.cost(everyone, some, FRIENDS, ()) >= SURELY
    assert dialect.cost(everyone, read_statements("ann + ben + cleo <= 2"), FRIENDS, ()) == 0
    named = read_statements("ann + ben <= 1")
    assert dialect.other_sides(couple, named, FRIENDS) == ()
    assert dialect.cost(couple, named, FRIENDS, ()) == 0


def test_a_measure_and_a_decision_are_not_added() -> None:
    dialect = Plain(read_problem("The guests need at least 12 years of experience together."))
    mixed = read_statements("years + ben >= 12")
    assert dialect.cost(dialect.clauses[0], mixed, FRIENDS, ()) >= SURELY


FUNDS = (Choice("bonds", "money put in bonds"), Choice("shares", "money put in shares"))
RISKS = "risk[bonds] = 0.1\nrisk[shares] = 0.5"


@pytest.mark.parametrize(
    ("sentence", "reading", "other"),
    [
        ("She has $900 to spend.", "bonds + shares <= 900", "risk <= 900"),
        ("The average risk must be at most 30%.", "risk <= 0.3*(bonds + shares)", "risk <= 0.3"),
    ],
)
def test_money_and_averages_are_about_all_that_is_put_in(
    sentence: str, reading: str, other: str
) -> None:
    dialect = Plain(read_problem(f"The risk is 10% for bonds and 50% for shares. {sentence}"))
    first, last = sorted(dialect.clauses, key=lambda clause: clause.sentence)
    earlier = [(first, RISKS)]
    assert dialect.cost(last, read_statements(reading), FUNDS, earlier) == 0
    grammar = dialect.clause_form(last, FUNDS, earlier).grammar
    assert admits(grammar, reading)
    assert not admits(grammar, other)


def test_an_average_admits_nothing_else() -> None:
    text = "The risk is 10% for bonds and 50% for shares. The average risk must be at most 30%."
    dialect = Plain(read_problem(text))
    first, last = sorted(dialect.clauses, key=lambda clause: clause.sentence)
    grammar = dialect.clause_form(last, FUNDS, [(first, RISKS)]).grammar
    assert not admits(grammar, "risk <= 0.3*risk")
    assert not admits(grammar, "bonds <= 0.3*(bonds + shares)")


def test_what_all_decisions_share_tells_none_apart_however_they_are_called() -> None:
    text = "A mower cuts 10 kg of hay an acre and a hay wagon 8 kg. There are 90 acres of land."
    dialect = Plain(read_problem(text))
    first, last = dialect.clauses
    roster = (Choice("mower", "acres of land cut"), Choice("haywagon", "acres of land cut"))
    earlier = [(first, "hay[mower] = 10\nhay[haywagon] = 8")]
    grammar = dialect.clause_form(last, roster, earlier).grammar
    assert admits(grammar, "mower + haywagon <= 90")
    assert not admits(grammar, "hay <= 90")


@pytest.mark.parametrize(
    ("reading", "same"),
    [
        ("heat[old_kiln] = 3\nsmoke[old_kiln] = 2", True),
        ("units_of_heat[old_kiln] = 3\nsmoke[old_kiln] = 2", True),
        # The numbers of two measures taken for each other say another thing, whatever the names.
        ("smoke[old_kiln] = 3\nheat[old_kiln] = 2", False),
        ("heat[new_kiln] = 3\nsmoke[new_kiln] = 2", False),
        # A name that is not in the words says what the sentence does not.
        ("profit[old_kiln] = 3\nsmoke[old_kiln] = 2", False),
    ],
)
def test_readings_that_only_name_a_new_measure_differently_count_as_one(
    reading: str, same: bool
) -> None:
    dialect = Plain(read_problem("The old kiln makes 3 units of heat and 2 units of smoke."))
    (clause,) = dialect.clauses
    plain = read_statements("heat_units[old_kiln] = 3\nsmoke[old_kiln] = 2")
    said = dialect.meaning(clause, plain, KILNS, [])
    assert (dialect.meaning(clause, read_statements(reading), KILNS, []) == said) is same


def test_the_number_of_one_measure_is_not_that_of_its_neighbour() -> None:
    dialect = Plain(read_problem("The old kiln makes 3 units of heat and 2 units of smoke."))
    (clause,) = dialect.clauses
    swapped = read_statements("smoke[old_kiln] = 3\nheat[old_kiln] = 2")
    assert dialect.cost(clause, swapped, KILNS, []) == 2 * OFTEN


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("At most 40% of the firings can be in the old kiln.", "old_kiln"),
        ("At least 30% of firings must be of type new and at most 5 old.", "new_kiln"),
        ("At least 20% of the budget must be spent on the old kiln.", None),
        ("At least 20% of the gas must be for the new kiln.", None),
    ],
)
def test_what_things_are_is_a_share_of_all_of_them(sentence: str, part: str | None) -> None:
    problem = read_problem(sentence)
    (clause,) = clauses(problem)
    assert shares(clause.slots, said_of(KILNS, problem), ())[0] == part


def test_the_number_that_a_measure_lacks_for_a_decision_is_no_limit() -> None:
    text = (
        "In the old kiln they have 70 bowls and clean it five times. "
        "In the new kiln they have 85 bowls while cleaning it twenty times."
    )
    dialect = Plain(read_problem(text))
    first, second = dialect.clauses
    told = [(first, "bowls[old_kiln] = 70\nclean[old_kiln] = 5")]
    grammar = dialect.clause_form(second, KILNS, told).grammar
    assert admits(grammar, "bowls[new_kiln] = 85\nclean[new_kiln] = 20")
    assert not admits(grammar, "bowls[new_kiln] = 85\nclean <= 20")
    assert not admits(grammar, "bowls <= 85\nclean[new_kiln] = 20")
