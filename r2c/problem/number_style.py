"""How a text writes its numbers: decimal points or commas, blanks between groups of digits.

`1,5` is one and a half in one text and two numbers in the next, `12.000` is twelve or twelve
thousand. Only what the text itself proves is believed; without proof the reading is English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from r2c.problem.vocabulary import LABEL_NOUNS, UNITS, VERB_LABEL_NOUNS

MONEY = r"(?:[$€£¥₹₩₽]|\b(?:USD|EUR|GBP|CHF|CAD|AUD|INR)\b)"
NO_DIGIT = r"(?![0-9]|[.,][0-9])"

_COMMA = rf"(?<![0-9.,(\[{{])[0-9]+,[0-9]{{1,2}}{NO_DIGIT}"
_MEASURED = re.compile(
    rf"{MONEY}[ \u00a0]?{_COMMA}|{_COMMA}[ \u00a0]?(?:{MONEY}|%|(?P<unit>[A-Za-z]+))"
)
_BOTH_MARKS = re.compile(rf"(?<![0-9.,(\[{{])[0-9]{{1,3}}(?:\.[0-9]{{3}})+,[0-9]{{1,2}}{NO_DIGIT}")
_ENGLISH = re.compile(
    r"[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.])|(?<![0-9,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])"
)
_ROUND = re.compile(
    rf"(?<![\w.,])(?<![0-9] )[1-9][0-9]{{0,2}}(?: [0-9]{{3}})*? 000(?: [0-9]{{3}})*"
    rf"{NO_DIGIT}(?! [0-9])"
)
_IN_A_CELL = re.compile(r"[>|&\t] *[1-9][0-9]{0,2}(?: [0-9]{3})+ *[<|&\t\\]")
_LAKHS = re.compile(r"\b(?:lakhs?|crores?|rupees?|INR|Rs)\b|₹", re.I)
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[ \u00a0]\Z")


@dataclass(frozen=True)
class NumberStyle:
    """What the text proves of its way to write numbers.

    `decimal_comma`: `1,5` is one and a half and `12.000` twelve thousand. `blank_groups`: `1 200`
    is one number. `lakhs`: `1,50,000` is one number.
    """

    decimal_comma: bool = False
    blank_groups: bool = False
    lakhs: bool = False


def style_of(text: str) -> NumberStyle:
    """The style of a whole text."""
    comma = _BOTH_MARKS.search(text) is not None or (
        _ENGLISH.search(text) is None and any(map(_is_measured, _MEASURED.finditer(text)))
    )
    return NumberStyle(
        decimal_comma=comma,
        blank_groups=_ROUND.search(text) is not None or _IN_A_CELL.search(text) is not None,
        lakhs=_LAKHS.search(text) is not None,
    )


def follows_label_noun(text: str, start: int) -> bool:
    """Whether the word before `start` numbers its things: the `type` of `type 1`."""
    before = _WORD_BEFORE.search(text[max(0, start - 30) : start])
    stem = before.group(1).lower().removesuffix("s") if before else ""
    return stem in LABEL_NOUNS or stem in VERB_LABEL_NOUNS


def _is_measured(match: re.Match[str]) -> bool:
    # "takes 1,5 hours", but neither "items 1,5" nor "stages 1,5 hours apart"
    unit = match.group("unit")
    measured = unit is None or unit.lower() in UNITS
    return measured and not follows_label_noun(match.string, match.start())
