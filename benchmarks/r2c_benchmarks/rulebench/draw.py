"""The numbers of a problem: drawn from ranges, or made to fit a plan that keeps every rule.

A plan is drawn, and each limit from what the plan needs, so that every problem has a plan.
Structure (`Selection`) and numbers come from different seeds: the same problem with other numbers
is the same words with other numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from random import Random

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Expr, Loop, Name, symbols
from r2c.cir.instance import Instance, bind
from r2c.cir.members import Key
from r2c.cir.schema import CIR, Element
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Datum, Wanted

Values = Mapping[Key, float]
_TRIES = 30
_STEPS = 2


@dataclass
class Numbers:
    """The values of the data by name and key, and the plan that they fit."""

    data: dict[str, dict[Key, float]] = field(default_factory=dict)
    plan: dict[str, dict[Key, float]] = field(default_factory=dict)

    @property
    def zeros(self) -> list[str]:
        """The data that say nothing somewhere: a problem with any is not handed out."""
        return [name for name, values in self.data.items() if 0 in values.values()]


def draw(selection: Selection, random: Random) -> Numbers:
    """Draw all numbers of a problem, each as far as possible different from all others.

    Raises:
        CIRError: an expression of the story cannot be evaluated.
    """
    return _Draw(selection, random).all()


class _Draw:
    def __init__(self, selection: Selection, random: Random) -> None:
        self._selection, self._random = selection, random
        self._numbers = Numbers()
        self._told: set[float] = set()

    def all(self) -> Numbers:
        data = dict(self._selection.data)
        decisions = {wanted.name: wanted for wanted in self._selection.decisions}
        waiting = [*data, *decisions]
        while waiting:
            ready = [name for name in waiting if not self._needs(name) & set(waiting)]
            if not ready:
                raise ValueError(f"{self._selection.story.id}: {waiting} wait for each other")
            for name in ready:
                if name in data:
                    self._numbers.data[name] = self._valued(data[name])
                else:
                    self._numbers.plan[name] = self._planned(decisions[name])
            waiting = [name for name in waiting if name not in ready]
        return self._numbers

    @cached_property
    def _expressions(self) -> Mapping[str, Expr | None]:
        """What each number and decision is drawn from, if it is an expression."""
        data = {name: one.above or one.below or one.equal for name, one in self._selection.data}
        plans = {wanted.name: wanted.plan for wanted in self._selection.decisions}
        of = {name: plan.positive or plan.value or plan.queue for name, plan in plans.items()}
        return {**data, **of}

    def _needs(self, name: str) -> set[str]:
        expr = self._expressions[name]
        return set() if expr is None else set(symbols(expr) & self._expressions.keys())

    def _valued(self, datum: Datum) -> dict[Key, float]:
        return self._fitted(datum) if datum.draw is None else self._drawn(datum, datum.draw)

    def _drawn(self, datum: Datum, limits: tuple[float, float]) -> dict[Key, float]:
        low, high = (round(limit / datum.step) for limit in limits)

        def one() -> float:
            for _ in range(_TRIES):
                found = _times(self._random.randint(low, high), datum.step)
                if found not in self._told:
                    break
            self._told.add(found)
            return found

        return {key: one() for key in self._keys(datum.over)}

    def _fitted(self, datum: Datum) -> dict[Key, float]:
        expr = next(e for e in (datum.above, datum.below, datum.equal) if e is not None)
        return {
            key: self._fit(datum, value)
            for key, value in self._each(expr, datum.over, datum.indices).items()
        }

    def _fit(self, datum: Datum, value: float) -> float:
        found = value * self._random.uniform(*datum.by)
        if datum.equal is not None:
            return value
        up = datum.above is not None
        steps = math.ceil(found / datum.step) if up else math.floor(found / datum.step)
        steps = max(steps, 1) if up else max(steps, 0)
        for _ in range(_STEPS):  # not far, or the limit would become loose
            if _times(steps, datum.step) not in self._told or (not up and steps <= 1):
                break
            steps += 1 if up else -1
        self._told.add(_times(steps, datum.step))
        return _times(steps, datum.step)

    def _planned(self, wanted: Wanted) -> dict[Key, float]:
        plan, random, keys = wanted.plan, self._random, list(self._keys(wanted.over))
        if plan.between is not None:
            low, high = (round(limit) for limit in plan.between)
            share = 1.0 if plan.chance is None else plan.chance
            return {
                key: float(random.randint(low, high) if random.random() < share else 0)
                for key in keys
            }
        if plan.chance is not None:
            return {key: float(random.random() < plan.chance) for key in keys}
        if plan.one_of is not None:
            return _one_of(keys, wanted.indices.index(plan.one_of), random)
        if plan.some_of is not None:
            most = min(plan.some_of[1], len(keys))
            chosen = random.sample(keys, random.randint(min(plan.some_of[0], most), most))
            return {key: float(key in chosen) for key in keys}
        if plan.positive is not None:
            found = self._each(plan.positive, wanted.over, wanted.indices)
            return {key: float(value > 0) for key, value in found.items()}
        if plan.value is not None:
            return self._each(plan.value, wanted.over, wanted.indices)
        if plan.tour:
            return _tour(keys, random)
        assert plan.queue is not None
        lengths = self._each(plan.queue, wanted.over, wanted.indices)
        random.shuffle(keys)
        starts: dict[Key, float] = {}
        clock = 0.0
        for key in keys:
            starts[key] = clock
            clock += lengths[key]
        return starts

    def _each(
        self, expr: Expr, over: tuple[str, ...], indices: tuple[str, ...]
    ) -> dict[Key, float]:
        loops = tuple(Loop((i,), Name(s)) for i, s in zip(indices, over, strict=True))
        found = Evaluator[float](self._instance(), self._numbers.plan).each(
            expr, Binder(loops) if loops else None
        )
        return {key: float(value) for key, value in found}

    def _instance(self) -> Instance:
        return bind(skeleton(self._selection, self._numbers)).require()

    def _keys(self, over: Iterable[str]) -> Iterable[Key]:
        return product(*(self._selection.members[name] for name in over))


def _one_of(keys: list[Key], place: int, random: Random) -> dict[Key, float]:
    groups: dict[Key, list[Key]] = {}
    for key in keys:
        groups.setdefault(key[:place] + key[place + 1 :], []).append(key)
    chosen = {random.choice(group) for group in groups.values()}
    return {key: float(key in chosen) for key in keys}


def _tour(keys: list[Key], random: Random) -> dict[Key, float]:
    stops = list(dict.fromkeys(key[0] for key in keys))
    random.shuffle(stops)
    legs = set(zip(stops, stops[1:] + stops[:1], strict=True))
    return {key: float(key in legs) for key in keys}


def _times(steps: int, step: float) -> float:
    """A multiple of a step, without the tail of digits that 3 * 0.1 has."""
    return round(steps * step, 6)


def skeleton(selection: Selection, numbers: Numbers) -> CIR:
    """The sets, numbers and decisions as a CIR without rules."""
    data = dict(selection.data)
    return CIR.model_validate(
        {
            "title": selection.story.title,
            "sets": [
                {
                    "name": name,
                    "kind": "time" if selection.story.sets[name].time else "labels",
                    "elements": members,
                    "meaning": selection.story.sets[name].many,
                }
                for name, members in selection.members.items()
            ],
            "parameters": [
                part
                for name, values in numbers.data.items()
                for part in _parameters(selection, name, data[name], values)
            ],
            "decisions": [
                {
                    "name": wanted.name,
                    "over": wanted.over,
                    "indices": wanted.indices,
                    "domain": wanted.domain,
                    "upper": wanted.upper,
                    "meaning": wanted.meaning,
                    **({"unit": wanted.unit} if wanted.unit else {}),
                }
                for wanted in selection.decisions
            ],
        }
    )


def _parameters(
    selection: Selection, name: str, datum: Datum, values: Values
) -> Iterator[dict[str, object]]:
    """The parameter; computed from the one that is told if that has another unit."""
    unit = selection.units.get(name)
    if unit is None:
        nested = _nested(values, datum.over, selection.members)
        yield {"name": name, "over": datum.over, "value": nested}
        return
    told = {key: value * unit.per for key, value in values.items()}
    key = f"[{','.join(f'i{k}' for k in range(len(datum.over)))}]" if datum.over else ""
    yield {
        "name": f"{name}_told",
        "over": datum.over,
        "value": _nested(told, datum.over, selection.members),
        "meaning": f"{datum.label} in {unit.unit}",
    }
    indices = [f"i{k}" for k in range(len(datum.over))]
    expr = {"kind": "expression", "indices": indices, "expr": f"{name}_told{key}/{unit.per:g}"}
    yield {"name": name, "over": datum.over, "value": expr}


def _nested(
    values: Values, over: tuple[str, ...], members: Mapping[str, tuple[Element, ...]]
) -> object:
    """The values as a CIR writes them: a number, or lists in the order of the sets."""

    def rows(prefix: Key, rest: tuple[str, ...]) -> object:
        if not rest:
            return values[prefix]
        return [rows((*prefix, member), rest[1:]) for member in members[rest[0]]]

    found = rows((), over)
    return {"kind": "dense", "values": found} if over else found
