"""The picture of a plan is the one that its rules and sets ask for."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from shown_models import HOSTILE, KILN, LORRY, TOUR, WINERY

import r2c
from r2c_api.page.examples import example, examples, files_of, model_of
from r2c_api.page.pictures.arcs import tours
from r2c_api.page.pictures.choose import picture
from r2c_api.page.pictures.picture import Arc, Bars, Flow, Gantt, Picture, Route
from r2c_api.reading import problem_of


def drawn(given: dict[str, Any]) -> Picture | None:
    answer = r2c.solve(given["cir"], given.get("tables"))
    assert answer.cir is not None and answer.solution is not None, answer.faults
    return picture(answer.cir, answer.problem, answer.solution)


def test_jobs_with_starts_and_durations_are_a_schedule() -> None:
    made = drawn(KILN)
    assert isinstance(made, Gantt) and made.unit == "hour"
    lengths = {task.name: task.length for task in made.tasks}
    assert lengths == {"vases": 5, "tiles": 3, "bowls": 4}
    ends = sorted((task.start, task.start + task.length) for task in made.tasks)
    assert all(end <= start + 1e-6 for (_, end), (start, _) in pairwise(ends))


def test_a_round_trip_is_a_route_in_its_order() -> None:
    made = drawn(TOUR)
    assert isinstance(made, Route)
    (tour,) = made.tours
    assert len(tour) == 5 and set(tour) == {"depot", "Aram", "Bree", "Cole", "Dorn"}


def test_amounts_between_two_kinds_of_places_are_a_flow() -> None:
    item = example("transport")
    cir = r2c.CIR.model_validate(model_of(item))
    answer = r2c.solve(cir, problem=problem_of(item.text, {}, files_of(item)))
    assert answer.solution is not None and answer.cir is not None
    made = picture(answer.cir, answer.problem, answer.solution)
    assert isinstance(made, Flow) and made.two_sided
    assert sum(arc.value for arc in made.arcs) == 135


def test_amounts_over_periods_are_stacked_bars() -> None:
    made = drawn(WINERY)
    assert isinstance(made, Bars) and made.upright
    assert made.labels == ("1", "2", "3", "4", "5", "6")
    assert [series.name for series in made.series] == ["red", "white"]


def test_single_amounts_stand_side_by_side_and_a_family_by_its_members() -> None:
    single = drawn(LORRY)
    assert isinstance(single, Bars) and len(single.labels) == 2 and not single.upright
    family = drawn({"cir": HOSTILE["cir"]})
    assert isinstance(family, Bars) and len(family.labels) == 3


@pytest.mark.parametrize(
    ("arcs", "found"),
    [
        ("ab bc ca", (("a", "b", "c"),)),
        ("oa ao ob bo", (("o", "a"), ("o", "b"))),
        ("ab bc", ()),
        ("ab ba cd dc", (("a", "b"), ("c", "d"))),
        ("", ()),
    ],
)
def test_tours_are_told_only_where_they_close(arcs: str, found: tuple[Any, ...]) -> None:
    made = [Arc(start=arc[0], end=arc[1], value=1) for arc in arcs.split()]
    assert tours(made) == found


def test_every_example_has_its_words_files_and_a_model() -> None:
    for item in examples():
        assert item.text and r2c.CIR.model_validate(model_of(item)).rules
        assert len(files_of(item)) == len(item.tables)
