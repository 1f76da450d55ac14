"""Random instances of a card, the same for everybody: numbers and set sizes are drawn by name."""

from __future__ import annotations

import random
from collections.abc import Iterator

from r2c.archetypes.card import Card, Generator
from r2c.cir.schema import CIR, DenseValues, Element, IndexSet, Nested, Parameter


def instances(card: Card, count: int, seed: str = "") -> Iterator[CIR]:
    """`count` random CIRs from each of the card's generators.

    The k-th instance depends on the card's id, the generator's place, the seed and k alone.
    """
    for place, generator in enumerate(card.generators):
        for number in range(count):
            draw = random.Random(f"{card.id}/{place}/{seed}/{number}")
            yield _instance(generator, card.instance.cir, draw)


def _instance(generator: Generator, tiny: CIR, draw: random.Random) -> CIR:
    base = generator.cir or tiny
    sets = tuple(_sized(item, generator, draw) for item in base.sets)
    sizes = {item.name: len(item.elements or ()) for item in sets}
    parameters = tuple(_drawn(item, generator, sizes, draw) for item in base.parameters)
    return base.model_copy(update={"sets": sets, "parameters": parameters})


def _sized(item: IndexSet, generator: Generator, draw: random.Random) -> IndexSet:
    if item.name not in generator.sizes:
        return item
    size = draw.randint(*generator.sizes[item.name])
    numbered = all(isinstance(element, int) for element in item.elements or ())
    elements: tuple[Element, ...] = (
        tuple(range(1, size + 1))
        if numbered
        else tuple(f"{item.name[0].lower()}{k}" for k in range(1, size + 1))
    )
    return item.model_copy(update={"elements": elements})


def _drawn(
    item: Parameter, generator: Generator, sizes: dict[str, int], draw: random.Random
) -> Parameter:
    if item.name not in generator.numbers:
        return item
    low, high = generator.numbers[item.name]
    step = generator.steps.get(item.name, 1.0)

    def values(over: tuple[str, ...]) -> Nested:
        if not over:
            return draw.randint(low, high) * step
        return tuple(values(over[1:]) for _ in range(sizes[over[0]]))

    found = values(item.over)
    value = DenseValues(values=found) if isinstance(found, tuple) else found
    return item.model_copy(update={"value": value})
