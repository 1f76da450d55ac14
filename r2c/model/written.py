"""Rules become rows: a draft and its paradigm give variables, rows and costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from r2c.archetypes.card import Paradigm, TemplateVariable
from r2c.cir.expr import And, Binder, Call, Compare, Expr, Name, Num, Text
from r2c.cir.write import write
from r2c.errors import ModelError, declare
from r2c.model.bounds import Bounds
from r2c.model.draft import Draft
from r2c.model.logic import FALSE
from r2c.model.made import Made
from r2c.model.paradigms import method
from r2c.model.plain import PlainRow, PlainVariable
from r2c.model.rename import Fresh, join
from r2c.model.soft import largest, soften, total
from r2c.model.template import Template, Tools
from r2c.model.truth import closed, closed_parts, truth_value
from r2c.model.unrolling import Branch, LeftOut, Unwritable

NOT_A_ROW = declare(
    "R2C-M121",
    ModelError,
    what="Rule {rule!r} comes out as `{relation}`, which is not a row.",
    why="A model's rows compare amounts with `<=`, `>=` or `==`.",
    remedy="State the rule as such a comparison, or choose an archetype for its logic.",
)
UNWRITABLE = declare(
    "R2C-M122",
    ModelError,
    what="Rule {rule!r} cannot be written as {paradigm!r}: {reason}.",
    why="The operands do not have the shape that this way of writing needs.",
    remedy="Give the operands in that shape, or pin another paradigm of the archetype.",
)


@dataclass
class Written:
    """What one rule adds to the model; costs are to be kept low, by tier."""

    variables: list[PlainVariable] = field(default_factory=list)
    rows: list[PlainRow] = field(default_factory=list)
    costs: list[tuple[int, Expr]] = field(default_factory=list)


def write_rule(draft: Draft, paradigm: Paradigm, bounds: Bounds) -> Written:
    """The variables, rows and costs of one rule, written by one paradigm.

    Raises:
        CIRError: R2C-M120, R2C-M132, R2C-M133.
        ModelError: R2C-M121, R2C-M122, R2C-M131.
        NotRepresentable: if a limit is asked of an amount that is not linear.
    """
    rule = draft.rule
    written = Written()
    tools = _tools(draft, bounds)
    made = {name: Made(draft.fresh.name(f"{rule.id}_{name}"), draft.loop_names)
            for name in paradigm.variables}  # fmt: skip
    writer = draft.template(made, tools)
    try:
        for name, variable in paradigm.variables.items():
            written.variables.extend(_variables(draft, writer, made[name], variable))
        statements = list(_statements(writer, paradigm))
        if paradigm.method is not None:
            statements.extend(method(paradigm.method).rows(draft, bounds))
        cost = writer.optional(draft.card.cost)
    except Unwritable as error:
        raise UNWRITABLE(rule=rule.id, paradigm=paradigm.name, reason=error) from None
    plain = [
        (name, comparison, binder)
        for name, relation, binder in statements
        for comparison in _plain(relation, binder, bounds, rule.id)
    ]
    rows = _named(rule.id, plain, draft.fresh)
    written.rows = [row for (name, *_), row in zip(plain, rows, strict=True)
                    if not draft.may_break(name)]  # fmt: skip
    if rule.soft is not None:
        giving = tuple(row for (name, *_), row in zip(plain, rows, strict=True)
                       if draft.may_break(name))  # fmt: skip
        softened = soften(rule, rule.soft, giving, draft.fresh, bounds.among(written.variables))
        written.rows.extend(softened.rows)
        written.variables.extend(softened.variables)
        written.costs.append((rule.soft.tier, softened.cost))
    if cost is not None:
        written.costs.append((0, total(cost, draft.binder)))
    return written


def _named(
    rule: str, plain: list[tuple[str, Compare, Binder | None]], fresh: Fresh
) -> list[PlainRow]:
    """Rows under the rule's id, with the template's row name and a number where needed."""
    names = [name for name, _, _ in plain]
    rows: list[PlainRow] = []
    for place, (name, comparison, binder) in enumerate(plain):
        wish = rule if len(set(names)) == 1 else f"{rule}_{name}"
        if names.count(name) > 1:
            wish = f"{wish}_{names[: place + 1].count(name)}"
        rows.append(PlainRow(fresh.name(wish, f"{wish}_row"), comparison, rule, binder))
    return rows


def _tools(draft: Draft, bounds: Bounds) -> Tools:
    def limit(expr: Expr, binder: Binder | None) -> Expr:
        top = largest(expr, binder, bounds, draft.rule.id)
        tops = [high for _, high in bounds.spans(expr, binder)]
        stated = bounds.stated_upper(expr)
        if stated is not None and min(tops, default=top) < top:
            # The limit differs between members; if it is the declared bound, its name says it.
            values = [value.constant for value in bounds.forms(stated, binder)]
            if all(
                abs(a - b) <= 1e-9 * max(1.0, abs(a)) for a, b in zip(tops, values, strict=True)
            ):
                return stated
        return Num(top)

    def truth(whole: Expr, binder: Binder | None) -> Expr:
        value = truth_value(whole, binder, bounds)
        if value is None:
            raise Unwritable(f"`{write(whole)}` is not decided by a yes-or-no choice")
        return value

    def parts(whole: Expr, binder: Binder | None) -> tuple[Expr, ...]:
        return closed_parts(whole, binder, bounds)

    def first(members: Expr) -> Expr:
        """Any one place serves as a root: of a set without an order, the one listed first."""
        listed = bounds.instance.sets.get(members.id) if isinstance(members, Name) else None
        if listed is None or listed.ordered or not listed.keys:
            return Call("first", (members,))
        member = listed.elements[0]
        return Text(member) if isinstance(member, str) else Num(float(member))

    return Tools(limit, truth, parts, first)


def _statements(writer: Template, paradigm: Paradigm) -> Iterator[tuple[str, Expr, Binder | None]]:
    for name, template in paradigm.rows.items():
        for relation, loops in writer.statements(template):
            yield name, relation, writer.around(loops)


def _plain(relation: Expr, binder: Binder | None, bounds: Bounds, rule: str) -> Iterator[Compare]:
    """The comparisons that a statement consists of, in the form that solvers take."""
    match relation:
        case And(args) if args:
            for arg in args:
                yield from _plain(arg, binder, bounds, rule)
        case Compare(ops, _) if not {"!=", "in", "not in"} & set(ops):
            for plain in closed(relation, binder, bounds):
                yield from _links(plain)
        case _:
            shown = "a contradiction" if relation == FALSE else write(relation)
            raise NOT_A_ROW(rule=rule, relation=shown)


def _links(relation: Compare) -> Iterator[Compare]:
    """A chain stays whole if it is a range around an amount, else it falls into its links."""
    ops, args = relation.ops, relation.args
    range_ = (
        len(ops) == 2
        and ops[0] == ops[1] != "=="
        and all(isinstance(end, Num) for end in (args[0], args[2]))
    )
    if len(ops) == 1 or range_:
        yield relation
        return
    for place, op in enumerate(ops):
        yield Compare((op,), args[place : place + 2])


def _variables(
    draft: Draft, writer: Template, made: Made, template: TemplateVariable
) -> Iterator[PlainVariable]:
    branches = [Branch({})]
    if template.over is not None:
        try:
            branches = list(writer.branches(template.over, {}))
        except LeftOut:
            return
    for branch in branches:
        places = [bound.place for bound in branch.scope.values() if bound.place is not None]
        try:
            lower, upper = (
                None if limit is None else writer.expr(limit, branch.scope, branch.binder)
                for limit in (template.lower, template.upper)
            )
        except LeftOut:
            continue
        binary = template.domain == "binary"
        yield PlainVariable(
            name="_".join([made.name, *map(str, places)]),
            domain=template.domain,
            binder=join(draft.binder, branch.binder),
            lower=Num(0.0) if binary and lower is None else lower,
            upper=Num(1.0) if binary and upper is None else upper,
            rule=draft.rule.id,
            meaning=template.doc,
        )
