"""Mistakes change models and are told; training data are proved and repeatable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import pytest
from gbnf import admits

from r2c.cir.schema import CIR
from r2c.llm.testing import ScriptedModel
from r2c.pipeline.api import formulate
from r2c.settings import Settings
from r2c_benchmarks.mutations import Mutant, mutation, mutations
from r2c_benchmarks.rulebench.make import make
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.synth.conversations import read
from r2c_benchmarks.synth.example import Example, example
from r2c_benchmarks.synth.lines import lines_of
from r2c_benchmarks.synth.worker import by_words

pytestmark = pytest.mark.slow

SEED = 7


@pytest.fixture(scope="module")
def examples(prover: Prover) -> list[Example]:
    made = [example(SEED, number, prover, by_words()) for number in range(24)]
    assert None not in made
    return [one for one in made if one is not None]


@pytest.fixture(scope="module")
def right_model(prover: Prover) -> Callable[[int], CIR]:
    """The model of a problem by number; each is made once for all kinds of mistakes."""
    return cache(lambda number: make(f"mistakes{number}", 3, prover).cir)


@pytest.mark.parametrize("kind", mutations())
def test_each_kind_of_mistake_changes_a_model_and_says_what_is_wrong(
    kind: str, right_model: Callable[[int], CIR]
) -> None:
    found: list[tuple[Mutant, bool]] = []
    for number in range(40):
        if len(found) == 3:
            break
        cir = right_model(number)
        wrong = mutation(kind).mutate(cir, Random(number))
        if wrong is not None:
            found.append((wrong, wrong.cir != cir))
    assert found and all(changed for _, changed in found)
    assert all(wrong.diagnosis.endswith(".") for wrong, _ in found)


def test_an_example_is_the_same_for_the_same_seed_and_number(
    examples: list[Example], prover: Prover
) -> None:
    again, other = (example(seed, 3, prover, by_words()) for seed in (SEED, SEED + 1))
    assert again is not None and again.line() == examples[3].line()
    assert other is not None and other.line() != examples[3].line()


def test_the_kinds_of_conversations_are_all_there_and_alternate(examples: list[Example]) -> None:
    assert {one.kind for one in examples} == {"formulation", "repair", "question"}
    for one in examples:
        roles = [message["role"] for message in one.messages]
        assert roles[0] == "system" and roles[-1] == "assistant"
        assert roles[1:] == ["user", "assistant"] * (len(roles) // 2)
        assert all(message["content"].strip() for message in one.messages)


def test_examples_of_all_kinds_have_combinations_that_are_kept_for_training(
    examples: list[Example],
) -> None:
    hashes = [hashlib.sha256(" ".join(one.archetypes).encode()).digest() for one in examples]
    assert all(one[0] % 2 == 1 for one in hashes)


def test_a_formulation_shows_every_archetype_and_quotes_the_text(
    examples: list[Example],
) -> None:
    for one in examples:
        if one.kind != "formulation":
            continue
        asked, rules = one.messages[5]["content"], one.messages[6]["content"]
        assert all(f"\n{archetype}(" in asked for archetype in one.archetypes)
        named = re.findall(r"^\d+(?:-\d+)?: (\w+)\(\w+=", rules, re.MULTILINE)
        assert set(named) <= set(one.archetypes)
        assert all(rule.quote in one.text and rule.quote for rule in one.cir.rules)


def test_r2c_comes_to_the_optimum_with_the_answers_of_a_formulation(
    examples: list[Example], tmp_path: Path
) -> None:
    told = [one for one in examples if one.kind == "formulation"]
    settings = Settings(
        reading="written",
        samples=1,
        reflection="none",  # the script holds one answer for each question of the first reading
        data_dir=tmp_path,
        cache_dir=tmp_path,
    )
    for one in told[:2]:
        answers = [message["content"] for message in one.messages if message["role"] == "assistant"]
        files = [tmp_path / name for name in one.tables]
        for path in files:
            path.write_text(one.tables[path.name], encoding="utf-8")
        found = formulate(one.text, files or None, settings=settings, model=ScriptedModel(answers))
        assert found.objective == pytest.approx(one.optimum), one.id


def test_the_grammars_admit_nearly_all_that_training_data_say(prover: Prover) -> None:
    told: list[tuple[bool, str]] = []
    for number in range(8):
        made = make(f"admitted{number}", 1 + number % 5, prover, for_training=True)
        dialect = read(made, by_words())
        lines = lines_of(made.cir, dialect)
        sets = (*dialect.known, *dialect.sets_form().read(lines.sets))
        assert admits(dialect.sets_form().grammar, lines.sets)
        roster = (*sets, *dialect.nouns_form(sets).read(lines.nouns))
        rules = dialect.rules_form(roster).grammar
        told += [(admits(rules, line), line) for line in lines.rules.splitlines()]
        earlier = [(dialect.clauses[0], lines.rules)]
        told.append((admits(dialect.goal_form(roster, earlier).grammar, lines.goal), lines.goal))
    refused = [line for admitted, line in told if not admitted]
    assert len(refused) <= len(told) / 10, refused


def test_a_repair_shows_the_mistake_and_ends_with_another_reading(
    examples: list[Example],
) -> None:
    for one in examples:
        if one.kind != "repair":
            continue
        asked, answer = one.messages[-2]["content"], one.messages[-1]["content"]
        (before,) = re.findall(r"\(Before it was read as `([^`]*)`", asked)
        assert before != answer.replace("\n", "; ") and one.mistake is not None


def test_every_optimum_of_the_data_is_that_of_its_model(
    examples: list[Example], prover: Prover
) -> None:
    for one in examples:
        if one.status == "optimal":
            again = prover.optimum(one.cir, one.story).objective
            assert again == pytest.approx(one.optimum, rel=1e-6)
        else:
            assert one.kind == "question" and one.optimum is None
