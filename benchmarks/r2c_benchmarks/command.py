"""The commands below `r2c bench`, mounted by the entry point `r2c.commands`.

Only typer is imported here: the help page of `r2c` loads this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, cast

import typer

from r2c_benchmarks.calibration.command import app as calibration
from r2c_benchmarks.paradigms.command import paradigms
from r2c_benchmarks.proofs.command import proofs
from r2c_benchmarks.rulebench.command import app as rulebench
from r2c_benchmarks.runtimes.command import runtimes

app = typer.Typer(
    name="bench",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Score ways of formulating on benchmark problems.",
)

app.add_typer(rulebench)
app.add_typer(calibration)
app.command(short_help="Measure the ways to write a rule against each other.")(paradigms)
app.command(short_help="Prove all archetype cards and write what was seen.")(proofs)
app.command(short_help="Measure the model servers that run on this machine.")(runtimes)

Folders = Annotated[list[Path], typer.Argument(help="Folders of runs.", show_default=False)]


@app.command(short_help="Run a method over a list of problems; continues where it was.")
def run(  # noqa: PLR0913 - one parameter an option
    bench: Annotated[Path, typer.Option(help="Folder with files of problems (.jsonl).")],
    ids: Annotated[
        Path, typer.Option(help="List of `FILE ID` lines, or a .jsonl file to take whole.")
    ],
    method: Annotated[str, typer.Option(help="Method; `r2c bench methods` lists them.")] = "r2c",
    only: Annotated[
        list[str] | None, typer.Option(help="Take only problems of this file; repeatable.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take only so many problems.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the run; default benchmarks/runs/IDS-METHOD.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Wall time of one problem.")] = 300.0,
    seed: Annotated[int, typer.Option(help="Seed of the sampling.")] = 0,
    concurrency: Annotated[int, typer.Option(min=1, help="Problems at the same time.")] = 1,
    option: Annotated[
        list[str] | None,
        typer.Option("--set", help="Option of the method, NAME=VALUE; repeatable."),
    ] = None,
    model_file: Annotated[
        Path | None, typer.Option(help="Weights behind the endpoint, for their hash.")
    ] = None,
    other_code: Annotated[
        bool, typer.Option("--other-code", help="Continue a run that another commit began.")
    ] = False,
    endpoint: Annotated[
        list[str] | None,
        typer.Option(help="Endpoint of the model as in R2C_MODEL; several share the calls."),
    ] = None,
    ray: Annotated[
        bool, typer.Option("--ray", help="Spread the problems over a Ray cluster.")
    ] = False,
    price_in: Annotated[
        float | None, typer.Option(min=0, help="Price of a million tokens read, for the progress.")
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(min=0, help="Price of a million tokens written.")
    ] = None,
) -> None:
    """Run a method over a list of problems.

    Each result is on disk before the next problem starts; the same command continues a run that
    was killed. Texts are not copied. Problems whose prompts begin alike are asked one after the
    other. Progress goes to standard error: what came out, tokens, with prices their cost (cached
    tokens at the full price), and the time to go.
    """
    from r2c_benchmarks.progress import Prices
    from r2c_benchmarks.start import Wish, start

    wish = Wish(
        bench=bench,
        ids=ids,
        method=method,
        only=tuple(only or ()),
        limit=limit,
        out=out,
        seconds=seconds,
        seed=seed,
        concurrency=concurrency,
        options=tuple(option or ()),
        model_file=model_file,
        other_code=other_code,
        endpoints=tuple(endpoint or ()),
        ray=ray,
        prices=None
        if price_in is None and price_out is None
        else Prices(price_in or 0.0, price_out or 0.0),
    )
    _show([start(wish)])


@app.command(short_help="Show the figures of runs.")
def score(
    folders: Folders,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show accuracy with its 95% interval, executable rate, calls, tokens and seconds."""
    import json

    from r2c_benchmarks.accuracy import documents
    from r2c_benchmarks.results import read_run

    if as_json:
        found = documents([read_run(folder) for folder in folders])["accuracy"]
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        _show(folders)


