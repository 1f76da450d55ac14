"""What is kept of one problem: the right model and its mistakes, as the checks saw them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from r2c.problem.schema import Frozen
from r2c_benchmarks.measured_lines import MeasuredLines

Effect = Literal["told", "other", "none", "refused"]
"""Whether a mistake changes the optimum with the numbers that are told, only with others, or not at
all; or whether there is no model to solve."""
RIGHT = "right"


class Finding(Frozen):
    """One model and what the checks say of it.

    Attributes:
        kind: The kind of mistake; `right` without one.
        place: The rule that the mistake is in, and its number among those of a kind.
        failed: The checks that failed, with what they say.
    """

    kind: str
    place: str = ""
    effect: Effect = "none"
    outcome: str = ""
    failed: dict[str, str] = Field(default_factory=dict)

    @property
    def flagged(self) -> bool:
        """Whether anything speaks against the model."""
        return self.effect == "refused" or bool(self.failed)

    @property
    def counts(self) -> bool:
        """Whether it is a mistake that changes an optimum."""
        return self.kind != RIGHT and self.effect != "none"


class Case(Frozen):
    """One problem. Without findings it could not be used: no lines say it, or it has no optimum.

    Attributes:
        number: Its number under the seed of the bench.
        source: Where it comes from.
        card: The card whose tiny instance it is, in the place of a problem of RuleBench.
        start: Which start of the bench it was examined in.
    """

    number: int
    source: str = ""
    card: str = ""
    findings: tuple[Finding, ...] = ()
    start: int = 0


class Cases(MeasuredLines[Case]):
    """An open file of cases. One process can have it open."""

    def __init__(self, path: Path) -> None:
        """Open or create.

        Raises:
            StoreError: R2C-B033, R2C-B083 or R2C-B084.
        """
        super().__init__(path, Case)
