"""Sentences that tell what a number of the model is for, by its name."""

from __future__ import annotations

import re

from r2c.cir.expr import symbols
from r2c.cir.owners import owners
from r2c.cir.schema import CIR
from r2c.verdict.logic_words import stems_of

_PAID = re.compile(
    r"\b(?:costs?|price[sd]?|fees?|charges?|rents?|pay|pays|paid|due|deduct\w*|add(?:s|ed)|earns?"
    r"|income|revenues?|profits?|gains?|takings|bonus\w*|penalt(?:y|ies)|goes\s+off)\b",
    re.IGNORECASE,
)


def names_used_number(text: str, cir: CIR) -> bool:
    """Whether a sentence about money names a parameter that a rule or the goal uses.

    It then says which term of the goal the parameter is for; nothing of it need be quoted.
    """
    if not _PAID.search(text):
        return False
    said = stems_of(text)
    used = _used(cir)
    return any(
        item.name in used and (named := stems_of(item.name.replace("_", " "))) and named <= said
        for item in cir.parameters
    )


def _used(cir: CIR) -> frozenset[str]:
    return frozenset(
        name
        for owner in owners(cir)
        if owner.kind in ("rule", "objective", "definition")
        for tree in owner.trees()
        for name in symbols(tree)
    )
