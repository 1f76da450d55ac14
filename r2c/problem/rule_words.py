"""Words that make a sentence a rule: such a sentence is never swallowed by a table."""

from __future__ import annotations

import re

RULE = re.compile(
    r"\b(?:must|cannot|can['’]t|may|might|not|n['’]t|no|nor|only|never|neither|at most|at least"
    r"|exactly|together|unless|until|before|after|should|shall|ha(?:s|ve) to|need not|forbidden"
    r"|allowed|closed|except|without|instead|either|whenever|provided)\b",
    re.IGNORECASE,
)
