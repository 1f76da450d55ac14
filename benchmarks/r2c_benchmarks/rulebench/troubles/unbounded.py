"""No limit at all for what earns: the objective grows for ever."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers, draw
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "unbounded"


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Keep only the rules that the story calls endless together."""
    endless = selection.story.endless
    if not endless:
        return None
    rules = tuple(rule for rule in selection.story.rules if rule.id in endless)
    open_ended = replace(selection, rules=rules, spared={}, units={})
    found = draw(open_ended, random)
    answer = prover.answer(assemble(open_ended, found), selection.story.id)
    if answer.status != "unbounded":
        return None
    return Spoilt(open_ended, found, "nothing limits what is earned")
