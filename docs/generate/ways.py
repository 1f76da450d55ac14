"""The ways to write a card's meaning side by side: what each gives, asks for and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from r2c.archetypes.card import Card, Paradigm, Precondition, Relation
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import symbols
from r2c.cir.instance import bind
from r2c.cir.schema import CIR, IndexSet, Parameter, SparseValues
from r2c.model.effort import Option, by_effort
from r2c.model.paradigms import method
from r2c.telling.equation import maths

SMALL, LARGE = 5, 100
"""Members of each list and set in the two problems for which the order of the ways is told."""
NUMBER = 3
"""What other data in a formula of size, such as the shortest run in periods, stand for."""
GIVES: dict[Relation, str] = {
    "exact": "the true optimum",
    "relaxation": "a bound: at or below a minimum, at or above a maximum",
    "restriction": "a valid plan, perhaps not the best: at or above a minimum, at or below a "
    "maximum",
    "approximation": "a value near the optimum, on either side of it",
}
_SIGNS = {
    "nonnegative": "is never negative", "nonpositive": "is never positive",
    "positive": "is above zero",
}  # fmt: skip
_SIDES = {(): "has finite bounds", ("above",): "has a finite upper bound",
          ("below",): "has a finite lower bound"}  # fmt: skip
_PRESSED = {"min": "down", "max": "up"}
_NO_ENTRIES = SparseValues(entries=())
_ORDER = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


@dataclass(frozen=True)
class Way:
    """One row of the table; sizes are in plain signs, which a narrow column can break."""

    paradigm: Paradigm
    gives: str
    needs: tuple[str, ...]
    adds: tuple[str, ...]
    turn: str


def ways(card: Card) -> list[Way]:
    """The paradigms of a card, in the order of the card."""
    small, large = _turns(card, SMALL), _turns(card, LARGE)
    return [
        Way(
            paradigm,
            GIVES[paradigm.relation],
            tuple(in_words(item, card) for item in paradigm.preconditions),
            tuple(maths(formula) for formula in (paradigm.size.variables, paradigm.size.rows)),
            _turn(small.get(paradigm.name), large.get(paradigm.name)),
        )
        for paradigm in card.paradigms
    ]


def in_words(wanted: Precondition, card: Card) -> str:
    """A precondition as a planner reads it."""
    role, *rest = wanted.arguments
    found = card.role(role)
    several = {"list": f"each of {role}", "indexed": f"each value of {role}"}
    each = role if found is None else several.get(found.kind, role)
    match wanted.check:
        case "finite_bounds":
            return f"{each} {_SIDES[tuple(rest)]}"
        case "integer":
            return f"{each} is a whole number"
        case "binary":
            return f"{each} is a yes-or-no choice"
        case "sign":
            return f"{each} {_SIGNS[rest[0]]}"
        case "size":
            return f"{role} has at most {rest[0]} members"
        case "given":
            return f"{role} is given"
        case "convex":
            return f"{each} is convex"
        case "pressed_by_objective":
            return f"only the goal moves the result, and moves it {_PRESSED[role]}"


def method_in_words(paradigm: Paradigm) -> str:
    """The first line of what the paradigm's method says of itself; empty without one.

    Raises:
        ModelError: R2C-M140 if there is no such method.
    """
    if paradigm.method is None:
        return ""
    method(paradigm.method)
    module = import_module(f"r2c.model.paradigms.{paradigm.method}")
    return (module.__doc__ or "").strip().splitlines()[0]


def _turns(card: Card, members: int) -> dict[str, int]:
    """The place of each paradigm in R2C's own order, where data allow all that can be."""
    others = _decisions(card, members)
    options = [
        Option(paradigm, _size(card, paradigm, members), others=others)
        for paradigm in card.paradigms
        if all(_fits(item, members) for item in paradigm.preconditions)
    ]
    return {option.paradigm.name: k for k, option in enumerate(by_effort(options))}


def _decisions(card: Card, members: int) -> float:
    """About as many decisions as the rule speaks of, in a problem that is about nothing else."""
    count = 1
    for role in card.roles:
        if role.of == "data" or not role.required:
            continue
        if role.kind == "indexed":
            count += members**role.keys
        elif role.kind == "list":
            count += members
    return float(count)


def _fits(wanted: Precondition, members: int) -> bool:
    return wanted.check != "size" or members <= int(wanted.arguments[1])


def _size(card: Card, paradigm: Paradigm, members: int) -> tuple[float, float]:
    """Variables and rows that a paradigm adds where each list and set has so many members."""
    formulas = (paradigm.size.variables, paradigm.size.rows)
    used = {name for formula in formulas for name in symbols(formula)}
    roles = [role for role in card.roles if role.name in used]
    elements = tuple(range(1, members + 1))
    # Most relations are a single one; several joined by `and` count as a list.
    sets = tuple(
        IndexSet(name=role.name, elements=elements[:1] if role.kind == "relation" else elements)
        for role in roles
        if role.kind in {"set", "list", "relation"}
    )
    figures = tuple(
        Parameter(name=role.name, value=float(NUMBER))
        if role.kind != "indexed"
        else Parameter(
            name=role.name, over=(sets[0].name,) * role.keys, value=_NO_ENTRIES, default=NUMBER
        )
        for role in roles
        if role.kind not in {"set", "list", "relation"}
    )
    evaluator: Evaluator[float] = Evaluator(bind(CIR(sets=sets, parameters=figures)).require())
    variables, rows = (float(evaluator.value(formula)) for formula in formulas)
    return variables, rows


def _turn(small: int | None, large: int | None) -> str:
    if small == large and small is not None:
        return _ORDER[small]
    told: Sequence[str] = [
        f"{'not possible' if place is None else _ORDER[place]} if {size}"
        for place, size in ((small, "small"), (large, "large"))
    ]
    return ", ".join(told)
