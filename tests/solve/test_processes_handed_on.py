from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from r2c.pipeline.worker import JobSolver
from r2c.solve.ask import ask, request
from r2c.solve.idle import IDLE, MOST, REQUESTS
from r2c.solve.limits import Limits
from r2c.solve.matrix import Goal, Matrix
from r2c.solve.process import SolverProcess

NONE = np.zeros(0, np.int32)
SMALL = Matrix(
    lower=np.zeros(2), upper=np.full(2, np.inf), integer=np.zeros(2, bool),
    starts=np.array([0, 2], np.int32), columns=np.arange(2, dtype=np.int32), values=np.ones(2),
    row_lower=np.array([2.0]), row_upper=np.array([np.inf]), goals=(),
)  # fmt: skip
GOAL = Goal("min", 0.0, np.array([1.0, 2.0]), NONE, NONE, np.zeros(0))


@pytest.fixture(autouse=True)
def none_waiting() -> Iterator[None]:
    IDLE.close()
    yield
    IDLE.close()


def solved(solver: SolverProcess) -> int:
    """The process id after a solve."""
    assert ask(solver, SMALL, GOAL, Limits(), seconds=20).reading == "optimal"
    assert solver.pid is not None
    return solver.pid


def one_solve() -> int:
    with SolverProcess() as solver:
        return solved(solver)


def test_a_process_that_is_closed_in_good_order_serves_the_next_solver():
    first = one_solve()
    with SolverProcess() as solver:
        assert solver.pid == first
        assert solved(solver) == first
        assert solver.awaited == 0.0


def test_a_process_that_nobody_asked_anything_is_handed_on_too():
    with SolverProcess() as solver:
        first = solver.pid
    assert one_solve() == first


def test_two_solvers_at_a_time_never_share_a_process():
    one_solve()
    with SolverProcess() as left, SolverProcess() as right:
        assert left.pid != right.pid


def test_a_process_that_still_owes_an_answer_is_ended_and_not_handed_on():
    with SolverProcess() as solver:
        first = solved(solver)
        message = request(SMALL, GOAL, Limits(), seconds=20, presolve=True)
        child = solver._child
        assert child is not None
        child.send(
            message, time.monotonic() + 20
        )  # as if ask had been interrupted before the answer
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert one_solve() != first


def test_a_process_that_died_while_it_waited_is_not_taken():
    first = one_solve()
    os.kill(first, 9)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert one_solve() != first


def test_a_process_outlives_the_thread_that_it_was_started_in():
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(one_solve()))
    thread.start()
    thread.join()
    assert one_solve() == found[0]


def test_a_process_with_another_environment_is_not_taken(monkeypatch):
    first = one_solve()
    monkeypatch.setenv("LANG", "tlh")
    assert one_solve() != first
    with SolverProcess(threads=2) as solver:
        assert solver.pid != first


def test_no_more_than_a_few_wait_and_none_for_ever():
    solvers = [SolverProcess() for _ in range(MOST + 2)]
    pids = [solved(solver) for solver in solvers]
    for solver in solvers:
        solver.close()
    gone = 0
    for pid in pids:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            gone += 1
    assert gone == 2
    with SolverProcess() as solver:
        first = solver.pid
        for _ in range(REQUESTS):
            solved(solver)
    assert one_solve() != first


def test_a_job_that_is_stopped_late_does_not_end_the_process_that_it_handed_on():
    job = JobSolver()
    first = solved(job)
    job.close()
    job.stop()
    assert one_solve() == first


def test_a_job_that_is_stopped_ends_its_process():
    job = JobSolver()
    first = solved(job)
    job.stop()
    job.close()
    assert one_solve() != first


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_takes_none_of_its_parent_and_starts_its_own():
    first = one_solve()
    child = os.fork()
    if child == 0:  # no assertion may leave this branch
        own = -1
        try:
            own = one_solve()
            IDLE.close()
        finally:
            os._exit(0 if own not in (-1, first) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert one_solve() == first
