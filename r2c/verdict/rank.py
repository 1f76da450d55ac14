"""A cheap score by which candidate formulations of one problem are put in order.

Results that were always wrong in measurements (infeasible, unbounded, nothing planned) rank below
every other; among the rest votes count for a candidate, missing numbers and turned limits against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from r2c.archetypes.card import Card
from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.formulation import Outcome, Solution
from r2c.problem.schema import Problem
from r2c.verdict.degenerate import degeneracy
from r2c.verdict.direction import direction_conflicts
from r2c.verdict.logic import lost_logic
from r2c.verdict.misplaced import misplaced
from r2c.verdict.named_limits import named_limits
from r2c.verdict.number_coverage import number_use
from r2c.verdict.sentence_coverage import uncovered
from r2c.verdict.sources import drawn

_LEVELS = {
    Outcome.OPTIMAL: 3,
    Outcome.FEASIBLE: 3,
    Outcome.INFEASIBLE: 1,
    Outcome.UNBOUNDED: 1,
    Outcome.LIMIT: 1,
    Outcome.UNSUPPORTED: 0,
    Outcome.NEEDS_INPUT: 0,
}
_ALL_ZERO = 2


@dataclass(frozen=True)
class Weights:
    """What one finding costs, in votes; 0 leaves a check out."""

    unused_number: float = 0.6
    unused_column: float = 0.6
    invented_number: float = 1.2
    combined_number: float = 0.3
    direction_conflict: float = 1.5
    uncovered_sentence: float = 0.4
    lost_logic: float = 0.8
    unused_symbol: float = 0.8
    beyond_data: float = 1.0
    capped_goal: float = 0.8
    borrowed_number: float = 0.3
    misplaced: float = 1.0
    """A rule that fills, loops, converts or turns something against its words."""


@dataclass(frozen=True, order=True)
class Score:
    """Greater is better: first by `level`, then by `value`.

    `level` is 3 for a plan, 2 for one that does nothing, 1 for infeasible, unbounded and limit, 0
    for models that cannot be solved. `value` is votes less what the `findings` cost.
    """

    level: int
    value: float
    votes: float = field(default=1.0, compare=False)
    findings: Mapping[str, int] = field(default_factory=dict, compare=False)


def score_candidate(
    problem: Problem,
    cir: CIR,
    solution: Solution,
    *,
    votes: float = 1.0,
    library: Mapping[str, Card] | None = None,
    weights: Weights | None = None,
) -> Score:
    """Score one candidate without solving anything; comparable with others of the same problem.

    Args:
        problem: The problem.
        cir: The candidate.
        solution: What solving it gave.
        votes: How many samples came to this candidate, or to its optimum.
        library: The cards; the standard ones if not given.
        weights: What findings cost.
    """
    weights, library = weights or Weights(), library or standard_library()
    source = drawn(cir, problem)
    use = number_use(problem, cir, source)
    conflicts, _ = direction_conflicts(problem, cir, library, source)
    found = degeneracy(cir, solution)
    findings = {
        "unused_number": len(use.unused),
        "unused_column": len(use.columns),
        "invented_number": len(use.invented),
        "combined_number": len(source.combined),
        "direction_conflict": len(conflicts),
        "uncovered_sentence": len(uncovered(problem, cir, source)),
        "lost_logic": len(lost_logic(problem, cir, library, source)),
        "unused_symbol": len(found.unused_decisions) + len(found.unused_parameters),
        "beyond_data": len(found.huge),
        "capped_goal": len(found.capped),
        "borrowed_number": len(use.borrowed),
        "misplaced": len({item.owner for item in misplaced(problem, cir, library, source)})
        + len(named_limits(problem, cir, library).rules),
    }
    level = _LEVELS[solution.outcome]
    if level == 3 and found.all_zero:
        level = _ALL_ZERO
    cost = sum(getattr(weights, name) * count for name, count in findings.items())
    return Score(level, votes - cost, votes, findings)
