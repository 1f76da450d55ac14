"""Sentences about the task, about whole numbers, about the past and about tables are no rules."""

from __future__ import annotations

import pytest
from small_problems import CARPENTER, carpenter

from r2c.problem import read_problem
from r2c.verdict.cues import announces_rule
from r2c.verdict.grammatical_numbers import is_grammatical
from r2c.verdict.sentence_coverage import sentence_coverage
from r2c.verdict.task_words import (
    denies_limit,
    is_beside_the_rules,
    speaks_of_wholeness,
    tells_the_past,
    without_task,
)


@pytest.mark.parametrize(
    "words",
    [
        "It has to be decided how many logs are cut by each pattern.",
        "We want to know how many litres should take which way.",
        "Tell me what you have to plan.",
        "A municipal utility has to put together its programme.",
        "The flows are to be fixed for every source.",
    ],
)
def test_a_task_announces_no_rule(words: str) -> None:
    assert not announces_rule(without_task(words))


@pytest.mark.parametrize(
    "words",
    [
        "It has to be decided how many logs are cut; at least 5 must be.",
        "We have to plan the week, and no shift may be longer than 8 hours, it must end at 6.",
    ],
)
def test_a_rule_beside_a_task_is_still_one(words: str) -> None:
    assert announces_rule(without_task(words))


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("Fractions of a tonne are fine.", True),
        ("Half tonnes and the like are no problem.", True),
        ("An ad runs completely or not at all, so all numbers are integers.", True),
        ("The van holds 4 tonnes.", False),
    ],
)
def test_words_about_whole_numbers_are_told(words: str, whole: bool) -> None:
    assert speaks_of_wholeness(words) is whole


@pytest.mark.parametrize(
    ("words", "past"),
    [
        ("The roof was renewed for €9,400 last spring.", True),
        ("The price of copper rose by 6% last quarter.", True),
        ("The new weighbridge cost €64,000 and carries 60 tonnes.", True),
        ("Customers rate us at 4.3 out of 5 stars.", True),
        ("Each truck cost €64 a day.", False),
        ("The roof was renewed and must carry at most 9 tonnes since last spring.", False),
        ("The truck costs €64 a day.", False),
    ],
)
def test_the_past_is_told_apart_from_rates_and_rules(words: str, past: bool) -> None:
    assert tells_the_past(words) is past


def test_any_number_is_no_limit() -> None:
    assert denies_limit("Any number of orders can be dried at the same time.")
    assert not denies_limit("At most 4 orders can be dried at the same time.")


@pytest.mark.parametrize(
    ("words", "grammatical"),
    [
        ("The rate is 5 for hour 1, 6 for hour 2 and 7 for hour 3.", {1.0, 2.0, 3.0}),
        ("Any two open depots are 45 km apart.", {2.0}),
        ("Nurses are numbered from 1 to 4.", {1.0, 4.0}),
        ("The contract says 7 euros per thousand contacts.", {1000.0}),
        ("At least two of the 4 depots are open.", {4.0}),
        ("The mill buys 3 crops: oats, rye and maize.", {3.0}),
        ("The mill needs 3 hours: two for oats.", set()),
        ("Plant 4 needs 3 hours.", set()),
    ],
)
def test_numbers_of_the_wording_are_told_from_data(words: str, grammatical: set[float]) -> None:
    problem = read_problem(words)
    found = {
        q.value
        for q in problem.quantities
        if q.kind not in ("label", "ordinal") and is_grammatical(q, problem)
    }
    labels = {q.value for q in problem.quantities if q.kind in ("label", "ordinal")}
    assert found == grammatical - (labels - found)


@pytest.mark.parametrize(
    ("words", "beside"),
    [
        ("The roof was renewed for €9,400 last spring.", True),
        ("The numbers of ads have to be whole.", True),
        ("A zoo needs to bring its monkeys to the vet either by bus or by car.", True),
        ("Fractions are fine, but the mix must not be richer than the law permits.", False),
        ("Any number of jobs may run, but not more than 3 at night.", False),
    ],
)
def test_one_phrase_does_not_excuse_the_rest_of_a_sentence(words: str, beside: bool) -> None:
    assert is_beside_the_rules(words) is beside


@pytest.mark.parametrize(
    "words",
    [
        "You are a student on a budget, trying to balance good food with what you have.",
        "The following constraints apply due to budget and manpower limitations:",
        "A manager needs to allocate resources between two departments.",
        'In this network, a capacity of "0" means that there is no link between two centers.',
        "Remember, the answer should be a single optimal value.",
        "The client eats berries to meet her mineral requirement.",
    ],
)
def test_words_that_only_mention_a_limit_are_no_rule(words: str) -> None:
    problem = read_problem(f"{words} {CARPENTER}")
    assert sentence_coverage(problem, carpenter()).passed is True


@pytest.mark.parametrize(
    "words",
    [
        "The outlay must stay within the budget.",
        "No tour is longer than the capacity of its van.",
        "The answer to every call must be given within 2 hours.",
        "Certain requirements apply: at least 3 benches.",
        "Only as much as the capacity of the kiln is fired.",
    ],
)
def test_words_that_limit_something_stay_rules(words: str) -> None:
    problem = read_problem(f"{words} {CARPENTER}")
    assert sentence_coverage(problem, carpenter()).passed is False
