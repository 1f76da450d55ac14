"""A number written in any of many styles is read back as itself, as one number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.problem import read_problem
from r2c.problem.cell_numbers import read_number

THOUSANDS = st.integers(min_value=1_000, max_value=999_999_999)
CENTS = st.integers(min_value=1, max_value=99)


def grouped(value: int, mark: str) -> str:
    return f"{value:,}".replace(",", mark)


def in_lakhs(value: int) -> str:
    head, tail = divmod(value, 1000)
    pairs = []
    while head >= 100:
        head, pair = divmod(head, 100)
        pairs.append(f"{pair:02d}")
    return ",".join([str(head), *reversed(pairs), f"{tail:03d}"])


GROUPED: dict[str, Callable[[int, int], tuple[str, float]]] = {
    "english": lambda n, c: (f"{grouped(n, ',')}.{c:02d}", n + c / 100),
    "european": lambda n, c: (f"{grouped(n, '.')},{c:02d}", n + c / 100),
    "no-break blanks": lambda n, c: (f"{grouped(n, chr(0xA0))}.{c:02d}", n + c / 100),
    "narrow blanks": lambda n, c: (f"{grouped(n, chr(0x202F))},{c:02d}", n + c / 100),
    "blanks": lambda n, _: (grouped(n, " "), n),
    "apostrophes": lambda n, c: (f"{grouped(n, chr(0x2019))}.{c:02d}", n + c / 100),
    "lakhs": lambda n, _: (in_lakhs(n), n),
}
SHORT = {"k": 1e3, "M": 1e6, "bn": 1e9, " thousand": 1e3, " million": 1e6, " crore": 1e7}
MONEY = {"k": 1e3, " k": 1e3, "m": 1e6, " M": 1e6, "b": 1e9, " bn": 1e9, " mln": 1e6}
SIGNS = {"-": -1, "−": -1, "minus ": -1, "negative ": -1, "": 1}


@given(THOUSANDS, CENTS, st.sampled_from(sorted(GROUPED)))
def test_groups_of_digits_in_every_style(value: int, cents: int, style: str) -> None:
    written, meant = GROUPED[style](value, cents)
    (quantity,) = read_problem(f"The budget is {written} rupees.").quantities
    assert (quantity.text, quantity.unit) == (written, "rupees")
    assert quantity.value == pytest.approx(meant, rel=1e-12)


@given(THOUSANDS, st.sampled_from(["blanks", "apostrophes", "english", "no-break blanks"]))
def test_a_cell_and_a_sentence_agree(value: int, style: str) -> None:
    written, meant = GROUPED[style](value, 25)
    cell = read_number(written)
    assert cell is not None
    assert cell[0] == pytest.approx(meant, rel=1e-12)


@given(st.integers(1, 9999), st.sampled_from(sorted(SHORT)))
def test_scales_in_words_and_letters(tenths: int, scale: str) -> None:
    written = f"{tenths / 10}{scale}"
    (quantity,) = read_problem(f"They ship {written} units.").quantities
    assert (quantity.text, quantity.unit) == (written, "units")
    assert quantity.value == pytest.approx(tenths / 10 * SHORT[scale])
    cell = read_number(written)
    assert cell is not None
    assert cell[0] == pytest.approx(tenths / 10 * SHORT[scale])


@given(st.integers(1, 9999), st.sampled_from(sorted(MONEY)), st.sampled_from("$€£"))
def test_scales_of_money(tenths: int, scale: str, sign: str) -> None:
    written = f"{tenths / 10}{scale}"
    (quantity,) = read_problem(f"It costs {sign}{written} in all.").quantities
    assert (quantity.text, quantity.unit) == (written, sign)
    assert quantity.value == pytest.approx(tenths / 10 * MONEY[scale])


@given(st.integers(1, 9999), st.sampled_from(sorted(SIGNS)))
def test_signs(value: int, sign: str) -> None:
    (quantity,) = read_problem(f"The change is {sign}{value} degrees.").quantities
    assert quantity.text == f"{sign}{value}"
    assert quantity.value == SIGNS[sign] * value


@given(
    st.lists(st.integers(1, 19), min_size=3, max_size=6),
    st.sampled_from(["million", "thousand", "%", "percent"]),
    st.sampled_from([" and ", ", and ", " or "]),
)
def test_a_list_shares_what_its_last_member_says(values: list[int], shared: str, link: str) -> None:
    written = ", ".join(map(str, values[:-1])) + f"{link}{values[-1]} {shared}"
    factor = {"million": 1e6, "thousand": 1e3}.get(shared, 0.01)
    found = read_problem(f"The sites get {written} in turn.").quantities
    assert [q.value for q in found] == pytest.approx([value * factor for value in values])


@given(st.integers(2, 60), st.sampled_from(["in", "out of every", "in every", "of every"]))
def test_one_in_many_is_a_fraction(many: int, link: str) -> None:
    (quantity,) = read_problem(f"We know that 1 {link} {many} parts fails.").quantities
    assert quantity.kind == "fraction"
    assert quantity.value == pytest.approx(1 / many)
