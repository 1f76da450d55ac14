"""Declarations, rules and objectives of problems that are read as a whole."""

from __future__ import annotations

import itertools

import pytest
from cards_by_words import shelf
from gbnf import admits
from hypothesis import given
from hypothesis import strategies as st

from r2c.agents.conversation import (
    WholeExample,
    opening_of_whole,
    whole_examples,
)
from r2c.agents.formal import Formal, read_formals, write_formals
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.agents.written.nouns import Axis, Nouns, read_nouns
from r2c.agents.written.reader import PROMPTS, Written
from r2c.cir.literals import literal_faults
from r2c.cir.schema import CIR
from r2c.cir.write import write, write_binder
from r2c.formulation import Outcome
from r2c.problem.read import read_problem
from r2c.verdict.answer import solve

EXAMPLES = [pytest.param(one, id=one["text"][:20]) for one in whole_examples(PROMPTS)]


def cheapest_stations() -> float:
    """The brigade's rules once more, tried on every choice of sites."""
    cost = {"Hill": 310, "Dock": 240, "Park": 280, "Mill": 265}
    chosen = [set(some) for size in range(5) for some in itertools.combinations(cost, size)]
    allowed = [
        some
        for some in chosen
        if not {"Dock", "Mill"} <= some
        and ("Hill" not in some or "Park" in some)
        and len(some) >= 2
        and len(some) + ("Dock" in some) <= 5
    ]
    return min(sum(cost[site] for site in some) for some in allowed)


OPTIMA = {
    # Butter takes 210 litres a week, which leaves milk for 69, 49 and 59 kg of cheese. Storing is
    # cheaper than week 3, so 69 and 49 are made first and 47 at last; 24 and 13 kg are kept.
    "dairy": 3 * (69 + 49) + 4 * 47 + 5 * 30 + 0.2 * (24 + 13),
    "brigade": cheapest_stations(),
}


def assembled(dialect: Written, nouns: str, rules: str, goal: str) -> CIR:
    roster = read_nouns(nouns, dialect.data, dialect.known)
    found = read_formals(rules)
    readings = [
        Reading(clause, write_formals(tuple(one for one in found if one.first == clause.sentence)))
        for clause in dialect.clauses
    ]
    return dialect.assemble((*dialect.known, *roster), readings, goal)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_the_optimum_that_was_worked_out_by_hand(example: WholeExample) -> None:
    dialect = Written(read_problem(example["text"]), shelf())
    nouns = f"{example['sets']}\n{example['nouns']}".removeprefix("none\n")
    cir = assembled(dialect, nouns, example["rules"], example["objective"])
    answer = solve(cir, problem=dialect.problem)
    (known,) = [value for word, value in OPTIMA.items() if word in example["text"]]
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(known)
    assert list(literal_faults(cir, dialect.problem)) == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_forms_admit_an_example_and_nothing_undeclared(example: WholeExample) -> None:
    dialect = Written(read_problem(example["text"]), shelf())
    assert admits(dialect.sets_form().grammar, example["sets"].strip())
    sets = (*dialect.known, *dialect.sets_form().read(example["sets"]))
    form = dialect.nouns_form(sets)
    assert admits(form.grammar, example["nouns"].strip())
    for line in ("x = 987", "foo[bar]: things made", "cost_of[week] = 3", "open[foo, week]: yes"):
        assert not admits(form.grammar, f"{example['nouns'].strip()}\n{line}"), line
    roster = (*sets, *form.read(example["nouns"]))
    rules = dialect.rules_form(roster)
    assert admits(rules.grammar, example["rules"].strip())
    assert admits(rules.grammar, "none")
    read = [one for one in rules.read(example["rules"]) if isinstance(one, Formal)]
    assert all(dialect.sound(one, roster, read) for one in read)
    name = next(one.name for one in roster if one.meaning)
    for line in (f"99: {name} <= 1", "3: foo_bar(x=1)", f"3: {name} <= 987"):
        assert not admits(rules.grammar, line), line
    # What another rule creates has a name of its own, so a grammar cannot know it; the reader does.
    (created,) = read_formals("3: foo <= 1")
    assert dialect.sound(created, roster, read) is None
    goal = dialect.goal_form(roster, ())
    assert admits(goal.grammar, example["objective"])
    assert not admits(goal.grammar, "maximize foo")


