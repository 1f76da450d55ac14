"""The figures of retrieval as a result: tables, confusions, where every value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from pydantic import JsonValue

from r2c.archetypes.card import Card
from r2c_benchmarks.retrieval.measure import WAYS, Asked, Figures, confused, figures
from r2c_benchmarks.retrieval.questions import SETS
from r2c_evaluation.intervals import wilson

_NOTE = (
    "A right archetype among the first 1, 3, 5 of {cards}, and the mean of 1/rank. The sentences "
    "were written from names and meanings alone, without a look at cues or phrasings, in six "
    "styles; the method was chosen on three of them, while figures of the others were seen, so "
    "these are a little flattering. The passages of public problems were marked without a look "
    "at the cards, those held out before the others; where two archetypes were right either "
    "counts."
)


def document(
    asked: Sequence[Asked], library: Mapping[str, Card], start: dict[str, JsonValue], note: str = ""
) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Args:
        asked: All questions and answers.
        library: The cards.
        start: Command, commit, versions and machine, from `provenance.start_note`.
        note: A sentence more below the table.
    """
    groups = list(_groups(asked))
    fused = [item for item in asked if item.way == "both"]
    return {
        "summary": [_row(where, way, figures(items)) for where, way, items in groups],
        "note": f"{_NOTE.format(cards=len(library))} {note}".strip(),
        "measurements": [
            _measured(where, way, figures(items), start) for where, way, items in groups
        ],
        "families": [
            {"sentences": where, "family": family, **asdict(figures(items))}
            for where in SETS
            for family in sorted({card.family for card in library.values()})
            if (items := [i for i in fused if i.question.set == where
                          and library[i.question.right[0]].family == family])
        ],
        "confused": [
            {"sentences": where, "wanted": wanted, "found": found, "times": times}
            for where in SETS
            for wanted, found, times in confused(i for i in fused if i.question.set == where)
        ],
    }  # fmt: skip


def _groups(asked: Sequence[Asked]) -> Iterator[tuple[str, str, list[Asked]]]:
    for where in SETS:
        for way in WAYS:
            items = [item for item in asked if item.question.set == where and item.way == way]
            if items:
                yield where, way, items


def _row(where: str, way: str, found: Figures) -> dict[str, JsonValue]:
    low, high = wilson(round(found.at_3 * found.count), found.count)
    return {
        "sentences": where,
        "n": found.count,
        "found by": way,
        "among 1": f"{100 * found.at_1:.1f}%",
        "among 3": f"{100 * found.at_3:.1f}%",
        "95% interval": f"{100 * low:.0f} to {100 * high:.0f}%",
        "among 5": f"{100 * found.at_5:.1f}%",
        "1/rank": round(found.inverse_rank, 3),
    }


def _measured(
    where: str, way: str, found: Figures, start: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    return {
        "sentences": where,
        "way": way,
        "value": found.at_3,
        "spread": list(wilson(round(found.at_3 * found.count), found.count)),
        "figures": dict(asdict(found)),
        "seed": None,
        "starts": [start],
    }
