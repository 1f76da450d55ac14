"""What there is and what is asked for, by the words before a number."""

from __future__ import annotations

import re

_IN_STOCK = re.compile(
    r"\b(?:has|have|had|owns?|got|stocks?|there (?:is|are))\b(?!\s+to\b)[^,;]{0,60}$"
    r"|\b(?:available|budget|capacity|supply|stock)\b(?:\s+(?:for|of|is|are|has|:))*\s*[\\$€£]*$"
    r"|\bbudget\s+(?:for|of)\b[^.;,]{0,40}\bis\s+[\\$€£]*$"
    r"|\b(?:open|operational|operates)\s+for\s+(?:only\s+)?$"
    r"|\bthe\s+[\w-]+\s+can\s+only\s+\w+(?:\s+\w+|\s+a\s+total\s+of)?\s+$"
    r"|\bavailability\b[^.;,]{0,40}\b(?:is|are)\s+$",
    re.IGNORECASE,
)
_DEMANDED = re.compile(
    r"\b(?:projects?|orders?|contracts?|jobs?|events?|clients?|customers?|tasks?)\s+(?:that\s+|which\s+)?"
    r"(?:requir|need|call)(?:e?s|ing|e)?\b(?:\s+for)?[^,;.]{0,20}$"
    r"|\bthe\s+[\w-]+\s+(?:currently\s+)?needs?\s+$"
    r"|\b(?:needs?|wants?|has|have|must|wishes|plans?|would\s+like)\s+(?:to\s+)?(?:transport|deliver"
    r"|ship|send|move|carry|serve|process|harvest|collect|catch|obtain|cut|clean|treat|seat|ferry|produce|make|have"
    r"|get|generate|provide|supply|manufacture|sell|attract|receive|accommodate)\b"
    r"[^,;.]{0,20}$"
    r"|\bdemand\s+(?:is|of|for\s+\w+\s+is)\s+$",
    re.IGNORECASE,
)
_OWNING = ("has", "have", "had", "own", "got")
_PER = re.compile(r"\b(?:each|every|per)\b", re.IGNORECASE)


def speaks_of_stock(before: str, *, owning: bool = True) -> bool:
    """Whether the words say what there is: "the farmer has 20 acres and 300 hours".

    Args:
        before: the words between the number and the one before it.
        owning: whether "has" may begin a stock rather than go on with data.
    """
    match = _IN_STOCK.search(before)
    if match is None or _PER.search(before, match.start()):
        return False
    return owning or not match[0].lower().startswith(_OWNING)


def speaks_of_demand(before: str) -> bool:
    """Whether the words ask for an amount: "a contract requiring 500 bolts"."""
    return _DEMANDED.search(before) is not None
