"""A Pyomo script that a planner can read, keep and run without R2C.

`pip install pyomo highspy` is all it needs. Sets and data stand at the top, loops stay loops, and
every group of rows carries the sentence it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from r2c.cir.expr import Expr, Num
from r2c.cir.instance import Instance
from r2c.errors import ModelError, declare
from r2c.model.export.quotes import quotes_of
from r2c.model.export.script_data import data_lines
from r2c.model.export.script_terms import Terms
from r2c.model.plain import PlainModel, PlainObjective, PlainRow, PlainVariable

TOO_MUCH_DATA = declare(
    "R2C-M020", ModelError,
    what="The script would hold {size:,} numbers and labels; the limit is {limit:,}.",
    why="All data are written into the script, so that it runs on its own.",
    remedy="Export LP or MPS files instead.",
)  # fmt: skip

MAX_DATA = 200_000
_DOMAINS = {"continuous": "Reals", "integer": "Integers", "binary": "Binary"}

_HEAD = '''\
"""{title}

Written by R2C; needs Python with `pip install pyomo highspy`, not R2C itself.
"""

{imports}import pyomo.environ as pyo

'''

_MOVE = '''\


def move(order, member, steps, cyclic=False):
    """The member `steps` places after `member` in an ordered list."""
    place = order.index(member) + int(steps)
    if cyclic:
        place %= len(order)
    elif not 0 <= place < len(order):
        raise IndexError(f"{member!r} moved by {steps} leaves the list")
    return order[place]
'''

_HELPERS = '''\


def require(rows, relation):
    """Add a row; one in which no decision is left must simply be true."""
    if relation is True or relation is False:
        if not relation:
            raise SystemExit(f"infeasible: a row of {rows.local_name} is never true")
        return
    rows.add(relation)


def solve(goal):
    """Optimize one goal and return its value; stop where there is no optimum."""
    results = pyo.SolverFactory("highs").solve(model, load_solutions=False)
    if str(results.solver.termination_condition) != "optimal":
        raise SystemExit(f"no optimum: {results.solver.termination_condition}")
    model.solutions.load_from(results)
    return pyo.value(goal)

'''

_TAIL = """\
for variable in model.component_data_objects(pyo.Var):
    if variable.value is not None and abs(variable.value) > 1e-9:
        print(f"  {variable.name} = {variable.value:g}")
