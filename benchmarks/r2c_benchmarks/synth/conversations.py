"""What a model is to learn: to formulate, to mend a mistake, to ask for what is missing.

Every conversation is one that R2C holds with a model that reads problems as a whole
(`r2c.agents.written`), without its worked examples: the same questions, and the answers that mean
the right CIR.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from r2c.agents.clauses import Clause
from r2c.agents.conversation import ask_clause, ask_goal, opening_of_whole
from r2c.agents.formal import Formal, read_formals, write_formals
from r2c.agents.indexed.archetypes import Shelf
from r2c.agents.written.reader import PROMPTS, Written
from r2c.llm.model import Message
from r2c.problem.read import read_problem
from r2c_benchmarks.items import Item, data_files
from r2c_benchmarks.mutations import Mutant
from r2c_benchmarks.rulebench.make import Made
from r2c_benchmarks.rulebench.phrase import member_name
from r2c_benchmarks.rulebench.sheets import headed
from r2c_benchmarks.synth.lines import Lines, lines_of

Conversation = list[dict[str, str]]


def read(made: Made, shelf: Shelf) -> Written:
    """The problem as R2C reads it, with all archetypes of its rules shown."""
    item = Item(id="", problem=made.text.words, tables=made.text.files)
    with tempfile.TemporaryDirectory(prefix="r2c-synth-") as folder:
        problem = read_problem(item.problem, data_files(item, Path(folder)))
    return Written(problem, shelf, tuple(sorted({rule.archetype for rule in made.cir.rules})))


def formulation(dialect: Written, lines: Lines) -> Conversation:
    """The four questions and their answers."""
    return _written(
        [
            *_begun(dialect, lines),
            dialect.ask_rules(),
            _answer(lines.rules),
            ask_goal(dialect.problem),
            _answer(lines.goal),
        ]
    )


def repair(made: Made, dialect: Written, lines: Lines, wrong: Mutant) -> Conversation | None:
    """A sentence that was read with a mistake, what speaks against it, and the right reading.

    None if the mistake is in no rule, or is told by the same lines.
    """
    if wrong.rule is None:
        return None
    span = made.text.rules[wrong.rule]
    clause = next(one for one in dialect.clauses if one.span.overlaps(span))
    right = _of(read_formals(lines.rules), clause)
    mistaken = _of(read_formals(lines_of(wrong.cir, dialect).rules), clause)
    if write_formals(right) == write_formals(mistaken):
        return None
    before = [
        (one, write_formals(_of(read_formals(lines.rules), one)))
        for one in dialect.clauses
        if one.sentence < clause.sentence
    ]
    return _written(
        [
            *_begun(dialect, lines),
            *dialect.told(before),
            ask_clause(clause, write_formals(mistaken), wrong.diagnosis),
            _answer(write_formals(right)),
        ]
    )


def question(made: Made, dialect: Written) -> Conversation:
    """A problem with a number that nobody knows, and the question for it."""
    assert made.spoilt is not None and made.spoilt.missing is not None
    slot = made.spoilt.missing
    datum = dict(made.selection.data)[slot.name]
    over = zip(datum.over, slot.key, strict=True)
    members = " and ".join(member_name(made.selection, name, part) for name, part in over)
    asked = (
        f"question: What is the {headed(made.selection, slot.name, datum)} for {members}?\n"
        "consequence: Without it the problem cannot be solved; all other numbers are there."
    )
    return _written([_system(), dialect.ask_roster(), _answer(asked)])


def _begun(dialect: Written, lines: Lines) -> list[Message]:
    return [
        _system(),
        dialect.ask_roster(),
        _answer(lines.sets),
        dialect.ask_nouns(),
        _answer(lines.nouns),
    ]


def _system() -> Message:
    return opening_of_whole(PROMPTS, Written)[0]


def _of(rules: tuple[Formal, ...], clause: Clause) -> tuple[Formal, ...]:
    return tuple(one for one in rules if one.first == clause.sentence)


def _answer(text: str) -> Message:
    return Message("assistant", text)


def _written(messages: list[Message]) -> Conversation:
    return [{"role": one.role, "content": one.content} for one in messages]
