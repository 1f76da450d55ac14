"""Limits that a sentence states with the very names of the data: "no more than its weekly output".

Where a sentence names a parameter by its heading and says from which side, there is nothing left to
guess: the limit holds for each member that the parameter has a number for. What else the sentence
names is a weight of the amount, "the parcel weight of all regions served".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data, Given
from r2c.agents.indexed.deeds import family_doing
from r2c.agents.indexed.limits import gated, is_choice, is_share, side_of
from r2c.agents.indexed.measured_in import times_larger
from r2c.agents.indexed.naming import Mention, heading_of, is_money, mentions_of, without
from r2c.agents.indexed.part import bare
from r2c.agents.indexed.sets_said import axis_of
from r2c.agents.indexed.voice import side_ahead
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Compare, CompareOp, Expr, Mul, Name, Num
from r2c.problem.spoken import stem

_NOT = r"(?:no|not|never|n['’]t|cannot)\b"
_MOST = re.compile(
    rf"\b(?:at most|up to|max(?:imum|\.)?|limited to|within|at or below|covered by"
    rf"|upper limit for)|<="
    rf"|{_NOT}[^.;]{{0,120}}?\b(?:more|longer|higher|greater|larger|bigger)\b[^.;]{{1,60}}?\bthan\b"
    rf"|{_NOT}[^.;]{{0,120}}?\b(?:more|above|over|beyond|past|exceed|longer|higher|greater"
    rf"|larger|bigger)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"\b(?:at least|at the (?:very )?least|min(?:imum|\.)?|reach(?:es)? or exceeds?|attain"
    rf"|promised|signed for|must receive|lower limit for|meets?|satisf\w+)|>="
    rf"|{_NOT}[^.;]{{0,40}}?\b(?:less|fewer|lower|below)\b",
    re.IGNORECASE,
)
_AFTER_LEAST = re.compile(
    r"[^,;.]{0,40}\bor more\b|[^,;.]{0,30}\bat (?:the )?(?:very )?least\s*(?:[,;.]|$)",
    re.IGNORECASE,
)
_ENOUGH_FOR = re.compile(
    r"\b(?:must|has to|have to|shall)\s+(?:be enough for|suffice for|cover)\b", re.I
)
_EACH = re.compile(
    r"\b(?:each|every|any|no|per|that)\s+(?:single\s+)?([a-z]+(?:\s+[a-z]+)?)", re.IGNORECASE
)
_EXCEPTION = re.compile(
    r"\b(?:if|unless|except|instead|otherwise|whenever|as soon as|once|only|either|or else|when"
    r"|any other|each other|one another|the others|first|last(?! for)|next|previous|between(?!"
    r" them)"
    r"|differ\w*"
    r"|change\w*|largest|smallest|nothing or|zero|wait\w*|where|share|sequence|order|brackets?"
    r"|or both|one of (?:two|the)|at least one|any one|leave out|equals?|exactly|precisely"
    r"|calculate|determine|objective|mission|minimi[sz]\w*"
    r"|maximi[sz]\w*)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(r"^[^:;.\d]*\bonly so (?:many|much)\b[^:;.\d]*:", re.IGNORECASE)
_THAN = re.compile(r"[^.;]*?\bthan\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(?:more|less|fewer|larger|bigger|smaller|greater|longer|higher|lower|shorter)\b",
    re.IGNORECASE,
)
_IN_A = re.compile(r"\b(?:in|per|within) an? (?P<noun>[a-z]+)\b", re.IGNORECASE)
_AHEAD = re.compile(
    r"(?P<most>(?:the )?(?:upper limit|maximum|ceiling|cap) (?:for|of|on)\b)"
    r"|(?:the )?(?:lower limit|minimum|floor) (?:for|of|on)\b",
    re.IGNORECASE,
)
_TWO = 2
_RANGE = re.compile(r"\brange\b", re.IGNORECASE)
_UP_TO = re.compile(r"\b(?:up to|to|and)\b", re.IGNORECASE)
_NEXT_RULE = re.compile(r"[;,]\s*(?:and|but|while)\b|;", re.IGNORECASE)
_WINDOW = 140
_WHOLE = slice(None)
_THERE = frozenset(map(stem, ("available", "maximum", "total", "limit", "capacity")))


def named_limits(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Limit, ...]:
    """The limits that a sentence states with names of the data; none if something is left open.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = clause.text
    found = mentions_of(words, data)
    if len(clause.slots) > 1 or _says_more(without(words, found)):
        return ()
    if not found:
        return tuple(_limit_of_each(clause, data, roster))
    if clause.slots:
        each = axes_of_each(words, found, data)
        return tuple(_limit_of_number(clause, found, each, roster))
    sides = _sides(words, found)
    weights = list({one.given.name: one.given for one, side in sides if side is None}.values())
    if any(map(is_money, weights)):
        return ()  # what is paid is no part of an amount that is needed or there
    limiting = [one.given for one, side in sides if side is not None]
    if any(side_of(given) is not None and not _is_use(given, limiting) for given in weights):
        return ()  # a supply is no weight; what the sentence says of it is left open
    weights = weights or _between(limiting, data, roster)
    held: dict[Limit, None] = {}
    for one, side in sides:
        if side is None:
            continue
        each = axes_of_each(words, found, data, _part(words, one))
        if side_of(one.given) not in (None, side):
            return ()  # the heading says otherwise
        options = _closest(_limits(one.given, side, weights, each, roster))
        if is_money(one.given) or len(options) != 1:
            return ()  # several families might be meant, or none
        held.setdefault(options[0])
    return tuple(held)


