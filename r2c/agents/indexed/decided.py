"""What a text says is decided: "how many ads per channel and week", "which depots are opened".

The sets of these words are the sets that decisions run over. Where the words speak of one kind of
amount and its sets, or of an amount for each of several pairs, no model has to name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from r2c.agents.clauses import question
from r2c.agents.indexed.asked import Asked, asked_in, nouns_unknown, tells_more
from r2c.agents.indexed.data import Axis, Data, Space
from r2c.agents.indexed.deciding import ahead_of_question, says_decided
from r2c.agents.indexed.headings import axis_name
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.naming import heading_of, is_money
from r2c.agents.indexed.paraphrase import paraphrase
from r2c.agents.indexed.stores import Store, store_told
from r2c.agents.reserved import is_reserved
from r2c.agents.roster import Choice
from r2c.cir.nouns import singular
from r2c.problem.grid import identifier, unique
from r2c.problem.schema import Problem
from r2c.problem.spoken import stem

_EACH = re.compile(
    r"\b(?:each|every|per)\s+(?:of\s+(?:(?:the|its|our|these|\d+)\s+)*)?([a-z]+)(?:\s+([a-z]+))?"
    r"(?:(?<=\sand)\s+([a-z]+))?",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\bwhich\s+([a-z]+)(?:\s+([a-z]+))?", re.IGNORECASE)
_PAIR = re.compile(
    r"\b(?:between|from)\s+(?:each|every|any|the|all)\s+([a-z]+(?: [a-z]+)?)\s+(?:and|to|into"
    r"|towards)"
    r"\s+(?:each|every|any|the|all)\s+"
    r"([a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)
_FLOWS = re.compile(r"\b(?:flows?|amounts?|quantit(?:y|ies)|numbers?|how (?:many|much))\b", re.I)
_OF_A_UNIT = re.compile(r"\b(?:per|of an?|at an?|for an?) ((?:[a-z-]+ )*[a-z-]+)$", re.IGNORECASE)
_COUNTS = re.compile(r"\b(?:numbers?|amounts?) of\b", re.IGNORECASE)
_OFFERED = re.compile(
    r"\bif (?:we|you|they) (?:want|like|wish|choose)\b(?! to know)",
    re.IGNORECASE,
)
"""What is offered in a sentence away from the others is decided as well."""
_ALSO = re.compile(
    r"\balso (?:decides?|fix(?:es)?|chooses?|settles?|says?|states?|gives?|tells?|plans?|to be)\b",
    re.I,
)
"""Who fixes this also fixes something else."""
_PAIRED = 2
_TIMES = frozenset("hour day week month year period shift".split())
_PLAIN = frozenset(["", "flow", "flows", "weight", "volume", "output", "amount"])


def noun_missing(problem: Problem, data: Data) -> str | None:
    """What a set without a name is called: the only noun of what is decided that names no set."""
    told = [one.text for one in problem.sentences if says_decided(one.text)]
    nouns = {
        singular(noun) or noun
        for words in told
        for noun in nouns_unknown(paraphrase(words, data), data)
    }
    name = axis_name(next(iter(nouns))) if len(nouns) == 1 else None
    alike = [
        axis for axis in data.axes if name and (axis.startswith(name) or name.startswith(axis))
    ]
    return None if name in data.taken() or alike else name


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
    told = [one.text for one in problem.sentences if says_decided(one.text)]
    if len(told) != 1 or any(_OFFERED.search(one.text) for one in problem.sentences):
        return None
    if _ALSO.search(told[0]):
        return None
    words = paraphrase(told[0], data)
    pairs = [pair for match in _PAIR.finditer(words) for pair in [_ends(match, data)]]
    if len(pairs) > 1 and None not in pairs and _FLOWS.search(words):
        taken = data.taken()
        return tuple(_family("flow", pair, taken) for pair in pairs if pair is not None)
    asked = asked_in(words, data)
    if pairs or not asked or tells_more(ahead_of_question(words), data):
        return None
    found: list[Choice] = []
    taken = data.taken()
    for one in asked:
        axes = _axes_of(one, data)
        if axes is None:
            return None
        told_of = replace(one, noun=_counted_in(problem, one, data)) if one.often else one
        found.append(_told(told_of, axes, taken, alone=len(asked) == 1))
    choices = [one.over for one in found if is_choice(one)]
    if len(set(choices)) < len(choices):
        return None  # the same choice told twice, or two that cannot be told apart
    if counts_more(problem, data, asked, found):
        return None
    store = store_told(problem, data, asked, found)
    return tuple(found) if store is None else (*found, store.content)


def _axes_of(asked: Asked, data: Data) -> tuple[str, ...] | None:
    """The sets of a phrase in the order of the data; None if only some of their pairs exist."""
    spaces = [space for space in data.spaces if set(space.axes) == asked.axes]
    if len(spaces) == 1 and not spaces[0].sparse:
        return spaces[0].axes
    within = [space for space in data.spaces if set(space.axes) < asked.axes]
    if spaces or len(asked.axes) <= _PAIRED or any(space.sparse for space in within):
        return None
    return tuple(axis for axis in data.axes if axis in asked.axes)


def store_decided(problem: Problem, data: Data) -> Store | None:
    """The store of which the content is decided besides what goes in and out."""
    told = [one.text for one in problem.sentences if says_decided(one.text)]
    families = families_decided(problem, data) if len(told) == 1 else None
    asked = asked_in(paraphrase(told[0], data), data) if families else None
    if not asked or families is None or len(families) != len(asked) + 1:
        return None
    return store_told(problem, data, asked, families[:-1])


def _counted_in(problem: Problem, asked: Asked, data: Data) -> str:
    """What is counted by how often something is done: "the number of logs cut by each pattern"."""
    found = set()
    for axis in asked.axes:
        noun = axis.rsplit("_", 1)[-1]
        said = rf"\bnumber of ([a-z]+) (?:[a-z]+ ){{0,4}}(?:each|every|an?) {noun}\b"
        found |= {match[1].lower() for match in re.finditer(said, problem.text, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else "times"


def counts_more(
    problem: Problem, data: Data, asked: Sequence[Asked], families: Sequence[Choice]
) -> bool:
    """Whether the data tell of something that none of the families is: it is decided as well.

    So it is where money is told of members that no family runs over, and where a heading tells of
    one of something, "income per practice hour", that is neither counted nor measured.
    """
    widest = [set(choice.over) for choice in families]
    for given in data.given.values():
        if is_money(given) and not any(set(given.axes) <= over for over in widest):
            return True
    known = {stem(word) for axis in data.axes for word in axis.split("_")}
    known |= {stem(word) for one in asked for word in (one.noun, *one.noun.split("-"))} | _TIMES
    headings = [heading_of(given).lower() for given in data.given.values()]
    for heading in headings:
        bare = _OF_A_UNIT.sub("", heading)
        if bare == heading or _COUNTS.search(heading):
            known |= {stem(word) for word in bare.split()}
    known |= {
        stem(word) for one in data.given.values() for word in (one.parameter.unit or "").split()
    }
    known |= {stem(word) for one in asked for word in re.findall("[a-z]+", one.words)}
    for heading in headings:
        match = _OF_A_UNIT.search(heading)
        if match is not None and stem(re.split("[ -]", match[1])[-1]) not in known:
            return True
    return False


def _told(asked: Asked, axes: Sequence[str], taken: set[str], *, alone: bool) -> Choice:
    """A family out of a phrase."""
    if asked.kind == "amount":
        return _family(asked.noun, axes, taken, "" if alone and asked.noun else asked.verb)
    names = [axis.replace("_", " ") for axis in axes]
    name = asked.verb or (f"{names[-1]}_chosen" if len(names) > 1 else "chosen")
    done = f"is {asked.verb}" if asked.verb else "is chosen"
    with_ = "".join(f" with the {one}" for one in names[1:])
    return Choice(_fresh(name, taken), f"1 if the {names[0]} {done}{with_}", tuple(axes))


def _asking(problem: Problem) -> Iterator[str]:
    yield question(problem)
    for one in problem.sentences:
        if "?" in one.text or says_decided(one.text):
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


def _family(noun: str, axes: Sequence[str], taken: set[str], verb: str = "") -> Choice:
    """A family named after what is counted, `ads[channel, week]: number of ads for each ...`."""
    over = " and ".join(axis.replace("_", " ") for axis in axes)
    counted = f"{noun} {verb}".strip()
    meaning = f"number of {counted or 'times'} for each {over}"
    if noun in _PLAIN and not verb:
        meaning = f"amount for each {over}"
    elif noun in _PLAIN:
        meaning = f"amount {verb} for each {over}"
    return Choice(_fresh(verb or noun or "amount", taken), meaning, tuple(axes))


def _fresh(word: str, taken: set[str]) -> str:
    name = identifier(word.lower())
    name = unique(f"{name}_" if is_reserved(name) else name, taken)
    taken.add(name)
    return name
