"""Whether right answers are right for the right reason, and how far a trust can be believed.

An optimum can be right by luck: a rule that does not bind with these numbers may be missing. So a
formulation is solved again about other numbers, and its rules are held against those of the
problem. A method that says how far to trust an answer is held to that as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from r2c_benchmarks.record import Record
from r2c_benchmarks.score import matches, matches_again
from r2c_evaluation.intervals import wilson
from r2c_evaluation.ranking import auroc
from r2c_evaluation.structure import Match

VERIFIED = "verified"
NOTE = (
    "Also with other numbers: of the right formulations with three other sets of numbers, those "
    "that are right with all; unclear where a number cannot be followed. Rules F1: rules with the "
    "archetype, the number of members and the data of a rule of the problem. Verified and wrong: "
    "of the answers that a method calls verified. AUROC: the chance that a right answer has a "
    "higher score than a wrong one."
)


@dataclass(frozen=True)
class Soundness:
    """The figures of a group of records; None where a method or a bench says nothing of it.

    Attributes:
        again_right: Right answers that are right about the other numbers too.
        again_wrong: Right answers that are not: right by luck.
        again_unclear: Right answers whose numbers cannot be followed to the others.
        rules: How many rules are those of the problem, over all problems.
        verified: Answers that the method calls verified.
        verified_wrong: Those of them that are wrong.
        ranking: The chance that a right answer has a higher score than a wrong one.
    """

    count: int
    right: int
    again_right: int
    again_wrong: int
    again_unclear: int
    rules: Match | None
    verified: int | None
    verified_wrong: int | None
    ranking: float | None


def soundness(records: Sequence[Record]) -> Soundness:
    """The figures of some records."""
    right = [record for record in records if matches(record)]
    again = [matches_again(record) for record in right if record.again]
    trusts = [record.details["trust"] for record in records if "trust" in record.details]
    verified = [record for record in records if record.details.get("trust") == VERIFIED]
    scored = [
        (float(score), matches(record))
        for record in records
        if isinstance(score := record.details.get("score"), int | float)
    ]
    return Soundness(
        count=len(records),
        right=len(right),
        again_right=again.count(True),
        again_wrong=again.count(False),
        again_unclear=again.count(None),
        rules=_rules(records),
        verified=len(verified) if trusts else None,
        verified_wrong=sum(not matches(record) for record in verified) if trusts else None,
        ranking=auroc([score for score, _ in scored], [is_right for _, is_right in scored]),
    )


def _rules(records: Sequence[Record]) -> Match | None:
    """The rules over all problems; where a method came to no model, all of them are missing."""
    if all(record.structure is None for record in records):
        return None
    found = [record.structure or (0, record.rules, 0) for record in records]
    return Match(*map(sum, zip(*found, strict=True)))


def soundness_row(method: str, problems: str, records: Sequence[Record]) -> dict[str, JsonValue]:
    """One line of the table."""
    found = soundness(records)
    return {
        "method": method,
        "problems": problems,
        "n": found.count,
        "right": found.right,
        "also with other numbers": _again(found),
        "rules F1": "" if found.rules is None else f"{100 * found.rules.f1:.1f}%",
        "verified": "" if found.verified is None else found.verified,
        "verified and wrong": _verified_wrong(found),
        "AUROC": "" if found.ranking is None else f"{found.ranking:.2f}",
    }


def soundness_raw(method: str, problems: str, records: Sequence[Record]) -> dict[str, JsonValue]:
    """The figures behind a line; the value is the share of right answers.

    The spreads are Wilson intervals; a share of nothing has none.
    """
    found = soundness(records)
    figures: dict[str, JsonValue] = asdict(found)
    asked = found.again_right + found.again_wrong + found.again_unclear
    return {
        "method": method,
        "problems": problems,
        "value": found.right / found.count if found.count else None,
        "spread": _interval(found.right, found.count),
        **figures,
        "again_right_spread": _interval(found.again_right, asked),
        "verified_wrong_spread": _interval(found.verified_wrong, found.verified),
    }


def _interval(part: int | None, whole: int | None) -> list[JsonValue] | None:
    return list(wilson(part, whole)) if part is not None and whole else None


def _again(found: Soundness) -> str:
    asked = found.again_right + found.again_wrong + found.again_unclear
    if not asked:
        return ""
    unclear = f", {found.again_unclear} unclear" if found.again_unclear else ""
    return f"{found.again_right} of {asked}{unclear}"


def _verified_wrong(found: Soundness) -> str:
    if found.verified is None or found.verified_wrong is None:
        return ""
    if not found.verified:
        return "0 of 0"
    low, high = wilson(found.verified_wrong, found.verified)
    share = 100 * found.verified_wrong / found.verified
    return f"{share:.1f}% ({100 * low:.0f} to {100 * high:.0f}%)"
