"""Problems are the same for the same seed, tell what they mean, and have the answer they claim."""

from __future__ import annotations

import json
import re
from random import Random

import pytest

from r2c.cir.check import check
from r2c.cir.schema import CIR
from r2c.errors import InputError
from r2c.problem.read import read_problem
from r2c.solve.process import SolverProcess
from r2c_benchmarks.items import Item
from r2c_benchmarks.rulebench.examine import matters
from r2c_benchmarks.rulebench.item import item
from r2c_benchmarks.rulebench.make import keeps_for_training, make
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import select
from r2c_benchmarks.rulebench.story import stories, story_of
from r2c_benchmarks.rulebench.suite import (
    FIRST,
    KINDS,
    NEWEST,
    PER_LEVEL,
    digest,
    places,
    problems,
)
from r2c_benchmarks.rulebench.text import number_text, told_value
from r2c_benchmarks.rulebench.troubles import trouble, troubles

LEVELS = (1, 2, 3, 4, 5)


def test_a_seed_gives_the_same_line_and_another_seed_another(prover: Prover) -> None:
    lines = [item("t", seed, 2, prover).line() for seed in ("a", "a", "b")]
    assert lines[0] == lines[1] != lines[2]


@pytest.mark.parametrize("level", LEVELS)
def test_each_number_and_rule_stands_where_the_problem_says(level: int, prover: Prover) -> None:
    made = make("places", level, prover)
    assert {rule.id for rule in made.selection.rules} == set(made.text.rules)
    for span, slot in made.text.numbers:
        shown = made.text.words[span.start : span.end]
        value = told_value(made.selection, made.numbers, slot)
        assert shown == number_text(value, made.thousands)
    for rule in made.cir.rules:
        assert rule.span is not None
        assert rule.quote == made.text.words[rule.span.start : rule.span.end]
        assert rule.quote.strip() == rule.quote != ""


@pytest.mark.parametrize("level", LEVELS)
def test_the_reader_finds_the_files_and_the_checks_find_no_fault_in_the_model(
    level: int, prover: Prover
) -> None:
    made = make("checked", level, prover)
    words = prover.words
    assert [fault.what for fault in check(made.cir, words=words)] == []
    problem = read_problem(made.text.words)
    assert problem.text == made.text.words


def test_an_item_can_be_read_as_any_other_problem_of_a_bench(prover: Prover) -> None:
    made = item("t", "read", 3, prover)
    read = Item.model_validate({**json.loads(made.line()), "file": "rulebench.jsonl"})
    assert (read.answer, read.trust, read.source) == (made.answer, "A-proved", "rulebench")
    assert read.tables == made.tables
    assert [other.answer for other in read.others] == [other.answer for other in made.others]
    assert len(read.numbers) == len(read.others[0].numbers)
    assert CIR.model_validate(json.loads(made.line())["cir"]) == made.cir


@pytest.mark.slow
def test_every_rule_of_an_item_matters_with_some_of_its_numbers(prover: Prover) -> None:
    made = make("t-2-matter/0", 2, prover)
    found = item("t", "matter", 2, prover)
    assert found.cir is not None and found.answer is not None
    answer = prover.optimum(found.cir, found.family)
    idle = [
        rule.id
        for rule in found.cir.rules
        if not matters(found.cir, rule.id, answer, prover, found.family)
    ]
    # Those that do not matter here do so with other numbers, so there are numbers to tell.
    assert found.others and len(idle) < len(found.cir.rules)
    assert made.status == "optimal"


@pytest.mark.parametrize("kind", troubles())
def test_a_spoilt_problem_has_no_optimum_for_the_reason_it_gives(kind: str, prover: Prover) -> None:
    made = item("t", "spoilt", 2, prover, kind=kind)
    assert made.status == trouble(kind).STATUS
    assert (made.answer is None) == (kind != "unsupported") and made.why
    if made.cir is not None:
        assert prover.optimum(made.cir, made.family).status == made.status
    else:
        assert made.status in ("unsupported", "needs_input")
    if kind == "incomplete":
        assert made.why.endswith("is not known")


@pytest.mark.parametrize(
    ("nodes", "seconds", "code"), [(1, 900.0, "R2C-B092"), (10_000, 1e-9, "R2C-B104")]
)
def test_what_takes_too_many_nodes_is_not_handed_out_and_too_much_time_ends_all(
    nodes: int, seconds: float, code: str
) -> None:
    # Another problem would be drawn in its place, so it must not hang on the machine.
    with SolverProcess() as process:
        made = make("searched1", 4, Prover(process))
        with pytest.raises(InputError) as caught:
            Prover(process, nodes, seconds).answer(made.cir, "searched")
    assert caught.value.code == code


@pytest.mark.slow
def test_a_suite_is_known_by_its_hash_and_has_its_share_of_troubles(prover: Prover) -> None:
    wanted = [place for place in places(20, levels=(1,)) if place.seed >= "008"]
    assert sum(place.kind is not None for place in places(20)) == 5 * 3
    assert [place.kind for place in places(suite="t")] != [place.kind for place in places()]
    assert sum(place.kind is not None for place in places()) == 5 * len(KINDS) == 50
    assert {place.kind for place in places(PER_LEVEL, levels=(1,))} == {None, *troubles()}
    first, again, other = (
        [item.line() for item in problems(suite, wanted[:3], prover)] for suite in ("t", "t", "u")
    )
    assert digest(first) == digest(again) != digest(other)
    trained = [item.line() for item in problems("t", wanted[:1], prover, for_training=True)]
    assert digest(trained) != digest(first[:1])
    answers = [re.sub(r'"answer": ?[-\d.e+]+', '"answer": 1', line) for line in first]
    assert answers != first and digest(answers) == digest(first)


@pytest.mark.slow
def test_the_newest_suite_is_what_its_results_were_measured_on(prover: Prover) -> None:
    wanted = [place for place in places() if place.seed == "000"]
    assert digest(item.line() for item in problems(NEWEST, wanted, prover)) == FIRST


def test_combinations_of_archetypes_are_parted_between_bench_and_training() -> None:
    sides = {
        keeps_for_training(select(story_of(name), 3, Random(seed)))
        for name in stories()
        for seed in range(4)
    }
    assert sides == {True, False}
