"""A law that no linear model expresses."""

from __future__ import annotations

from random import Random

from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "unsupported"


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Add one of the story's laws."""
    if not selection.story.beyond:
        return None
    law = random.choice(selection.story.beyond)
    return Spoilt(selection, numbers, "a law is not linear", further=[law])
