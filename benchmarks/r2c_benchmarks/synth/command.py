"""The command `r2c synth`; only typer is imported for its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TELL_SECONDS = 10.0


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
    suites: Annotated[
        bool,
        typer.Option(help="Compare with the registered suites that are at hand as well."),
    ] = True,
    processes: Annotated[int, typer.Option(min=1, help="Processes that make examples.")] = 2,
) -> None:
    """Write training data: problems in words, their models in stages, repairs and questions.

    Every optimum is proved. No sentence has eight words in a row in common with a problem of
    RuleBench, of the other registered suites that lie in `suites` below the cache folder, or of a
    folder given by --bench, but for scaffolding and the names of a story's things. RuleBench is
    made there the first time, which may take a quarter of an hour. A card of the data is written
    beside the file; it says what was compared and what of a text was not. The same command goes on
    where it was stopped. Progress goes to standard error.
    """
    import hashlib
    import time

    from r2c import __version__
    from r2c.settings import load_settings
    from r2c_benchmarks.synth.card import card
    from r2c_benchmarks.synth.compared import problem_files, read_compared
    from r2c_benchmarks.synth.made_so_far import require_place
    from r2c_benchmarks.synth.suites_at_hand import suites_at_hand
    from r2c_benchmarks.synth.write import Counts, write

    def say(line: str) -> None:
        typer.echo(line, err=True)

    require_place(out)
    files = [path for folder in bench or () for path in problem_files(folder)]
    if suites:
        files += suites_at_hand(load_settings().cache_dir / "suites", files, say, processes)
    compared = read_compared(files)
    names = ", ".join(one.file for one in compared.sources)
    say(f"compared with {names}" if names else "compared with nothing")
    began = told = time.monotonic()
    before: int | None = None

    def tell(counts: Counts) -> None:
        nonlocal told, before
        if before is None:
            before = counts.written
            if counts.all:
                say(f"continuing: {counts.written} of {n} examples are there")
            return
        now = time.monotonic()
        if now - told < TELL_SECONDS and counts.written < n:
            return
        told = now
        rate = 60 * (counts.written - before) / max(1e-9, now - began)
        say(
            f"{counts.written} of {n} examples, {rate:.0f} a minute; left out {counts.left_out} "
            f"that share words, {counts.unsaid} whose lines do not come to the answer"
        )

    counts = write(out, n, seed, compared, processes=processes, tell=tell)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    out.with_suffix(".md").write_text(
        card(counts, seed, digest, __version__, compared), encoding="utf-8"
    )
    typer.echo(f"{counts.written} examples, {counts.left_out} left out; sha256 {digest}")
