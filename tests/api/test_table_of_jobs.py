"""Whoever lost a job can change nothing any more, and a job that kills its workers ends."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from databases import opened

import r2c_api.jobs.table
from r2c.client.wire import JobState, Progress
from r2c.errors import InputError, StoreError
from r2c.formulation import Event
from r2c.llm.failures import UNREACHABLE
from r2c_api.jobs.record import NewJob, Request
from r2c_api.jobs.table import JobTable, Key
from r2c_api.store.sqlite import SqliteDatabase


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def jobs(request: pytest.FixtureRequest, tmp_path: Path):
    with opened(request.param, tmp_path) as database:
        yield JobTable(database, queue=1000)


def new(number: int = 0, tenant: str = "a") -> NewJob:
    return NewJob(id=f"job-{number:04}", tenant=tenant, kind="formulate")


def states(jobs: JobTable, job: str) -> list[JobState]:
    return [event.state for event in jobs.events(job, 0)[0] if event.state is not None]


def test_a_job_is_claimed_once_however_many_want_it(jobs: JobTable) -> None:
    jobs.submit([new(number) for number in range(30)])
    claimed: list[str] = []

    def work(name: str) -> None:
        while (found := jobs.claim(name)) is not None:
            claimed.append(found[0].id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == [f"job-{number:04}" for number in range(30)]


def test_a_worker_that_was_taken_for_dead_cannot_end_the_job_of_its_successor(
    jobs: JobTable,
) -> None:
    jobs.submit([new()])
    first = jobs.claim("w1")
    assert first is not None
    time.sleep(0.05)
    assert jobs.requeue_stalled(0.01, attempts=5) == 1
    second = jobs.claim("w2")
    assert second is not None and second[1].attempt == 2
    assert jobs.beat([first[1], second[1]]) == (set(), {first[1]})
    jobs.tell(first[1], Event(stage="x", message="late"))
    assert not jobs.end(first[1], JobState.FAILED)
    assert not jobs.hand_back(first[1])
    assert jobs.end(second[1], JobState.SUCCEEDED)
    assert not jobs.end(second[1], JobState.FAILED)
    assert jobs.get("a", "job-0000").state is JobState.SUCCEEDED
    assert states(jobs, "job-0000") == ["queued", "running", "queued", "running", "succeeded"]
    assert all(event.step is None for event in jobs.events("job-0000", 0)[0])


def test_a_job_whose_worker_gives_signs_of_life_is_left_to_it(jobs: JobTable) -> None:
    jobs.submit([new()])
    claimed = jobs.claim("w1")
    assert claimed is not None
    time.sleep(0.3)
    jobs.beat([claimed[1]])
    assert jobs.requeue_stalled(0.2, attempts=5) == 0


def test_a_job_that_kills_its_workers_fails_after_its_attempts(jobs: JobTable) -> None:
    jobs.submit([new()])
    for _ in range(3):
        assert jobs.claim("w") is not None
        time.sleep(0.02)
        jobs.requeue_stalled(0.01, attempts=3)
    record = jobs.get("a", "job-0000")
    assert record.state is JobState.FAILED
    assert record.fault is not None and record.fault.code == "R2C-B608"
    assert jobs.claim("w") is None


def test_a_cancelled_job_whose_worker_died_is_cancelled_and_not_begun_again(
    jobs: JobTable,
) -> None:
    jobs.submit([new()])
    claimed = jobs.claim("w")
    assert claimed is not None
    assert jobs.cancel("a", "job-0000").state is JobState.RUNNING
    assert jobs.beat([claimed[1]]) == ({claimed[1]}, set())
    time.sleep(0.02)
    jobs.requeue_stalled(0.01, attempts=3)
    assert jobs.get("a", "job-0000").state is JobState.CANCELLED


def test_a_job_that_was_handed_back_waits_its_time(jobs: JobTable) -> None:
    jobs.submit([new()])
    claimed = jobs.claim("w")
    assert claimed is not None
    jobs.hand_back(claimed[1], 0.3)
    assert jobs.claim("w") is None
    time.sleep(0.35)
    again = jobs.claim("w")
    assert again is not None and again[1].attempt == 2


def test_nobody_sees_the_job_of_another_tenant(jobs: JobTable) -> None:
    jobs.submit([new()])
    for ask in (jobs.get, jobs.cancel):
        with pytest.raises(InputError, match="R2C-B602"):
            ask("b", "job-0000")
    assert jobs.page("b", 10, None) == []
    assert jobs.known("b", Key("k", "d")) is None
    assert jobs.get("a", "job-0000").state is JobState.QUEUED


def test_jobs_are_entered_all_or_none(jobs: JobTable) -> None:
    small = JobTable(jobs._database, queue=2)
    with pytest.raises(StoreError, match="R2C-B607"):
        small.submit([new(number) for number in range(3)])
    assert jobs.page("a", 10, None) == []


def test_what_ended_long_ago_is_forgotten_with_its_events(jobs: JobTable) -> None:
    jobs.submit([new(1)], Key("k", "d"))
    jobs.cancel("a", "job-0001")
    jobs.submit([new(2)])
    later = time.time() + 1
    assert jobs.old(later) == [("a", "job-0001")]
    jobs.forget(["job-0001", "job-0002"], later)  # the second one has not ended
    assert [record.id for record in jobs.page("a", 10, None)] == ["job-0002"]
    assert jobs.events("job-0001", 0)[0] == []
    assert jobs.known("a", Key("k", "d")) is None


def test_what_was_to_end_is_not_handed_back(jobs: JobTable) -> None:
    jobs.submit([new()])
    claimed = jobs.claim("w")
    assert claimed is not None
    jobs.cancel("a", "job-0000")
    jobs.hand_back(claimed[1], counted=False)
    assert jobs.get("a", "job-0000").state is JobState.CANCELLED
    assert jobs.claim("w") is None


@pytest.mark.parametrize("by", ["fault", "cancel", "cancel of a waiting job", "dead workers"])
def test_a_job_that_fails_to_go_on_with_answers_is_as_it_was_before_them(
    jobs: JobTable, by: str
) -> None:
    jobs.submit([new()])
    first = jobs.claim("w")
    assert first is not None
    jobs.end(first[1], JobState.SUCCEEDED, result=Progress(objective=7.0))
    ended = jobs.get("a", "job-0000")
    asked = Request(answers={"q": "new"}, before={})
    assert jobs.go_on("a", "job-0000", asked, ended.version)
    if by == "cancel of a waiting job":
        jobs.cancel("a", "job-0000")
    else:
        again = jobs.claim("w")
        assert again is not None and again[0].request.answers == {"q": "new"}
        if by == "fault":
            jobs.end(again[1], JobState.FAILED, fault=UNREACHABLE.fault(url="u", reason="r"))
        elif by == "cancel":
            jobs.end(again[1], JobState.CANCELLED)
        else:
            jobs.requeue_stalled(-1.0, attempts=1)
    found = jobs.get("a", "job-0000")
    assert (found.state, found.result.objective) == (JobState.SUCCEEDED, 7.0)
    assert (found.request.answers, found.request.before, found.cancel) == ({}, None, False)
    assert (found.fault is None) == by.startswith("cancel")
    assert states(jobs, "job-0000")[-1] is JobState.SUCCEEDED
    assert jobs.go_on("a", "job-0000", asked, found.version)  # the same answers, once more


def test_times_are_those_of_the_one_clock_of_the_store(
    jobs: JobTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose clock is an hour ahead takes no job from the others."""
    jobs.submit([new()])
    claimed = jobs.claim("w")
    assert claimed is not None
    here = jobs.now()
    if isinstance(jobs._database, SqliteDatabase):
        assert abs(here - time.time()) < 60
    else:
        monkeypatch.setattr(time, "time", lambda: here + 3600)
    assert jobs.requeue_stalled(30.0, 5) == 0
    assert "time" not in vars(r2c_api.jobs.table)


