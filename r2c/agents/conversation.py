"""The opening of every conversation with the model: the task and worked examples.

The examples pass through the same code as a problem, so what the model sees of a problem always
has the shape that it saw in the examples; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import TypedDict, cast

import yaml

from r2c.agents.clauses import Clause, question
from r2c.agents.dialect import Dialect, Told, Whole
from r2c.agents.form import NOTHING
from r2c.agents.roster import Choice
from r2c.llm.model import Message
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem


class WholeExample(TypedDict):
    """A worked example of a problem that is read as a whole."""

    text: str
    sets: str
    nouns: str
    rules: str
    objective: str


class Example(TypedDict):
    """A worked example as it stands in a file of prompts/."""

    text: str
    decisions: str
    readings: list[str]
    objective: str


@cache
def examples(file: str) -> tuple[Example, ...]:
    """The worked examples of a file of prompts/, each complete: one reading a clause."""
    return tuple(cast("list[Example]", _read(file)["examples"]))


@cache
def opening(file: str, dialect: Callable[[Problem], Dialect]) -> tuple[Message, ...]:
    """System message and all examples of a file, told as conversations."""
    turns = [Message("system", str(_read(file)["system"]))]
    for example in examples(file):
        told_in = dialect(read_problem(example["text"]))
        turns += [told_in.ask_roster(), Message("assistant", example["decisions"])]
        turns += told(zip(told_in.clauses, example["readings"], strict=True))
        turns += [ask_goal(told_in.problem), Message("assistant", example["objective"])]
    return tuple(turns)


@cache
def whole_examples(file: str) -> tuple[WholeExample, ...]:
    """The worked examples of a file of prompts/ for problems that are read as a whole."""
    return tuple(cast("list[WholeExample]", _read(file)["examples"]))


@cache
def opening_of_whole(file: str, dialect: Callable[[Problem], Whole]) -> tuple[Message, ...]:
    """As `opening`, for a dialect that declares first and writes rules as algebra."""
    turns = [Message("system", str(_read(file)["system"]))]
    for example in whole_examples(file):
        told_in = dialect(read_problem(example["text"]))
        lines = example["rules"].splitlines()
        readings = [
            (one, "\n".join(line for line in lines if _first(line) == one.sentence) or NOTHING)
            for one in told_in.clauses
        ]
        turns += [
            told_in.ask_roster(),
            Message("assistant", example["sets"]),
            told_in.ask_nouns(),
            Message("assistant", example["nouns"]),
            *told_in.told(readings),
            ask_goal(told_in.problem),
            Message("assistant", example["objective"]),
        ]
    return tuple(turns)


def _first(line: str) -> int:
    return int(re.split(r"\D", line, maxsplit=1)[0])


def named(roster: Sequence[Choice]) -> list[Message]:
    """The decisions as the answer that named them."""
    return [Message("assistant", "\n".join(map(str, roster)))]


def told(readings: Iterable[tuple[Clause, str]]) -> list[Message]:
    """Sentences and what was read from them, as turns."""
    return [
        message
        for clause, reading in readings
        for message in (ask_clause(clause), Message("assistant", reading))
    ]


def ask_clause(clause: Clause, told_before: str | None = None, reason: str = "") -> Message:
    """Show one sentence; in a repair also how it was read before and what speaks against that."""
    if told_before is None:
        return Message("user", clause.text)
    read = told_before.replace("\n", "; ")
    return Message("user", f"{clause.text}\n\n(Before it was read as `{read}`. {reason})")


def ask_goal(problem: Problem) -> Message:
    """Show the question of the problem."""
    return Message("user", f"Objective: {question(problem)}")


def conversation(
    dialect: Dialect, roster: Sequence[Choice] | None, readings: Told = ()
) -> list[Message]:
    """The opening, the problem, and what was read of it so far."""
    turns = [*dialect.opening(), dialect.ask_roster()]
    if roster is not None:
        turns += [*dialect.named(roster), *dialect.told(readings)]
    return turns


def _read(file: str) -> dict[str, object]:
    text = files("r2c.agents").joinpath("prompts", file).read_text(encoding="utf-8")
    return cast("dict[str, object]", yaml.safe_load(text))
