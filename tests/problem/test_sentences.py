"""Where the reader cuts a text into sentences, list items and headings."""

from __future__ import annotations

import pytest

from r2c.problem import read_problem

CASES: list[tuple[str, list[str]]] = [
    ("One cart. Two carts.", ["One cart.", "Two carts."]),
    ("Is it full? Yes! Go.", ["Is it full?", "Yes!", "Go."]),
    ("It costs $5.5 each. Rye is 3.25.", ["It costs $5.5 each.", "Rye is 3.25."]),
    ("Use grain, e.g. Rye or oats. Go.", ["Use grain, e.g. Rye or oats.", "Go."]),
    ("Use oil, i.e. Olive. Go.", ["Use oil, i.e. Olive.", "Go."]),
    ("Rye vs. Oats is open. Go.", ["Rye vs. Oats is open.", "Go."]),
    ("See lamp No. 7. It is on.", ["See lamp No. 7.", "It is on."]),
    ("Is there rain? No. Then go.", ["Is there rain?", "No.", "Then go."]),
    ("Ask Mr. Moss. He knows.", ["Ask Mr. Moss.", "He knows."]),
    ("Ask Ada K. Moss. She knows.", ["Ask Ada K. Moss.", "She knows."]),
    ("Make A and B. The rest waits.", ["Make A and B.", "The rest waits."]),
    ("Sell to Product B. Each pays.", ["Sell to Product B.", "Each pays."]),
    ("Ship to the U.S. coast. Go.", ["Ship to the U.S. coast.", "Go."]),
    ("Ship to the U.S. The rest waits.", ["Ship to the U.S.", "The rest waits."]),
    ("Start at 9 a.m. on Monday. Go.", ["Start at 9 a.m. on Monday.", "Go."]),
    ("Buy rye, oats, etc. Go.", ["Buy rye, oats, etc.", "Go."]),
    ("Load 5 crates.Each weighs 2.Then go.", ["Load 5 crates.", "Each weighs 2.", "Then go."]),
    ("Open plan.csv.gz and v1.2.3 now. Go.", ["Open plan.csv.gz and v1.2.3 now.", "Go."]),
    ('He said "go." Then left.', ['He said "go."', "Then left."]),
    (
        "Wrapped\nlines are one\nsentence. Next\none.",
        ["Wrapped\nlines are one\nsentence.", "Next\none."],
    ),
    ("Title Line\n\nBody text here.", ["Title Line", "Body text here."]),
    ("# Heading\nBody text here.", ["Heading", "Body text here."]),
    ("Rules:\n- load rye\n- rest", ["Rules:", "load rye", "rest"]),
    ("Rules:\n* Load rye. Wait.\n* Rest", ["Rules:", "Load rye.", "Wait.", "Rest"]),
    ("Rules:\n• Load rye\n  and oats\n• Rest", ["Rules:", "Load rye\n  and oats", "Rest"]),
    ("Rules:\n1. Load rye.\n2. Rest.", ["Rules:", "Load rye.", "Rest."]),
    ("Rules:\n(a) Load rye\n(b) Rest", ["Rules:", "Load rye", "Rest"]),
    ("Rules:- Load rye.- Rest.", ["Rules:", "Load rye.", "Rest."]),
    ("width: 10 m\nneed: 4 m", ["width: 10 m", "need: 4 m"]),
    ("n = 4\nm = 5", ["n = 4", "m = 5"]),
    ("d = [[1, 2],\n     [3]]\nn = 2", ["d = [[1, 2],\n     [3]]", "n = 2"]),
    ("Rye in kg.\n---\nOats in kg.", ["Rye in kg.", "Oats in kg."]),
    ("First part.\\n\\nSecond part.", ["First part.", "Second part."]),
    ("First part.\r\nSecond part.\rThird.", ["First part.", "Second part.", "Third."]),
    ("2.4 The mill has 3 saws.", ["The mill has 3 saws."]),
    ("Load 5 t。Rest。", ["Load 5 t。", "Rest。"]),
    ("No stop at the end", ["No stop at the end"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[repr(text) for text, _ in CASES])
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    problem = read_problem(text)
    assert [sentence.text for sentence in problem.sentences] == expected
    assert [sentence.number for sentence in problem.sentences] == list(range(1, len(expected) + 1))


def test_the_lines_of_a_table_are_no_sentences() -> None:
    problem = read_problem("Costs are given.\n| a | b |\n|---|---|\n| 1 | 2 |\nKeep them low.")
    assert [s.text for s in problem.sentences] == ["Costs are given.", "Keep them low."]


def test_a_number_that_starts_a_wrapped_line_ends_its_sentence() -> None:
    text = "The number of crates on the largest of all carts may never exceed\n66. Load later."
    problem = read_problem(text)
    assert [s.text.split()[-1] for s in problem.sentences] == ["66.", "later."]
    assert [q.kind for q in problem.quantities] == ["number"]
