"""The report of runs: a page for every problem, rules marked where they stand, nothing lost."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from r2c.cir.schema import CIR
from r2c.formulation import Event
from r2c.llm.model import Message, Usage
from r2c.llm.testing import ScriptedModel
from r2c.problem.schema import Span
from r2c_benchmarks.items import Item, Stated
from r2c_benchmarks.meter import Meter
from r2c_benchmarks.method import Attempt
from r2c_benchmarks.record import Manifest, record_of
from r2c_benchmarks.report.bars import Bar, bars
from r2c_benchmarks.report.beside import beside
from r2c_benchmarks.report.equations import Equation, parts
from r2c_benchmarks.report.marked import marked
from r2c_benchmarks.report.plots import amounts, reliability
from r2c_benchmarks.report.shown_text import shown_csv, shown_text
from r2c_benchmarks.report.site import page_of, pages, write
from r2c_benchmarks.report.trace import trace_of
from r2c_benchmarks.results import Run
from r2c_benchmarks.stages import Stages

TEXT = "Make boxes & bags. At most 40 <hours> are there. Earn a lot."
MODEL = CIR.model_validate(
    {
        "decisions": [{"name": "boxes"}],
        "rules": [
            {
                "id": "hours",
                "archetype": "capacity_limit",
                "span": {"start": 19, "end": 48},
                "operands": {"use": "2*boxes", "limit": "40"},
            }
        ],
        "objectives": [{"sense": "max", "expr": "3*boxes"}],
    }
)
ITEM = Item(
    file="f.jsonl",
    id="f 1/x",
    problem=TEXT,
    answer=60,
    trust="A-proved",
    level=2,
    family="boxes",
    tables={"goods.csv": "good,price\nbox,3\n"},
    rules=(Stated(id="hours", archetype="capacity_limit", span=Span(start=19, end=48)),),
    cir=MODEL.model_dump(mode="json"),
)


def run(method: str, objective: float | None, again: tuple[bool | None, ...] = ()) -> Run:
    attempt = Attempt(
        "optimal" if objective is not None else "error",
        objective,
        executable=objective is not None,
        message="" if objective is not None else "it broke <here>",
        details={
            "cir": MODEL.model_dump(mode="json"),
            "trust": "verified",
            "confidence": 0.75,
            "evidence": {"units": True, "number_coverage": False},
            "said": {"number_coverage": "The number <40> is not used."},
        },
    )
    manifest = Manifest(
        method=method, options={}, model="m", endpoint="e", capability="text", items="f.jsonl",
        items_sha256="0", count=1, seed=0, item_seconds=1, concurrency=1,
    )  # fmt: skip
    return Run(manifest, (record_of(ITEM, attempt, Usage(), 1.5, again),), f"f-{method}")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages([run("r2c", 60, (True, True)), run("direct", None)], [ITEM])


def test_every_problem_has_a_page_that_the_index_leads_to(made: dict[str, str]) -> None:
    page = page_of(ITEM.name)
    assert set(made) == {"index.html", "style.css", page}
    assert f'href="{page}"' in made["index.html"]
    for html in (made["index.html"], made[page]):
        for target in re.findall(r'href="([^"#]+)"', html):
            assert target in made


def test_the_page_tells_what_each_method_made_of_the_problem(made: dict[str, str]) -> None:
    html = made[page_of(ITEM.name)]
    assert "Make boxes &amp; bags." in html
    assert '<mark id="said-hours" title="hours">At most 40 &lt;hours&gt; are there.</mark>' in html
    assert '<td class="quote">At most 40 &lt;hours&gt; are there.</td>' in html
    assert "<math" in html and "capacity_limit" in html and "goods.csv" in html
    assert "<th>good</th><th>price</th>" in html and '<td class="number">3</td>' in html
    assert "objective, f-r2c" in html and "objective, right" in html
    assert "This run kept no stages, only what the whole attempt cost." in html
    assert "right with other numbers" in html
    assert '<td class="wrong">failed</td><td>The number &lt;40&gt; is not used.</td>' in html
    assert "it broke &lt;here&gt;" in html and "verified" in html


def test_the_pictures_show_each_method_with_its_interval(made: dict[str, str]) -> None:
    index = made["index.html"]
    told = re.findall(r'<svg role="img" aria-label="([^"]+)"', index)
    assert told == [
        "Right: trusted labels",
        "Right: level 2",
        "Of the right ones: right with other numbers too",
        "Share right over confidence",
        "Tokens",
        "Seconds",
    ]
    assert "1 of 1" in index and "0 of 1" in index
    assert "<th>rules F1</th>" not in index.partition("All columns")[0], "no run tells it"


def test_marks_do_not_overlap_and_keep_every_letter() -> None:
    spans = [
        ("a", Span(start=0, end=4)),
        ("b", Span(start=2, end=8)),
        ("c", Span(start=11, end=15)),
    ]
    html = marked("one two three four", spans)
    assert re.sub(r"<[^>]+>", "", html) == "one two three four"
    assert html.count("<mark") == 2


def test_a_bar_begins_at_nothing_and_its_label_is_text() -> None:
    told = bars([Bar("<b>", 0.5, 0.25, 0.75, "1 of 2")], "Right & wrong")
    assert "&lt;b&gt;" in told and "Right &amp; wrong" in told and "<b>" not in told


def test_the_pages_are_written_to_a_folder(made: dict[str, str], tmp_path: Path) -> None:
    index = write(tmp_path / "report", made)
    assert index.read_text("utf-8") == made["index.html"]
    assert len(list(index.parent.iterdir())) == len(made)


def test_the_lines_of_a_table_become_one_and_the_words_around_it_stay() -> None:
    text = "Costs & more:\n\n| town | cost |\n| --- | --- |\n| A<b> | €1,200 |\n\nMake 3."
    html = shown_text(text, [("make", Span(start=len(text) - 7, end=len(text)))])
    assert html.startswith("Costs &amp; more:\n\n<div") and html.endswith(">Make 3.</mark>")
    assert "<th>town</th><th>cost</th>" in html and "---" not in html
    assert '<td>A&lt;b&gt;</td><td class="number">€1,200</td>' in html
    assert shown_csv("") == "" and "<th>a,b</th>" in shown_csv('"a,b"\n1\n')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a + b \le 3", ["a ", "{} + b ", r"{} \le 3"]),
        (r"-a \cdot (b + c)", ["-a ", r"{} \cdot (b + c)"]),
        (r"\max \quad \sum_{i \in I} x_{i} - y", [
            r"\max \quad \sum_{i \in I} ", "x_{i} ", "{} - y",
        ]),
        (r"\left(\frac{a}{b} + c\right)_{t}", [r"\left(\frac{a}{b} + c\right)_{t}"]),
        (r"i \in I,\, t \in T", [r"i \in I,", r"\, t \in T"]),
    ],
)  # fmt: skip
def test_a_long_formula_may_end_its_lines_before_outermost_signs(
    text: str, expected: list[str]
) -> None:
    assert parts(text) == expected
    assert "".join(parts(text)).replace("{} ", "") == text


def equation(id: str, archetype: str = "capacity_limit", start: int | None = None) -> Equation:
    span = None if start is None else Span(start=start, end=start + 10)
    return Equation(id, archetype, f"says {id}", span, "", [])


def test_rules_stand_beside_the_right_ones_whose_words_they_share() -> None:
    right = [equation("b", start=40), equation("a", start=0), equation("objective", "")]
    found = [equation("r1", start=5), equation("r2", start=90), equation("r3")]
    told = [
        ([one.id for one in row.right], [one.id for one in row.found])
        for row in beside(right, found)
    ]
    assert told == [
        (["a"], ["r1"]), (["b"], []), ([], ["r2"]), ([], ["r3"]), (["objective"], []),
    ]  # fmt: skip
    assert [row.is_goal for row in beside(right, found)] == [False] * 4 + [True]


def test_a_trace_tells_the_stages_that_a_run_kept() -> None:
    stages: list[JsonValue] = [{"stage": "decisions", "calls": 2, "seconds": 1.5}]
    attempt = Attempt("error", details={"stages": stages})
    trace = trace_of(record_of(ITEM, attempt, Usage(calls=3, prompt_tokens=40), 9.0))
    first, whole = trace.stages
    assert (first.name, first.calls, first.seconds, first.read) == ("decisions", 2, 1.5, None)
    assert (whole.name, whole.calls, whole.read, whole.seconds) == ("in all", 3, 40, 9.0)
    assert trace.chosen_among == []


def test_stages_are_told_with_the_calls_that_were_made_in_them() -> None:
    meter = Meter(ScriptedModel(["yes"] * 3))
    stages = Stages(meter)

    def ask() -> None:
        asyncio.run(meter.complete([Message("user", "Say yes.")], None, max_tokens=4))

    ask()
    stages.hear(Event(stage="decisions", message="some words"))
    ask()
    ask()
    stages.hear(Event(stage="conclude", message="Judging"))
    told: Any = stages.told()
    assert [(one["stage"], one["calls"]) for one in told] == [("decisions", 1), ("judging", 2)]
    assert "words" not in str(told)
    assert Stages(ScriptedModel([])).told()[0]["calls"] == 0  # type: ignore[index,call-overload]


def test_confidence_is_drawn_in_bins_of_equally_many_answers() -> None:
    found = [(k / 20, k > 9) for k in range(20)]
    told = reliability({"r2c": found, "few": found[:3]}, "Share right")
    assert told.count("<circle") == 5 and "few, 3 answers" in told
    assert amounts([("a", 0.0, "0")], "Tokens").count("<rect") == 1
