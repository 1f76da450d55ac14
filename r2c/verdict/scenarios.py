"""One change with several values: a table of what each of them would give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.errors import InputError, declare
from r2c.formulation import Formulation
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.supposition import Scenario, Scenarios
from r2c.verdict.change import NUMBER, Change, changed, read_number, told_and_changed
from r2c.verdict.what_if import answer_of, compared, solver, standing

MOST = 500
"""Scenarios of one table."""

BAD_RANGE = declare(
    "R2C-V036", InputError,
    what="The change {text!r} does not say which values are meant: {problem}.",
    why="Every value is solved by itself.",
    remedy="Write it like `80..120 step 10`, or list the values with blanks: `80, 100, 120`.",
)  # fmt: skip
TOO_MANY = declare(
    "R2C-V037", InputError,
    what="The change {text!r} has more than {most:value}.",
    why="Every value is solved by itself.",
    remedy="Choose a larger step.",
)  # fmt: skip
TWO_SERIES = declare(
    "R2C-V038", InputError,
    what="Two changes have several values: {first!r} and {second!r}.",
    why="A table of scenarios has one row for each value of one change.",
    remedy="Give one of them a single value.",
)  # fmt: skip

_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+")
_SIGNS = {"": "", "+": " plus", "-": " less", "*": " times", "/": " divided by"}
_SEVERAL = re.compile(
    rf"(?P<head>.*[=:<>])\s*(?:(?P<list>{NUMBER}(?:\s*,\s*{NUMBER})+)"
    rf"|(?P<first>(?:{NUMBER})?)\s*\.\.\s*(?P<last>{NUMBER})"
    rf"(?:\s+step\s+(?P<step>{NUMBER}))?)\s*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Series:
    """A change whose last number takes several values; `head` is what stands before it."""

    head: str
    values: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.head} {', '.join(map(number, self.values))}"

    def change(self, value: float) -> str:
        """The change with one of the values."""
        return f"{self.head} {number(value)}"

    @property
    def about(self) -> str:
        """What takes the values, for a column and an axis: `capacity`, `sentence 4`."""
        head = re.sub(r"\s*:.*$", "", self.head, flags=re.DOTALL)
        found = re.fullmatch(r"(.*[^=<>!+*/-])\s*([-+*/]?)=", head, re.DOTALL)
        return head if found is None else f"{found[1].strip()}{_SIGNS[found[2]]}"


def read_series(text: str) -> Series | None:
    """A change with several values, None if the text has none or one.

    Raises:
        InputError: R2C-V036, R2C-V037.
    """
    found = _SEVERAL.fullmatch(text.strip())
    if found is None:
        return None
    head = found["head"].strip()
    if found["list"] is not None:
        if _GROUPED.fullmatch(found["list"]):
            one = found["list"].replace(",", "")
            raise BAD_RANGE(text=text, problem=f"{found['list']} may be one number, {one}")
        values = [read_number(part.strip()) for part in found["list"].split(",")]
    else:
        values = _range(text, found["first"], found["last"], found["step"])
    if len(values) > MOST:
        raise TOO_MANY(text=text, most=MOST)
    return Series(head, tuple(dict.fromkeys(values)))


def split_series(changes: Sequence[str]) -> tuple[list[str], Series | None]:
    """The changes with one value each, and the one with several if there is one.

    Raises:
        InputError: R2C-V036 to R2C-V038.
    """
    read = [(text, read_series(text)) for text in changes]
    several = [(text, series) for text, series in read if series is not None]
    if len(several) > 1:
        raise TWO_SERIES(first=several[0][0], second=several[1][0])
    single = [text for text, series in read if series is None]
    return single, several[0][1] if several else None


def scenarios(
    cir: CIR,
    problem: Problem,
    series: Series,
    limits: Limits | None = None,
    process: SolverProcess | None = None,
    *,
    also: Sequence[Change | str] = (),
    before: Formulation | None = None,
) -> Scenarios:
    """Solve a model for each value of a change, one after the other.

    Args:
        cir: The model.
        problem: Its words and tables.
        series: The change with its values.
        limits: What each solve may cost.
        process: A solver process to use and leave running.
        also: Changes that hold in all scenarios.
        before: The answer to the unchanged model, if it is known.

    Raises:
        InputError: R2C-V020 to R2C-V033, a change that cannot be read or does not fit.
        CIRError: a change that makes no sound rule, or data that are missing for it.
    """
    limits = limits or Limits()
    base, reworded = told_and_changed(cir, problem, also)
    models = [changed(base, reworded, series.change(value)) for value in series.values]
    unit = meaning = ""
    rows = []
    with solver(limits, process) as used:
        known = before or answer_of(cir, problem, limits, used)
        for value, model in zip(series.values, models, strict=True):
            change = series.change(value)
            told = compared(known, answer_of(model, problem, limits, used), (change,))
            if told.after.has_plan:
                unit, meaning = told.after.unit, told.after.meaning
            rows.append(
                Scenario(
                    value=value,
                    change=change,
                    outcome=told.after.outcome,
                    objective=told.after.objective,
                    difference=told.difference,
                    judgement=told.judgement,
                    moved=told.moved_in_all if told.before.has_plan else None,
                    conflict=() if told.conflict is None else told.conflict.rules,
                    faults=told.after.faults,
                    trust=told.after.trust,
                )
            )
    return Scenarios(
        change="; ".join(map(str, (*also, series))),
        about=series.about,
        before=standing(known),
        unit=unit,
        meaning=meaning,
        rows=tuple(rows),
    )


def _range(text: str, first: str, last: str, step: str | None) -> list[float]:
    if not first or step is None:
        raise BAD_RANGE(text=text, problem="it has no step" if first else "it has no first value")
    low, high, by = read_number(first), read_number(last), read_number(step)
    if by <= 0:
        raise BAD_RANGE(text=text, problem="a step is greater than 0")
    steps = abs(high - low) / by
    if not steps < MOST:
        raise TOO_MANY(text=text, most=MOST)
    count = floor(steps + 1e-9) + 1
    way = by if high >= low else -by
    # The sum of steps is rounded, so that 0.1 three times is 0.3 and is told so.
    return [float(f"{low + place * way:.12g}") for place in range(count)]
