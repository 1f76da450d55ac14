"""The Parser agent: names the decisions, reads the sentences one by one, states the objective.

Every answer is sampled several times and put to the vote; a reading keeps its votes less what
speaks against it (`r2c.agents.preference`). The best reading of a sentence is part of the
conversation for the next one; the others stay as options for the Reflector.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from r2c.agents.clauses import Clause
from r2c.agents.conversation import ask_clause, ask_goal, conversation
from r2c.agents.forms import clause_form, goal_form, roster_form
from r2c.agents.goal import read_goal
from r2c.agents.logic import read_rule
from r2c.agents.mentions import in_order_of_mention, mentioned
from r2c.agents.preference import cost, goal_cost, is_sound
from r2c.agents.roster import Choice
from r2c.agents.roster_vote import best_roster, said_of
from r2c.agents.slots import Slot
from r2c.agents.statements import (
    NOTHING,
    Datum,
    Statement,
    meaning_of,
    measures_of,
    read_statements,
    write_statements,
)
from r2c.agents.tables import read_table
from r2c.cir.normal import normal
from r2c.cir.write import write
from r2c.errors import LanguageModelError, R2CError, declare
from r2c.llm.model import Candidate, LanguageModel, Usage
from r2c.problem.schema import Problem

NO_DECISIONS = declare(
    "R2C-G001",
    LanguageModelError,
    what="The language model named no quantities to decide in {samples} answers.",
    why="Without decisions there is nothing to model; the last answer was {answer!r}.",
    remedy="Say in the text what is to be decided, or use a stronger model.",
)

T = TypeVar("T")
_SAMPLES_COSTED = 5
"""The number of samples for which the costs of `preference` are stated."""


@dataclass(frozen=True, slots=True)
class Option:
    """One reading: its text, the samples that gave it, and its score."""

    text: str
    votes: int
    score: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """How answers are sampled."""

    samples: int = 5
    temperature: float = 0.7
    seed: int = 1
    deadline: float | None = None

    @property
    def heat(self) -> float:
        """The temperature, 0 for a single sample."""
        return self.temperature if self.samples > 1 else 0.0


async def name_decisions(
    problem: Problem,
    model: LanguageModel,
    sampling: Sampling,
    refused: Collection[frozenset[str]] = (),
) -> tuple[tuple[Choice, ...], float, Usage]:
    """The decisions in order of mention, the share of samples that name as many, and the cost.

    Args:
        problem: the problem.
        model: the language model.
        sampling: how to sample.
        refused: sets of names that led nowhere; taken again only if there is nothing else.

    Raises:
        LanguageModelError: R2C-G001 if no sample names any.
    """
    reply = await model.complete(
        conversation(problem, None),
        roster_form(),
        samples=sampling.samples,
        temperature=sampling.heat,
        seed=sampling.seed,
        max_tokens=240,
        deadline=sampling.deadline,
        purpose="decisions",
    )
    if not reply.values:
        answer = reply.candidates[-1].text if reply.candidates else ""
        raise NO_DECISIONS(samples=len(reply.candidates), answer=answer[:200])
    best = best_roster(reply.values, problem, refused)
    by_name = {choice.name: choice for choice in best}
    ordered = in_order_of_mention(said_of(best, problem), problem.text)
    share = sum(len(roster) == len(best) for roster in reply.values) / len(reply.candidates)
    return tuple(by_name[name] for name in ordered), share, reply.usage


async def read_clause(
    problem: Problem,
    roster: Sequence[Choice],
    earlier: Sequence[tuple[Clause, str]],
    clause: Clause,
    model: LanguageModel,
    sampling: Sampling,
) -> tuple[tuple[Option, ...], Usage]:
    """The readings of one sentence, best first; `none` if no sample is sound."""
    names = tuple(choice.name for choice in roster)
    statements = [item for _, text in earlier for item in read_statements(text)]
    measures = measures_of(statements, names)
    data = {(i.measure, i.decision): i.value for i in statements if isinstance(i, Datum)}
    telling = said_of(roster, problem)
    if clause.table is not None:
        found = read_table(problem.table(clause.table), telling)
        text = write_statements(found if is_sound(found, names) else ())
        return (Option(text, sampling.samples, float(sampling.samples)),), Usage()
    known = _settled(clause, telling, roster)
    if known is not None:
        return (Option(known, sampling.samples, float(sampling.samples)),), Usage()
    turns = [*conversation(problem, _told(roster), earlier), ask_clause(clause)]
    reply = await model.complete(
        turns,
        clause_form(clause, telling, measures),
        samples=sampling.samples,
        temperature=sampling.heat,
        seed=sampling.seed,
        max_tokens=40 + 24 * (1 + len(clause.slots)),
        deadline=sampling.deadline,
        purpose=f"sentence {clause.sentence}",
    )
    scale = sampling.samples / _SAMPLES_COSTED

    def key(candidate: Candidate[tuple[Statement, ...]]) -> Hashable | None:
        found = candidate.value or ()
        return meaning_of(found) if is_sound(found, names) else None

    counted = _votes(reply.readable, key, write_statements)
    options = [
        Option(text, votes, votes - scale * cost(clause, read_statements(text), telling, data))
        for text, votes in counted
    ]
    options.sort(key=lambda option: -option.score)
    return tuple(options) or (Option(NOTHING, 0, 0.0),), reply.usage


async def state_goal(
    problem: Problem,
    roster: Sequence[Choice],
    readings: Sequence[tuple[Clause, str]],
    model: LanguageModel,
    sampling: Sampling,
) -> tuple[tuple[Option, ...], Usage]:
    """The readings of the objective, best first."""
    names = tuple(choice.name for choice in roster)
    statements = [item for _, text in readings for item in read_statements(text)]
    turns = [*conversation(problem, _told(roster), readings), ask_goal(problem)]
    reply = await model.complete(
        turns,
        goal_form(names, measures_of(statements, names)),
        samples=sampling.samples,
        temperature=sampling.heat,
        seed=sampling.seed,
        max_tokens=80,
        deadline=sampling.deadline,
        purpose="objective",
    )
    counted = _votes(
        reply.readable,
        lambda item: (
            None if item.value is None else (item.value.sense, write(normal(item.value.expr)))
        ),
        str,
    )
    scale = sampling.samples / _SAMPLES_COSTED
    options = [
        Option(text, votes, votes - scale * goal_cost(read_goal(text), names))
        for text, votes in counted
    ]
    return tuple(sorted(options, key=lambda option: -option.score)), reply.usage


def _settled(
    clause: Clause, telling: Mapping[str, frozenset[str]], roster: Sequence[Choice]
) -> str | None:
    """The reading that the words alone give; None if the model is to be asked."""
    if clause.slots and all(_counts_choices(slot, roster) for slot in clause.slots):
        return NOTHING
    if not clause.is_rule:
        return None
    found = read_rule(clause.text, telling)
    if found is None and len(mentioned(clause.text, telling)) < 2:
        return NOTHING
    return None if found is None else write_statements(found)


def _counts_choices(slot: Slot, roster: Sequence[Choice]) -> bool:
    """Whether the number only says how many choices there are: "two pills, red and blue"."""
    word = slot.quantity.kind == "word" and slot.side is None
    return word and slot.quantity.value == len(roster)


def _told(roster: Sequence[Choice]) -> str:
    return "\n".join(map(str, roster))


def _votes(
    candidates: Sequence[Candidate[T]],
    key: Callable[[Candidate[T]], Hashable | None],
    told: Callable[[T], str],
) -> list[tuple[str, int]]:
    """Texts with their votes, most first; candidates of one key count together.

    The text is that of the value: an endpoint may have answered in JSON or between fences.
    """
    counts: Counter[Hashable] = Counter()
    texts: dict[Hashable, str] = {}
    for candidate in candidates:
        try:
            found = key(candidate)
        except (R2CError, ValueError, ArithmeticError):
            continue  # a reading that has no meaning is no reading
        if found is not None and candidate.value is not None:
            counts[found] += 1
            texts.setdefault(found, told(candidate.value))
    return [(texts[found], votes) for found, votes in counts.most_common()]
