"""Jobs are listed as they lie there, and removed whole, but never under a run."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from readers import BAKERY, FERRY
from test_one_run_at_a_time import started, wait_for

import r2c.pipeline.store
from r2c.errors import InputError, StoreError
from r2c.formulation import Formulation, Outcome, Trust
from r2c.llm.embedded.lock import locked
from r2c.pipeline.api import formulate
from r2c.pipeline.jobs import list_jobs, remove_job
from r2c.pipeline.store import JobStore
from r2c.problem.read import read_problem
from r2c.settings import Settings


def interrupted(store: JobStore, text: str = BAKERY.text) -> str:
    with store.begun(read_problem(text)) as job:
        return job


def finished(store: JobStore) -> str:
    with store.begun(read_problem(BAKERY.text)) as job:
        answer = Formulation(
            problem=store.problem(job), outcome=Outcome.LIMIT, trust=Trust.PLAUSIBLE
        )
        store.finish(job, answer)
    return job


def files(store: JobStore) -> set[str]:
    return {path.name for path in store.jobs.rglob("*")} if store.jobs.exists() else set()


def test_without_a_folder_there_are_no_jobs(tmp_path: Path) -> None:
    assert list_jobs(JobStore(tmp_path / "none")) == ()


def test_each_job_tells_its_state_its_text_its_beginning_and_its_size(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    done, cut, damaged, empty = finished(store), interrupted(store), interrupted(store), "abcd"
    (store.folder(damaged) / "problem.json").write_bytes(b"{")
    store.folder(empty).mkdir()
    for place, job in enumerate((empty, damaged, cut, done)):
        then = time.time() - 1000 * place
        path = store.folder(job) / "problem.json"
        os.utime(path if path.exists() else path.parent, (then, then))
    with store.begun(read_problem(FERRY.text)) as running:
        found = list_jobs(store)
    assert [(job.id, job.state) for job in found] == [
        (running, "running"),
        (empty, "damaged"),
        (damaged, "damaged"),
        (cut, "interrupted"),
        (done, "finished"),
    ]
    assert [job.text for job in found] == [FERRY.text, "", "", BAKERY.text, BAKERY.text]
    sizes = [path.stat().st_size for path in store.folder(done).iterdir()]
    assert found[-1].size == sum(sizes) > len(BAKERY.text)
    assert abs(found[-1].began.timestamp() - (time.time() - 3000)) < 100


def test_what_is_no_job_is_neither_listed_nor_removed(settings: Settings, tmp_path: Path) -> None:
    store = JobStore(settings.data_dir)
    job = interrupted(store)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "problem.json").write_text("{}", encoding="utf-8")
    (store.jobs / "linked-job").symlink_to(outside)
    (store.jobs / "a note.txt").write_text("", encoding="utf-8")
    (store.jobs / "file-of-jobs").write_text("", encoding="utf-8")
    assert [item.id for item in list_jobs(store)] == [job]
    for name in ("linked-job", "file-of-jobs", "..", "a note.txt", "none-there", f".{job}"):
        with pytest.raises(InputError, match="R2C-G030"):
            remove_job(store, name)
    assert (outside / "problem.json").exists()
    assert store.problem(job).text == BAKERY.text


@pytest.mark.parametrize("kind", ["finished", "interrupted", "damaged", "empty"])
def test_a_job_that_nobody_works_on_is_removed_whole(kind: str, settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    kept = interrupted(store)
    job = finished(store) if kind == "finished" else interrupted(store)
    store.checkpoints(job).write_bytes(b"steps")
    if kind == "damaged":
        (store.folder(job) / "problem.json").write_bytes(b"\xff")
    if kind == "empty":
        (store.folder(job) / "problem.json").unlink()
    remove_job(store, job)
    assert [item.id for item in list_jobs(store)] == [kept]
    assert files(store) == {kept, "problem.json"}
    with pytest.raises(InputError, match="R2C-G030"):
        formulate(settings=settings, model=BAKERY.model(), job=job)
    assert files(store) == {kept, "problem.json"}


def test_a_job_is_held_from_the_moment_it_can_be_seen(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    with store.begun(read_problem(BAKERY.text)) as job:
        with pytest.raises(StoreError, match="R2C-G034"):
            remove_job(store, job)
        with pytest.raises(StoreError, match="R2C-G033"), store.held(job):
            raise AssertionError
        assert store.problem(job).text == BAKERY.text
    remove_job(store, job)


def test_a_job_at_work_in_another_process_is_removed_only_after_its_end(
    settings: Settings, tmp_path: Path
) -> None:
    store, gate = JobStore(settings.data_dir), tmp_path / "gate"
    gate.write_text("", encoding="utf-8")
    with started(settings, "new", tmp_path / "calls", gate, "sentence 3") as run:
        wait_for(tmp_path / "gate.reached")
        (job,) = list_jobs(store)
        assert job.state == "running"
        before = files(store)
        with pytest.raises(StoreError, match="R2C-G034"):
            remove_job(store, job.id)
        assert files(store) == before
        run.send_signal(signal.SIGKILL)
        run.wait()
    (job,) = list_jobs(store)
    assert job.state == "interrupted"
    remove_job(store, job.id)
    assert files(store) == set()


@pytest.mark.parametrize("moment", ["before the file is opened", "before the lock is taken"])
def test_a_run_that_comes_while_its_job_is_removed_finds_none_and_leaves_none(
    moment: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = JobStore(settings.data_dir)
    job = interrupted(store)

    @contextmanager
    def late(path: Path, *, seconds: float) -> Iterator[None]:
        monkeypatch.setattr(r2c.pipeline.store, "locked", locked)
        remove_job(store, job)
        if moment == "before the lock is taken":  # on the file that was opened in time
            yield
            return
        with locked(path, seconds=seconds):
            yield

    monkeypatch.setattr(r2c.pipeline.store, "locked", late)
    model = BAKERY.model()
    with pytest.raises(InputError, match="R2C-G030"):
        formulate(settings=settings, model=model, job=job)
    assert model.calls == []
    assert files(store) == set()


def test_a_folder_that_cannot_be_removed_is_told(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    job = interrupted(store)
    (store.hidden(job) / "in the way").mkdir(parents=True)
    with pytest.raises(StoreError, match="R2C-G035") as caught:
        remove_job(store, job)
    assert str(store.hidden(job)) in caught.value.fault.why
    assert store.problem(job).text == BAKERY.text


def test_what_a_killed_process_left_half_made_or_half_removed_goes_with_the_next_removal(
    settings: Settings,
) -> None:
    store = JobStore(settings.data_dir)
    left, fresh = store.hidden("0123456789abcdef"), store.hidden("fedcba9876543210")
    for folder in (left, fresh):
        folder.mkdir(parents=True)
        (folder / "problem.json").write_text("{}", encoding="utf-8")
    os.utime(left, (0, 0))
    assert list_jobs(store) == ()
    remove_job(store, interrupted(store))
    assert [path.name for path in store.jobs.iterdir()] == [fresh.name]
