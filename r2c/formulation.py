"""The answer R2C gives: outcome, trust, evidence, model and solution, all as data.

`outcome` says what the mathematics said, `trust` how far that may be believed; the two are never
mixed. A verified "infeasible" is a good answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import (
    Field,
    JsonValue,
    ModelWrapValidatorHandler,
    computed_field,
    model_validator,
)

from r2c.cir.asked import Asked
from r2c.cir.schema import CIR, Element
from r2c.errors import Fault
from r2c.problem.schema import Frozen, Problem


class Outcome(StrEnum):
    """What solving the model gave."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "limit"
    UNSUPPORTED = "unsupported"
    NEEDS_INPUT = "needs_input"


class Trust(StrEnum):
    """How far the outcome may be believed."""

    VERIFIED = "verified"
    PLAUSIBLE = "plausible"
    REJECTED = "rejected"
    SOLVER_SUSPECT = "solver_suspect"


class Evidence(Frozen):
    """The result of one check: what was looked at, what was found, what it cost."""

    check: str = Field(description="Name of the check, such as number_coverage.")
    passed: bool | None = Field(description="None if the check does not apply here.")
    message: str = Field(description="One sentence for the planner.")
    rules: tuple[str, ...] = Field(default=(), description="Ids of the rules concerned.")
    seconds: float = 0.0
    details: dict[str, JsonValue] = Field(default_factory=dict)


class Value(Frozen):
    """One value of an indexed symbol."""

    key: tuple[Element, ...] = ()
    value: float


DataSign = Literal[-1, 0, 1]


class RowReport(Frozen):
    """One row of the solved model, told by its rule.

    All numbers are those of the row in the exported model: decisions on the left, and `dual` is
    what one more unit of the end that is reached does to the objective.
    """

    rule: str
    row: str = Field(description="Name of the row in the exported model.")
    key: tuple[Element, ...] = ()
    activity: float
    lower: float | None = None
    upper: float | None = None
    dual: float | None = None
    data_sign: DataSign = Field(
        default=1,
        description="1 if the rule states the ends as they are here, -1 if with the other sign "
        "(`stock == made - demand` ends at -demand), 0 if it states several numbers or none; then "
        "one more unit is one on the right side of the rule.",
    )


class Shared(Frozen):
    """Where else a number stands that a rule states: changing it moves these as well."""

    number: str = Field(
        default="", description="The entry of a parameter, such as cap[A]; empty for a number "
        "that the rule itself writes for several members.",
    )  # fmt: skip
    rules: tuple[str, ...] = Field(default=(), description="Ids of other rules with it.")
    members: int = Field(default=0, description="Rows of the same rule that have it as well.")
    goal: bool = Field(default=False, description="Whether a goal has it.")
    decisions: tuple[str, ...] = Field(
        default=(), description="Decisions whose declared limits have it."
    )


class Sensitivity(Frozen):
    """What more or less of a number that a rule states does to the objective, on one side or both.

    `value` is the change of the objective per unit that the number grows by. If `exact`, the
    objective is `objective + value * (n - stated)` for every n from `low` to `high`, and for none
    just outside. If not, the model was solved again with the end that is not `stated`, and the
    equation holds there only: with whole numbers the objective moves in steps. With several goals
    in order it is the first one that changes, that of `tier`. All of it is of the number in this
    row alone; if it is `shared`, `throughout` tells what it is worth to change it in every place.
    """

    rule: str
    row: str = Field(description="Name of the row in the exported model.")
    key: tuple[Element, ...] = ()
    stated: float = Field(description="The number as the rule states it.")
    value: float | None = Field(description="None if no plan is possible on this side.")
    low: float | None = Field(default=None, description="None if there is no end.")
    high: float | None = Field(default=None, description="None if there is no end.")
    exact: bool = True
    tier: int = Field(default=0, description="Tier of the goal that changes.")
    unit: str = Field(default="", description="Unit of that goal, if it has one.")
    number_unit: str = Field(default="", description="Unit of the number, if the CIR tells it.")
    shared: Shared | None = Field(default=None, description="None if it stands here only.")
    throughout: tuple[Sensitivity, ...] = Field(
        default=(),
        description="A step more and less of a shared number in every place; told with the first "
        "row of a rule, as far as time sufficed.",
    )


class CostRange(Frozen):
    """Between which values one unit of a decision may count in the goal while the plan stays best.

    `coefficient` is what it counts now, all terms of the goal together. Ends are None where there
    are none; at an end other plans are as good.
    """

    symbol: str
    key: tuple[Element, ...] = ()
    coefficient: float
    low: float | None = None
    high: float | None = None


class BoundReached(Frozen):
    """A decision at a limit that it is declared with; `value` is what one more of it is worth."""

    symbol: str
    key: tuple[Element, ...] = ()
    side: Literal["lower", "upper"]
    limit: float
    value: float | None = Field(
        default=None,
        description="Change of the objective per unit, in a linear program where other limits "
        "leave no doubt; it holds for small changes of this member's limit alone.",
    )


