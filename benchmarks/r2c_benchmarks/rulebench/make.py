"""One problem from a seed: its words, its data, its model and its proved answer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from r2c.cir.schema import CIR
from r2c.errors import InputError, R2CError, declare
from r2c_benchmarks.rulebench.assemble import assemble, quoted
from r2c_benchmarks.rulebench.draw import Numbers, draw
from r2c_benchmarks.rulebench.optimum import Answer, Prover
from r2c_benchmarks.rulebench.select import RULES, Selection, most_rules, select
from r2c_benchmarks.rulebench.settled import settled
from r2c_benchmarks.rulebench.sheets import Layout
from r2c_benchmarks.rulebench.story import Story, stories
from r2c_benchmarks.rulebench.styles import style, styles
from r2c_benchmarks.rulebench.text import Page, Written, write
from r2c_benchmarks.rulebench.told import tell
from r2c_benchmarks.rulebench.troubles import Spoilt, Status, trouble

NOT_MADE = declare(
    "R2C-B093",
    InputError,
    what="No {kind} problem of level {level} comes from the seed {seed!r}.",
    why="None of {tries} tries gave one whose answer is proved and whose numbers all count.",
    remedy="Take another seed; `r2c bench story` shows which stories have faults.",
)

_TRIES = 40
_PATIENCE = 6
"""Tries in one story before the next one has its turn, where a trouble is wanted."""
_UNLUCKY = ("R2C-B092", "R2C-C231", "R2C-M112")
"""What cannot be proved or written, or divides by zero; something else is drawn instead."""
_LAYOUTS: dict[int, tuple[Layout, ...]] = {
    1: ("listed", "listed", "table"),
    2: ("listed", "table"),
    3: ("table", "file"),
    4: ("table", "file", "file"),
    5: ("file",),
}


@dataclass(frozen=True)
class Made:
    """A problem with everything that is known about it.

    Attributes:
        spoilt: What makes it unsolvable, if it is.
        status: What a careful reader comes to.
    """

    selection: Selection
    style: str
    page: Page
    thousands: str
    numbers: Numbers
    text: Written
    cir: CIR
    answer: Answer | None
    status: Status
    spoilt: Spoilt | None = None


def make(
    seed: str, level: int, prover: Prover, for_training: bool = False, kind: str | None = None
) -> Made:
    """Make the problem of a seed.

    Args:
        seed: Any text.
        level: 1 to 5.
        prover: Proves the answer.
        for_training: Whether words and combinations of archetypes are those kept for training.
        kind: The kind of trouble that it has.

    Raises:
        InputError: R2C-B093.
    """
    fitting = list(_fitting(level, for_training))
    Random(f"{seed}/stories").shuffle(fitting)
    tries = _TRIES if kind is None else _TRIES * _PATIENCE
    for number in range(tries):
        random = Random(f"{seed}/{level}/{for_training}/{kind}/{number}")
        try:
            found = _tried(
                _story(random, fitting, number, kind), random, level, prover, for_training, kind
            )
        except R2CError as error:
            if error.code not in _UNLUCKY:
                raise
            continue
        if found is not None:
            return found
    raise NOT_MADE(kind=kind or "solvable", level=level, seed=seed, tries=tries)


def _story(random: Random, fitting: Sequence[Story], number: int, kind: str | None) -> Story:
    """The story of a try; troubles stay with one for a while, or the easiest would have most."""
    if kind is None:
        return random.choice(fitting)
    return fitting[number // _PATIENCE % len(fitting)]


def _tried(
    story: Story, random: Random, level: int, prover: Prover, for_training: bool, kind: str | None
) -> Made | None:
    selection = select(story, level, random, for_training)
    if kind is None:
        selection = settled(selection, random)
    own = keeps_for_training(selection) == for_training
    if not own and (kind is None or for_training):  # a bench has troubles of any combination
        return None
    numbers = draw(selection, random)
    if numbers.zeros:
        return None
    spoilt = None
    status: Status = "optimal"
    if kind is not None:
        spoilt = trouble(kind).spoil(selection, numbers, prover, random)
        if spoilt is None:
            return None
        selection, numbers, status = spoilt.selection, spoilt.numbers, trouble(kind).STATUS
    page, manner = _page(selection, random, spoilt)
    thousands = random.choice(("", "", ","))
    missing = spoilt.missing if spoilt else None
    text = write(page, selection, numbers, thousands, missing, spoilt.shown if spoilt else "")
    cir = assemble(selection, numbers)
    answer = None
    if status not in ("unsupported", "needs_input"):
        answer = prover.answer(cir, selection.story.id)
        if answer.status != status:
            return None
    cir = quoted(cir, text)
    return Made(selection, manner, page, thousands, numbers, text, cir, answer, status, spoilt)


def _page(selection: Selection, random: Random, spoilt: Spoilt | None) -> tuple[Page, str]:
    manner = random.choice(styles())
    layout = random.choice(_LAYOUTS[selection.level])
    further = spoilt.further if spoilt else ()
    unsaid = spoilt.missing if spoilt and spoilt.shown != "?" else None
    told = tell(selection, style(manner).REGISTERS, layout, random, further, unsaid)
    parts = tuple(style(manner).write(told, random))
    return Page(parts, told.sheets if told.layout == "file" else ()), manner


def renumbered(made: Made, seed: str, prover: Prover) -> Made:
    """The same words about other numbers, with their answer.

    Raises:
        InputError: R2C-B093.
    """
    for number in range(_TRIES):
        try:
            numbers = draw(made.selection, Random(f"{seed}/{number}"))
            cir = assemble(made.selection, numbers)
            answer = prover.answer(cir, made.selection.story.id)
        except R2CError as error:
            if error.code not in _UNLUCKY:
                raise
            continue
        if answer.status != "optimal" or numbers.zeros:
            continue
        text = write(made.page, made.selection, numbers, made.thousands)
        return Made(
            made.selection, made.style, made.page, made.thousands, numbers, text, cir, answer,
            answer.status,
        )  # fmt: skip
    raise NOT_MADE(kind="other", level=made.selection.level, seed=seed, tries=_TRIES)


def keeps_for_training(selection: Selection) -> bool:
    """Whether a combination of archetypes is one that only training data have."""
    names = " ".join(sorted({rule.archetype for rule in selection.rules}))
    return hashlib.sha256(names.encode()).digest()[0] % 2 == 1


def _fitting(level: int, for_training: bool) -> Sequence[Story]:
    return [
        story
        for name, story in stories().items()
        if not (story.held_out and for_training) and _most(name) >= RULES[level][0]
    ]


@cache
def _most(name: str) -> int:
    return most_rules(stories()[name])
