"""From a card's template to algebra over the CIR's own symbols, hygienically.

Roles become what fills them, loop variables get names nothing else uses, and every created
variable is indexed by the rule's loops. What mentions an absent optional role is left out of
conjunctions, conditions, rows and bounds; conditions on words are decided on the spot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from r2c.cir.expr import (
    And,
    Binder,
    Call,
    Compare,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Name,
    Not,
    Num,
    Or,
    Seq,
)  # fmt: skip
from r2c.model.filled import Filled, Keyed, Listed, Looped, Related, as_expression
from r2c.model.logic import FALSE, TRUE, decided, disjunction, negated
from r2c.model.made import Made
from r2c.model.relation_parts import relation_parts
from r2c.model.rename import (
    Fresh,
    add,
    conjunction,
    join,
    map_children,
    substitute,
)  # fmt: skip
from r2c.model.unrolling import Branch, LeftOut, Scope, Unrolling


@dataclass(frozen=True)
class Tools:
    """What a template asks of the instance: bounds, relations as numbers, a first member."""

    limit: Callable[[Expr, Binder | None], Expr] = lambda expr, _: Call("bound", (expr,))
    truth: Callable[[Expr, Binder | None], Expr] = lambda expr, _: expr
    parts: Callable[[Expr, Binder | None], tuple[Expr, ...]] = lambda expr, _: relation_parts(expr)
    first: Callable[[Expr], Expr] = lambda expr: Call("first", (expr,))


class Template:
    """Writes a card's templates for one rule.

    Args:
        roles: Every role of the card, None for those not given.
        made: The created variables by their template names.
        binder: The rule's loops.
        fresh: Names in use.
        limit: `limit(expr, binder)` is an upper bound of `expr` over the loops, for `bound(e)`.
        truth: `truth(relation, binder)` is the relation as a 0/1 expression.
        parts: `parts(relation, binder)` are expressions of which none may exceed 0.
    """

    def __init__(
        self,
        roles: Mapping[str, Filled | None],
        made: Mapping[str, Made],
        binder: Binder | None,
        fresh: Fresh,
        tools: Tools | None = None,
    ) -> None:
        self.roles = roles
        self.made = made
        self.outer = binder
        self.fresh = fresh
        self.loops = fresh.inside()
        self.tools = tools or Tools()

    def statements(self, template: Expr) -> Iterator[tuple[Expr, Binder | None]]:
        """The relations or conditions that a template stands for, each with its own loops."""
        self.loops = self.fresh.inside()
        match template:
            case Each(body, binder):
                try:
                    branches = list(self.branches(binder, {}))
                except LeftOut:
                    return
                for branch in branches:
                    yield from self._statement(body, branch)
            case _:
                yield from self._statement(template, Branch({}))

    def _statement(self, template: Expr, branch: Branch) -> Iterator[tuple[Expr, Binder | None]]:
        try:
            written = self.expr(template, branch.scope, branch.binder)
        except LeftOut:
            return
        if written != TRUE:
            yield written, branch.binder

    def around(self, loops: Binder | None) -> Binder | None:
        """`loops` inside the rule's own loops."""
        return join(self.outer, loops)

    def default(self, template: Expr | None) -> Expr | None:
        """What stands for a role that is not given, by a template over the other roles.

        It goes into other templates, so its loop variables are taken for good.
        """
        if template is None:
            return None
        self.loops = self.fresh
        try:
            return self.expr(template, {}, None)
        except LeftOut:
            return None

    def optional(self, template: Expr | None) -> Expr | None:
        """The template written outside all loops; None if absent or left out."""
        if template is None:
            return None
        self.loops = self.fresh.inside()
        try:
            return self.expr(template, {}, None)
        except LeftOut:
            return None

    def expr(self, node: Expr, scope: Scope, binder: Binder | None) -> Expr:
        """One template expression, inside the loops of `binder`.

        Raises:
            LeftOut: if it needs a role that is not given.
        """
        match node:
            case Name(name):
                return self._name(name, scope, binder)
            case Item(base, keys):
                return self._item(base, keys, scope, binder)
            case Fold(op, body, inner):
                return self._fold(op, body, inner, scope, binder)
            case Each(body, inner):
                return self._each(body, inner, scope, binder)
            case Call(function, args):
                return self._call(function, args, scope, binder)
            case And(args):
                return self._and(args, scope, binder)
            case Or(args):
                return disjunction([self.expr(arg, scope, binder) for arg in args])
            case Not(arg):
                return negated(self.expr(arg, scope, binder))
            case Compare():
                return decided(map_children(node, lambda c: self.expr(c, scope, binder)))
        return map_children(node, lambda child: self.expr(child, scope, binder))

    def _name(self, name: str, scope: Scope, binder: Binder | None) -> Expr:
        if name in scope:
            return scope[name].expr
        if name in self.made:
            return self.made[name].at(())
        if name not in self.roles:
            return Name(name)
        role = self.roles[name]
        if role is None:
            raise LeftOut(name)
        return as_expression(role)

    def _item(self, base: str, keys: tuple[Expr, ...], scope: Scope, binder: Binder | None) -> Expr:
        if base in self.made:
            places: list[int] = []
            written: list[Expr] = []
            for key in keys:
                bound = scope.get(key.id) if isinstance(key, Name) else None
                if bound is not None and bound.place is not None:
                    places.append(bound.place)
                elif bound is not None and bound.key:
                    written.extend(bound.key)
                else:
                    written.append(self.expr(key, scope, binder))
            return self.made[base].at(tuple(written), tuple(places))
        values = tuple(self.expr(key, scope, binder) for key in keys)
        if base not in self.roles:
            return Item(base, values)
        match self.roles[base]:
            case None:
                raise LeftOut(base)
            case Keyed((), body, _):
                return body
            case Keyed(params, body, _):
                return substitute(body, dict(zip(params, values, strict=True)))
        raise TypeError(f"role {base!r} has no keys")

    def _call(
        self, function: str, args: tuple[Expr, ...], scope: Scope, binder: Binder | None
    ) -> Expr:
        if function == "implies":
            return self._implies(args, scope, binder)
        listed = self.roles.get(args[0].id) if args and isinstance(args[0], Name) else None
        absent = bool(args) and isinstance(args[0], Name) and args[0].id in self.roles
        if function == "len" and listed is None and absent:
            return Num(0.0)
        if isinstance(listed, Listed | Looped) and function in ("sum", "len"):
            item = self.loops.name("item")
            inner = Binder((Loop((item,), args[0]),))
            body = Name(item) if function == "sum" else Num(1.0)
            return self._fold("sum", body, inner, scope, binder)
        if isinstance(listed, Related):
            items = self.tools.parts(listed.whole, join(self.outer, binder))
            if function == "len":
                return Num(float(len(items)))
            if function == "count":
                return self.tools.truth(listed.whole, join(self.outer, binder))
        written = tuple(self.expr(arg, scope, binder) for arg in args)
        if function == "bound":
            return self.tools.limit(written[0], join(self.outer, binder))
        if function == "first":
            return self.tools.first(written[0])
        return Call(function, written)

    def _and(self, args: tuple[Expr, ...], scope: Scope, binder: Binder | None) -> Expr:
        kept: list[Expr] = []
        left_out = 0
        for arg in args:
            try:
                written = self.expr(arg, scope, binder)
            except LeftOut:
                left_out += 1
                continue
            if written == FALSE:
                return FALSE
            kept.append(written)
        if left_out == len(args):
            raise LeftOut
        return conjunction(kept_ for kept_ in kept if kept_ != TRUE) or TRUE

    def _implies(self, args: tuple[Expr, ...], scope: Scope, binder: Binder | None) -> Expr:
        condition = self.expr(args[0], scope, binder)
        if condition == FALSE:
            return TRUE
        consequence = self.expr(args[1], scope, binder)
        return consequence if condition == TRUE else Call("implies", (condition, consequence))

    def _fold(
        self, op: str, body: Expr, inner: Binder, scope: Scope, binder: Binder | None
    ) -> Expr:
        written: list[Expr] = []
        for branch in self.branches(inner, scope, binder):
            loops = branch.binder
            value = self.expr(body, branch.scope, join(binder, loops))
            written.append(value if loops is None else Fold(op, value, loops))  # type: ignore[arg-type]
        if op == "sum":
            return add(written)
        return written[0] if len(written) == 1 else Call(op, tuple(written))

    def _each(self, body: Expr, inner: Binder, scope: Scope, binder: Binder | None) -> Expr:
        branches = list(self.branches(inner, scope, binder))
        if len(branches) == 1 and (loops := branches[0].binder) is not None:
            return Each(self.expr(body, branches[0].scope, join(binder, loops)), loops)
        if any(branch.loops for branch in branches):
            raise TypeError("a list in a template mixes loops and items")
        return Seq(tuple(self.expr(body, branch.scope, binder) for branch in branches))

    def branches(
        self, binder: Binder, scope: Scope, context: Binder | None = None
    ) -> Iterator[Branch]:
        """The ways through a template's loops: lists written out are unrolled."""
        loops = Unrolling(self.roles, self.outer, self.loops, self.tools.parts, self.expr)
        return loops.branches(binder, scope, context)
