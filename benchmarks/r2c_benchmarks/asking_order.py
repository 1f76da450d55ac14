"""The order in which problems are asked: those whose prompts begin alike one after the other.

A model server keeps the beginning of the last prompts. A method that opens with other worked
examples for other problems makes it read them anew at every change, thousands of tokens each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from pydantic import JsonValue

from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Method


@runtime_checkable
class BeginsApart(Protocol):
    """A method whose prompts do not begin alike for all problems."""

    def beginning(self, item: Item, options: Mapping[str, JsonValue]) -> str:
        """A name of how the prompts of a problem begin; equal names, equal beginnings."""
        ...


def in_asking_order(
    items: Sequence[Item], method: Method, options: Mapping[str, JsonValue]
) -> list[Item]:
    """The problems by how their prompts begin, else in their own order.

    Beginnings come in the order of the first problem that has them. The prompts of most methods
    begin alike for all problems: these stay as they are.

    Args:
        items: The problems.
        method: Who asks.
        options: Those of the method that were given.
    """
    if not isinstance(method, BeginsApart):
        return list(items)
    together: dict[str, list[Item]] = {}
    for item in items:
        together.setdefault(method.beginning(item, options), []).append(item)
    return [item for of in together.values() for item in of]
