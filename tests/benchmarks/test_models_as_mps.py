"""The narrow text in which a model leaves the sandbox: nothing is lost on its way."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pyomo.environ as pyo
import pytest
from pyomo.contrib.solver.solvers.highs import Highs

from r2c_benchmarks.sandbox.limits import ModelLimits
from r2c_benchmarks.sandbox.mps import fault_of, mps_of
from r2c_benchmarks.sandbox.optimum import Reading, read_optimum


def drawn(seed: int) -> pyo.ConcreteModel:
    """A model of all kinds of variables and rows with odd numbers in it."""
    draw = random.Random(seed)
    model = pyo.ConcreteModel()
    domains = [pyo.NonNegativeReals, pyo.Reals, pyo.Integers, pyo.Binary, pyo.PositiveIntegers]
    model.x = pyo.Var(range(8), domain=lambda _, k: domains[k % 5], bounds=(-3.7, 9.1))
    model.rows = pyo.ConstraintList()
    for _ in range(6):
        left = sum(draw.uniform(-2, 5) * model.x[k] for k in draw.sample(range(8), 4))
        side = draw.uniform(0.1, 20)
        kind = draw.choice(["<=", ">=", "both"])
        if kind == "both":
            model.rows.add((-side, left + 0.3, side))
        else:
            model.rows.add(left <= side if kind == "<=" else left >= -side)
    goal = sum(draw.gauss(0, 1e3) / 7 * model.x[k] for k in range(8)) + draw.gauss(0, 10)
    model.goal = pyo.Objective(expr=goal, sense=draw.choice([pyo.minimize, pyo.maximize]))
    return model


def read(model: pyo.ConcreteModel, folder: Path) -> Reading:
    text = mps_of(model)
    assert fault_of(text, ModelLimits()) is None
    (folder / "model.mps").write_text(text)
    return read_optimum(folder / "model.mps", time.monotonic() + 30)


@pytest.mark.parametrize("seed", range(12))
def test_the_readings_are_those_of_the_model_itself(seed: int, tmp_path: Path) -> None:
    found = read(drawn(seed), tmp_path)
    for name, domain in [("objective", None), ("relaxed", pyo.Reals), ("whole", pyo.Integers)]:
        model = drawn(seed)
        for variable in model.x.values():
            if domain is not None and not variable.is_binary():
                lower, upper = variable.bounds
                variable.domain = domain
                variable.setlb(lower)
                variable.setub(upper)
        result = Highs().solve(
            model, load_solutions=False, raise_exception_on_nonoptimal_result=False
        )
        if result.incumbent_objective is not None:
            expected = pytest.approx(result.incumbent_objective, rel=2e-4)
            assert getattr(found, name) == expected


def test_a_binary_choice_is_told_from_an_integer_between_0_and_1(tmp_path: Path) -> None:
    model = pyo.ConcreteModel()
    model.choice = pyo.Var(domain=pyo.Binary)
    model.count = pyo.Var(domain=pyo.Integers, bounds=(0, 1))
    model.rule = pyo.Constraint(expr=2 * model.choice + 2 * model.count <= 3)
    model.goal = pyo.Objective(expr=2 * model.choice + model.count, sense=pyo.maximize)
    assert read(model, tmp_path) == Reading("optimal", 2, relaxed=2.5, whole=None)


@pytest.mark.parametrize(
    "value", [0.1, 1 / 3, 1e-9, 123456789012345.6, 2.5e14, -0.0, 5e-324, 1e15 / 7]
)
def test_numbers_keep_all_their_digits(value: float, tmp_path: Path) -> None:
    import highspy

    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(value - 1, value + 1))
    model.rule = pyo.Constraint(expr=model.x >= value)
    model.goal = pyo.Objective(expr=value * model.x + value)
    (tmp_path / "model.mps").write_text(mps_of(model))
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(tmp_path / "model.mps"))
    lp = highs.getLp()
    assert (lp.col_cost_[0], lp.row_lower_[0], lp.offset_) == (value, value, value)
    assert (lp.col_lower_[0], lp.col_upper_[0]) == (value - 1, value + 1)


def test_names_of_a_model_never_reach_the_text() -> None:
    model = pyo.ConcreteModel()
    model.add_component("../../etc/passwd\nENDATA", pyo.Var(bounds=(0, 1)))
    variable = next(iter(model.component_data_objects(pyo.Var)))
    model.add_component("objective 7", pyo.Objective(expr=variable))
    assert "passwd" not in mps_of(model) and "objective" not in mps_of(model)


def test_two_objectives_are_refused() -> None:
    model = drawn(0)
    model.other = pyo.Objective(expr=model.x[0])
    with pytest.raises(ValueError, match="objective"):
        mps_of(model)
