"""Provenance: each number is explained by the words, a cell or a derivation, or it is reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.cir.check import check
from r2c.cir.literals import literal_faults, trace_literals, unexplained
from r2c.cir.schema import CIR
from r2c.problem.read import read_problem
from r2c.problem.schema import Column, Problem, Quantity, Sentence, Span, Table

TEXT = (
    "A chair takes 3 hours and a table takes 8 hours. "
    "There are 5 workers with 40 hours a week each. "
    "At least 60% of the output must be chairs. "
    "One machine runs 480 minutes a day. Costs rise by 20% a year. Demand is 250."
)


def problem(text: str = TEXT) -> Problem:
    sentences = []
    for number, match in enumerate(re.finditer(r"[^.]+\.", text), start=1):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        span = Span(start=start, end=match.end())
        sentences.append(Sentence(number=number, span=span, text=text[start : match.end()]))
    quantities = []
    for match in re.finditer(r"(\d+(?:\.\d+)?)(%?)", text):
        span = Span(start=match.start(), end=match.end())
        quantities.append(
            Quantity(
                value=float(match[1]) / (100 if match[2] else 1),
                span=span,
                text=match[0],
                kind="percent" if match[2] else "number",
                sentence=next(s.number for s in sentences if s.span.contains(span)),
            )
        )
    table = Table(
        name="costs",
        columns=(Column(name="item", type="text"), Column(name="cost", type="number")),
        rows=(("chair", 17.5), ("table", 99.0)),
        origin="file",
    )
    return Problem(
        text=text, sentences=tuple(sentences), quantities=tuple(quantities), tables=(table,)
    )


def rule(relation: str, quote: str = "") -> CIR:
    return CIR.model_validate(
        {
            "decisions": [{"name": "x"}, {"name": "y"}],
            "rules": [{"id": "r", "quote": quote, "operands": {"relation": relation}}],
            "objectives": [{"sense": "max", "expr": "x"}],
        }
    )


def sources(relation: str, quote: str = "") -> dict[float, str]:
    read = problem()
    traced = trace_literals(rule(relation, quote), read)
    return {
        entry.value: entry.source.note
        or "; ".join(
            [
                *(read.quote(span) for span in entry.source.spans),
                *(f"{cell.table}/{cell.row}/{cell.column}" for cell in entry.source.cells),
            ]
        )
        for entry in traced.rules[0].literals
    }


@pytest.mark.parametrize(
    ("relation", "quote", "expected"),
    [
        ("3*x + 8*y <= 250", "", {3.0: "3", 8.0: "8", 250.0: "250"}),
        ("x >= 0.6*(x + y)", "At least 60% of the output", {0.6: "60%"}),
        ("x >= 60/100*(x + y)", "At least 60% of the output",
         {60.0: "60%", 100.0: "100 = per cent"}),
        ("x - 250 <= 0", "", {-250.0: "250"}),
        ("3*x <= 200", "There are 5 workers with 40 hours", {3.0: "3", 200.0: "200 = 5 x 40"}),
        ("x <= 0.4*y", "At least 60% of the output", {0.4: "0.4 = 1 - 0.6"}),
        ("x <= 1.2*y", "Costs rise by 20%", {1.2: "1.2 = 1 + 0.2"}),
        ("x <= 2400", "There are 5 workers with 40 hours", {2400.0: "2400 = 40 x 60"}),
        ("60*x <= 480", "One machine runs 480 minutes",
         {60.0: "60 = minutes in an hour", 480.0: "480"}),
        ("7*x <= 3", "", {7.0: "7 = days in a week", 3.0: "3"}),
        ("17.5*x <= 99", "", {17.5: "costs/0/cost", 99.0: "costs/1/cost"}),
        ("1*x - y >= 0", "", {}),
        ("x**2 <= 8", "", {8.0: "8"}),
        ("x <= 77", "", {}),
    ],
)  # fmt: skip
def test_a_number_is_traced_to_its_words_cell_or_derivation(relation, quote, expected):
    assert sources(relation, quote) == expected


def test_the_numbers_of_the_rules_own_sentence_come_first():
    text = "Wood costs 7. Paint needs 7 hours. Steel costs 7."
    read = problem(text)
    traced = trace_literals(rule("x <= 7", "Paint needs 7 hours"), read)
    [entry] = traced.rules[0].literals
    assert entry.source.spans[0].start == text.index("7 hours")


def test_the_same_number_twice_gets_both_places_where_it_is_said():
    text = "Wood needs 7 and steel needs 7 hours."
    read = problem(text)
    entries = trace_literals(rule("7*x + 7*y <= 0", text), read).rules[0].literals
    assert [entry.source.spans[0].start for entry in entries] == [11, 29]


def test_an_unexplained_number_is_reported_with_its_sentence():
    traced = trace_literals(rule("x <= 77", "Demand is 250"), problem())
    [fault] = check(traced, problem())
    assert fault.code == "R2C-C080"
    assert "77" in fault.what
    assert "Demand is 250" in fault.what
    assert [item.value for _, item in unexplained(traced)] == [77]
    assert check(traced) == ()


def test_a_source_that_does_not_say_the_number_is_reported():
    traced = trace_literals(rule("x <= 250"), problem())
    wrong = traced.model_dump(mode="json")
    wrong["rules"][0]["operands"]["relation"] = "x <= 205"
    wrong["rules"][0]["literals"][0]["value"] = 205
    [fault] = check(CIR.model_validate(wrong), problem())
    assert fault.code == "R2C-C081"


def test_tracing_twice_changes_nothing_and_keeps_given_sources():
    once = trace_literals(rule("3*x + 8*y <= 250"), problem())
    assert trace_literals(once, problem()) == once
    assumed = once.model_dump(mode="json")
    assumed["rules"][0]["literals"] = [{"value": 3, "source": {"kind": "assumed"}}]
    again = trace_literals(CIR.model_validate(assumed), problem()).rules[0].literals
    assert [(entry.value, entry.source.kind) for entry in again] == [
        (3, "assumed"), (8, "text"), (250, "text"),
    ]  # fmt: skip


def test_parameters_are_traced_by_value_and_by_entry():
    cir = CIR.model_validate(
        {
            "sets": [{"name": "I", "elements": ["a", "b"]}],
            "parameters": [
                {"name": "hours", "value": 40},
                {"name": "time", "over": ["I"], "value": {"kind": "dense", "values": [3, 8]}},
                {"name": "twice", "value": {"kind": "expression", "expr": "5*hours"}},
            ],
            "decisions": [{"name": "x"}],
            "objectives": [{"sense": "min", "expr": "x"}],
        }
    )
    hours, time, twice = trace_literals(cir, problem()).parameters
    assert hours.source is not None
    assert hours.source.kind == "text"
    assert [entry.value for entry in time.literals] == [3, 8]
    assert [entry.value for entry in twice.literals] == [5]
    assert check(trace_literals(cir, problem()), problem()) == ()


def test_labels_lags_and_exponents_need_no_source():
    cir = CIR.model_validate(
        {
            "sets": [{"name": "T", "kind": "time", "elements": [1, 2, 3, 4]}],
            "decisions": [{"name": "x", "over": ["T"]}],
            "rules": [
                {
                    "id": "r",
                    "forall": "for t in T if t != 4 and t in [2, 3]",
                    "operands": {"relation": "x[t-2]**2 + x[4] >= 0"},
                }
            ],
            "objectives": [{"sense": "min", "expr": "sum(x[t] for t in T if t == 3)"}],
        }
    )
    assert unexplained(cir) == ()


def test_tracing_a_text_full_of_numbers_stays_fast():
    text = " ".join(f"Item {k} costs {k * 7919 % 10007}." for k in range(2000))
    read = problem(text)
    cir = rule(" + ".join(f"{k + 0.37}*x" for k in range(100)) + " <= 3")
    traced = trace_literals(cir, read)
    assert len(unexplained(traced)) > 90


BAKERY = (Path(__file__).parents[2] / "examples" / "bakery.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", [79, 81, 82, 84, 560, 800, 1920, 8000])
def test_a_number_that_only_arithmetic_on_unrelated_numbers_gives_is_not_explained(wrong):
    read = read_problem(BAKERY)
    quote = next(s.text for s in read.sentences if "80" in s.text)
    traced = trace_literals(rule(f"x + 2*y <= {wrong}", quote), read)
    assert [item.value for _, item in unexplained(traced)] == [wrong]


@pytest.mark.parametrize(
    ("words", "value", "holds"),
    [
        (["8 hours"], 480, True),
        (["8 hours"], 481, False),
        (["5 workers", "40 hours"], 200, True),
        (["5 workers", "40 hours"], 201, False),
        (["3 hours", "5 workers", "40 hours"], 600, True),
        (["60%"], 0.4, True),
        (["250"], 9999, False),
        (["hours"], 60, True),
        (["hours"], 61, False),
    ],
)
def test_a_derived_source_is_held_to_its_arithmetic(words, value, holds):
    spans = [{"start": TEXT.index(w), "end": TEXT.index(w) + len(w)} for w in words]
    source = {"kind": "derived", "spans": spans, "note": "as said"}
    made = rule(f"x <= {value}").model_dump(mode="json")
    made["rules"][0]["literals"] = [{"value": value, "source": source}]
    found = [fault.code for fault in check(CIR.model_validate(made), problem())]
    assert found == ([] if holds else ["R2C-C081"])


SAID = (
    "At least 30% of the blend must be cream; there are 500 litres.",
    "Eggs are sold in 5 dozen crates, 7 of them.",
    "Each costs $5 and 30 cents more.",
    "It takes 2.5 hours and 20 minutes.",
    "20% less than last year, then 10 percent of 200 staff.",
    "A quarter to a half of 1,200 kg; 3 tonnes.",
    "Two thirds of 90 workers; the ratio is 2:3.",
)


WHOLE = (7, 12, 60, 70, 80, 90, 95, 100, 108, 120, 150, 180, 300, 350, 500, 530, 1200, 3000)
PARTS = (0.05, 0.2, 0.25, 0.3, 0.5, 0.7, 0.8, 0.9, 1.2, 1.5, 2 / 3, 1 / 3)


@given(
    text=st.sampled_from(SAID),
    value=st.sampled_from((*WHOLE, *PARTS)),
)
def test_every_source_that_is_found_says_the_number_it_is_found_for(
    text: str, value: float
) -> None:
    told = read_problem(text)
    traced = trace_literals(rule(f"{value!r}*x <= {value!r}*y", text), told)
    faults = list(literal_faults(traced, told))
    assert all(fault.code != "R2C-C081" for fault in faults), faults
