"""What a text says is decided: "how many ads per channel and week", "which depots are opened".

The sets of these words are the sets that decisions run over. Where the words speak of one kind of
amount and its sets, or of an amount for each of several pairs, no model has to name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from r2c.agents.clauses import question
from r2c.agents.indexed.data import Axis, Data, Space
from r2c.agents.indexed.named import is_money
from r2c.agents.mentions import stem
from r2c.agents.reserved import is_reserved
from r2c.agents.roster import Choice
from r2c.problem.grid import identifier, unique
from r2c.problem.schema import Problem

_DECIDED = re.compile(
    r"\b(?:(?:has|have|is|are) to be (?:decided|found|fixed|chosen|planned)|to decide"
    r"|(?:is|are) up to (?:us|you|me)|decides? (?:how|on)|the plan (?:gives|says|tells)"
    r"|the question is|what we need"
    r"|we need the number|open questions?)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:each|every|per)\s+(?:of\s+(?:(?:the|its|our|these|\d+)\s+)*)?([a-z]+)(?:\s+([a-z]+))?"
    r"(?:(?<=\sand)\s+([a-z]+))?",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\bwhich\s+([a-z]+)(?:\s+([a-z]+))?", re.IGNORECASE)
_PAIR = re.compile(
    r"\b(?:between|from)\s+(?:each|every)\s+([a-z]+(?: [a-z]+)?)\s+(?:and|to)\s+(?:each|every)\s+"
    r"([a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\b(?:how (?:many|much)|(?:the )?(?:numbers?|amounts?|quantit(?:y|ies)) of"
    r"|the (?=(?:tonnes|kilograms?|litres|hours|megalitres|weight|volume|output|flows?)\b))"
    r"\s*(?P<noun>[a-z]+)?",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:which|whether|where|when|in what order|or stay|open questions?)\b", re.I
)
_FLOWS = re.compile(r"\b(?:flows?|amounts?|quantit(?:y|ies)|numbers?|how (?:many|much))\b", re.I)
_PAIRED = 2
"""Of amounts over one set, others are often decided beside them."""
_FILLER = frozenset("of the each every to should we it is are a an go goes put".split())


def spaces_decided(problem: Problem, data: Data) -> Sequence[Space]:
    """What decisions may run over by the words that ask for them; anything, if these do not say."""
    words = " ".join(_asking(problem)).replace("`", "")
    axes, chosen = _named(_EACH, words, data), _named(_WHICH, words, data)
    spaces = [space for space in data.spaces if axes <= set(space.axes)]
    if chosen or not spaces:  # several families: "which depots", "from every source"
        spaces = [one for one in data.spaces if set(one.axes) <= axes | chosen]
    return spaces


def families_decided(problem: Problem, data: Data) -> tuple[Choice, ...] | None:
    """The families that the words name in full; None if anything is left open.

    Args:
        problem: the problem.
        data: its sets and parameters.
    """
    told = [one.text for one in problem.sentences if _DECIDED.search(one.text)]
    if len(told) != 1 or _CHOICE.search(told[0]):
        return None
    (words,) = told
    pairs = [pair for match in _PAIR.finditer(words) for pair in [_ends(match, data)]]
    if len(pairs) > 1 and None not in pairs and _FLOWS.search(words):
        taken = data.taken()
        return tuple(_family("flow", pair, taken) for pair in pairs if pair is not None)
    amounts = list(_AMOUNT.finditer(words))
    axes = _named(_EACH, words, data)
    spaces = [space for space in data.spaces if set(space.axes) == axes]
    if len(amounts) != 1 or len(spaces) != 1 or spaces[0].sparse or pairs or len(axes) < _PAIRED:
        return None
    if any(axes < set(given.axes) for given in data.given.values()):
        return None  # "for each of them": another sentence tells a further set
    if any(is_money(one) and not set(one.axes) <= axes for one in data.given.values()):
        return None  # something else is paid for, and so decided
    noun = (amounts[0]["noun"] or "").lower()
    return (_family("" if noun in _FILLER else noun, spaces[0].axes, data.taken()),)


def _asking(problem: Problem) -> Iterator[str]:
    yield question(problem)
    for one in problem.sentences:
        if "?" in one.text or _DECIDED.search(one.text):
            yield one.text


def _named(before: re.Pattern[str], words: str, data: Data) -> set[str]:
    said = {stem(word) for pair in before.findall(words) for word in pair if word}
    return {axis for axis in data.axes if stem(axis.rsplit("_", 1)[-1]) in said}


def _ends(match: re.Match[str], data: Data) -> tuple[str, str] | None:
    """The two sets that a pair of words joins, if the data know them as a pair."""
    first, second = (_axis(words, data) for words in match.groups())
    if first is None or second is None:
        return None
    axes = (first.name, second.name)
    return axes if any(space.axes == axes for space in data.spaces) else None


def _axis(words: str, data: Data) -> Axis | None:
    said = [stem(word) for word in words.split()]
    found = [
        axis
        for axis in data.axes.values()
        if said[: len(axis.name.split("_"))] == [stem(part) for part in axis.name.split("_")]
    ]
    return found[0] if len(found) == 1 else None


def _family(noun: str, axes: Sequence[str], taken: set[str]) -> Choice:
    """A family named after what is counted, `ads[channel, week]: number of ads for each ...`."""
    over = " and ".join(axis.replace("_", " ") for axis in axes)
    plain = noun in ("", "flow", "flows", "weight", "volume", "output")
    meaning = f"amount for each {over}" if plain else f"number of {noun} for each {over}"
    name = identifier(noun or "amount")
    name = unique(f"{name}_" if is_reserved(name) else name, taken)
    taken.add(name)
    return Choice(name, meaning, tuple(axes))
