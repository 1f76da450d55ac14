"""Whether a paradigm can write a rule that may be broken at a price, as its meaning prices it.

A price per unit needs one answer to "by how much". Rows give another one than the meaning where
they say a thing twice (every pair of a group), sum it up, or switch it by a big number: such a
paradigm is right for a rule that must hold, and wrong for one that is paid for by the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from r2c.archetypes.card import Paradigm
from r2c.cir.expr import And, Binder, Call, Compare, Each, Expr, walk
from r2c.errors import Fault, ModelError, declare
from r2c.model.draft import Draft
from r2c.model.relation_parts import relation_parts
from r2c.model.rename import map_children
from r2c.model.unrolling import Unwritable

NO_SOFT_FORM = declare(
    "R2C-M130",
    ModelError,
    what="Rule {rule!r} cannot be broken per {per}: {reasons}.",
    why="What is paid for must be what the rule's meaning says that is missed.",
    remedy="{remedy}.",
)
NOTHING_GIVES_WAY = declare(
    "R2C-M134",
    ModelError,
    what="Rule {rule!r} cannot be broken at a price: {reason}.",
    why="What a rule defines is so in every plan; only what it limits can be paid for.",
    remedy="{remedy}.",
)

_SIGNS = {"<=", ">=", "=="}
Side = tuple[Expr, Binder | None]
"""An amount that may not exceed 0, with its loops."""


def unbreakable(draft: Draft) -> Fault | None:
    """The fault of a soft rule in which nothing can give way."""
    rule, card = draft.rule, draft.card
    if rule.soft is None or any(draft.may_break(name) for name, _, _ in draft.clauses()):
        return None
    if card.gives_way:
        limits = " or ".join(card.gives_way)
        return NOTHING_GIVES_WAY.fault(
            rule=rule.id, reason=f"it has no {limits}", remedy=f"Give it a {limits}, or no price"
        )
    made = " and ".join(output.name for output in card.outputs if not output.hidden)
    told = f"it only says what {made} is" if made else f"{card.id} limits nothing by itself"
    remedy = "Drop the price; to pay for an amount, put it into the objective or limit it softly"
    return NOTHING_GIVES_WAY.fault(rule=rule.id, reason=told, remedy=remedy)


def never_soft(draft: Draft, paradigms: Iterable[Paradigm]) -> Fault | None:
    """The fault of a soft rule that none of the paradigms can write as it is priced."""
    soft = draft.rule.soft
    found = {paradigm.name: obstacle(draft, paradigm) for paradigm in paradigms}
    if soft is None or not all(found.values()):
        return None
    remedy = "Leave the choice of the paradigm open" if draft.rule.chosen else "Drop the price"
    return NO_SOFT_FORM.fault(
        rule=draft.rule.id,
        per=soft.per,
        reasons="; ".join(f"{name}: {reason}" for name, reason in found.items()),
        remedy="Price it per occurrence" if soft.per == "unit" else remedy,
    )


def obstacle(draft: Draft, paradigm: Paradigm) -> str | None:
    """Why a paradigm cannot write the rule as it is priced; None if it can, or has no price.

    The clauses that give way must be rows of their own. For a price per unit these rows must be
    the amounts by which the meaning is missed.
    """
    soft, card = draft.rule.soft, draft.card
    if soft is None:
        return None
    if card.gives_way is not None:
        giving = {name for name, _, _ in draft.clauses() if draft.may_break(name)}
        if missing := sorted(giving - paradigm.rows.keys()):
            return f"it has no row of its own for {' and '.join(missing)}"
    if soft.per == "unit" and not _measures(draft, paradigm):
        return "its rows do not measure by how much the rule is broken"
    return None


def _measures(draft: Draft, paradigm: Paradigm) -> bool:
    """Whether the rows that give way are the amounts by which the rule's meaning is missed."""
    if draft.card.gives_way is None and (paradigm.variables or paradigm.method):
        return False
    counted = any(wanted.check == "binary" for wanted in paradigm.preconditions)
    try:
        meant = set(_sides(comparisons(draft, draft.card.holds, counted=counted)))
        written = set(_sides(comparisons(draft, paradigm.rows)))
    except (NoAmount, Unwritable):
        return False
    return meant == written


class NoAmount(Exception):
    """A condition that is no comparison of amounts: it is broken or not."""


def comparisons(
    draft: Draft, templates: Mapping[str, Expr], *, counted: bool = False
) -> Iterator[tuple[Compare, Binder | None]]:
    """The comparisons that give way, among clauses or rows of the rule.

    Args:
        draft: The rule.
        templates: Clauses or rows of its card.
        counted: Whether a number of amounts that are not 0 is their sum, as it is of yes-or-no
            choices.

    Raises:
        NoAmount: if a condition that gives way is no comparison of amounts.
        Unwritable: if the operands do not have the shape that a template needs.
    """
    writer = draft.template()
    for name, template in templates.items():
        if draft.may_break(name):
            told = _summed(template) if counted else template
            for relation, loops in writer.statements(told):
                for part in relation.args if isinstance(relation, And) else (relation,):
                    if not _compares(part):
                        raise NoAmount
                    yield part, writer.around(loops)


def _compares(part: Expr) -> TypeGuard[Compare]:
    """Whether a condition compares amounts, rather than counts or labels."""
    calls = {node.function for node in walk(part) if isinstance(node, Call)}
    signs = isinstance(part, Compare) and set(part.ops) <= _SIGNS
    return signs and not {"nonzero", "count", "components"} & calls


def _sides(relations: Iterable[tuple[Compare, Binder | None]]) -> Iterator[Side]:
    for relation, binder in relations:
        yield from ((part, binder) for part in relation_parts(relation))


def _summed(template: Expr) -> Expr:
    """The template with sums where it counts what is not 0."""
    match template:
        case Call("nonzero", args):
            return Call("sum", args)
        case Each(body, binder):
            return Each(_summed(body), binder)
        case Compare() | And() | Call("implies", _):
            return map_children(template, _summed)
    return template
