"""A problem as it is handed out: one JSON object, with all that a scorer needs beside the text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from r2c.cir.schema import CIR
from r2c.problem.schema import Frozen
from r2c_benchmarks.items import OtherNumbers, Stated
from r2c_benchmarks.rulebench.examine import matters
from r2c_benchmarks.rulebench.make import NOT_MADE, Made, make, renumbered
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.text import told_value
from r2c_benchmarks.rulebench.troubles import Status

_DIGITS = 9
_TRIES = 60


class RuleBenchItem(Frozen):
    """A problem of RuleBench.

    Attributes:
        id: Names suite, level and seed.
        family: The business that it is about; items of one story are not independent.
        problem: The text.
        tables: The content of its data files, by name.
        status: What a careful reader comes to.
        answer: The optimum, if there is one.
        rules: The rules, with where they are stated.
        numbers: The numbers told, those in the text first, then those in files, in order.
        others: The same words about other numbers: a right formulation is right on all of them.
        cir: What the text means; not for problems that cannot be modelled.
        why: What is wrong with a problem that has no optimum.
    """

    id: str
    source: Literal["rulebench"] = "rulebench"
    family: str
    level: int
    style: str
    problem: str
    tables: Mapping[str, str] = {}
    status: Status
    answer: float | None = None
    trust: Literal["A-proved"] = "A-proved"
    rules: tuple[Stated, ...]
    numbers: tuple[float, ...]
    others: tuple[OtherNumbers, ...] = ()
    cir: CIR | None = None
    why: str = ""

    def line(self) -> str:
        """The item as one line of JSON, equal for equal items."""
        told = self.model_dump(mode="json", exclude_defaults=True)
        told |= {"source": self.source, "trust": self.trust}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def item(
    suite: str,
    seed: str,
    level: int,
    prover: Prover,
    *,
    kind: str | None = None,
    others: int = 3,
    for_training: bool = False,
) -> RuleBenchItem:
    """The item of a seed.

    Args:
        suite: The name of the suite, part of the seed.
        seed: Names the item within the suite.
        level: 1 to 5.
        prover: Proves the answers.
        kind: The kind of trouble that it has, if it has no optimum.
        others: How many other sets of numbers it has.
        for_training: Whether it is told in words that only training data have.

    Raises:
        InputError: R2C-B093.
    """
    name = f"{suite}-{level}-{seed}"
    made, again = _telling(name, level, prover, kind, others, for_training)
    return RuleBenchItem(
        id=name,
        family=made.selection.story.id,
        level=level,
        style=made.style,
        problem=made.text.words,
        tables=made.text.files,
        status=made.status,
        answer=_rounded(made),
        rules=tuple(
            Stated(id=rule.id, archetype=rule.archetype, span=made.text.rules[rule.id])
            for rule in made.selection.rules
        ),
        numbers=_numbers(made),
        others=tuple(
            OtherNumbers(
                problem=one.text.words,
                tables=one.text.files,
                numbers=_numbers(one),
                answer=_rounded(one) or 0.0,
            )
            for one in again
        ),
        cir=None if made.answer is None else made.cir,
        why=made.spoilt.why if made.spoilt else "",
    )


def _telling(
    name: str, level: int, prover: Prover, kind: str | None, others: int, for_training: bool
) -> tuple[Made, list[Made]]:
    """A problem and its other numbers such that every rule matters with some of the numbers."""
    for number in range(_TRIES):
        made = make(f"{name}/{number}", level, prover, for_training, kind)
        if kind is not None:
            return made, []
        again = [renumbered(made, f"{name}/{number}/{k}", prover) for k in range(others)]
        if _all_matter([made, *again], prover):
            return made, again
    raise NOT_MADE(kind="telling", level=level, seed=name, tries=_TRIES)


def _all_matter(sets: list[Made], prover: Prover) -> bool:
    story = sets[0].selection.story.id
    return all(
        any(
            one.answer is not None and matters(one.cir, rule.id, one.answer, prover, story)
            for one in sets
        )
        for rule in sets[0].selection.rules
    )


def _numbers(made: Made) -> tuple[float, ...]:
    return tuple(told_value(made.selection, made.numbers, slot) for slot in made.page.slots)


def _rounded(made: Made) -> float | None:
    """The optimum to the digits that a solver is sure of."""
    if made.answer is None or made.answer.objective is None:
        return None
    return float(f"{made.answer.objective:.{_DIGITS}g}")
