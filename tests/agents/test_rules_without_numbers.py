"""Sentences without numbers: what their words settle about choices, and what they leave open."""

from __future__ import annotations

import re

import pytest
from gbnf import admits

from r2c.agents.logic import condition_of, is_rule, read_rule
from r2c.agents.plain.clauses import clauses
from r2c.agents.plain.forms import clause_form
from r2c.agents.plain.multiples import multiple
from r2c.agents.plain.preference import cost
from r2c.agents.plain.reader import Plain
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.statements import write_statements
from r2c.problem.read import read_problem
from r2c.problem.spoken import telling_words
from r2c.verdict.answer import solve

TELLING = telling_words({name: name for name in ("oak", "elm", "fir", "ash")})


@pytest.mark.parametrize(
    ("words", "statements"),
    [
        ("If the city plants oak, it will not plant elm.", ["if oak then not elm"]),
        ("If oak is planted then elm must be planted too.", ["if oak then elm"]),
        (
            "Whenever oak is planted, elm and fir must be too.",
            ["if oak then elm", "if oak then fir"],
        ),
        (
            "If the city plants oak, it cannot plant elm because fir hates ash.",
            ["if oak then not elm"],
        ),
        ("Oak can be planted only if elm is planted.", ["if oak then elm"]),
        ("If oak is not planted, elm must be.", ["elm + oak >= 1"]),
        ("If oak is not planted, elm cannot be planted either.", ["if elm then oak"]),
        ("Oak and elm cannot both be planted.", ["if oak then not elm"]),
        ("Oak and elm must not stand together.", ["if oak then not elm"]),
        ("Elm grows fastest, so the city will definitely plant it.", ["elm >= 1"]),
        ("They will definitely plant oak and fir.", ["fir >= 1", "oak >= 1"]),
        ("The city will certainly not plant ash.", ["ash <= 0"]),
    ],
)
def test_the_words_settle_a_rule(words: str, statements: list[str]) -> None:
    assert is_rule(words)
    found = read_rule(words, TELLING)
    assert found is not None
    assert sorted(map(_plain, map(str, found))) == statements


@pytest.mark.parametrize(
    "words",
    [
        "If oak or elm is planted, fir must be planted.",
        "If oak is planted, elm or fir must be planted.",
        "If it rains, the city will also plant oak.",
        "Either oak or elm must be planted.",
    ],
)
def test_what_the_words_leave_open_is_not_guessed(words: str) -> None:
    assert is_rule(words)
    assert read_rule(words, TELLING) is None


@pytest.mark.parametrize(
    "words",
    [
        "Trees come either by ship or by rail.",
        "The city plants trees.",
        "Oak is a fine tree.",
        "The mayor likes elm and fir.",
    ],
)
def test_other_sentences_state_no_rule(words: str) -> None:
    assert not is_rule(words)


def test_the_form_of_a_rule_admits_the_names_it_mentions_and_no_numbers() -> None:
    (clause,) = clauses(read_problem("Either oak or elm must be planted."))
    grammar = clause_form(clause, TELLING, ()).grammar
    assert grammar is not None
    for line in ("oak + elm >= 1", "if oak then not elm", "none", "oak >= 1\nelm <= 1"):
        assert admits(grammar, line)
    for line in ("fir >= 1", "oak + elm >= 2", "if oak then oak or elm", "oak[elm] = 1"):
        assert not admits(grammar, line)


CONDITIONAL = [
    ("If oaks are planted at all, at least 30 must be.", ["if oak then oak >= 30", "none"]),
    ("If more than 10 oaks are planted, at least 5 elms must be.", ["if oak >= 10 then elm >= 5"]),
    ("If more than 10 oaks are planted, no elm may be.", ["if oak > 10 then elm <= 0"]),
    ("Either at least 20 oaks or at least 10 elms are needed.", ["either oak >= 20 or elm >= 10"]),
]


@pytest.mark.parametrize(("words", "admitted"), CONDITIONAL)
def test_a_limit_under_a_condition_cannot_be_read_without_it(
    words: str, admitted: list[str]
) -> None:
    (clause,) = clauses(read_problem(words))
    form = clause_form(clause, TELLING, ())
    for line in admitted:
        assert admits(form.grammar, line)
        assert write_statements(form.read(line)) == line
    for line in ("oak >= 30", "elm >= 5", "oak >= 20\nelm >= 10", "oak >= 10\nelm >= 5"):
        assert not admits(form.grammar, line)


@pytest.mark.parametrize(
    "words",
    [
        "If each oak needs 30 litres and each elm 20 litres, there is enough.",
        "If there are 500 litres of water, at most 30 oaks can be watered.",
        "Birds come when they see an oak, therefore at least 70 oaks must be planted.",
    ],
)
def test_a_condition_on_data_is_no_condition_on_the_plan(words: str) -> None:
    (clause,) = clauses(read_problem(words))
    assert condition_of(clause.text, clause.slots, TELLING) is None


