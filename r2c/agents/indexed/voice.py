"""Limits that stand ahead of what they limit: "the time available must not be exceeded by ...".

So it is in the passive voice, with "suffice for", and where a sentence ends "and not one more".
"""

from __future__ import annotations

import re

from r2c.cir.expr import CompareOp

_OUGHT = r"(?:must|ha(?:s|ve) to|shall|should|(?:is|are) to|needs? to|ought to|will)"
_EXCEEDED = re.compile(
    r"[^,;.]*?\b(?:not|never|n['’]t|cannot)\s+(?:ever\s+)?be\s+"
    r"(?:exceeded|passed|topped|surpassed|outgrown)\s+by\b",
    re.IGNORECASE,
)
_REACHED = re.compile(
    rf"[^,;.]*?\b{_OUGHT}\s+be\s+(?:reached|met|attained|filled|fulfilled|satisfied)"
    r"(?:\s+or\s+exceeded)?\s+by\b",
    re.IGNORECASE,
)
_SUFFICES = re.compile(
    rf"[^,;.]*?\b{_OUGHT}\s+(?:suffice|do|last|be\s+(?:enough|sufficient|adequate))\s+for\b",
    re.IGNORECASE,
)
_ALL_THERE_IS = re.compile(
    r"[^.;]*?\b(?:that['’]s|that is|is|are) all (?:that )?(?:we have|there is|you have)"
    r"(?: got)? for\b",
    re.IGNORECASE,
)
_NOT_BEYOND = re.compile(
    r"[^.;]*?\band (?:not|no|never)\b[^.;,]{0,30}?\b(?:more|beyond|over|above|further)\b", re.I
)
_NUMBER = re.compile(r"^[\d.,]*\d")


def side_ahead(after: str) -> CompareOp | None:
    """From which side a limit counts by the words that follow it; None if these do not say so.

    Args:
        after: the words from the end of the limit on, or from its number on.
    """
    after = _NUMBER.sub("", after)
    if any(form.match(after) for form in (_EXCEEDED, _SUFFICES, _ALL_THERE_IS, _NOT_BEYOND)):
        return "<="
    return ">=" if _REACHED.match(after) else None
