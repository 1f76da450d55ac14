"""A model bound to data whose faults are settled by defaults as far as they go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from r2c.cir.amend_model import settled
from r2c.cir.amend_tables import amended
from r2c.cir.asked import Asked, effects
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.errors import Fault
from r2c.problem.schema import Problem
from r2c.verdict.questions.data_faults import is_question
from r2c.verdict.questions.of_data import Data, data_questions

_ROUNDS = 8
"""A label that is corrected may let the next fault be seen."""


@dataclass(frozen=True)
class Draft:
    """A problem and a model with the defaults of `asked` in them.

    `waiting` are the questions without a default, `faults` those that are left; without them the
    instance is whole.
    """

    problem: Problem
    cir: CIR
    instance: Instance
    asked: tuple[Asked, ...] = ()
    waiting: tuple[Asked, ...] = ()
    faults: tuple[Fault, ...] = ()


def drafted(problem: Problem, cir: CIR, answered: Collection[str] = ()) -> Draft:
    """Bind a model, with a question for every fault of the data that has an answer.

    Args:
        problem: the problem with the answers that were given.
        cir: the model, checked.
        answered: ids of the questions that have an answer.
    """
    asked: dict[str, Asked] = {}
    for _ in range(_ROUNDS):
        instance = bind(cir, problem)
        faults = instance.faults
        if not faults or not all(map(is_question, faults)):
            return Draft(problem, cir, instance, tuple(asked.values()), (), faults)
        known = frozenset((*answered, *asked))
        found = data_questions(faults, Data(cir, problem, instance, known))
        fresh = {item.id: item for item in found if item.id not in asked}
        defaults = [item for item in fresh.values() if item.default is not None]
        waiting = tuple(item for item in fresh.values() if item.default is None)
        asked.update((item.id, item) for item in defaults)
        problem = amended(problem, effects(defaults))
        cir = settled(cir, defaults).cir
        if waiting or not defaults:
            return Draft(problem, cir, instance, tuple(asked.values()), waiting, faults)
    return Draft(problem, cir, instance, tuple(asked.values()), (), faults)
