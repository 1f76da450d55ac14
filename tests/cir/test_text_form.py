"""The readable text form and the JSON form of a CIR read back exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import cirs

from r2c.cir.owners import owners
from r2c.cir.read_data import read_data, read_json, read_json_text
from r2c.cir.read_text import MAX_SIZE, read_text
from r2c.cir.schema import CIR
from r2c.cir.text import write_text
from r2c.errors import CIRError

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
EXPRESSION = {"R2C-C001", "R2C-C002", "R2C-C003"}
BAKERY = Path(__file__).parents[2] / "examples" / "bakery.cir.json"


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(cirs())
def test_every_cir_reads_back_the_same_from_its_text_and_its_json(cir):
    assert read_text(write_text(cir)) == cir
    assert read_json_text(cir.model_dump_json()) == cir
    assert read_json_text(cir.model_dump_json(exclude_defaults=True)) == cir


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(cirs())
def test_without_provenance_only_spans_and_sources_are_missing(cir):
    plain = write_text(cir, provenance=False)
    shown = read_text(plain)
    assert all(owner.literals == () and owner.source is None for owner in owners(shown))
    assert [rule.operands for rule in shown.rules] == [rule.operands for rule in cir.rules]
    assert write_text(read_text(plain)) == plain


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | st.text('cirsetulnoj :=[]<->#"\n 0123', max_size=60))
def test_any_text_is_read_or_refused_with_a_coded_error(text):
    for candidate in (text, f"cir 1\n{text}", f"cir 1\nrules\n  {text}", f"sets\n  A\n    {text}"):
        try:
            read_text(candidate)
        except CIRError as error:
            assert error.code in {
                "R2C-C090", "R2C-C091", "R2C-C092", "R2C-C094", "R2C-C095", *EXPRESSION
            }  # fmt: skip
        try:
            read_json_text(candidate)
        except CIRError as error:
            assert error.code in {"R2C-C091", "R2C-C092", "R2C-C094", *EXPRESSION}


EXAMPLE = """cir 1
title: Transport

sets
  Plants = ["Lyon", "Turin"]
    meaning: where we make it
  Months time = [1, 2, 3]
    cyclic
  Lanes dim 2 within Plants, Markets = for i in Plants for j in Markets if cost[i, j] <= 9
  Markets = table "shops list" ["name"]

parameters
  rate = 0.5
    source: text 3:9
  cost[Plants, Markets] = [[1, 2.5], [3, 4]]
    unit: $/ton
  demand[Markets] = entries [["Oslo", 4]]
    default: 0
  fee[Plants] = table fees ["plant"] value fee aggregate sum
  twice[Plants] = of i: 2*rate*fee[i]

decisions
  ship[Lanes] continuous
    upper: 100
  gap[Plants] integer
    lower: none

rules
  supply: capacity_limit
    quote: Each plant has at most 40 tons.
    at: 10:41
    each: for i in Plants
    usage = sum(ship[p, j] for (p, j) in Lanes if p == i)
    limit = 40
    switch -> open
    soft: 3 per unit, tier 1
    paradigm: big_m, the bound is finite
    chosen: big_m
    40 <- text 30:32
    9 <- derived 4:5 6:7 ["costs", 0, "price"] "9 = 4 + 5"

objectives
  min sum(cost[i, j]*ship[i, j] for (i, j) in Lanes)
    weight: 2

assumptions
  Half loads are fine.
    about: ship
    confirmed

questions
  q1: What does a truck cost?
    default: 7
    consequence: The optimum.
