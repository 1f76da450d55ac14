"""What fills the roles of a card in one rule, checked and brought into one shape per kind."""

from __future__ import annotations

from collections.abc import Callable

from r2c.archetypes.card import Card, Role
from r2c.cir.expr import (
    And,
    Compare,
    Each,
    Expr,
    Name,
    Not,
    Or,
    Seq,
    Text,
    symbols,
)  # fmt: skip
from r2c.cir.schema import Rule
from r2c.cir.write import write
from r2c.errors import CIRError, Fault, counted, declare
from r2c.model.conditions import as_relation, joined
from r2c.model.filled import Domain, Filled, Keyed, Listed, Looped, Related, Worded
from r2c.model.rename import Fresh, names_in
from r2c.model.symbols import Symbols

MISSING_OPERAND = declare(
    "R2C-M101",
    CIRError,
    what="Rule {rule!r} ({archetype}) gives nothing for {role!r}.",
    why="The archetype cannot be written without it: {doc}",
    remedy="Add the operand {role!r}, or choose an archetype whose roles the rule can fill.",
)
UNKNOWN_OPERAND = declare(
    "R2C-M102",
    CIRError,
    what="Rule {rule!r} gives {operand!r}, which {archetype} does not know.",
    why="An operand that no role takes would be lost.",
    remedy="Use the roles {roles}, or drop the operand.",
)
WRONG_KIND = declare(
    "R2C-M103",
    CIRError,
    what="In rule {rule!r}, {role!r} cannot be `{operand}`: {problem}.",
    why="{archetype} takes {kind} there: {doc}",
    remedy="Write it like {example}.",
)
UNKNOWN_OUTPUT = declare(
    "R2C-M104",
    CIRError,
    what="Rule {rule!r} names the output {output!r}, which {archetype} does not create.",
    why="Only what the card declares can be named and used elsewhere.",
    remedy="Use one of {outputs}, or drop the output.",
)

_KINDS = {
    "expression": ("an expression", "`3*a + 2*b`"),
    "number": ("known data", "`40` or `capacity[p]`"),
    "list": ("a list of expressions", "`[a, b, c]` or `[open[i] for i in Sites]`"),
    "relation": ("a relation", "`make >= 10`"),
    "indexed": ("an indexed symbol", "`ship` or `[ship[i,j] for i in Plants for j in Shops]`"),
    "set": ("an index set", "`Plants`"),
    "word": ("one of a few words", "`at_least`"),
}


def bind_operands(rule: Rule, card: Card, known: Symbols) -> tuple[dict[str, Filled], list[Fault]]:
    """Each given role's operand in the shape of its kind, and what is wrong with the others.

    A default that `follows` from other roles is left to whoever has them all.
    """
    filled: dict[str, Filled] = {}
    faults: list[Fault] = []
    for role in card.roles:
        operand = rule.operands.get(role.name)
        if operand is None and not follows(role, card):
            operand = role.default
        if operand is None and role.members_of is not None:
            operand = _own_members(rule.operands.get(role.members_of), known)
        if operand is None:
            if role.required:
                faults.append(
                    MISSING_OPERAND.fault(
                        rule=rule.id, archetype=card.id, role=role.name, doc=role.doc
                    )
                )
            continue
        shaped = _SHAPES[role.kind](operand, role, known)
        if isinstance(shaped, str):
            kind, example = _KINDS[role.kind]
            if role.kind == "word":
                example = " or ".join(f"`{word}`" for word in role.words)
            faults.append(
                WRONG_KIND.fault(
                    rule=rule.id, archetype=card.id, role=role.name, operand=write(operand),
                    problem=shaped, kind=kind, doc=role.doc, example=example,
                )
            )  # fmt: skip
        else:
            filled[role.name] = shaped
    roles = [role.name for role in card.roles]
    faults += [
        UNKNOWN_OPERAND.fault(rule=rule.id, archetype=card.id, operand=name, roles=roles)
        for name in rule.operands
        if name not in roles
    ]
    creates = [output.name for output in card.outputs]
    faults += [
        UNKNOWN_OUTPUT.fault(
            rule=rule.id, archetype=card.id, output=name, outputs=creates or "none"
        )
        for name in rule.outputs
        if name not in creates
    ]
    return filled, faults


def follows(role: Role, card: Card) -> bool:
    """Whether the role's default is written over other roles, `len(items)`, and not a value."""
    if role.default is None or role.kind == "word":
        return False
    return not symbols(role.default).isdisjoint(other.name for other in card.roles)


