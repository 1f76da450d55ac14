"""What a model or a text says oddly where a problem is read as a whole: never fatal."""

from __future__ import annotations

import pytest
from cards_by_words import shelf

from r2c.agents.formal import read_formals, write_formals
from r2c.agents.reading import Reading
from r2c.agents.written.nouns import Axis, read_nouns
from r2c.agents.written.reader import Written
from r2c.agents.written.settled import settled
from r2c.cir.schema import CIR
from r2c.cir.write import write, write_binder
from r2c.formulation import Outcome
from r2c.problem.read import read_problem
from r2c.verdict.answer import solve

PLANT = read_problem(
    "A plant makes bolts and nuts from Monday to Wednesday. It can make 40 pieces a day. Output "
    "grows by at most 5 pieces a day. Maximize the output."
)
NOUNS = """day in Days: Monday, Tuesday, Wednesday
item in Items: bolt, nut
make[item, day]: number of pieces made of an item on a day"""


def assembled(dialect: Written, nouns: str, rules: str, goal: str) -> CIR:
    roster = (*dialect.known, *read_nouns(nouns, dialect.data, dialect.known))
    found = read_formals(rules)
    readings = [
        Reading(clause, write_formals(tuple(one for one in found if one.first == clause.sentence)))
        for clause in dialect.clauses
    ]
    return dialect.assemble(roster, readings, goal)


def loops(rules: str) -> list[str]:
    cir = assembled(Written(PLANT), NOUNS, rules, "maximize make[item, day]")
    return [write_binder(rule.forall) for rule in cir.rules if rule.forall is not None]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (
            "3: make[item, t] <= make[item, t-1] + 5 for t in Days",
            "for t in Days for item in Items if t != first(Days)",
        ),
        (
            '3: make[item, day] <= make[item, day-1] + 5 if item != "nut"',
            'for day in Days for item in Items if item != "nut" and day != first(Days)',
        ),
        (
            "3: make[item, day] <= make[item, day-1] + 5 if day > 1",
            "for day in Days for item in Items if day > 1",
        ),
        (
            "3: make[item, day] + sum(make[item, day-1] for day in Days if day > 1) >= 1",
            "for day in Days for item in Items",
        ),
    ],
)
def test_lags_keep_inside_their_order_scope_by_scope(rule: str, wanted: str) -> None:
    assert loops(rule) == [wanted]


def test_lags_in_sums_and_objectives_keep_inside_their_order() -> None:
    cir = assembled(
        Written(PLANT),
        NOUNS,
        "2: sum(make[item, day-1] for day in Days) <= 60\n2: make[item, day] <= 40",
        "maximize make[item, day] - make[item, day-1]",
    )
    guard = "if day != first(Days)"
    assert guard in write(cir.rules[0].operands["use"])
    assert write(cir.objectives[0].expr).count(guard) == 1
    assert solve(cir, problem=PLANT).outcome is Outcome.OPTIMAL


def test_a_sum_over_one_end_of_a_lane_meets_the_lanes_that_there_are() -> None:
    text = (
        "Ship from plants to shops. A plant sends at most 50. Each shop gets 10. Keep it cheap.\n\n"
        "| plant | shop | cost |\n|---|---|---|\n| P1 | S1 | 3 |\n| P1 | S2 | 4 |\n"
        "| P2 | S1 | 5 |\n| P2 | S3 | 2 |\n"
    )
    dialect = Written(read_problem(text))
    cir = assembled(
        dialect,
        "ship[plant, shop]: tonnes shipped",
        "2: sum(ship[plant, shop] for shop in Shops) <= 50\n"
        "3: sum(ship[plant, shop] for plant in Plants) >= 10",
        "minimize cost[plant, shop]*ship[plant, shop]",
    )
    answer = solve(cir, problem=dialect.problem)
    assert answer.objective == pytest.approx(10 * (3 + 4 + 2))


@pytest.mark.parametrize(
    "rule",
    [
        "2: absolute_value_deviation(amount=make[item, day], target=20, deviation=größe)",
        f"2: absolute_value_deviation(amount=make[item, day], target=20, deviation={'d' * 80})",
        "2: absolute_value_deviation(amount=make[item, day], target=20, deviation=make)",
        "2: absolute_value_deviation(amount=make[item, day], target=20, deviation=sum)",
        "2: inventory_balance(stock=shovel, inflow=make, outflow=make, periods=Days)",
        "2: make[item, day] <= 5 if wekk > 1",
        "2: make[item, day] <= 5 for day in Dayz",
    ],
)
def test_a_rule_that_names_what_is_not_there_has_no_meaning(rule: str) -> None:
    dialect = Written(PLANT, shelf())
    (read,) = read_formals(rule)
    assert dialect.sound(read, read_nouns(NOUNS, dialect.data), [read]) is None


