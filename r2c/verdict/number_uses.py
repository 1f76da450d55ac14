"""What a model has made of a number that a sentence says, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.cir.check_quotes import words_of
from r2c.cir.expr import Add, Compare, Mul, Neg, Num
from r2c.cir.occurrences import occurrences
from r2c.cir.owners import Owner, owners
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.errors import InputError, declare
from r2c.problem.schema import Problem, Quantity, Sentence, Span
from r2c.verdict.as_written import remade
from r2c.verdict.changed_number import Stated, open_numbers, step
from r2c.verdict.dropped_rules import stands_in
from r2c.verdict.origins import Traced

OPEN_ORIGIN = declare(
    "R2C-V057", InputError,
    what="It is open whether the {value} of {owner} comes from sentence {sentence}.",
    why="It may come from {others} as well.",
    remedy="{remedy}",
)  # fmt: skip
HIDDEN_ONE = declare(
    "R2C-V058", InputError,
    what="The model may hold a 1 that is made of the {value} of sentence {sentence}, and it is "
    "not clear where.",
    why="{value} and {other} make 1, the words of {owner} say both, and it writes {value} alone.",
    remedy="Write the factor 1 of {owner} out, or formulate the changed text anew.",
)  # fmt: skip
_RELATIVE = re.compile(
    r"\b(?:of|as|than|times|that)\s+(?:that|it|this|these|those|them|much|many|long|what|of|an?)\b",
    re.IGNORECASE,
)
"""Words by which an amount is told by another one."""
_CUT = 60


@dataclass(frozen=True, slots=True)
class Use:
    """A number of the model that comes from one of a sentence, with what it becomes."""

    stated: Stated
    new: float
    whole: bool = True
    """Whether it is the number itself, not what it makes with another."""


def uses(
    sentence: Sentence,
    said: Quantity,
    new: float,
    traced: Sequence[Traced],
    cir: CIR,
    problem: Problem,
) -> Iterator[Use]:
    """All numbers of a model that follow when a sentence says `new` in the place of a number.

    Raises:
        InputError: R2C-V057, R2C-V058.
    """
    for stated, sources in traced:
        after = [_after(stated, one, sentence, said, new, problem) for one in sources]
        if len(set(after)) > 1:
            others = [one for one, made in zip(sources, after, strict=True) if made is None]
            raise _open(stated, sentence, others or list(sources[1:]), new, problem)
        if after and after[0] is not None:
            yield Use(stated, after[0], sources[0].kind == "text")
    yield from _ones(sentence, said, new, cir, problem)


def _after(
    stated: Stated, source: Source, sentence: Sentence, said: Quantity, new: float, problem: Problem
) -> float | None:
    """What a number becomes if it comes from there; None if it stays."""
    value = stated.item.value
    percent = said.kind == "percent"
    if not any(_says(span, said, sentence, problem) for span in source.spans):
        return None
    if source.kind == "text":
        for scale in (1.0, 100.0) if percent else (1.0,):
            if abs(value) == abs(said.value) * scale:
                return new * scale if value == said.value * scale else -new * scale
        return None
    if source.kind != "derived":
        return None
    sign = -1.0 if said.value < 0 else 1.0
    for scale in (1.0, 100.0) if percent else (1.0,):
        made = remade(source.note, abs(said.value) * scale, new * sign * scale)
        if made is not None:
            return -made if value < 0 else made
    return None


def _says(span: Span, said: Quantity, sentence: Sentence, problem: Problem) -> bool:
    """Whether the words hold a number of the sentence of that value."""
    return stands_in(span, sentence) and any(
        span.overlaps(item.span) and abs(item.value) == abs(said.value)
        for item in problem.quantities
    )


def _open(
    stated: Stated, sentence: Sentence, others: list[Source], new: float, problem: Problem
) -> Exception:
    owner, value = stated.owner, abs(stated.item.value)
    if owner.kind == "rule":
        words = "" if owner.quote else ", or give it its quote"
        remedy = f"Name the rule, `rule {owner.name}: {step(value, new)}`{words}."
    elif owner.kind == "parameter":
        remedy = f"Name the parameter: `{owner.name} = {number(new)}`."
    else:
        remedy = f"Give {owner} its quote, the words that it comes from."
    return OPEN_ORIGIN(
        value=number(value),
        owner=str(owner),
        sentence=sentence.number,
        others=" and ".join(dict.fromkeys(_told(one, problem) for one in others)),
        remedy=remedy,
    )


def _told(source: Source, problem: Problem) -> str:
    places = [
        f"sentence {item.number} (“{_cut(item.text)}”)"
        for item in problem.sentences
        if any(stands_in(span, item) for span in source.spans)
    ]
    where = " and ".join(places)
    if source.kind == "text":
        return where or "elsewhere"
    return f"“{source.note}”{' of ' if where else ''}{where}"


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _CUT else f"{words[: _CUT - 1]}…"


def plain_ones(sentence: Sentence, cir: CIR, problem: Problem, one: float) -> Iterator[Stated]:
    """A 1 needs no source, so none is traced; the only one of a rule that says 1 is meant."""
    said = [item for item in problem.quantities if item.sentence == sentence.number]
    if not any(item.value == one for item in said):
        return
    for owner in owners(cir):
        ones = [item for item in open_numbers(owner) if abs(item.value) == one]
        if len(ones) == 1 and stands_in(words_of(owner, problem), sentence):
            yield Stated(owner, ones[0])


def _ones(
    sentence: Sentence, said: Quantity, new: float, cir: CIR, problem: Problem
) -> Iterator[Use]:
    """A 1 that is made of the number: a loaf earns 4, a roll a quarter of that.

    Raises:
        InputError: R2C-V058, the model does not write the 1, or more than one.
    """
    value = abs(said.value)
    one_said = any(q.sentence == sentence.number and q.value == 1 for q in problem.quantities)
    if one_said or not _RELATIVE.search(sentence.text):
        return
    for owner in owners(cir):
        if not value or value == 1 or not stands_in(words_of(owner, problem), sentence):
            continue
        written = {abs(item.value) for item in occurrences(owner)}
        others = [
            item
            for item in problem.quantities
            if item.sentence == sentence.number
            and abs(item.value * value) == 1
            and not {abs(item.value), value} <= written
            and {abs(item.value), value} & written
        ]
        if not others:
            continue
        ones = [item for item in open_numbers(owner) if abs(item.value) == 1]
        bare = _bare(owner)
        if not ones and not bare:
            continue
        if len(ones) != 1 or bare:
            raise HIDDEN_ONE(
                value=number(value),
                sentence=sentence.number,
                other=number(abs(others[0].value)),
                owner=str(owner),
            )
        made = new * (-1 if said.value < 0 else 1) * abs(others[0].value)
        yield Use(Stated(owner, ones[0]), made * ones[0].value, whole=False)


def _bare(owner: Owner) -> bool:
    """Whether a decision stands there without a factor."""
    for place in owner.places:
        sides = place.expr.args if isinstance(place.expr, Compare) else (place.expr,)
        for side in sides:
            for term in side.terms if isinstance(side, Add) else (side,):
                plain = term.term if isinstance(term, Neg) else term
                if not isinstance(plain, Mul | Num):
                    return True
    return False
