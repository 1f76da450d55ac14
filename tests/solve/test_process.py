from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.formulation import Outcome
from r2c.solve.ask import ask
from r2c.solve.idle import IDLE
from r2c.solve.limits import Limits
from r2c.solve.matrix import Goal, Matrix
from r2c.solve.process import Failure, SolverProcess
from r2c.solve.settle import SUSPECT, Questioner, settle
from r2c.solve.solve import solve_plain
from r2c.solve.wire import LENGTH, Message, pack, unpack

NONE = np.zeros(0, np.int32)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="process facts are read from /proc")


def matrix(rows: list[list[float]], low: list[float], high: list[float], *, free: bool = False,
           whole: bool = False) -> Matrix:  # fmt: skip
    size = len(rows[0])
    return Matrix(
        lower=np.full(size, -np.inf if free else 0.0), upper=np.full(size, np.inf),
        integer=np.full(size, whole),
        starts=np.arange(0, len(rows) * size + 1, size).astype(np.int32),
        columns=np.tile(np.arange(size, dtype=np.int32), len(rows)),
        values=np.array(rows, float).ravel(), row_lower=np.array(low, float),
        row_upper=np.array(high, float), goals=(),
    )  # fmt: skip


def goal(*cost: float, sense: str = "min") -> Goal:
    return Goal("min" if sense == "min" else "max", 0.0, np.array(cost), NONE, NONE, np.zeros(0))


SMALL = matrix([[1.0, 1.0]], [2.0], [np.inf])
# No integers solve 5x - 5y = 23; without bounds branching never ends, and HiGHS looks at the clock
# too rarely on such a model.
ENDLESS = matrix([[5.0, -5.0, 0.0], [4.0, 0.0, 1.0]], [23, 23], [23, 23], free=True, whole=True)


def market_split(size: int = 40, rows: int = 5) -> Matrix:
    numbers = np.random.default_rng(7).integers(1, 99, (rows, size)).astype(float)
    slack = np.hstack([numbers, np.eye(rows), -np.eye(rows)])
    half = np.floor(numbers.sum(axis=1) / 2)
    split = matrix(slack.tolist(), half.tolist(), half.tolist())
    whole = np.arange(size + 2 * rows) < size
    upper = np.where(whole, 1.0, np.inf)
    return Matrix(**{**vars(split), "integer": whole, "upper": upper})


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def solver() -> Iterator[SolverProcess]:
    with SolverProcess() as started:
        yield started


@given(
    st.dictionaries(st.text(), st.integers() | st.text() | st.none() | st.booleans()),
    st.lists(st.floats(width=64, allow_nan=False)),
    st.lists(st.integers(-(2**31), 2**31 - 1)),
)
def test_messages_survive_the_way(fields, numbers, places):
    arrays = {"numbers": np.array(numbers, float), "places": np.array(places, np.int32)}
    packed = pack(Message(fields, arrays))
    assert LENGTH.unpack(packed[: LENGTH.size])[0] == len(packed) - LENGTH.size
    found = unpack(packed[LENGTH.size :])
    assert found.fields == fields
    assert found.arrays["numbers"].tolist() == numbers
    assert found.arrays["places"].tolist() == places


@LINUX
def test_a_process_that_hangs_is_killed_on_time_and_the_next_request_gets_a_new_one(solver):
    assert ask(solver, SMALL, goal(1, 2), Limits(), seconds=5).reading == "optimal"
    pid = solver.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    answer = ask(solver, SMALL, goal(1, 2), Limits(grace=0.2), seconds=0.5)
    assert 0.6 < time.monotonic() - began < 15
    assert answer.reading == "limit"
    assert answer.failure is not None and answer.failure.kind == "time"
    assert not alive(pid)
    assert ask(solver, SMALL, goal(1, 2), Limits(), seconds=5).reading == "optimal"


def test_highs_overrunning_its_own_limit_is_stopped_from_outside(solver):
    began = time.monotonic()
    limits = Limits(grace=0.0)
    answer = ask(solver, ENDLESS, None, limits, seconds=0.3, presolve=False)
    assert time.monotonic() - began < 15
    assert answer.reading == "limit"
    assert answer.failure is not None and answer.failure.kind == "time"


def test_a_model_that_never_ends_is_a_limit_within_the_time_given(plain):
    model, instance = plain(
        [{"name": name, "domain": "integer", "lower": None} for name in "xyz"],
        ["a: 5*x - 5*y == 23 + 0*z", "b: 4*x + z == 23"],
    )
    began = time.monotonic()
    solution = solve_plain(model, instance, Limits(seconds=1.0, grace=0.3))
    assert time.monotonic() - began < 30
    assert solution.outcome in (Outcome.LIMIT, Outcome.INFEASIBLE)


def test_the_seconds_of_a_plan_hold_no_start_of_a_process(plain):
    model, instance = plain([{"name": "x"}], ["a: x >= 2"])
    IDLE.close()
    with SolverProcess() as solver:
        began = time.monotonic()
        solution = solve_plain(model, instance, process=solver)
        wall, awaited = time.monotonic() - began, solver.awaited
        assert awaited > 0 and solution.seconds <= wall - awaited
        solve_plain(model, instance, process=solver)
        assert solver.awaited == awaited  # it was ready


