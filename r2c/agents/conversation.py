"""The opening of every conversation with the model: the task and worked examples.

The examples pass through the same code as a problem, so what the model sees of a problem always
has the shape that it saw in the examples; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import TypedDict, cast

import yaml

from r2c.agents.clauses import Clause, clauses, question
from r2c.llm.model import Message
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem


class Example(TypedDict):
    """A worked example as it stands in prompts/reading.yaml."""

    text: str
    decisions: str
    readings: list[str]
    objective: str


@cache
def examples() -> tuple[Example, ...]:
    """The worked examples, each complete: one reading a clause."""
    return tuple(cast("list[Example]", _file()["examples"]))


@cache
def opening() -> tuple[Message, ...]:
    """System message and all examples, told as conversations."""
    turns = [Message("system", str(_file()["system"]))]
    for example in examples():
        problem = read_problem(example["text"])
        turns += [ask_roster(problem), Message("assistant", example["decisions"])]
        turns += told(zip(clauses(problem), example["readings"], strict=True))
        turns += [ask_goal(problem), Message("assistant", example["objective"])]
    return tuple(turns)


def told(readings: Iterable[tuple[Clause, str]]) -> list[Message]:
    """Sentences and what was read from them, as turns."""
    return [
        message
        for clause, reading in readings
        for message in (ask_clause(clause), Message("assistant", reading))
    ]


def ask_roster(problem: Problem) -> Message:
    """Show the problem and ask for the quantities to decide."""
    return Message(
        "user",
        f"Problem: {problem.text}\n\nQuestion: {question(problem)}\n"
        "Which quantities does the question ask for? One per line as `name: meaning`.",
    )


def ask_clause(clause: Clause) -> Message:
    """Show one sentence."""
    return Message("user", clause.text)


def ask_goal(problem: Problem) -> Message:
    """Show the question of the problem."""
    return Message("user", f"Objective: {question(problem)}")


def conversation(
    problem: Problem, roster: str | None, readings: Sequence[tuple[Clause, str]] = ()
) -> list[Message]:
    """The opening, the problem, and what was read of it so far."""
    turns = [*opening(), ask_roster(problem)]
    if roster is not None:
        turns += [Message("assistant", roster), *told(readings)]
    return turns


def _file() -> dict[str, object]:
    text = files("r2c.agents").joinpath("prompts", "reading.yaml").read_text(encoding="utf-8")
    return cast("dict[str, object]", yaml.safe_load(text))
