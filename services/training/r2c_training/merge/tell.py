"""What the commands do: passes, plans, runs and checks, told on the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from r2c.errors import InputError, declare
from r2c.settings import load_settings
from r2c_training.merge.catalog.analyse import analyse, hash_source
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.block_reader import Access
from r2c_training.merge.checkpoint.stack import open_model, require_unstacked
from r2c_training.merge.execute.allocation import keep_freed_memory
from r2c_training.merge.execute.estimate import PROGRAM_BYTES, Estimate, estimate
from r2c_training.merge.execute.layout import tensor_bytes
from r2c_training.merge.execute.manifest import MANIFEST, read_manifest, read_record
from r2c_training.merge.execute.progress import Progress
from r2c_training.merge.execute.run import HowToRun, require_place, resume, run_plan
from r2c_training.merge.execute.staging import Staging
from r2c_training.merge.explain import explain, told_bytes
from r2c_training.merge.extract.lora import extract_lora
from r2c_training.merge.file_faults import told
from r2c_training.merge.moved import moved
from r2c_training.merge.plan.compatibility import require_compatible
from r2c_training.merge.plan.from_recipe import request_from
from r2c_training.merge.plan.limit_words import read_limits
from r2c_training.merge.plan.make_plan import Limits, look_at, make_plan
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.plan.plan_file import BAD_PLAN, plan_bytes, read_plan
from r2c_training.merge.plan.request import MergeRequest
from r2c_training.merge.recipe.read import ReadRecipe, read_recipe
from r2c_training.merge.search.axes import read_axes
from r2c_training.merge.search.score import ScoringCommand
from r2c_training.merge.search.search import Merging, search
from r2c_training.merge.search.tell_search import tell_found, tell_point
from r2c_training.merge.source import open_source
from r2c_training.merge.verify import verify
from r2c_training.merge.writable import told_if_unwritable

PLAN_IS_MADE = declare(
    "R2C-T127", InputError,
    what="--budget and --max-error do not change the plan {path!r}.",
    why="A plan that was kept says for every block how it is read.",
    remedy="Give them to `r2c merge plan`, or run the recipe itself with them.",
)  # fmt: skip

_THREADS = 4


@dataclass(frozen=True)
class HowToSearch:
    """What `r2c merge search` was told beside recipe, axes and command."""

    least: bool
    budget: str | None
    threads: int
    json: bool


_SHOWN = 5


@contextmanager
def _catalog(store: Path | None) -> Iterator[Catalog]:
    keep_freed_memory()
    with Catalog(store or load_settings().data_dir / "merge") as catalog:
        yield catalog


def _request(recipe: Path, catalog: Catalog) -> MergeRequest:
    return request_from(read_recipe(recipe), catalog.folder / "stacks")


@told
def analyse_recipe(recipe: Path, store: Path | None, access: Access, threads: int) -> None:
    """Analyse all experts of a recipe."""
    with _catalog(store) as catalog:
        _analyse(_request(recipe, catalog), catalog, access, threads)


def _analyse(request: MergeRequest, catalog: Catalog, access: Access, threads: int) -> None:
    """Analyse what is not analysed yet; without a base there are no deltas, and hashes are all."""
    experts = [open_source(folder) for folder in request.experts]
    base = open_model(request.base or request.experts[0])
    require_unstacked([base.folder, *(expert.folder for expert in experts)])
    require_compatible(base, experts)
    for expert in experts:
        progress = Progress(expert.folder.name, expert.weight_bytes)
        if request.base is None and expert.folder == base.folder:
            hash_source(catalog, base, access, progress.advance)
        else:
            analyse(catalog, base, expert, access=access, workers=threads, advance=progress.advance)
        progress.close()


@told
def tell_plan(
    recipe: Path,
    budget: str | None,
    max_error: float | None,
    store: Path | None,
    save: Path | None,
    as_json: bool,
) -> None:
    """Make a plan and tell it."""
    limits = read_limits(budget, max_error)
    with _catalog(store) as catalog:
        plan = make_plan(_request(recipe, catalog), catalog, limits)
        needs = estimate(plan, _THREADS, catalog.pace(plan.methods))
    if save is not None:
        with told_if_unwritable(save):
            save.write_bytes(plan_bytes(plan))
    if as_json:
        document = plan.model_dump(mode="json", exclude={"tensors"})
        document |= {"hash": plan.hash, "expert_bytes": plan.expert_bytes, **vars(needs)}
        typer.echo(json.dumps(document))
        return
    for line in (*explain(plan), "", *_needs(plan, needs)):
        typer.echo(line)


def _needs(plan: Plan, needs: Estimate) -> Iterator[str]:
    read = plan.inputs[0].read_bytes + plan.expert_bytes
    methods = ", ".join(plan.methods)
    time = f"unknown before the first merge by {methods} on this store"
    if needs.seconds is not None:
        time = f"about {max(needs.seconds, 0.1):.1f} s at the pace of the last merge by {methods}"
    yield f"Reads {told_bytes(read)} in all; time {time}."
    unknown = [each.full_bytes for each in plan.inputs if each.content is None]
    if unknown:
        yield f"Before that, once: {told_bytes(sum(unknown))} to hash models that are not known."
    yield (
        f"Memory {told_bytes(needs.memory_bytes)} with {_THREADS} threads, "
        f"{told_bytes(PROGRAM_BYTES)} of it the program; disk {told_bytes(needs.disk_bytes)}."
    )


@told
def run_recipe(
    recipe: Path,
    output: Path,
    limits: tuple[str | None, float | None],
    store: Path | None,
    access: Access,
    threads: int,
) -> None:
    """Plan and run a recipe, or run a plan that was kept."""
    with _catalog(store) as catalog:
        if recipe.suffix == ".json":
            if limits != (None, None):
                raise PLAN_IS_MADE(path=str(recipe))
            plan = _kept_plan(recipe)
        else:
            plan = _fresh_plan(recipe, output, limits, catalog, access)
        _run(plan, output, catalog, access, threads)


def _fresh_plan(
    recipe: Path,
    output: Path,
    words: tuple[str | None, float | None],
    catalog: Catalog,
    access: Access,
) -> Plan:
    request, limits = _request(recipe, catalog), read_limits(*words)
    require_place(output, look_at(request, limits).outline)
    if not limits.open:
        _analyse(request, catalog, access, 2)
    return _planned(request, limits, catalog, access)


def _planned(request: MergeRequest, limits: Limits, catalog: Catalog, access: Access) -> Plan:
    """A plan that can be run; it holds the hashes of its models, as they lie there now.

    So a model that was trained on in its place makes another plan, and no result is taken for done
    that other weights have made; and what is drawn at random is keyed by what experts hold.
    """
    plan = make_plan(request, catalog, limits)
    for each, folder in zip(plan.inputs, plan.folders, strict=True):
        if each.content is None:
            progress = Progress(f"hashing {each.name}", each.full_bytes)
            hash_source(catalog, open_source(folder), access, progress.advance)
            progress.close()
    return make_plan(request, catalog, limits)


def _kept_plan(path: Path) -> Plan:
    plan = read_plan(path)
    if not plan.folders:
        raise BAD_PLAN(path=str(path), reason="it does not say where its models lie")
    return plan


def _run(plan: Plan, output: Path, catalog: Catalog, access: Access, threads: int) -> None:
    for remark in plan.remarks:
        typer.echo(f"note: {remark}", err=True)
    progress = Progress("merge", sum(tensor_bytes(tensor) for tensor in plan.tensors))
    manifest = run_plan(plan, catalog, output, HowToRun(access, threads, progress.advance))
    progress.close()
    _tell_run(output, manifest.hash)


@told
def search_recipe(
    recipe: Path,
    folder: Path,
    over: Sequence[str],
    command: ScoringCommand,
    store: Path | None,
    how: HowToSearch,
) -> None:
    """Search a grid, and tell it."""
    access: Access = "buffered"
    command.check()
    axes, read, limits = read_axes(over), read_recipe(recipe), read_limits(how.budget, None)
    with _catalog(store) as catalog:
        stacks = catalog.folder / "stacks"
        if not limits.open:
            request = request_from(read, stacks)
            look_at(request, limits)
            _analyse(request, catalog, access, 2)

        def plan(variant: ReadRecipe) -> Plan:
            return _planned(request_from(variant, stacks), limits, catalog, access)

        def run(chosen: Plan, output: Path) -> str:
            return run_plan(chosen, catalog, output, HowToRun(access, how.threads)).hash

        found = search(
            read, axes, command, folder, Merging(plan, run), least=how.least, told=tell_point
        )
    tell_found(found, axes, folder, how.json)


@told
def resume_run(output: Path, store: Path | None, access: Access, threads: int) -> None:
    """Go on with a merge that broke off."""
    with _catalog(store) as catalog:
        begun = Staging(output.absolute()).plan()
        total = sum(tensor_bytes(tensor) for tensor in begun.tensors) if begun else 0
        progress = Progress("merge", total)
        manifest = resume(output, catalog, HowToRun(access, threads, progress.advance))
        progress.close()
    _tell_run(output, manifest.hash)


def _tell_run(output: Path, manifest: str) -> None:
    record = read_record(output)
    asked = sum(record.issued_bytes)
    typer.echo(f"{output}: manifest {manifest}")
    typer.echo(
        f"asked for {asked} bytes, the kernel fetched {record.kernel_bytes}; "
        f"{record.seconds:.1f} s, {record.cpu_seconds:.1f} s of CPU, "
        f"{record.resumed_blocks} blocks from an earlier run",
        err=True,
    )


@told
def verify_output(
    output: Path,
    blocks: int | None,
    said: Sequence[str],
    store: Path | None,
    access: Access,
    as_json: bool,
) -> None:
    """Check a merged model."""
    folders = moved(read_record(output).folders, said) if said else ()
    with _catalog(store) as catalog:
        found = verify(output, catalog, blocks=blocks, folders=folders, access=access)
    if as_json:
        typer.echo(json.dumps(vars(found)))
        return
    typer.echo(f"{found.files} files have the bytes of the manifest.")
    typer.echo(f"{found.replayed} blocks merged anew gave the same bytes.")
    if not found.compared or not found.update:
        return
    promised = "nothing was promised"
    if found.bound is not None:
        promised = f"at most {found.bound:.4g} was promised"
    typer.echo(
        f"Against the full merge they deviate by {found.error:.4g}: "
        f"{found.error / found.update:.3%} of the update, "
        f"{found.error / found.weights:.2e} of the weights; {promised}."
    )
    typer.echo(
        f"The output's number format rounds away {found.rounding / found.update:.3%} of the "
        f"update; {found.overflowed} values are infinite in it or no numbers."
    )


@told
def tell_extraction(
    base: Path, tuned: Path, output: Path, rank: int, energy: float, as_json: bool
) -> None:
    """Extract an adapter and tell what it misses."""
    found = extract_lora(base, tuned, output, rank=rank, energy=energy)
    if as_json:
        typer.echo(json.dumps(vars(found)))
        return
    ranks = sorted(found.ranks.values())
    told = f"ranks {ranks[0]} to {ranks[-1]}" if ranks else "nothing has changed"
    typer.echo(
        f"{output}: {len(ranks)} modules, {told}; it misses {found.error:.3%} of the update."
    )
    worst = sorted(found.errors.items(), key=lambda item: -item[1])[:_SHOWN]
    for module, error in worst:
        if error > 0:
            typer.echo(f"  {module}: {error:.3%} of its update")
    for tensor, norm in sorted(found.left_out.items(), key=lambda item: -item[1])[:_SHOWN]:
        typer.echo(f"  {tensor} has changed by {norm:.4g} and cannot be adapted")
    for tensor, lacking in [*found.missing.items()][:_SHOWN]:
        typer.echo(f"  {tensor} is not in the {lacking} model and was not compared")
    if len(found.missing) > _SHOWN:
        typer.echo(f"  and {len(found.missing) - _SHOWN} more that one of the two lacks")


@told
def explain_merge(merge: Path, tensor: str | None, store: Path | None) -> None:
    """Tell what a merge left out."""
    plan = read_manifest(merge).plan if (merge / MANIFEST).is_file() else _kept_plan(merge)
    for line in explain(plan, tensor):
        typer.echo(line)
    with _catalog(store) as catalog:
        for each in plan.inputs:
            made = catalog.merges_from(each.content) if each.content else []
            others = [(Path(folder), role) for folder, role in made]
            others = [(folder, role) for folder, role in others if folder != merge.absolute()]
            there = [(folder, role) for folder, role in others if (folder / MANIFEST).is_file()]
            for folder, role in there:
                typer.echo(f"{each.name} is also {role} of {folder}")
            if gone := len(others) - len(there):
                typer.echo(f"{each.name} went into {gone} more that are no longer in their place")
