"""`r2c jobs`: what `formulate` keeps on disk, to list and to remove."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Json

app = typer.Typer(no_args_is_help=True, help="The jobs that `formulate` keeps: list, remove.")


@app.command("list")
def list_jobs(json: Json = False) -> None:
    """The jobs, the latest first: id, begin, state, size and the first words of the text.

    A job is `finished`, `running`, `interrupted` (`r2c formulate --resume ID` goes on with it) or
    `damaged`. They lie in R2C_DATA_DIR.
    """
    from r2c.cli.job_rows import as_json, show_jobs
    from r2c.cli.streams import errors, result, write_json
    from r2c.pipeline.jobs import list_jobs as jobs_in
    from r2c.pipeline.store import JobStore
    from r2c.settings import load_settings

    store = JobStore(load_settings().data_dir)
    found = jobs_in(store)
    if json:
        write_json({"jobs": [as_json(job) for job in found]})
    elif found:
        show_jobs(result(), found)
    else:
        errors().print(f"There are no jobs in {store.jobs}.", soft_wrap=True)


@app.command()
def remove(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Jobs, as `list` names them.")
    ] = None,
    finished: Annotated[
        bool, typer.Option("--finished", help="All that have a result; their answers are lost.")
    ] = False,
    older_than: Annotated[
        float | None,
        typer.Option(min=0, metavar="DAYS", help="All that began more days ago."),
    ] = None,
    json: Json = False,
) -> None:
    """Remove jobs with their texts, tables, steps and results.

    By their ids, or all that are `--finished`, or all `--older-than` some days; with both options
    those that are both. A job that is running is never removed: named by its id it is an error,
    otherwise it is left out.
    """
    from r2c.cli.job_choice import removed
    from r2c.cli.streams import errors, write_json
    from r2c.pipeline.store import JobStore
    from r2c.settings import load_settings

    store = JobStore(load_settings().data_dir)
    fates = []
    for fate in removed(store, ids or [], finished=finished, older_than=older_than):
        fates.append(fate)
        done = "removed" if fate.gone else "not removed, it is running"
        errors().print(f"{done}: {fate.job}")
    if json:
        write_json(
            {
                "removed": [fate.job for fate in fates if fate.gone],
                "running": [fate.job for fate in fates if not fate.gone],
            }
        )
    elif not fates:
        errors().print("There is no such job.")
