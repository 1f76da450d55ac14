"""What is found out about a whole problem is found once, and only while it lives."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.agents.slots import slots_in
from r2c.problem.found_once import found_once
from r2c.problem.quantities_in import quantities_in
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem, Quantity, Sentence, Span
from r2c.verdict import said

TEXT = "Make 12 tables and 3 chairs. A table takes 4 hours, a chair at most 2. There are 40 hours."


def test_a_problem_is_told_from_its_equals_and_forgotten_with_it() -> None:
    asked: list[str] = []

    @found_once
    def length(problem: Problem) -> int:
        asked.append(problem.text)
        return len(problem.text)

    first, second = read_problem(TEXT), read_problem("Make 5 of them.")
    assert [length(first), length(first), length(second), length(first)] == [90, 90, 15, 90]
    assert length(first.model_copy()) == 90
    assert asked == [TEXT, "Make 5 of them.", TEXT]
    # Numbers of objects are given again: what is found belongs to the one that lives now.
    for number in range(200):
        assert length(read_problem(f"Make {number} of them.")) == len(f"Make {number} of them.")
        gc.collect(0)


@given(st.integers(0, 95), st.integers(0, 95))
def test_the_numbers_in_a_span_are_those_that_lie_inside(one: int, other: int) -> None:
    problem = read_problem(TEXT)
    span = Span(start=min(one, other), end=max(one, other))
    wanted = [item for item in problem.quantities if span.contains(item.span)]
    assert list(quantities_in(problem, span)) == wanted
    limits = [item for item in said.limits_said(problem) if span.contains(item.quantity.span)]
    assert list(said.limits_said(problem, span)) == limits


def test_each_sentence_of_a_text_is_read_once_for_its_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []
    inside = said._in_sentence

    def counted(text: str, sentence: Sentence, held: Sequence[Quantity]) -> Iterator[said.Said]:
        read.append(sentence.number)
        return inside(text, sentence, held)

    monkeypatch.setattr(said, "_in_sentence", counted)
    problem = read_problem(" ".join(f"Cake {n} takes {n + 2} hours, at most 9." for n in range(50)))
    for sentence in problem.sentences:
        assert list(slots_in(problem, sentence.span))
    assert read == [sentence.number for sentence in problem.sentences]
