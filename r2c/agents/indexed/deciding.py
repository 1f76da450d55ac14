"""The words by which a sentence says that something is decided, whoever decides and in what voice.

"To be fixed is ...", "we decide on ...", "the plan states ..." and "the question is ..." lead to
what is decided: a question in the sentence (how many, which, whether) or an amount by its name.
"""

from __future__ import annotations

import re

_TOLD = re.compile(
    r"\b(?:(?:has|have|is|are) to be (?:decided|found|fixed|chosen|planned|settled)|to decide"
    r"|(?:is|are) up to (?:us|you|me)|decide (?:how|on)|the plan (?:gives|says|tells|states)"
    r"|it (?:states|says|gives) for (?:each|every)|what is (?:planned|decided) is"
    r"|the question is (?:how|which|what|whether|in|at|from)|(?:is|are) the question|what we need"
    r"|what we want to know"
    r"|we need (?:the (?:number|output)|to (?:settle|know|decide|fix))|open questions?)\b"
    r"|\bfor (?:each|every) \w+ we need\b|^\s*(?:\w+:\s+)?which of\b.*\?|\bwho [a-z]+ what\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAME = r"(?:(?:for|in|over|per|on|by|within|of) (?:(?! how | which )[^.;:])*?[,:]? ?)?"
_ASKED = (
    r"(?:how (?:many|much|often)\b|(?:(?:in|at|from|to|by|on|for|with|through|into) )?(?:which"
    r"|what)\b|whether\b|(?:on )?(?:the |a )(?:total )?(?:numbers?|amounts?|quantit(?:y|ies)|sums?"
    r"|weights?|volumes?|flows?|lengths?)\b)"
)
_SETTLED = (
    r"(?:decided|determined|found|fixed|chosen|planned|settled|selected|picked|specified|worked out"
    r"|scheduled)"
)
_SETTLE = (
    r"(?:decides?|determines?|chooses?|fix(?:es)?|settles?|says?|plans?|finds?(?: out)?|picks?"
    r"|selects?|specif(?:y|ies)|works? out|tells?|states?|lays? down)"
)
_PLAN = (
    r"(?:plans?|lists?|schedules?|rotas?|programmes?|program|timetables?|decisions?|answers?"
    r"|solutions?|proposals?|it)"
)
_OUGHT = (
    r"(?: (?:have|need|must|can|want|wish|would|like|still|now|then|shall|should|will|first|to))*"
)
_WHAT = r"(?:questions?|issues?|decisions?|tasks?|problem|point|choices?)"
_QUESTION = re.compile(rf"\b{_ASKED}", re.IGNORECASE)
_AT_FIRST = re.compile(rf"^(?:yet |still )?to be {_SETTLED}\b", re.IGNORECASE)
_PASSIVE = re.compile(rf"\b(?:is|are|has|have|had|still|yet|remains?) to be {_SETTLED}\b", re.I)
_ACTIVE = re.compile(
    rf"\b{_PLAN}\b[^.;:]{{0,60}}?\s(?:states?|says?|gives?|tells?|shows?|fix(?:es)?|lists?"
    rf"|specif(?:y|ies)|determines?|lays? down|records?|contains?)(?: us)?,?:? (?={_FRAME}{_ASKED})"
    rf"|(?:\b(?:we|you|they){_OUGHT} |\bwho(?:ever)?\b[^.;:,]{{0,40}}? |\bto |^){_SETTLE}"
    rf"(?: on| about| upon)?,?:? (?={_FRAME}{_ASKED})"
    rf"|\b{_WHAT}(?: [a-z]+){{0,3}}(?: is| are| remains?|:)[,:]? (?={_FRAME}{_ASKED})"
    rf"|^(?:wanted|sought|needed)(?: is| are|:) [^.;]*?(?={_ASKED})"
    r"|\b(?:we|you|they|one) (?:can|may) [a-z]+ any of\b",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"\b(?:minimi[sz]\w*|maximi[sz]\w*|optim\w+|so (?:as|that)|in order to|largest|highest|lowest"
    r"|cheapest|greatest|smallest|as (?:large|small|high|low|cheap\w*|little|much) as)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    rf"\b(?:so far|as yet|up to now|until now),? (?:no|none|nothing)\b[^.;,]*\b{_SETTLED}", re.I
)
_GIVING = re.compile(r"\b(?:has|have|needs?) to (?=(?:give|assign|find) each\b)", re.IGNORECASE)
_SPEAKER = re.compile(r"^\s*(?:[-*•]\s+)?(?:[A-Z][a-z]+:\s+)?")


def says_decided(words: str) -> bool:
    """Whether a sentence says what is decided.

    In the wider forms a sentence that says what is best as well does not count: it may leave out
    half of what is decided.
    """
    return _TOLD.search(words) is not None or _deciding(words) is not None


def after_deciding(words: str) -> str:
    """The words without those that say that something is decided."""
    bare = _GIVING.sub("", _NOT_YET.sub("", _SPEAKER.sub("", words)))
    match = _deciding(bare)
    return words if match is None else f"{bare[: match.start()]} {bare[match.end() :]}"


def ahead_of_question(words: str) -> str:
    """What stands between the words that something is decided and the first question."""
    bare = _SPEAKER.sub("", words)
    match = _AT_FIRST.search(bare) or _ACTIVE.search(bare)
    if match is None:
        return ""
    asked = _QUESTION.search(bare, match.end())
    return bare[match.end() : asked.start() if asked else len(bare)]


def _deciding(words: str) -> re.Match[str] | None:
    bare = _SPEAKER.sub("", words)
    if _GOAL.search(bare):
        return None
    passive = _PASSIVE.search(bare) if _QUESTION.search(bare) else None
    return _AT_FIRST.search(bare) or passive or _ACTIVE.search(bare)
