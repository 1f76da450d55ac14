"""What has to be told of a problem, sentence by sentence, before a style puts it in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from r2c_benchmarks.rulebench.beside import anywhere, with_needless
from r2c_benchmarks.rulebench.frames import frames
from r2c_benchmarks.rulebench.phrase import Phrasing, Pieces, Slot
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.sheets import Layout, Sheet, as_sentences, sheets
from r2c_benchmarks.rulebench.story import Ordained

_BESIDE = {1: (0, 2), 2: (1, 2), 3: (1, 3), 4: (2, 4), 5: (3, 6)}
_LONG = 0.5
_TOLD = 5
_IMPLICIT = 0.4
"""Share of the rules that are only implied, among those that can be, from level 2 on."""


@dataclass(frozen=True)
class Said:
    """A sentence; `rule` is the one it states, `after` are rules that have to be told before it."""

    pieces: Pieces
    rule: str = ""
    topic: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """All there is to tell.

    Attributes:
        title: What the whole is about.
        intro: What the business does and decides.
        facts: Rules, parts of the objective, and numbers told in sentences.
        beside: Sentences that do not matter.
        aim: What is wanted.
        sheets: Tables, with whether they stand in the text or in files.
    """

    title: str
    intro: tuple[Said, ...]
    facts: tuple[Said, ...]
    beside: tuple[Said, ...]
    aim: Said
    sheets: tuple[Sheet, ...]
    layout: Layout


def tell(
    selection: Selection,
    registers: Sequence[str],
    layout: Layout,
    random: Random,
    further: Sequence[str] = (),
    unsaid: Slot | None = None,
) -> Told:
    """Find words for everything in a selection.

    Args:
        selection: The problem.
        registers: The registers of frames that the style uses.
        layout: Where indexed numbers go.
        random: Chooses the words.
        further: Sentences that matter and that belong to no rule.
        unsaid: A number of which sentences do not speak.
    """
    phrasing = Phrasing(selection, random)
    story = selection.story

    def said(text: str) -> Said:
        return Said(phrasing.said(text))

    facts = [_rule(selection, rule, registers, phrasing, random) for rule in selection.rules]
    facts += [said(random.choice(selection.words(term.said))) for term in story.aim.terms]
    for rule in selection.rules:
        for term in rule.terms:
            text = random.choice(selection.words(term.said))
            facts.append(Said(phrasing.said(text), after=(rule.id,)))
    facts += [
        said(random.choice(selection.words(wanted.kind)))
        for wanted in selection.decisions
        if wanted.kind
    ]
    facts += [said(text) for text in further]
    found = sheets(selection, long=layout == "file" and random.random() < _LONG)
    if layout == "listed":
        told = [sheet for sheet in found if _short(selection, sheet)]
        facts += [
            Said(pieces) for sheet in told for pieces in as_sentences(selection, sheet, unsaid)
        ]
        found = [sheet for sheet in found if sheet not in told]
        layout = "table"
    found = [with_needless(selection, sheet, random) for sheet in found]
    low, high = _BESIDE[selection.level]
    needless = [*selection.words(story.beside), *selection.words(anywhere())]
    beside = random.sample(needless, random.randint(low, high))
    return Told(
        title=story.title,
        intro=(said(random.choice(selection.words(story.intro))),),
        facts=tuple(facts),
        beside=tuple(said(text) for text in beside),
        aim=said(random.choice(selection.words(story.aim.said))),
        sheets=tuple(found),
        layout=layout,
    )


def in_order(facts: Sequence[Said], random: Random) -> list[Said]:
    """The sentences in any order in which a thing is introduced before it is used."""
    waiting = list(facts)
    random.shuffle(waiting)
    told: list[Said] = []
    rules = {said.rule for said in facts}
    while waiting:
        known = {said.rule for said in told}
        ready = (said for said in waiting if rules.isdisjoint(set(said.after) - known))
        said = next(ready, waiting[0])  # rules that need each other come as they are
        waiting.remove(said)
        told.append(said)
    return told


def _short(selection: Selection, sheet: Sheet) -> bool:
    """Whether a table over one set is short enough to be told."""
    data = dict(selection.data)
    slots = [cell for row in sheet.rows for cell in row if isinstance(cell, Slot)]
    return all(len(data[slot.name].over) == 1 for slot in slots) and len(sheet.rows) <= _TOLD


def _rule(
    selection: Selection,
    rule: Ordained,
    registers: Sequence[str],
    phrasing: Phrasing,
    random: Random,
) -> Said:
    known = frames().get(rule.archetype)
    hints = selection.words(rule.implicit)
    # "Except in week 4 the kiln is hot for its hours" would leave week 4 without a kiln.
    free = rule.id not in selection.spared
    if hints and free and selection.level >= 2 and random.random() < _IMPLICIT:
        return Said(phrasing.said(random.choice(hints), rule), rule.id, rule.topic, rule.needs)
    choice = list(selection.words(rule.said))
    if known is not None and set(known.phrases) <= set(rule.phrases):
        choice += selection.words(known.of(random.choice(list(registers))))
    return Said(phrasing.said(random.choice(choice), rule), rule.id, rule.topic, rule.needs)
