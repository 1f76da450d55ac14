"""The exported files, read back by HiGHS itself."""

from __future__ import annotations

import math
from pathlib import Path

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2c.formulation import Outcome
from r2c.model.export.lp import lp_text
from r2c.model.export.mps import mps_text
from r2c.solve.limits import Limits
from r2c.solve.solve import solve_plain

WRITERS = {"lp": lp_text, "mps": mps_text}


def read_back(text: str, kind: str, folder: Path) -> tuple[str, float, list[str]]:
    path = folder / f"model.{kind}"
    path.write_text(text, encoding="utf-8")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk, text
    highs.run()
    lp = highs.getLp()
    objective = highs.getInfo().objective_function_value
    return highs.getModelStatus().name, objective, [*lp.row_names_, *lp.col_names_]


STATUS = {
    Outcome.OPTIMAL: {"kOptimal", "kModelEmpty"},
    Outcome.INFEASIBLE: {"kInfeasible", "kUnboundedOrInfeasible"},
    Outcome.UNBOUNDED: {"kUnbounded", "kUnboundedOrInfeasible"},
}

SHIPPING = {
    "title": "Ships\nand more",
    "sets": [
        {"name": "P", "elements": ["Plant A", "Plant-A", "Ü/n*it", "e5"]},
        {"name": "M", "kind": "time", "elements": [1, 2]},
    ],
    "rules": [{"id": "cap", "quote": "Each plant ships\nat most \\ 12 * tonnes."}],
}


@pytest.mark.parametrize("kind", ["lp", "mps"])
@pytest.mark.parametrize(
    ("decisions", "rows", "goals", "parts"),
    [
        ("x y", ["a: x + y <= 4", "b: x + 3*y <= 6"], ["max 3*x + 2*y + 7"], {}),
        ("x:int y", ["a: 2*x + 2*y <= 7.5", "b: 1 <= x - y <= 2"], ["max x + y - 0.125"], {}),
        ("x y", ["a: x + y >= 1"], ["min (x - 2)**2 + y**2 + x*y/2 - 3"], {}),
        ("free st info e3", ["end: free + st + info + e3 == 2"], ["min free + 2*st"], {}),
        ([{"name": "x", "lower": None}, {"name": "y", "lower": "-5", "upper": "-1"},
          {"name": "z", "lower": None, "upper": "-2", "domain": "integer"},
          {"name": "b", "domain": "binary", "upper": "0"}],
         ["a: x >= 2*y + z - b", "c: z >= -7.5"], ["min x"], {}),
        ("x", ["a: x >= 3", "b: x <= 2"], ["min x"], {}),
        ("x", ["a: 0*x >= 3"], ["min x"], {}),
        ("x y", ["a: x - y <= 2"], ["max x"], {}),
        ("x", [], [], {}),
        ([], ["a: 1 <= 2"], ["min 4 + 0"], {}),
        ([{"name": "ship", "over": ["P", "M"], "upper": "9", "domain": "integer"}],
         ["cap: sum(ship[p,t] for t in M) <= 12 forall for p in P",
          "grow: ship[p,2] == ship[p,1] - 1.5 + 0.5 forall for p in P if p != 'e5'"],
         ["max sum(ship[p,t]*t for p in P for t in M)"], SHIPPING),
    ],
)  # fmt: skip
def test_files_mean_the_same_model(plain, process, tmp_path, kind, decisions, rows, goals, parts):
    model, instance = plain(decisions, rows, goals, **parts)
    solution = solve_plain(model, instance, Limits(seconds=10), process=process)
    text = WRITERS[kind](model, instance)
    status, objective, names = read_back(text, kind, tmp_path)
    assert status in STATUS[solution.outcome]
    if status == "kOptimal" and goals:
        assert objective == pytest.approx(solution.objective, abs=1e-6)
    if parts:
        assert "ship(Plant_A,1)" in names and "cap(e5)" in names
        assert "Each plant ships at most" in text
    assert all(len(line) <= 510 for line in text.splitlines())


def test_a_long_sum_is_wrapped(plain, tmp_path):
    model, instance = plain(
        [{"name": "quite_a_long_name_for_a_variable", "over": ["I"]}],
        ["all: sum(quite_a_long_name_for_a_variable[i] for i in I) <= 1"],
        ["max sum(quite_a_long_name_for_a_variable[i] for i in I)"],
        sets=[{"name": "I", "elements": list(range(500))}],
    )
    text = lp_text(model, instance)
    assert max(map(len, text.splitlines())) <= 510
    assert read_back(text, "lp", tmp_path)[:2] == ("kOptimal", 1.0)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-100, 100), st.sampled_from(["<=", ">="])),
             min_size=1, max_size=4),
    st.sampled_from(["lp", "mps"]),
)  # fmt: skip
def test_numbers_are_written_exactly(maker, tmp_path_factory, rows, kind):
    model, instance = maker(
        [{"name": "x", "lower": "-1000", "upper": "1000"}, {"name": "y", "upper": "7"}],
        [f"r{k}: {f!r}*x + y {op} {end!r}" for k, (f, end, op) in enumerate(rows)],
        ["min y"],
    )
    path = tmp_path_factory.mktemp("exact") / f"m.{kind}"
    path.write_text(WRITERS[kind](model, instance), encoding="utf-8")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) != highspy.HighsStatus.kError
    lp = highs.getLp()
    ends = [(-math.inf, end) if op == "<=" else (end, math.inf) for _, end, op in rows]
    assert list(zip(lp.row_lower_, lp.row_upper_, strict=True)) == ends
