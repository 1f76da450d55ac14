"""`r2c merge ...`, mounted by the entry points `r2c.commands`.

Only typer is imported here: the help page of `r2c` loads this module.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(no_args_is_help=True)

Recipe = Annotated[Path, typer.Argument(help="Recipe in mergekit's YAML.", show_default=False)]
Output = Annotated[Path, typer.Argument(help="Folder of the merged model.", show_default=False)]
Store = Annotated[
    Path | None,
    typer.Option(help="Folder of the catalogue and packs; default: `merge` in R2C_DATA_DIR."),
]
Budget = Annotated[
    str | None,
    typer.Option(help="Bytes that may be read of experts: 25%, 800MB, 2GiB. Default: all."),
]
MaxError = Annotated[
    float | None,
    typer.Option(
        min=0,
        help="Read as little as keeps the error below this share of the update, as large as it is "
        "if no two deltas point alike.",
    ),
]
Access = Annotated[
    Literal["buffered", "direct"],
    typer.Option(help="How files are read; `direct` passes the page cache by."),
]
Threads = Annotated[int, typer.Option(min=1, max=64, help="Blocks that are worked on at once.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.callback()
def merge() -> None:
    """Merge models of one family, reading no more than a budget allows."""
    # Blocks are what is parallel: see `single_threaded`, which comes too late for some libraries.
    os.environ.update({"VECLIB_MAXIMUM_THREADS": "1", "OMP_NUM_THREADS": "1"})


@app.command()
def analyse(
    recipe: Recipe, store: Store = None, access: Access = "buffered", threads: Threads = 2
) -> None:
    """Read each model of a recipe once: norms of deltas, hashes, packed blocks.

    It is needed once an expert, before a budget can be spent; all later merges use it.
    """
    from r2c_training.merge.tell import analyse_recipe

    analyse_recipe(recipe, store, access, threads)


@app.command()
def plan(
    recipe: Recipe,
    budget: Budget = None,
    max_error: MaxError = None,
    store: Store = None,
    save: Annotated[Path | None, typer.Option(help="Keep the plan for `r2c merge run`.")] = None,
    json: Json = False,
) -> None:
    """Say what a merge would read, need and promise. Reads headers and no weight."""
    from r2c_training.merge.tell import tell_plan

    tell_plan(recipe, budget, max_error, store, save, json)


@app.command()
def run(
    recipe: Annotated[Path, typer.Argument(help="Recipe (YAML) or plan (JSON).")],
    output: Output,
    budget: Budget = None,
    max_error: MaxError = None,
    store: Store = None,
    access: Access = "buffered",
    threads: Threads = 4,
) -> None:
    """Merge, and publish the result when all of it is on the disk.

    Under a budget, experts that were never read before are analysed first.
    """
    from r2c_training.merge.tell import run_recipe

    run_recipe(recipe, output, (budget, max_error), store, access, threads)


@app.command()
def resume(
    output: Output, store: Store = None, access: Access = "buffered", threads: Threads = 4
) -> None:
    """Go on with a merge that broke off; blocks that are there are not merged again."""
    from r2c_training.merge.tell import resume_run

    resume_run(output, store, access, threads)


@app.command()
def verify(
    output: Output,
    blocks: Annotated[int, typer.Option(min=0, help="Blocks merged anew and compared.")] = 64,
    every: Annotated[bool, typer.Option("--all", help="Compare all blocks.")] = False,
    moved: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OLD=NEW",
            help="A folder that inputs lay in, and where they lie now; repeatable.",
        ),
    ] = None,
    store: Store = None,
    access: Access = "buffered",
    json: Json = False,
) -> None:
    """Check a merged model: hashes of files, the same bytes again, and what was promised."""
    from r2c_training.merge.tell import verify_output

    verify_output(output, None if every else blocks, moved or (), store, access, json)


@app.command("extract-lora")
def extract_lora(
    base: Annotated[Path, typer.Argument(help="Folder of the base model.", show_default=False)],
    tuned: Annotated[Path, typer.Argument(help="Folder of the tuned model.", show_default=False)],
    output: Annotated[Path, typer.Argument(help="Folder of the adapter.", show_default=False)],
    rank: Annotated[int, typer.Option(min=1, max=4096, help="Rank of a module, at most.")] = 32,
    energy: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of an update's sum of squares at which less is enough."
        ),
    ] = 1.0,
    json: Json = False,
) -> None:
    """Write the LoRA adapter that comes nearest to a tuned model, and say what it misses."""
    from r2c_training.merge.tell import tell_extraction

    tell_extraction(base, tuned, output, rank, energy, json)


@app.command()
def search(  # noqa: PLR0913 - one parameter an option
    recipe: Recipe,
    folder: Annotated[
        Path, typer.Argument(help="Folder of the search; the same goes on.", show_default=False)
    ],
    over: Annotated[
        list[str],
        typer.Option(help="What is varied: weight=0.2,0.4 for all models, 2.weight=0,0.5 for one."),
    ],
    score: Annotated[
        str,
        typer.Option(help="Command that scores the model in {}; its last word is the number."),
    ],
    least: Annotated[bool, typer.Option("--least", help="The smallest score is best.")] = False,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="How long a score may take. Default: any time.")
    ] = None,
    shell: Annotated[bool, typer.Option("--shell", help="Let a shell read the command.")] = False,
    budget: Budget = None,
    store: Store = None,
    threads: Threads = 4,
    json: Json = False,
) -> None:
    """Merge at each point of a grid of options, score each with a command, keep the best.

    Points that were scored are not merged again; several processes may share the folder.
    """
    from r2c_training.merge.search.score import ScoringCommand
    from r2c_training.merge.tell import HowToSearch, search_recipe

    command = ScoringCommand(score, seconds, shell)
    how = HowToSearch(least, budget, threads, json)
    search_recipe(recipe, folder, over, command, store, how)


@app.command()
def explain(
    merge: Annotated[Path, typer.Argument(help="Folder of a merged model, or a plan (JSON).")],
    tensor: Annotated[str | None, typer.Option(help="Only about this tensor.")] = None,
    store: Store = None,
) -> None:
    """Say what was left out and what it may cost, and what was made from the same models."""
    from r2c_training.merge.tell import explain_merge

    explain_merge(merge, tensor, store)
