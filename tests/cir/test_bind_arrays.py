"""Data given as arrays in memory: the same instance as from tables and lists, and coded faults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from r2c.cir.evaluate import evaluate
from r2c.cir.instance import bind
from r2c.cir.parse import parse
from r2c.cir.read_text import read_text

CIR = read_text("""cir 1
sets
  Nodes = table nodes ["node"]
  Steps time = table steps ["step"]
  Arcs dim 2 within Nodes, Nodes = table arcs ["from", "to"]
parameters
  supply[Nodes] = table nodes ["node"] value supply
  cost[Arcs] = table arcs ["from", "to"] value cost
  wanted[Nodes, Steps] = table wanted ["node", "step"] value wanted
  factor = 2
  double[Arcs] = of i, j: factor*cost[i, j]
decisions
  flow[Arcs] continuous
""")
GIVEN: dict[str, Any] = {
    "Nodes": np.array(["a", "b", "c"]),
    "Steps": np.arange(1, 3),
    "Arcs": np.array([[0, 1], [1, 2], [2, 0]]),
    "supply": np.array([1, 0, -1]),
    "cost": np.array([1.5, 2.5, 3.5]),
    "wanted": np.arange(6.0).reshape(3, 2),
}


def test_sets_and_parameters_come_from_arrays():
    instance = bind(CIR, arrays=GIVEN).require()
    assert instance.sets["Nodes"].elements == ("a", "b", "c")
    assert instance.sets["Steps"].ordered
    assert list(instance.sets["Arcs"].keys) == [("a", "b"), ("b", "c"), ("c", "a")]
    assert instance.parameters["supply"]["c",] == -1.0
    assert dict(instance.parameters["cost"]) == {("a", "b"): 1.5, ("b", "c"): 2.5, ("c", "a"): 3.5}
    assert instance.parameters["wanted"]["b", 2] == 3.0
    assert instance.parameters["double"]["c", "a"] == 7.0
    total = parse("sum(cost[i, j] for (i, j) in Arcs if j == 'c') + wanted['a', 1]")
    assert evaluate(total, instance) == 2.5


def test_floats_are_not_copied_and_cannot_be_written():
    costs = np.array([1.5, 2.5, 3.5])
    instance = bind(CIR, arrays={**GIVEN, "cost": costs}).require()
    kept = instance.parameters["cost"].array
    assert kept is not None and np.shares_memory(kept, costs)
    assert not kept.flags.writeable and costs.flags.writeable


def test_tables_and_arrays_fill_one_model():
    instance = bind(CIR, arrays={k: v for k, v in GIVEN.items() if k != "wanted"})
    assert [fault.code for fault in instance.faults] == ["R2C-C200"]
    assert "wanted" in instance.faults[0].what and "supply" in instance.parameters


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("cost", [1.0, 2.0], "R2C-C240"),
        ("cost", [[1.0, 2.0, 3.0]], "R2C-C240"),
        ("cost", ["1", "2", "3"], "R2C-C240"),
        ("cost", [1.0, np.nan, 3.0], "R2C-C219"),
        ("Nodes", [["a", "b", "c"]], "R2C-C240"),
        ("Nodes", [1.5, 2.5, 3.5], "R2C-C240"),
        ("Nodes", ["a", "b", " a"], "R2C-C205"),
        ("Nodes", [1, 2, 1], "R2C-C205"),
        ("Arcs", [[0, 1], [1, 3], [2, 0]], "R2C-C241"),
        ("Arcs", [[0, 1], [-1, 2], [2, 0]], "R2C-C241"),
        ("Arcs", [[0, 1], [1, 2], [0, 1]], "R2C-C205"),
        ("Arcs", [[1, 2], [0, 1], [1, 2]], "R2C-C205"),
        ("Arcs", [0, 1, 2], "R2C-C240"),
        ("Arcs", [["a", "b"]], "R2C-C240"),
        ("costs", [1.0], "R2C-C242"),
    ],
)
def test_an_array_that_does_not_fit_is_a_fault(name: str, given: Any, code: str) -> None:
    instance = bind(CIR, arrays={**GIVEN, name: np.array(given)})
    assert [fault.code for fault in instance.faults] == [code]
    assert name in instance.faults[0].what


def test_many_values_are_kept_as_an_array_and_read_as_before():
    size = 40
    values = [[float(i * size + j) for j in range(size)] for i in range(size)]
    cir = CIR.model_validate(
        {
            "sets": [
                {"name": "I", "elements": [f"i{k}" for k in range(size)]},
                {"name": "Near", "dim": 2, "where": "for i in I for j in I if given[i, j] < 50"},
            ],
            "parameters": [
                {"name": "given", "over": ["I", "I"], "value": {"kind": "dense", "values": values}},
                {
                    "name": "made",
                    "over": ["I", "I"],
                    "value": {"kind": "expression", "indices": ["i", "j"],
                              "expr": "given[i, j]/3 + sum(given[i, k] for k in I)/7"},
                },
            ],
        }
    )  # fmt: skip
    instance = bind(cir).require()
    given, made = instance.parameters["given"], instance.parameters["made"]
    assert given.array is not None and made.array is not None
    assert given["i3", "i7"] == 127.0 and len(given) == size * size
    assert len(instance.sets["Near"]) == 50
    for key in (("i0", "i0"), ("i9", "i31")):
        i, j = key
        expr = parse(f"given['{i}', '{j}']/3 + sum(given['{i}', k] for k in I)/7")
        assert made[key] == evaluate(expr, instance)
    assert list(made)[:2] == [("i0", "i0"), ("i0", "i1")]


def test_a_missing_or_infinite_value_among_many_is_still_told():
    size = 40
    values = [[1.0] * size for _ in range(size - 1)]
    item = {"name": "given", "over": ["I", "I"], "value": {"kind": "dense", "values": values}}
    sets = [{"name": "I", "elements": list(range(size))}]
    cir = CIR.model_validate({"sets": sets, "parameters": [item]})
    assert [fault.code for fault in bind(cir).faults] == ["R2C-C216"]
    item["value"] = {"kind": "expression", "indices": ["i", "j"], "expr": "1/(i - j)"}
    cir = CIR.model_validate({"sets": sets, "parameters": [item]})
    assert [fault.code for fault in bind(cir).faults] == ["R2C-C231"]
