"""The commands below `r2c bench calibration`; only typer is imported for their help."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from pydantic import JsonValue

app = typer.Typer(
    name="calibration",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Fit the confidence to answers, and measure what it is worth.",
)


@app.command(short_help="Judge the answers of runs again.")
def judge(
    folders: Annotated[list[Path], typer.Argument(help="Folders of runs.", show_default=False)],
    bench: Annotated[Path, typer.Option(help="Folder with files of problems (.jsonl).")],
    out: Annotated[Path, typer.Option(help="File of the judged answers; it quotes the problems.")],
    but: Annotated[
        Path | None, typer.Option(help="List of `FILE ID` lines to leave out.", show_default=False)
    ] = None,
) -> None:
    """Judge the answers of runs of `r2c` again with the checks of now, from the readings they kept.

    No language model is asked. Of several answers to a problem the one of the last run counts. The
    same command continues what was interrupted. Progress goes to standard error.
    """
    from r2c_benchmarks.calibration.collect import collect
    from r2c_benchmarks.items import read_ids
    from r2c_benchmarks.results import read_run

    left_out = frozenset(() if but is None else read_ids(bench, but))
    found = collect(
        [read_run(folder) for folder in folders],
        bench,
        out,
        but=left_out,
        tell=lambda line: typer.echo(line, err=True),
    )
    typer.echo(f"{len(found)} answers, {sum(item.right for item in found)} right")


@app.command(short_help="Fit the confidence, and report what it is worth.")
def fit(
    answers: Annotated[Path, typer.Argument(help="File of judged answers to fit to.")],
    report: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE of judged answers to report on; repeatable."),
    ] = None,
    model: Annotated[str, typer.Option(help="The language model that made the readings.")] = "",
    to: Annotated[Path, typer.Option(help="File of the calibration.")] = Path(
        "r2c/verdict/calibration.json"
    ),
    out: Annotated[Path, typer.Option(help="File of the result; its picture lies beside it.")] = (
        Path("benchmarks/results/calibration.json")
    ),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Fit the confidence to judged answers, and report AUROC, ECE, Brier, risk over coverage.

    The answers of the fit are each held against a model that was fitted without them.
    """
    from r2c.verdict.confidence import FEATURES
    from r2c_benchmarks.calibration.calibrate import calibrated, rows_of
    from r2c_benchmarks.calibration.collect import read_judged
    from r2c_benchmarks.calibration.picture import picture
    from r2c_benchmarks.calibration.report import document, points
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import result_path, write_result
    from r2c_benchmarks.table import aligned

    path_of_result = result_path(out.stem, out.parent)
    start = start_note(command_line())
    fitted = read_judged(answers)
    calibration, without = calibrated(fitted, model, str(start.get("commit", "")))
    groups = {"fit, each from without": (rows_of(fitted)[0], [float(p) for p in without])}
    for item in report or ():
        name, _, path = item.partition("=")
        if not path:
            raise typer.BadParameter("Give NAME=FILE.", param_hint="--report")
        kept, rows = rows_of(read_judged(Path(path)))
        known = [dict(zip(FEATURES, row.tolist(), strict=True)) for row in rows]
        groups[name] = (kept, [calibration.confidence(one) for one in known])
    result = document(groups, calibration, start, note)
    to.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    drawn = path_of_result.with_suffix(".svg")
    drawn.write_text(picture(*points(groups)), encoding="utf-8")
    typer.echo(aligned(cast("list[dict[str, object]]", result["summary"])))
    typer.echo(f"\n{result['note']}")
    for made in (to, drawn, write_result(out.stem, result, out.parent)):
        typer.echo(f"written: {made}", err=True)


@app.command(short_help="Set the confidence that `verified` needs.")
def threshold(
    answers: Annotated[Path, typer.Argument(help="File of judged answers, of none of the fit.")],
    to: Annotated[Path, typer.Option(help="File of the calibration.")] = Path(
        "r2c/verdict/calibration.json"
    ),
    out: Annotated[Path, typer.Option(help="File of the result.")] = (
        Path("benchmarks/results/verified_threshold.json")
    ),
) -> None:
    """Set it to where the fewest passed answers are wrong, one-sided 95%; to none above 5%.

    The answers should be to problems that nobody had looked at when the checks were made.
    """
    from r2c.verdict.confidence import Calibration
    from r2c_benchmarks.calibration.collect import read_judged
    from r2c_benchmarks.calibration.threshold import begun, document, steps
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import write_result
    from r2c_benchmarks.table import aligned

    start = start_note(command_line())
    old = Calibration.model_validate_json(to.read_text(encoding="utf-8"))
    found = steps(read_judged(answers), old)
    new = begun(old, found)
    to.write_text(new.model_dump_json(indent=2) + "\n", encoding="utf-8")
    result = document(found, start)
    typer.echo(aligned(cast("list[dict[str, object]]", result["summary"])))
    typer.echo(f"\nVerified from {old.verified_from} before, from {new.verified_from} now.")
    typer.echo(f"written: {write_result(out.stem, result, out.parent)}", err=True)


@app.command(short_help="What agreement with another method is worth.")
def views(
    run: Annotated[list[Path], typer.Argument(help="Folders of runs of r2c.", show_default=False)],
    other: Annotated[
        list[Path], typer.Option(help="Folder of a run of another method; repeatable.")
    ],
    out: Annotated[Path, typer.Option(help="File of the result.")] = (
        Path("benchmarks/results/second_view.json")
    ),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Tell how often verified answers are right where another method agrees, and where it differs.

    Nothing is asked or solved: the records of finished runs are compared.
    """
    from r2c_benchmarks.calibration.second_views import NOTE, rows
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import read_run, write_result
    from r2c_benchmarks.table import aligned

    found = rows([read_run(path) for path in run], [read_run(path) for path in other])
    result: dict[str, JsonValue] = {
        "summary": list(found),
        "note": " ".join(filter(None, [NOTE, note])),
        "start": start_note(command_line()),
    }
    typer.echo(aligned(cast("list[dict[str, object]]", found)))
    typer.echo(f"written: {write_result(out.stem, result, out.parent)}", err=True)
