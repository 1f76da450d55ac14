"""The numbers of a model that a planner may want to be others, each as the start of a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.problem.schema import Problem, Sentence
from r2c.verdict.origins import origins
from r2c.verdict.sentence_number import stated_in
from r2c.verdict.written_keys import written

_MOST_SENTENCES = 60
_MOST_VALUES = 150
_WORDS = 90


@dataclass(frozen=True)
class Adjustable:
    """One number: `change` is a change of `r2c whatif` up to the new number."""

    change: str
    label: str
    now: float


@dataclass(frozen=True)
class Group:
    """Numbers that belong together: those of a sentence, or of a parameter."""

    label: str
    items: tuple[Adjustable, ...]


def adjustable(cir: CIR, problem: Problem) -> tuple[Group, ...]:
    """What sentences state, then what parameters hold."""
    return (*_of_sentences(cir, problem), *_of_parameters(cir, problem))


def _of_sentences(cir: CIR, problem: Problem) -> Iterator[Group]:
    traced = tuple(origins(cir, problem))
    for sentence in problem.sentences[:_MOST_SENTENCES]:
        found = sorted({abs(one.item.value) for one in stated_in(sentence, traced, problem)})
        items = tuple(
            Adjustable(
                f"sentence {sentence.number}: {number(value)} ->",
                _quantity(sentence, value, problem),
                value,
            )
            for value in found
        )
        if items:
            words = " ".join(sentence.text.split())
            cut = words if len(words) <= _WORDS else words[: _WORDS - 1].rstrip() + "…"
            yield Group(f"{sentence.number}. {cut}", items)


def _quantity(sentence: Sentence, value: float, problem: Problem) -> str:
    """The number as the sentence writes it, with its unit."""
    for item in problem.quantities:
        if item.sentence == sentence.number and abs(item.value) == value:
            unit = f" {item.unit}" if item.unit and item.unit not in item.text else ""
            return f"{item.text}{unit}"
    return number(value)


def _of_parameters(cir: CIR, problem: Problem) -> Iterator[Group]:
    values = bind(cir, problem).parameters
    left = _MOST_VALUES
    for parameter in cir.parameters:
        known = values.get(parameter.name)
        if known is None or left <= 0:
            continue
        name = parameter.meaning or parameter.name.replace("_", " ")
        unit = f" ({parameter.unit})" if parameter.unit else ""
        items = []
        for key in known:
            if left <= 0:
                break
            left -= 1
            keys = tuple(map(str, key))
            told = ", ".join(keys) or name
            items.append(Adjustable(f"{written(parameter.name, keys)} =", told, known[key]))
        if items:
            yield Group(f"{name[:1].upper()}{name[1:]}{unit}", tuple(items))
