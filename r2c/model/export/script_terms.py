"""The algebra as Python source: the same tree, with keys, lags and orders made explicit.

Rewritten sub-expressions are kept as names that hold source text, so that the writer of the
algebra, which prints Python syntax anyway, does the rest.
"""

from __future__ import annotations

from dataclasses import replace

from r2c.cir.closures.elements import constant, home, is_element
from r2c.cir.closures.loops import loops
from r2c.cir.closures.scope import Context, Scope, refuse
from r2c.cir.closures.symbols import shape_of
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    Seq,
)  # fmt: skip
from r2c.cir.instance import Instance
from r2c.cir.members import Members
from r2c.cir.write import write
from r2c.model.export.script_conditions import ConditionTerms
from r2c.model.export.script_data import key_text
from r2c.model.export.script_names import ScriptNames
from r2c.model.plain import PlainModel


class Terms(ConditionTerms):
    """Translates the expressions of one model."""

    def __init__(self, plain: PlainModel, instance: Instance) -> None:
        evaluator: Evaluator[float] = Evaluator(instance)
        shapes = {item.name: evaluator.components(item.binder) for item in plain.variables}
        context = Context(
            instance,
            {item.name: {} for item in plain.variables},
            {
                name: tuple(None if part is None else instance.sets[part] for part in parts)
                for name, parts in shapes.items()
            },
            {item.name: item for item in plain.cir.definitions},
            None,
        )
        super().__init__(context, ScriptNames(plain))

    def text(self, expr: Expr, binder: Binder | None, *, data_only: bool = False) -> str:
        """An expression as Python source, inside the loops of `binder`."""
        scope = self._scope(binder)
        return write(self._number(expr, scope.for_data() if data_only else scope))

    def loops(self, binder: Binder) -> str:
        """The loops as a comprehension's `for ... in ... if ...`."""
        from r2c.cir.write import write_binder

        return write_binder(self._binder(binder, Scope({}))[0])

    def statements(self, binder: Binder) -> list[str]:
        """The loops as nested `for` statements, the condition last."""
        translated, _ = self._binder(binder, Scope({}))
        lines = []
        for depth, loop in enumerate(translated.loops):
            targets = ", ".join(loop.targets)
            lines.append(f"{'    ' * depth}for {targets} in {write(loop.domain)}:")
        if translated.where is not None:
            lines.append(f"{'    ' * len(lines)}if {write(translated.where)}:")
        return lines

    def index(self, binder: Binder) -> str:
        """The index of a Pyomo variable: set names where they will do, else a list of keys."""
        scope = self._scope(binder)
        domains = [loop.domain for loop in binder.loops]
        plain = all(scope.variables[name].dim == 1 for name in binder.targets)
        if binder.where is None and plain and all(isinstance(item, Name) for item in domains):
            return ", ".join(
                self.names.symbol(item.id) for item in domains if isinstance(item, Name)
            )
        parts = self.arguments(binder)
        key = parts[0].removeprefix("*") if len(parts) == 1 else f"({', '.join(parts)})"
        return f"[{key} {self.loops(binder)}]"

    def arguments(self, binder: Binder) -> list[str]:
        """The loop variables as function arguments, tuples spread."""
        scope = self._scope(binder)
        found = []
        for name in binder.targets:
            many = scope.variables[name].dim > 1
            found.append(
                f"*{self.names.loop_variable(name)}" if many else self.names.loop_variable(name)
            )
        return found

    def _scope(self, binder: Binder | None) -> Scope:
        return Scope({}) if binder is None else loops(self._c, binder, Scope({}))[1]

    def _number(self, expr: Expr, scope: Scope) -> Expr:  # noqa: C901, PLR0911 - a case per node
        match expr:
            case Num():
                return expr
            case Name(name) if name in scope.variables:
                return Name(self.names.loop_variable(name))
            case Name(name):
                return self._symbol(name, (), scope)
            case Item(base, keys):
                return self._symbol(base, keys, scope)
            case Add(terms):
                return Add(tuple(self._number(term, scope) for term in terms))
            case Mul(factors):
                return Mul(tuple(self._number(factor, scope) for factor in factors))
            case Neg(inner):
                return Neg(self._number(inner, scope))
            case Div(top, bottom):
                return Div(self._number(top, scope), self._number(bottom, scope))
            case Pow(base, exponent):
                return Pow(self._number(base, scope), self._number(exponent, scope))
            case Fold(op, body, binder):
                translated, within = self._binder(binder, scope)
                return Fold(op, self._number(body, within), translated)
            case Call():
                return self._call(expr, scope)
        raise refuse(expr, "a script has no place for it")

    def _symbol(self, base: str, keys: tuple[Expr, ...], scope: Scope) -> Expr:
        c = self._c
        known = base in c.values or base in c.instance.parameters or base in c.definitions
        if not known:
            raise c.unknown(base)
        table = c.values.get(base, c.instance.parameters.get(base, {}))
        if base in c.definitions and base not in c.values:
            forall = c.definitions[base].forall
            shape = () if forall is None else self._shape(forall)
            return Call(self.names.symbol(base), self._keys(keys, shape, scope))
        name = self.names.symbol(base)
        if not keys:
            return Name(name)
        return Item(name, self._keys(keys, shape_of(c, base, table), scope))

    def _shape(self, binder: Binder) -> tuple[Members | None, ...]:
        from r2c.cir.closures.loops import binder_shape

        return binder_shape(self._c, binder)

    def _call(self, expr: Call, scope: Scope) -> Expr:
        match expr:
            case Call("ord", (arg,)):
                members = home(self._c, arg, scope)
                assert members is not None
                return Name(f"({self._place(arg, scope, members)} + 1)")
            case Call("len", (Name(name),)) if self._c.members(name) is not None:
                return Call("len", (Name(self.names.symbol(name)),))
            case Call("count", (Each(body, binder),)):
                translated, inner = self._binder(binder, scope)
                test = self._condition(body, inner)
                where = test if translated.where is None else And((translated.where, test))
                return Fold("sum", Num(1.0), replace(translated, where=where))
            case Call("min" | "max" | "sum" | "prod" | "abs" | "len" as function, args):
                listed = args if len(args) == 1 or function == "abs" else (Seq(args),)
                name = "math.prod" if function == "prod" else function
                return Call(name, tuple(self._list(arg, scope) for arg in listed))
        if is_element(self._c, expr, scope):
            return self._element(expr, scope, None)
        raise refuse(expr, "a script has no place for it")

    def _list(self, expr: Expr, scope: Scope) -> Expr:
        match expr:
            case Each(body, binder):
                translated, inner = self._binder(binder, scope)
                return Each(self._number(body, inner), translated)
            case Seq(items):
                parts = [self._list(item, scope) for item in items]
                return Name(f"[{', '.join(map(write, parts))}]")
        return self._number(expr, scope)

    def _binder(self, binder: Binder, scope: Scope) -> tuple[Binder, Scope]:
        _, inner = loops(self._c, binder, scope)
        translated = []
        for loop in binder.loops:
            targets = tuple(self.names.loop_variable(name) for name in loop.targets)
            translated.append(Loop(targets, self._domain(loop, inner)))
        where = None if binder.where is None else self._condition(binder.where, inner.for_data())
        return Binder(tuple(translated), where), inner

    def _domain(self, loop: Loop, scope: Scope) -> Expr:
        match loop.domain:
            case Name(name):
                return Name(self.names.symbol(name))
            case Call("pairs", (Name(name),)):
                return Name(f"itertools.combinations({self.names.symbol(name)}, 2)")
            case Call("nonzero", (Name(name),)):
                source = self.names.symbol(name)
                return Name(f"[key for key, value in {source}.items() if value != 0]")
            case Seq(items) if any(isinstance(item, Seq) for item in items):
                rows = [item.items if isinstance(item, Seq) else (item,) for item in items]
                keys = [tuple(constant(part, None) for part in row) for row in rows]
                return Name(f"[{', '.join(map(key_text, keys))}]")
            case Seq(items):
                parts = [
                    write(self._key(item, scope, home(self._c, item, scope))) for item in items
                ]
                return Name(f"[{', '.join(parts)}]")
        raise refuse(loop.domain, "a script has no place for it")
