"""The rules of a hundred problems, each with the archetype that says it, as two readers judged.

The problems were drawn from the public files with a fixed seed, none of them on the report list.
Neither reader had written the cards; the second one saw what the first had said, and marked where
each rule stands. Verdicts and places are kept, and no text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from pydantic import Field, JsonValue

from r2c.archetypes.card import Card
from r2c.errors import InputError, declare
from r2c.problem.schema import Frozen
from r2c_evaluation.intervals import wilson

UNKNOWN_CARD = declare(
    "R2C-B072",
    InputError,
    what="The review names the archetype {archetype!r} ({file} {id}), which has no card.",
    why="The cards have changed since it was made.",
    remedy="Review these rules again.",
)

Verdict = Literal["card", "linear", "missed", "none"]
_TOLD: dict[Verdict, str] = {
    "card": "a card of their own kind says them",
    "linear": "plain linear relations without a kind of their own",
    "missed": "plain linear only, though there is a card of the kind",
    "none": "no card can say them",
}


class Judged(Frozen):
    """The best archetype for a rule, and whether it says the rule."""

    archetype: str
    verdict: Verdict


class Reviewed(Judged):
    """One rule as the first reader judged it, or the second if only that one saw a rule there.

    Args:
        note: What is missing.
        start: Where in the problem its words begin; None if it follows from data alone.
        end: Where they end.
        second: What the second reader said, if that was something else.
    """

    note: str = ""
    start: int | None = None
    end: int | None = None
    second: Judged | None = None


class ReviewedProblem(Frozen):
    """The rules of one problem: those of the first reader, and what the second one added."""

    file: str
    id: str
    rules: tuple[Reviewed, ...] = Field(min_length=1)
    found_second: tuple[Reviewed, ...] = ()


def reviewed() -> list[ReviewedProblem]:
    """The review, in the order in which the problems were drawn."""
    data = files("r2c_benchmarks.coverage").joinpath("data", "reviewed.jsonl")
    lines = data.read_text(encoding="utf-8").splitlines()
    return [ReviewedProblem.model_validate(json.loads(line)) for line in lines]


def document(
    problems: list[ReviewedProblem], library: Mapping[str, Card], start: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Raises:
        InputError: R2C-B072.
    """
    rules = [(problem, rule) for problem in problems for rule in problem.rules]
    later = [rule for problem in problems for rule in problem.found_second]
    again: list[Judged] = [*(rule.second or rule for _, rule in rules), *later]
    for problem, rule in rules:
        if rule.archetype not in library and rule.verdict != "none":
            raise UNKNOWN_CARD(archetype=rule.archetype, file=problem.file, id=problem.id)
    counts = Counter(rule.verdict for _, rule in rules)
    total = len(rules)
    uses = Counter(rule.archetype for _, rule in rules if rule.verdict == "card")
    seconds = Counter(rule.verdict for rule in again)
    same = sum(rule.second is None for _, rule in rules)
    placed = sum(rule.start is not None for _, rule in rules)
    said = total - counts["none"]
    reserved = sum(rule.verdict == "card" and bool(rule.note) for _, rule in rules)
    return {
        "summary": [
            _row(told, counts[verdict], total, seconds[verdict], len(again))
            for verdict, told in _TOLD.items()
        ],
        "note": (
            f"{total} rules of {len(problems)} public problems, none of them on the report list, "
            "judged by two readers who had not written the cards; the second one saw what the "
            f"first had said, gave {same} of them the same archetype and verdict, found "
            f"{len(later)} more rules, and marked the words of {placed}; the others follow from "
            "data alone. "
            f"Of the first reading: {reserved} of the "
            f"{counts['card']} rules that a card says were given to it with a reservation: put "
            "together from several cards, restated, or written inexactly; each is told in the "
            f"results file. {len(uses)} of the "
            f"{len(library)} archetypes occur; the commonest are "
            f"{', '.join(f'{id} ({n})' for id, n in uses.most_common(6))}."
        ),
        "measurements": [
            {
                "name": "rules that can be said",
                "value": said / total,
                "spread": list(wilson(said, total)),
                "seed": 3,
                "starts": [start],
            },
            {
                "name": "rules that need plain linear though there is a card of the kind",
                "value": counts["missed"] / total,
                "spread": list(wilson(counts["missed"], total)),
                "seed": 3,
                "starts": [start],
            },
        ],
        "reserved": reserved,
        "same": same,
        "added": len(later),
        "uses": dict(uses.most_common()),
        "remarked": [
            {
                "file": p.file,
                "id": p.id,
                "archetype": rule.archetype,
                "verdict": rule.verdict,
                "start": rule.start,
                "end": rule.end,
                "second": None if rule.second is None else rule.second.model_dump(mode="json"),
                "note": rule.note,
            }
            for p, rule in rules
            if rule.note or rule.second
        ],
    }


def _row(told: str, count: int, total: int, again: int, of: int) -> dict[str, JsonValue]:
    low, high = wilson(count, total)
    return {
        "rules": told,
        "n": count,
        "share": f"{100 * count / total:.1f}%",
        "95% interval": f"{100 * low:.0f} to {100 * high:.0f}%",
        "second reader": again,
        "their share": f"{100 * again / of:.1f}%",
    }
