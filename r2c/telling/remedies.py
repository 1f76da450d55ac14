"""A way out of a conflict as a sentence: which number to change, how far, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.schema import CIR
from r2c.formulation import Eased, Remedy
from r2c.model.tiers import named
from r2c.telling.amounts import amount, key_text
from r2c.telling.shared import alone, with_throughout


def remedy_told(remedy: Remedy, cir: CIR) -> str:
    """A remedy in words: the changes, the best plan with them, and where else they would matter."""
    return with_throughout(_told(remedy, cir), remedy)


def _told(remedy: Remedy, cir: CIR) -> str:
    quotes = {rule.id: " ".join(rule.quote.split()) for rule in cir.rules}
    told = " and ".join(_changes(remedy.changes, quotes))
    told = told[:1].upper() + told[1:]
    if remedy.objective is None:
        return f"{told}." if not cir.objectives else f"{told}; the best plan was not found then."
    first = min((item.tier for item in cir.objectives), default=0)
    unit, meaning = named(cir, first, paid=False)
    what = f"the best {meaning or 'objective'}"
    return f"{told}: then {what} is {amount(remedy.objective)}{f' {unit}' if unit else ''}."


def _changes(changes: tuple[Eased, ...], quotes: dict[str, str]) -> Iterator[str]:
    for item in changes:
        quote = quotes.get(item.rule, "").rstrip(".")
        said = f"“{quote}” ({item.rule})" if quote else item.rule
        where = f" for {key_text(item.key)}" if item.key else ""
        verb = "raise" if item.eased > item.stated else "lower"
        told = f"{verb} the {amount(item.stated)} of {said}{where} to {amount(item.eased)}"
        only = f" {alone(item.shared, item.key)}" if item.shared is not None else ""
        yield told + _share(item) + only


def _share(item: Eased) -> str:
    if not item.stated:
        return ""
    share = abs(item.eased - item.stated) / abs(item.stated)
    if share >= 10:  # as a share of a small number this says nothing
        return ""
    direction = "more" if abs(item.eased) > abs(item.stated) else "less"
    if item.eased * item.stated < 0:
        return ""
    percent = f"{share:.1%}" if share < 0.1 else f"{share:.0%}"
    return f" ({percent.replace('.0%', '%')} {direction})"
