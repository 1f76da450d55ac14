"""Nothing at all or a least amount: "each lot is either zero or at least the smallest lot"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.naming import mentions_of, without
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.subject import family_of, sets_named
from r2c.agents.over_sets import Ruled
from r2c.agents.roster import Choice
from r2c.cir.expr import Expr, Num
from r2c.cir.parse import parse

_NOTHING = (
    r"(?:zero|0|nothing(?: at all)?|none(?: at all)?|not at all|no [a-z]+ at all|completely out"
    r"|(?:leave|skip|drop|omit)s? (?:it|them|that)(?: (?:out|away))?(?: altogether| completely"
    r"| entirely)?)"
)
_LEAST = r"(?:at least|no less than|not less than|no fewer than|not fewer than|a minimum of)"
_FORMS = re.compile(
    rf"\beither\b[^.;]*\b{_NOTHING},? or\b[^.;]*\b{_LEAST}"
    rf"|\beither\b[^.;]*(?:\b{_LEAST}\b|\bor more\b)[^.;]*\bor\b[^.;]*\b{_NOTHING}"
    rf"|\b{_NOTHING}(?: [a-z]+)?,? or(?: else)? {_LEAST}"
    rf"|\b{_LEAST}\b[^.;]*,? or(?: else)? {_NOTHING}"
    rf"|\b{_NOTHING}[,;:]? (?:otherwise|or else|else)\b[^.;]*\b{_LEAST}"
    rf"|\b{_NOTHING},? but\b[^.;]*\bif\b[^.;]*\b(?:at all|anything|any)\b[^.;]*(?:\b{_LEAST}"
    rf"|\bor more\b)"
    rf"|\b{_LEAST}\b[^.;]*\b(?:zero|nothing)(?: being| is)? (?:permitted|allowed|possible|fine)\b"
    rf"|\b(?:if|whenever|where)\b[^.;]*\bat all\b[^.;]*\b{_LEAST}"
    rf"|\b{_LEAST}\b[^.;]*\b(?:if|whenever)\b[^.;]*\bat all\b",
    re.IGNORECASE,
)
_MORE_RULES = re.compile(
    r"\b(?:at most|unless|except|more than|up to|max(?:imum)?|only if|previous|next|first|last"
    r"|share|together|in total|in all|percent\w*)\b|%",
    re.IGNORECASE,
)


def all_or_least(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Ruled, ...] | None:
    """That each amount of a family is zero or large enough; None if the words do not say so.

    The least amount is the only number of the sentence, or the only name of the data in it.

    Args:
        clause: the sentence or a part of it.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = bare(clause.text)
    named = mentions_of(words, data)
    if not _FORMS.search(words) or _MORE_RULES.search(without(words, named)):
        return None
    numbers = [slot for slot in clause.slots if slot.quantity.value != 0]
    sets = sets_named(without(words, named), data)
    family = family_of(words, sets, roster)
    if family is None or set(sets) != set(family.over) or len(numbers) + len(named) != 1:
        return None
    least: Expr
    if numbers:
        if numbers[0].quantity.kind not in ("number", "word"):
            return None
        least = Num(numbers[0].quantity.value)
    else:
        given = named[0].given
        if not set(given.axes) <= set(family.over):
            return None
        least = parse(f"{given.name}[{', '.join(given.axes)}]" if given.axes else given.name)
    amount = parse(f"{family.name}[{', '.join(family.over)}]")
    operands = (("amount", amount), ("least", least))
    return (Ruled("minimum_batch_semi_continuous", operands, family.over),)
