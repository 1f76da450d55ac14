"""The report of runs: a page for every problem, rules marked where they stand, nothing lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from r2c.cir.schema import CIR
from r2c.llm.model import Usage
from r2c.problem.schema import Span
from r2c_benchmarks.items import Item, Stated
from r2c_benchmarks.method import Attempt
from r2c_benchmarks.record import Manifest, record_of
from r2c_benchmarks.report.bars import Bar, bars
from r2c_benchmarks.report.marked import marked
from r2c_benchmarks.report.site import page_of, pages, write
from r2c_benchmarks.results import Run

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
            "evidence": {"units": True},
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
    assert "<em>At most 40 &lt;hours&gt; are there.</em>" in html
    assert "<math" in html and "capacity_limit" in html and "goods.csv" in html
    assert "right with other numbers" in html
    assert "it broke &lt;here&gt;" in html and "verified" in html


def test_the_pictures_show_each_method_with_its_interval(made: dict[str, str]) -> None:
    index = made["index.html"]
    assert index.count("<svg") == 3  # all, the file, the level
    assert "1 of 1" in index and "0 of 1" in index


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
