from __future__ import annotations

import math

import pytest

from r2c.cir.members import Key
from r2c.solve.limits import Limits
from r2c.solve.residual import Point, residuals
from r2c.solve.solve import solve_plain


@pytest.fixture
def blending(plain):
    return plain(
        [{"name": "mix", "over": ["I"], "upper": "60"},
         {"name": "on", "over": ["I"], "domain": "binary"}],
        ["total: sum(mix[i] for i in I) == 100",
         "link: 10*on[i] <= mix[i] <= 60*on[i] forall for i in I",
         "sulphur: sum(s[i]*mix[i] for i in I) <= 3*100"],
        ["min sum(mix[i]*s[i] + on[i] for i in I)"],
        sets=[{"name": "I", "elements": ["a", "b", "c"]}],
        parameters=[{"name": "s", "over": ["I"], "value": {"kind": "dense", "values": [1, 3, 5]}}],
    )  # fmt: skip


def point(mix: list[float], on: list[float]) -> dict[str, dict[Key, float]]:
    keys: list[Key] = [("a",), ("b",), ("c",)]
    return {"mix": dict(zip(keys, mix, strict=True)), "on": dict(zip(keys, on, strict=True))}


def test_the_solvers_own_point_passes_and_the_objective_is_recomputed(blending, process):
    model, instance = blending
    solution = solve_plain(model, instance, Limits(seconds=5), process=process)
    found: Point = {
        name: {item.key: item.value for item in items} for name, items in solution.values.items()
    }
    check = residuals(model, instance, found)
    assert check.passed and check.worst <= 1e-7
    assert check.objectives == (solution.objective,)
    assert check.checked == 1 + 6 + 1 + 6 + 9


@pytest.mark.parametrize(
    ("mix", "on", "kind", "owner", "amount"),
    [
        ([60, 39, 0], [1, 1, 0], "row", "total", 1),
        ([60, 40, 0], [1, 0, 0], "row", "link", 40),
        ([60, 32, 8], [1, 1, 1], "row", "link", 2),
        ([20, 40, 40], [1, 1, 1], "row", "sulphur", 40),
        ([70, 30, 0], [1, 1, 0], "bound", "mix", 10),
        ([60, 40, 0], [1, 1, 0.5], "integrality", "on", 0.5),
        ([60, 40, 0], [1, 1, 2], "bound", "on", 1),
        ([60, 40, math.nan], [1, 1, 0], "value", "mix", math.inf),
    ],
)
def test_each_kind_of_violation_is_found_and_measured(blending, mix, on, kind, owner, amount):
    model, instance = blending
    check = residuals(model, instance, point(mix, on))
    assert not check.passed
    assert (kind, owner, amount) in [
        (item.kind, item.owner, pytest.approx(item.amount)) for item in check.violations
    ]
    assert check.violations[0].scaled == check.worst


def test_rounding_in_large_numbers_is_forgiven_in_proportion(plain):
    model, instance = plain("x y", ["r: x == y"])
    near: dict[str, dict[Key, float]] = {"x": {(): 1e9}, "y": {(): 1e9 + 1}}
    assert residuals(model, instance, near, tolerance=1e-8).passed
    assert not residuals(model, instance, near, tolerance=1e-10).passed
