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
from r2c_benchmarks.rulebench.second.by_hand import by_hand
from r2c_benchmarks.rulebench.text import told_value
from r2c_benchmarks.rulebench.troubles import ReadingOf, Status

_DIGITS = 9
_TRIES = 60
_FURTHER = 4
"""Sets of numbers drawn beyond those needed, for rules that do not matter with these."""


class RuleBenchItem(Frozen):
    """A problem of RuleBench.

    Attributes:
        id: Names suite, level and seed.
        family: The business that it is about; items of one story are not independent.
        problem: The text.
        tables: The content of its data files, by name.
        status: What a careful reader comes to.
        answer: The optimum, if there is one; also of a problem that no linear model expresses.
        rules: The rules, with where they are stated.
        numbers: The numbers told, those in the text first, then those in files, in order.
        others: The same words about other numbers: a right formulation is right on all of them.
        cir: What the text means; not for problems that cannot be modelled.
        again: How its answer was found a second time without a solver, if it was.
        readings: What its vague sentence may mean, with the optimum of each reading.
        conflict: The rules of which no plan keeps all.
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
    again: str = ""
    readings: tuple[ReadingOf, ...] = ()
    conflict: tuple[str, ...] = ()
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
        again=by_hand(made.cir, made.answer, made.selection.story.id) if made.answer else "",
        readings=tuple(made.spoilt.readings) if made.spoilt else (),
        conflict=tuple(made.spoilt.conflict) if made.spoilt else (),
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
        again = _covering(made, f"{name}/{number}", prover, others)
        if again is not None:
            return made, again
    raise NOT_MADE(kind="telling", level=level, seed=name, tries=_TRIES)


def _covering(made: Made, seed: str, prover: Prover, others: int) -> list[Made] | None:
    """So many other sets of numbers that each rule matters with some, the first ones included.

    Sets with which no further rule matters give way to others, a few times.
    """
    idle = _idle(made, {rule.id for rule in made.selection.rules}, prover)
    useful: list[Made] = []
    rest: list[Made] = []
    for number in range(others + _FURTHER):
        if len(useful) == others or (not idle and len(useful) + len(rest) >= others):
            break
        one = renumbered(made, f"{seed}/{number}", prover)
        left = _idle(one, idle, prover)
        (rest if left == idle else useful).append(one)
        idle = left
    return None if idle else (useful + rest)[:others]


def _idle(made: Made, rules: set[str], prover: Prover) -> set[str]:
    """Those of some rules that do not matter with the numbers of a problem."""
    story, answer = made.selection.story.id, made.answer
    if answer is None:
        return rules
    return {rule for rule in rules if not matters(made.cir, rule, answer, prover, story)}


def _numbers(made: Made) -> tuple[float, ...]:
    return tuple(told_value(made.selection, made.numbers, slot) for slot in made.page.slots)


def _rounded(made: Made) -> float | None:
    """The optimum to the digits that a solver is sure of."""
    value = made.answer.objective if made.answer else made.spoilt and made.spoilt.answer
    return None if value is None else float(f"{value:.{_DIGITS}g}")
