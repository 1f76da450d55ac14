"""A whole number of very many digits is told as that."""

from __future__ import annotations

import pytest

from r2c.errors import InputError
from r2c.problem.files import Attached
from r2c.problem.json_file import DIGIT_LIMIT
from r2c.problem.read import read_tables


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("digits", [DIGIT_LIMIT + 1, 5_000, 1_000_000])
def test_a_number_of_too_many_digits_is_told_as_such(sign: str, digits: int) -> None:
    content = f'{{"a": 3, "b": {sign}{"7" * digits}}}'
    with pytest.raises(InputError, match=f"has too many digits: {digits}, the limit") as caught:
        read_tables([Attached("a.json", content.encode())])
    assert caught.value.code == "R2C-P030"
    assert "set_int_max_str_digits" not in str(caught.value)


def test_a_number_of_a_few_hundred_digits_is_read() -> None:
    (table,) = read_tables([Attached("a.json", b'{"a": ' + b"7" * 300 + b"}")])
    assert table.rows[0][0] == float("7" * 300)
