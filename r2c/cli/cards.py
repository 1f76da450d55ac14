"""`r2c cards`: the vocabulary of rules that R2C knows, to read, search, check and prove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from r2c.cli.options import Json

if TYPE_CHECKING:
    from pydantic import JsonValue

    from r2c.archetypes.card import Card
    from r2c.archetypes.load import Library

app = typer.Typer(no_args_is_help=True, help="Archetype cards: read, search, check, prove.")
CardId = Annotated[str, typer.Argument(metavar="ID", help="An archetype, such as capacity_limit.")]


@app.command("list")
def list_cards(json: Json = False) -> None:
    """All archetypes with their meaning in a line; cards of your own are marked."""
    from r2c.archetypes.load import standard_library
    from r2c.cli.render.cards import show_list
    from r2c.cli.streams import result, write_json

    library = standard_library()
    if json:
        write_json({"cards": [_brief(card, library) for card in library.values()]})
    else:
        show_list(result(), list(library.values()), library)


@app.command()
def show(id: CardId, json: Json = False) -> None:
    """One card: meaning, cues, roles, ways to write it, usual errors, examples.

    With --json the field `origin` is added: `r2c`, `own` for a card of your own, `shadow` for one
    that takes the place of R2C's.
    """
    from r2c.archetypes.load import standard_library
    from r2c.cli.card_shelf import card_of
    from r2c.cli.render.cards import show_card
    from r2c.cli.streams import result, write_json

    card, library = card_of(id), standard_library()
    if json:
        write_json({"origin": library.origin(id), **card.model_dump(mode="json")})
    else:
        show_card(result(), card, library)


@app.command()
def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="Words of a rule, or a whole sentence.")
    ],
    meaning: Annotated[
        bool,
        typer.Option("--meaning", help="By frame and meaning too; fetches an encoder once."),
    ] = False,
    json: Json = False,
) -> None:
    """The archetypes whose texts share most words with a sentence, the likeliest first."""
    from r2c.archetypes.load import standard_library
    from r2c.cli.card_shelf import retriever
    from r2c.cli.render.cards import show_list
    from r2c.cli.streams import errors, result, write_json

    library = standard_library()
    candidates = retriever(library, meaning=meaning, quiet=json).candidates(" ".join(words))
    found = [library[candidate.card] for candidate in candidates]
    if json:
        write_json({"cards": [_brief(card, library) for card in found]})
    elif found:
        show_list(result(), found, library)
    else:
        errors().print("No card shares a word with it; `r2c cards list` shows all.")


@app.command()
def domains(
    id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One domain. Left out: all, in a line.")
    ] = None,
    about: Annotated[
        str | None, typer.Option(help="A problem text: only the domains that its words hint at.")
    ] = None,
    json: Json = False,
) -> None:
    """What goes together in a trade: usual rules, units, and what is often left unsaid."""
    from r2c.archetypes.domain import likely, standard_domains
    from r2c.cli.faults import NO_SUCH_DOMAIN
    from r2c.cli.render.domains import show_domain, show_domains
    from r2c.cli.streams import result, write_json

    known = standard_domains()
    if id is not None and id not in known:
        raise NO_SUCH_DOMAIN(id=id, known=list(known))
    wanted = [known[id]] if id is not None else list(known.values())
    if about is not None:
        hinted = likely(about, known, len(known))
        wanted = [domain for domain in hinted if domain in wanted]
    if json:
        write_json({"domains": [domain.model_dump(mode="json") for domain in wanted]})
    elif id is None:
        show_domains(result(), wanted)
    else:
        show_domain(result(), wanted[0])


@app.command()
def new(
    id: CardId,
    like: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The card to start from. Left out: capacity_limit; with --shadow the one of R2C "
            "whose place is taken.",
        ),
    ] = None,
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Let it take the place of the card of R2C named ID.")
    ] = False,
    to: Annotated[
        Path | None, typer.Option(help="Folder of your cards. Left out: the setting `cards`.")
    ] = None,
) -> None:
    """Begin a card of your own as a copy of another; tells what to do next."""
    from r2c.archetypes.start import start_card
    from r2c.cli.faults import CARD_NOT_WRITTEN, NO_CARD_FOLDER
    from r2c.cli.streams import errors
    from r2c.settings import load_settings

    folder = to or load_settings().cards
    if folder is None:
        raise NO_CARD_FOLDER()
    try:
        start = like or (id if shadow else "capacity_limit")
        path = start_card(id, start, folder.expanduser(), shadow=shadow)
    except OSError as error:
        raise CARD_NOT_WRITTEN(folder=str(folder), reason=error.strerror or str(error)) from None
    typer.echo(path)
    if shadow:
        errors().print(
            f"Where R2C_CARDS names the folder, it takes the place of R2C's {id}.", soft_wrap=True
        )
    errors().print(
        f"Rewrite it for your rule; then `R2C_CARDS={folder} r2c cards lint` until it finds\n"
        f"no fault, and `R2C_CARDS={folder} r2c cards prove {id}`.",
        soft_wrap=True,
    )


@app.command()
def lint(
    path: Annotated[
        str | None,
        typer.Argument(help="A card or a folder of cards. Left out: all that R2C has and yours."),
    ] = None,
) -> None:
    """Check cards against the schema and for what a schema cannot say. Silent if all is well.

    Cards at PATH may send the reader to those of R2C, of the setting `cards`, and to each other.
    Cards in a folder of your own that say other than the ones of R2C whose place they take are
    told; that is no fault.
    """
    from r2c.cli.card_shelf import lint_faults, replacing
    from r2c.cli.exit_codes import ExitCode
    from r2c.cli.render.fault import show_fault
    from r2c.cli.streams import errors

    count = 0
    for fault in lint_faults(path):
        count += 1
        show_fault(errors(), fault)
    for id, file in replacing(path).items():
        errors().print(
            f"Your card {file} takes the place of R2C's {id}.", markup=False, soft_wrap=True
        )
    if count:
        raise typer.Exit(ExitCode.USAGE)


@app.command()
def prove(
    id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One archetype. Left out: all.")
    ] = None,
    instances: Annotated[
        int, typer.Option(min=0, help="Random instances of each of a card's generators.")
    ] = 20,
    seed: Annotated[str, typer.Option(help="Draws other random instances.")] = "",
) -> None:
    """Solve each card's instances by brute force and compare every paradigm with the result."""
    from r2c.archetypes.load import standard_library
    from r2c.cli.card_shelf import card_of
    from r2c.cli.exit_codes import ExitCode
    from r2c.cli.render.cards import show_proof
    from r2c.cli.streams import result
    from r2c.solve.prove import prove as prove_card

    library = standard_library()
    cards = list(library.values()) if id is None else [card_of(id)]
    failed = 0
    for card in cards:
        report = prove_card(card, library, instances, seed)
        show_proof(result(), report)
        failed += not report.proven
    if failed:
        raise typer.Exit(ExitCode.REJECTED)


def _brief(card: Card, library: Library) -> dict[str, JsonValue]:
    told: dict[str, JsonValue] = {
        name: getattr(card, name) for name in ("id", "family", "name", "meaning")
    }
    return {**told, "origin": library.origin(card.id)}