def _own_members(operand: Expr | None, known: Symbols) -> Expr | None:
    """The sparse set that an indexed symbol is declared over, if it has one."""
    binder = known.binder(operand.id) if isinstance(operand, Name) else None
    if binder is None and isinstance(operand, Each):
        binder = operand.binder
    if binder is None or len(binder.loops) > 1 or len(binder.targets) == 1:
        return None
    return binder.loops[0].domain


def _expression(operand: Expr, role: Role, known: Symbols) -> Filled | str:
    match operand:
        case Compare() | And() | Or() | Not():
            return "it is a condition, not an amount"
        case Seq() | Each():
            return "it is a list, not one amount"
        case Text():
            return "it is a label, not an amount"
        case Name(name) if name in known.sets:
            return "it is an index set"
        case Name(name) if known.binder(name) is not None:
            return f"{name!r} has an index that is not given"
    return operand


def _number(operand: Expr, role: Role, known: Symbols) -> Filled | str:
    chosen = sorted(n for n in symbols(operand) if _is_chosen(n, known))
    if chosen:
        return f"{chosen[0]!r} is decided by the plan, not known beforehand"
    return _expression(operand, role, known)


def _list(operand: Expr, role: Role, known: Symbols) -> Filled | str:
    match operand:
        case Each(body, binder):
            wrong = _expression(body, role, known)
            return wrong if isinstance(wrong, str) else Looped(body, binder)
        case Seq(items):
            listed = Listed(items)
        case Name(name) if known.binder(name) is not None:
            every = known.listed(name, Fresh(names_in(operand)))
            assert every is not None
            return Looped(every.body, every.binder)
        case _:
            listed = Listed((operand,))
    shaped = [_expression(item, role, known) for item in listed.items]
    problem = next((item for item in shaped if isinstance(item, str)), None)
    if problem is None and len(listed.items) < role.least:
        problem = f"at least {role.least} items are needed"
    return problem or listed


def _relation(operand: Expr, role: Role, known: Symbols) -> Filled | str:
    for part in joined(operand):
        if isinstance(part, Compare):
            continue
        if not role.yes_no:
            return "it states no relation"
        shaped = _expression(part, role, known)
        if isinstance(shaped, str):
            return shaped
    relation = as_relation(operand, known)
    return relation if isinstance(relation, str) else Related(relation)


def _indexed(operand: Expr, role: Role, known: Symbols) -> Filled | str:
    match operand:
        case Name(name) if (binder := known.binder(name)) is not None:
            if len(binder.targets) != role.keys:
                found = counted(len(binder.targets), "key")
                return f"{name!r} has {found} where {role.keys} would be right"
            every = known.listed(name, Fresh(names_in(operand)))
            assert every is not None
            return Keyed(every.binder.targets, every.body, every.binder)
        case Each(body, binder):
            if len(binder.targets) != role.keys:
                found = counted(len(binder.targets), "key")
                return f"it loops over {found} where {role.keys} would be right"
            return Keyed(binder.targets, body, binder)
    shaped = _expression(operand, role, known)
    return shaped if isinstance(shaped, str) else Keyed((), operand)


def _set(operand: Expr, role: Role, known: Symbols) -> Filled | str:
    match operand:
        case Name(name) if name in known.sets:
            dim = known.sets[name].dim
            return (
                Domain(operand) if dim == role.keys else f"its members have {counted(dim, 'part')}"
            )
        case Seq() | Each():
            return Domain(operand)
    return "it is not an index set"


def _word(operand: Expr, role: Role, known: Symbols) -> Filled | str:
    match operand:
        case Name(word) | Text(word):
            word = word.strip().lower().replace(" ", "_").replace("-", "_")
            return Worded(word) if word in role.words else "it is none of the card's words"
    return "it is not a word"


_SHAPES: dict[str, Callable[[Expr, Role, Symbols], Filled | str]] = {
    "expression": _expression,
    "number": _number,
    "list": _list,
    "relation": _relation,
    "indexed": _indexed,
    "set": _set,
    "word": _word,
}


def _is_chosen(name: str, known: Symbols) -> bool:
    if name in known.decisions or name in known.outputs:
        return True
    definition = known.definitions.get(name)
    if definition is None:
        return False
    return any(_is_chosen(inner, known) for inner in symbols(definition.expr))
