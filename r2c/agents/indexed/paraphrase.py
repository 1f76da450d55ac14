"""One way to say what is decided for the many that English has.

"The depots opened", "the depot from which each region is served", "how many logs to saw by which
pattern" and "each region its depot" become questions with "which" and sets with "each", which
`asked.py` reads. Lists of members, brackets and clauses that only describe are left out.
"""

from __future__ import annotations

import re

from r2c.agents.indexed.data import Data
from r2c.agents.indexed.sets_said import axis_of, listed_in

_BRACKETS = re.compile(r"\s*\((?![^()]*\b(?:how|which|whether)\b)[^()]*\)")
_NAMELY = re.compile(
    r",? (?:(?:the|these|those|its|our) [a-z]+ being|namely|being|that is(?:,)?|i\.e\.|viz\.?|:) "
    r"(?=each\b)|,? (?:as follows|namely)\W*(?=each\b)",
    re.IGNORECASE,
)
_AS_WELL = re.compile(r", (?:[A-Z][a-z]+(?: [A-Z][a-z]+)* included|including [^,;.]+),")
_DESCRIBED = re.compile(
    r",? (?:(?:by|in|at|on|for|from|to|with|of) )?(?:which|that|whose) (?=(?:an?|the|it|they|we"
    r"|is|are"
    r"|was|were|has|have|can|could|may|must|shall|will)\b)[^,;.:]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:any of|how|which|what|whether|numbers?|amounts?|quantit\w+|sums?)\b", re.I
)
_DEPENDS = re.compile(r"\b(?:depends? on|follows? from|is told by|is known)\b", re.IGNORECASE)
_WORD = (
    r"[a-z]+(?: (?!which\b|from\b|to\b|for\b|by\b|in\b|at\b|of\b|and\b|or\b|each\b|every\b)[a-z]+)?"
)
_WHAT = re.compile(r"\bwhat (?=[a-z]+ (?!is\b|are\b|has\b))(?P<noun>[a-z]+)", re.IGNORECASE)
_BY_WHICH = re.compile(
    r"(?P<head>\b(?:how (?:many|much|often)|(?:numbers?|amounts?|sums?) of) (?:(?!\b(?:and|or"
    r"|which|"
    r"whether)\b)[^,;.:])*?\b(?:by|in|at|on|from|to|into|with|through|for|per)) (?:which|what) "
    r"(?P<noun>[a-z]+)",
    re.IGNORECASE,
)
_FROM_WHICH = re.compile(
    r"\bthe (?P<noun>[a-z]+(?: [a-z]+)?) (?:(?P<way>from|to|by|in|at|with|for|on|through|into)"
    r" which"
    r"|that|which) (?P<rest>(?:each|every)\b)",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\bthe (?P<noun>[a-z]+) (?:(?:that|which) (?:are|is) (?:to be )?|to be )?(?P<verb>[a-z]+ed"
    r"|bought|sold|sent|made|run|built|kept|held|taken|cut|chosen)\b",
    re.IGNORECASE,
)
_OF_EACH = re.compile(
    r"(?<!of )\bthe (?P<noun>[a-z]+) (?:for|of) (?P<rest>(?:each|every)\b)", re.IGNORECASE
)
_COMBINED = re.compile(
    r"\b(?:each|every|all|any)(?: possible)? (?:combinations?|pairs?|pairings?|couples?) of"
    r" (?P<list>"
    r"(?:(?:an?|the) )?[a-z]+(?:(?:, | and |, and | with )(?:(?:an?|the) )?[a-z]+)+)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?P<head>(?:numbers?|amounts?|sums?|quantit(?:y|ies)|how many|how"
    r" much)\b(?:(?!\b(?:which|and"
    r"|by)\b)[^,;.:])*?) (?:by|per|for) (?P<list>[a-z]+(?:(?:, | and |, and )(?:by |per"
    r" )?[a-z]+)+)",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"\b(?:can|may|could) (?P<verb>[a-z]+) any of (?:each|the|our|these)(?: \d+)? (?P<noun>[a-z]+)",
    re.IGNORECASE,
)
_ITS = re.compile(
    r"\b(?:(?:has|have|needs?) to )?(?:give|assign|find|allot)(?: to)? (?P<rest>(?:each|every)"
    r" [a-z]+) (?:its|an?|one) "
    r"(?P<noun>[a-z]+)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?P<head>^(?:[A-Z][a-z]+: )?to be [a-z]+(?: for [^:]*)?: )(?P<noun>[a-z]+) "
    r"(?=of (?:each|every)\b)"
    r"(?![^:]*[,;])",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|by|per) ", re.IGNORECASE)


def paraphrase(words: str, data: Data) -> str:
    """The sentence with its sets as "each shop" and its choices as "which shops".

    Args:
        words: the sentence.
        data: the sets that decisions may run over.
    """
    words = _clauses_that_ask(_BRACKETS.sub("", words))
    words = _NAMELY.sub(_SAID_AGAIN, listed_in(words, data))
    words = re.sub(rf"{_SAID_AGAIN}each [a-z]+(?: [a-z]+)?", "", words)
    words = _ANY.sub(lambda match: _done(match, data), words)
    words = _ITS.sub(lambda match: _which(match, "", data), words)
    words = _BARE.sub(r"\g<head>the number of \g<noun> ", words)
    words = _AS_WELL.sub("", words)
    words = _FROM_WHICH.sub(lambda match: _which(match, match["way"] or "", data), words)
    words = _DESCRIBED.sub("", words)
    words = _WHAT.sub(lambda match: _which(match, "", data), words)
    words = _BY_WHICH.sub(r"\g<head> each \g<noun>", words)
    words = _DONE.sub(lambda match: _done(match, data), words)
    words = _OF_EACH.sub(lambda match: _which(match, "", data), words)
    words = _COMBINED.sub(lambda match: _each("", match, data), words)
    return _BY.sub(lambda match: _each(f"{match['head']} for ", match, data), words)


_SAID_AGAIN = " \N{SECTION SIGN} "


def _clauses_that_ask(words: str) -> str:
    """The words without what follows a semicolon and only tells what is known."""
    first, *more = re.split(r";\s+", words)
    return "; ".join(
        [first, *(one for one in more if _ASKS.search(one) and not _DEPENDS.search(one))]
    )


def _which(match: re.Match[str], way: str, data: Data) -> str:
    if axis_of(match["noun"], data) is None:
        return match[0]
    rest = match.groupdict().get("rest") or ""
    return f"{way} which {match['noun']} {rest}".strip()


def _done(match: re.Match[str], data: Data) -> str:
    if axis_of(match["noun"], data) is None:
        return match[0]
    return f"which {match['noun']} are {match['verb']}"


def _each(head: str, match: re.Match[str], data: Data) -> str:
    nouns = [
        _ARTICLE.sub("", one)
        for one in re.split(r",? and |, | with ", match["list"])
        if one.strip()
    ]
    if any(axis_of(noun, data) is None for noun in nouns):
        return match[0]
    return head + " and ".join(f"each {noun}" for noun in nouns)