def test_loops_that_go_without_saying_make_no_other_rule() -> None:
    dialect = Written(PLANT)
    roster = read_nouns(NOUNS, dialect.data)
    plain, looped = read_formals(
        "2: make[item, day] <= 40\n2: make[item, day] <= 40 for item in Items for day in Days"
    )
    assert dialect.sound(looped, roster, []) == dialect.sound(plain, roster, []) == plain


def test_a_line_that_is_no_rule_costs_no_other_line() -> None:
    (read,) = read_formals("2: make[item, day] <= 40\n3: the output grows slowly")
    assert read.first == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("item in True: a, b\ny: things made", "a word of the algebra"),
        ("item in sum: a, b\ny: things made", "declares neither"),
        ("make: pieces made", "is a decision"),
        ("question: What is the rent?", "is a decision"),
    ],
)
def test_sets_are_sets_with_names_of_their_own(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_nouns(text, Written(PLANT).data, decided=False)


def test_a_set_that_is_there_already_costs_no_other_declaration() -> None:
    data = Written(PLANT).data
    days = read_nouns("day in Days: 1, 2, 3", data, decided=False)
    again = read_nouns("day in Days: 1, 2, 3\nitem in Items: a, b", data, days, decided=False)
    assert [one.name for one in again] == ["item"]


@pytest.mark.parametrize(
    ("members", "ordered"),
    [
        (("Monday", "Tuesday"), True),
        (("Jan", "Feb", "March"), True),
        (("week 1", "week 2"), True),
        (("Maria", "Janet", "Julia"), False),
        (("Marseille", "Sepang", "Mayfield"), False),
    ],
)
def test_only_periods_follow_each_other(members: tuple[str, ...], ordered: bool) -> None:
    assert Axis("x", "Xs", members).ordered is ordered


@pytest.mark.parametrize(
    "text",
    [
        "There are 3 machines (A, B and A). Each costs 5.",
        "There are zero turbines (Foxhill and Ashby).",
        "There are 0 turbines (Foxhill and Ashby).",
        "Pay 20 for the drivers', 30 for the drivers and 40 for the clerks.",
        "The internationalisation and transportation administration is 3 for A and 4 for B. "
        "The internationalisation and transportation administration is 5 for A and 6 for B.",
        " ".join(f"The cost {n} of things is {n} for A{n} and 4 for B{n}." for n in range(80)),
        "Spend 40 on week 1 at most, 30 on week 2 by Friday.",
        "Buy 5 of the parts in stock for Anna, 6 for Bert by lunch and 7 for Anna.",
    ],
)
def test_odd_sentences_end_no_job(text: str) -> None:
    problem = read_problem(f"{text} Maximize the profit.")
    dialect = Written(problem, shelf())
    assert dialect.ask_roster().content
    members = [one.declared for one in settled(problem, dialect.data).nouns if not one.over]
    assert not any(word in " ".join(members) for word in ("most", "Friday", "stock", "lunch"))


def test_sentences_with_numbers_or_words_of_rules_are_not_skipped_in_steps() -> None:
    problem = read_problem(
        "The shops take 40 tonnes in Hull and 50 in Leeds. The stock is carried from week to week. "
        "Anna does not work with Bert. It was a fine summer. Maximize the profit."
    )
    dialect = Written(problem, stepwise=True)
    skipped = [one.text for one in dialect.clauses if dialect.settled(one, ()) is not None]
    assert skipped == ["It was a fine summer.", "Maximize the profit."]


def test_labels_are_admitted_as_they_are_written() -> None:
    problem = read_problem(
        "Open depots.\n\n| depot | rent |\n|---|---|\n| Köln | 3 |\n| Łódź | 4 |\n\nSpend little."
    )
    dialect = Written(problem)
    roster = read_nouns("open[depot]: whether it is opened", dialect.data)
    assert '\\"Köln\\"' in dialect.rules_form(roster).grammar
