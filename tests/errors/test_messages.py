"""Messages are sentences: lists in them are told as words, and kept as data beside them."""

from __future__ import annotations

import pytest

from r2c.errors import ErrorKind, InputError, counted, listed


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([], "none"),
        (["a"], "'a'"),
        (["a", "b", 3], "'a', 'b', 3"),
        ([["A"], ["B"]], "'A', 'B'"),
        ([["A", 1], ("B", 2)], "('A', 1), ('B', 2)"),
        (("x",), "'x'"),
    ],
)
@pytest.mark.parametrize("field", ["{names}", "{names!r}", "{names!s}"])
def test_a_list_in_a_message_has_no_brackets_and_an_empty_one_is_none(values, told, field):
    kind = ErrorKind("R2C-X000", InputError, what=f"Use {field}.", why="So.", remedy="Do.")
    fault = kind.fault(names=values)
    assert fault.what == f"Use {told}."
    assert fault.details["names"] == [
        list(item) if isinstance(item, tuple) else item for item in values
    ]
    assert listed(values) == told


def test_a_set_in_a_message_has_a_fixed_order():
    kind = ErrorKind("R2C-X000", InputError, what="Use {names}.", why="So.", remedy="Do.")
    assert kind.fault(names={"b", "c", "a"}).what == "Use 'a', 'b', 'c'."


def test_what_is_no_list_is_told_as_before():
    kind = ErrorKind(
        "R2C-X000", InputError, what="{n:.2f} {t!r} {u} {k[0]}", why="So.", remedy="Do."
    )
    assert kind.fault(n=1.5, t="x", u=None, k=[7]).what == "1.50 'x' None 7"


@pytest.mark.parametrize(
    ("count", "noun", "told"),
    [(1, "row", "1 row"), (0, "row", "0 rows"), (2, "entry", "2 entries"), (3, "key", "3 keys")],
)
def test_a_number_of_things_has_the_right_plural(count, noun, told):
    kind = ErrorKind("R2C-X000", InputError, what=f"{{n:{noun}}}.", why="So.", remedy="Do.")
    fault = kind.fault(n=count)
    assert fault.what == f"{told}."
    assert fault.details == {"n": count}
    assert counted(count, noun) == told


def test_other_formats_of_numbers_are_kept():
    kind = ErrorKind(
        "R2C-X000", InputError, what="{n:,} {n:03d} {n!r} {b}", why="So.", remedy="Do."
    )
    assert kind.fault(n=1234, b=True).what == "1,234 1234 1234 True"
