"""What a plan is worth by the meaning of goals and rules, against what the solver says.

Goals are computed in the original algebra, charges and prices of broken rules from their cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from r2c.cir.evaluate import Evaluator
from r2c.cir.schema import CIR
from r2c.formulation import Outcome, Solution
from r2c.model.meaning import Meaning
from r2c.model.tiers import CHARGES, goals_of, sense_of, share_of, tiers
from r2c.verdict.point import Variable
from r2c.verdict.soft_prices import SoftPrice

_RELATIVE = 1e-5


@dataclass(frozen=True)
class Worth:
    """What one tier of a plan is worth, give or take `room`.

    `priced` says that prices of soft rules are in it.
    """

    tier: int
    minimized: bool
    value: float
    room: float
    priced: bool


def worth_of(
    cir: CIR,
    told: Meaning,
    prices: Sequence[SoftPrice],
    at: Evaluator[float],
    point: Mapping[Variable, float],
) -> tuple[Worth, ...]:
    """The worth of a plan in every tier, the most important first.

    Raises:
        CIRError: R2C-C225 to R2C-C239 if a goal cannot be evaluated.
    """
    found: list[Worth] = []
    for tier in tiers(cir, charged=bool(told.costs)):
        sense = sense_of(cir, tier)
        value = sum(share_of(goal, sense) * at.value(goal.expr) for goal in goals_of(cir, tier))
        mine = [price for price in prices if price.tier == tier]
        cost = sum(price.cost for price in mine)
        if tier == CHARGES:
            cost += sum(charge(point) for _, charge in told.costs)
        value += cost if sense == "min" else -cost
        room = _RELATIVE * max(1.0, abs(value)) + sum(price.room for price in mine)
        found.append(Worth(tier, sense == "min", value, room, bool(mine)))
    return tuple(found)


def contradictions(worth: Sequence[Worth], solution: Solution) -> Iterator[tuple[str, float]]:
    """Where a solution says something else of its plan, and how far off that is."""
    if not worth or solution.objective is None:
        return
    said = [item.tier for item in solution.tiers]
    own = [item.tier for item in worth]
    if said and said != own:
        yield f"The answer has the tiers {_listed(said)}, the model {_listed(own)}.", 1.0
    for item, claim in _claims(worth, solution):
        off = _off(item, claim, solution)
        if not off <= item.room:
            where = "" if item is worth[0] else f" in tier {item.tier}"
            told = f"The objective of the plan{where} is {item.value:g}, not {claim:g}."
            yield told, off / max(1.0, abs(item.value))


def underrated(worth: Sequence[Worth], solution: Solution) -> bool:
    """Whether a plan is worth more than is said of it."""
    return any(_worse(item, claim) > item.room for item, claim in _claims(worth, solution))


def _claims(worth: Sequence[Worth], solution: Solution) -> Iterator[tuple[Worth, float]]:
    """What a solution says of each tier; of the first one it may say two things."""
    said = {item.tier: item.value for item in solution.tiers}
    if worth and solution.objective is not None:
        yield worth[0], solution.objective
        if said.get(worth[0].tier, solution.objective) != solution.objective:
            yield worth[0], said[worth[0].tier]
    for item in worth[1:]:
        if item.tier in said:
            yield item, said[item.tier]


def _worse(item: Worth, claim: float) -> float:
    return claim - item.value if item.minimized else item.value - claim


def _off(item: Worth, claim: float, solution: Solution) -> float:
    """How far a claim is off: too good a one always, too poor a one unless there is a reason."""
    worse = _worse(item, claim)
    if worse <= 0 or not item.priced:
        return abs(worse)
    if solution.outcome is not Outcome.OPTIMAL:
        return 0.0  # a search that was cut short may pay more for a broken rule than it must
    gap = 0.0 if solution.bound is None else abs(claim - solution.bound)
    return worse if worse > gap else 0.0


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
