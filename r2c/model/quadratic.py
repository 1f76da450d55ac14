"""Forms of degree two or less as numbers, so that the evaluator of the algebra can build models.

Variables are column numbers. Sums of many terms go through `total`, which fills one dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from r2c.cir.closures.scope import NotRepresentable

Pair = tuple[int, int]


class Quadratic:
    """`constant + sum linear[j] x_j + sum square[i,j] x_i x_j`, with i <= j."""

    __slots__ = ("constant", "linear", "square")

    def __init__(
        self,
        constant: float = 0.0,
        linear: dict[int, float] | None = None,
        square: dict[Pair, float] | None = None,
    ) -> None:
        self.constant = constant
        self.linear = {} if linear is None else linear
        self.square = {} if square is None else square

    @classmethod
    def of(cls, value: Quadratic | float) -> Quadratic:
        """A number as a form without variables; a form as it is."""
        return value if isinstance(value, Quadratic) else cls(float(value))

    @classmethod
    def total(cls, values: Iterable[Quadratic | float]) -> Quadratic:
        """The sum of many forms and numbers."""
        constant = 0.0
        linear: dict[int, float] = {}
        square: dict[Pair, float] = {}
        for value in values:
            if isinstance(value, Quadratic):
                constant += value.constant
                for column, factor in value.linear.items():
                    linear[column] = linear.get(column, 0.0) + factor
                for pair, factor in value.square.items():
                    square[pair] = square.get(pair, 0.0) + factor
            else:
                constant += value
        return cls(constant, linear, square)

    @classmethod
    def extreme(cls, largest: bool, values: Sequence[Quadratic | float]) -> float:
        """The largest or smallest, if no variable is involved."""
        operation = "the largest of decisions" if largest else "the smallest of decisions"
        numbers = [cls.of(value).number(operation) for value in values]
        return max(numbers) if largest else min(numbers)

    @property
    def degree(self) -> int:
        """2 with products of variables, 1 with variables, else 0; coefficients 0 do not count."""
        if any(self.square.values()):
            return 2
        return 1 if any(self.linear.values()) else 0

    def number(self, operation: str) -> float:
        """The value of a form without variables.

        Raises:
            NotRepresentable: if there are variables.
        """
        if self.degree:
            raise NotRepresentable(operation)
        return self.constant

    def __add__(self, other: Quadratic | float) -> Quadratic:
        return Quadratic.total((self, other))

    __radd__ = __add__

    def __neg__(self) -> Quadratic:
        return self._times(-1.0)

    def __sub__(self, other: Quadratic | float) -> Quadratic:
        return Quadratic.total((self, -other))

    def __rsub__(self, other: Quadratic | float) -> Quadratic:
        return Quadratic.total((other, -self))

    def __mul__(self, other: Quadratic | float) -> Quadratic:
        if not isinstance(other, Quadratic):
            return self._times(other)
        if not other.linear and not other.square:
            return self._times(other.constant)
        if not self.linear and not self.square:
            return other._times(self.constant)
        if self.degree + other.degree > 2:
            raise NotRepresentable("a product of more than two decisions")
        square: dict[Pair, float] = {}
        for i, a in self.linear.items():
            for j, b in other.linear.items():
                pair = (i, j) if i <= j else (j, i)
                square[pair] = square.get(pair, 0.0) + a * b
        mixed = Quadratic.total((self._times(other.constant), other._times(self.constant)))
        return Quadratic(self.constant * other.constant, mixed.linear, _sum(square, mixed.square))

    __rmul__ = __mul__

    def __truediv__(self, other: Quadratic | float) -> Quadratic:
        return self._times(1.0 / Quadratic.of(other).number("a division by decisions"))

    def __rtruediv__(self, other: float) -> float:
        return other / self.number("a division by decisions")

    def __pow__(self, exponent: Quadratic | float) -> Quadratic | float:
        power = Quadratic.of(exponent).number("a power with decisions in the exponent")
        if power == 1 or self.degree == 0:
            return self if power == 1 else self.constant**power
        if power == 2:
            return self * self
        raise NotRepresentable(f"the power {power:g} of decisions")

    def __rpow__(self, base: float) -> float:
        value: float = base ** self.number("a power with decisions in the exponent")
        return value

    def __abs__(self) -> float:
        return abs(self.number("the absolute value of decisions"))

    def _times(self, factor: float) -> Quadratic:
        if not factor:
            return Quadratic()
        return Quadratic(
            self.constant * factor,
            {column: value * factor for column, value in self.linear.items()},
            {pair: value * factor for pair, value in self.square.items()} if self.square else None,
        )


def _sum(one: dict[Pair, float], other: dict[Pair, float]) -> dict[Pair, float]:
    for pair, value in other.items():
        one[pair] = one.get(pair, 0.0) + value
    return one
