"""A CIR in the lines that a model writes when it reads a problem as a whole.

The opposite of `r2c.agents.written.assemble`: what code settles is left out, sets and numbers of
the text are called as code calls them, rules stand behind the numbers of their sentences. Whether
the lines mean the CIR is proved by reading them again and solving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from r2c.agents.formal import Formal, write_formals
from r2c.agents.goal import Goal
from r2c.agents.reading import Reading
from r2c.agents.written.nouns import AGAIN, Axis, Nouns, read_nouns
from r2c.agents.written.reader import Written
from r2c.agents.written.series import numbered
from r2c.cir.expr import (
    Add,
    Binder,
    Call,
    Compare,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Mul,
    Name,
    Num,
    Text,
    symbols,
)
from r2c.cir.instance import Instance, bind
from r2c.cir.members import label
from r2c.cir.nouns import singular
from r2c.cir.schema import CIR, Decision, DenseValues, ExprValues, IndexSet, Parameter, Rule
from r2c.cir.write import number, write
from r2c.model.rename import map_children, substitute
from r2c.problem.grid import unique

_RELATIONS: Mapping[str, tuple[str, str, str]] = {
    "capacity_limit": ("use", "<=", "limit"),
    "minimum_requirement": ("amount", ">=", "least"),
    "exact_balance_requirement": ("amount", "==", "target"),
}


class Unsayable(Exception):
    """The CIR says something for which there are no lines."""


@dataclass(frozen=True)
class Lines:
    """The answers to the four questions, `none` where there is nothing to say."""

    sets: str
    nouns: str
    rules: str
    goal: str


def lines_of(cir: CIR, dialect: Written) -> Lines:
    """The lines that mean a CIR.

    Args:
        cir: a CIR with its numbers in it, whose rules have spans in the text.
        dialect: how the text is read.

    Raises:
        Unsayable: it has no such lines.
    """
    names = _Names(cir, dialect)
    sets = [names.set_line(item) for item in names.new_sets]
    decisions = [names.decision_line(item) for item in cir.decisions]
    numbers = [line for item in cir.parameters if (line := names.number_line(item))]
    rules = tuple(names.rule(item) for item in cir.rules)
    objective = cir.objectives[0]
    goal = Goal(objective.sense, names.expr(objective.expr, {}))
    return Lines(
        "\n".join(sets) or "none",
        "\n".join([*decisions, *numbers]),
        write_formals(tuple(sorted(rules, key=lambda one: (one.first, one.last)))),
        str(goal),
    )


def assembled(lines: Lines, dialect: Written) -> CIR:
    """The CIR that the lines mean.

    Raises:
        R2CError: they mean none.
        ValueError: they are no such lines.
    """
    sets = read_nouns(lines.sets, dialect.data, dialect.known, decided=False)
    known = (*dialect.known, *sets)
    roster = (*known, *read_nouns(lines.nouns, dialect.data, known))
    rules = [item for item in dialect.read(lines.rules) if isinstance(item, Formal)]
    readings = [
        Reading(clause, write_formals(tuple(one for one in rules if one.first == clause.sentence)))
        for clause in dialect.clauses
    ]
    return dialect.assemble(roster, readings, lines.goal)


@dataclass
class _Names:
    """What the things of a CIR are called in the lines."""

    cir: CIR
    dialect: Written
    axes: dict[str, Axis] = field(default_factory=dict)
    new_sets: list[IndexSet] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)
    told: dict[str, Expr] = field(default_factory=dict)
    indexed: dict[str, Parameter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._nouns = Nouns(self.dialect.data, self.dialect.known)
        self._taken = {*self.dialect.data.taken(), *self._nouns.given, *self._nouns.axes}
        self._taken |= {axis.set for axis in self._nouns.axes.values()}
        for item in self.cir.sets:
            self._set(item)
        instance = bind(self.cir).require()
        known = self._known_values()
        for parameter in self.cir.parameters:
            self._number(parameter, instance, known)
        for decision in self.cir.decisions:
            self.called[decision.name] = self._free(decision.name)
        for rule in self.cir.rules:
            for name in rule.outputs.values():
                self.called[name] = self._free(name)

    # ------------------------------------------------------------------------------- names

    def _free(self, wish: str) -> str:
        name = unique(wish.lower(), self._taken)
        self._taken.add(name)
        return name

    def _set(self, item: IndexSet) -> None:
        if item.dim != 1 or item.elements is None:
            raise Unsayable(f"the set {item.name} is no list of members")
        elements = tuple(one for one in item.elements if not isinstance(one, tuple))
        name = item.name.lower()
        noun = singular(name) or name
        for axis in self._nouns.axes.values():
            if axis not in self.axes.values() and _is_called(axis, elements, noun):
                self.axes[item.name] = axis
                return
        axis = Axis(self._free(noun), unique(item.name, self._taken), elements)
        self.axes[item.name] = axis
        self._taken.add(axis.set)
        self.new_sets.append(item)

    def _known_values(self) -> dict[str, dict[tuple[str, ...], float]]:
        """The numbers of tables and series, by name and by the labels of their members."""
        nouns = self._nouns
        ordered = {axis.set for axis in nouns.axes.values() if axis.ordered}
        cir = CIR(
            sets=tuple(
                one.model_copy(update={"kind": "ordered"}) if one.name in ordered else one
                for one in (*nouns.data.sets, *nouns.sets())
            ),
            parameters=(
                *nouns.data.folded,
                *(one.parameter for one in nouns.data.given.values()),
                *nouns.parameters(),
            ),
        )
        values = bind(cir, self.dialect.problem).parameters
        return {
            name: {tuple(map(label, key)): value for key, value in values[name].items()}
            for name in nouns.given
            if name in values
        }

    def _number(
        self,
        item: Parameter,
        instance: Instance,
        known: Mapping[str, Mapping[tuple[str, ...], float]],
    ) -> None:
        if isinstance(item.value, ExprValues):
            self.indexed[item.name] = item
            return
        values = instance.parameters[item.name]
        if not item.over:
            self.told[item.name] = self._single(values[()])
            return
        axes = tuple(self.axes[one] for one in item.over)
        wanted = {
            tuple(
                label(self._member(one, axis)) for one, axis in zip(key, axes, strict=True)
            ): value
            for key, value in values.items()
        }
        for name, over in self._nouns.given.items():
            if over == self._axes(item.over) and _same(known.get(name, {}), wanted):
                self.called[item.name] = name
                return
        for name, over in self._nouns.given.items():
            for factor in _SCALES:
                scaled = {key: value * factor for key, value in wanted.items()}
                if over == self._axes(item.over) and _same(known.get(name, {}), scaled):
                    self.called[_KNOWN + name] = name
                    self.indexed[item.name] = _scaled(item, _KNOWN + name, factor)
                    return
        self.called[item.name] = self._free(item.name)
        self.indexed[item.name] = item

    def _single(self, value: float) -> Expr:
        """A number as the text tells it: 81 as 81000/1000 where 81 thousand is said."""
        told = {abs(one.value) for one in self.dialect.problem.quantities}
        told |= {round(100 * one, 10) for one in told if one < 1}
        for factor in (1.0, 1000.0, 1_000_000.0):
            if value and round(abs(value) * factor, 10) in told and factor > 1:
                return Div(Num(value * factor), Num(factor))
            if round(abs(value) * factor, 10) in told:
                break
        return Num(value)

    @staticmethod
    def _member(member: object, axis: Axis) -> object:
        """A member as the axis has it: `hour 1` for 1 where the text calls it so."""
        text = label(member)
        for one in axis.members:
            told = numbered([str(one)])
            if label(one).lower() == text.lower():
                return one
            if told is not None and str(told[1][0]) == text:
                return one
        raise Unsayable(f"{text} is no member of {axis.set}")

    # ------------------------------------------------------------------------------- lines

    def set_line(self, item: IndexSet) -> str:
        """The declaration of a set."""
        axis = self.axes[item.name]
        return f"{axis.name} in {axis.set}: {', '.join(map(str, axis.members))}"

    def decision_line(self, item: Decision) -> str:
        """The declaration of a decision."""
        if item.where is not None or item.lower != Num(0.0):
            raise Unsayable(f"the decision {item.name} has a filter or a lower bound")
        axes = ", ".join(self._axes(item.over))
        keys = f"[{axes}]" if axes else ""
        most = "" if item.upper is None else f" <= {write(self.expr(item.upper, {}))}"
        return f"{self.called[item.name]}{keys} {item.domain}{most}: {item.meaning}"

    def number_line(self, item: Parameter) -> str:
        """The declaration of numbers that neither a table nor a series has; else nothing."""
        made = self.indexed.get(item.name)
        if made is None or isinstance(made.value, ExprValues):
            return ""
        assert isinstance(item.value, DenseValues)
        rows = [row if isinstance(row, tuple) else (row,) for row in item.value.values]
        if len(item.over) == 1:
            rows = [tuple(row[0] for row in rows)]
        text = "; ".join(", ".join(number(_float(one)) for one in row) for row in rows)
        axes = ", ".join(self._axes(item.over))
        return f"{self.called[item.name]}[{axes}] = {text}"

    def rule(self, item: Rule) -> Formal:
        """A rule behind the numbers of its sentences."""
        if item.soft is not None or item.span is None:
            raise Unsayable(f"the rule {item.id} is soft or has no words")
        span = item.span
        sentences = [one.sentence for one in self.dialect.clauses if one.span.overlaps(span)]
        if not sentences:
            raise Unsayable(f"the rule {item.id} stands in no sentence")
        scope: dict[str, str] = {}
        loops: Binder | None = None
        renamed: Mapping[str, Expr] = {}
        if item.forall is not None:
            loops, renamed = self._loops(item.forall, scope)
        operands = {
            role: self.expr(substitute(expr, renamed), scope)
            for role, expr in item.operands.items()
        }
        operands |= {role: Name(self.called[name]) for role, name in item.outputs.items()}
        where = None if loops is None else loops.where
        if loops is not None and self._goes_without_saying(loops, operands):
            loops = None
        else:
            where = None
        known = _RELATIONS.get(item.archetype)
        first, last = min(sentences), max(sentences)
        if known is not None and set(operands) == {known[0], known[2]}:
            left, op, right = operands[known[0]], known[1], operands[known[2]]
            operands = {"relation": Compare((op,), (left, right))}  # type: ignore[arg-type]
        elif item.archetype != "linear":
            order = self._roles(item.archetype)
            filled = sorted(operands.items(), key=lambda one: order.index(one[0]))
            return Formal(first, last, item.archetype, tuple(filled), loops, where)
        elif not isinstance(operands["relation"], Compare):
            raise Unsayable(f"the rule {item.id} is no single relation")
        return Formal(first, last, "", tuple(operands.items()), loops, where)

    def _roles(self, archetype: str) -> list[str]:
        """What a card is told with, in order: required roles, optional ones, outputs."""
        assert self.dialect.shelf is not None
        card = self.dialect.shelf.cards[archetype]
        roles = sorted(card.roles, key=lambda role: not role.required)
        return [*(role.name for role in roles), *(one.name for one in card.outputs)]

    def _goes_without_saying(self, loops: Binder, operands: Mapping[str, Expr]) -> bool:
        """Whether the free names of a rule and their order say its loops."""
        used = {name for expr in operands.values() for name in symbols(expr)}
        known = {axis.name: axis.set for axis in self.axes.values()}
        known |= {f"{AGAIN}{name}": of for name, of in known.items()}
        return all(
            len(loop.targets) == 1
            and known.get(loop.targets[0]) is not None
            and loop.domain == Name(known[loop.targets[0]])
            and loop.targets[0] in used
            for loop in loops.loops
        )

    # ------------------------------------------------------------------------------- algebra

    def expr(self, expr: Expr, scope: Mapping[str, str]) -> Expr:
        """An expression with the names of the lines; `scope` gives the set of each loop variable.

        Loop variables are renamed where they are bound, so names in scope are those of the lines.
        """
        match expr:
            case Name(name) if name in scope:
                return expr
            case Name(name):
                return self._name(name)
            case Item(base, keys) if (made := self.indexed.get(base)) is not None and isinstance(
                made.value, ExprValues
            ):
                own = (self._key(key, of, scope) for key, of in zip(keys, made.over, strict=True))
                bound = dict(zip(made.value.indices, own, strict=True))
                return self.expr(substitute(made.value.expr, bound), scope)
            case Item(base, keys):
                over = self._over(base)
                return Item(
                    self.called.get(base, base),
                    tuple(
                        self._key(key, over[place] if place < len(over) else None, scope)
                        for place, key in enumerate(keys)
                    ),
                )
            case Compare(ops, args) if len(args) == 2 and set(ops) <= _ORDER:
                return self._compared(expr, scope)
            case Add() | Mul() | Div():
                return map_children(expr, lambda child: self._number_of(child, scope))
            case Fold(op, body, binder):
                inner = dict(scope)
                body, loops = self._bound(body, binder, inner)
                return Fold(op, body, loops)
            case Each(body, binder):
                inner = dict(scope)
                body, loops = self._bound(body, binder, inner)
                return Each(body, loops)
            case _:
                return map_children(expr, lambda child: self.expr(child, scope))

    def _name(self, name: str) -> Expr:
        if name in self.told:
            return self.told[name]
        made = self.indexed.get(name)
        if made is not None and isinstance(made.value, ExprValues):
            if made.over:
                loops = [
                    Loop((one,), Name(over))
                    for one, over in zip(made.value.indices, made.over, strict=True)
                ]
                return self.expr(Each(made.value.expr, Binder(tuple(loops))), {})
            return self.expr(made.value.expr, {})
        if name in self.axes:
            return Name(self.axes[name].set)
        return Name(self.called.get(name, name))

    def _axes(self, over: Sequence[str]) -> tuple[str, ...]:
        """The names of members in the keys of a symbol; a set that stands twice has two."""
        names: list[str] = []
        for one in over:
            name = self.axes[one].name
            names.append(f"{AGAIN}{name}" if name in names else name)
        if len(set(names)) < len(names):
            raise Unsayable("a set stands three times among the keys of a symbol")
        return tuple(names)

    def _over(self, base: str) -> tuple[str, ...]:
        over = {item.name: item.over for item in self.cir.parameters}
        over |= {item.name: item.over for item in self.cir.decisions}
        return over.get(base, ())

    def _key(self, key: Expr, over: str | None, scope: Mapping[str, str]) -> Expr:
        if isinstance(key, Num | Text) and over is not None:
            return self._constant(key, over)
        if isinstance(key, Add):  # a lag counts members, whatever they are called
            return map_children(key, lambda child: self.expr(child, scope))
        return self.expr(key, scope)

    def _number_of(self, expr: Expr, scope: Mapping[str, str]) -> Expr:
        """An expression that is reckoned with: `ord(bracket)` for 2 where it is `bracket 2`."""
        axis = self.axes.get(scope.get(expr.id, "")) if isinstance(expr, Name) else None
        if axis is None or all(isinstance(one, int) for one in axis.members):
            return self.expr(expr, scope)
        told = numbered(list(map(str, axis.members)))
        if told is None or list(told[1]) != list(range(1, len(told[1]) + 1)):
            raise Unsayable(f"the members of {axis.set} are not the numbers from 1 on")
        return Call("ord", (expr,))

    def _constant(self, expr: Num | Text, over: str) -> Expr:
        value = int(expr.value) if isinstance(expr, Num) else expr.value
        member = self._member(value, self.axes[over])
        return Num(float(member)) if isinstance(member, int) else Text(str(member))

    def _compared(self, expr: Compare, scope: Mapping[str, str]) -> Expr:
        """A relation; what a loop variable is held against is one of its members."""
        left, right = expr.args
        args = []
        for own, other in ((left, right), (right, left)):
            over = scope.get(other.id) if isinstance(other, Name) else None
            plain = isinstance(own, Num | Text) and over is not None
            args.append(
                self._constant(own, over)  # type: ignore[arg-type]
                if plain
                else self.expr(own, scope)
            )
        return Compare(expr.ops, tuple(args))

    def _bound(self, body: Expr, binder: Binder, scope: dict[str, str]) -> tuple[Expr, Binder]:
        loops, renamed = self._loops(binder, scope)
        return self.expr(substitute(body, renamed), scope), loops

    def _loops(self, binder: Binder, scope: dict[str, str]) -> tuple[Binder, Mapping[str, Expr]]:
        """The loops with new variables, which `scope` learns, and what the old ones become."""
        renamed: dict[str, Expr] = {}
        loops = []
        for loop in binder.loops:
            domain = self.expr(substitute(loop.domain, renamed), scope)
            targets = []
            for target in loop.targets:
                name = self._variable(target, loop.domain, scope)
                renamed[target] = Name(name)
                targets.append(name)
                scope[name] = loop.domain.id if isinstance(loop.domain, Name) else ""
            loops.append(Loop(tuple(targets), domain))
        where = None
        if binder.where is not None:
            where = self.expr(substitute(binder.where, renamed), scope)
        return Binder(tuple(loops), where), renamed

    def _variable(self, wish: str, domain: Expr, scope: Mapping[str, str]) -> str:
        """The name of a member of the set, or another one where that is in use."""
        axis = self.axes.get(domain.id) if isinstance(domain, Name) else None
        if axis is not None and axis.name not in scope:
            return axis.name
        if axis is not None and f"{AGAIN}{axis.name}" not in scope:
            return f"{AGAIN}{axis.name}"
        return unique(wish, {*scope, *self._taken})


def _is_called(axis: Axis, elements: Sequence[str | int], noun: str) -> bool:
    """Whether an axis is the set of these members; numbers alone do not tell sets apart."""
    wanted = [label(one) for one in elements]
    members = list(map(str, axis.members))
    told = numbered(members)
    if told is not None and told[0] == axis.name and wanted == list(map(str, told[1])):
        return True
    alike = [one.lower() for one in members] == [one.lower() for one in wanted]
    return alike and (axis.name == noun or not all(one.isdigit() for one in wanted))


_KNOWN = "known "
"""Before a name of the lines, which may be that of another symbol of the CIR."""
_SCALES = (1000.0, 1_000_000.0, 0.01)
_ORDER = {"==", "!=", "<", "<=", ">", ">="}


def _same(one: Mapping[tuple[str, ...], float], other: Mapping[tuple[str, ...], float]) -> bool:
    return one.keys() == other.keys() and all(
        abs(one[key] - other[key]) <= 1e-9 * max(1.0, abs(one[key])) for key in one
    )


def _scaled(item: Parameter, known: str, factor: float) -> Parameter:
    """A parameter as a known one in another unit: told in euros, meant in thousands."""
    indices = tuple(f"k{place}" for place in range(len(item.over)))
    told = Item(known, tuple(map(Name, indices)))
    expr = Div(told, Num(factor)) if factor > 1 else Mul((Num(1 / factor), told))
    return item.model_copy(update={"value": ExprValues(indices=indices, expr=expr)})


def _float(value: object) -> float:
    if not isinstance(value, int | float):
        raise Unsayable("numbers over more than two sets")
    return float(value)
