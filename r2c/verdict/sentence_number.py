"""The number that a sentence states becomes another one, `sentence 4: 100 -> 120`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from r2c.cir.check_quotes import words_of
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.errors import InputError, declare
from r2c.problem.schema import Problem, Quantity, Sentence
from r2c.verdict.as_written import said_as, scale_of
from r2c.verdict.changed_number import NO_SUCH_NUMBER, Stated, chosen_numbers, renumbered, step
from r2c.verdict.dropped_rules import sentence_numbered, stands_in
from r2c.verdict.lone_numbers import lone_numbers, names_beside
from r2c.verdict.number_uses import Use, plain_ones, uses
from r2c.verdict.origins import Traced, origins

SAID_TWICE = declare(
    "R2C-V056", InputError,
    what="{place} says {value} in {times} places, and the model takes it for {places}.",
    why="Which of them becomes {new} is not said.",
    remedy="{remedy}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentenceNumber:
    """`sentence 4: 120`, `sentence 4: 100 -> 120`; sentences count from 1.

    A `limit` is the number that stands alone beside the sign of a rule, if there is one.
    """

    sentence: int
    new: float
    old: float | None = None
    limit: bool = False

    def __str__(self) -> str:
        if self.limit:
            return f"the limit in sentence {self.sentence} becomes {number(self.new)}"
        return f"sentence {self.sentence}: {step(self.old, self.new)}"

    def applied(self, cir: CIR, problem: Problem) -> CIR:
        """The model with the number changed wherever it comes from the sentence.

        What the model made of the number follows: 45 hours where 8 a day for 5 days become 9.

        Raises:
            InputError: R2C-V025, R2C-V026, R2C-V029, R2C-V030, R2C-V056 to R2C-V058.
        """
        return self.told(cir, problem)[0]

    def told(self, cir: CIR, problem: Problem) -> tuple[CIR, Problem]:
        """The model as `applied` changes it, and the problem whose sentence says the new number."""
        sentence = sentence_numbered(problem, self.sentence, cir)
        place = f"Sentence {self.sentence} (“{sentence.text}”)"
        traced = tuple(origins(cir, problem))
        limits = _limits(sentence, traced, cir, problem) if self.limit else []
        old, new = self.old, self.new
        if old is None:
            old = _only(sentence, limits, traced, problem, place, new)
        said = said_as(sentence, problem, old)
        if not said and (scale := scale_of(sentence, problem, old)) is not None:
            old, new = old * scale, new * scale
            said = said_as(sentence, problem, old)
        after = new if said and said[0].value * old > 0 else -new
        found = list(uses(sentence, said[0], after, traced, cir, problem)) if said else []
        if abs(old) == 1:
            ones = plain_ones(sentence, cir, problem, abs(old))
            found += [Use(one, new * one.item.value * old) for one in ones]
        if not found:
            _refuse_unused(old, new, sentence, traced, problem, place)
        changed = [(use.stated, use.new) for use in found]
        if len(said) > 1:
            meant = [pair for pair in changed if pair[0] in limits]
            if len(meant) == 1 and all(use.whole for use in found):
                return renumbered(cir, meant), problem
            _refuse_two_meanings(found, len(said), old, new, place)
        return renumbered(cir, changed), _retold(problem, said, old, new)


def stated_in(sentence: Sentence, traced: Iterable[Traced], problem: Problem) -> Iterator[Stated]:
    """The numbers of a model that a sentence says, and no other one, wherever they are written."""
    for stated, sources in traced:
        if sources and all(_from(one, stated, sentence, problem) for one in sources):
            yield stated


def _stated(sentence: Sentence, traced: Iterable[Traced], problem: Problem) -> Iterator[Stated]:
    """Those that the sentence may say, though another one may as well."""
    for stated, sources in traced:
        if any(_from(one, stated, sentence, problem) for one in sources):
            yield stated


def _from(source: Source, stated: Stated, sentence: Sentence, problem: Problem) -> bool:
    return source.kind == "text" and any(
        stands_in(span, sentence)
        and span.overlaps(item.span)
        and abs(item.value) == abs(stated.item.value)
        for span in source.spans
        for item in problem.quantities
    )


def _limits(
    sentence: Sentence, traced: Sequence[Traced], cir: CIR, problem: Problem
) -> list[Stated]:
    """The limits that the sentence says, else those that a rule made of its words and numbers."""
    beside = names_beside(cir)
    said, made = [], []
    for stated, sources in traced:
        if stated.item not in lone_numbers(stated.owner, beside):
            continue
        if any(_from(one, stated, sentence, problem) for one in sources):
            said.append(stated)
        elif stands_in(words_of(stated.owner, problem), sentence) and any(
            one.kind == "derived" and any(stands_in(span, sentence) for span in one.spans)
            for one in sources
        ):
            made.append(stated)
    return said or made


def _only(
    sentence: Sentence,
    limits: list[Stated],
    traced: Sequence[Traced],
    problem: Problem,
    place: str,
    new: float,
) -> float:
    """The number that a change means that names none, as the sentence says it.

    Raises:
        InputError: R2C-V029, R2C-V030.
    """
    found = limits or list(_stated(sentence, traced, problem))
    if not found:
        _tell_made(sentence, traced, problem, place, new)
    chosen = chosen_numbers(found, None, new, place, f"sentence {sentence.number}")
    value = abs(chosen[0].item.value)
    said = said_as(sentence, problem, value)
    if not said:
        _tell_made(sentence, traced, problem, place, new, chosen[0])
    return said[0].value if said else value


def _tell_made(
    sentence: Sentence,
    traced: Sequence[Traced],
    problem: Problem,
    place: str,
    new: float,
    only: Stated | None = None,
) -> None:
    """Refuse a change of a number that no words say, with what it was made of.

    Raises:
        InputError: R2C-V029.
    """
    for stated, sources in traced:
        for source in sources if only is None or stated == only else ():
            part = next(
                (
                    item.value
                    for item in problem.quantities
                    for span in source.spans
                    if span.overlaps(item.span) and stands_in(span, sentence)
                ),
                None,
            )
            if source.kind == "derived" and part is not None:
                name = stated.owner.name
                rule = f" or the rule, `rule {name}: {step(stated.item.value, new)}`"
                raise NO_SUCH_NUMBER(
                    place=place,
                    wanted="",
                    candidates=f"made of others: {source.note} ({stated.owner})",
                    remedy="Change a number that the sentence writes, "
                    f"`sentence {sentence.number}: {step(part, new)}`"
                    f"{rule if stated.owner.kind == 'rule' else ''}.",
                )


def _refuse_unused(
    old: float,
    new: float,
    sentence: Sentence,
    traced: Sequence[Traced],
    problem: Problem,
    place: str,
) -> None:
    """Refuse a number that the model does not take from the sentence.

    Raises:
        InputError: R2C-V029.
    """
    numbers = [one for one in _stated(sentence, traced, problem) if abs(one.item.value) != abs(old)]
    for stated, sources in traced:
        if stated.item.value == old and sources and sources[0].kind == "derived":
            _tell_made(sentence, traced, problem, place, new, stated)
    chosen_numbers(numbers, old, new, place, f"sentence {sentence.number}")


def _refuse_two_meanings(found: list[Use], times: int, old: float, new: float, place: str) -> None:
    """Refuse to change two numbers that only happen to be equal.

    Raises:
        InputError: R2C-V056.
    """
    if len(found) < 2 and all(use.whole for use in found):
        return
    owners = list(dict.fromkeys(str(use.stated.owner) for use in found))
    raise SAID_TWICE(
        place=place,
        value=number(abs(old)),
        times=times,
        places=" and ".join(owners),
        new=number(new),
        remedy=_way(found),
    )


def _way(found: Sequence[Use]) -> str:
    """How to say which of equal numbers is meant; a rule changes all that it writes."""
    for use in found:
        owner, value = use.stated.owner, use.stated.item.value
        after = use.new if value > 0 else -use.new
        if owner.kind == "rule":
            return f"Name the place: `rule {owner.name}: {step(abs(value), after)}`."
        if owner.kind == "parameter":
            keys = "" if len(owner.places) == 1 else "[...]"
            return f"Name the place: `{owner.name}{keys} = {number(use.new)}`."
    return "Change the words of the sentence and formulate the problem anew."


def _retold(problem: Problem, said: list[Quantity], old: float, new: float) -> Problem:
    """The problem whose sentence says the new number, so that the next change finds its uses."""

    def told(item: Quantity) -> Quantity:
        value = new if item.value * old > 0 else -new
        return item.model_copy(update={"value": value, "text": number(value)})

    quantities = tuple(told(item) if item in said else item for item in problem.quantities)
    return problem.model_copy(update={"quantities": quantities})
