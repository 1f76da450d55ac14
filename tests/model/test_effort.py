"""Size against tightness: which way to write a rule is taken, and when the choice turns."""

from __future__ import annotations

from typing import Any

import pytest

from r2c.archetypes.card import Paradigm
from r2c.archetypes.load import standard_library
from r2c.model.effort import LARGE, Option, by_effort

BASE = standard_library()["fixed_charge_activation"].paradigms[0]


def option(name: str, tightness: int, rows: float, **more: Any) -> Option:
    relation = more.pop("relation", "exact")
    update = {"name": name, "tightness": tightness, "relation": relation}
    paradigm: Paradigm = BASE.model_copy(update=update)
    return Option(paradigm, (0.0, rows), **more)


def first(*options: Option) -> str:
    return by_effort(options)[0].paradigm.name


def test_of_equally_tight_ways_the_smaller_is_taken() -> None:
    assert first(option("large", 5, 11), option("small", 5, 10)) == "small"


def test_of_equally_large_ways_the_tighter_is_taken_and_of_equal_ones_that_named_first() -> None:
    assert first(option("loose", 4, 10), option("tight", 5, 10)) == "tight"
    assert first(option("one", 5, 10), option("other", 5, 10)) == "one"


def test_an_exact_way_comes_before_one_that_is_not() -> None:
    cut = option("cut", 9, 1, relation="restriction")
    wide = option("wide", 9, 1, relation="relaxation")
    assert [item.paradigm.name for item in by_effort([wide, cut, option("exact", 1, 900)])] == [
        "exact", "cut", "wide",
    ]  # fmt: skip


@pytest.mark.parametrize(("rows", "taken"), [(14, "tight"), (15, "loose")])
def test_one_step_of_tightness_is_worth_four_tenths_of_the_size_in_a_small_problem(
    rows: int, taken: str
) -> None:
    # 100 ** 0.075 is 1.41.
    tight = option("tight", 5, rows, members=10)
    assert first(option("loose", 4, 10, members=10), tight) == taken


def test_tightness_is_worth_more_in_a_larger_problem() -> None:
    def taken(members: float) -> str:
        return first(
            option("loose", 4, 10, members=members), option("tight", 5, 16, members=members)
        )

    assert (taken(10), taken(100)) == ("loose", "tight")


def test_what_adds_little_to_a_large_problem_is_taken_for_its_tightness() -> None:
    def taken(others: float) -> str:
        return first(option("loose", 4, 1, others=others), option("tight", 5, 12, others=others))

    assert (taken(1), taken(100)) == ("loose", "tight")


def test_no_way_is_taken_for_its_tightness_that_makes_the_model_huge() -> None:
    assert first(option("loose", 1, LARGE / 2), option("tight", 9, LARGE + 1)) == "loose"
    assert first(option("loose", 1, LARGE + 1), option("tight", 9, LARGE + 2)) == "loose"
