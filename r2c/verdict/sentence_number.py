"""The number that a sentence states becomes another one, `sentence 4: 100 -> 120`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from r2c.cir.check_quotes import words_of
from r2c.cir.literals import trace_literals
from r2c.cir.occurrences import occurrences, source_of
from r2c.cir.owners import owners
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.errors import InputError, declare
from r2c.problem.schema import Problem, Sentence, Span
from r2c.verdict.as_written import parts_of, remade, scale_of
from r2c.verdict.changed_number import (
    NO_SUCH_NUMBER,
    Stated,
    chosen_numbers,
    open_numbers,
    renumbered,
    step,
)
from r2c.verdict.dropped_rules import sentence_numbered, stands_in

SAID_TWICE = declare(
    "R2C-V056", InputError,
    what="{place} says {value} in {times} places, and the model takes it for {places}.",
    why="Which of them becomes {new} is not said.",
    remedy="Name the place: `{example}`.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentenceNumber:
    """`sentence 4: 120`, `sentence 4: 100 -> 120`; sentences count from 1."""

    sentence: int
    new: float
    old: float | None = None

    def __str__(self) -> str:
        return f"sentence {self.sentence}: {step(self.old, self.new)}"

    def applied(self, cir: CIR, problem: Problem) -> CIR:
        """The model with the number changed wherever it comes from the sentence.

        What the model made of the number follows: 45 hours where 8 a day for 5 days become 9.

        Raises:
            InputError: R2C-V025, R2C-V026, R2C-V029, R2C-V030, R2C-V056.
        """
        sentence = sentence_numbered(problem, self.sentence, cir)
        found = list(stated_in(sentence, cir, problem))
        old, new = self.old, self.new
        if old is not None and abs(old) == 1:
            found += _ones(sentence, cir, problem, abs(old))
        negative = {item.value for item in problem.quantities if item.sentence == sentence.number}
        if old is not None and not any(abs(one.item.value) == abs(old) for one in found):
            made = list(_made_of(old, new, sentence, cir, problem))
            if made:
                for one, value in made:
                    cir = renumbered(cir, [one], value, negative)
                return cir
            if (scale := scale_of(sentence, problem, old)) is not None:
                old, new = old * scale, new * scale
        place = f"Sentence {self.sentence} (“{sentence.text}”)"
        if not found:
            _tell_made(sentence, cir, problem, place, new)
        chosen = chosen_numbers(found, old, new, place, f"sentence {self.sentence}")
        _refuse_two_meanings(chosen, new, sentence, problem, place)
        return renumbered(cir, chosen, new, negative)


def stated_in(sentence: Sentence, cir: CIR, problem: Problem) -> Iterator[Stated]:
    """The numbers of a model that a sentence says, wherever the model writes them."""
    for stated, source in _sourced(cir, problem):
        if source.kind == "text" and any(
            stands_in(span, sentence) and _says(span, abs(stated.item.value), problem)
            for span in source.spans
        ):
            yield stated


def _made_of(
    old: float, new: float, sentence: Sentence, cir: CIR, problem: Problem
) -> Iterator[tuple[Stated, float]]:
    """The numbers that the model made of one of the sentence and another, with what they become."""
    for stated, source in _sourced(cir, problem):
        if source.kind != "derived" or old not in parts_of(source.note):
            continue
        here = any(stands_in(span, sentence) and _says(span, old, problem) for span in source.spans)
        value = remade(source.note, old, new)
        if here and value is not None:
            yield stated, value


def _sourced(cir: CIR, problem: Problem) -> Iterator[tuple[Stated, Source]]:
    for owner in owners(trace_literals(cir, problem)):
        for item in occurrences(owner):
            source = None if item.structural else source_of(owner, item)
            if source is not None:
                yield Stated(owner, item), source


def _says(span: Span, value: float, problem: Problem) -> bool:
    """Whether the number in the words is the model's, in the same unit."""
    return any(span.overlaps(item.span) and abs(item.value) == value for item in problem.quantities)


def _ones(sentence: Sentence, cir: CIR, problem: Problem, one: float) -> Iterator[Stated]:
    """A 1 needs no source, so none is traced; the only one of a rule that says 1 is meant."""
    said = [item for item in problem.quantities if item.sentence == sentence.number]
    if not any(item.value == one for item in said):
        return
    for owner in owners(cir):
        near = words_of(owner, problem)
        ones = [item for item in open_numbers(owner) if abs(item.value) == one]
        if len(ones) == 1 and stands_in(near, sentence):
            yield Stated(owner, ones[0])


def _tell_made(sentence: Sentence, cir: CIR, problem: Problem, place: str, new: float) -> None:
    """Refuse a change of a number that no words say, with what it was made of.

    Raises:
        InputError: R2C-V029.
    """
    for stated, source in _sourced(cir, problem):
        here = any(stands_in(span, sentence) for span in source.spans)
        if source.kind == "derived" and source.note and here:
            name = stated.owner.name
            rule = f" or the rule, `rule {name}: {step(stated.item.value, new)}`"
            raise NO_SUCH_NUMBER(
                place=place,
                wanted="",
                candidates=f"made of others: {source.note} ({stated.owner})",
                remedy="Change a number that the sentence writes, "
                f"`sentence {sentence.number}: {step(next(parts_of(source.note), 0.0), new)}`"
                f"{rule if stated.owner.kind == 'rule' else ''}.",
            )


def _refuse_two_meanings(
    chosen: list[Stated], new: float, sentence: Sentence, problem: Problem, place: str
) -> None:
    """Refuse to change two limits that only happen to be equal.

    Raises:
        InputError: R2C-V056.
    """
    value = abs(chosen[0].item.value)
    times = sum(
        item.sentence == sentence.number and abs(item.value) == value for item in problem.quantities
    )
    rules = list(dict.fromkeys(one.owner.name for one in chosen if one.owner.kind == "rule"))
    if times > 1 and len(rules) > 1:
        raise SAID_TWICE(
            place=place,
            value=number(value),
            times=times,
            places=" and ".join(f"rule {rule!r}" for rule in rules),
            new=number(new),
            example=f"rule {rules[0]}: {step(value, new)}",
        )
