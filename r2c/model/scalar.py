"""The plain model member by member: scalar variables with bounds, rows and objectives as forms.

This is where trivially true rows are dropped, trivially false ones found, and anything that is not
linear (or a convex quadratic objective) refused with the rule and the term named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from r2c.cir.check_data import INFINITE, huge_bound
from r2c.cir.evaluate import Evaluator, NotRepresentable
from r2c.cir.expr import CompareOp, Expr
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.cir.write import write
from r2c.errors import CIRError, Fault, ModelError, R2CError, declare
from r2c.model.model_map import ModelMap, RowEntry, Skipped, VariableEntry
from r2c.model.names import Names
from r2c.model.plain import PlainModel, PlainRow, PlainVariable
from r2c.model.quadratic import Quadratic

NONLINEAR = declare(
    "R2C-M002", ModelError,
    what="{owner} contains {problem}.",
    why="Rows must be linear in the decisions; objectives may also have convex squares.",
    remedy="Choose an archetype that offers a linear form of this meaning, or change the rule.",
)  # fmt: skip
NO_RELATION = declare(
    "R2C-M003", ModelError,
    what="The rule {rule!r} uses `{op}` in {relation!r}.",
    why="A solver works with closed ranges: <=, >= and ==. `<` has no smallest slack on "
    "continuous quantities, and != cuts a hole.",
    remedy="Use <= or >= with the margin that is meant (1 for whole numbers).",
)  # fmt: skip
CONTRADICTION = declare(
    "R2C-M004", ModelError,
    what="The rule {rule!r} demands {relation}{where}, which is never true: {found}.",
    why="No decision appears in it once the data are filled in.",
    remedy="Check the data and the loops of this rule.",
)  # fmt: skip
CROSSED_BOUNDS = declare(
    "R2C-M005", ModelError,
    what="The decision {symbol!r}{where} must be at least {lower:g} and at most {upper:g}.",
    why="No value lies between the two.",
    remedy="Correct the bounds or the data they come from.",
)  # fmt: skip
SYMBOL_TWICE = declare(
    "R2C-M006", ModelError,
    what="The model has two {kind} called {name!r}.",
    why="Names tie rows and variables to their rules.",
    remedy="Rename one of them.",
)  # fmt: skip
TOO_BIG_NUMBER = declare(
    "R2C-M007", ModelError,
    what="{owner} contains the number {value:g}.",
    why="The solver computes with 16 digits; it takes numbers from {limit:g} on for infinite.",
    remedy="Choose larger units (thousands, tonnes), or check the data for a missing limit.",
)  # fmt: skip

LARGEST = 1e15
"""What HiGHS takes for infinite in coefficients."""
TRIVIAL = 1e-9
MIRRORED: dict[CompareOp, CompareOp] = {"<=": ">=", ">=": "<=", "==": "=="}


@dataclass(frozen=True, slots=True)
class ScalarRow:
    """`lower <= sum of factor * column <= upper`; infinite ends are open."""

    linear: dict[int, float]
    lower: float
    upper: float


@dataclass
class ScalarModel:
    """All scalar variables, rows and objectives, with the map home.

    `false_rows` are rows without any decision that never hold; they are no part of `rows`, but an
    exported file must not be without them.
    """

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    rows: list[ScalarRow] = field(default_factory=list)
    objectives: list[Quadratic] = field(default_factory=list)
    variable_entries: list[VariableEntry] = field(default_factory=list)
    row_entries: list[RowEntry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    contradictions: list[Fault] = field(default_factory=list)
    false_rows: list[tuple[RowEntry, ScalarRow]] = field(default_factory=list)

    def map(self) -> ModelMap:
        """The way home from row and column numbers."""
        return ModelMap(
            tuple(self.variable_entries),
            tuple(self.row_entries),
            tuple(self.skipped),
            tuple(self.contradictions),
        )


def scalar_model(plain: PlainModel, instance: Instance) -> ScalarModel:
    """Write out every variable, row and objective of a plain model.

    Raises:
        R2CError: R2C-C225 to R2C-C239 with the rule in its details, R2C-M002 to R2C-M007.
    """
    made = ScalarModel()
    names = Names()
    columns: dict[str, dict[Key, Quadratic]] = {}
    data: Evaluator[float] = Evaluator(instance)
    shapes: dict[str, tuple[str | None, ...]] = {}
    for variable in plain.variables:
        if variable.name in columns:
            raise SYMBOL_TWICE(kind="decisions", name=variable.name)
        with located(f"The decision {variable.name!r}", variable.rule):
            shapes[variable.name] = data.components(variable.binder)
            columns[variable.name] = add_variable(made, variable, data, names)
    forms: Evaluator[Quadratic | float] = Evaluator(instance, columns, shapes=shapes)
    names = Names()
    rows: set[str] = set()
    for row in plain.rows:
        if row.name in rows:
            raise SYMBOL_TWICE(kind="rows", name=row.name)
        rows.add(row.name)
        with located(f"The rule {row.rule!r}", row.rule):
            add_rows(made, row, forms, names)
    for objective in sorted(plain.objectives, key=lambda item: item.tier):
        with located("The objective", None):
            form = Quadratic.of(forms.value(objective.expr))
            check_numbers("The objective", [*form.linear.values(), *form.square.values()])
            made.objectives.append(form)
    return made


@contextmanager
def located(owner: str, rule: str | None) -> Iterator[None]:
    """Say in every fault where it was found."""
    try:
        yield
    except NotRepresentable as error:
        fault = NONLINEAR.fault(owner=owner, problem=str(error))
        details = {**fault.details, "rule": rule}
        raise ModelError(fault.model_copy(update={"details": details})) from None
    except R2CError as error:
        fault = error.fault
        if "rule" in fault.details or fault.what.startswith(owner):
            raise
        update = {"what": f"{owner}: {fault.what}", "details": {**fault.details, "rule": rule}}
        raise type(error)(fault.model_copy(update=update)) from None


def check_numbers(owner: str, values: list[float], limit: float = LARGEST) -> None:
    """Refuse numbers that the solver cannot compute with.

    Raises:
        ModelError: R2C-M007.
    """
    for value in values:
        if not abs(value) < limit:
            raise TOO_BIG_NUMBER(owner=owner, value=value, limit=limit)


def add_variable(
    made: ScalarModel, variable: PlainVariable, data: Evaluator[float], names: Names
) -> dict[Key, Quadratic]:
    """Write out one variable; its columns by key.

    Raises:
        R2CError: R2C-C033, or as its bounds and loops cannot be evaluated.
    """
    lowers = _bounds(variable.lower, variable, data)
    uppers = _bounds(variable.upper, variable, data)
    columns: dict[Key, Quadratic] = {}
    for key in [()] if variable.binder is None else data.members(variable.binder):
        lower, upper = lowers(key, -math.inf), uppers(key, math.inf)
        if variable.domain == "binary":
            lower, upper = max(lower, 0.0), min(upper, 1.0)
        if lower > upper:
            made.contradictions.append(
                CROSSED_BOUNDS.fault(
                    symbol=variable.name,
                    where=where_told(key),
                    key=list(key),
                    lower=lower,
                    upper=upper,
                )
            )
        columns[key] = Quadratic(0.0, {len(made.lower): 1.0})
        made.lower.append(lower)
        made.upper.append(upper)
        made.variable_entries.append(
            VariableEntry(
                names.name(variable.name, key), variable.name, key, variable.domain, variable.rule
            )
        )
    return columns


def _bounds(
    expr: Expr | None, variable: PlainVariable, data: Evaluator[float]
) -> Callable[[Key, float], float]:
    if expr is None:
        return lambda key, default: default
    found: Mapping[Key, float] = dict(data.each(expr, variable.binder))
    for key, value in found.items():
        if not abs(value) < INFINITE:
            raise CIRError(huge_bound(variable.name, key, value))
    return lambda key, default: found[key]


def add_rows(
    made: ScalarModel, row: PlainRow, forms: Evaluator[Quadratic | float], names: Names
) -> None:
    """Write out one plain row for every member of its loops.

    Raises:
        R2CError: R2C-M003, R2C-M007, or as its relation cannot be evaluated.
        NotRepresentable: if it is not linear.
    """
    ops, count = row.relation.ops, len(row.relation.ops)
    for op in ops:
        if op not in ("<=", ">=", "=="):
            raise NO_RELATION(rule=row.rule, op=op, relation=write(row.relation))
    for key, sides in forms.relations(row.relation, row.binder):
        values = [Quadratic.of(side) for side in sides]
        if any(value.degree > 1 for value in values):
            raise NotRepresentable(f"a product of decisions in `{write(row.relation)}`")
        if count == 2 and ops[0] == ops[1] != "==" and not (values[0].degree or values[2].degree):
            ends = (values[0].constant, values[2].constant)
            low, high = ends if ops[0] == "<=" else ends[::-1]
            constant = values[1].constant
            low, high = low - constant, high - constant
            if low <= high:
                _add_row(made, row, key, 0, values[1].linear, (low, high), names)
                continue
            # Ends that cross make two rows: no format has a range whose lower end is the higher.
        for part, op in enumerate(ops):
            left, right = values[part], values[part + 1]
            if not left.degree and right.degree:
                left, right = right, left
                op = MIRRORED[op]
            difference = left - right
            end = -difference.constant
            low, high = (end if op != "<=" else -math.inf), (end if op != ">=" else math.inf)
            _add_row(made, row, key, part, difference.linear, (low, high), names)


def _add_row(
    made: ScalarModel, row: PlainRow, key: Key, part: int, linear: dict[int, float],
    ends: tuple[float, float], names: Names,
) -> None:  # fmt: skip
    linear = {column: factor for column, factor in linear.items() if factor}
    low, high = ends
    base = row.name if part == 0 else f"{row.name}_{part + 1}"
    if not linear:
        room = TRIVIAL * max(1.0, *(abs(end) for end in ends if math.isfinite(end)))
        if low <= room and high >= -room:
            made.skipped.append(Skipped(row.rule, row.name, key, "it holds for every decision"))
            return
        made.contradictions.append(contradiction(row, key, low, high))
        entry = RowEntry(names.name(base, key), row.name, row.rule, key, part)
        made.false_rows.append((entry, ScalarRow({}, low, high)))
        return
    owner = f"The rule {row.rule!r}"
    check_numbers(owner, list(linear.values()))
    check_numbers(owner, [end for end in ends if math.isfinite(end)], INFINITE)
    made.rows.append(ScalarRow(linear, low, high))
    made.row_entries.append(RowEntry(names.name(base, key), row.name, row.rule, key, part))


def contradiction(row: PlainRow, key: Key, low: float, high: float) -> Fault:
    """The fault of a row without decisions that demands 0 to lie between other numbers."""
    low, high = low + 0.0, high + 0.0
    if low == high:
        found = f"0 == {low:g}"
    else:
        ends = [
            f"{low:g} <= " if low > -math.inf else "",
            f" <= {high:g}" if high < math.inf else "",
        ]
        found = f"{ends[0]}0{ends[1]}"
    return CONTRADICTION.fault(
        rule=row.rule, relation=f"`{write(row.relation)}`", where=where_told(key), key=list(key),
        found=found,
    )  # fmt: skip


def where_told(key: Key) -> str:
    """A key in words, with a blank in front; nothing without one."""
    return f" for {', '.join(map(str, key))}" if key else ""
