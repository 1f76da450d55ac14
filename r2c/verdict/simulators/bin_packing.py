"""Containers filled item by item."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.verdict.given import Given, beyond

_CHOSEN = 0.5


def replay(given: Given) -> Iterator[str]:
    """Put every item where the plan says; it has to fit, and the container has to be used."""
    put, used = given.amounts("put"), given.amounts("used")
    weight, capacity = given.amounts("weight"), given.amounts("capacity")
    bins = given.members("bins")
    filled = dict.fromkeys(bins, 0.0)
    for item in given.members("items"):
        places = [place for place in bins if put((*item, *place)) > _CHOSEN]
        if len(places) != 1:
            yield f"{item[0]} is packed {len(places)} times"
            return
        filled[places[0]] += weight(item)
        if used(places[0]) < _CHOSEN:
            yield f"{item[0]} is in {places[0][0]}, which is not used"
            return
    for place, load in filled.items():
        if beyond(load, capacity(place)):
            yield f"{load:g} is in {place[0]}, which holds {capacity(place):g}"
            return
