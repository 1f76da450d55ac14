"""The figures of retrieval as a result: tables, confusions, where every value comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from pydantic import JsonValue

from r2c.archetypes.card import Card
from r2c_benchmarks.retrieval.measure import WAYS, Asked, Figures, confused, figures
from r2c_benchmarks.retrieval.questions import SETS
from r2c_evaluation.clustered import clustered_mean
from r2c_evaluation.intervals import wilson

_NOTE = (
    "A right archetype among the first 1, 3, 5 of {cards}, and the mean of 1/rank. The sentences "
    "were written from names and meanings alone, without a look at cues or phrasings, in six "
    "styles; the method was chosen on three of them, while figures of the others were seen, so "
    "these are a little flattering. The passages of public problems were marked without a look "
    "at the cards, those held out before the others; their figures too were seen, at seven "
    "versions of the method and at other weights of the last. Why those looked at score lower has "
    "not been found out. Where two archetypes were right either counts."
)


_BY_FAMILY = (
    "The sentences and passages that were held out, by the family of the right archetype: n, then "
    "for each way of searching the percent with a right archetype among the first 1, 3 and 5, and "
    "the mean of 1/rank. A family has few, so a row is coarse; the intervals, and those that were "
    "looked at, are in the results file."
)
_CONFUSED = (
    "What came first by all ways together instead of what was wanted, over all {count} sentences "
    "and passages, where it happened at least {least} times; {rest} further pairs happened less "
    "often and are in the results file."
)
_OFTEN = 3
"""Confusions at least so often are shown."""


def documents(
    asked: Sequence[Asked], library: Mapping[str, Card], start: dict[str, JsonValue], note: str = ""
) -> dict[str, dict[str, JsonValue]]:
    """Everything that the results files hold, by their names.

    Args:
        asked: All questions and answers.
        library: The cards.
        start: Command, commit, versions and machine, from `provenance.start_note`.
        note: A sentence more below the first table.
    """
    groups = list(_groups(asked))
    return {
        "retrieval": {
            "summary": [_row(where, way, figures(items)) for where, way, items in groups],
            "note": f"{_NOTE.format(cards=len(library))} {note}".strip(),
            "measurements": [_measured(where, way, items, start) for where, way, items in groups],
        },
        "retrieval_by_family": _by_family(asked, library, start),
        "retrieval_confused": _confusions(asked, start),
    }


def _by_family(
    asked: Sequence[Asked], library: Mapping[str, Card], start: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    summary: list[JsonValue] = []
    measurements: list[JsonValue] = []
    for where in SETS:
        for family in sorted({card.family for card in library.values()}):
            row: dict[str, JsonValue] = {"sentences": where, "family": family}
            for _, way, items in _groups(
                item
                for item in asked
                if item.question.set == where and library[item.question.right[0]].family == family
            ):
                found = figures(items)
                row["n"] = found.count
                shares = (found.at_1, found.at_3, found.at_5)
                row[f"{way}: 1, 3, 5"] = " / ".join(f"{100 * share:.0f}" for share in shares)
                row[f"{way}: 1/rank"] = f"{found.inverse_rank:.2f}"
                measurements.append({"family": family, **_measured(where, way, items, start)})
            if "held out" in where and "n" in row:
                summary.append(row)
    return {"summary": summary, "note": _BY_FAMILY, "measurements": measurements}


def _confusions(asked: Sequence[Asked], start: dict[str, JsonValue]) -> dict[str, JsonValue]:
    fused = [item for item in asked if item.way == "together"]
    pairs = confused(fused)
    often = [pair for pair in pairs if pair[2] >= _OFTEN]
    wanted = Counter(item.question.right[0] for item in fused)
    note = _CONFUSED.format(count=len(fused), least=_OFTEN, rest=len(pairs) - len(often))
    return {
        "summary": [
            {"wanted": right, "found first": found, "times": times, "of": wanted[right]}
            for right, found, times in often
        ],
        "note": note,
        "measurements": [
            {
                "sentences": where,
                "wanted": right,
                "found": found,
                "value": times / count,
                "spread": list(wilson(times, count)),
                "times": times,
                "of": count,
                "seed": None,
                "starts": [start],
            }
            for where in SETS
            if (items := [item for item in fused if item.question.set == where])
            for right, found, times in confused(items)
            if (count := sum(item.question.right[0] == right for item in items))
        ],
    }


def _groups(asked: Iterable[Asked]) -> Iterator[tuple[str, str, list[Asked]]]:
    found = list(asked)
    for where in SETS:
        for way in WAYS:
            items = [item for item in found if item.question.set == where and item.way == way]
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
    where: str, way: str, items: Sequence[Asked], start: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    found = figures(items)
    mean = clustered_mean([1 / item.rank for item in items], range(len(items)))
    return {
        "sentences": where,
        "way": way,
        "value": found.at_3,
        "spread": list(wilson(round(found.at_3 * found.count), found.count)),
        "figures": {
            **asdict(found),
            "inverse_rank_spread": []
            if mean.low is None or mean.high is None
            else [max(0.0, mean.low), min(1.0, mean.high)],
        },
        "seed": None,
        "starts": [start],
    }
