"""Linear forms as numbers: `2*x[a] - y + 3` as coefficients by variable.

They add and multiply like numbers, so the evaluator of the algebra can work with them directly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from r2c.cir.closures.scope import NotRepresentable
from r2c.cir.members import Key

Variable = tuple[str, Key]
"""One scalar variable: its symbol and the values of its index."""


@dataclass(frozen=True, slots=True)
class Affine:
    """`constant + sum of coefficient * variable`."""

    constant: float = 0.0
    terms: Mapping[Variable, float] = field(default_factory=dict)

    @staticmethod
    def variable(name: str, key: Key) -> Affine:
        """The variable itself."""
        return Affine(0.0, {(name, key): 1.0})

    @classmethod
    def total(cls, values: Iterable[Affine | float]) -> Affine:
        """The sum of linear forms and numbers."""
        constant = 0.0
        terms: dict[Variable, float] = {}
        for value in values:
            form = lift(value)
            constant += form.constant
            for variable, coefficient in form.terms.items():
                terms[variable] = terms.get(variable, 0.0) + coefficient
        return cls(constant, {v: c for v, c in terms.items() if c})

    @classmethod
    def extreme(cls, largest: bool, values: Sequence[Affine | float]) -> Affine:
        """The largest or smallest of constants."""
        forms = [lift(value) for value in values]
        if any(form.terms for form in forms):
            raise NotRepresentable("max" if largest else "min")
        numbers = [form.constant for form in forms]
        return cls(max(numbers) if largest else min(numbers))

    @property
    def is_constant(self) -> bool:
        """Whether no variable is left."""
        return not self.terms

    def __add__(self, other: Affine | float) -> Affine:
        other = lift(other)
        small, large = sorted((self.terms, other.terms), key=len)
        terms = dict(large)
        for variable, coefficient in small.items():
            total = terms.get(variable, 0.0) + coefficient
            if total:
                terms[variable] = total
            else:
                terms.pop(variable, None)
        return Affine(self.constant + other.constant, terms)

    __radd__ = __add__

    def __neg__(self) -> Affine:
        return self * -1.0

    def __sub__(self, other: Affine | float) -> Affine:
        return self + lift(other) * -1.0

    def __rsub__(self, other: Affine | float) -> Affine:
        return lift(other) + self * -1.0

    def __mul__(self, other: Affine | float) -> Affine:
        other = lift(other)
        if other.terms:
            if self.terms:
                raise NotRepresentable("product")
            return other * self.constant
        factor = other.constant
        terms = {v: c * factor for v, c in self.terms.items()} if factor else {}
        return Affine(self.constant * factor, terms)

    __rmul__ = __mul__

    def __truediv__(self, other: Affine | float) -> Affine:
        other = lift(other)
        if other.terms:
            raise NotRepresentable("quotient")
        return self * (1.0 / other.constant)

    def __rtruediv__(self, other: Affine | float) -> Affine:
        return lift(other) / self

    def __pow__(self, exponent: Affine | float) -> Affine:
        exponent = lift(exponent)
        if exponent.terms or (self.terms and exponent.constant != 1.0):
            raise NotRepresentable("power")
        return self if self.terms else Affine(self.constant**exponent.constant)

    def __abs__(self) -> Affine:
        if self.terms:
            raise NotRepresentable("abs")
        return Affine(abs(self.constant))


def lift(value: Affine | float) -> Affine:
    """A plain number as a linear form."""
    return value if isinstance(value, Affine) else Affine(float(value))