@pytest.mark.parametrize(
    ("text", "cheapest"),
    [
        # 12 trees are needed; an oak costs 3, an elm 4.
        ("if oak then oak >= 30", 12 * 4),
        ("if oak > 10 then elm >= 5", min(10 * 3 + 2 * 4, 12 * 3 + 5 * 4)),
        ("either oak >= 20 or elm >= 10", min(20 * 3, 10 * 4 + 2 * 3)),
    ],
)
def test_a_limit_under_a_condition_has_the_optimum_of_its_meaning(
    text: str, cheapest: float
) -> None:
    problem = read_problem(
        "An oak costs $3 and an elm costs $4. At least 12 trees are needed. At most 40 oaks and at"
        " most 40 elms fit. There is a rule. How many of each are cheapest to minimize the cost?"
    )
    plain = Plain(problem)
    roster = (Choice("oak", "number of oaks"), Choice("elm", "number of elms"))
    cost, need, fit = plain.clauses
    told = ((cost, "cost[oak] = 3\ncost[elm] = 4"), (need, "oak + elm >= 12"))
    readings = [Reading(clause, said) for clause, said in told]
    readings += [Reading(fit, "oak <= 40\nelm <= 40"), Reading(fit, text)]
    answer = solve(plain.assemble(roster, readings, "minimize cost"), problem=problem)
    assert answer.objective == pytest.approx(cheapest)


def test_a_weighted_sum_takes_its_numbers_in_order() -> None:
    text = "The combined height, 5 times the oak plus 3 times the elm, cannot exceed 200."
    (clause,) = clauses(read_problem(text))
    grammar = clause_form(clause, TELLING, ()).grammar
    assert grammar is not None
    for line in (
        "5*oak + 3*elm <= 200",
        "5*oak - 3*elm + fir <= 200",
        "fir + 5*oak + 3*elm <= 200",
    ):
        assert admits(grammar, line)
    for line in ("3*elm + 5*oak <= 200", "5*oak + 3*elm >= 200", "5*oak <= 200"):
        assert not admits(grammar, line)


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        ("They must plant 4 oaks for every elm.", "oak == 4*elm"),
        ("There must be at least 4 tall oaks for each elm.", "oak >= 4*elm"),
        ("At most a third of all trees can be oaks.", "oak <= ONE_THIRD*(oak + elm + fir + ash)"),
        ("Oaks must make up at least 20% of the total area.", "oak >= 0.2*(oak + elm + fir + ash)"),
        (
            "At least 10% and no more than 20% of all trees should be elms.",
            "elm >= 0.1*(oak + elm + fir + ash)\nelm <= 0.2*(oak + elm + fir + ash)",
        ),
        (
            "At most 30% of all trees can be oaks and a minimum of 20% should be elms.",
            "oak <= 0.3*(oak + elm + fir + ash)\nelm >= 0.2*(oak + elm + fir + ash)",
        ),
        ("The difference between oaks and elms cannot exceed 30.", "oak - elm <= 30"),
        ("At least 7 more oaks than elms must be planted.", "oak - elm >= 7"),
        ("The number of oaks should be at least 7 more than those of elms.", "oak - elm >= 7"),
        ("There can be at most twice the amount of oaks as elms.", "oak <= 2*elm"),
        ("At least 3 times as many oaks as elms must be planted.", "oak >= 3*elm"),
        ("The number of oaks must be at least 1.5 times the number of elms.", "oak >= 1.5*elm"),
        ("At least 4 times the amount of oaks are needed than elms.", "oak >= 4*elm"),
        ("Since people like them, oaks must be at least twice as many as elms.", "oak >= 2*elm"),
    ],
)
def test_ratios_shares_and_differences_are_settled_by_the_words(words: str, reading: str) -> None:
    reading = reading.replace("ONE_THIRD", str(1 / 3))
    (clause,) = clauses(read_problem(words))
    form = clause_form(clause, TELLING, ("water",))
    assert admits(form.grammar, reading)
    assert not admits(form.grammar, reading.replace("oak", "fir").replace("elm", "ash"))
    number = re.findall(r"[\d.]+", reading)[0]
    for other in (f"water[oak] = {number}", f"oak >= {number}", f"oak + elm <= {number}"):
        assert not admits(form.grammar, other)
    assert cost(clause, form.read(reading), TELLING, {}) == 0


def test_a_multiple_that_is_added_is_no_ratio() -> None:
    text = "The number of oaks and twice the number of elms must be small."
    (clause,) = clauses(read_problem(text))
    assert multiple(clause.slots[0], TELLING) is None


def test_a_rate_per_day_is_no_ratio() -> None:
    text = "They can plant at most 100 oaks per day and the elm team at most 70 elms per day."
    (clause,) = clauses(read_problem(text))
    assert admits(clause_form(clause, TELLING, ()).grammar, "oak <= 100\nelm <= 70")


def test_respectively_gives_each_number_its_owner() -> None:
    text = "Oak, fir and elm cost 10, 20 and 30 respectively."
    (clause,) = clauses(read_problem(text))
    grammar = clause_form(clause, TELLING, ()).grammar
    assert grammar is not None
    assert admits(grammar, "cost[oak] = 10\ncost[fir] = 20\ncost[elm] = 30")
    assert not admits(grammar, "cost[oak] = 10\ncost[elm] = 20\ncost[fir] = 30")


def _plain(line: str) -> str:
    left, least, one = line.partition(" >= ")
    return " + ".join(sorted(left.split(" + "))) + least + one
