"""The archetypes that R2C knows, and those of a tenant's own: listed, searched, read, kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as Folder
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query

from r2c.archetypes.card import Card
from r2c.archetypes.lint import lint
from r2c.archetypes.load import (
    Library,
    closest,
    further_cards,
    read_card,
    standard_library,
)
from r2c.client.wire import CardBrief, CardList
from r2c.errors import CardError
from r2c_api.access import Caller, caller_of
from r2c_api.documented import problems
from r2c_api.faults import NO_SUCH_CARD, OTHER_CARD, TOO_MANY_CARDS
from r2c_api.found_by_words import by_words
from r2c_api.service import Service, service_of
from r2c_api.tenants import cards_of

router = APIRouter(prefix="/v1/cards", tags=["cards"])
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]
_Id = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
_MOST = 200
"""Cards that a tenant may keep."""


@router.get("", responses=problems(422))
def cards(
    service: _Service,
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
    with _library(service, caller) as library:
        if not q.strip():
            return CardList(cards=tuple(_brief(card, library) for card in library.values()))
        found = by_words(library).candidates(q, limit)
        cards = (_brief(library[item.card], library, item.score) for item in found)
        return CardList(cards=tuple(cards))


@router.get("/{id}", responses=problems(404, 422))
def card(id: _Id, service: _Service, caller: _Caller) -> Card:
    """One archetype: meaning, cues, roles, ways to write it, usual errors, examples."""
    with _library(service, caller) as library:
        if id not in library:
            raise NO_SUCH_CARD(id=id, close=closest(id, library))
        return library[id]


@router.put("/{id}", responses=problems(413, 422))
def keep(
    id: _Id,
    text: Annotated[
        str,
        Body(media_type="application/yaml", max_length=200_000, description="The card as YAML."),
    ],
    service: _Service,
    caller: _Caller,
) -> CardBrief:
    """Keep a card of your own; it adds to those of R2C, or takes the place of one, for you alone.

    It is checked as `r2c cards lint` does; what is wrong with it is told first fault first.
    """
    raw = text.encode(errors="replace")
    made = read_card(raw, f"{id}.yaml")
    if made.id != id:
        raise OTHER_CARD(found=made.id, id=id)
    folder = cards_of(service.settings, caller.tenant)
    with _library(service, caller) as library:
        for fault in lint(made, {**library, id: made}):
            raise CardError(fault)
    mine = _files(folder)
    if id not in mine and len(mine) >= _MOST:
        raise TOO_MANY_CARDS(limit=_MOST)
    target = folder / made.family / f"{id}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    draft.write_bytes(raw)
    draft.replace(target)
    if id in mine and mine[id] != target:
        mine[id].unlink(missing_ok=True)
    with _library(service, caller) as library:
        return _brief(made, library)


@router.delete("/{id}", status_code=204, responses=problems(404, 422))
def forget(id: _Id, service: _Service, caller: _Caller) -> None:
    """Remove a card of your own."""
    mine = _files(cards_of(service.settings, caller.tenant))
    if id not in mine:
        raise NO_SUCH_CARD(id=id, close=closest(id, mine) if mine else [])
    mine[id].unlink(missing_ok=True)


@contextmanager
def _library(service: Service, caller: Caller) -> Iterator[Library]:
    with further_cards(cards_of(service.settings, caller.tenant)):
        yield standard_library()


def _files(folder: Folder) -> dict[str, Folder]:
    """The cards that a tenant keeps, by id."""
    return {path.stem: path for path in folder.glob("*/*.yaml")}


def _brief(card: Card, library: Library, score: float | None = None) -> CardBrief:
    return CardBrief(
        id=card.id,
        family=card.family,
        name=card.name,
        meaning=card.meaning,
        origin=library.origin(card.id),
        score=score,
    )
