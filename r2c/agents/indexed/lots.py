"""How many are in use at all: "no more than 3 lots, a lot being any good made in a week"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.naming import mentions_of
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.subject import family_of, sets_named
from r2c.agents.over_sets import Ruled
from r2c.agents.roster import Choice
from r2c.cir.expr import Num
from r2c.cir.parse import parse
from r2c.problem.spoken import stem

_MEANS = re.compile(
    r"\b(?P<subject>(?:an?|each|every|any) [^.;]*?\b(?:made|run|used|produced|bought|sent|opened"
    r"|started|booked|cut|delivered)\b[^.;]*?),?\s+(?:is|counts? as|makes|means|takes) (?:one|an?"
    r"|1) "
    r"(?P<noun>[a-z]+)\b",
    re.IGNORECASE,
)
_BEING = re.compile(
    r"\b(?:an?|one) (?P<noun>[a-z]+) being (?P<subject>(?:an?|each|every|any) [^.;]+)",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\bof (?:the|our|its|these) (?:\d+ )?(?P<first>[a-z]+(?: [a-z]+)?),?\s.*\b(?:used?|in use|run"
    r"|opened?|made|booked|chosen|employed)\b"
    r"|\b(?:of the|of our|of these|different|kinds of"
    r"|types of) (?:\d+ )?(?P<second>[a-z]+(?: [a-z]+)?)\b"
    r".*\b(?:used?|in use|run|opened?|made|booked|chosen|employed)\b"
    r"|\b(?:used?|run|made|booked|cut|sawn|sent|served|bought|done) (?:by|with|on|in|at|from|of)"
    r" [^.;,]*?\bdifferent (?P<third>[a-z]+(?: [a-z]+)?)\b",
    re.IGNORECASE,
)
_LIMITED = r"(?P<most>\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_NO_MORE = re.compile(
    rf"\b(?:no more than|not more than|at most|up to|only|max(?:imum|\.)?|a maximum of"
    rf"|(?:cannot|can['’]t|must not|may not|shall not) (?:exceed|be more than"
    rf"|have more than)) {_LIMITED}\b"
    rf"|\b{_LIMITED.replace('most', 'most2')} [a-z]+(?: in (?:total|all))? and (?:not one"
    rf"|no) more\b"
    rf"|\b{_LIMITED.replace('most', 'most3')} (?:[a-z]+ ){{0,3}}"
    r"(?:at (?:the )?most|or (?:fewer|less))\b",
    re.IGNORECASE,
)
_KINDS = re.compile(r" (?:different|distinct)\b", re.IGNORECASE)
"""Such a number counts kinds; it is no quantity of its own."""
_MORE_RULES = re.compile(
    r"\b(?:unless|except|if|either|at least|previous|next|exactly|same|other than|costs?)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|every|per|any(?: one| single)?) (?P<noun>[a-z]+)", re.IGNORECASE)


def few_in_use(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Ruled, ...] | None:
    """That no more than so many amounts of a family are not zero; None if the words leave it open.

    Either a lot is explained, and then limited, or members of a set are used or not.

    Args:
        clause: the sentence.
        data: all sets.
        roster: the families of decisions.
    """
    words = bare(clause.text)
    if mentions_of(words, data) or _MORE_RULES.search(words):
        return None
    limit = _NO_MORE.search(words)
    if limit is None:
        return None
    told = limit["most"] or limit["most2"] or limit["most3"]
    place = clause.text.find(words) + limit.start() + limit[0].find(told)
    first = clause.span.start
    slots = [s for s in clause.slots if s.quantity.span.start - first == place]
    others = [s for s in clause.slots if s not in slots and s.quantity.value not in _sizes(data)]
    kinds = told.isdigit() and _KINDS.match(clause.text, place + len(told)) is not None
    if len(slots) + kinds != 1 or [s for s in others if s.quantity.value != 1]:
        return None
    if any(slot.side not in (None, "<=") for slot in slots):
        return None
    most = Num(slots[0].quantity.value if slots else float(told))
    defined = _MEANS.search(words) or _BEING.search(words)
    if defined is not None:
        rest = words[: defined.start()] + " ; " + words[defined.end() :]
        noun = stem(defined["noun"])
        if noun not in {stem(word) for word in re.findall(r"[a-z]+", rest.lower())}:
            return None
        held = sets_named(defined["subject"], data)
        each = set(sets_named(" ".join(m[0] for m in _EACH.finditer(rest)), data))
    else:
        match = _USED.search(words)
        if match is None:
            return None
        held = sets_named(match["first"] or match["second"] or match["third"], data)
        each = set()
        if set(sets_named(words, data)) != set(held):
            return None
    family = family_of(words, held, roster)
    if family is None or set(held) != set(family.over) or not each < set(held):
        return None
    loops = " ".join(
        f"for {axis} in {data.axes[axis].set}" for axis in family.over if axis not in each
    )
    items = parse(f"[{family.name}[{', '.join(family.over)}] {loops}]")
    over = tuple(axis for axis in family.over if axis in each)
    return (Ruled("cardinality_limit", (("items", items), ("most", most)), over),)


def _sizes(data: Data) -> set[float]:
    return {float(len(axis.members)) for axis in data.axes.values()}
