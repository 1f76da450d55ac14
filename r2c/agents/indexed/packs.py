"""Whole packs only: "the pieces bought for all shops together are a whole number of packs"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.limits import is_choice, side_of
from r2c.agents.indexed.named import axes_of_each
from r2c.agents.indexed.naming import is_money, mentions_of, without
from r2c.agents.indexed.subject import sets_added_up, sets_named
from r2c.agents.over_sets import Ruled
from r2c.agents.roster import Choice
from r2c.cir.parse import parse

_FULL = r"(?:full|whole|complete|entire|unbroken)"
_MULTIPLE = re.compile(
    rf"\b(?:divisible by|multiples? of|in steps of|(?:an? )?{_FULL} numbers? of|(?:only|in)"
    rf" {_FULL}|no (?:part|open(?:ed)?|broken|split))\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:over|across) (?:all |the |all the )?(?P<noun>[a-z]+)|\ball (?P<noun2>[a-z]+) added up\b",
    re.IGNORECASE,
)
_MORE_RULES = re.compile(
    r"\b(?:unless|except|if|at least|at most|more than|less than|up to|exceeds?|either|first"
    r"|last)\b",
    re.IGNORECASE,
)


def whole_packs(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Ruled, ...] | None:
    """That amounts are multiples of a size that the data name; None if something is left open.

    Each set of the amounts is gone through, or added up in so many words.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = clause.text
    named = mentions_of(words, data)
    amounts = [one for one in roster if not is_choice(one)]
    if len(named) != 1 or clause.slots or len(amounts) != 1 or _MORE_RULES.search(words):
        return None
    (size,), (family,) = ([one.given for one in named], amounts)
    if is_money(size) or side_of(size) is not None or not set(size.axes) <= set(family.over):
        return None
    rest = without(words, named)
    over = " ".join(f"all {match['noun'] or match['noun2']}" for match in _OVER.finditer(rest))
    each = axes_of_each(words, named, data)
    added = sets_added_up(f"{rest} {over}", data)
    if _MULTIPLE.search(rest) is None or set(each) | added != set(sets_named(rest, data)):
        return None
    if set(each) & added or {*each, *added} != set(family.over) or not set(size.axes) <= set(each):
        return None
    amount = f"{family.name}[{', '.join(family.over)}]"
    loops = " ".join(
        f"for {axis} in {data.axes[axis].set}" for axis in family.over if axis in added
    )
    operands = (
        ("amount", parse(f"sum({amount} {loops})" if loops else amount)),
        ("pack", parse(f"{size.name}[{', '.join(size.axes)}]" if size.axes else size.name)),
    )
    return (Ruled("lot_pack_multiples", operands, tuple(a for a in family.over if a in each)),)
