"""Two numbers of one sum, or of one list, stand in each other's place."""

from __future__ import annotations

from itertools import combinations
from random import Random

from r2c.cir.expr import Add, Expr, Mul, Neg, Num
from r2c.cir.schema import CIR, DenseValues, Parameter
from r2c_benchmarks.mutations import Mutant
from r2c_benchmarks.slips import slips


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Exchange the numbers of two things in a sum, or of two members of a set."""

    def wrong(expr: Expr) -> Expr | None:
        ways = list(_exchanges(expr)) if isinstance(expr, Add) else []
        return random.choice(ways) if ways else None

    found = slips(cir, wrong)
    lists = [item for item in cir.parameters if _pairs(item)]
    if not found and not lists:
        return None
    if found and (not lists or random.random() < 0.5):
        slip = random.choice(found)
        return Mutant(
            slip.made(), f"Two numbers of {slip.said} stand in each other's place.", slip.rule
        )
    item = random.choice(lists)
    one, other = random.choice(_pairs(item))
    assert isinstance(item.value, DenseValues)
    values = list(item.value.values)
    values[one], values[other] = values[other], values[one]
    value = item.value.model_copy(update={"values": tuple(values)})
    changed = item.model_copy(update={"value": value})
    parameters = tuple(changed if each is item else each for each in cir.parameters)
    return Mutant(
        cir.model_copy(update={"parameters": parameters}),
        f"Two numbers of {item.name!r} stand in each other's place.",
    )


def _exchanges(total: Add) -> list[Expr]:
    """The sum with the numbers of two of its terms exchanged, for each two that differ."""
    held = [(place, value) for place, term in enumerate(total.terms) if (value := _number(term))]
    made: list[Expr] = []
    for (one, first), (other, second) in combinations(held, 2):
        if first != second:
            terms = list(total.terms)
            terms[one], terms[other] = _with(terms[one], second), _with(terms[other], first)
            made.append(Add(tuple(terms)))
    return made


def _number(term: Expr) -> float | None:
    inner = term.term if isinstance(term, Neg) else term
    if isinstance(inner, Mul) and isinstance(inner.factors[0], Num):
        return inner.factors[0].value
    return None


def _with(term: Expr, value: float) -> Expr:
    inner = term.term if isinstance(term, Neg) else term
    assert isinstance(inner, Mul)
    made = Mul((Num(value), *inner.factors[1:]))
    return Neg(made) if isinstance(term, Neg) else made


def _pairs(item: Parameter) -> list[tuple[int, int]]:
    """Places of a list of numbers that may be exchanged."""
    if not isinstance(item.value, DenseValues) or len(item.over) != 1:
        return []
    values = item.value.values
    return [
        (one, other)
        for one, other in combinations(range(len(values)), 2)
        if values[one] != values[other]
    ]
