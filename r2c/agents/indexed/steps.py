"""How much an amount may change from one period to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.naming import Mention, mentions_of, without
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.subject import family_of, sets_named
from r2c.agents.over_sets import Ruled
from r2c.agents.roster import Choice
from r2c.cir.expr import Name
from r2c.cir.parse import parse
from r2c.cir.write import number

_NEXT = re.compile(
    r"\bfrom (?:one|an?|each|every) (?P<one>[a-z]+) to the (?:next|following)(?: (?:one|[a-z]+))?\b"
    r"|\bbetween (?:two |any two )?(?:successive|consecutive|neighbouring"
    r"|adjacent) (?P<two>[a-z]+)\b",
    re.IGNORECASE,
)
_RISE = re.compile(r"\b(?:rises?|grows?|increases?|go(?:es)? up|climbs?)\b", re.IGNORECASE)
_FALL = re.compile(
    r"\b(?:falls?|drops?|shrinks?|decreases?|declines?|go(?:es)? down|sinks?)\b", re.IGNORECASE
)
_MOST = re.compile(r"\b(?:at most|no more than|not more than|up to|max(?:imum|\.)?)\b", re.I)
_FREE = re.compile(
    r"[;,.]?\s*(?:(?:[a-z]+ 1|the first [a-z]+) is (?:free of this limit|free|exempt)"
    r"|for the first [a-z]+ there is no (?:such )?limit"
    r"|(?:there is )?no (?:such )?limit (?:applies )?"
    r"(?:for|to|in) (?:the first [a-z]+|[a-z]+ 1))",
    re.IGNORECASE,
)
_MORE_RULES = re.compile(
    r"\b(?:unless|except|if|either|at least|exactly|total|together|all|costs?|each (?:unit"
    r"|change))\b|%",
    re.IGNORECASE,
)


def steps_limited(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Ruled, ...] | None:
    """That the amounts of a family rise and fall by so much at most from period to period.

    Both directions have their own number or name of the data, "rise by 40 and fall by 20".

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = bare(clause.text)
    step = _NEXT.search(words)
    if step is None:
        return None
    free = _FREE.search(words)
    told = words if free is None else words[: free.start()] + words[free.end() :]
    named = mentions_of(told, data)
    rest = without(told, named)
    rise, fall = list(_RISE.finditer(rest)), list(_FALL.finditer(rest))
    if len(rise) != 1 or len(fall) != 1 or not _MOST.search(rest) or _MORE_RULES.search(rest):
        return None
    sets = set(sets_named(rest, data))
    period = [axis for axis in sets if axis in sets_named(step[0], data)]
    family = family_of(rest, sets, roster)
    if family is None or len(period) != 1 or sets != set(family.over):
        return None
    (time,) = period
    start = clause.text.find(words)
    numbers = [
        (slot.quantity.span.start - clause.span.start - start, number(slot.quantity.value))
        for slot in clause.slots
        if not any(
            match.start() <= slot.quantity.span.start - clause.span.start - start < match.end()
            for match in (step, free)
            if match is not None
        )
    ]
    limits = sorted([*numbers, *((one.start, _symbol(one, time)) for one in named)])
    if len(limits) != 2 or len({bool(numbers), bool(named)}) != 2:
        return None
    order = sorted([(rise[0].start(), "rise"), (fall[0].start(), "fall")])
    by = {role: text for (_, role), (_, text) in zip(order, limits, strict=True)}
    if not order[0][0] < limits[0][0] < order[1][0] < limits[1][0] or None in by.values():
        return None
    periods = data.axes[time].set
    each = tuple(axis for axis in family.over if axis != time)
    amount = f"{family.name}[{', '.join(family.over)}]"
    operands = (
        ("level", parse(f"[{amount} for {time} in {periods}]")),
        ("periods", Name(periods)),
        ("rise", parse(f"[{by['rise']} for {time} in {periods}]")),
        ("fall", parse(f"[{by['fall']} for {time} in {periods}]")),
    )
    return (Ruled("ramping", operands, each),)


def _symbol(mention: Mention, time: str) -> str | None:
    given = mention.given
    return f"{given.name}[{', '.join(given.axes)}]" if given.axes else given.name