@app.command(short_help="Write the tables of accuracy from runs of several methods.")
def table(
    folders: Folders,
    apart: Annotated[
        list[str] | None,
        typer.Option(help="File of problems beside which the rest is one group; repeatable."),
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder of results.")] = Path("benchmarks/results"),
    name: Annotated[str, typer.Option(help="What the names of the files begin with.")] = "accuracy",
    by_folder: Annotated[
        bool, typer.Option("--by-folder", help="Tell runs apart by their folders, not methods.")
    ] = False,
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Write NAME.json and NAME_by_family, _compared, _soundness and _verdicts.

    Folders of one method count as one run; with --by-folder each stands for itself, as a version of
    a method does. The first is compared with each other one on the problems both have. Runs may be
    incomplete: the tables say how far each got.
    """
    from r2c_benchmarks.accuracy import documents
    from r2c_benchmarks.results import read_run, write_result

    files = [name.removesuffix(".jsonl") for name in apart or ()]
    runs = [read_run(folder) for folder in folders]
    if by_folder:
        runs = [run.called(run.folder) for run in runs]
    found = documents(runs, note, files, name)
    _tell(found[name])
    for file, result in found.items():
        typer.echo(f"written: {write_result(file, result, to)}", err=True)


@app.command(short_help="Write what each part of R2C adds, from runs that are there.")
def ablate(
    run: Annotated[Path, typer.Argument(help="Folder of a run of `r2c`.", show_default=False)],
    bench: Annotated[Path, typer.Option(help="Folder with files of problems (.jsonl).")],
    others: Annotated[
        list[Path] | None,
        typer.Argument(help="Runs of variants and of other methods.", show_default=False),
    ] = None,
    ids: Annotated[
        Path | None, typer.Option(help="Take only these; list of `FILE ID` lines.")
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder of results.")] = Path("benchmarks/results"),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Write ablation.json: the run beside the same without repair, checks, single checks, costs.

    These are searched again among the readings that the run kept: no language model is asked. What
    lacks grammars, votes or stages needs one; give runs of `r2c-text`, `r2c-1` and `schema`.
    """
    from r2c_benchmarks.ablation import ablation
    from r2c_benchmarks.items import read_ids
    from r2c_benchmarks.results import read_run, write_result

    result = ablation(
        read_run(run),
        [read_run(folder) for folder in others or ()],
        bench,
        only=None if ids is None else read_ids(bench, ids),
        note=note,
        tell=lambda line: typer.echo(line, err=True),
    )
    _tell(result)
    typer.echo(f"written: {write_result('ablation', result, to)}", err=True)


@app.command(short_help="Keep runs beside the results, without what a model wrote.")
def keep(
    folders: Folders,
    to: Annotated[Path, typer.Option(help="Folder of kept runs.")] = Path(
        "benchmarks/results/runs"
    ),
) -> None:
    """Copy runs without messages, readings and programs: what came out, and what it cost.

    Tables and comparisons can be made from kept runs as from the runs themselves. An ablation needs
    the readings, so it needs the run.
    """
    from r2c_benchmarks.keep import keep as keep_run
    from r2c_benchmarks.results import read_run

    for folder in folders:
        typer.echo(f"kept: {keep_run(read_run(folder), to)}", err=True)


@app.command(short_help="Make pages of runs for a browser.")
def report(
    folders: Folders,
    bench: Annotated[Path, typer.Option(help="Folder with files of problems (.jsonl).")],
    out: Annotated[Path, typer.Option(help="Folder of the pages.")] = Path("benchmarks/report"),
) -> None:
    """Write an index with figures and pictures, and a page for each problem with all attempts.

    The pages hold the texts of the problems, which many sets forbid to pass on.
    """
    from r2c_benchmarks.items import read_items
    from r2c_benchmarks.report.site import pages, write
    from r2c_benchmarks.results import read_run

    runs = [read_run(folder) for folder in folders]
    names = list(dict.fromkeys(record.name for run in runs for record in run.records))
    typer.echo(write(out, pages(runs, read_items(bench, names))))


@app.command(short_help="Compare two runs, problem by problem.")
def compare(first: Path, second: Path) -> None:
    """Print the paired difference in accuracy, whole and by file, level and family.

    Each with Tango's interval and McNemar's exact test, and with an interval whose errors respect
    that problems of one story belong together.
    """
    from r2c_benchmarks.compare import compare_folders, rows, sentence
    from r2c_benchmarks.table import aligned

    names, lines = compare_folders(first, second)
    whole = lines[0]
    typer.echo(sentence(names, whole.paired, whole.clustered if whole.in_families else None))
    typer.echo(aligned(rows(lines), _columns()))


@app.command(short_help="List the methods.")
def methods() -> None:
    """List the methods that `run` knows."""
    from r2c_benchmarks.registry import find_method, method_names

    for name in method_names():
        typer.echo(f"{name:<10} {find_method(name).summary}")


@app.command(short_help="Measure the installation as the README describes it.")
def install(
    repeats: Annotated[int, typer.Option(min=1, help="Set-ups from nothing.")] = 3,
    python: Annotated[
        str | None, typer.Option(help="Interpreter for the set-up, as in `make setup PYTHON=...`.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(help="Checkout to clone. Left out: the one of this command."),
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder of results.")] = Path("benchmarks/results"),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Clone, set up and start R2C in an empty folder, and write install.json.

    Each set-up has an empty package cache of its own. Measure on an idle machine; the load before
    and after is recorded. No language model is fetched or started. Progress goes to standard
    error.
    """
    from tempfile import TemporaryDirectory

    from r2c_benchmarks.install import measure
    from r2c_benchmarks.install_table import document
    from r2c_benchmarks.provenance import checkout, command_line, start_note
    from r2c_benchmarks.results import write_result

    start = start_note(command_line())
    with TemporaryDirectory(prefix="r2c-install-") as folder:
        found = measure(
            source or checkout() or Path.cwd(),
            Path(folder),
            repeats=repeats,
            python=python,
            tell=lambda step: typer.echo(step, err=True),
        )
    result = document(found, start, note)
    _tell(result)
    typer.echo(f"written: {write_result('install', result, to)}", err=True)


@app.command(short_help="Measure how well archetypes are found for sentences.")
def retrieval(
    bench: Annotated[
        Path | None,
        typer.Option(help="Folder with files of problems, for the passages marked in them."),
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder of results.")] = Path("benchmarks/results"),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Ask for the archetypes of sentences; write retrieval.json, _by_family and _confused.

    The encoder is fetched once. Progress goes to standard error.
    """
    from r2c.archetypes.load import standard_library
    from r2c.cli.transfer import transfer
    from r2c.llm.embedded.encoder import find_index
    from r2c.settings import load_settings
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import write_result
    from r2c_benchmarks.retrieval.measure import ask
    from r2c_benchmarks.retrieval.questions import known, sentences, spans
    from r2c_benchmarks.retrieval.tables import documents

    start = start_note(command_line())
    library, cache = standard_library(), load_settings().cache_dir
    questions = known(sentences(), library)
    if bench is not None:
        questions += known(spans(bench), library)

    def tell(done: int, of: int) -> None:
        if done % 100 == 0 or done == of:
            typer.echo(f"{done} of {of} sentences", err=True)

    with transfer(quiet=False) as progress:
        index = find_index(cache, library.values(), progress)
    found = documents(ask(questions, library, index, tell), library, start, note)
    _tell(found["retrieval"])
    for name, result in found.items():
        typer.echo(f"written: {write_result(name, result, to)}", err=True)


@app.command(short_help="Measure how many mistakes the verdict finds.")
def mutation(
    problems: Annotated[int, typer.Option(min=1, help="How many problems.")] = 150,
    seed: Annotated[str, typer.Option(help="Seed of the problems.")] = "mutation-3",
    processes: Annotated[int, typer.Option(min=1, help="How many examine them.")] = 2,
    cards: Annotated[
        bool, typer.Option(help="Examine the tiny instances of all cards as well.")
    ] = True,
    of: Annotated[
        Path | None,
        typer.Option(help="Run of r2c whose right readings take the place of RuleBench."),
    ] = None,
    bench: Annotated[
        Path | None, typer.Option(help="Folder with the problems of that run (.jsonl).")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="File of the result; findings lie in NAME.SEED.jsonl beside it.")
    ] = Path("benchmarks/results/mutation.json"),
) -> None:
    """Make mistakes in right models of RuleBench problems, and see which the checks flag.

    A dropped rule, a turned limit, swapped operands, exchanged numbers, a wrong number, thing,
    index, domain, total or unit, a lost term, a made-up bound. With --of and --bench the models are
    those that a run read rightly from other words. The same command continues a bench that was
    interrupted. Problems under another seed, such as `tuning`, are for looking at. Progress goes to
    standard error.
    """
    from r2c.archetypes.load import standard_library
    from r2c_benchmarks.detection.bench import run
    from r2c_benchmarks.detection.report import NOTE_OF_CARDS
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import result_path, write_result

    if (of is None) != (bench is None):
        raise typer.BadParameter("--of and --bench go together.")
    path = result_path(out.stem, out.parent)
    result = run(
        problems,
        seed,
        path.with_name(f"{path.stem}.{seed}.jsonl"),
        start_note(command_line()),
        tell=lambda line: typer.echo(line, err=True),
        processes=processes,
        cards=sorted(standard_library()) if cards else (),
        read=None if of is None or bench is None else (of, bench),
    )
    _tell(result)
    checks = {"summary": result["checks"], "note": result["note_of_checks"]}
    tables = [(out.stem, result), (f"{out.stem}_checks", checks)]
    if result["cards"]:
        tables.append((f"{out.stem}_cards", {"summary": result["cards"], "note": NOTE_OF_CARDS}))
    for name, found in tables:
        typer.echo(f"written: {write_result(name, found, out.parent)}", err=True)


@app.command(short_help="Measure how fast models are built and passed to the solver.")
def perf(
    model: Annotated[
        list[str] | None,
        typer.Option(help="Measure only this model; repeatable.", show_default=False),
    ] = None,
    size: Annotated[
        list[int] | None,
        typer.Option(min=100, help="About so many variables; repeatable. Left out: 10^4 to 10^6."),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Measurements of each.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed of the data.")] = 0,
    out: Annotated[
        Path, typer.Option(help="File of the result; the measurements lie beside it as .jsonl.")
    ] = Path("benchmarks/results/perf.json"),
    again: Annotated[
        bool, typer.Option("--again", help="Write the result of what is there; measure nothing.")
    ] = False,
) -> None:
    """Time R2C, Pyomo, linopy and highspy from data in memory to a passed model; write perf.json.

    Nothing is solved. Each measurement has a process of its own and is on disk before the next one
    starts; the same command continues a bench that was interrupted. Measure on an idle machine.
    Progress goes to standard error.
    """
    from r2c_benchmarks.perf.bench import SIZES, Wish, run, told_again
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import result_path, write_result

    path = result_path(out.stem, out.parent)
    kept = path.with_suffix(".jsonl")
    if again:
        result = told_again(kept)
    else:
        wish = Wish(tuple(model or ()), tuple(size or SIZES), repeats, seed)
        result = run(
            wish, kept, start_note(command_line()), lambda line: typer.echo(line, err=True)
        )
    _tell(result)
    typer.echo(f"written: {write_result(out.stem, result, out.parent)}", err=True)


@app.command(short_help="Count what the archetypes can say of reviewed problems.")
def coverage(
    to: Annotated[Path, typer.Option(help="Folder of results.")] = Path("benchmarks/results"),
) -> None:
    """Count the verdicts of a review of a hundred problems and write coverage.json."""
    from r2c.archetypes.load import standard_library
    from r2c_benchmarks.coverage.review import document, reviewed
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import write_result

    result = document(reviewed(), standard_library(), start_note(command_line()))
    _tell(result)
    typer.echo(f"written: {write_result('coverage', result, to)}", err=True)


def _tell(result: Mapping[str, object]) -> None:
    from r2c_benchmarks.table import aligned

    typer.echo(aligned(cast("list[dict[str, object]]", result["summary"]), _columns()))
    typer.echo(f"\n{result['note']}")


def _show(folders: list[Path]) -> None:
    from r2c_benchmarks.results import cut_off_told, read_run, summary_row
    from r2c_benchmarks.score import groups
    from r2c_benchmarks.table import aligned

    rows, notes = [], []
    for folder in folders:
        found = read_run(folder)
        rows += [summary_row(found, group) for group in groups(found.records)]
        notes.append(cut_off_told(found))
    told = aligned(rows, _columns()) if rows else "No problem with an answer has been run yet."
    typer.echo("\n".join([told, *filter(None, notes)]))


def _columns() -> int | None:
    """Of the terminal, or as COLUMNS says; None where standard output is a file."""
    import shutil

    return shutil.get_terminal_size((0, 0)).columns or None
