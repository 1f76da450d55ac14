"""Conditions on members and data as Python source."""

from __future__ import annotations

from r2c.cir.closures.conditions import common_order
from r2c.cir.closures.elements import home, is_element
from r2c.cir.closures.scope import Scope
from r2c.cir.expr import And, Call, Compare, Expr, Name, Not, Num, Or, Text
from r2c.cir.members import Members
from r2c.model.export.script_members import MemberTerms, counts_up


class ConditionTerms(MemberTerms):
    """Translates comparisons of members by their place in the order, others by value."""

    def _condition(self, expr: Expr, scope: Scope) -> Expr:
        match expr:
            case And(args):
                return (
                    And(tuple(self._condition(arg, scope) for arg in args))
                    if args
                    else Name("True")
                )
            case Or(args):
                return (
                    Or(tuple(self._condition(arg, scope) for arg in args))
                    if args
                    else Name("False")
                )
            case Not(arg):
                return Not(self._condition(arg, scope))
            case Call("implies", (first, second)):
                return Or((Not(self._condition(first, scope)), self._condition(second, scope)))
            case Compare(ops, args):
                pairs = [
                    self._link(op, left, right, scope)
                    for op, left, right in zip(ops, args, args[1:], strict=False)
                ]
                return pairs[0] if len(pairs) == 1 else And(tuple(pairs))
        return self._number(expr, scope)

    def _link(self, op: str, left: Expr, right: Expr, scope: Scope) -> Expr:
        relation = (op,)  # one link of a chain
        if op in ("in", "not in"):
            return Compare(relation, (self._row(left, scope), self._group(left, right, scope)))  # type: ignore[arg-type]
        members = common_order(self._c, left, right, scope)
        if members is not None and not (counts_up(members) and not members.cyclic):
            return self._by_place(op, left, right, scope, members)
        sides = []
        for own, other in ((left, right), (right, left)):
            wanted = home(self._c, other, scope) or members
            if is_element(self._c, own, scope) or isinstance(own, Num | Text | Name):
                label = not isinstance(own, Num) or _has_label(own, wanted)
                sides.append(self._key(own, scope, wanted) if label else own)
            else:
                sides.append(self._number(own, scope))
        return Compare(relation, tuple(sides))  # type: ignore[arg-type]

    def _by_place(self, op: str, left: Expr, right: Expr, scope: Scope, members: Members) -> Expr:
        first, second = self._place(left, scope, members), self._place(right, scope, members)
        if members.cyclic and op in ("==", "!="):
            return Name(f"(({first}) - ({second})) % len({self.names.symbol(members.name)}) {op} 0")
        return Name(f"{first} {op} {second}")


def _has_label(expr: Num, members: Members | None) -> bool:
    """Whether a number names a member of a set of labels, rather than being compared by value."""
    return members is not None and not all(isinstance(item, int) for item in members.elements)
