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


@app.command(short_help="Fit the confidence.")
def fit(
    answers: Annotated[Path, typer.Argument(help="File of judged answers to fit to.")],
    model: Annotated[str, typer.Option(help="The language model that made the readings.")] = "",
    to: Annotated[Path, typer.Option(help="File of the calibration.")] = Path(
        "r2c/verdict/calibration.json"
    ),
    out: Annotated[Path, typer.Option(help="File of the result; its picture lies beside it.")] = (
        Path("benchmarks/results/calibration.json")
    ),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Fit the confidence to judged answers; each is then held against a model without it.

    Nothing is verified before `threshold` has been given other answers.
    """
    from r2c_benchmarks.calibration.calibrate import calibrated, rows_of
    from r2c_benchmarks.calibration.collect import read_judged
    from r2c_benchmarks.calibration.report import write
    from r2c_benchmarks.provenance import command_line, start_note

    start = start_note(command_line())
    fitted = read_judged(answers)
    calibration, without = calibrated(fitted, model, str(start.get("commit", "")))
    groups = {"fit, each from without": (rows_of(fitted)[0], [float(p) for p in without])}
    to.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    typer.echo(f"written: {to}", err=True)
    typer.echo(write(groups, calibration, start, note, out))


@app.command(short_help="What the confidence is worth on other answers.")
def report(
    answers: Annotated[
        list[str], typer.Argument(help="NAME=FILE of judged answers.", show_default=False)
    ],
    calibration: Annotated[Path, typer.Option(help="File of the calibration.")] = Path(
        "r2c/verdict/calibration.json"
    ),
    out: Annotated[Path, typer.Option(help="File of the result; its picture lies beside it.")] = (
        Path("benchmarks/results/calibration_report.json")
    ),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Report AUROC, ECE, Brier and risk over coverage of the confidence of judged answers."""
    from r2c.verdict.confidence import FEATURES, Calibration
    from r2c_benchmarks.calibration.calibrate import rows_of
    from r2c_benchmarks.calibration.collect import read_judged
    from r2c_benchmarks.calibration.report import write
    from r2c_benchmarks.provenance import command_line, start_note

    start = start_note(command_line())
    fitted = Calibration.model_validate_json(calibration.read_text(encoding="utf-8"))
    groups = {}
    for item in answers:
        name, _, path = item.partition("=")
        if not path:
            raise typer.BadParameter("Give NAME=FILE.", param_hint="ANSWERS")
        kept, rows = rows_of(read_judged(Path(path)))
        known = [dict(zip(FEATURES, row.tolist(), strict=True)) for row in rows]
        groups[name] = (kept, [fitted.confidence(one) for one in known])
    typer.echo(write(groups, fitted, start, note, out))


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
