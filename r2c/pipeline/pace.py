"""How many samples the questions that are left can afford, at the pace of those that were asked."""

from __future__ import annotations

from dataclasses import dataclass

_OF_THE_FIRST = 0.5
"""What another question is taken to cost, of the first one, while that is all that was seen."""


@dataclass(frozen=True)
class Pace:
    """What a job has spent on its questions, and what it has left.

    Attributes:
        asked: Questions that the model has answered.
        tokens: Tokens that they cost together.
        seconds: Time that they took together.
        tokens_left: Tokens that the budget still holds.
        seconds_left: Time until the job must come to its end.
        ahead: Questions still to ask, this one included.
    """

    asked: int
    tokens: int
    seconds: float
    tokens_left: int
    seconds_left: float
    ahead: int


def affordable(wanted: int, pace: Pace) -> int:
    """As many samples as wanted, or the largest odd number that the rest of the job can pay for.

    A question with n samples is taken to cost 1 + n parts: its prompt is read once, and each answer
    is written. Odd, because a vote of two or four is easily a draw; at least one, since an answer
    with little evidence is more than none.

    Args:
        wanted: The samples that the settings ask for, with which the pace was measured.
        pace: What was spent, and what is left.
    """
    if wanted <= 1 or not pace.asked or pace.ahead <= 0:
        return wanted
    # The first question also pays for the start and for a prompt that the others share.
    counted = pace.asked if pace.asked > 1 else 1 / _OF_THE_FIRST
    shares = [
        left / (spent / counted * pace.ahead)
        for left, spent in ((pace.tokens_left, pace.tokens), (pace.seconds_left, pace.seconds))
        if spent > 0
    ]
    share = min(shares, default=1.0)
    if share >= 1.0:
        return wanted
    fewer = (n for n in range(wanted - 1, 1, -1) if n % 2 and (1 + n) <= share * (1 + wanted))
    return next(fewer, 1)
