"""Conditions and choices in words: told apart from data, and found where no rule can say them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_problems import rule

from r2c.agents.conversation import Example, examples
from r2c.agents.dialect import Dialect
from r2c.agents.indexed import reader
from r2c.agents.indexed.reader import Indexed
from r2c.agents.plain import reader as plain
from r2c.agents.plain.reader import Plain
from r2c.agents.reading import Reading
from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.formulation import Outcome, Solution
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.logic import logic, lost_logic
from r2c.verdict.logic_words import logic_said
from r2c.verdict.quotes import misquoted
from r2c.verdict.rank import Weights, score_candidate

LIBRARY = standard_library()
EXAMPLES = Path(__file__).parents[2] / "examples"


def shop(*rules: dict[str, object], domain: str = "integer", **more: Any) -> CIR:
    """A workshop's chairs and tables under some rules."""
    return CIR.model_validate(
        {
            "decisions": [
                {"name": "chairs", "domain": domain},
                {"name": "tables", "domain": domain},
            ],
            "rules": list(rules),
            "objectives": [{"sense": "max", "expr": "3*chairs + 5*tables"}],
        }
        | more
    )


def told(words: str, archetype: str, **operands: object) -> dict[str, object]:
    """A rule of some archetype as JSON."""
    return {"id": "r1", "quote": words, "archetype": archetype, "operands": operands}


SAID = [
    ("If tables are made, a second saw must be rented.", {"condition"}),
    ("If tables are made at all, at least 30 must be made.", {"condition"}),
    ("A second shift is needed if more than 40 chairs are made.", {"condition"}),
    ("If any tables are made, a set-up at a fixed cost of $200 is needed.", {"condition"}),
    ("If the bridge is built, the tower cannot be built.", {"condition"}),
    ("If they produce more than 12 tables, they must hire a driver.", {"condition"}),
    ("When tables are made, at least 5 chairs must be made too.", {"condition"}),
    ("Chairs can be made only if tables are made.", {"condition"}),
    ("No chairs may be sold unless tables are sold.", {"condition"}),
    ("The saw may stand still, provided that no tables are made.", {"condition"}),
    ("Whenever chairs are painted, tables must be painted too.", {"condition"}),
    ("Unless the depot is opened, nothing can be stored in the town.", {"condition"}),
    ("Either at least 20 chairs or at least 10 tables must be made.", {"alternative"}),
    ("The shop wants at least 20 chairs or at least 10 tables.", {"alternative"}),
    ("Either the bridge or the tower must be built.", {"alternative"}),
    ("At most one of the two halls may be opened.", {"alternative"}),
    ("They may buy the lathe or the saw, but not both.", {"exclusion"}),
    ("The two machines cannot run at the same time.", {"exclusion"}),
    ("The north site and the south site are mutually exclusive.", {"exclusion"}),
    ("The number of chairs must be a multiple of 6.", {"multiple"}),
    ("Tables are made in multiples of four.", {"multiple"}),
    ("The number of chairs has to be divisible by 3.", {"multiple"}),
    ("Chairs are only sold in sets together with tables.", {"together"}),
    ("Chairs cannot be sold without tables.", {"together"}),
    ("The shop makes at least 30 tables or none at all.", {"batch"}),
    ("The mill buys nothing or at least 40 tons.", {"batch"}),
    ("No tables may be made in winter.", {"season"}),
    ("Chairs can be delivered on Mondays only.", {"season"}),
    ("If the farmer wants to maximize profit, how many acres should be planted?", set()),
    ("If there are 500 kg available, how much should be used?", set()),
    ("If there are 500 kg of wood in store, chairs and tables share them.", set()),
    ("If each chair takes 3 hours and each table takes 4 hours, 90 hours are enough.", set()),
    ("If a desk earns $70 and a shelf earns $45, how many of each should be built?", set()),
    ("How many chairs and tables should be made if the saw is used for 90 hours?", set()),
    ("If the shop has 120 hours, find the best plan.", set()),
    ("If the budget for wood is $400, what plan earns the most?", set()),
    ("If a chair is painted, it takes 2 hours more.", set()),
    ("If at least 5 tables must be made, which plan is cheapest?", set()),
    ("If possible, use up the wood.", set()),
    ("When making a table, 3 hours of work are used.", set()),
    ("When a chair is sold, it brings 30 euros.", set()),
    ("The chairs should be made as cheaply as possible, even if tables are made.", set()),
    ("At least 20 chairs and at least 10 tables must be made.", set()),
    ("The number of chairs must not be less than 5 or more than 9.", set()),
    ("Chairs are shipped either by truck or by train.", set()),
    ("Wood can be cut either on the old saw or on the new one.", set()),
    ("The two machines together cannot run more than 90 hours.", set()),
    ("Chairs and tables together take no more than 80 hours.", set()),
    ("The plan uses multiple machines.", set()),
    ("He asks whether or not chairs and tables are made together.", set()),
    ("Work done in winter costs 5 euros more an hour.", set()),
    ("No more than 12 chairs can be delivered on Monday.", set()),
    ("A table needs one board, and none of the boards may be cut.", set()),
    ("Each worker makes a chair or a table.", set()),
    ("The stock must last as long as possible.", set()),
]