def test_the_opening_is_a_conversation_in_turns() -> None:
    roles = [message.role for message in opening_of_whole(PROMPTS, Written)]
    assert roles == ["system", *["user", "assistant"] * 4 * len(EXAMPLES)]


def test_the_examples_are_told_sentence_by_sentence_as_well() -> None:
    turns = opening_of_whole(PROMPTS, lambda problem: Written(problem, stepwise=True))
    assert [turn.role for turn in turns] == ["system", *["user", "assistant"] * (len(turns) // 2)]
    said = [line for turn in turns if turn.role == "assistant" for line in turn.content.split("\n")]
    for example in whole_examples(PROMPTS):
        assert set(example["rules"].splitlines()) <= set(said)


PLANT = read_problem(
    "A plant works on Monday, Tuesday and Wednesday. It makes bolts and nuts. A bolt brings 3 "
    "euros and a nut 2 euros. It can make 40, 50 and 60 pieces on the three days. Output must not "
    "grow by more than 5 pieces from one day to the next. Maximize the earnings."
)
NOUNS = """day in Days: Monday, Tuesday, Wednesday
item in Items: bolt, nut
brings[item] = 3, 2
room[day] = 40, 50, 60
make[item, day]: number of pieces made of an item on a day"""


@pytest.mark.parametrize(
    ("members", "ordered"),
    [
        (("week 1", "week 2"), True),
        (("bracket 1", "bracket 2", "bracket 3"), True),
        ((3, 4, 5), True),
        ((3, 5), False),
        (("machine 1", "machine 2"), False),
    ],
)
def test_periods_and_brackets_follow_each_other(
    members: tuple[str | int, ...], ordered: bool
) -> None:
    assert Axis("one", "Ones", members).ordered is ordered


def test_what_goes_without_saying_is_added() -> None:
    dialect = Written(PLANT)
    cir = assembled(
        dialect,
        NOUNS,
        "4: sum(make[item, day] for item in Items) <= room[day]\n"
        "5: make[item, day] <= make[item, day-1] + 5\n"
        "4: make[item, day+2] <= 9\n"
        '4: make["nut", day] <= 7 if day == first(Days)',
        "maximize brings[item]*make[item, day]",
    )
    told = [write_binder(rule.forall) for rule in cir.rules if rule.forall is not None]
    assert told == [
        "for day in Days",
        "for day in Days for item in Items if ord(day) <= len(Days) - 2",
        "for day in Days if day == first(Days)",
        "for day in Days for item in Items if day != first(Days)",
    ]
    assert {item.name: item.kind for item in cir.sets} == {"Days": "ordered", "Items": "labels"}
    goal = "sum(brings[item]*make[item, day] for day in Days for item in Items)"
    assert write(cir.objectives[0].expr) == goal
    # Bolts fill Monday's 40 and grow by 5 as nuts do; two days ahead of Monday 9 of each are left.
    answer = solve(cir, problem=PLANT)
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(3 * (40 + 45 + 9) + 2 * (0 + 5 + 9))


@pytest.mark.parametrize(
    "rule",
    [
        "4: make[item, day] <= hours[day]",  # not declared
        "4: room[day] <= 50",  # nothing is decided
        "4: capacity_limit(use=make[item, day])",  # a role is missing
        "4: capacity_limit(use=make[item, day], limit=5, colour=1)",  # there is no such role
        "4: no_such_card(use=make[item, day])",
    ],
)
def test_a_rule_without_meaning_is_left_out_of_a_sample(rule: str) -> None:
    dialect = Written(PLANT, shelf())
    (read,) = read_formals(rule)
    assert dialect.sound(read, read_nouns(NOUNS, dialect.data), [read]) is None


@pytest.mark.parametrize(
    "text",
    [
        "make <= 3",
        "4: make",
        "4: make <= 3; drop()",
        "5-4: make <= 3",
        "4: capacity_limit(make, 3)",
        "4: capacity_limit(use=make, use=make, limit=3)",
        "4: __import__('os').system(x='1') <= 3",
        "4: [make <= 3, make >= 1]",
        "4: lambda: make <= 3",
        "\n".join(f"4: make <= {k}" for k in range(100)),
        "4: make <= " + "(" * 500 + "3" + ")" * 500,
    ],
)
def test_a_line_that_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_formals(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x in Xs: a, b\ny[z]: things made", "is no set"),
        ("x in Xs: a, b\nn[x] = 1, 2, 3\ny[x]: things made", "does not have 2 numbers"),
        ("x in Xs: a, b\nn[x, x] = 1, 2\ny[x]: things made", "does not have 2 by 2 numbers"),
        ("x in Xs: a, a\ny[x]: things made", "names a member twice"),
        ("x in Xs: a, b\nz in Xs: c, d\ny[x]: things made", "is there already"),
        ("x in Xs: a, b", "nothing is to be decided"),
        ("sum: things made", "is a word of the algebra"),
        ("y: things made\nwhat is this", "declares neither"),
        ("n = nan\ny: things made", "are not all numbers"),
        ("n = one\ny: things made", "."),
        ("x in Xs: 1..9999999\ny: things made", "."),
    ],
)
def test_declarations_that_do_not_fit_together_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_nouns(text, Written(PLANT).data)


def test_what_is_declared_again_stays_what_it_was() -> None:
    dialect = Written(PLANT)
    again = f"{NOUNS}\nroom[day] = 1, 2, 3\nmake: something else"
    assert read_nouns(again, dialect.data) == read_nouns(NOUNS, dialect.data)


def test_of_several_declarations_the_one_that_shares_most_is_taken() -> None:
    dialect = Written(PLANT)
    odd = NOUNS.replace("40, 50, 60", "40, 50, 50")
    named = NOUNS.replace("make[", "produce[")
    read = [read_nouns(text, dialect.data) for text in (odd, NOUNS, named)]
    assert Nouns(dialect.data, read[1]).meaning() == Nouns(dialect.data, read[2]).meaning()
    assert dialect.best_roster(read, []) == read[1]
    assert dialect.best_roster(read, [frozenset({"make"})]) == read[2]


NAMES = st.sampled_from(["make", "buy", "stock"])
SIDES = st.recursive(
    st.one_of(
        NAMES.map(lambda name: f"{name}[day]"),
        NAMES.map(lambda name: f"{name}[day-1]"),
        st.integers(1, 99).map(str),
        st.just("sum(make[day] for day in Days if day != first(Days))"),
    ),
    lambda inner: st.tuples(inner, st.sampled_from([" + ", " - ", "*"]), inner).map("".join),
    max_leaves=5,
)
RULES = st.builds(
    "{}: {} {} {}{}".format,
    st.one_of(st.integers(1, 30).map(str), st.just("3-5")),
    SIDES,
    st.sampled_from(["<=", ">=", "=="]),
    SIDES,
    st.sampled_from(["", " for day in Days", " for day in Days if day > 1", " if day == 2"]),
)


@given(st.lists(st.one_of(RULES, st.just("4: card(use=make[day], kinds=[1, 2]) for day in Days"))))
def test_rules_are_read_as_they_are_written(lines: list[str]) -> None:
    found = read_formals("\n".join(lines))
    assert read_formals(write_formals(found)) == found
    assert {one.meaning for one in found} == {
        one.meaning for one in read_formals(write_formals(found))
    }


def test_a_declaration_keeps_its_line() -> None:
    roster = read_nouns(NOUNS, Written(PLANT).data)
    assert "\n".join(map(str, roster)) == NOUNS
    assert roster[0] == Choice("day", "", (), "day in Days: Monday, Tuesday, Wednesday")
