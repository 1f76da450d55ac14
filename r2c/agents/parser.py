"""The Parser agent: names the decisions, reads the sentences one by one, states the objective.

Every answer is sampled several times and put to the vote; a reading keeps its votes less what
speaks against it (`r2c.agents.plain.preference`). The best reading of a sentence is part of the
conversation for the next one; the others stay as options for the Reflector.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from r2c.agents.clauses import Clause
from r2c.agents.conversation import ask_clause, ask_goal, conversation
from r2c.agents.dialect import Dialect, Told, Whole
from r2c.agents.form import NOTHING
from r2c.agents.formal import Formal, write_formals
from r2c.agents.goal import Goal, read_goal
from r2c.agents.roster import Choice
from r2c.agents.statements import (
    Statement,
    write_statements,
)
from r2c.errors import LanguageModelError, R2CError, declare
from r2c.llm.model import Candidate, LanguageModel, Message, Reply, Usage
from r2c.llm.spec import OutputSpec

NO_DECISIONS = declare(
    "R2C-G001",
    LanguageModelError,
    what="The language model named no quantities to decide in {samples} answers.",
    why="Without decisions there is nothing to model; the last answer was {answer!r}.",
    remedy="Say in the text what is to be decided, or use a stronger model.",
)

T = TypeVar("T")
RULES_TOKENS = 1500
"""The most that an answer with all rules takes."""
_SAMPLES_COSTED = 5
"""The number of samples for which the costs of `preference` are stated."""


@dataclass(frozen=True, slots=True)
class Option:
    """One reading: its text, the samples that gave it, and its score.

    `asked` is how many samples were drawn for it and the others of its place; None where that is
    as many as the job samples.
    """

    text: str
    votes: int
    score: float
    asked: int | None = None


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
    dialect: Dialect,
    model: LanguageModel,
    sampling: Sampling,
    refused: Collection[frozenset[str]] = (),
) -> tuple[tuple[Choice, ...], float, Usage]:
    """The decisions, the share of samples that name as many, and the cost.

    Args:
        dialect: how the problem is read.
        model: the language model.
        sampling: how to sample.
        refused: sets of names that led nowhere; taken again only if there is nothing else.

    Raises:
        LanguageModelError: R2C-G001 if no sample names any.
    """
    known = dialect.settled_roster()
    if known is not None and frozenset(item.name for item in known) not in refused:
        return known, 1.0, Usage()
    messages, form = conversation(dialect, None), dialect.roster_form()
    reply = await _asked(dialect, model, sampling, messages, form, "decisions")
    best = dialect.best_roster(_some(reply), refused)
    share = sum(len(roster) == len(best) for roster in reply.values) / len(reply.candidates)
    return best, share, reply.usage


async def _asked(
    dialect: Dialect,
    model: LanguageModel,
    sampling: Sampling,
    messages: list[Message],
    form: OutputSpec[tuple[Choice, ...]],
    purpose: str,
) -> Reply[tuple[Choice, ...]]:
    return await model.complete(
        messages,
        form,
        samples=sampling.samples,
        temperature=sampling.heat,
        seed=sampling.seed,
        max_tokens=dialect.roster_tokens,
        deadline=sampling.deadline,
        purpose=purpose,
    )


def _some(reply: Reply[tuple[Choice, ...]]) -> Sequence[tuple[Choice, ...]]:
    """The rosters of an answer.

    Raises:
        LanguageModelError: R2C-G001 if there are none.
    """
    if not reply.values:
        answer = reply.candidates[-1].text if reply.candidates else ""
        raise NO_DECISIONS(samples=len(reply.candidates), answer=answer[:200])
    return reply.values


async def read_clause(
    dialect: Dialect,
    roster: Sequence[Choice],
    earlier: Told,
    clause: Clause,
    model: LanguageModel,
    sampling: Sampling,
    *,
    told_before: str | None = None,
    reason: str = "",
) -> tuple[tuple[Option, ...], Usage]:
    """The readings of one sentence, best first; `none` if no sample is sound.

    Args:
        dialect: how the problem is read.
        roster: the decisions.
        earlier: the sentences read so far.
        clause: the sentence to read.
        model: the language model.
        sampling: how to sample.
        told_before: in a repair, how the sentence was read before.
        reason: in a repair, what speaks against that.
    """
    known = dialect.settled(clause, roster)
    if known is not None:
        return (Option(known, sampling.samples, float(sampling.samples)),), Usage()
    reply = await model.complete(
        [*conversation(dialect, roster, earlier), ask_clause(clause, told_before, reason)],
        dialect.clause_form(clause, roster, earlier),
        samples=sampling.samples,
        temperature=sampling.heat,
        seed=sampling.seed,
        max_tokens=dialect.clause_tokens(clause),
        deadline=sampling.deadline,
        purpose=f"sentence {clause.sentence}",
    )

    def key(candidate: Candidate[tuple[Statement, ...]]) -> Hashable | None:
        return dialect.meaning(clause, candidate.value or (), roster, earlier)

    def cost(text: str) -> float:
        return dialect.cost(clause, dialect.read(text), roster, earlier)

    counted = _votes(reply.readable, key, write_statements)
    said = {text for text, _ in counted}
    others = dialect.other_sides(clause, dialect.read(counted[0][0]), roster) if counted else ()
    counted += [(text, 0) for text in others if text not in said]
    options = _scored(counted, cost, sampling)
    return options or (Option(NOTHING, 0, 0.0),), reply.usage


async def declare_nouns(
    dialect: Whole,
    model: LanguageModel,
    sampling: Sampling,
    refused: Collection[frozenset[str]] = (),
) -> tuple[tuple[Choice, ...], float, Usage]:
    """Sets, numbers and decisions, the share of samples that declare the same, and the cost.

    The sets come first, so that the form of the numbers knows how many of each there are.

    Args:
        dialect: how the problem is read.
        model: the language model.
        sampling: how to sample.
        refused: as in `name_decisions`.

    Raises:
        LanguageModelError: R2C-G001 if no sample declares a decision.
    """
    messages, form = conversation(dialect, None), dialect.sets_form()
    first = await _asked(dialect, model, sampling, messages, form, "sets")
    sets = dialect.best_roster(first.values, ()) if first.values else ()
    known = (*dialect.known, *sets)
    messages = [*conversation(dialect, known), dialect.ask_nouns()]
    second = await _asked(
        dialect, model, sampling, messages, dialect.nouns_form(known), "decisions"
    )
    best = dialect.best_roster(_some(second), refused)
    share = sum(roster == best for roster in second.values) / len(second.candidates)
    return (*known, *best), share, first.usage + second.usage


async def read_whole(
    dialect: Whole, roster: Sequence[Choice], model: LanguageModel, sampling: Sampling
) -> tuple[list[tuple[Option, ...]], Usage]:
    """The readings of all sentences, each best first, out of one answer a sample.

    A rule without meaning is left out; it makes no sample worthless that has others.

    Args:
        dialect: how the problem is read.
        roster: what is declared.
        model: the language model.
        sampling: how to sample.
    """
    messages = [*conversation(dialect, roster), dialect.ask_rules()]
    reply = await model.complete(
        messages,
        dialect.rules_form(roster),
        samples=sampling.samples,
        temperature=sampling.heat,
        seed=sampling.seed,
        max_tokens=RULES_TOKENS,
        deadline=sampling.deadline,
        purpose="rules",
    )
    numbers = [item.sentence for item in dialect.clauses]
    held: dict[int, list[tuple[Formal, ...]]] = {number: [] for number in numbers}
    for candidate in reply.readable:
        rules = [item for item in candidate.value or () if isinstance(item, Formal)]
        stated = {_nearest(item.first, numbers) for item in rules}
        sound = [made for item in rules if (made := dialect.sound(item, roster, rules))]
        for number, readings in held.items():
            own = tuple(item for item in sound if _nearest(item.first, numbers) == number)
            if own or number not in stated:  # else the sample stated what has no meaning
                readings.append(own)
    return [_options_of(held[item.sentence]) for item in dialect.clauses], reply.usage


def _nearest(number: int, numbers: Sequence[int]) -> int:
    """The sentence of a number, or the last one that is read before it."""
    return max((one for one in numbers if one <= number), default=numbers[0])


def _options_of(readings: Sequence[tuple[Formal, ...]]) -> tuple[Option, ...]:
    """The readings of one sentence with their votes, most first."""
    counts = Counter(frozenset(item.meaning for item in rules) for rules in readings)
    texts: dict[Hashable, str] = {}
    for rules in readings:
        texts.setdefault(frozenset(item.meaning for item in rules), write_formals(rules))
    options = [Option(texts[key], votes, float(votes)) for key, votes in counts.most_common()]
    return tuple(options) or (Option(NOTHING, 0, 0.0),)


async def state_goal(
    dialect: Dialect,
    roster: Sequence[Choice],
    readings: Told,
    model: LanguageModel,
    sampling: Sampling,
) -> tuple[tuple[Option, ...], Usage]:
    """The readings of the objective, best first."""
    known = dialect.settled_goal(roster, readings)
    if known is not None:  # one reading, which no sample has confirmed
        return (Option(known, 1, float(sampling.samples), asked=1),), Usage()
    reply = await model.complete(
        [*conversation(dialect, roster, readings), ask_goal(dialect.problem)],
        dialect.goal_form(roster, readings),
        samples=sampling.samples,
        temperature=sampling.heat,
        seed=sampling.seed,
        max_tokens=dialect.goal_tokens,
        deadline=sampling.deadline,
        purpose="objective",
    )

    def key(candidate: Candidate[Goal]) -> Hashable | None:
        return None if candidate.value is None else candidate.value.meaning

    counted = _votes(reply.readable, key, str)
    said = {read_goal(text).meaning for text, _ in counted}
    # A suggestion competes with what was read; where nothing could be read, nothing is made up.
    suggested = dialect.suggested_goals(roster, readings) if counted else ()
    counted += [(text, 0) for text in suggested if read_goal(text).meaning not in said]
    options = _scored(counted, lambda text: dialect.goal_cost(read_goal(text), roster), sampling)
    return options, reply.usage


def _scored(
    counted: Sequence[tuple[str, int]], cost: Callable[[str], float], sampling: Sampling
) -> tuple[Option, ...]:
    """Votes less what speaks against each text, best first; of equals what costs less."""
    scale = sampling.samples / _SAMPLES_COSTED
    options = [
        Option(text, votes, votes - scale * cost(text), sampling.samples) for text, votes in counted
    ]
    return tuple(sorted(options, key=lambda option: (-option.score, option.votes)))


def _votes(
    candidates: Sequence[Candidate[T]],
    key: Callable[[Candidate[T]], Hashable | None],
    told: Callable[[T], str],
) -> list[tuple[str, int]]:
    """Texts with their votes, most first; candidates of one key count together.

    The text is that of the value, since an endpoint may have answered in JSON or between fences;
    of several with one key it is the most frequent.
    """
    counts: Counter[Hashable] = Counter()
    texts: dict[Hashable, Counter[str]] = {}
    for candidate in candidates:
        try:
            found = key(candidate)
        except (R2CError, ValueError, ArithmeticError):
            continue  # a reading that has no meaning is no reading
        if found is not None and candidate.value is not None:
            counts[found] += 1
            texts.setdefault(found, Counter())[told(candidate.value)] += 1
    return [(texts[found].most_common(1)[0][0], votes) for found, votes in counts.most_common()]
