"""Sums of products with exact coefficients, the arithmetic behind the canonical form.

Coefficients are fractions of the decimals as written, so 0.1 + 0.2 is 0.3 in any order. What would
grow too large is kept as one factor: sizes stay bounded for hostile expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod

from r2c.cir.expr import Add, Div, Expr, Mul, Neg, Num, Pow
from r2c.cir.write import write

MAX_TERMS = 64
MAX_POWER = 16
_LARGE = Fraction(10) ** 100
_DIGITS = 2000

Monomial = tuple[tuple[Expr, int], ...]
"""Factors with their whole powers, sorted by text; () is the constant term."""
Polynomial = dict[Monomial, Fraction]
"""Coefficients by monomial; zero coefficients are left out."""


def constant(value: float) -> Polynomial:
    """A number; an extreme one is kept as a factor."""
    exact = Fraction(repr(value))
    if not exact:
        return {}
    if not _ordinary(exact):
        return factor(Num(value))
    return {(): exact}


def factor(expr: Expr, power: int = 1) -> Polynomial:
    """One factor that arithmetic does not look into."""
    return {((expr, power),): Fraction(1)}


def add(parts: Iterable[Polynomial]) -> Polynomial:
    """The sum."""
    total: Polynomial = {}
    for part in parts:
        for monomial, coefficient in part.items():
            total[monomial] = total.get(monomial, Fraction(0)) + coefficient
    return {monomial: value for monomial, value in total.items() if value}


def scale(polynomial: Polynomial, by: Fraction) -> Polynomial:
    """The polynomial times a number."""
    return {monomial: value * by for monomial, value in polynomial.items() if by}


def multiply(factors: Sequence[Polynomial]) -> Polynomial:
    """The product, multiplied out unless it would get too long or too large."""
    if not all(factors):
        return {}
    multiplied_out = prod(map(len, factors)) <= MAX_TERMS
    result: Polynomial = {(): Fraction(1)}
    for item in factors:
        result = _multiply(result, item if multiplied_out else _single(item))
    return result


def _multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    found = [
        {_joined(first, second): a * b} for first, a in left.items() for second, b in right.items()
    ]
    if not all(_ordinary(value) for part in found for value in part.values()):
        return _kept(left, right)
    return add(found)


def power(base: Polynomial, exponent: int) -> Polynomial | None:
    """A whole power, None if it cannot be multiplied out."""
    if abs(exponent) > MAX_POWER or (exponent < 0 and len(base) != 1):
        return None
    if exponent < 0:
        [(monomial, coefficient)] = base.items()
        inverse = 1 / coefficient
        base = {tuple((atom, -times) for atom, times in monomial): inverse}
    if len(base) ** abs(exponent) > MAX_TERMS:
        return None
    return multiply([base] * abs(exponent))


def expression(polynomial: Polynomial) -> Expr:
    """The polynomial as an expression: terms in order of their text, the constant last."""
    terms = sorted(polynomial.items(), key=lambda item: (not item[0], monomial_text(item[0])))
    parts: list[Expr] = []
    for monomial, coefficient in terms:
        if monomial:
            parts.append(_term(monomial, coefficient, first=not parts))
        else:
            parts.append(Num(float(coefficient)))
    if not parts:
        return Num(0.0)
    return parts[0] if len(parts) == 1 else Add(tuple(parts))


def monomial_text(monomial: Monomial) -> str:
    """What terms are sorted by."""
    return "*".join(f"{write(atom)}^{times}" for atom, times in monomial)


def _term(monomial: Monomial, coefficient: Fraction, *, first: bool) -> Expr:
    negative = coefficient < 0 and not first
    size = abs(coefficient) if negative else coefficient
    above = [_power(atom, times) for atom, times in monomial if times > 0]
    below = [_power(atom, -times) for atom, times in monomial if times < 0]
    if size == -1 and above:
        top: Expr = Neg(_product(above))
    else:
        top = _product([*([] if size == 1 and above else [Num(float(size))]), *above])
    term = Div(top, _product(below)) if below else top
    return Neg(term) if negative else term


def _product(factors: list[Expr]) -> Expr:
    return factors[0] if len(factors) == 1 else Mul(tuple(factors))


def _power(atom: Expr, times: int) -> Expr:
    return atom if times == 1 else Pow(atom, Num(float(times)))


def _joined(left: Monomial, right: Monomial) -> Monomial:
    powers = dict(left)
    for atom, times in right:
        powers[atom] = powers.get(atom, 0) + times
    return tuple(
        sorted(
            ((atom, times) for atom, times in powers.items() if times),
            key=lambda item: write(item[0]),
        )
    )


def _kept(left: Polynomial, right: Polynomial) -> Polynomial:
    [(first, a)], [(second, b)] = _single(left).items(), _single(right).items()
    joined = _joined(first, second)
    if _ordinary(a * b):
        return {joined: a * b}
    for number in (a, b):
        joined = _joined(joined, ((Num(float(number)), 1),))
    return {joined: Fraction(1)}


def _single(polynomial: Polynomial) -> Polynomial:
    return polynomial if len(polynomial) == 1 else factor(expression(polynomial))


def _ordinary(value: Fraction) -> bool:
    size = abs(value)
    digits = value.numerator.bit_length() + value.denominator.bit_length()
    return 1 / _LARGE < size < _LARGE and digits < _DIGITS
