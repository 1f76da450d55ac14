"""Finding cards by id or by path, with a message that helps when there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from r2c.archetypes.card import Card
from r2c.archetypes.domain import lint_domain, standard_domains
from r2c.archetypes.folder import NO_CARDS_THERE, card_files
from r2c.archetypes.lint import lint
from r2c.archetypes.load import Library, closest, further_cards, read_card, standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.cli.faults import NO_SUCH_CARD, NO_SUCH_FILE
from r2c.errors import CardError, Fault
from r2c.resources import knowledge_base


def card_of(id: str) -> Card:
    """The card of an archetype.

    Raises:
        CardError: R2C-X112 if there is none; R2C-A001 to R2C-A004 if it is not well formed.
    """
    library = standard_library()
    if id not in library:
        raise NO_SUCH_CARD(id=id, count=len(library), close=closest(id, library))
    return library[id]


def retriever(library: Library, *, meaning: bool, quiet: bool) -> Retriever:
    """What finds cards for sentences: by words, with `meaning` by frame and vectors too.

    Raises:
        LanguageModelError: R2C-L100 if the encoder cannot be fetched.
        StoreError: R2C-A030 to R2C-A032, R2C-L102, R2C-L107, R2C-L108.
    """
    if not meaning:
        return Retriever(library.values())
    from r2c.cli.transfer import transfer
    from r2c.llm.embedded.encoder import find_index
    from r2c.settings import load_settings

    with transfer(quiet=quiet) as progress:
        index = find_index(load_settings().cache_dir, library.values(), progress)
    return Retriever(library.values(), index)


def lint_faults(path: str | None) -> Iterator[Fault]:
    """Everything that can be said against the cards at a path, or against all of them.

    Cards at a path may speak of those of R2C and of the setting `cards`, and of each other.

    Raises:
        InputError: R2C-X102 if nothing is there.
        CardError: R2C-A003 if two files describe one archetype, R2C-A006, R2C-A070, or
            R2C-A072 if a folder has no card.
    """
    if path is None:
        library = standard_library()
        yield from _library_faults(library, library)
        for domain in standard_domains().values():
            yield from lint_domain(domain, library)
        return
    place = Path(path).expanduser()
    if place.is_dir():
        ids = card_files(place)
        if not ids:
            raise NO_CARDS_THERE(path=path)
        with further_cards(place):
            library = standard_library()
        yield from _library_faults(library, ids)
        return
    try:
        raw = place.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise NO_SUCH_FILE(path=path, reason=reason, role="card", hint="") from None
    try:
        card = read_card(raw, place.name)
    except CardError as error:
        yield error.fault
        return
    yield from lint(card, {*standard_library(), card.id})


def replacing(path: str | None) -> dict[str, str]:
    """The files of cards that take the place of R2C's and say something else, by id.

    Args:
        path: A folder of cards, None for that of the setting `cards`; a lone file replaces none.

    Raises:
        CardError: R2C-A003, R2C-A006 or R2C-A070.
    """
    library = standard_library()
    ids: Iterable[str] = library
    if path is not None:
        place = Path(path).expanduser()
        if not place.is_dir():
            return {}
        ids = card_files(place)
        with further_cards(place):
            library = standard_library()
    shipped = card_files(knowledge_base().joinpath("cards"))
    found = {id: Path(library.path(id)) for id in ids if library.origin(id) == "shadow"}
    return {
        id: str(file)
        for id, file in found.items()
        if file.read_bytes() != shipped[id].file.read_bytes()
    }


def _library_faults(library: Library, ids: Iterable[str]) -> Iterator[Fault]:
    for id in ids:
        try:
            card = library.read(id)
        except CardError as error:
            yield error.fault
        else:
            yield from lint(card, library)
