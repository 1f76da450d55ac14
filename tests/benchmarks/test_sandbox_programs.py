"""Ordinary programs in the sandbox: what of theirs counts, and what is their own fault."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from r2c.errors import SolveError
from r2c_benchmarks.sandbox import box
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.sandbox.optimum import Reading

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
MIXED = """
import pyomo.environ as pyo
model = pyo.ConcreteModel()
model.boxes = pyo.Var(domain=pyo.NonNegativeIntegers)
model.litres = pyo.Var(domain=pyo.NonNegativeReals)
model.room = pyo.Constraint(expr=2 * model.boxes + model.litres <= 7.5)
model.goal = pyo.Objective(expr=3 * model.boxes + model.litres, sense=pyo.maximize)
"""


UNBOUNDED = """
import pyomo.environ as pyo
model = pyo.ConcreteModel()
model.x = pyo.Var(domain=pyo.NonNegativeReals)
model.goal = pyo.Objective(expr=model.x, sense=pyo.maximize)
"""
OPEN = """
import pyomo.environ as pyo
model = pyo.ConcreteModel()
model.x = pyo.Var(range(3), domain=pyo.NonNegativeIntegers)
model.a = pyo.Constraint(expr=model.x[0] - model.x[1] <= 3)
model.b = pyo.Constraint(expr=model.x[2] <= 5)
model.c = pyo.Constraint(expr=2 * model.x[0] + 3 * model.x[2] - model.x[1] <= 17)
model.goal = pyo.Objective(expr=model.x[0] + model.x[2], sense=pyo.maximize)
"""
"""Without an end, which presolve cannot tell from having no plan."""
HARD = """
import random
import pyomo.environ as pyo
model = pyo.ConcreteModel()
draw = random.Random(3)
model.x = pyo.Var(range(60), domain=pyo.Binary)
model.rules = pyo.ConstraintList()
for _ in range(30):
    weights = [draw.randint(400, 1000) for _ in range(60)]
    model.rules.add(sum(w * model.x[k] for k, w in enumerate(weights)) <= sum(weights) // 2)
model.goal = pyo.Objective(
    expr=sum(draw.randint(400, 1000) * model.x[k] for k in range(60)), sense=pyo.maximize
)
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        try:
            opened.start()
        except SolveError as error:
            pytest.skip(str(error))
        yield opened


def test_a_model_is_solved_in_its_three_readings(sandbox: Sandbox) -> None:
    assert sandbox.run(MIXED).reading == Reading("optimal", 10.5, relaxed=11.25, whole=10.0)


def test_binary_choices_stay_choices_in_every_reading(sandbox: Sandbox) -> None:
    program = MIXED.replace("NonNegativeIntegers", "Binary").replace("<= 7.5", "<= 1.5")
    assert sandbox.run(program).reading == Reading("optimal", 1.5, relaxed=None, whole=1.0)


@pytest.mark.parametrize(
    "ending",
    [
        "pyo.SolverFactory('glpk').solve(model)",
        "r = pyo.SolverFactory('gurobi', solver_io='x').solve(model, tee=True)\nprint(r.no)",
        "from pyomo.opt import SolverFactory\ns = SolverFactory('cbc')\ns.options['sec'] = 9\n"
        "assert s.available()\ns.solve(model)\nprint(model.goal())",
        "import sys\nsys.exit(0)",
        "print('x' * 10_000_000)",
    ],
)
def test_whatever_a_program_does_after_building_its_model_is_forgiven(
    sandbox: Sandbox, ending: str
) -> None:
    assert sandbox.run(MIXED + ending).reading.objective == 10.5


@pytest.mark.parametrize(
    ("program", "status", "said"),
    [
        (MIXED.replace("<= 7.5", ">= 7.5"), "unbounded", ""),
        (OPEN, "unbounded", ""),
        (OPEN + "model.no = pyo.Constraint(expr=model.x[2] >= 6)", "infeasible", ""),
        (MIXED + "model.no = pyo.Constraint(expr=model.boxes <= -1)", "infeasible", ""),
        (UNBOUNDED, "unbounded", ""),
        (MIXED.replace("model.boxes + model", "model.boxes * model"), "error", "degree"),
        (MIXED + "model.more = pyo.Objective(expr=model.litres)", "error", ""),
        ("import pyomo.environ as pyo\nmodel = 1", "error", "no ConcreteModel"),
        (MIXED + "oh no", "error", "line 8: SyntaxError"),
        (MIXED + "model.x.y", "error", "line 8: AttributeError"),
        ("", "error", "no ConcreteModel"),
        ("import numpy\n\udcff", "error", ""),
    ],
)
def test_a_program_without_an_optimum_says_why(
    sandbox: Sandbox, program: str, status: str, said: str
) -> None:
    reading = sandbox.run(program).reading
    assert (reading.status, reading.objective) == (status, None)
    assert said in reading.message


def test_the_point_of_a_solve_that_ran_out_of_time_is_kept(sandbox: Sandbox) -> None:
    slow = HARD + "import time\ntime.sleep(2)\npyo.SolverFactory('cbc').solve(model)\n"
    reading = sandbox.run(slow, wall_seconds=9).reading
    assert reading.status in ("limit", "optimal")
    assert reading.objective is not None and reading.objective > 0


def test_solving_a_model_overruns_the_wall_limit_no_more_than_a_program_does(
    sandbox: Sandbox,
) -> None:
    execution = sandbox.run(HARD.replace("60", "400").replace("(30)", "(200)"), wall_seconds=5)
    assert execution.reading.status == "limit"
    assert execution.seconds < 7


SIMPLE = """
import pyomo.environ as pyo
model = pyo.ConcreteModel()
model.x = pyo.Var(bounds=(1, 4))
"""


@pytest.mark.parametrize(
    ("lines", "objective"),
    [
        ("model.goal = pyo.Objective(expr=3 * model.x + 5, sense=pyo.maximize)", 17),
        ("model.goal = pyo.Objective(expr=3 * model.x - 5)", -2),
        ("model.goal = pyo.Objective(expr=-3 * model.x + 5, sense=pyo.maximize)", 2),
        ("model.goal = pyo.Objective(expr=-model.x / 3 - 0.1)", -4 / 3 - 0.1),
        ("model.x.fix(2.5)\nmodel.goal = pyo.Objective(expr=2 * model.x + 1)", 6),
        ("model.goal = pyo.Objective(expr=(model.x - 3) ** 2 + 1)", 1),
        ("model.goal = pyo.Objective(expr=5 - (model.x - 2) ** 2, sense=pyo.maximize)", 5),
        ("model.c = pyo.Constraint(expr=model.x >= 2)\nmodel.goal = pyo.Objective(expr=7)", 7),
        (
            "model.c = pyo.Constraint(expr=(2, model.x, 3))\n"
            "model.goal = pyo.Objective(expr=model.x)",
            2,
        ),
    ],
)
def test_sense_constant_and_numbers_survive_the_way_out(
    sandbox: Sandbox, lines: str, objective: float
) -> None:
    reading = sandbox.run(SIMPLE + lines).reading
    assert reading.status == "optimal"
    assert reading.objective == pytest.approx(objective, abs=1e-6)


@pytest.mark.parametrize(
    ("lines", "status", "said"),
    [
        (
            "model.y = pyo.Var(bounds=(5, 3))\nmodel.goal = pyo.Objective(expr=model.y)",
            "infeasible",
            "",
        ),
        ("model.goal = pyo.Objective(expr=float('nan') * model.x)", "error", "is nan"),
        ("model.goal = pyo.Objective(expr=float('inf') * model.x)", "error", "is inf"),
        ("model.goal = pyo.Objective(expr=1e25 * model.x)", "error", "is inf"),
        (
            "model.goal = pyo.Objective(expr=(model.x - 3) ** 2, sense=pyo.maximize)",
            "error",
            "HiGHS",
        ),
        ("model.far = pyo.Constraint(expr=1e16 * model.x >= 3)", "error", "refuses a row"),
        ("", "optimal", ""),
    ],
)
def test_a_model_that_cannot_be_solved_says_why(
    sandbox: Sandbox, lines: str, status: str, said: str
) -> None:
    reading = sandbox.run(SIMPLE + "model.c = pyo.Constraint(expr=model.x >= 2)\n" + lines).reading
    assert (reading.status, reading.objective) == (status, None)
    assert said in reading.message


IN_BETWEEN = """
model.goal = pyo.Objective(expr=model.boxes + model.litres, sense=pyo.maximize)
pyo.SolverFactory('glpk').solve(model)
best = pyo.value(model.goal)
model.enough = pyo.Constraint(expr=model.boxes + model.litres >= best)
model.del_component(model.goal)
model.second = pyo.Objective(expr=model.boxes + 100 * best)
pyo.SolverFactory('glpk').solve(model)
model.boxes.set_value(99)
"""


def test_a_program_may_go_on_with_what_it_solved_and_its_last_model_counts(
    sandbox: Sandbox,
) -> None:
    program = MIXED[: MIXED.index("model.goal")] + IN_BETWEEN
    assert sandbox.run(program).reading.objective == 750


def test_the_warm_process_gives_way_to_a_fresh_one_after_some_programs() -> None:
    found = []
    with Sandbox(programs_per_process=2) as sandbox:
        for _ in range(5):
            assert sandbox.run(MIXED).reading.objective == 10.5
            assert sandbox._process is not None
            found.append(sandbox._process.pid)
    assert found[0] == found[1] != found[2] == found[3] != found[4]


def test_programs_do_not_see_each_other(sandbox: Sandbox) -> None:
    assert sandbox.run("import pyomo\npyomo.left = 1\nopen('left', 'w')").reading.status == "error"
    reading = sandbox.run(
        "import os, pyomo\nraise ValueError(hasattr(pyomo, 'left'), os.listdir())"
    )
    assert "(False, ['program.py'])" in reading.reading.message


def test_several_threads_may_share_a_sandbox(sandbox: Sandbox) -> None:
    found: list[float | None] = []

    def ask(limit: int) -> None:
        program = MIXED.replace("7.5", str(limit))
        found.append(sandbox.run(program).reading.objective)

    threads = [threading.Thread(target=ask, args=(limit,)) for limit in (2, 4, 6, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(value for value in found if value is not None) == [3, 6, 9, 12]


def test_a_sandbox_that_died_is_started_again(sandbox: Sandbox) -> None:
    process = sandbox._process
    assert process is not None
    process.kill()
    process.wait()
    assert sandbox.run(MIXED).reading.objective == 10.5


def test_the_sandbox_starts_with_an_empty_environment(sandbox: Sandbox) -> None:
    os.environ["R2C_API_KEY_FOR_TEST"] = "secret"
    with Sandbox() as fresh:
        message = fresh.run("import os\nraise ValueError(sorted(os.environ))").reading.message
    del os.environ["R2C_API_KEY_FOR_TEST"]
    assert "R2C_API_KEY_FOR_TEST" not in message and "OMP_NUM_THREADS" in message


@pytest.mark.parametrize("missing", ["landlock.version", "seccomp.available"])
def test_without_landlock_or_seccomp_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    module, name = missing.split(".")
    patch = f"import r2c_benchmarks.sandbox.{module} as m; m.{name} = lambda: 0; "
    monkeypatch.setattr(box, "_START", box._START.replace("from ", patch + "from ", 1))
    with Sandbox() as refused, pytest.raises(SolveError, match="R2C-B001"):
        refused.run(MIXED)


def test_without_namespaces_a_kernel_that_lets_files_be_emptied_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patch = "import r2c_benchmarks.sandbox.landlock as m; m.version = lambda: 2; "
    monkeypatch.setattr(box, "_START", box._START.replace("from ", patch + "from ", 1))
    with (
        Sandbox(own_namespaces=False) as refused,
        pytest.raises(SolveError, match=r"6\.2 or newer"),
    ):
        refused.run(MIXED)


def test_a_sandbox_that_cannot_start_says_what_its_process_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(box, "_START", "raise SystemExit('no pyomo here')")
    with Sandbox() as broken, pytest.raises(SolveError, match=r"R2C-B002(.|\n)*no pyomo here"):
        broken.start()
