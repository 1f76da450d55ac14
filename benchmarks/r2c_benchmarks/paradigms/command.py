"""`r2c bench paradigms`. Only typer is imported here: the help of `r2c` loads this module."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer


def paradigms(
    archetype: Annotated[
        list[str] | None,
        typer.Option(help="Measure only this archetype; repeatable.", show_default=False),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Instances of each size.")] = 5,
    first_seed: Annotated[
        int, typer.Option(min=0, help="Seed of the first instance; the next ones follow.")
    ] = 0,
    limit: Annotated[float, typer.Option(min=0.1, help="Seconds of one solve.")] = 30.0,
    orders: Annotated[
        int, typer.Option(min=1, help="Orders of rows and variables; the median time counts.")
    ] = 1,
    out: Annotated[
        Path, typer.Option(help="File of the result; the measurements lie beside it as .jsonl.")
    ] = Path("benchmarks/results/paradigms.json"),
) -> None:
    """Solve instances of growing size, written in every exact way, and write paradigms.json.

    Each measurement is on disk before the next one starts; the same command continues a bench that
    was interrupted, and measures anew what has changed. The table tells of all that was measured.
    With several orders each model is solved as often, and the median counts: a time depends on the
    order of the rows by chance. Measure on an idle machine. Progress goes to standard error.
    """
    from r2c_benchmarks.paradigms.bench import Wish, run
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import result_path, write_result
    from r2c_benchmarks.table import aligned

    path = result_path(out.stem, out.parent)
    result = run(
        Wish(tuple(archetype or ()), seeds, limit, first_seed, orders),
        path.with_suffix(".jsonl"),
        start_note(command_line()),
        tell=lambda line: typer.echo(line, err=True),
    )
    typer.echo(aligned(cast("list[dict[str, object]]", result["summary"])))
    typer.echo(f"\n{result['note']}")
    typer.echo(f"written: {write_result(out.stem, result, out.parent)}", err=True)
