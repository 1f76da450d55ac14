"""What is asked of retrieval is fair and complete, and its figures are those of the ranks."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest

from r2c.archetypes.load import standard_library
from r2c.errors import InputError
from r2c_benchmarks.coverage.review import Judged, Reviewed, ReviewedProblem, reviewed
from r2c_benchmarks.coverage.review import document as coverage_document
from r2c_benchmarks.retrieval.measure import WAYS, Asked, confused, figures
from r2c_benchmarks.retrieval.questions import (
    HELD_OUT,
    SETS,
    TUNED,
    Question,
    known,
    sentences,
    spans,
)
from r2c_benchmarks.retrieval.tables import documents

LIBRARY = standard_library()
MARKED = ("spans_looked_at.jsonl", "spans_held_out.jsonl")


def asked(rank: int, way: str = "together", best: str = "linear", where: str = SETS[1]) -> Asked:
    return Asked(Question(where, "spoken", "", ("capacity_limit",)), way, rank, best)


def test_every_archetype_is_asked_for_once_in_every_style():
    counts = Counter((item.style, item.right[0]) for item in known(sentences(), LIBRARY))
    assert set(counts.values()) == {1}
    assert set(counts) == {(style, id) for style in (*TUNED, *HELD_OUT) for id in LIBRARY}


def test_no_test_sentence_is_a_text_of_a_card():
    told = {
        " ".join(text.lower().split())
        for card in LIBRARY.values()
        for text in (*card.phrasings, *(example.sentence for example in card.examples))
    }
    assert [item.text for item in sentences() if " ".join(item.text.lower().split()) in told] == []


def test_a_passage_is_cut_out_of_its_problem(tmp_path: Path):
    found = list(spans_of(tmp_path))
    assert {item.set for item in found} == set(SETS[2:])
    assert all(item.text and item.right[0] in LIBRARY for item in found)


def test_no_problem_is_both_looked_at_and_held_out():
    looked, held = ({(r["file"], r["id"]) for r in rows(name)} for name in MARKED)
    assert looked & held == set()


def rows(name: str) -> list[dict]:
    text = files("r2c_benchmarks.retrieval").joinpath("data", name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def spans_of(folder: Path):
    """Made-up problems of the right names and lengths, in place of the public ones."""
    problems: dict[str, dict[str, int]] = {}
    for row in [*rows(MARKED[0]), *rows(MARKED[1])]:
        lengths = problems.setdefault(row["file"], {})
        lengths[row["id"]] = max(lengths.get(row["id"], 0), row["end"])
    for file, lengths in problems.items():
        lines = [json.dumps({"id": id, "problem": "x" * size}) for id, size in lengths.items()]
        (folder / file).write_text("\n".join(lines))
    return spans(folder)


def test_a_folder_without_the_problems_is_told(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        next(spans(tmp_path))
    assert caught.value.code == "R2C-B070"


def test_figures_are_shares_of_the_ranks():
    found = figures([asked(1), asked(2), asked(3), asked(6)])
    assert (found.count, found.at_1, found.at_3, found.at_5) == (4, 0.25, 0.75, 0.75)
    assert found.inverse_rank == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 6) / 4)


def test_what_came_first_instead_is_counted_for_wrong_answers_only():
    found = confused([asked(1, best="capacity_limit"), asked(2), asked(9)])
    assert found == [("capacity_limit", "linear", 2)]


def test_the_result_has_a_line_for_each_way_and_set():
    answers = [asked(rank, way) for way in WAYS for rank in (1, 4)]
    result = documents(answers, LIBRARY, {"command": "x"})["retrieval"]
    summary = cast("list[dict[str, Any]]", result["summary"])
    assert [(row["found by"], row["among 3"]) for row in summary] == [
        ("words", "50.0%"), ("frame", "50.0%"), ("meaning", "50.0%"), ("together", "50.0%"),
    ]  # fmt: skip


def test_every_family_has_a_line_with_the_figures_of_each_way():
    answers = [asked(rank, way) for way in WAYS for rank in (1, 4) * 3]
    result: Any = documents(answers, LIBRARY, {"command": "x"})["retrieval_by_family"]
    (row,) = result["summary"]
    assert (row["family"], row["n"]) == ("resource", 6)
    assert (row["words: 1, 3, 5"], row["together: 1/rank"]) == ("50 / 50 / 100", "0.62")
    assert {item["way"] for item in result["measurements"]} == set(WAYS)
    for item in result["measurements"]:
        low, high = item["figures"]["inverse_rank_spread"]
        assert 0 <= low < item["figures"]["inverse_rank"] < high <= 1


def test_confusions_that_happen_often_are_shown_and_all_are_kept():
    answers = [asked(2), asked(2), asked(3), asked(2, best="precedence"), asked(1)]
    result: Any = documents(answers, LIBRARY, {"command": "x"})["retrieval_confused"]
    assert result["summary"] == [
        {"wanted": "capacity_limit", "found first": "linear", "times": 3, "of": 5}
    ]
    assert [(item["found"], item["times"]) for item in result["measurements"]] == [
        ("linear", 3), ("precedence", 1),
    ]  # fmt: skip
    assert "1 further pairs" in result["note"]


def test_the_review_names_cards_that_exist_and_says_what_is_missing():
    problems = reviewed()
    assert len(problems) == len({(p.file, p.id) for p in problems}) == 100
    for problem in problems:
        for rule in problem.rules:
            assert rule.archetype in LIBRARY or rule.verdict == "none"
            assert rule.note or rule.verdict in ("card", "linear")
            assert (rule.start is None) == (rule.end is None)
            assert rule.start is None or 0 <= rule.start < cast("int", rule.end)
            assert rule.second is None or rule.second.archetype in LIBRARY
        assert all(rule.start is not None for rule in problem.found_second)


def test_shares_of_the_review_add_up():
    rules = [
        Reviewed(archetype="capacity_limit", verdict="card"),
        Reviewed(archetype="linear", verdict="linear"),
        Reviewed(archetype="linear", verdict="missed", note="x"),
        Reviewed(archetype="none", verdict="none", note="y"),
    ]
    problem = ReviewedProblem(file="a.jsonl", id="a-1", rules=tuple(rules))
    result = coverage_document([problem], LIBRARY, {"command": "x"})
    measurements = cast("list[dict[str, Any]]", result["measurements"])
    assert [item["value"] for item in measurements] == [0.75, 0.25]


def test_what_a_second_reader_says_is_told_beside_the_first():
    other = Judged(archetype="linear", verdict="linear")
    problem = ReviewedProblem(
        file="a.jsonl", id="a-1",
        rules=(
            Reviewed(archetype="capacity_limit", verdict="card", start=0, end=9),
            Reviewed(archetype="capacity_limit", verdict="card", second=other),
        ),
        found_second=(Reviewed(archetype="linear", verdict="linear", start=10, end=12),),
    )  # fmt: skip
    result = coverage_document([problem], LIBRARY, {"command": "x"})
    rows = cast("list[dict[str, Any]]", result["summary"])
    assert [(row["n"], row["second reader"]) for row in rows[:2]] == [(2, 1), (0, 2)]
    assert "gave 1 of them the same" in str(result["note"])
    assert "found 1 more rules" in str(result["note"])


def test_a_review_of_cards_that_are_gone_is_refused():
    rule = Reviewed(archetype="gone", verdict="card")
    with pytest.raises(InputError) as caught:
        coverage_document([ReviewedProblem(file="a", id="b", rules=(rule,))], LIBRARY, {})
    assert caught.value.code == "R2C-B072"
