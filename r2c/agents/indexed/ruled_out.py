"""Pairs that are not possible: "where the distance is above the reach of the depot, no service"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.naming import mentions_of
from r2c.agents.indexed.part import bare
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Compare, Expr, Mul, Name, Num

_ABOVE = re.compile(
    r"\b(?:more than|above|beyond|exceeds?|exceeding|greater than|longer than|farther than"
    r"|further than|over|larger than|higher than)\b",
    re.IGNORECASE,
)
_OUT = re.compile(
    r"\b(?:not possible|impossible|ruled out|is out|are out|not allowed|forbidden|excluded"
    r"|(?:cannot|can['’]t|must not|may not) be (?:served|used|chosen|combined|paired|assigned"
    r"|supplied)"
    r"|no (?:service|delivery|pairing|such pair))\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\bonly (?:if|where|when|while)\b(?=[^.;]*\b(?P<within>not (?:larger|longer|more|greater"
    r"|higher|farther"
    r"|further) than|no more than|at most|within|does not exceed|not above))",
    re.IGNORECASE,
)
_MORE_RULES = re.compile(r"\b(?:unless|except|below|less than|at least|or|only)\b", re.IGNORECASE)
_TWO = 2


def pairs_ruled_out(
    clause: Clause, data: Data, roster: Sequence[Choice]
) -> tuple[Limit, ...] | None:
    """That a pair is not chosen where one number of the data is above another.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = bare(clause.text)
    _, told, rest = words.partition(": ")
    words = rest if told and _ABOVE.search(rest) and _OUT.search(rest) else words
    named = mentions_of(words, data)
    only = _ONLY.search(words)
    above = _ABOVE.search(words) if only is None else None
    if only is not None:
        rest, split = words[: only.start()] + words[only.end() :], only.start("within")
    elif above is not None and _OUT.search(words):
        rest, split = words, above.start()
    else:
        return None
    if _MORE_RULES.search(rest) or len(named) + len(clause.slots) != _TWO:
        return None
    if not named or named[0].start > split:
        return None
    measure = named[0].given
    fitting = [one for one in roster if is_choice(one) and set(one.over) == set(measure.axes)]
    if len(fitting) != 1 or len(measure.axes) < _TWO:
        return None
    (family,) = fitting
    most: Expr
    if clause.slots:
        most = Num(clause.slots[0].quantity.value)
    elif named[1].start > split and set(named[1].given.axes) <= set(family.over):
        most = Name(named[1].given.name)
    else:
        return None
    left = Mul((Name(measure.name), Name(family.name)))
    return (Limit(Compare(("<=",), (left, most)), family.over),)