class TierValue(Frozen):
    """What a plan is worth in one tier: goals weighed and added, with what rules cost there."""

    tier: int
    sense: Literal["min", "max"]
    value: float
    goals: tuple[float, ...] = Field(
        default=(), description="The value of each goal of the tier alone, in the CIR's order."
    )


class RuleCost(Frozen):
    """What one rule costs in a plan: a charge that it makes, or the price of breaking it."""

    rule: str
    key: tuple[Element, ...] = ()
    tier: int = 0
    cost: float
    broken: float | None = Field(
        default=None, description="By how much, or how often; None for a charge."
    )


class Solution(Frozen):
    """What the solver found, in the model's own symbols.

    `objective` is the value of the first of `tiers`, which stand in their order of importance;
    `bound` the best proven bound. `costs` are those that are not 0; they are part of the tiers.
    `values` holds decisions, outputs of archetypes and definitions by symbol.
    """

    outcome: Outcome
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    values: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    tiers: tuple[TierValue, ...] = ()
    costs: tuple[RuleCost, ...] = ()
    rows: tuple[RowReport, ...] = ()
    reduced_costs: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    sensitivity: tuple[Sensitivity, ...] = Field(
        default=(), description="Only where it was asked for, as by `r2c explain`."
    )
    cost_ranges: tuple[CostRange, ...] = Field(
        default=(), description="Only where they were asked for, as by `r2c explain`."
    )
    bounds_reached: tuple[BoundReached, ...] = Field(
        default=(), description="Only where they were asked for, as by `r2c explain`."
    )
    seconds: float = 0.0
    solver: str = ""
    fault: Fault | None = None
    notes: tuple[str, ...] = ()


class Eased(Frozen):
    """A number of a rule that would have to give: what the rule states, and what could be met."""

    rule: str
    row: str = Field(description="Name of the row in the exported model.")
    key: tuple[Element, ...] = ()
    stated: float
    eased: float
    shared: Shared | None = Field(
        default=None,
        description="None if the number stands in this row only, or outside of `remedies`.",
    )


class Throughout(Frozen):
    """What comes of a remedy if its shared numbers change in every place where they stand."""

    possible: bool
    objective: float | None = Field(
        default=None, description="The best value then; None without a plan, goal or proof."
    )


class Remedy(Frozen):
    """Numbers that, changed together, let all rules of the model hold, and what that is worth.

    They change in their rows alone; `throughout` is told where one of them is shared.
    """

    changes: tuple[Eased, ...]
    objective: float | None = Field(
        default=None, description="The best value with them; None without a goal or a proof."
    )
    share: float = Field(
        description="How far the numbers move: the sum of the changes, each as a share of its "
        "number, or of 1 where the number is smaller."
    )
    throughout: Throughout | None = None


class Conflict(Frozen):
    """Rules that cannot all hold, with the rows and bounds of theirs that clash.

    If `irreducible`, dropping any one rule or bound would let the others hold.
    """

    rules: tuple[str, ...]
    rows: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    irreducible: bool = True
    eased: tuple[Eased, ...] = Field(
        default=(), description="Numbers whose change lets these rules hold all together."
    )
    remedies: tuple[Remedy, ...] = Field(
        default=(), description="Ways to a plan that keeps every rule, the least change first."
    )
    explanation: str = ""


class Usage(Frozen):
    """What the answer cost."""

    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
        )


class Choice(Frozen):
    """The paradigm that writes a rule, and why this one."""

    rule: str
    paradigm: str
    relation: Literal["exact", "relaxation", "restriction", "approximation"] = "exact"
    reason: str = ""


class Event(Frozen):
    """One step of the way, as told to whoever watches."""

    stage: str
    message: str
    seconds: float = 0.0
    details: dict[str, JsonValue] = Field(default_factory=dict)


class Formulation(Frozen):
    """Problem in, model and answer out."""

    id: str = ""
    problem: Problem
    cir: CIR | None = None
    outcome: Outcome
    trust: Trust
    confidence: float | None = Field(default=None, ge=0, le=1)
    solution: Solution | None = None
    choices: tuple[Choice, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflict: Conflict | None = None
    questions: tuple[Asked, ...] = Field(
        default=(), description="What only the planner can settle, and what was answered."
    )
    faults: tuple[Fault, ...] = ()
    usage: Usage = Usage()
    events: tuple[Event, ...] = ()
    latex: str = ""
    manifest: dict[str, JsonValue] = Field(default_factory=dict)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def objective(self) -> float | None:
        """The objective value, if there is one."""
        return None if self.solution is None else self.solution.objective

    @model_validator(mode="wrap")
    @classmethod
    def _read_back(cls, data: object, read: ModelWrapValidatorHandler[Formulation]) -> Formulation:
        """What was written holds `objective` as well; it has to be that of the solution."""
        if not isinstance(data, Mapping) or "objective" not in data:
            return read(data)
        answer = read({name: value for name, value in data.items() if name != "objective"})
        if data["objective"] != answer.objective:
            raise ValueError("the objective is not that of the solution")
        return answer
