"""Other numbers: the same everywhere, of the same kind, and apart for models that differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from r2c.cir.read_text import read_text
from r2c.verdict.answer import solve
from r2c.verdict.other_numbers import WIDEST, OtherNumbers

MODEL = """cir 1
parameters
  price_a = 5
  price_b = 7
  room = 40
decisions
  a integer
    upper: 9
  b integer
rules
  space: linear
    relation = 3*a + 4*b <= room
objectives
  max price_a*a + price_b*b
"""


@given(st.floats(-1e6, 1e6).filter(lambda x: not x or abs(x) > 1e-9), st.integers(0, 50))
def test_sign_wholeness_and_shares_stay(value: float, draw: int) -> None:
    found = OtherNumbers(draw).number(value)
    assert (found > 0) == (value > 0)
    assert found == OtherNumbers(draw).number(value)
    if value.is_integer():
        assert found.is_integer()
    if 0 < abs(value) < 1:
        assert 0 < abs(found) < 1
    elif value:
        assert 1 / WIDEST - 1e-9 <= abs(found / value) <= WIDEST + 0.5


def test_equal_numbers_stay_equal_and_structure_stays() -> None:
    draw = OtherNumbers(3)
    changed = draw.cir(read_text(MODEL))
    assert {item.name: item.value for item in changed.parameters} == {
        "price_a": draw.number(5), "price_b": draw.number(7), "room": draw.number(40),
    }  # fmt: skip
    assert [rule.id for rule in changed.rules] == ["space"]
    assert changed != read_text(MODEL)


def test_two_models_that_agree_by_luck_part_on_other_numbers() -> None:
    right = read_text(MODEL)
    lucky = read_text(MODEL.replace("    upper: 9\n", ""))  # the bound does not bind as told
    assert solve(right).objective == solve(lucky).objective
    assert any(
        solve(OtherNumbers(draw).cir(right)).objective
        != solve(OtherNumbers(draw).cir(lucky)).objective
        for draw in range(8)
    )
