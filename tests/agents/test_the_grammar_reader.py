"""The tests' own reader of grammars is right about what it is asked."""

from __future__ import annotations

import pytest
from gbnf import admits

NAMES = 'root ::= name ("\\n" name){0,2}\nname ::= "ab" | "abc" [0-9]+ | [x-z]{2,3}\n'


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("ab", True),
        ("abc", False),
        ("abc1", True),
        ("abc12\nab", True),
        ("ab\nab\nab", True),
        ("ab\nab\nab\nab", False),
        ("xy", True),
        ("xyzx", False),
        ("", False),
        ("ab ", False),
    ],
)
def test_a_text_fits_or_does_not(text: str, fits: bool) -> None:
    assert admits(NAMES, text) is fits
