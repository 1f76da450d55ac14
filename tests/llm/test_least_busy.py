"""Work goes to the least busy place, back to where it began, and around one that rests."""

from __future__ import annotations

import math

import pytest

from r2c.llm.least_busy import REMEMBERED, LeastBusy, Place


def at(place: Place[str] | None) -> str:
    assert place is not None
    return place.item


def test_work_goes_to_the_least_busy_place() -> None:
    shared = LeastBusy(["a", "b"])
    first, _ = shared.places
    with first.at_work("x"):
        assert at(shared.chosen("x")) == "b"
        with shared.places[1].at_work("y"), shared.places[1].at_work("y"):
            assert at(shared.chosen("y")) == "a"
    assert [place.busy for place in shared.places] == [0, 0]


def test_of_equally_busy_places_it_goes_where_it_began() -> None:
    shared = LeastBusy(["a", "b"])
    with shared.places[1].at_work("x"):
        pass
    assert (at(shared.chosen("x")), at(shared.chosen("y"))) == ("b", "a")


def test_work_that_failed_leaves_nothing_to_go_back_to() -> None:
    shared = LeastBusy(["a", "b"])
    with pytest.raises(ValueError, match="no"), shared.places[1].at_work("x"):
        raise ValueError("no")
    assert at(shared.chosen("x")) == "a"
    assert shared.places[1].busy == 0


def test_a_place_that_rests_is_taken_last_or_not_at_all() -> None:
    shared = LeastBusy(["a", "b"])
    first, other = shared.places
    first.rests_until = math.inf
    assert at(shared.chosen("")) == "b"
    assert at(shared.chosen("", without=[other])) == "a"
    assert shared.chosen("", without=[other], resting=False) is None
    assert shared.chosen("", without=[first, other]) is None


def test_a_place_remembers_no_more_than_a_server_keeps() -> None:
    (place,) = LeastBusy(["a"]).places
    for number in range(REMEMBERED + 10):
        with place.at_work(str(number)):
            pass
    assert len(place.begun) == REMEMBERED
    assert str(REMEMBERED + 9) in place.begun
    assert "0" not in place.begun