"""


def script_text(plain: PlainModel, instance: Instance) -> str:
    """The model on this instance as the text of a Python script.

    Raises:
        R2CError: R2C-C214 (data faults), R2C-C225 to R2C-C239 (expressions without meaning),
            R2C-M020 (too much data for a script).
    """
    instance.require()
    size = sum(len(members.keys) * members.dim for members in instance.sets.values())
    size += sum(values.size for values in instance.parameters.values())
    if size > MAX_DATA:
        raise TOO_MUCH_DATA(size=size, limit=MAX_DATA)
    return "".join(f"{line}\n" for line in _Script(plain, instance).lines()).lstrip("\n")


class _Script:
    def __init__(self, plain: PlainModel, instance: Instance) -> None:
        self.plain = plain
        self.instance = instance
        self.terms = Terms(plain, instance)
        self.names = self.terms.names

    def lines(self) -> Iterator[str]:
        title = " ".join(self.plain.cir.title.split()).replace("\\", "/").replace('"', "'")
        data = list(data_lines(self.plain.cir, self.instance, self.names))
        model = list(self._model(title))
        imports = [f"import {name}\n" for name in ("itertools", "math") if _uses(model, f"{name}.")]
        yield _HEAD.format(
            title=f"{title or 'An optimization model'}.",
            imports="".join(imports) + ("\n" if imports else ""),
        ).rstrip("\n")
        yield from data
        yield ""
        yield "# ---- Small helpers"
        if _uses(model, "move("):
            yield _MOVE.rstrip("\n")
        yield _HELPERS.rstrip("\n")
        yield from model

    def _model(self, title: str) -> Iterator[str]:
        yield ""
        yield ""
        yield f"model = pyo.ConcreteModel({title!r})"
        yield ""
        yield "# ---- Decisions"
        for variable in self.plain.variables:
            yield from self._variable(variable)
        yield from self._definitions()
        yield from self._rows()
        yield from self._goals()
        yield _TAIL.rstrip("\n")

    def _variable(self, item: PlainVariable) -> Iterator[str]:
        name, terms = self.names.symbol(item.name), self.terms
        yield ""
        told = item.meaning + (f" [{item.unit}]" if item.unit else "")
        yield from _comment(" ".join(told.split()))
        parts = [] if item.binder is None else [terms.index(item.binder)]
        from_zero = item.lower == Num(0.0) and item.upper is None
        parts.append(f"domain=pyo.{'NonNegative' if from_zero else ''}{_DOMAINS[item.domain]}")
        if item.domain == "binary":
            parts[-1] = "domain=pyo.Binary"
        ends = f"({self._end(item, item.lower)}, {self._end(item, item.upper)})"
        if item.binder is None or all(
            isinstance(end, Num | None) for end in (item.lower, item.upper)
        ):
            needed = not from_zero and ends != "(None, None)"
            parts += [f"bounds={ends}"] if needed else []
        else:
            arguments = ", ".join(["_model", *terms.arguments(item.binder)])
            parts.append(f"bounds=lambda {arguments}: {ends}")
        yield f"{name} = pyo.Var({', '.join(parts)})"
        yield f"model.add_component({self.names.component(item.name)!r}, {name})"

    def _end(self, item: PlainVariable, end: Expr | None) -> str:
        return "None" if end is None else self.terms.text(end, item.binder, data_only=True)

    def _definitions(self) -> Iterator[str]:
        used = self.plain.definitions
        if used:
            yield ""
            yield "# ---- Definitions"
        for item in used:
            arguments = [] if item.forall is None else self.terms.arguments(item.forall)
            yield ""
            yield ""
            yield f"def {self.names.symbol(item.name)}({', '.join(arguments)}):"
            yield f"    return {self.terms.text(item.expr, item.forall)}"
        if used:
            yield ""

    def _rows(self) -> Iterator[str]:
        quotes = quotes_of(self.plain)
        yield ""
        yield "# ---- Rules"
        told = ""
        for row in self.plain.rows:
            yield ""
            if row.rule != told:
                told = row.rule
                yield from (f"# {line}" for line in quotes.get(told, [told]))
            yield from self._row(row)

    def _row(self, row: PlainRow) -> Iterator[str]:
        name = self.names.fresh(row.name)
        yield f"{name} = pyo.ConstraintList()"
        yield f"model.add_component({self.names.component(row.name)!r}, {name})"
        args = [self.terms.text(arg, row.binder) for arg in row.relation.args]
        indent = ""
        if row.binder is not None:
            for line in self.terms.statements(row.binder):
                yield line
                indent = " " * (len(line) - len(line.lstrip()) + 4)
        for op, left, right in zip(row.relation.ops, args, args[1:], strict=False):
            yield f"{indent}require({name}, {left} {op} {right})"

    def _goals(self) -> Iterator[str]:
        yield ""
        yield "# ---- Goal" + (
            "s, the earlier ones first" if len(self.plain.objectives) > 1 else ""
        )
        yield ""
        ordered = sorted(self.plain.objectives, key=lambda item: item.tier)
        if not ordered:
            yield "goal = pyo.Objective(expr=0 * sum(model.component_data_objects(pyo.Var)))"
            yield "model.add_component('goal', goal)"
            yield "solve(goal)"
            yield "print('feasible')"
        for place, objective in enumerate(ordered):
            yield from self._goal(objective, place, last=place == len(ordered) - 1)

    def _goal(self, objective: PlainObjective, place: int, *, last: bool) -> Iterator[str]:
        name = self.names.fresh("goal")
        quotes = [item.quote for item in self.plain.cir.objectives if item.tier == objective.tier]
        for quote in quotes:
            yield from _comment(" ".join(quote.split()))
        sense = "minimize" if objective.sense == "min" else "maximize"
        body = self.terms.text(objective.expr, None)
        yield f"{name} = pyo.Objective(expr={body}, sense=pyo.{sense})"
        yield f"model.add_component({self.names.component(name)!r}, {name})"
        value = "optimum" if place == 0 else f"optimum_{place + 1}"
        yield f"{value} = solve({name})"
        yield f"print(f'{'optimum' if place == 0 else f'goal {place + 1}'}: {{{value}:.10g}}')"
        if not last:
            op = "<=" if objective.sense == "min" else ">="
            yield f"{name}.deactivate()"
            held = self.names.fresh(f"{name}_held")
            yield f"{held} = pyo.Constraint(expr={name}.expr {op} {value})"
            yield f"model.add_component({held!r}, {held})"
            yield ""


def _comment(text: str) -> Iterator[str]:
    printable = "".join(c if c.isprintable() else " " for c in text)
    yield from (f"# {line}" for line in wrap(printable, 88))


def _uses(lines: list[str], text: str) -> bool:
    return any(text in line for line in lines if not line.startswith("#"))
