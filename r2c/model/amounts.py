"""Whether a paradigm's rows measure by how much a rule is broken, as its meaning does.

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

PRICE_PER_UNIT = declare(
    "R2C-M130",
    ModelError,
    what="Rule {rule!r} cannot be broken by the unit: {reason}.",
    why="A price per unit needs rows that say by how much a rule is broken, as its meaning does.",
    remedy="Price it per occurrence, or pin no paradigm.",
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


def unmeasured(draft: Draft, paradigms: Iterable[Paradigm]) -> Fault | None:
    """The fault of a price per unit that none of the paradigms can take."""
    paradigms = list(paradigms)
    if any(measures(draft, paradigm) for paradigm in paradigms):
        return None
    names = " and ".join(paradigm.name for paradigm in paradigms)
    reason = f"the rows of {names} do not measure it"
    return PRICE_PER_UNIT.fault(rule=draft.rule.id, reason=reason)


def measures(draft: Draft, paradigm: Paradigm) -> bool:
    """Whether the rows that give way are the amounts by which the rule's meaning is missed.

    True for a rule that is not priced by the unit.
    """
    soft = draft.rule.soft
    if soft is None or soft.per != "unit":
        return True
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
