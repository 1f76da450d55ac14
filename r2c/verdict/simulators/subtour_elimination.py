"""Trips driven leg by leg from their base: every leg of the plan has to be on one of them."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.members import Key
from r2c.verdict.given import Given

_CHOSEN = 0.5


def replay(given: Given) -> Iterator[str]:
    """Drive from every base until a base is reached; nothing may be left over or visited twice."""
    leg = given.amounts("leg")
    places, bases = given.members("places"), set(given.members("base"))
    ways: dict[Key, list[Key]] = {
        one: [other for other in places if other != one and leg((*one, *other)) > _CHOSEN]
        for one in places
    }
    reached: set[Key] = set()
    for base in bases:
        for first in ways.get(base, []):
            here = first
            while here not in bases:
                if here in reached:
                    yield f"{here[0]} is visited twice"
                    return
                reached.add(here)
                onward = ways.get(here, [])
                if len(onward) != 1:
                    yield f"{len(onward)} legs leave {here[0]}"
                    return
                here = onward[0]
    for place in places:
        if place not in bases and place not in reached and ways.get(place):
            yield f"the trip by {place[0]} does not pass the base"
            return
