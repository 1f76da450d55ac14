"""What comes of a supposition, as data: what if, why not, and one change with several values."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from r2c.cir.schema import Element
from r2c.errors import Fault
from r2c.formulation import Conflict, Outcome, Trust
from r2c.problem.schema import Frozen

Judgement = Literal["better", "worse", "equal"]


WishKind = Literal["holds", "as_good", "costs", "improves", "impossible", "unsettled", "no_plan"]


class Bound(Frozen):
    """A limit that is reached: of which rule, for which member, which of its limits.

    `limit` is None where the rule states none as a number, as with `made <= 50*open`.
    """

    rule: str
    key: tuple[Element, ...] = ()
    part: str = ""
    limit: float | None = None
    quote: str = ""


class Standing(Frozen):
    """How a model stands: the outcome, the value of its first goal, and what stopped it.

    `unit` and `meaning` are those of the goal; empty where several goals are added up.
    """

    outcome: Outcome
    trust: Trust
    objective: float | None = None
    unit: str = ""
    meaning: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan."""
        return self.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)


class GoalChange(Frozen):
    """The value of the goals of one tier before and after; `unit` and `meaning` if it is one."""

    tier: int
    sense: Literal["min", "max"]
    before: float
    after: float
    difference: float = Field(description="After less before.")
    judgement: Judgement
    unit: str = ""
    meaning: str = ""


class Moved(Frozen):
    """A decision with another value; None where there is no such decision."""

    symbol: str
    key: tuple[Element, ...] = ()
    before: float | None
    after: float | None
    unit: str = ""
    meaning: str = ""

    @property
    def change(self) -> float:
        """After less before."""
        return (self.after or 0.0) - (self.before or 0.0)


class WhatIf(Frozen):
    """The difference that changes make.

    `judgement` is that of the first goal that differs, in the order of importance. `moved` holds
    the largest changes of decisions first, `moved_in_all` is their number.
    """

    changes: tuple[str, ...]
    before: Standing
    after: Standing
    goals: tuple[GoalChange, ...] = ()
    difference: float | None = Field(
        default=None, description="Of the goal that `judgement` is about, after less before."
    )
    judgement: Judgement | None = None
    moved: tuple[Moved, ...] = ()
    moved_in_all: int = 0
    now_binding: tuple[Bound, ...] = ()
    no_longer_binding: tuple[Bound, ...] = ()
    conflict: Conflict | None = None

    def deciding(self) -> GoalChange | None:
        """The first goal that differs; the first of all if none does, None without any."""
        differing = (goal for goal in self.goals if goal.judgement != "equal")
        return next(differing, self.goals[0] if self.goals else None)


class Against(Frozen):
    """A rule that stands against the wish, with the words it was made from."""

    rule: str
    quote: str = ""


class WhyNot(Frozen):
    """What comes of a wish.

    `kind` says whether the plan has it already (`holds`), another plan that is as good has it
    (`as_good`), it costs something (`costs`), no plan has it (`impossible`), the time was too
    short to tell (`unsettled`), or there is no plan to begin with (`no_plan`). It `improves` only
    on a plan that was not proven to be the best.
    """

    wish: str
    kind: WishKind
    cost: float | None = Field(
        default=None, description="How much worse the deciding goal becomes; not negative if so."
    )
    against: tuple[Against, ...] = ()
    what_if: WhatIf


class Scenario(Frozen):
    """What one value gives; the comparison is with the unchanged model."""

    value: float
    change: str
    outcome: Outcome
    objective: float | None = None
    difference: float | None = None
    judgement: Judgement | None = None
    moved: int | None = Field(default=None, description="Decisions with another value than now.")
    conflict: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    trust: Trust = Trust.PLAUSIBLE

    def standing(self) -> Standing:
        """How the model stands with this value."""
        return Standing(
            outcome=self.outcome, trust=self.trust, objective=self.objective, faults=self.faults
        )


class Scenarios(Frozen):
    """A table of scenarios; `about` names what takes the values."""

    change: str
    about: str
    before: Standing
    unit: str = ""
    meaning: str = ""
    rows: tuple[Scenario, ...]
