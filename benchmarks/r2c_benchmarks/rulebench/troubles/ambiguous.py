"""A sentence that can be read in two ways, each with an optimum of its own."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers, draw
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import RULES, Selection, about
from r2c_benchmarks.rulebench.story import Ordained, Vague
from r2c_benchmarks.rulebench.troubles import ReadingOf, Spoilt, Status

STATUS: Status = "needs_input"
_DRAWS = 4
_APART = 0.005
"""Share of an optimum by which the other one has to differ at least."""


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Add a vague rule, in the place of another if there are enough, with numbers that count."""
    vague = fitting(selection, random)
    if vague is None:
        return None
    rules = with_room(selection, vague, random)
    first, second = (
        replace(selection, rules=(*rules, rule)) for rule in (vague.rule, vague.otherwise)
    )
    for _ in range(_DRAWS):
        found = draw(first, random)
        story = selection.story.id
        if found.zeros:
            continue
        models = [assemble(one, found) for one in (first, second)]
        kept = tuple(rule for rule in models[0].rules if rule.id != vague.rule.id)
        models.append(models[0].model_copy(update={"rules": kept}))
        meant, other, without = (prover.optimum(one, story).objective for one in models)
        if not _differ(meant, other) or not _counts(meant, without) or not _counts(other, without):
            continue
        answers = [prover.answer(one, story) for one in models[:2]]
        says = (vague.says, vague.other.says)
        return Spoilt(
            first,
            found,
            f"{vague.rule.id} may mean: {says[0]}; or: {says[1]}",
            readings=[
                ReadingOf(says=one, answer=float(f"{answer.objective:.9g}"))
                for one, answer in zip(says, answers, strict=True)
            ],
        )
    return None


def fitting(selection: Selection, random: Random) -> Vague | None:
    """One of the story's vague rules that goes together with all others."""
    ids = {rule.id for rule in selection.rules}
    found = [one for one in selection.story.vague if ids.isdisjoint(one.rule.excludes)]
    found = [one for one in found if ids.issuperset(one.rule.needs)]
    return about(random.choice(found), selection.members) if found else None


def with_room(selection: Selection, vague: Vague, random: Random) -> tuple[Ordained, ...]:
    """The rules beside the vague one: one fewer if the level has no room for one more."""
    rules = list(selection.rules)
    if len(rules) >= RULES[selection.level][1]:
        needed = {name for rule in (*rules, vague.rule) for name in rule.needs}
        spare = [rule for rule in rules if not rule.always and rule.id not in needed]
        if spare:
            rules.remove(random.choice(spare))
    return tuple(rules)


def _counts(value: float | None, without: float | None) -> bool:
    """Whether a reading leaves another optimum than none, so that the sentence has a purpose."""
    return value is not None and (without is None or not math.isclose(value, without, rel_tol=1e-6))


def _differ(one: float | None, other: float | None) -> bool:
    """Whether both readings have an optimum and it hangs on which is meant."""
    if one is None or other is None:
        return False
    return not math.isclose(one, other, rel_tol=_APART, abs_tol=0.01)
