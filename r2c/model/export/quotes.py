"""The sentences behind the rules, as comment lines that cannot break out of their comment."""

from __future__ import annotations

from textwrap import wrap

from r2c.model.plain import PlainModel

WIDTH = 88


def quotes_of(plain: PlainModel) -> dict[str, list[str]]:
    """Comment lines by rule id: the quoted words and the rule's name."""
    found: dict[str, list[str]] = {}
    for rule in plain.cir.rules:
        words = " ".join("".join(c if c.isprintable() else " " for c in rule.quote).split())
        found[rule.id] = wrap(f"“{words}” ({rule.id})" if words else rule.id, WIDTH)
    return found
