"""Where else a number stands, in words: what one row makes of it is not what changing it does."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.schema import Element
from r2c.errors import counted
from r2c.formulation import Remedy, Shared
from r2c.telling.amounts import amount, key_text

_NAMED = 3
"""Rules and decisions that are named; more are counted."""


def alone(shared: Shared, key: tuple[Element, ...]) -> str:
    """For what alone something is said of the number in one row."""
    elsewhere = shared.rules or shared.goal or shared.decisions
    if key and shared.members:
        return f"for {key_text(key)} alone"
    return "in this rule alone" if elsewhere else "in this place alone"


def also(shared: Shared) -> str:
    """Where the number also stands, as a sentence without its end."""
    places = [*_named(shared.rules, "rule")]
    if shared.members:
        places.append(counted(shared.members, "other place") + " of this rule")
    if shared.goal:
        places.append("the goal")
    if shared.decisions:
        places.append(f"the limits of {_joined(_named(shared.decisions, 'decision'))}")
    return f"{shared.number or 'the same number'} also stands in {_joined(places)}"


def with_throughout(told: str, remedy: Remedy) -> str:
    """A remedy with where else its numbers stand, and what comes of changing them there too."""
    found = {
        item.shared.number or item.rule: item for item in remedy.changes if item.shared is not None
    }
    if not found:
        return told
    sentences = [_capital(also(item.shared)) for item in found.values() if item.shared is not None]
    reached = remedy.throughout
    if reached is None:
        return f"{told} {'. '.join(sentences)}."
    changed = "it is changed" if len(found) == 1 else "they are changed"
    if not reached.possible:
        result = "no plan is possible"
    elif reached.objective is None:
        result = "there is a plan as well"
    else:
        result = f"it is {amount(reached.objective)}"
    return f"{told} {'. '.join(sentences)}; if {changed} there as well, {result}."


def _named(names: tuple[str, ...], noun: str) -> Iterator[str]:
    yield from names[:_NAMED]
    if len(names) > _NAMED:
        yield counted(len(names) - _NAMED, f"more {noun}")


def _joined(parts: Iterator[str] | list[str]) -> str:
    *rest, last = parts
    return f"{', '.join(rest)} and {last}" if rest else last


def _capital(text: str) -> str:
    """With a capital letter, unless it begins with the name of a number."""
    return f"T{text[1:]}" if text.startswith("the same number") else text
