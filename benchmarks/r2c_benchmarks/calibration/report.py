"""What a confidence is worth on answers: how it orders them, how far it can be believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from r2c.verdict.confidence import FEATURES, Calibration
from r2c_benchmarks.calibration.judged import Judged
from r2c_benchmarks.calibration.picture import Points, picture
from r2c_benchmarks.results import result_path, write_result
from r2c_benchmarks.table import aligned
from r2c_evaluation.calibration import (
    brier,
    calibration_error,
    most_wrong,
    reliability,
    risk_over_coverage,
)
from r2c_evaluation.ranking import auroc, auroc_difference

_FROM = 0.1
_NOTE = (
    "Answers of R2C with votes, judged again from the readings that runs kept. AUROC: the chance "
    "that a right answer has more confidence than a wrong one; `by votes` orders by the share of "
    "agreeing samples alone, `better by` is the difference with its 95% interval (DeLong). ECE: "
    "mean distance of confidence and accuracy over 15 bins of as many answers each. Brier: mean "
    "squared distance; `constant` is that of always saying the share of right answers. Checks "
    "passed: no check fails and enough samples agree. Bound: at most so many of them are wrong, "
    "one-sided 95%."
)


def document(
    groups: Mapping[str, tuple[Sequence[Judged], Sequence[float]]],
    calibration: Calibration,
    start: Mapping[str, JsonValue],
    note: str = "",
) -> dict[str, JsonValue]:
    """The results file.

    Args:
        groups: By name, answers with votes and the confidence of each.
        calibration: What gave the confidence.
        start: Command, versions and machine.
        note: A sentence below the table.
    """
    figures: dict[str, JsonValue] = {
        name: _figures(answers, confidence) for name, (answers, confidence) in groups.items()
    }
    weights: dict[str, JsonValue] = dict(zip(FEATURES, calibration.weights, strict=True))
    return {
        "summary": [
            _row(name, found) for name, found in figures.items() if isinstance(found, dict)
        ],
        "measurements": figures,
        "weights": {**weights, "bias": calibration.bias},
        "calibration": calibration.model_dump(mode="json"),
        "start": dict(start),
        "note": " ".join(filter(None, [_NOTE, note])),
    }


def write(
    groups: Mapping[str, tuple[Sequence[Judged], Sequence[float]]],
    calibration: Calibration,
    start: Mapping[str, JsonValue],
    note: str,
    out: Path,
) -> str:
    """Write the results file and its picture beside it.

    Returns:
        The table and the note, for the terminal.
    """
    drawn = result_path(out.stem, out.parent).with_suffix(".svg")
    result = document(groups, calibration, start, note)
    drawn.write_text(picture(*points(groups)), encoding="utf-8")
    made = write_result(out.stem, result, out.parent)
    rows = cast("list[dict[str, object]]", result["summary"])
    return f"{aligned(rows)}\n\n{result['note']}\nwritten: {made}, {drawn}"


def points(
    groups: Mapping[str, tuple[Sequence[Judged], Sequence[float]]],
) -> tuple[dict[str, Points], dict[str, Points]]:
    """What the picture shows of each group: risk over coverage, and accuracy over confidence.

    Of the risk only from a tenth of the answers on: the share of wrong ones of three says little.
    """
    risk: dict[str, Points] = {}
    believed: dict[str, Points] = {}
    for name, (answers, confidence) in groups.items():
        right = [item.right for item in answers]
        risk[name] = [item for item in risk_over_coverage(confidence, right) if item[0] >= _FROM]
        believed[name] = [(said, found) for _, said, found in reliability(confidence, right, 8)]
    return risk, believed


def _figures(answers: Sequence[Judged], confidence: Sequence[float]) -> dict[str, JsonValue]:
    right = [item.right for item in answers]
    votes = [_share(item) for item in answers]
    share = sum(right) / len(right)
    passed = [item.passed for item in answers]
    return {
        "answers": len(answers),
        "right": sum(right),
        "auroc": auroc(confidence, right),
        "auroc_votes": auroc(votes, right),
        "auroc_over_votes": _listed(auroc_difference(confidence, votes, right)),
        "ece": calibration_error(confidence, right),
        "brier": brier(confidence, right),
        "brier_constant": share * (1 - share),
        "passed": _of(passed, right),
        "wrong_that_fail": _share_that_fails(passed, right),
        "reliability": [list(item) for item in reliability(confidence, right)],
        "risk_over_coverage": [list(item) for item in risk_over_coverage(confidence, right)],
    }


def _listed(values: Sequence[float] | None) -> list[JsonValue] | None:
    return None if values is None else list(values)


def _share(item: Judged) -> float:
    """The share of readings that agree."""
    found = next(one for one in item.evidence if one.check == "agreement")
    return float(str(found.details["same_optimum"]))


def _of(chosen: Sequence[bool], right: Sequence[bool]) -> dict[str, JsonValue]:
    count = sum(chosen)
    wrong = sum(one and not ok for one, ok in zip(chosen, right, strict=True))
    return {"answers": count, "wrong": wrong, "bound": most_wrong(wrong, count)}


def _share_that_fails(passed: Sequence[bool], right: Sequence[bool]) -> float | None:
    """Of the wrong answers, the share that does not pass the checks."""
    wrong = [one for one, ok in zip(passed, right, strict=True) if not ok]
    return None if not wrong else sum(not one for one in wrong) / len(wrong)


def _row(name: str, found: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    told: dict[str, JsonValue] = {
        "answers": name,
        "n": found["answers"],
        "right": found["right"],
    }
    told |= {
        title: "" if found[key] is None else f"{float(str(found[key])):.3f}"
        for title, key in (
            ("AUROC", "auroc"),
            ("by votes", "auroc_votes"),
            ("ECE", "ece"),
            ("Brier", "brier"),
            ("constant", "brier_constant"),
        )
    }
    more = found["auroc_over_votes"]
    if isinstance(more, list):
        better, least, most = (float(str(value)) for value in more)
        told["better by"] = f"{better:.3f} ({least:.3f} to {most:.3f})"
    group = found["passed"]
    assert isinstance(group, dict)
    told["checks passed"] = f"{group['answers']}, wrong {group['wrong']}"
    told["bound"] = f"{float(str(group['bound'])):.1%}"
    failing = found["wrong_that_fail"]
    told["wrong ones that do not pass"] = "" if failing is None else f"{float(str(failing)):.0%}"
    return told
