"""The small language of changes: read without running anything, applied to a real model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supposed import NO_WORDS, bakery, sites, staffing, transport

from r2c.cir.expr import Compare, Item, Text
from r2c.cir.instance import bind
from r2c.cir.literals import literal_faults
from r2c.cir.schema import CIR
from r2c.cir.write import write
from r2c.errors import R2CError
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.change import changed, read_change


def relation(cir: CIR, rule: str) -> str:
    found = next(item for item in cir.rules if item.id == rule)
    return write(found.operands["relation"])


def values(cir: CIR, problem: Problem, name: str) -> dict[tuple[str | int, ...], float]:
    return dict(bind(cir, problem).require().parameters[name])


@pytest.mark.parametrize(
    "text",
    [
        "need = 120",
        "need -= 1.5",
        'demand["New York"] *= 1.1',
        "cost[Lund, *] /= 2",
        "sentence 4: 120",
        "sentence 4: 100 -> 120",
        "rule r3: 0.5 -> -3",
        "ship[A, Lyon] <= 10",
        "without r3",
        "without sentence 4",
    ],
)
def test_a_change_is_told_as_it_is_written(text: str) -> None:
    change = read_change(text)
    assert str(change) == text
    assert read_change(str(change)) == change


def test_blanks_and_quotation_marks_may_be_left_away() -> None:
    assert read_change("demand[New York]=40") == read_change('demand[ "New York" ] = 40')
    assert read_change("without  rule r3") == read_change("without r3")
    assert str(read_change("share = 60%")) == "share = 0.6"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_with_a_code(text: str) -> None:
    try:
        read_change(text)
    except R2CError as error:
        assert error.code == "R2C-V020"


@given(st.sampled_from("[]\"',=+-*/<>:. 019eaZ_%").flatmap(lambda _: st.text("[]\"',=<>: 09ab*")))
def test_signs_in_any_order_change_the_model_or_are_refused_with_a_code(text: str) -> None:
    try:
        changed(sites(), NO_WORDS, f"need{text}")
    except R2CError as error:
        assert error.code.startswith("R2C-")


def test_a_parameter_of_one_number_takes_another_one() -> None:
    for text, expected in [
        ("need = 120", 120.0),
        ("need += 5", 75.0),
        ("need -= 5", 65.0),
        ("need *= 2", 140.0),
        ("need /= 2", 35.0),
    ]:
        assert values(changed(sites(), NO_WORDS, text), NO_WORDS, "need") == {(): expected}


def test_one_value_of_a_table_changes_and_the_others_stay() -> None:
    cir, problem = transport()
    before = values(cir, problem, "demand")
    after = values(changed(cir, problem, "demand[Oslo] = 40"), problem, "demand")
    assert after == before | {("Oslo",): 40.0}


def test_a_parameter_over_a_set_changes_as_a_whole_without_keys() -> None:
    cir, problem = transport()
    before = values(cir, problem, "cost")
    after = values(changed(cir, problem, "cost *= 2"), problem, "cost")
    assert after == {key: 2 * value for key, value in before.items()}
    assert set(values(changed(cir, problem, "cost = 3"), problem, "cost").values()) == {3.0}


def test_a_star_stands_for_all_labels_at_its_place() -> None:
    cir, problem = transport()
    before = values(cir, problem, "cost")
    after = values(changed(cir, problem, "cost[Lund, *] += 1"), problem, "cost")
    assert after == {key: value + (key[0] == "Lund") for key, value in before.items()}


def test_a_default_changes_only_with_the_parameter_as_a_whole() -> None:
    cir = CIR.model_validate(
        {
            "sets": [{"name": "T", "kind": "ordered", "elements": [1, 2, 3]}],
            "parameters": [
                {
                    "name": "need",
                    "over": ["T"],
                    "default": 10,
                    "value": {"kind": "sparse", "entries": [{"key": [2], "value": 5}]},
                }
            ],
        }
    )
    one = changed(cir, NO_WORDS, "need[3] *= 2")
    assert values(one, NO_WORDS, "need") == {(1,): 10, (2,): 5, (3,): 20}
    whole = changed(cir, NO_WORDS, "need *= 2")
    assert values(whole, NO_WORDS, "need") == {(1,): 20, (2,): 10, (3,): 20}


@given(st.floats(-1e6, 1e6), st.sampled_from(["*", "Oslo", "Vienna"]))
def test_what_is_added_and_taken_away_again_leaves_the_values(by: float, key: str) -> None:
    cir, problem = transport()
    there = changed(cir, problem, f"demand[{key}] += {by!r}")
    back = values(changed(there, problem, f"demand[{key}] -= {by!r}"), problem, "demand")
    assert back == pytest.approx(values(cir, problem, "demand"), abs=1e-6)


def test_the_number_that_a_sentence_states_becomes_another_one() -> None:
    cir, problem = bakery()
    assert relation(changed(cir, problem, "sentence 5: 30"), "order") == "trays >= 30"
    oven = changed(cir, problem, "sentence 4: 640 -> 700")
    assert relation(oven, "oven") == "12*loaves + 8*trays <= 700"
    profit = changed(cir, problem, "sentence 2: 4 -> 6")
    assert write(profit.objectives[0].expr) == "6*loaves + 5*trays"
    assert profit.rules == cir.rules


def test_a_number_that_another_sentence_states_as_well_stays_there() -> None:
    text = "A desk takes 5 hours. A lamp takes 5 hours. There are 40 hours."
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "desks"}, {"name": "lamps"}],
            "rules": [{"id": "hours", "operands": {"relation": "5*desks + 5*lamps <= 40"}}],
        }
    )
    after = changed(cir, read_problem(text), "sentence 2: 6")
    assert relation(after, "hours") == "5*desks + 6*lamps <= 40"


def test_a_one_can_be_changed_where_the_rule_says_it_once() -> None:
    cir, problem = bakery()
    after = changed(cir, problem, "sentence 3: 1 -> 1.5")
    assert relation(after, "flour") == "1.5*loaves + 2*trays <= 80"


def test_a_parameter_that_the_sentence_states_is_changed() -> None:
    text = "The truck carries 80 crates. Send as many crates as possible."
    cir = CIR.model_validate(
        {
            "parameters": [{"name": "load", "value": 80}],
            "decisions": [{"name": "crates"}],
            "rules": [{"id": "r1", "operands": {"relation": "crates <= load"}}],
            "objectives": [{"sense": "max", "expr": "crates"}],
        }
    )
    for change in ("sentence 1: 90", "rule r1: 90", "rule r1: 80 -> 90"):
        after = changed(cir, read_problem(text), change)
        assert after.parameters[0].value == 90
        assert not list(literal_faults(after, read_problem(text)))


def test_the_sign_that_only_the_model_has_is_kept() -> None:
    text = "At least 20 more chairs than tables are needed."
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "chairs"}, {"name": "tables"}],
            "rules": [{"id": "r1", "operands": {"relation": "tables - chairs <= -20"}}],
        }
    )
    for change in ("sentence 1: 30", "sentence 1: 20 -> 30", "rule r1: 20 -> 30"):
        after = changed(cir, read_problem(text), change)
        assert relation(after, "r1") == "tables - chairs <= -30"


def test_bare_labels_of_a_relation_become_members() -> None:
    cir, problem = transport()
    rule = changed(cir, problem, "ship[Lund, Oslo] <= 10").rules[-1]
    assert rule.id == "what_if_1"
    sides = rule.operands["relation"]
    assert isinstance(sides, Compare)
    assert sides.args[0] == Item("ship", (Text("Lund"), Text("Oslo")))
    for text in ("open[Plant A] == 1", 'open["Plant A"] == 1', "open[C-1] + open[B] <= 1"):
        assert changed(sites(), NO_WORDS, text).rules[-1].id == "what_if_1"


def test_a_loop_variable_is_no_label_and_a_label_in_a_condition_is_one() -> None:
    cir, problem = transport()
    text = "sum(ship[p, s] for (p, s) in Lanes if s == Oslo) <= 10"
    told = write(changed(cir, problem, text).rules[-1].operands["relation"])
    assert told == 'sum(ship[p, s] for (p, s) in Lanes if s == "Oslo") <= 10'
    each = changed(cir, problem, "ship[p, s] <= 9 for (p, s) in Lanes").rules[-1]
    assert each.forall is not None and each.forall.targets == ("p", "s")


def test_several_added_relations_have_names_of_their_own() -> None:
    cir = changed(changed(sites(), NO_WORDS, "open[B] == 1"), NO_WORDS, "make[B] >= 5")
    assert [rule.id for rule in cir.rules[2:]] == ["what_if_1", "what_if_2"]


def test_a_rule_goes_and_so_do_all_rules_of_a_sentence() -> None:
    cir, problem = bakery()
    for text in ("without order", "without rule order", "without sentence 5"):
        left = [rule.id for rule in changed(cir, problem, text).rules]
        assert left == ["flour", "oven"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("hello", "R2C-V020", "none of the forms"),
        ("need = much", "R2C-V020", "'much'"),
        ("sentence 5: some", "R2C-V020", "'some'"),
        ("sentence five: 5", "R2C-V020", "from 1"),
        ("need = 1e999", "R2C-V020", "too large"),
        ("profits = 3", "R2C-V021", "profits"),
        ("loaves = 3", "R2C-V021", "`loaves == 3`"),
        ("sentence 9: 3", "R2C-V026", "6 sentences"),
        ("without ordr", "R2C-V027", "Did you mean 'order'?"),
        ("rule ordr: 3", "R2C-V027", "Did you mean 'order'?"),
        ("without sentence 1", "R2C-V028", "3, 4, 5"),
        ("sentence 5: 24 -> 30", "R2C-V029", "25 (rule 'order')"),
        ("sentence 1: 30", "R2C-V029", "none"),
        ("sentence 4: 30", "R2C-V030", "12 (rule 'oven'), 8 (rule 'oven'), 640 (rule 'oven')"),
        ("rule oven: 700", "R2C-V030", "`rule oven: 640 -> 700`"),
        ("loavs >= 3", "R2C-V031", "Did you mean 'loaves'?"),
        ("3 <= 4", "R2C-V033", "no decision"),
        ("loaves <= 3 and trays >= 2", "R2C-V033", "compares nothing"),
        ("loaves != 3", "R2C-V033", "for less and for more in turn"),
        ("loaves <= (3", "R2C-C002", "was never closed"),
        ("loaves[3] <= 3", "R2C-C060", "loaves"),
    ],
)
def test_what_does_not_fit_the_bakery_is_refused_with_what_would(
    text: str, code: str, words: str
) -> None:
    assert_refused(bakery(), text, code, words)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("demands = 3", "R2C-V021", "Did you mean 'demand'?"),
        ("demand[Olso] = 3", "R2C-V022", "Did you mean 'Oslo'?"),
        ("cost[Lund, Prague] = 3", "R2C-V022", "'Prague'"),
        ("demand[Oslo, Berlin] = 3", "R2C-V023", "takes 1"),
        ("demand /= 0", "R2C-V024", "divided by 0"),
        ("sentence 1: 3", "R2C-V025", "plants_send"),
        ("ship[Lund, Osl] <= 3", "R2C-V032", "Did you mean 'Oslo'?"),
    ],
)
def test_what_does_not_fit_the_transport_is_refused_with_what_would(
    text: str, code: str, words: str
) -> None:
    assert_refused(transport(), text, code, words)


def assert_refused(model: tuple[CIR, Problem], text: str, code: str, words: str) -> None:
    with pytest.raises(R2CError) as caught:
        changed(*model, text)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_without_its_tables_a_model_asks_for_them_first() -> None:
    cir, _ = transport()
    for text in ("demand *= 2", "ship[Lund, Oslo] <= 10"):
        with pytest.raises(R2CError) as caught:
            changed(cir, NO_WORDS, text)
        assert caught.value.code == "R2C-C214"


def test_the_model_that_is_changed_stays_as_it_was() -> None:
    cir, problem = staffing()
    before = cir.model_dump_json()
    changed(cir, problem, "sentence 5: 6")
    changed(cir, problem, "without r3")
    assert cir.model_dump_json() == before


WEEK = read_problem(
    "Machine time is 8 hours a day for 5 days. A chair takes 2 hours. We make at least 2 dozen "
    "chairs. At least thirty percent of the pieces are tables. At least 10 chairs and at most 10 "
    "tables are made."
)


def week() -> CIR:
    said = [" ".join(item.text.split()) for item in WEEK.sentences]
    told = {
        "time": (said[0], "2*chairs <= 40"),
        "dozen": (said[2], "chairs >= 24"),
        "share": (said[3], "tables >= 0.3*(chairs + tables)"),
        "chairs_least": (said[4], "chairs >= 10"),
        "tables_most": (said[4], "tables <= 10"),
    }
    return CIR.model_validate(
        {
            "decisions": [{"name": "chairs"}, {"name": "tables"}],
            "rules": [
                {"id": rule, "quote": quote, "operands": {"relation": text}}
                for rule, (quote, text) in told.items()
            ],
        }
    )


@pytest.mark.parametrize(
    ("change", "rule", "after"),
    [
        ("sentence 1: 8 -> 9", "time", "2*chairs <= 45"),
        ("sentence 1: 5 -> 6", "time", "2*chairs <= 48"),
        ("sentence 3: 2 -> 3", "dozen", "chairs >= 36"),
        ("sentence 4: 30 -> 40", "share", "tables >= 0.4*(chairs + tables)"),
        ("sentence 4: 30% -> 40%", "share", "tables >= 0.4*(chairs + tables)"),
        ("the limit in sentence 3 becomes 30", "dozen", "chairs >= 30"),
        ("the 10 in rule chairs_least becomes 4", "chairs_least", "chairs >= 4"),
    ],
)
def test_a_number_is_changed_as_the_sentence_writes_it(change: str, rule: str, after: str) -> None:
    made = changed(week(), WEEK, change)
    assert relation(made, rule) == after
    assert sum(one != other for one, other in zip(made.rules, week().rules, strict=True)) == 1


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ("sentence 5: 10 -> 4", "R2C-V056", "`rule chairs_least: 10 -> 4`"),
        ("sentence 1: 40 -> 45", "R2C-V029", "40 = 8 x 5"),
        ("sentence 1: 45", "R2C-V029", "`rule time: 40 -> 45`"),
    ],
)
def test_what_no_words_say_alone_is_refused_with_a_way(change: str, code: str, words: str) -> None:
    with pytest.raises(R2CError) as caught:
        changed(week(), WEEK, change)
    assert caught.value.code == code
    assert words in str(caught.value)
