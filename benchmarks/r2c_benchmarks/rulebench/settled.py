"""The sentences of vague rules with a word more, which settles what they mean.

Without them a sentence alone would tell that a problem has to be asked about.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles.ambiguous import fitting, with_room

_SETTLED = 0.2
"""Share of the problems with an optimum that have one, among those that can."""


def settled(selection: Selection, random: Random) -> Selection:
    """The selection, perhaps with a vague rule of its story and the reading that it has."""
    if random.random() >= _SETTLED:
        return selection
    vague = fitting(selection, random)
    if vague is None:
        return selection
    rule, says = random.choice(((vague.rule, vague.says), (vague.otherwise, vague.other.says)))
    said = tuple(f"{sentence}; {says}" for sentence in rule.said)
    told = rule.model_copy(update={"said": said})
    return replace(selection, rules=(*with_room(selection, vague, random), told))
