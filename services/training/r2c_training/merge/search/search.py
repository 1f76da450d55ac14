"""Merges a recipe at each point of a grid, scores it, and keeps the best.

Everything that merges share is read once: packs and facts lie in the catalogue, so that under a
budget a point costs little more than writing a model. Points are claimed one by one; several
processes may work on one folder, and one that is killed loses its own point alone.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from r2c_training.merge.execute.manifest import MANIFEST, read_manifest
from r2c_training.merge.execute.staging import write_durably
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.recipe.read import ReadRecipe
from r2c_training.merge.search.axes import Axis, Point, as_text, points, recipe_at
from r2c_training.merge.search.points_file import Done, PointsFile
from r2c_training.merge.search.score import ScoringCommand


@dataclass(frozen=True)
class Merging:
    """How points are merged.

    Args:
        plan: Makes the plan of a recipe; reads no weight.
        run: Runs a plan to a folder; the manifest's hash.
    """

    plan: Callable[[ReadRecipe], Plan]
    run: Callable[[Plan, Path], str]


@dataclass(frozen=True)
class Found:
    """What a search knows in the end.

    Args:
        points: What was scored, the best first; those without a score last.
        best: Folder of the best merge; None if no point has a score, or others are at work.
        elsewhere: Points that other processes had claimed.
    """

    points: tuple[Done, ...]
    best: Path | None
    elsewhere: int


def search(
    read: ReadRecipe,
    axes: Sequence[Axis],
    command: ScoringCommand,
    folder: Path,
    merging: Merging,
    *,
    least: bool = False,
    told: Callable[[Done], None] = lambda _: None,
) -> Found:
    """Score every point of the grid that has no score yet.

    Args:
        read: The recipe.
        axes: What is varied.
        command: What scores a merged model.
        folder: Where points and the best merge are kept; the same folder goes on.
        merging: How a recipe is merged.
        least: Whether less is better.
        told: Told each point that was scored now.

    Raises:
        InputError: R2C-T055, R2C-T056, and those of plans and merges.
    """
    command.check()
    file = PointsFile(folder)
    grid = [(point, recipe_at(read, axes, point)) for point in points(axes)]
    planned = [(point, recipe, merging.plan(recipe)) for point, recipe in grid]
    elsewhere, before = 0, file.read(command.text)
    for point, _, plan in planned:
        with file.claim(plan.hash) as mine:
            known = file.read(command.text).get(plan.hash)
            # A command that failed may have been mended since; it is tried once a call.
            if known and (known.score is not None or known != before.get(plan.hash)):
                continue
            if not mine:
                elsewhere += 1
                continue
            done = _scored(point, plan, command, folder, merging)
            file.append(done)
        told(done)
    scored = file.read(command.text)
    found = sorted(
        {plan.hash: scored[plan.hash] for _, _, plan in planned if plan.hash in scored}.values(),
        key=lambda done: _rank(done, least),
    )
    best = None
    if found and found[0].score is not None and not elsewhere:
        recipe, plan = next((r, p) for _, r, p in planned if p.hash == found[0].plan)
        with _alone(folder):
            best = _best(folder, found[0], plan, merging)
            write_durably(folder / "best.yaml", as_text(recipe).encode())
    return Found(tuple(found), best, elsewhere)


def _scored(
    point: Point, plan: Plan, command: ScoringCommand, folder: Path, merging: Merging
) -> Done:
    began = time.monotonic()
    place = folder / "merged" / plan.hash[:16]
    place.parent.mkdir(parents=True, exist_ok=True)
    manifest = merging.run(plan, place)
    scored = command.score(place)
    shutil.rmtree(place)
    return Done(
        plan=plan.hash, command=command.text, values=dict(point), score=scored.score,
        problem=scored.problem, manifest=manifest, seconds=round(time.monotonic() - began, 3),
    )  # fmt: skip


def _rank(done: Done, least: bool) -> tuple[bool, float]:
    score = 0.0 if done.score is None else done.score
    return done.score is None, score if least else -score


def _best(folder: Path, done: Done, plan: Plan, merging: Merging) -> Path:
    """The best merge, made again; merges are the same bytes each time."""
    best = folder / "best"
    if (best / MANIFEST).is_file():
        if read_manifest(best).plan_hash == done.plan:
            return best
        shutil.rmtree(best)
    merging.run(plan, best)
    return best


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time."""
    lock = os.open(folder / "locks" / "best", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
