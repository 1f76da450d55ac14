"""If-clauses about the plan, told apart from those about data, wishes and questions.

"If tables are made, a saw must be rented" is logic that a model must carry; "if each table takes
3 hours" and "if the owner wants the largest profit, how many ..." only lead up to something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_MARK = re.compile(
    r"\b(?:only\s+(?:if|when)|if(?:\s+and\s+only\s+if)?|unless|whenever|when|provided\s+that"
    r"|on\s+(?:the\s+)?condition\s+that|as\s+long\s+as|in\s+(?:the\s+)?(?:case|event)\s+(?:that\s+)?)\b",
    re.IGNORECASE,
)
_PROVISOS = ("as long as", "provided that")
_LIMITS = re.compile(
    r"(?:\b(?:not|never|cannot)\b|n['’]t\b)[^,;]*?\b(?:exceed|surpass|(?:more|less|fewer|greater"
    r"|higher|lower|larger|smaller|longer)\s+than)\b"
    r"|\b(?:stays?|remains?|keeps?)\s+(?:within|below|under|above)\b",
    re.IGNORECASE,
)
"""As many as you like, as long as they do not exceed: a limit, no condition."""
_IDLE_BEFORE = re.compile(r"\b(?:as|even|what|ask|asks|see|decide|know)\s+$", re.IGNORECASE)
_IDLE = re.compile(
    r"\s*(?:possible|necessary|needed|required|desired|desirable|wanted|any|so|not|applicable"
    r"|appropriate|otherwise\b[^,;.]*)\s*(?:[,.;:)]|$)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:how\s+(?:many|much|should|can|could|would)|what|which|find|determine|formulate|calculate"
    r"|compute|maximi[sz]e|minimi[sz]e)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^[\s,]*(?:then\s+|and\s+|so\s+|please\s+|to\s+)*", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[,;:(]|\b(?:and|but|however|so|also|that|then))\s*$", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|can|will|must|wants?|takes?|needs?|requires?"
    r"|costs?|earns?|brings?|receives?)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"^\s*\w+ing\b|\b(?:is|are)\s+compared\b|^\s*(?:you|we|one)\s+(?:looks?|compares?|measures?)\b|\bthere\s+(?:is|are|was|were)\b|\bavailable\b|\bin\s+(?:stock|store)\b|\bon\s+hand\b"
    r"|\b(?:has|have|had)\s+(?!been\b|to\b|not\s+been\b)|\b(?:possess\w*|owns?)\b"
    r"|\b(?:wants?|wish(?:es)?|would\s+like|hopes?|aims?|seeks?|desires?|intends?)\b"
    r"|\bwhole\s+numbers?\b|\bintegers?\b|\boptimal\w*"
    r"|\b(?:demands?|suppl(?:y|ies)|budgets?|prices?|costs?|deadline)\b[^,]*?\b(?:is|are|exceeds?)\b",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\b(?:takes?|needs?|requires?|costs?|earns?|brings?|yields?|contains?|sells?|weighs?|uses?"
    r"|consumes?|holds?|carry|carries|gives?|pays?|produces?|makes?|generates?|provides?"
    r"|contributes?|gets?|lasts?|worth|profits?|revenues?|spends?"
    r"|sold\s+(?:for|at)|priced|limited|needed|required|estimated|expected|given|spent|charged)\b",
    re.IGNORECASE,
)
_PER_UNIT = re.compile(r"\b(?:each|every|per|an?)\b", re.IGNORECASE)
_UNIT_FIRST = re.compile(r"^\s*(?:each|every)\b|\bper\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:more|less|fewer|greater|higher|larger|lower)\s+than\b|\bat\s+(?:least|most|all)\b"
    r"|\bexceeds?\b|\bany\b|\bnone\b|\bneither\b",
    re.IGNORECASE,
)
_NOT_CHOSEN = (
    r"needed|required|limited|interested|expected|estimated|allowed|permitted|considered|assumed"
    r"|based|located|priced|supposed|concerned|obliged|called|named|listed|denoted|given|satisfied"
)
_CHOSEN = re.compile(
    rf"\b(?:is|are|was|were|be|been|being|gets?)\s+(?:not\s+|also\s+|actually\s+|ever\s+|to\s+be\s+)?"
    rf"(?!(?:{_NOT_CHOSEN})\b)"
    r"(?:\w+ed|made|built|chosen|bought|sold|sent|grown|taken|run|open|up|held|kept|put|cut|set"
    r"|sown|driven|flown|in\s+use|active|switched)\b"
    r"|\b(?:opens?|builds?|chooses?|selects?|picks?|buys?|purchases?|rents?|leases?|hires?|invests?"
    r"|makes?|produces?|grows?|uses?|runs?|operates?|starts?|ships?|sends?|sells?|assigns?"
    r"|includes?|repairs?|bakes?|exceeds?|choose\w*\s+to|decides?\s+to)\b",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"\b(?:must|cannot|can['’]t|may|should|(?:has|have|needs?)\s+to|at\s+(?:least|most)"
    r"|no\s+(?:more|less|fewer)|required|not|also|too|fixed|set-?up)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Clause:
    """A condition and what follows; `numbers` counts its own, `asks` tells a mere question."""

    mark: str
    condition: str
    consequence: str
    numbers: int
    asks: bool


def conditions(
    words: str, numbers_in: Callable[[int, int], int], names: Callable[[str], bool]
) -> Iterator[str]:
    """The conditions on the plan that a sentence states, with the word that opens them.

    Args:
        words: The sentence.
        numbers_in: How many numbers stand between two positions of the sentence.
        names: Whether words name something that is decided.
    """
    for mark in _MARK.finditer(words):
        before, after = words[: mark.start()], words[mark.end() :]
        if _IDLE_BEFORE.search(before) or _IDLE.match(after):
            continue
        opens = _OPENS.search(before) is not None
        length = _length(after, opens)
        consequence = after[length:] if opens else before
        clause = _Clause(
            " ".join(mark[0].lower().split()),
            after[:length],
            consequence,
            numbers_in(mark.end(), mark.end() + length),
            _ASKS.match(consequence, _lead(consequence)) is not None
            or (not opens and words.rstrip().endswith("?")),
        )
        if _is_logic(clause, names):
            yield f"{mark[0]}{after[:length]}".strip()


def _length(after: str, opens: bool) -> int:
    """Where the condition ends: at "then", a semicolon, or the comma after its verb."""
    ends = [found.start() for found in re.finditer(r"[,;:]|[.?!]\s*$|\bthen\b", after)]
    for end in ends if opens else ():
        if after[end] in ",;:t" and any(verb.search(after[:end]) for verb in (_VERB, _CHOSEN)):
            return end
    return ends[0] if ends else len(after)


def _lead(words: str) -> int:
    lead = _LEAD.match(words)
    return 0 if lead is None else lead.end()


def _is_logic(clause: _Clause, names: Callable[[str], bool]) -> bool:
    if clause.asks or _is_given(clause):
        return False
    if clause.mark == "when" and not _RULES.search(clause.consequence):
        return False  # "when making a table, 3 hours are used"
    if _is_data_of_a_unit(clause):
        return False
    if _CHOSEN.search(clause.condition):
        return True
    return names(clause.condition) and not _DATA.search(clause.condition)


def _is_given(clause: _Clause) -> bool:
    """Whether the condition is about what is known or wished, or limits the plan itself."""
    if _GIVEN.search(clause.condition):
        return True
    if clause.mark in _PROVISOS and _LIMITS.search(clause.condition):
        return True
    if not clause.numbers:
        return False
    if _COMPARED.search(clause.condition):
        return _UNIT_FIRST.search(clause.condition) is not None
    return bool(_PER_UNIT.search(clause.condition) or _DATA.search(clause.condition))


def _is_data_of_a_unit(clause: _Clause) -> bool:
    """Whether it says what a unit takes or brings: "if a table is painted, it takes 2 hours"."""
    return bool(
        _PER_UNIT.search(clause.condition)
        and _DATA.search(clause.consequence)
        and not _RULES.search(clause.consequence)
        and not _COMPARED.search(clause.condition)
    )