def test_an_integer_search_tells_its_nodes_and_a_linear_program_has_none(solver):
    split = market_split(20, 2)
    searched = ask(solver, split, goal(*[0] * 20, *[1] * 4), Limits(), seconds=2.0)
    assert searched.nodes is not None and searched.nodes > 1
    assert ask(solver, SMALL, goal(1, 2), Limits(), seconds=5).nodes is None


@LINUX
def test_a_process_killed_in_the_middle_of_a_solve_is_replaced_and_the_solve_repeated(solver):
    solver.start()
    first = solver.pid
    assert first is not None
    threading.Timer(0.7, os.kill, (first, signal.SIGKILL)).start()
    answer = ask(solver, market_split(), goal(*[0] * 40, *[1] * 10), Limits(), seconds=2.0)
    assert solver.pid != first
    assert answer.reading == "limit" and answer.failure is None
    assert answer.point is not None


@LINUX
def test_a_process_that_dies_twice_is_a_coded_fault_with_the_best_plan_so_far(plain):
    stop = threading.Event()
    with SolverProcess() as solver:

        def kill_every_one() -> None:
            seen: set[int] = set()
            while not stop.is_set():
                pid = solver.pid
                if pid is not None and pid not in seen:
                    seen.add(pid)
                    time.sleep(0.8)
                    if alive(pid):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.01)

        killer = threading.Thread(target=kill_every_one)
        killer.start()
        try:
            size = 40
            split = market_split(size)
            rows = [
                f"m{k}: "
                + " + ".join(
                    f"{w:g}*x[{i}]" for i, w in enumerate(split.values[k * 50 : k * 50 + size])
                )
                + f" + over[{k}] - under[{k}] == {split.row_lower[k]:g}"
                for k in range(5)
            ]
            model, instance = plain(
                [{"name": "x", "over": ["I"], "domain": "binary"},
                 {"name": "over", "over": ["K"]}, {"name": "under", "over": ["K"]}],
                rows, ["min sum(over[k] + under[k] for k in K)"],
                sets=[{"name": "I", "elements": list(range(size))},
                      {"name": "K", "elements": list(range(5))}],
            )  # fmt: skip
            solution = solve_plain(model, instance, Limits(seconds=20), process=solver)
        finally:
            stop.set()
            killer.join()
    assert solution.outcome in (Outcome.FEASIBLE, Outcome.LIMIT)
    assert solution.fault is not None and solution.fault.code == "R2C-S004"


@LINUX
def test_a_solve_that_needs_too_much_memory_is_a_limit_and_nothing_else_breaks(solver):
    size = 700
    rows = np.random.default_rng(1).integers(1, 9, (size, size)).astype(float)
    large = matrix(rows.tolist(), [1.0] * size, [np.inf] * size)
    answer = ask(solver, large, goal(*range(size)), Limits(memory_mb=16), seconds=20)
    assert answer.reading == "limit"
    assert answer.failure is not None and answer.failure.kind == "memory"
    again = ask(solver, SMALL, goal(1, 2), Limits(), seconds=5)
    assert again.reading == "optimal" and again.point is not None
    assert again.point.tolist() == [2.0, 0.0]


@LINUX
def test_the_process_dies_with_its_parent():
    code = (
        "import time; from r2c.solve.process import SolverProcess; p = SolverProcess(); p.start();"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(1.0)
        assert alive(pid)
        parent.kill()
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


@LINUX
def test_the_process_is_given_no_secrets_of_its_parent(solver, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-4711")
    with SolverProcess() as fresh:
        assert ask(fresh, SMALL, goal(1, 2), Limits(), seconds=5).reading == "optimal"
        environment = Path(f"/proc/{fresh.pid}/environ").read_bytes()
    assert b"canary" not in environment


def test_closing_twice_and_asking_after_closing_is_harmless():
    solver = SolverProcess()
    solver.close()
    solver.start()
    solver.close()
    solver.close()
    assert solver.pid is None
    assert ask(solver, SMALL, goal(1, 2), Limits(), seconds=5).reading == "optimal"
    solver.close()


class Lying(SolverProcess):
    """A solver that calls everything infeasible as long as presolve is on."""

    def ask(self, request: Message, seconds: float) -> Message | Failure:
        options = request.fields["options"]
        assert isinstance(options, dict)
        reply = super().ask(request, seconds)
        if options["presolve"] == "off" or isinstance(reply, Failure):
            return reply
        return Message({**reply.fields, "status": "kInfeasible", "has_point": False})


def test_infeasible_is_not_believed_if_a_solve_without_presolve_finds_a_point():
    with Lying() as solver:
        questioner = Questioner(solver, SMALL, Limits(), time.monotonic() + 5)
        settled = settle(questioner, goal(1, 2))
    assert settled.answer.reading == "optimal"
    assert settled.answer.point is not None and settled.answer.point.tolist() == [2.0, 0.0]
    assert settled.notes[0].startswith(SUSPECT)
