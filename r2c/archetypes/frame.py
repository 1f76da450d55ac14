"""The frame of a sentence: what is left when the words of its trade are taken out.

"A truck may carry at most 20 pallets" becomes "a _ may carry at most # _": how a rule is said,
whatever it is about. Masking what a text is about so that only its manner counts is known from
telling authors apart (Stamatatos 2017, Authorship Attribution Using Text Distortion).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from r2c.archetypes.lexical import EMPTY, tokens

_LONGEST = 3
_GAP, _START, _END = "_", "^", "$"
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen)\b", re.IGNORECASE
)
"""Numbers in words; `one` stays, for "exactly one" is said of choices."""
_SHORT = re.compile(r"\b(?:(?P<whole>ca|wo|sha)n|(?P<verb>\w+)n)['’]t\b", re.IGNORECASE)
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}

_WORDS = {
    "articles and pronouns": "a an the this that these those it its they them their theirs he "
    "him his she her we us our you your i my me who whom whose which what there here such one "
    "itself themselves each other another",
    "prepositions": "about above across after against along among around as at before behind "
    "below beneath beside besides between beyond by despite down during except for from in inside "
    "into instead of off on onto out outside over per since than through throughout till to "
    "toward towards under until up upon versus via with within without",
    "conjunctions": "and or nor but if then else unless whether because although though while "
    "when whenever whereas once so both either neither otherwise however therefore thus "
    "regardless provided",
    "auxiliaries": "be is am are was were been being have has had do does did done can cannot "
    "could may might must shall should will would need ought let get got",
    "negation and degree": "no not never none nothing only just exactly precisely even still yet "
    "already again also too very rather quite almost roughly approximately strictly",
    "quantifiers": "all any every some several few fewer fewest many more most much less least "
    "enough half twice double triple single pair whole entire total sum average mean full empty "
    "rest remain remainder",
    "order and time": "first second third last next previous prior early earlier earliest late "
    "later latest soon now start begin end finish complete time hour day week month year period "
    "shift date deadline consecutive row simultaneous always ever",
    "comparison": "same different equal identical like high low large small big great long short "
    "far near wide maximum minimum max min limit bound exceed reach fall rise range difference "
    "differ gap deviate ratio percent percentage share fraction proportion multiple rate balance",
    "money": "cost price fee penalty fine charge pay discount profit revenue budget",
    "what a rule does": "allow permit forbid ban prohibit require oblige demand choose select "
    "pick open close assign allocate use keep stay leave change switch follow precede cover visit "
    "chose chosen kept left fell fallen rose risen began begun paid "
    "include exclude contain split separate together apart alone combine join return carry store "
    "available unavailable possible impossible",
}
"""Words that say the same in every trade."""

_KEPT = frozenset(token for words in _WORDS.values() for token in tokens(words))


def frame_features(text: str) -> Iterator[str]:
    """The words of a frame, and its runs of up to three with the gaps and the ends among them."""
    frame = [_START]
    for token in tokens(_COUNTED.sub("2", _SHORT.sub(_in_full, text))):
        kept = token if token in _KEPT or not token.isalpha() else _GAP
        if kept != _GAP or frame[-1] != _GAP:
            frame.append(kept)
    frame.append(_END)
    for word in frame[1:-1]:
        if word != _GAP and word not in EMPTY:
            yield word
    for length in range(2, _LONGEST + 1):
        for start in range(len(frame) - length + 1):
            yield " ".join(frame[start : start + length])


def _in_full(short: re.Match[str]) -> str:
    """`can not` for `can't`, `does not` for `doesn't`."""
    whole = short["whole"]
    return f"{_WHOLE[whole.lower()] if whole else short['verb']} not"
