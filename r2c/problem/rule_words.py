"""Words that make a sentence a rule, so that it is never swallowed by a table or passed over."""

from __future__ import annotations

import re

RULE = re.compile(
    r"\b(?:must|cannot|can['’]t|may|might|not|n['’]t|no|nor|only|never|neither|at most|at least"
    r"|exactly|together|unless|until|before|after|should|shall|ha(?:s|ve) to|need not|forbidden"
    r"|allowed|closed|except|without|instead|either|whenever|provided)\b",
    re.IGNORECASE,
)
LAW = re.compile(
    r"\b(?:(?:square|cube) roots?|the (?:square|cube) of|squared|cubed|logarithms?"
    r"|logarithmic(?:ally)?|exponential(?:ly)?)\b",
    re.IGNORECASE,
)
"""How one quantity follows from another, by no table: "it grows with the square root of ..."."""