"""


def test_the_text_form_is_readable_and_fixed():
    cir = read_text(EXAMPLE)
    assert write_text(cir) == EXAMPLE
    assert cir.rules[0].literals[1].source.note == "9 = 4 + 5"
    assert cir.decisions[1].lower is None


def test_comments_blank_lines_and_carriage_returns_do_not_count():
    edited = EXAMPLE.replace("\nrules\n", "\n# by hand\n\nrules\n  # the first\n").replace(
        "\n", "\r\n"
    )
    assert read_text(edited) == read_text(EXAMPLE)


BAD = [
    ("rules\n supply: linear\n", 2, "margin"),
    ("cir 1\n    lost: 3\n", 2, "margin"),
    ("cir 1\nrulez\n", 2, "margin"),
    ("parameters\n  rate 3\n", 2, "name[Set, ...] = value"),
    ("parameters\n  rate = 3x\n", 2, "a number is expected"),
    ("parameters\n  rate = [1, 2\n", 2, "a list"),
    ("parameters\n  rate = [1] 2\n", 2, "more than is expected"),
    ("parameters\n  rate = entries [3]\n", 2, "entries are lists"),
    ("decisions\n  x\n    nonsense: 3\n", 3, "not an attribute"),
    ("decisions\n  x\n    upper: 3\n    upper: 4\n", 4, "twice"),
    ("rules\n  r: linear\n    a = 1\n    a = 2\n", 4, "filled twice"),
    ("rules\n  r: linear\n    at: 3\n", 3, "a span"),
    ("rules\n  r: linear\n    soft: 3\n", 3, "per unit"),
    ("rules\n  r: linear\n    3 <- text what\n", 3, "quoted text"),
    ('rules\n  r: linear\n    quote: "open\n', 3, "quoted text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "problem"), BAD)
def test_a_line_that_cannot_be_read_is_named_with_the_reason(text, line, problem):
    with pytest.raises(CIRError) as caught:
        read_text(text)
    assert caught.value.code == "R2C-C090"
    assert f"Line {line} " in caught.value.fault.what
    assert problem in caught.value.fault.what


def test_a_wrong_value_names_its_place():
    with pytest.raises(CIRError, match=r"R2C-C091.*sets\.0\.dim"):
        read_json_text('{"sets": [{"name": "S", "dim": 9}]}')
    with pytest.raises(CIRError, match="R2C-C091"):
        read_json_text("{")
    with pytest.raises(CIRError, match="R2C-C091"):
        read_json_text("[" * 100_000)


@pytest.mark.parametrize(
    "text",
    [
        "A bakery bakes loaves and cakes.\nIt has 80 kg of flour.",
        "# a comment\n\n42",
        "def f():\n    return 3\n",
        "  an indented list of rules\n",
    ],
)
def test_words_that_are_no_model_are_sent_to_formulate(text):
    with pytest.raises(CIRError) as caught:
        read_text(text)
    assert caught.value.code == "R2C-C095"
    assert "r2c formulate" in caught.value.fault.remedy


def test_a_bad_line_in_what_is_a_model_is_told_by_its_number():
    with pytest.raises(CIRError, match="R2C-C090: Line 1 "):
        read_text("  x\ndecisions\n  x\n")


@pytest.mark.parametrize(
    ("data", "kind"), [("[1, 2]", "a list"), ("null", "null"), ("3.5", "a number"), ('"x"', "text")]
)
def test_json_that_is_no_object_is_told_so(data, kind):
    cir, (fault,) = read_json(data)
    assert cir is None
    assert fault.code == "R2C-C091"
    assert fault.what.startswith(
        "The model is not a CIR: the whole: a JSON object is expected, not"
    )
    assert kind in fault.what


HALF = "\ud800"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"title": HALF}, "title"),
        ({"rules": [{"id": "a"}, {"id": "r", "quote": f"at {HALF} most"}]}, "rules.1.quote"),
        ({"sets": [{"name": "S", "elements": [["a", HALF]]}]}, "sets.0.elements.0.1"),
        ({"parameters": [{"name": "p", "value": {"kind": "table", "table": HALF, "value": "v"}}]},
         "parameters.0.value.table"),
        ({"decisions": [{"name": "x", "upper": f"w['{HALF}']"}]}, "decisions.0.upper"),
        ({"rules": [{"id": "r", "operands": {f"a{HALF}": "x"}}]}, r"rules.0.operands.a\ud800"),
    ],
)  # fmt: skip
def test_half_of_a_surrogate_pair_is_refused_with_its_place(data, place):
    for cir, faults in (read_json(json.dumps(data)), read_data(data)):
        assert cir is None
        assert [fault.code for fault in faults] == ["R2C-C094"]
        assert faults[0].what.startswith(f"At {place}: ")
        faults[0].model_dump_json()


def test_a_whole_character_of_two_surrogates_in_json_is_one_character():
    cir, faults = read_json(r'{"title": "\ud83c\udf5e"}')
    assert faults == ()
    assert cir is not None and cir.title == "🍞"


def test_half_of_a_surrogate_pair_in_the_text_form_is_refused():
    with pytest.raises(CIRError, match="R2C-C094: At title: "):
        read_text('cir 1\ntitle: "a \\udfff"\n')


WRONG_EXPRESSIONS = [
    ({"rules": [{"id": "r", "operands": {"a": "1 +"}}]}, "R2C-C002", "rules.0.operands.a"),
    ({"rules": [{"id": "r", "forall": "each i in S"}]}, "R2C-C002", "rules.0.forall"),
    ({"rules": [{"id": "r", "operands": {"a": "open('x')"}}]}, "R2C-C003", "rules.0.operands.a"),
    ({"decisions": [{"name": "x", "upper": "+".join("x" * 20_000)}]}, "R2C-C001",
     "decisions.0.upper"),
    ({"parameters": [{"name": "p", "value": {"kind": "expression", "expr": "a.b"}}]}, "R2C-C003",
     "parameters.0.value.expr"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "place"), WRONG_EXPRESSIONS)
def test_a_wrong_expression_keeps_its_own_code_and_remedy_and_names_its_place(fields, code, place):
    with pytest.raises(CIRError) as caught:
        read_json_text(json.dumps(fields))
    fault = caught.value.fault
    assert fault.code == code
    assert fault.what.startswith(f"At {place}: ")
    assert fault.details["path"] == place
    assert "R2C-" not in fault.what and "do:" not in fault.what
    expected = {
        "R2C-C001": "Split it", "R2C-C002": "Write it like", "R2C-C003": "Rewrite the expression",
    }  # fmt: skip
    assert fault.remedy.startswith(expected[code])


def test_a_wrong_expression_in_the_text_form_keeps_its_code_too():
    with pytest.raises(CIRError, match=r"R2C-C002: At rules\.0\.operands\.a: "):
        read_text("rules\n  r: linear\n    a = 1 +\n")


def test_several_wrong_expressions_are_counted():
    operands = {"a": "1 +", "b": "2 *", "c": "x"}
    with pytest.raises(CIRError, match="2 values of the model are wrong; this is the first"):
        read_json_text(json.dumps({"rules": [{"id": "r", "operands": operands}]}))


def test_a_newer_version_is_refused_with_the_advice_to_update():
    for read in (lambda: read_text("cir 2\n"), lambda: read_json_text('{"version": 2}')):
        with pytest.raises(CIRError, match="R2C-C092"):
            read()


def test_a_huge_text_is_refused_at_once():
    with pytest.raises(CIRError, match="R2C-C093"):
        read_text("#" * (MAX_SIZE + 1))


def test_the_example_reads_back_and_reads_like_a_model():
    cir = CIR.model_validate_json(BAKERY.read_text(encoding="utf-8"))
    text = write_text(cir)
    assert read_text(text) == cir
    assert "    relation = 1*loaves + 2*trays <= 80\n" in text
