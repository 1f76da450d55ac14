"""Numbers that count the members of a set are explained; others of their size are not."""

from __future__ import annotations

import pytest

from r2c.cir.schema import CIR, IndexSet
from r2c.problem.read import read_problem
from r2c.verdict.member_counts import counts_members

YARDS = CIR(
    sets=(
        IndexSet(name="Yards", elements=("A", "B", "C", "D", "E")),
        IndexSet(name="Trucks", elements=("T1", "T2")),
    )
)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("A truck sees five yards.", True),
        ("A truck sees 5 different large yards.", True),
        ("A truck leaves yard A and sees the remaining four.", True),
        ("A truck sees all other 4 yards.", True),
        ("One truck stays, the other 1 drives.", True),
        ("One truck stays, the other 4 trucks drive.", False),
        ("A truck has to see at least four yards.", False),
        ("A truck carries five pallets.", False),
        ("At least five yards are seen by the first truck.", False),
        ("A truck sees six yards.", False),
    ],
)
def test_a_number_counts_members_by_its_noun_or_as_the_rest(text: str, counted: bool) -> None:
    problem = read_problem(text)
    quantity = problem.quantities[-1]
    assert counts_members(quantity, problem, YARDS) is counted