def test_a_store_that_cannot_be_made_is_a_coded_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="R2C-B613"):
        SqliteDatabase(tmp_path / "file" / "service.sqlite")


def damage(jobs: JobTable, job: str, column: str = "request") -> None:
    with jobs._database.writing() as session:
        session.run(f"UPDATE job SET {column} = ? WHERE id = ?", '{"cir": 3}', job)


@pytest.mark.parametrize("column", ["request", "result"])
def test_a_row_that_cannot_be_read_fails_and_the_others_go_on(jobs: JobTable, column: str) -> None:
    jobs.submit([new(1), new(2)])
    damage(jobs, "job-0001", column)
    assert [job.state for job in jobs.page("a", 10, None)] == [JobState.QUEUED, JobState.FAILED]
    claimed = jobs.claim("w")
    assert claimed is not None and claimed[0].id == "job-0002"
    record = jobs.get("a", "job-0001")
    assert record.state is JobState.FAILED
    assert record.fault is not None and record.fault.code == "R2C-B623"
    assert states(jobs, "job-0001") == ["queued", "failed"]


def test_a_running_row_that_cannot_be_read_does_not_keep_the_stalled_from_others(
    jobs: JobTable,
) -> None:
    jobs.submit([new(1), new(2)])
    assert jobs.claim("w") is not None and jobs.claim("w") is not None
    damage(jobs, "job-0001")
    time.sleep(0.02)
    assert jobs.requeue_stalled(0.01, attempts=5) == 2
    assert jobs.get("a", "job-0001").state is JobState.FAILED
    assert jobs.get("a", "job-0002").state is JobState.QUEUED


def test_a_request_that_could_not_be_read_again_is_not_entered(jobs: JobTable) -> None:
    request = Request(answers={"a": float("inf")})
    with pytest.raises(InputError, match="R2C-B601"):
        jobs.submit([new().model_copy(update={"request": request})])
    assert jobs.page("a", 10, None) == []


def test_a_tenant_fills_its_share_of_the_queue_and_no_more(jobs: JobTable) -> None:
    small = JobTable(jobs._database, queue=10, share=2)
    small.submit([new(1), new(2)])
    with pytest.raises(InputError, match="R2C-B624"):
        small.submit([new(3)])
    small.submit([new(4, "b")])
    assert small.claim("w") is not None
    small.submit([new(5)])


def test_a_job_goes_on_only_from_the_version_that_was_looked_at(jobs: JobTable) -> None:
    jobs.submit([new()])
    claimed = jobs.claim("w")
    assert claimed is not None and jobs.end(claimed[1], JobState.SUCCEEDED)
    version = jobs.get("a", "job-0000").version
    assert not jobs.go_on("a", "job-0000", Request(answers={"q": "old"}), version - 1)
    assert jobs.go_on("a", "job-0000", Request(answers={"q": "new"}), version)
    assert not jobs.go_on("a", "job-0000", Request(answers={"q": "late"}), version)
    assert jobs.get("a", "job-0000").request.answers == {"q": "new"}
