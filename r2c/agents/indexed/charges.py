"""A charge that is paid once something is done at all: "whenever a good is made, its set-up cost".

The charge is a name of the data; the amounts that need it are those of the only family over its
sets. Whether it is paid again in each week is told by "in a week, for that week" or by "just once".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.naming import is_money, mentions_of, without
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.subject import family_of, sets_named
from r2c.agents.over_sets import Ruled
from r2c.agents.roster import Choice
from r2c.cir.parse import parse

_IF = re.compile(
    r"\b(?:if(?: and only if|, and only if,)?|whenever|as soon as|the moment(?: that)?|once|when"
    r"|in every [a-z]+ in which"
    r"|in each [a-z]+ in which|for every [a-z]+ in which|for each [a-z]+ in which)\b",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:paid|pay|due|incurred|charged|cost|costs|deducted|goes off|comes off|falls due|added"
    r"|hits? us|arises?)\b",
    re.IGNORECASE,
)
_AT_ALL = re.compile(
    r"\b(?:at all|whatever the (?:amount|number)|however (?:many|much|little)"
    r"|for one [a-z]+ or (?:for )?many|even for the (?:tiniest|smallest|least) amount"
    r"|any|anything|used|made)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:just one time|only once|just once|one time only|once only|a single time|once and for all"
    r"|one-time|one-off)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:unless|except|more than|less than|at most|at least|exceeds?|beyond|above|below|otherwise"
    r"|instead|either|per|each (?:unit|piece|tonne|kilogram|hour))\b",
    re.IGNORECASE,
)


def charged_once(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Ruled, ...] | None:
    """That a charge is paid where any amount is made; None if the words leave something open.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = bare(clause.text)
    named = mentions_of(words, data)
    if (
        len(named) != 1
        or any(slot.quantity.value != 1 for slot in clause.slots)
        or not is_money(named[0].given)
    ):
        return None
    charge = named[0].given
    rest = without(words, named)
    once = _ONCE.search(rest) is not None
    told = _ONCE.sub(" ", rest)
    if not _IF.search(told) or not _DUE.search(rest) or _UNTIL.search(rest):
        return None
    sets = set(sets_named(rest, data)) | set(charge.axes)
    family = family_of(words, sets, roster)
    if family is None or not charge.axes or _AT_ALL.search(told) is None:
        return None
    if not once and sets != set(family.over):
        return None  # in each week, or once for all of them?
    if once and sets != set(charge.axes):
        return None
    free = [axis for axis in family.over if axis not in sets]
    loops = " ".join(f"for {axis} in {data.axes[axis].set}" for axis in free)
    amount = f"{family.name}[{', '.join(family.over)}]"
    each = tuple(axis for axis in family.over if axis in sets)
    operands = (
        ("activities", parse(f"[{amount} {loops}]" if free else f"[{amount}]")),
        ("charge", parse(f"{charge.name}[{', '.join(charge.axes)}]")),
    )
    return (Ruled("fixed_charge_activation", operands, each),)
