"""Limits on much, but not on all that earns: the objective grows for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from r2c.cir.schema import Element
from r2c.errors import R2CError
from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers, draw
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import RULES, Selection, about, clash, with_needs
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "unbounded"
LIMITS = frozenset(
    (
        "bounds_on_variables",
        "capacity_limit",
        "cardinality_limit",
        "interval_limit",
        "multi_resource_coupling",
        "ramping",
        "ratio_percentage_share",
    )
)
"""Archetypes that look as if they limited what is earned."""

_OPTIONAL = LIMITS | {"lot_pack_multiples", "fixed_charge_activation", "minimum_requirement"}
_FEWEST = 5
"""Rules of a problem of the higher levels, at least; few stories have more without an end."""


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Take as many rules as the level has, as long as they leave the objective without an end.

    A limit that would end it spares one member, the same in all rules: that member is the way out.
    """
    story = selection.story
    if story.aim.sense != "max":
        return None
    kept = _kept(selection, prover, random)
    if kept is None or len(kept.rules) < min(RULES[selection.level][0], _FEWEST):
        return None
    if not any(rule.archetype in LIMITS for rule in kept.rules):
        return None
    numbers = draw(kept, random)
    answer = prover.answer(assemble(kept, numbers), story.id)
    if answer.status != "unbounded" or numbers.zeros:
        return None
    way = ", ".join(f"{rule} spares {member}" for rule, member in kept.spared.items())
    return Spoilt(kept, numbers, f"nothing limits what is earned{way and f': {way}'}")


def _kept(selection: Selection, prover: Prover, random: Random) -> Selection | None:
    """Rules that leave no end, up to the number of the level, those that look like limits first."""
    story = selection.story
    known = {rule.id: rule for rule in story.rules}
    out = {name: random.choice(found) for name, found in selection.members.items()}
    order = sorted(known, key=lambda id: (known[id].archetype not in LIMITS, random.random()))
    wanted = random.randint(*RULES[selection.level])
    # What a thing is must be told in any case: cash that no account explains is not endless.
    first = {rule.id for rule in story.rules if rule.always and rule.archetype not in _OPTIONAL}
    kept = _selected(selection, first, {}) if first else None
    if kept is not None and not _endless(kept, prover):
        return None
    for id in order:
        ids = {rule.id for rule in kept.rules} if kept else set()
        if len(ids) >= wanted:
            break
        more = with_needs(id, known) | ids
        if id in ids or clash(more, known):
            continue
        for spared in ({}, _spared(selection, id, out)):
            found = _selected(selection, more, {**(kept.spared if kept else {}), **spared})
            if _endless(found, prover):
                kept = found
                break
    return kept


def _spared(selection: Selection, id: str, out: Mapping[str, Element]) -> Mapping[str, Element]:
    rule = next(rule for rule in selection.story.rules if rule.id == id)
    return {id: out[rule.loop_set(rule.spare)]} if rule.spare else {}


def _selected(selection: Selection, ids: set[str], spared: Mapping[str, Element]) -> Selection:
    rules = [rule for rule in selection.story.rules if rule.id in ids]
    told = tuple(about(rule, selection.members) for rule in rules)
    return replace(selection, rules=told, spared=spared, units={})


def _endless(selection: Selection, prover: Prover) -> bool:
    try:
        cir = assemble(selection, draw(selection, Random(0)))
        return prover.optimum(cir, selection.story.id).status == "unbounded"
    except (R2CError, ValueError):  # what is told hangs on numbers or decisions of other rules
        return False
