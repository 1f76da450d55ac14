"""What a validation found is told once for each value, in time that grows as the faults do."""

from __future__ import annotations

import sys

import pytest
from pydantic import ValidationError

from r2c.cir.field_faults import found_faults
from r2c.cir.schema import CIR


def refused(value: object, count: int) -> ValidationError:
    """The error of a model whose numbers are all wrong."""
    numbers = [{"name": f"p{number}", "value": value} for number in range(count)]
    with pytest.raises(ValidationError) as caught:
        CIR.model_validate({"parameters": numbers})
    return caught.value


def steps(error: ValidationError) -> int:
    """How many functions of Python are entered or resumed until all is told."""
    entered = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal entered
        entered += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found_faults(error)
    finally:
        sys.setprofile(before)
    return entered


@pytest.mark.parametrize("value", [[], {"kind": "none"}])
def test_a_number_that_is_no_record_either_is_told_once(value: object) -> None:
    ((place, _),) = found_faults(refused(value, 1))
    assert place == "parameters.0.value"


def test_what_is_a_record_is_not_told_that_it_is_no_number() -> None:
    places = [place for place, _ in found_faults(refused({"kind": "table"}, 2))]
    assert places == [
        "parameters.0.value.table",
        "parameters.0.value.value",
        "parameters.1.value.table",
        "parameters.1.value.value",
    ]


@pytest.mark.parametrize("value", [[], {"kind": "table"}, "x"])
def test_twice_as_many_wrong_numbers_take_twice_the_steps(value: object) -> None:
    assert steps(refused(value, 800)) < 2.2 * steps(refused(value, 400))
