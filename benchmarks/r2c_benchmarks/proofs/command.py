"""`r2c bench proofs`. Only typer is imported here: the help of `r2c` loads this module."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer


def proofs(
    card: Annotated[
        list[str] | None, typer.Option(help="Prove only this card; repeatable.", show_default=False)
    ] = None,
    instances: Annotated[
        int, typer.Option(min=1, help="Random instances of each of a card's generators.")
    ] = 50,
    seed: Annotated[str, typer.Option(help="Draws other random instances.")] = "",
    out: Annotated[Path, typer.Option(help="File of the result.")] = Path(
        "benchmarks/results/proofs.json"
    ),
) -> None:
    """Prove every card as `r2c cards prove` does, and write proofs.json.

    Fails at the end if a card is not proven; the file then says which and why. Progress goes to
    standard error.
    """
    from r2c.archetypes.load import standard_library
    from r2c.cli.card_shelf import card_of
    from r2c.cli.exit_codes import ExitCode
    from r2c_benchmarks.proofs.run import proven
    from r2c_benchmarks.proofs.tables import document
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import result_path, write_result
    from r2c_benchmarks.table import aligned

    result_path(out.stem, out.parent)
    start = start_note(command_line())
    library = standard_library()
    cards = [card_of(id) for id in card] if card else list(library.values())
    found = []
    for one in proven(cards, library, instances, seed):
        found.append(one)
        mark = "proven" if one.report.proven else "NOT PROVEN"
        typer.echo(f"{one.card.id}: {mark} in {one.seconds:.1f} s", err=True)
    result = document(found, instances, seed, start)
    typer.echo(aligned(cast("list[dict[str, object]]", result["summary"])))
    typer.echo(f"\n{result['note']}")
    typer.echo(f"written: {write_result(out.stem, result, out.parent)}", err=True)
    if not all(one.report.proven for one in found):
        raise typer.Exit(ExitCode.REJECTED)
