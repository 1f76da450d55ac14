"""A law that no linear model expresses, told with its numbers, and that changes what is best.

It is one over fractions: over few whole amounts a law has an exact linear model. Its optimum is
told all the same, for who finds it in another way.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from r2c.cir.write import write
from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers, draw
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.tangents import best
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "unsupported"
_DRAWS = 3
_BETTER = 0.002
"""Share of the objective by which the best plan beats the one that is best without the law."""
_LOTS = frozenset(("integrality_indivisibility", "lot_pack_multiples"))
"""They make amounts whole."""


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Add one of the story's laws, with numbers that make another plan better."""
    if any(rule.archetype in _LOTS for rule in selection.rules) or not selection.story.beyond:
        return None
    law = random.choice(selection.story.beyond)
    ruled = replace(selection, laws=(law,))
    for _ in range(_DRAWS):
        found = draw(ruled, random)
        if found.zeros:
            continue
        known = best(law, ruled, assemble(ruled, found), prover)
        if known is None or abs(known[0] - known[1]) <= _BETTER * abs(known[1]):
            continue
        said = random.choice(selection.words(law.said))
        why = f"the {law.shape} of {write(law.of)} is not linear"
        return Spoilt(ruled, found, why, [said], answer=known[0])
    return None