@pytest.mark.parametrize(("words", "kinds"), SAID)
def test_logic_about_the_plan_is_told_from_data_wishes_and_questions(
    words: str, kinds: set[str]
) -> None:
    assert {item.kind for item in logic_said(read_problem(words), shop())} == kinds


MISREAD = [
    ("Either at least 20 chairs or at least 10 tables must be made.", "chairs >= 20"),
    ("The number of chairs must be a multiple of 6.", "chairs <= 6"),
    ("The number of chairs must be a multiple of 6.", "chairs == 6"),
    ("If tables are made at all, at least 30 must be made.", "tables >= 30"),
    ("No tables may be made in winter.", "tables <= 0"),
    ("Chairs are only sold in sets together with tables.", "chairs + tables <= 40"),
    ("Chairs are only sold in sets together with tables.", "chairs >= 1"),
    ("If tables are made, chairs must be made too.", "chairs >= 1"),
    ("If tables are made, chairs must be made too.", "chairs >= tables"),
    ("The shop makes at least 30 tables or none at all.", "tables >= 30"),
    ("At most one of the two goods may be made, chairs or tables.", "chairs + tables <= 1"),
]


@pytest.mark.parametrize(("words", "relation"), MISREAD)
def test_a_sentence_with_logic_that_became_a_plain_row_fails_and_is_quoted(
    words: str, relation: str
) -> None:
    found = logic(read_problem(words), shop(rule("r1", words, relation)), LIBRARY)
    assert found.passed is False
    assert words in found.message


SAYS_IT = [
    (
        "Either at least 20 chairs or at least 10 tables must be made.",
        rule("r1", "", "chairs >= 20 or tables >= 10"),
    ),
    (
        "If tables are made, chairs must be made too.",
        told("", "if_then_implication", condition="tables >= 1", consequence="chairs >= 1"),
    ),
    (
        "If tables are made, chairs must be made too.",
        rule("r1", "", "implies(tables >= 1, chairs >= 1)"),
    ),
    (
        "If a table is sold, twice as many chairs must be sold.",
        rule("r1", "", "chairs >= 2*tables"),
    ),
    (
        "If tables are made at all, at least 30 must be made.",
        told("", "minimum_batch_semi_continuous", amount="tables", least="30", most="90"),
    ),
    (
        "They may make chairs or tables, but not both.",
        told("", "mutual_exclusion_conflict", options="[chairs, tables]"),
    ),
    (
        "If any tables are made, a set-up at a fixed cost of $200 is needed.",
        told("", "fixed_charge_activation", activities="tables", charge="200"),
    ),
    (
        "The number of chairs must be a multiple of 6.",
        told("", "integrality_indivisibility", amount="chairs/6"),
    ),
    ("The number of chairs must be a multiple of 6.", rule("r1", "", "chairs == 6*tables")),
    ("Chairs are only sold in sets together with tables.", rule("r1", "", "chairs == 4*tables")),
    (
        "At most one of the two goods may be made.",
        told("", "cardinality_limit", items="[chairs, tables]", most="1"),
    ),
]


@pytest.mark.parametrize(("words", "carrier"), SAYS_IT)
def test_a_rule_whose_meaning_has_the_logic_passes(words: str, carrier: dict[str, object]) -> None:
    found = logic(read_problem(words), shop(carrier | {"quote": words}), LIBRARY)
    assert found.passed is True, found.message