def _says_more(words: str) -> bool:
    """Whether words tell of an exception, a case or another kind of rule."""
    return " OR " in words or _EXCEPTION.search(_ANNOUNCED.sub(" ", words)) is not None


def _between(limiting: Sequence[Given], data: Data, roster: Sequence[Choice]) -> list[Given]:
    """What stands between a limit and the only family where that does not run over its sets.

    The pieces ordered of each product limit the logs sawn by each pattern by the pieces per log,
    if nothing else is told of products and patterns.
    """
    if len(limiting) != 1 or len(roster) != 1 or set(limiting[0].axes) & set(roster[0].over):
        return []
    axes = {*limiting[0].axes, *roster[0].over}
    found = [one for one in data.given.values() if set(one.axes) == axes]
    known = [one for one in found if not is_money(one) and side_of(one) is None]
    return known if len(known) == len(found) == 1 else []


def _limit_of_number(
    clause: Clause, found: Sequence[Mention], each: Sequence[str], roster: Sequence[Choice]
) -> Iterator[Limit]:
    """The limit of a weighted amount: "the price of all ads may not go over €23,610"."""
    (slot,) = clause.slots
    weights = {one.given.name: one.given for one in found}
    place = slot.quantity.span.start - clause.span.start
    last = max((one.end for one in found if one.end <= place), default=0)
    side = side_said(clause.text, place, last, clause.text[place:])
    if side is None and (ahead := _AHEAD.match(bare(clause.text))) is not None:
        side = "<=" if ahead["most"] else ">="
    fitting = [choice for choice in roster if set(found[0].given.axes) <= set(choice.over)]
    if len(weights) > 1 or side is None or len(fitting) != 1:
        return
    if side_of(found[0].given) is not None or slot.quantity.kind == "percent":
        return
    if times_larger(found[0].given.parameter.unit, slot.quantity.unit) != 1:
        return
    left = Mul((Name(found[0].given.name), Name(fitting[0].name)))
    held = tuple(axis for axis in fitting[0].over if axis in each)
    yield Limit(Compare((side,), (left, Num(slot.quantity.value))), held)


def _limit_of_each(clause: Clause, data: Data, roster: Sequence[Choice]) -> Iterator[Limit]:
    """A number that limits each single amount: "up to 68 kg of each good in each week"."""
    if len(clause.slots) != 1:
        return
    (slot,) = clause.slots
    words = clause.text
    each = axes_of_each(words, (), data)
    meant = roster if len(roster) == 1 else [family_doing(words, roster)]
    choice = meant[0]
    if choice is None or is_choice(choice):
        return
    for match in _IN_A.finditer(words):  # "no good ... in a week"
        axis = axis_of(match["noun"], data)
        each = tuple(one for one in data.axes if one in each or one == axis)
    place = slot.quantity.span.start - clause.span.start
    side = slot.side or side_said(words, place, 0, words[place:])
    whole = len(roster) > 1 or len(choice.over) > 1
    if (
        whole
        and set(each) == set(choice.over)
        and side in ("<=", ">=")
        and slot.quantity.kind == "number"
    ):
        yield Limit(Compare((side,), (Name(choice.name), Num(slot.quantity.value))), each)


def axes_of_each(
    words: str, named: Sequence[Mention], data: Data, part: slice = _WHOLE
) -> tuple[str, ...]:
    """The sets of which a part of a sentence speaks member by member: "each good in each week".

    The words that name parameters, `slots per week`, do not count.
    """
    words = without(words, named)[part]
    found: dict[str, None] = {}
    for match in _EACH.finditer(words):
        said = [stem(word) for word in match[1].split()]
        for axis in data.axes:
            parts = [stem(part) for part in axis.split("_")]
            if said[: len(parts)] == parts:
                found.setdefault(axis)
    return tuple(axis for axis in data.axes if axis in found)


