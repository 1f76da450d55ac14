from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from r2c.errors import R2CError
from r2c.formulation import Outcome
from r2c.model.export.script import script_text
from r2c.solve.limits import Limits
from r2c.solve.solve import solve_plain

WITHOUT_R2C = """
import runpy, sys
sys.modules["r2c"] = None
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "model.py"
    path.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", WITHOUT_R2C, str(path)],
        capture_output=True, text=True, timeout=120, cwd=folder, check=False,
    )  # fmt: skip


PLANNING: dict[str, object] = {
    "title": 'Plan "A"\\n for \n spring',
    "sets": [
        {"name": "P", "elements": ["Plant A", "B"], "meaning": "plants"},
        {"name": "T", "kind": "time", "elements": [1, 2, 3, 4]},
        {"name": "M", "kind": "ordered", "elements": ["Jan", "Feb", "Mar"]},
        {"name": "W", "kind": "time", "cyclic": True, "elements": ["Mo", "Tu", "We"]},
        {"name": "L", "dim": 2, "within": ["P", "M"],
         "where": "for i in P for m in M if w[i,m] > 1 and m != 'Feb'"},
    ],
    "parameters": [
        {"name": "need", "over": ["T"], "value": {"kind": "dense", "values": [3, 9, 2, 7]}},
        {"name": "w", "over": ["P", "M"],
         "value": {"kind": "dense", "values": [[1, 2, 3], [4, 5, 6]]}},
        {"name": "math", "value": 2.5, "unit": "EUR"},
        {"name": "lead", "over": ["P"], "default": 1, "value": {"kind": "sparse", "entries": []}},
    ],
    "definitions": [
        {"name": "made", "forall": "for t in T", "expr": "sum(make[p,t] for p in P)"},
        {"name": "sum_all", "expr": "sum(made[t] for t in T)"},
    ],
    "rules": [
        {"id": "flow", "quote": 'What is made\nand not used is "stored".\u2028import os'},
        {"id": "cap", "quote": ""},
    ],
    "objectives": [{"sense": "min", "expr": "0", "quote": "Costs should be low."}],
}  # fmt: skip
DECISIONS = [
    {"name": "make", "over": ["P", "T"], "upper": "6 + ord(i2)", "meaning": "pieces", "unit": "1"},
    {"name": "stock", "over": ["T"]},
    {"name": "z", "over": ["L"], "indices": ["i", "m"], "domain": "integer",
     "lower": "w[i,m]/4", "upper": "9"},
    {"name": "shift", "over": ["W"], "domain": "integer"},
    {"name": "print"},
]  # fmt: skip
ROWS = [
    "flow: stock[t-1] + made[t] == need[t] + stock[t] forall for t in T if t > 1",
    "flow0: made[1] == need[1] + stock[1]",
    "late: stock[last(T)] >= 1",
    "sums: sum(made[s] for s in T if s <= t) >= 2*t + 1 forall for t in T",
    "lagged: sum(make[p,t-lead[p]] for p in P for t in T if t > lead[p]) >= 4",
    "window: sum(made[s] for s in T if s >= t-1 and s <= t) <= 16.5 forall for t in T",
    "cap: 1 <= make[p,t] + z[p,'Mar'] <= 12 forall for p in P for t in T if p != B or t == 2",
    "order: z[p,m] <= z[p,next(m)] + 9 forall for (p,m) in L if m < 'Feb' and ord(m) < len(M)"
    " and (p, next(m)) in L and next(m) != 'Feb'",
    "ring: shift[t] + shift[t-1] + shift[next(t)] >= 5 forall for t in W",
    "pairs: shift[a] + shift[b] >= 3 forall for (a,b) in pairs(W)",
    "listed: sum(make[p,t] for p in P for t in T if (p,t) in [['Plant A', 2], ['B', t]]) >= 3",
    "each: print >= max(w[i,m] for i in P for m in M)"
    " - math*count(w[i,m] > 4 for i in P for m in M)",
    "some: print + shift[t] >= 1 forall for t in ['Mo', 'We']"
    " if not t == 'We' or t in ['Mo', 'We']",
]


def test_the_script_reaches_the_same_optimum_without_r2c(plain, process, tmp_path):
    model, instance = plain(
        DECISIONS,
        ROWS,
        ["min sum_all*math + sum(stock[t]*t for t in T) + sum(z[l] for l in L if l in L)"
         " + sum(shift[t]*ord(t) for t in W) + print"],
        **PLANNING,
    )  # fmt: skip
    solution = solve_plain(model, instance, Limits(seconds=20), process=process)
    assert solution.outcome is Outcome.OPTIMAL and solution.objective is not None
    text = script_text(model, instance)
    done = run(text, tmp_path)
    assert done.returncode == 0, done.stderr + text
    found = re.search(r"^optimum: (\S+)$", done.stdout, re.MULTILINE)
    assert found is not None
    assert float(found[1]) == pytest.approx(solution.objective, rel=1e-7)
    assert '# “What is made and not used is "stored". import os” (flow)' in text
    assert "for t in T:" in text and "make[p, t - lead[p]]" in text
    assert "r2c" not in text.replace("R2C", "")


@pytest.mark.parametrize(
    ("decisions", "rows", "goals", "printed"),
    [
        ("x y", ["a: x + y >= 2"], ["min (x - 2)**2 + y**2 + 1"], "optimum: 1"),
        ("x y", ["a: x + y <= 3"], ["max x + y", "max y"], "goal 2: 3"),
        ("x", ["a: 2 <= x <= 4", "b: 1 <= 2"], [], "feasible"),
        ("x", ["a: x >= 3", "b: x <= 2"], ["min x"], "infeasible"),
        ("x", ["a: 3 <= 2"], ["min x"], "infeasible"),
        ("x y", ["a: x - y <= 2"], ["max x"], "no optimum"),
    ],
)
def test_scripts_tell_every_outcome(plain, tmp_path, decisions, rows, goals, printed):
    model, instance = plain(decisions, rows, goals)
    done = run(script_text(model, instance), tmp_path)
    assert printed in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_names_of_python_and_pyomo_are_no_trouble(plain, tmp_path):
    names = [
        "type",
        "name",
        "model",
        "solve",
        "pyo",
        "value",
        "objective",
        "goal",
        "sum",
        "optimum",
    ]
    model, instance = plain(
        names,
        [f"{name}: {name} >= {k}" for k, name in enumerate(names)],
        [f"min {' + '.join(names)}"],
    )
    done = run(script_text(model, instance), tmp_path)
    assert "optimum: 45\n" in done.stdout, done.stderr


def test_a_script_is_not_written_for_a_mountain_of_data(plain):
    model, instance = plain("x", sets=[{"name": "I", "elements": list(range(200_001))}])
    with pytest.raises(R2CError, match="R2C-M020"):
        script_text(model, instance)
