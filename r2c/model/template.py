"""From a card's template to algebra over the CIR's own symbols, hygienically.

Roles become what fills them, loop variables get names nothing else uses, and every created
variable is indexed by the rule's loops. What mentions an absent optional role is left out of
conjunctions, conditions, rows and bounds; conditions on words are decided on the spot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

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
    Text,
)  # fmt: skip
from r2c.model.operands import Domain, Filled, Keyed, Listed, Looped, Related, Worded
from r2c.model.rename import (
    Fresh,
    add,
    conjunction,
    join,
    map_children,
    substitute,
    subtract,
)  # fmt: skip

TRUE = And(())
FALSE = Or(())


class LeftOut(Exception):
    """What is being written mentions an optional role that is not given."""


class Unwritable(Exception):
    """The template cannot be written for this rule; the message says why."""


@dataclass(frozen=True)
class Bound:
    """What a template's loop variable stands for; `key` indexes variables made per item."""

    expr: Expr
    key: tuple[Expr, ...] = ()
    place: int | None = None


Scope = Mapping[str, Bound]


@dataclass(frozen=True)
class Made:
    """A created variable: its name in the model; `outer` are the rule's loop variables."""

    name: str
    outer: tuple[Expr, ...]

    def at(self, keys: tuple[Expr, ...], places: tuple[int, ...] = ()) -> Expr:
        """The variable at these keys; `places` are positions in lists written out."""
        name = "_".join([self.name, *map(str, places)])
        keys = self.outer + keys
        return Item(name, keys) if keys else Name(name)


@dataclass(frozen=True)
class Branch:
    """One way through the loops of a template: its scope and the loops that remain."""

    scope: Scope
    loops: tuple[Loop, ...] = ()
    conditions: tuple[Expr, ...] = ()

    @property
    def binder(self) -> Binder | None:
        """The remaining loops."""
        return Binder(self.loops, conjunction(self.conditions)) if self.loops else None


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

    # ------------------------------------------------------------------ rows and conditions

    def statements(self, template: Expr) -> Iterator[tuple[Expr, Binder | None]]:
        """The relations or conditions that a template stands for, each with its own loops."""
        self.loops = self.fresh.inside()
        match template:
            case Each(body, binder):
                for branch in self.branches(binder, {}):
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

    def optional(self, template: Expr | None) -> Expr | None:
        """The template written outside all loops; None if absent or left out."""
        if template is None:
            return None
        self.loops = self.fresh.inside()
        try:
            return self.expr(template, {}, None)
        except LeftOut:
            return None

    # ------------------------------------------------------------------ expressions

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
                return self._or([self.expr(arg, scope, binder) for arg in args])
            case Not(arg):
                return _negated(self.expr(arg, scope, binder))
            case Compare():
                return _decided(map_children(node, lambda c: self.expr(c, scope, binder)))
        return map_children(node, lambda child: self.expr(child, scope, binder))

    def _name(self, name: str, scope: Scope, binder: Binder | None) -> Expr:
        if name in scope:
            return scope[name].expr
        if name in self.made:
            return self.made[name].at(())
        if name not in self.roles:
            return Name(name)
        match self.roles[name]:
            case None:
                raise LeftOut(name)
            case Listed(items):
                return Seq(items)
            case Looped(body, inner):
                return Each(body, inner)
            case Related(whole):
                return whole
            case Keyed(_, body, _) | Domain(body):
                return body
            case Worded(word):
                return Text(word)
            case expression:
                return expression

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
                return substitute_keys(body, dict(zip(params, values, strict=True)))
        raise TypeError(f"role {base!r} has no keys")

    def _call(
        self, function: str, args: tuple[Expr, ...], scope: Scope, binder: Binder | None
    ) -> Expr:
        if function == "implies":
            return self._implies(args, scope, binder)
        listed = self.roles.get(args[0].id) if args and isinstance(args[0], Name) else None
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
        return Call(function, written)

    # ------------------------------------------------------------------ logic

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

    @staticmethod
    def _or(args: list[Expr]) -> Expr:
        if TRUE in args:
            return TRUE
        kept = tuple(arg for arg in args if arg != FALSE)
        return kept[0] if len(kept) == 1 else Or(kept)

    def _implies(self, args: tuple[Expr, ...], scope: Scope, binder: Binder | None) -> Expr:
        condition = self.expr(args[0], scope, binder)
        if condition == FALSE:
            return TRUE
        consequence = self.expr(args[1], scope, binder)
        return consequence if condition == TRUE else Call("implies", (condition, consequence))

    # ------------------------------------------------------------------ loops

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
        open_: list[Branch] = [Branch(scope)]
        for loop in binder.loops:
            open_ = [longer for branch in open_ for longer in self._step(loop, branch, context)]
        for branch in open_:
            condition: Expr = TRUE
            if binder.where is not None:
                try:
                    condition = self.expr(binder.where, branch.scope, join(context, branch.binder))
                except LeftOut:
                    condition = TRUE
            if condition == FALSE:
                continue
            extra = () if condition == TRUE else (condition,)
            yield replace(branch, conditions=branch.conditions + extra)

    def _step(self, loop: Loop, branch: Branch, context: Binder | None) -> Iterator[Branch]:
        domain, pairs = loop.domain, False
        if isinstance(domain, Call) and domain.function == "pairs":
            domain, pairs = domain.args[0], True
        role = self.roles.get(domain.id) if isinstance(domain, Name) else None
        if isinstance(domain, Name) and domain.id in self.roles and role is None:
            raise LeftOut(domain.id)
        match role:
            case Related(whole):
                items = self.tools.parts(whole, join(self.outer, context))
                yield from _unrolled(loop, items, branch, pairs)
            case Listed(items):
                yield from _unrolled(loop, items, branch, pairs)
            case Looped():
                yield self._looped(loop, role, branch, pairs)
            case _:
                targets = tuple(self.loops.name(target) for target in loop.targets)
                over = self.expr(loop.domain, branch.scope, join(context, branch.binder))
                bound = {
                    old: Bound(Name(new), (Name(new),))
                    for old, new in zip(loop.targets, targets, strict=True)
                }
                yield replace(
                    branch,
                    scope={**branch.scope, **bound},
                    loops=(*branch.loops, Loop(targets, over)),
                )

    def _looped(self, loop: Loop, role: Looped, branch: Branch, pairs: bool) -> Branch:
        copies = [self._copy(role) for _ in loop.targets]
        scope = dict(branch.scope)
        for target, (renamed, body) in zip(loop.targets, copies, strict=True):
            scope[target] = Bound(body, tuple(Name(name) for name in renamed.targets))
        conditions = tuple(renamed.where for renamed, _ in copies if renamed.where is not None)
        if not pairs:
            loops = copies[0][0].loops
        elif len(role.binder.loops) == 1 and isinstance(role.binder.loops[0].domain, Name):
            # Two members of one set in one loop: each pair comes once, in the set's order.
            targets = copies[0][0].targets + copies[1][0].targets
            loops = (Loop(targets, Call("pairs", (role.binder.loops[0].domain,))),)
        else:
            raise Unwritable("pairs are taken of a list with one loop over a set")
        return Branch(scope, branch.loops + loops, branch.conditions + conditions)

    def _copy(self, role: Looped) -> tuple[Binder, Expr]:
        names: dict[str, Expr] = {}
        loops: list[Loop] = []
        for loop in role.binder.loops:
            domain = substitute(loop.domain, names)
            targets = tuple(self.loops.name(target) for target in loop.targets)
            names.update(zip(loop.targets, map(Name, targets), strict=True))
            loops.append(Loop(targets, domain))
        where = None if role.binder.where is None else substitute(role.binder.where, names)
        return Binder(tuple(loops), where), substitute(role.body, names)


