"""The command `r2c synth`; only typer is imported for its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def synth(
    out: Annotated[Path, typer.Argument(help="File of the examples, one JSON object a line.")],
    n: Annotated[int, typer.Option("--n", min=1, help="How many.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 0,
    bench: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder with files of problems that no example may share words with; repeatable.",
            show_default=False,
        ),
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes that make examples.")] = 2,
) -> None:
    """Write training data: problems in words, their models in stages, repairs and questions.

    Every optimum is proved. A card of the data is written beside the file. Progress goes to
    standard error.
    """
    import hashlib
    import time

    from r2c import __version__
    from r2c_benchmarks.synth.card import card
    from r2c_benchmarks.synth.shingles import bench_shingles
    from r2c_benchmarks.synth.write import write

    known = frozenset[bytes]().union(*(bench_shingles(folder) for folder in bench or ()))
    began = time.monotonic()

    def tell(done: int) -> None:
        if done % 100 == 0 or done == n:
            rate = 60 * done / (time.monotonic() - began)
            typer.echo(f"{done} of {n} examples, {rate:.0f} a minute", err=True)

    counts = write(out, n, seed, known, processes=processes, tell=tell)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    out.with_suffix(".md").write_text(
        card(counts, seed, digest, __version__, len(known)), encoding="utf-8"
    )
    typer.echo(f"{counts.written} examples, {counts.left_out} left out; sha256 {digest}")
