"""What one more unit is worth: told for the numbers as the rule states them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.console import Console
from running import invoke

import r2c
from r2c.cir.read_text import read_text
from r2c.cli.render.explanation import show_explanation
from r2c.formulation import Formulation
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.answer import solve_problem

STEP = 1e-3
STOCK = """cir 1

sets
  T ordered = ["jan", "feb", "mar"]

parameters
  d[T] = [3, 5, 2]
{start}
decisions
  make[T] continuous
    upper: 5
  st[T] continuous

rules
  bal: inventory_balance
    quote: Left-over goods are kept.
    stock = st
    inflow = make
    outflow = d
    periods = T
{initial}
objectives
  min sum(make[t] + 0.5*st[t] for t in T)
"""


def told(answer: Formulation, rule: str) -> str:
    """What the explanation says of a rule, on one line."""
    console = Console(file=io.StringIO(), width=400)
    show_explanation(console, answer)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue().partition("\nRules")[2].partition("\nPlan")[0]
    own = re.search(rf"^  {rule}  .*?(?=^  \w+  |\Z)", text, re.MULTILINE | re.DOTALL)
    assert own is not None, text
    return " ".join(own[0].split())


def test_one_more_unit_of_a_demand_that_is_taken_from_the_stock_costs_more(tmp_path: Path) -> None:
    text = STOCK.format(start="", initial="")
    said = told(r2c.solve(text), "bal")
    assert (
        "It holds exactly for jan (first), at 3. A little more would change the objective by "
        "+1 a unit." in said
    )
    path = tmp_path / "stock.txt"
    path.write_text(text, encoding="utf-8")
    lines = invoke("solve", str(path)).stdout.splitlines()
    assert ["bal", "first", "jan", "3", "+1"] in [line.split() for line in lines]


def test_where_a_rule_states_several_numbers_the_side_that_moves_is_named(tmp_path: Path) -> None:
    text = STOCK.format(start="  s = 1\n", initial="    initial = s\n")
    said = told(r2c.solve(text), "bal")
    assert (
        "It holds exactly for jan (first). A little more on its right side would change the "
        "objective by −1 a unit." in said
    )
    path = tmp_path / "stock.txt"
    path.write_text(text, encoding="utf-8")
    shown = invoke("solve", str(path)).stdout
    assert ["bal", "first", "jan", "−1"] in [line.split() for line in shown.splitlines()]
    assert "Where no limit is shown, one more is one unit on the right side" in shown


def test_a_rule_without_numbers_names_the_side_that_moves_and_the_room_it_leaves() -> None:
    text = """cir 1

decisions
  x continuous
    upper: 9
  y continuous
    upper: 9

rules
  twice: linear
    relation = x >= 2*y
  less: linear
    relation = y <= x
  some: linear
    relation = 4 <= y
  spare: linear
    relation = y + 3 <= 9

objectives
  min x
"""
    answer = r2c.solve(text)
    assert (
        "It binds. A little more on its right side would change the objective by +1 a unit."
        in told(answer, "twice")
    )
    assert "It does not bind: there is room for 4." in told(answer, "less")
    assert "It binds, at 4. A little more would change the objective by +2 a unit." in told(
        answer, "some"
    )
    assert "It does not bind: there is room for 2." in told(answer, "spare")


AT_MOST = [
    "{left} + {right} <= d", "d >= {left} + {right}", "{left} <= d - {right}",
    "{left} + {right} - d <= 0", "0 >= {left} + {right} - d", "d - {left} >= {right}",
    "-({left}) >= {right} - d", "0 <= d - {left} - {right}",
]  # fmt: skip
AT_LEAST = [
    "{left} + {right} >= d", "d <= {left} + {right}", "{left} >= d - {right}",
    "{left} - d >= -({right})", "0 <= {left} + {right} - d", "d - {left} <= {right}",
    "net - d >= 0",
]  # fmt: skip
EXACTLY = [
    "{left} + {right} == d", "d == {left} + {right}", "{left} == d - {right}",
    "-({left}) == {right} - d", "{left} - d + {right} == 0", "open == 0",
]  # fmt: skip
factors = st.integers(-3, 3).filter(bool)


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, float]:
    """A relation about x and y with one number d, stated in some way, and the number."""
    relation = draw(st.sampled_from(AT_MOST + AT_LEAST + EXACTLY))
    left, right = f"{draw(factors)}*x", f"{draw(factors)}*y"
    relation = relation.replace("net", f"({left} + {right})")
    relation = relation.replace("open", f"sum({left} + {right} - d for i in [1])")
    return relation.format(left=left, right=right), draw(st.integers(-9, 9)) + 0.25


def model(relations: list[str], numbers: list[float], goal: str) -> str:
    lines = ["cir 1", "", "parameters"]
    lines += [f"  d{place} = {value}" for place, value in enumerate(numbers)]
    lines += ["", "decisions"]
    for name in "xy":
        lines += [f"  {name} continuous", "    lower: -10", "    upper: 10"]
    lines += ["", "rules"]
    for place, relation in enumerate(relations):
        own = re.sub(r"\bd\b", f"d{place}", relation)
        lines += [f"  rule{place}: linear", f"    relation = {own}"]
    return "\n".join([*lines, "", "objectives", f"  {goal}", ""])


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess() as started:
        yield started


def solved(text: str, process: SolverProcess) -> Formulation:
    return solve_problem(Problem(text=""), read_text(text), Limits(), process)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(rules(), min_size=1, max_size=3),
    st.sampled_from(["min", "max"]),
    factors,
    factors,
)
def test_the_figure_told_is_what_a_little_more_of_the_number_does(
    process, drawn, sense, first, second
):
    relations, numbers = [item[0] for item in drawn], [item[1] for item in drawn]
    goal = f"{sense} {first}*x + {second}*y"
    answer = solved(model(relations, numbers, goal), process)
    best = answer.objective
    assume(best is not None)
    assert best is not None
    for place, number in enumerate(numbers):
        said = told(answer, f"rule{place}").replace("−", "-")
        if "It binds" not in said and "It holds exactly" not in said:
            continue
        shown = re.search(r"(?:It binds|It holds exactly), at (-?[\d.]+)\.", said)
        assert shown is not None, said
        assert float(shown[1]) == pytest.approx(number)
        figure = re.search(
            r"A little more would change the objective by ([+-][\d.]+) a unit\.", said
        )
        if figure is None and "would change nothing" not in said:
            continue
        worth = 0.0 if figure is None else float(figure[1])
        ends = []
        for step in (-STEP, STEP):
            moved = [value + step * (at == place) for at, value in enumerate(numbers)]
            changed = solved(model(relations, moved, goal), process).objective
            # In a corner more and less of a number differ; the figure lies between them.
            ends.append(None if changed is None else (changed - best) / step)
        low, high = ends if sense == "min" else ends[::-1]
        assert low is None or worth >= low - 1e-4, said
        assert high is None or worth <= high + 1e-4, said
