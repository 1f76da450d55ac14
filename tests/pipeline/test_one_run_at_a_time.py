"""Two runs of one job: the second is refused at once, and the first one's steps stay whole."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from doomed_job import logging
from readers import FERRY
from test_resuming_after_a_kill import CALLS, run_until_dead

from r2c.errors import InputError, StoreError
from r2c.pipeline.api import aformulate, formulate
from r2c.pipeline.store import JobStore
from r2c.problem.read import read_problem
from r2c.settings import Settings

HERE = Path(__file__).parent


@contextmanager
def started(
    settings: Settings, job: str, log: Path, gate: Path, point: str = "never"
) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own, ready to begin; killed at the end if it still runs."""
    words = [str(word) for word in (settings.data_dir, job, log, gate, point)]
    process = subprocess.Popen(
        [sys.executable, str(HERE / "waiting_job.py"), *words],
        env={**os.environ, "PYTHONPATH": f"{HERE.parents[1]}{os.pathsep}{HERE}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(path: Path, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} did not appear"
        time.sleep(0.01)


def test_a_job_at_work_is_refused_at_once_and_free_when_its_process_is_killed(
    settings: Settings, tmp_path: Path
) -> None:
    gate, log = tmp_path / "gate", tmp_path / "calls"
    gate.write_text("", encoding="utf-8")
    with started(settings, "new", log, gate, "sentence 3") as first:
        wait_for(tmp_path / "gate.reached")
        (folder,) = (settings.data_dir / "jobs").iterdir()
        began = time.monotonic()
        second = logging(tmp_path / "calls of the second", "never")
        with pytest.raises(StoreError) as caught:
            formulate(settings=settings, model=second, job=folder.name)
        assert caught.value.code == "R2C-G033"
        assert folder.name in caught.value.fault.what
        assert time.monotonic() - began < 10
        assert second.calls == []
        assert first.poll() is None
        first.kill()  # SIGKILL: nothing of the process can clean up
        first.wait()
    answer = formulate(settings=settings, model=logging(log, "never"), job=folder.name)
    assert answer.objective == pytest.approx(2700.0)
    asked = Counter(log.read_text(encoding="utf-8").split("\n")[:-1])
    assert asked == CALLS + Counter(["sentence 3"])


@pytest.mark.slow
def test_of_many_runs_that_resume_a_job_at_once_one_works_and_the_others_are_told(
    settings: Settings, tmp_path: Path
) -> None:
    gate, log = tmp_path / "gate", tmp_path / "calls"
    run_until_dead(settings.data_dir, log, "sentence 3")
    (folder,) = (settings.data_dir / "jobs").iterdir()
    with (
        started(settings, folder.name, log, gate) as one,
        started(settings, folder.name, log, gate) as two,
        started(settings, folder.name, log, gate) as three,
    ):
        gate.write_text("", encoding="utf-8")
        said = [process.communicate(timeout=200)[0].strip() for process in (one, two, three)]
    # One that comes when the first has ended is given the result that there is.
    assert set(said) <= {"2700.0", "R2C-G033"}
    assert "2700.0" in said
    asked = Counter(log.read_text(encoding="utf-8").split("\n")[:-1])
    assert asked == CALLS + Counter(["sentence 3"])
    assert {path.name for path in folder.iterdir()} == {"problem.json", "result.json"}


def test_a_result_is_given_to_everybody_also_while_the_job_is_held(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    answer = formulate(FERRY.text, settings=settings, model=FERRY.model())
    (folder,) = (settings.data_dir / "jobs").iterdir()
    with store.held(folder.name):
        again = formulate(settings=settings, model=FERRY.model(), job=folder.name)
        assert store.ended(folder.name) == again
    assert again.objective == answer.objective


def test_a_run_that_waited_for_the_end_of_another_takes_its_result(settings: Settings) -> None:
    # The other run ends between the look for a result and the hold: nothing is done twice.
    store = JobStore(settings.data_dir)
    answer = formulate(FERRY.text, settings=settings, model=FERRY.model())
    (folder,) = (settings.data_dir / "jobs").iterdir()
    result = (folder / "result.json").read_bytes()
    (folder / "result.json").unlink()
    model = FERRY.model()

    class Late(JobStore):
        def problem(self, job: str):
            (folder / "result.json").write_bytes(result)
            return super().problem(job)

    import r2c.pipeline.api

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(r2c.pipeline.api, "JobStore", Late)
        again = formulate(settings=settings, model=model, job=folder.name)
    assert model.calls == []
    assert again.objective == answer.objective
    assert store.ended(folder.name) is not None


async def test_two_tasks_of_one_process_cannot_work_on_one_job(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    with store.begun(read_problem(FERRY.text)) as job:
        pass
    runs = [aformulate(settings=settings, model=FERRY.model(), job=job) for _ in range(2)]
    found = await asyncio.gather(*runs, return_exceptions=True)
    codes = [item.code for item in found if isinstance(item, StoreError)]
    assert codes == ["R2C-G033"]
    done = [item for item in found if not isinstance(item, BaseException)]
    assert [item.objective for item in done] == [pytest.approx(2700.0)]


async def test_a_cancelled_run_lets_go_of_its_job(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    with store.begun(read_problem(FERRY.text)) as job:
        pass
    task = asyncio.create_task(aformulate(settings=settings, model=FERRY.model(), job=job))
    while True:
        await asyncio.sleep(0.01)
        assert not task.done()
        try:
            with store.held(job):
                continue
        except StoreError:
            break
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.ended(job) is None
    answer = await aformulate(settings=settings, model=FERRY.model(), job=job)
    assert answer.objective == pytest.approx(2700.0)


def test_holding_writes_nothing_and_an_unknown_job_leaves_no_file(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    with store.begun(read_problem(FERRY.text)) as job:
        pass
    before = (store.folder(job) / "problem.json").read_bytes()
    with store.held(job):
        assert store.problem(job).text == FERRY.text
    assert [path.name for path in store.folder(job).iterdir()] == ["problem.json"]
    assert (store.folder(job) / "problem.json").read_bytes() == before
    with pytest.raises(InputError, match="R2C-G030"), store.held("0123456789abcdef"):
        raise AssertionError
    assert not store.folder("0123456789abcdef").exists()