@dataclass(frozen=True)
class Tools:
    """What a template asks of the instance: bounds, and relations as numbers."""

    limit: Callable[[Expr, Binder | None], Expr] = lambda expr, _: Call("bound", (expr,))
    truth: Callable[[Expr, Binder | None], Expr] = lambda expr, _: expr
    parts: Callable[[Expr, Binder | None], tuple[Expr, ...]] = lambda expr, _: relation_parts(expr)


def relation_parts(relation: Expr) -> tuple[Expr, ...]:
    """Expressions that must not exceed 0 for the relation to hold (`<` is read as `<=`)."""
    if isinstance(relation, And):
        return tuple(part for arg in relation.args for part in relation_parts(arg))
    if not isinstance(relation, Compare):
        raise TypeError(f"not a relation: {relation!r}")
    parts: list[Expr] = []
    pairs = zip(relation.args[:-1], relation.ops, relation.args[1:], strict=True)
    for left, op, right in pairs:
        if op in ("<=", "<", "=="):
            parts.append(subtract(left, right))
        if op in (">=", ">", "=="):
            parts.append(subtract(right, left))
    return tuple(parts)


def substitute_keys(body: Expr, values: Mapping[str, Expr]) -> Expr:
    """`body` with its parameters replaced by key expressions."""
    return substitute(body, values)


def _unrolled(loop: Loop, items: tuple[Expr, ...], branch: Branch, pairs: bool) -> Iterator[Branch]:
    width = 2 if pairs else 1
    for chosen in combinations(enumerate(items, start=1), width):
        bound = {
            target: Bound(item, (), place)
            for target, (place, item) in zip(loop.targets, chosen, strict=True)
        }
        yield replace(branch, scope={**branch.scope, **bound})


def _negated(arg: Expr) -> Expr:
    return FALSE if arg == TRUE else TRUE if arg == FALSE else Not(arg)


def _decided(compare: Expr) -> Expr:
    """Truth of a comparison between two words, else the comparison."""
    match compare:
        case Compare(("==",), (Text(left), Text(right))):
            return TRUE if left == right else FALSE
        case Compare(("!=",), (Text(left), Text(right))):
            return TRUE if left != right else FALSE
    return compare
