"""The true answer of a problem: solved, held against its meaning, and solved again another way.

An optimum counts if the plan keeps the rules by their meaning and if the rules, each written in
another exact way where its card has one, come to the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from r2c.archetypes.load import standard_library
from r2c.cir.check import check, is_structural
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.errors import CATALOGUE, Fault, InputError, declare
from r2c.model.meaning import meaning
from r2c.model.plain import PlainModel
from r2c.model.reformulate import attempt
from r2c.problem.schema import Problem
from r2c.solve.ask import Answer as Solved
from r2c.solve.ask import ask
from r2c.solve.compiled import compiled
from r2c.solve.limits import Limits
from r2c.solve.matrix import Goal, Matrix
from r2c.solve.meant import unmeant
from r2c.solve.process import SolverProcess

NOT_PROVED = declare(
    "R2C-B092",
    InputError,
    what="The answer of a problem of {story!r} cannot be proved: {reason}.",
    why="Only problems whose answer is certain are handed out.",
    remedy="Mend the story: its rules, the ranges of its numbers or the plan that they fit.",
)
TOO_SLOW = declare(
    "R2C-B104",
    InputError,
    what="Proving the answer of a problem of {story!r} has taken more than {seconds} seconds.",
    why="The same seed gives the same problem, so what is handed out must not hang on the machine.",
    remedy="Make the problems where less else is running.",
)

Status = Literal["optimal", "infeasible", "unbounded"]
_ROOM = 1e-6
NODES = 2_000
"""Of one search, at most: a limit that is the same on every machine. It takes a few seconds."""
SECONDS = 900.0
"""Where no search should come."""
_REFUSED = "R2C-M111"


@dataclass(frozen=True)
class Answer:
    """The answer of a problem and how it is known.

    Attributes:
        status: What solving comes to.
        objective: The optimum, if there is one.
        ways: The rules that were also written in another exact way.
        values: The plan, by symbol and key as text.
    """

    status: Status
    objective: float | None = None
    ways: tuple[str, ...] = ()
    values: Mapping[str, float] | None = None


class Prover:
    """Proves answers, with one solver process for many.

    What takes more than `nodes` nodes of a search counts as not to be proved.

    Attributes:
        words: The words that may fill roles of archetypes.
    """

    def __init__(
        self, process: SolverProcess, nodes: int = NODES, seconds: float = SECONDS
    ) -> None:
        self._process, self._seconds = process, seconds
        self._limits = Limits(nodes=nodes)
        self._library = standard_library()
        roles = [role for card in self._library.values() for role in card.roles]
        self.words = {word for role in roles for word in role.words}

    def answer(self, cir: CIR, story: str) -> Answer:
        """The proved answer of a CIR.

        Raises:
            InputError: R2C-B092 or R2C-B104.
            R2CError: the CIR is not well formed.
        """
        for fault in filter(is_structural, check(cir, words=self.words)):
            raise CATALOGUE[fault.code].raises(fault)
        instance = bind(cir).require()
        model, faults = attempt(cir, self._library, instance)
        if model is None:
            raise CATALOGUE[faults[0].code].raises(faults[0])
        first = self._solved(model, instance, story, meant=True)
        other, ways = self._otherwise(model, cir, instance)
        if other is not None:
            second = self._solved(other, instance, story, meant=True)
            if not same_answer(first, second):
                reason = f"{first.objective} by {model.choices}, {second.objective} otherwise"
                raise NOT_PROVED(story=story, reason=reason)
        return Answer(first.status, first.objective, ways, first.values)

    def optimum(
        self, cir: CIR, story: str, problem: Problem | None = None, *, whole: bool = True
    ) -> Answer:
        """The answer of a sound CIR, solved once and not held against its meaning.

        Args:
            cir: the model.
            story: what a fault is about.
            problem: what has the tables of the model, if it reads any.
            whole: whether what is whole has to be; if not, any fraction of it will do.

        Raises:
            InputError: R2C-B092 or R2C-B104.
            R2CError: a rule cannot be written.
        """
        instance = bind(cir, problem).require()
        model, faults = attempt(cir, self._library, instance)
        if model is None:
            raise CATALOGUE[faults[0].code].raises(faults[0])
        return self._solved(model, instance, story, whole=whole)

    def _solved(
        self,
        model: PlainModel,
        instance: Instance,
        story: str,
        *,
        meant: bool = False,
        whole: bool = True,
    ) -> Answer:
        made = compiled(model, instance)
        if made.contradictions:
            return Answer("infeasible")
        matrix = made.matrix
        if not whole:
            matrix = replace(matrix, integer=np.zeros_like(matrix.integer))
        goal = matrix.goals[0] if matrix.goals else None
        found = self._asked(story, matrix, goal)
        if found.reading == "unclear":
            found = self._asked(story, matrix, goal, presolve=False)
        if found.reading == "unclear":  # without an objective it can only lack a plan
            plan = self._asked(story, matrix, None)
            known: dict[str, Status] = {"optimal": "unbounded", "infeasible": "infeasible"}
            if plan.reading in known:
                return Answer(known[plan.reading])
        if found.reading in ("infeasible", "unbounded"):
            return Answer(found.reading)
        if found.reading != "optimal" or found.point is None:
            raise NOT_PROVED(story=story, reason=f"the solver ended with {found.status!r}")
        if meant:
            told, faults = meaning(instance.cir, self._library, instance)
            wrong = faults[0].what if faults else unmeant(told, made.map, found.point)
            if wrong is not None:
                raise NOT_PROVED(story=story, reason=wrong)
        values = {
            f"{entry.symbol}[{','.join(map(str, entry.key))}]": round(value, 6)
            for entry, value in zip(made.map.variables, found.point.tolist(), strict=True)
        }
        objective = 0.0 if goal is None else goal.value(found.point)
        return Answer("optimal", objective, values=values)

    def _asked(
        self, story: str, matrix: Matrix, goal: Goal | None, *, presolve: bool = True
    ) -> Solved:
        seconds = self._seconds
        found = ask(self._process, matrix, goal, self._limits, seconds=seconds, presolve=presolve)
        late = found.failure is not None and found.failure.kind == "time"
        if late or found.status == "kTimeLimit":
            raise TOO_SLOW(story=story, seconds=seconds)
        return found

    def _otherwise(
        self, model: PlainModel, cir: CIR, instance: Instance
    ) -> tuple[PlainModel | None, tuple[str, ...]]:
        """The model with every rule written in another exact way, and which rules have one."""
        chosen = {choice.rule: choice.paradigm for choice in model.choices}
        ways: dict[str, list[str]] = {}
        for rule in cir.rules:
            others = [
                paradigm.name
                for paradigm in self._library[rule.archetype].paradigms
                if paradigm.relation == "exact" and paradigm.name != chosen.get(rule.id)
            ]
            if others:
                ways[rule.id] = others
        while ways:
            pinned = [
                rule.model_copy(update={"chosen": ways[rule.id][0]}) if rule.id in ways else rule
                for rule in cir.rules
            ]
            other, faults = attempt(
                cir.model_copy(update={"rules": tuple(pinned)}), self._library, instance
            )
            if other is not None:
                return other, tuple(sorted(ways))
            if not _strike(ways, faults):
                break
        return None, ()


def _strike(ways: dict[str, list[str]], faults: tuple[Fault, ...]) -> bool:
    """Leave out the ways whose preconditions fail; whether there were any."""
    struck = False
    for fault in faults:
        rule = str(fault.details.get("rule"))
        if rule in ways:
            ways[rule].pop(0)
            struck = True
            if not ways[rule]:
                del ways[rule]
    return struck


def same_answer(first: Answer, second: Answer) -> bool:
    """Whether two answers have one optimum, up to rounding, or the same reason for none."""
    if first.objective is None or second.objective is None:
        return first.status == second.status
    return math.isclose(first.objective, second.objective, rel_tol=_ROOM, abs_tol=_ROOM)