def _part(words: str, mention: Mention) -> slice:
    """The part of a sentence that names a parameter; what follows an "and" is another rule."""
    cuts = [0, *(match.start() for match in _NEXT_RULE.finditer(words)), len(words)]
    start = max(cut for cut in cuts if cut <= mention.start)
    return slice(start, min(cut for cut in cuts if cut >= mention.end))


def _sides(words: str, found: Sequence[Mention]) -> list[tuple[Mention, CompareOp | None]]:
    """From which side each name limits what the others are of, if it limits at all."""
    enough = _ENOUGH_FOR.search(words)
    if enough is not None:
        before = [one for one in found if one.end <= enough.start()]
        if not before:  # "what arrives has to cover its need"
            return [(one, ">=") for one in found]
        return [(one, "<=" if one is before[-1] else None) for one in found]
    if len(found) == _TWO and found[0].given.axes == found[1].given.axes:
        ahead, inside = words[: found[0].start], words[found[0].end : found[1].start]
        if _RANGE.search(ahead) and _UP_TO.search(inside):
            return [(found[0], ">="), (found[1], "<=")]
    sides: list[tuple[Mention, CompareOp | None]] = []
    last = 0
    ends = [*(one.start for one in found[1:]), len(words)]
    for one, end in zip(found, ends, strict=True):
        after = words[one.end : end]
        than = _THAN.match(after) if end < len(words) else None
        compared = than is not None and not _MORE.search(than[0])  # "no more space than there is"
        sides.append((one, None if compared else side_said(words, one.start, last, after)))
        last = one.end
    return sides


def side_said(words: str, place: int, last: int, after: str) -> CompareOp | None:
    """From which side words make a limit of what stands at a place; None if they do not.

    Args:
        words: the sentence.
        place: where the limit stands.
        last: where the name before it ends; words further ahead belong to that.
        after: what follows the limit.
    """
    start = max(0, place - _WINDOW)
    before = words[start:place]
    most = [match.end() for match in _MOST.finditer(before) if start + match.end() > last]
    least = [match.end() for match in _LEAST.finditer(before) if start + match.end() > last]
    side: CompareOp | None = None
    if most or least:
        side = "<=" if max(most, default=-1) > max(least, default=-1) else ">="
    if (ahead := side_ahead(after)) is not None:
        return ahead if side in (None, ahead) else None  # "at least 20, and no more by night"
    return ">=" if _AFTER_LEAST.match(after) else side


def _is_use(given: Given, limiting: Sequence[Given]) -> bool:
    """Whether what each needs is of what is there: `space needed` of the `available space`."""
    used = {stem(word) for word in heading_of(given).split()}
    return (
        len(limiting) == 1
        and side_of(given) == ">="
        and side_of(limiting[0]) == "<="
        and ({stem(word) for word in heading_of(limiting[0]).split()} - _THERE <= used)
    )


def _closest(found: Iterable[tuple[Choice, Limit, bool]]) -> list[Limit]:
    """The limits of those families that run over all sets of the names, if they are of one kind."""
    options = list(found)
    close = [(choice, limit) for choice, limit, whole in options if whole]
    kinds = {is_choice(choice) for choice, _, _ in options}
    if len(kinds) == 1 and close:
        return [limit for _, limit in close]
    return [limit for _, limit, _ in options]


def _limits(
    given: Given,
    side: CompareOp,
    weights: Sequence[Given],
    each: Sequence[str],
    roster: Sequence[Choice],
) -> Iterator[tuple[Choice, Limit, bool]]:
    """The limits of the families that it may be about, and whether they run over all its sets."""
    if len(weights) > 1 or any(one.axes == given.axes for one in weights):
        return
    beside = {axis for one in weights for axis in one.axes}
    for choice in roster:
        over = set(choice.over)
        if not beside <= over | set(given.axes) or not set(given.axes) <= over | beside:
            continue
        if is_choice(choice) and not weights:
            continue  # how many are chosen is not told by a parameter's name alone
        left: Expr = Name(choice.name)
        right: Expr = gated(given, side, roster)
        if weights:
            left = Mul((Name(weights[0].name), left))
            times = times_larger(weights[0].parameter.unit, given.parameter.unit)
            right = right if times == 1 else Mul((Num(times), right))
            if is_share(given) and is_share(weights[0]):
                right = Mul((right, Name(choice.name)))
        elif is_share(given):
            continue
        held = [axis for axis in choice.over if axis in each and axis not in given.axes]
        limit = Limit(Compare((side,), (left, right)), (*given.axes, *held))
        yield choice, limit, beside | set(given.axes) <= over
