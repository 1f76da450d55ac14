"""The archetypes that R2C knows: listed, searched by the words of a rule, read."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from r2c.archetypes.card import Card
from r2c.archetypes.load import Library, closest, standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.client.wire import CardBrief, CardList
from r2c_api.access import Caller, caller_of
from r2c_api.documented import problems
from r2c_api.faults import NO_SUCH_CARD

router = APIRouter(prefix="/v1/cards", tags=["cards"])
_Caller = Annotated[Caller, Depends(caller_of)]


@router.get("", responses=problems(422))
def cards(
    caller: _Caller,
    q: Annotated[
        str,
        Query(
            max_length=2000,
            description="A rule in words; the likeliest archetypes come first. Without it: all.",
            examples=["each plant ships at most its capacity"],
        ),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 8,
) -> CardList:
    """Archetypes by the words of a rule, or all of them."""
    library = standard_library()
    if not q.strip():
        return CardList(cards=tuple(_brief(card) for card in library.values()))
    found = _retriever().candidates(q, limit)
    return CardList(cards=tuple(_brief(library[item.card], item.score) for item in found))


@router.get("/{id}", responses=problems(404))
def card(id: Annotated[str, Path(max_length=64)], caller: _Caller) -> Card:
    """One archetype: meaning, cues, roles, ways to write it, usual errors, examples."""
    library = standard_library()
    if id not in library:
        raise NO_SUCH_CARD(id=id, close=closest(id, library))
    return library[id]


@cache
def _retriever() -> Retriever:
    library: Library = standard_library()
    return Retriever(library.values())


def _brief(card: Card, score: float | None = None) -> CardBrief:
    return CardBrief(
        id=card.id, family=card.family, name=card.name, meaning=card.meaning, score=score
    )
