"""What comes in goes out: "each reservoir: inflow from the sources = outflow to the towns".

Two families of amounts that meet in one set tell what flows in and out there. A sentence says that
they are equal, or that nothing is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.naming import mentions_of
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.subject import sets_named
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Compare, Name

_KEEPS = r"(?:keeps?|loses?|stores?|gains?|holds?|adds?|takes?)"
_KEPT = re.compile(
    rf"\bneither {_KEEPS}(?: back)? nor {_KEEPS}\b|\b(?:stores?|keeps?|holds? back) nothing\b"
    r"|\bnothing (?:stays|remains|is (?:kept|stored|left)) (?:in|at|behind)\b",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"=|\bequals?\b|\b(?:exactly|precisely|just) (?:the (?:sum|total) of )?(?:what|as much as"
    r"|the)\b"
    r"|\bthe same (?:amount |quantity |volume )?(?:as|that)\b|\bas much (?:as|[a-z]+ as)\b",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:inflows?|(?:comes?|flows?|goes?) in(?:to)?|arrives?|gets?|receives?|sends? to it"
    r"|send to it|enters?)\b",
    re.IGNORECASE,
)
_OUT = re.compile(
    r"\b(?:outflows?|(?:comes?|flows?|goes?) out(?: of)?|leaves?|delivers?|passes? on|sends? out"
    r"|sends? on|gives? (?:away|on))\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|every|any|no|its?|in the)\b", re.IGNORECASE)
_MORE_RULES = re.compile(
    r"\b(?:unless|except|if|either|at least|at most|more|fewer|less|previous|before|next|times"
    r"|plus|minus|only)\b|[%+<>]|\bno [a-z]+ nor\b",
    re.IGNORECASE,
)


def passed_on(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Limit, ...] | None:
    """That what comes to each member of a set leaves it; None if the words say something else.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = bare(clause.text)
    if clause.slots or mentions_of(words, data) or _MORE_RULES.search(words):
        return None
    meeting = [
        (into, out)
        for into in roster
        for out in roster
        if len(into.over) == len(out.over) == len({*into.over, *out.over}) - 1
        if into.over[-1] == out.over[0] and not is_choice(into) and not is_choice(out)
    ]
    if len(meeting) != 1:
        return None
    ((into, out),) = meeting
    named = set(sets_named(words, data))
    middle, ends = into.over[-1], {into.over[0], out.over[-1]}
    kept = _KEPT.search(words) is not None and named == {middle}
    equal = _SAME.search(words) is not None and named in (ends, {middle}, {middle, *ends})
    equal = equal and _IN.search(words) is not None and _OUT.search(words) is not None
    if not (kept or equal) or _EACH.search(words) is None:
        return None
    return (Limit(Compare(("==",), (Name(into.name), Name(out.name))), (middle,)),)
