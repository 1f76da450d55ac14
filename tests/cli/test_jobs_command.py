"""`r2c jobs`: what `formulate` keeps is shown, and removed when it is clear which is meant."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from running import invoke, only_json
from typer.testing import Result

from r2c.formulation import Formulation, Outcome, Trust
from r2c.pipeline.jobs import list_jobs
from r2c.pipeline.store import JobStore
from r2c.problem.read import read_problem

TEXT = (
    "A baker makes loaves and rolls.\n\nAt most 80 loaves fit; " + "each sells for 3 euros. " * 20
)
DAY = 86_400.0


@pytest.fixture
def store(tmp_path: Path) -> JobStore:
    return JobStore(tmp_path / "data")


def a_job(store: JobStore, *, finished: bool = False, days: float = 0) -> str:
    with store.begun(read_problem(TEXT)) as job:
        if finished:
            problem = store.problem(job)
            answer = Formulation(problem=problem, outcome=Outcome.LIMIT, trust=Trust.PLAUSIBLE)
            store.finish(job, answer)
    then = time.time() - days * DAY
    os.utime(store.folder(job) / "problem.json", (then, then))
    return job


def jobs(store: JobStore, *arguments: str) -> Result:
    done: Result = invoke("jobs", *arguments, R2C_DATA_DIR=str(store.root))
    return done


def left(store: JobStore) -> set[str]:
    return {job.id for job in list_jobs(store)}


def test_the_list_shows_a_line_for_each_job_the_latest_first(store: JobStore) -> None:
    old, new = a_job(store, finished=True, days=3), a_job(store)
    done = jobs(store, "list")
    assert done.exit_code == 0, done.output
    first, second = done.stdout.splitlines()
    assert first.startswith(new)
    assert "interrupted" in first
    assert second.startswith(old)
    assert "finished" in second
    for line in (first, second):
        assert " kB" in line
        assert "A baker makes loaves" in line
        assert len(line) <= 100


def test_the_list_as_json_is_one_object(store: JobStore) -> None:
    job = a_job(store, finished=True)
    (told,) = only_json(jobs(store, "list", "--json").stdout)["jobs"]
    assert told["id"] == job
    assert told["state"] == "finished"
    assert told["words"].startswith("A baker makes loaves and rolls. At most 80")
    assert len(told["words"]) == 100
    assert told["bytes"] > len(TEXT)
    assert told["began"].endswith("+00:00")


def test_without_jobs_the_list_says_where_they_would_be(store: JobStore) -> None:
    done = jobs(store, "list")
    assert (done.exit_code, done.stdout) == (0, "")
    assert str(store.jobs) in done.stderr
    assert only_json(jobs(store, "list", "--json").stdout) == {"jobs": []}


def test_jobs_are_removed_by_their_ids(store: JobStore) -> None:
    first, second, third = (a_job(store) for _ in range(3))
    done = jobs(store, "remove", first, second, first)
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines() == [f"removed: {first}", f"removed: {second}"]
    assert left(store) == {third}


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["--finished"], {"old", "new"}),
        (["--older-than", "2"], {"new", "new and finished"}),
        (["--older-than", "2", "--finished"], {"old", "new", "new and finished"}),
        (["--older-than", "0"], set()),
        (["--older-than", "9"], {"old", "old and finished", "new", "new and finished"}),
    ],
)
def test_jobs_are_removed_by_their_state_and_age(
    arguments: list[str], kept: set[str], store: JobStore
) -> None:
    made = {
        a_job(store, days=3): "old",
        a_job(store, finished=True, days=3): "old and finished",
        a_job(store, days=1): "new",
        a_job(store, finished=True, days=1): "new and finished",
    }
    done = jobs(store, "remove", *arguments, "--json")
    assert done.exit_code == 0, done.output
    assert {made[job] for job in left(store)} == kept
    told = only_json(done.stdout)
    assert set(told["removed"]) == made.keys() - left(store)
    assert told["running"] == []


def test_a_running_job_is_left_out_and_named_by_its_id_an_error(store: JobStore) -> None:
    free = a_job(store)
    with store.begun(read_problem(TEXT)) as job:
        done = jobs(store, "remove", "--older-than", "0", "--json")
        assert done.exit_code == 0, done.output
        assert only_json(done.stdout) == {"removed": [free], "running": [job]}
        assert f"not removed, it is running: {job}" in done.stderr
        named = jobs(store, "remove", job, "--json")
        assert named.exit_code == 7
        assert only_json(named.stdout)["error"]["code"] == "R2C-G034"
        assert left(store) == {job}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "R2C-X115"),
        (["{job}", "--finished"], "R2C-X115"),
        (["{job}", "--older-than", "0"], "R2C-X115"),
        (["{job}", "0123456789abcdef"], "R2C-G030"),
        (["{job}", "../jobs/{job}"], "R2C-G030"),
        (["--older-than", "-1"], "R2C-X100"),
    ],
)
def test_unless_it_is_clear_which_are_meant_nothing_is_removed(
    arguments: list[str], code: str, store: JobStore
) -> None:
    job = a_job(store, finished=True)
    done = jobs(store, "remove", *(part.format(job=job) for part in arguments))
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith(f"error {code}: ")
    assert left(store) == {job}


def test_a_removal_that_finds_nothing_says_so(store: JobStore) -> None:
    done = jobs(store, "remove", "--finished")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "There is no such job.\n"
