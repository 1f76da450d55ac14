"""What more or less of a number is worth, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from r2c.cir.schema import CIR
from r2c.formulation import Sensitivity
from r2c.model.tiers import named
from r2c.telling.amounts import amount
from r2c.telling.shared import alone, also

_SMALL = 1e-9


def sensitivity_told(records: Iterable[Sensitivity], cir: CIR) -> str:
    """The records of one row as a few sentences; empty if there are none."""
    found = list(records)
    told = _told(found, cir)
    where = next((item for item in found if item.shared is not None), None)
    if where is None or where.shared is None:
        return told
    scope = f"That is {alone(where.shared, where.key)}: {also(where.shared)}."
    everywhere = _told((side for item in found for side in item.throughout), cir)
    if everywhere:
        everywhere = f" Changed everywhere: {everywhere[:1].lower()}{everywhere[1:]}"
    return f"{told} {scope}{everywhere}"


def _told(records: Iterable[Sensitivity], cir: CIR) -> str:
    found = sorted(records, key=lambda item: (item.high is None, item.high or 0.0))
    if not found:
        return ""
    if len(found) == 1 and on_both_sides(found[0]):
        return _line(found[0], _goal(cir, found[0]))
    more, less = ([item for item in found if _below(item) is below] for below in (False, True))
    told = [side for item in more for side in _side(item, _goal(cir, item))]
    # Two sides that both change one goal are one sentence, and the second says "it".
    joined = bool(more and less) and all(map(_moves, found)) and not any(x.exact for x in found)
    joined = joined and len({item.tier for item in found}) == 1
    rest = [side for item in less for side in _side(item, "it" if joined else _goal(cir, item))]
    if joined:
        return f"{told[0].rstrip('.')}, {rest[0][:1].lower()}{rest[0][1:]}"
    return " ".join((*told, *rest))


def _goal(cir: CIR, item: Sensitivity) -> str:
    """What is worth more or less; with several goals in order, the one that changes."""
    tiers = sorted({goal.tier for goal in cir.objectives})
    if item.tier not in tiers:
        return "what the rules cost"  # a tier of its own, for prices of broken rules
    _, meaning = named(cir, item.tier, paid=False)
    if meaning:
        return f"the {meaning}"
    return "the objective" if len(tiers) == 1 else f"goal {tiers.index(item.tier) + 1}"


def on_both_sides(item: Sensitivity) -> bool:
    """Whether more and less of the number are worth the same, as its dual says."""
    return item.value is not None and item.low != item.stated and item.high != item.stated


def _below(item: Sensitivity) -> bool:
    return item.high == item.stated


def _line(item: Sensitivity, what: str) -> str:
    span = _span(item)
    if not _moves(item):
        return f"{span}, more or less of it changes nothing."
    more, less = _effect(item, 1.0, what), _effect(item, -1.0, "it")
    return f"{span}, each {_noun(item)} more {more} and each less {less}."


def _span(item: Sensitivity) -> str:
    if item.low is not None and item.high is not None:
        return f"As long as the number stays between {amount(item.low)} and {amount(item.high)}"
    if item.low is not None:
        return f"As long as the number is {amount(item.low)} or more"
    if item.high is not None:
        return f"As long as the number is {amount(item.high)} or less"
    return "However far the number moves"


def _side(item: Sensitivity, what: str) -> Iterator[str]:
    """One side of a number in a sentence."""
    below = _below(item)
    word, end = ("less", item.low) if below else ("more", item.high)
    if item.value is None:
        if item.exact or end is None:
            yield f"With {word} than {amount(item.stated)} no plan is possible."
        else:
            yield f"With {amount(end)} in its place no plan is possible."
        return
    limit = "" if end is None else f" {'down' if below else 'up'} to {amount(end)}"
    if item.exact and _moves(item):
        effect = _effect(item, -1.0 if below else 1.0, what)
        yield f"Each {_noun(item)} {word} {effect}{',' + limit if limit else ''}."
    elif item.exact:
        yield f"{word.capitalize()} of it would change nothing{',' + limit if limit else ''}."
    elif end is not None:
        step = end - item.stated
        size = "One" if abs(step) == 1 else amount(abs(step))
        noun = f" {_noun(item)}" if abs(step) == 1 or not item.number_unit else ""
        effect = _effect(item, step, what) if _moves(item) else "would change nothing"
        yield f"{size}{noun} {word} ({amount(end)}) {effect}."


def _noun(item: Sensitivity) -> str:
    return item.number_unit or "unit"


def _moves(item: Sensitivity) -> bool:
    return item.value is not None and abs(item.value) > _SMALL


def _effect(item: Sensitivity, step: float, what: str) -> str:
    change = (item.value or 0.0) * step
    unit = f" {item.unit}" if item.unit else ""
    return f"{'raises' if change > 0 else 'lowers'} {what} by {amount(abs(change))}{unit}"
