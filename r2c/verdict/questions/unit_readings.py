"""Units that stand for two amounts: tons, gallons, months of four weeks, working weeks.

They matter where the model turns them into another unit, and the problem says nowhere how much of
that there is in one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import ReplaceEdit
from r2c.cir.expr import Num
from r2c.cir.occurrences import Occurrence, occurrences, source_of
from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.problem.schema import Problem, Quantity
from r2c.verdict.questions.doubt import Doubt
from r2c.verdict.questions.named import question_id
from r2c.verdict.questions.told_twice import text_of
from r2c.verdict.sources import Drawn


@dataclass(frozen=True)
class Ambiguous:
    """A unit with the amounts of a smaller one that it may stand for, the usual one first."""

    name: str
    large: re.Pattern[str]
    small: re.Pattern[str]
    readings: tuple[tuple[str, float, str], ...]


def _unit(name: str, large: str, small: str, *readings: tuple[str, float, str]) -> Ambiguous:
    return Ambiguous(name, re.compile(large, re.I), re.compile(small, re.I), readings)


_TON = r"(?<!metric )(?<!short )(?<!long )\btons?\b"
AMBIGUOUS = (
    _unit(
        "ton", _TON, r"\bkgs?\b|\bkilo(?:gram)?s?\b",
        ("metric", 1000.0, "metric tons of 1000 kg"),
        ("short", 907.18474, "short tons of 2000 lb, 907.18474 kg"),
        ("long", 1016.0469088, "long tons of 2240 lb, 1016.0469088 kg"),
    ),
    _unit(
        "ton", _TON, r"\blbs?\b|\bpounds?\b",
        ("short", 2000.0, "short tons of 2000 lb"),
        ("long", 2240.0, "long tons of 2240 lb"),
        ("metric", 2204.62262, "metric tons of 1000 kg, 2204.62262 lb"),
    ),
    _unit(
        "gallon", r"(?<!us )(?<!imperial )\bgallons?\b", r"\blit(?:er|re)s?\b",
        ("us", 3.785411784, "US gallons of 3.785411784 litres"),
        ("imperial", 4.54609, "imperial gallons of 4.54609 litres"),
    ),
    _unit(
        "month", r"\bmonth", r"\bweek",
        ("four_weeks", 4.0, "months of four weeks"),
        ("calendar", 52 / 12, "calendar months of 52/12 weeks"),
    ),
    _unit(
        "week", r"\bweek", r"\bday|\bdaily\b",
        ("seven_days", 7.0, "weeks of seven days"),
        ("working_days", 5.0, "working weeks of five days"),
    ),
)  # fmt: skip
"""Sources of the factors: the international yard and pound (1959), the US and UK definitions of
the gallon; months and weeks by their everyday readings."""
_SAME = 1e-6


def unit_readings(problem: Problem, cir: CIR, used: Drawn) -> Iterator[Doubt]:
    """The factors of the model that another reading of a unit would change."""
    for unit in AMBIGUOUS:
        if not unit.large.search(problem.text) or not unit.small.search(problem.text):
            continue
        if any(_is_said(factor, unit, problem) for _, factor, _ in unit.readings):
            continue
        yield from _of_unit(unit, problem, used)


def _is_said(factor: float, unit: Ambiguous, problem: Problem) -> bool:
    """Whether the problem says how much of the small unit there is in a large one."""
    return any(
        abs(item.value - factor) <= _SAME * factor
        and (item.unit is None or unit.small.search(item.unit) or unit.large.search(item.unit))
        for item in problem.quantities
    )


def _of_unit(unit: Ambiguous, problem: Problem, used: Drawn) -> Iterator[Doubt]:
    changes: dict[str, list[ReplaceEdit]] = {}
    taken, sentence, about = "", 0, ""
    for owner in owners(used.traced):
        for item in occurrences(owner):
            if (read := _converted(unit, owner, item, problem)) is None:
                continue
            own, amount, sentence = read
            taken, about = own, owner.name
            for value, factor, _ in unit.readings:
                if value != own:
                    edit = ReplaceEdit(
                        of=owner.kind,
                        owner=owner.name,
                        span=owner.span,
                        old=Num(item.value),
                        new=Num(amount * factor),
                    )
                    if edit not in changes.setdefault(value, []):
                        changes[value].append(edit)
    if not changes:
        return
    words = text_of(problem, sentence)
    asked = Asked(
        id=question_id("unit", unit.name, f"s{sentence}" if sentence else ""),
        text=f"Which {unit.name}s are meant"
        f"{f' in sentence {sentence}, “{words}”' if words else ''}?",
        kind="choice",
        options=tuple(
            Option(value=value, meaning=meaning, edits=tuple(changes.get(value, ())))
            for value, _, meaning in unit.readings
        ),
        default=taken,
        reason=_reason(unit, taken),
        quotes=(words,),
        about=about,
    )
    yield Doubt(asked)


def _converted(
    unit: Ambiguous, owner: Owner, item: Occurrence, problem: Problem
) -> tuple[str, float, int] | None:
    """The reading by which a number was made, the amount in the large unit, and its sentence."""
    source = source_of(owner, item)
    if item.structural or source is None or source.kind not in ("derived", "text", "assumed"):
        return None
    near = [
        said
        for said in problem.quantities
        if any(span.overlaps(said.span) for span in source.spans) and _is_large(unit, said)
    ]
    for value, factor, _ in unit.readings:
        for said in near:
            if said.value and abs(item.value - said.value * factor) <= _SAME * abs(item.value):
                return value, said.value, said.sentence
        # The factor itself stands in the formula, beside an amount in the large unit.
        if abs(item.value - factor) <= _SAME * factor and source.kind != "text":
            own = [said for said in problem.quantities if _is_large(unit, said)]
            beside = [said for said in own if owner.span is None or owner.span.overlaps(said.span)]
            if beside and any(other.value == beside[0].value for other in occurrences(owner)):
                return value, 1.0, beside[0].sentence
    return None


def _is_large(unit: Ambiguous, said: Quantity) -> bool:
    return said.unit is not None and unit.large.search(said.unit) is not None


def _reason(unit: Ambiguous, taken: str) -> str:
    factor = next(amount for value, amount, _ in unit.readings if value == taken)
    return f"the model was read with {number(round(factor, 6))} to the {unit.name}"