@pytest.mark.parametrize("relation", ["tables <= chairs", "chairs + tables <= 1"])
def test_rows_between_yes_or_no_decisions_say_logic(relation: str) -> None:
    words = "If tables are made, chairs must be made too."
    cir = shop(rule("r1", words, relation), domain="binary")
    assert logic(read_problem(words), cir, LIBRARY).passed is True
    lone = shop(rule("r1", words, "chairs >= 1"), domain="binary")
    assert logic(read_problem(words), lone, LIBRARY).passed is False


def test_what_a_choice_costs_may_stand_in_the_objective() -> None:
    words = "If the depot is opened, a fixed fee of 900 must be paid."
    data = {"decisions": [{"name": "depot", "domain": "binary"}, {"name": "tons"}]}
    goal = {"sense": "min", "expr": "900*depot + 3*tons"}
    problem = read_problem(words)
    assert logic(problem, CIR.model_validate(data | {"objectives": [goal]}), LIBRARY).passed is True
    free = CIR.model_validate(data | {"objectives": [goal | {"expr": "900 + 3*tons"}]})
    assert logic(problem, free, LIBRARY).passed is False


def test_a_rule_for_some_periods_says_when_it_holds() -> None:
    words = "No tables may be made in winter."
    seasons: dict[str, Any] = {
        "sets": [{"name": "Seasons", "elements": ["winter", "summer"]}],
        "decisions": [{"name": "tables", "over": ["Seasons"]}, {"name": "chairs"}],
        "objectives": [{"sense": "max", "expr": "sum(tables[s] for s in Seasons) + chairs"}],
    }
    keyed = shop(rule("r1", words, "tables['winter'] <= 0"), **seasons)
    assert logic(read_problem(words), keyed, LIBRARY).passed is True
    named = shop(
        rule("r1", words, "winter_tables <= 0"),
        decisions=[{"name": "winter_tables"}, {"name": "summer_tables"}],
        objectives=[{"sense": "max", "expr": "winter_tables + summer_tables"}],
    )
    assert logic(read_problem(words), named, LIBRARY).passed is True


def test_a_rule_of_another_sentence_does_not_say_it() -> None:
    first, second = "Chairs or tables, but not both, may be made.", "At most 9 chairs are sold."
    carrier = told(second, "mutual_exclusion_conflict", options="[chairs, tables]")
    problem = read_problem(f"{first} {second}")
    assert [item.kind for item in lost_logic(problem, shop(carrier), LIBRARY)] == ["exclusion"]


def test_without_logic_in_the_words_the_check_is_silent() -> None:
    assert logic(read_problem("At most 9 chairs are sold."), shop(), LIBRARY).passed is None


def test_lost_logic_counts_against_a_candidate() -> None:
    words = "Make chairs and tables. Either at least 20 chairs or at least 10 tables must be made."
    sentence = "Either at least 20 chairs or at least 10 tables must be made."
    plan = Solution(outcome=Outcome.OPTIMAL)
    rows = [rule("a", sentence, "chairs >= 20"), rule("b", sentence, "tables >= 10")]
    lost = score_candidate(read_problem(words), shop(*rows), plan)
    kept = score_candidate(
        read_problem(words), shop(rule("a", sentence, "chairs >= 20 or tables >= 10")), plan
    )
    assert (lost.findings["lost_logic"], kept.findings["lost_logic"]) == (1, 0)
    assert kept.value - lost.value == pytest.approx(Weights().lost_logic)


WORKED = [
    pytest.param(example, dialect, id=example["text"][:20])
    for file, dialect in ((plain.PROMPTS, Plain), (reader.PROMPTS, Indexed))
    for example in examples(file)
]


@pytest.mark.parametrize(("example", "kind"), WORKED)
def test_the_worked_examples_keep_their_logic_and_quote_their_problem(
    example: Example, kind: Callable[[Problem], Dialect]
) -> None:
    dialect = kind(read_problem(example["text"]))
    readings = [
        Reading(clause, text)
        for clause, text in zip(dialect.clauses, example["readings"], strict=True)
    ]
    roster = dialect.roster_form().read(example["decisions"])
    cir = dialect.assemble(roster, readings, example["objective"])
    assert lost_logic(dialect.problem, cir, LIBRARY) == ()
    assert misquoted(dialect.problem, cir) == ()


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.txt")), ids=lambda file: file.stem)
def test_the_examples_hold_no_logic(file: Path) -> None:
    names = ("rye_loaves", "trays_of_buns", "early_shift", "late_shift")
    cir = CIR.model_validate({"decisions": [{"name": name} for name in names]})
    assert logic_said(read_problem(file.read_text(encoding="utf-8")), cir) == ()
