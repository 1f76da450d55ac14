"""Members of sets as Python source: keys, labels, lags and places in an order."""

from __future__ import annotations

from abc import ABC, abstractmethod

from r2c.cir.closures.conditions import listed_rows
from r2c.cir.closures.elements import constant, home, is_element
from r2c.cir.closures.scope import Context, Scope, refuse
from r2c.cir.expr import Add, Call, Expr, Item, Name, Num, Seq, Text
from r2c.cir.members import Members
from r2c.cir.write import write
from r2c.model.export.script_names import ScriptNames


class MemberTerms(ABC):
    """Translates what stands for members of sets; amounts in it are left to who knows them."""

    def __init__(self, context: Context, names: ScriptNames) -> None:
        self._c = context
        self.names = names

    @abstractmethod
    def _number(self, expr: Expr, scope: Scope) -> Expr:
        """An amount as Python source."""

    def _keys(
        self, keys: tuple[Expr, ...], shape: tuple[Members | None, ...], scope: Scope
    ) -> tuple[Expr, ...]:
        found: list[Expr] = []
        place = 0
        for key in keys:
            variable = scope.variables.get(key.id) if isinstance(key, Name) else None
            dim = 1 if variable is None else variable.dim
            part = self._key(key, scope, shape[place] if place < len(shape) else None)
            spread = dim > 1 and len(keys) > 1
            found.append(Name(f"*{write(part)}") if spread else part)
            place += dim
        if any(isinstance(part, Name) and part.id.startswith("*") for part in found):
            # Python 3.10 and older know no stars in an index without brackets.
            return (Name(f"({', '.join(write(part) for part in found)})"),)
        return tuple(found)

    def _key(self, expr: Expr, scope: Scope, wanted: Members | None) -> Expr:
        match expr:
            case Num() | Text():
                return Name(repr(constant(expr, wanted)))
            case Name(name) if name in scope.variables:
                return Name(self.names.loop_variable(name))
            case Name(name) if self._is_label(name, wanted):
                return Name(repr(constant(expr, wanted)))
        if is_element(self._c, expr, scope):
            return self._element(expr, scope, wanted)
        return self._number(expr, scope.for_data())

    def _is_label(self, name: str, members: Members | None) -> bool:
        c = self._c
        known = name in c.instance.parameters or name in c.values or name in c.definitions
        return not known and members is not None and name in members.element_by_label

    def _element(self, expr: Expr, scope: Scope, wanted: Members | None) -> Expr:
        """A first, last, previous, next or shifted member."""
        own = home(self._c, expr, scope)
        order = wanted if wanted is not None and wanted.ordered else own
        if order is None or not order.ordered:
            raise refuse(expr, "its set has no order")
        match expr:
            case Call("first" | "last" as which, (Name(name),)):
                return Item(self.names.symbol(name), (Num(0.0 if which == "first" else -1.0),))
            case Call("prev" | "next" as which, (inner,)):
                return self._moved(inner, Num(-1.0 if which == "prev" else 1.0), scope, order)
            case Add(terms):
                base = next(term for term in terms if self._is_base(term, scope))
                rest = [term for term in terms if term is not base]
                steps = [self._number(term, scope.for_data()) for term in rest]
                shift = steps[0] if len(steps) == 1 else Add(tuple(steps))
                return self._moved(base, shift, scope, order)
        return self._key(expr, scope, wanted)

    def _is_base(self, term: Expr, scope: Scope) -> bool:
        members = home(self._c, term, scope) if is_element(self._c, term, scope) else None
        return members is not None and members.ordered

    def _moved(self, base: Expr, steps: Expr, scope: Scope, order: Members) -> Expr:
        member = self._key(base, scope, order)
        if counts_up(order) and not order.cyclic:
            return Add((member, steps))
        cyclic = ", cyclic=True" if order.cyclic else ""
        name = self.names.symbol(order.name)
        return Name(f"move({name}, {write(member)}, {write(steps)}{cyclic})")

    def _place(self, expr: Expr, scope: Scope, members: Members) -> str:
        """The position of an element in an ordered list, as source."""
        order = self.names.symbol(members.name)
        match expr:
            case Call("prev" | "next" as which, (inner,)):
                step = "- 1" if which == "prev" else "+ 1"
                return f"{self._place(inner, scope, members)} {step}"
            case Add(terms):
                base = next(term for term in terms if self._is_base(term, scope))
                rest = [self._number(t, scope.for_data()) for t in terms if t is not base]
                return write(Add((Name(self._place(base, scope, members)), *rest)))
        return f"{order}.index({write(self._key(expr, scope, members))})"

    def _row(self, expr: Expr, scope: Scope) -> Expr:
        if isinstance(expr, Seq):
            return Name(
                f"({', '.join(write(self._key(item, scope, None)) for item in expr.items)})"
            )
        return self._key(expr, scope, None)

    def _group(self, left: Expr, right: Expr, scope: Scope) -> Expr:
        if isinstance(right, Name):
            return Name(self.names.symbol(right.id))
        assert isinstance(right, Seq)
        if isinstance(left, Seq) and (rows := listed_rows(right, len(left.items))) is not None:
            return Name(f"[{', '.join(self._listed(left.items, row, scope) for row in rows)}]")
        wanted = home(self._c, left, scope)
        parts = [write(self._key(item, scope, wanted)) for item in right.items]
        return Name(f"[{', '.join(parts)}]")

    def _listed(self, left: tuple[Expr, ...], row: tuple[Expr, ...], scope: Scope) -> str:
        homes = [home(self._c, part, scope) for part in left]
        keys = [self._key(item, scope, own) for item, own in zip(row, homes, strict=True)]
        return f"({', '.join(map(write, keys))})"


def counts_up(members: Members) -> bool:
    """Whether places and values differ by a constant, so that `t - 1` means the member before."""
    first = members.elements[0] if len(members) else 0
    return isinstance(first, int) and members.elements == tuple(range(first, first + len(members)))
