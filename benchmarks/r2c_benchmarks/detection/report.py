"""The findings as a result: what is flagged of each kind, what each check adds, false alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import JsonValue

from r2c_benchmarks.detection.case import RIGHT, Case, Finding
from r2c_benchmarks.measured_lines import Start
from r2c_evaluation.clustered import Mean, clustered_mean
from r2c_evaluation.intervals import wilson

_NOTE = (
    "A mistake counts if it changes the optimum of the problem, with the numbers that are told or "
    "with others. It is flagged if a check fails, if the answer is no optimum, or if there is no "
    "model to solve (refused). A false alarm is a right model of which a check fails. Nothing else "
    "is known to the checks than the text, the tables and the model: there is no second reading "
    "to agree with. Intervals of mistakes take those about one story together."
)
NOTE_OF_CARDS = (
    "The tiny instances of the cards, without any words: what is found by structure, by solving "
    "again and by the outcome alone. Intervals take the mistakes in one card together."
)
NOTE_OF_READINGS = (
    " The right models are readings of R2C that came to the published answer; they were chosen "
    "among others with the help of some of the checks, so false alarms are told too kindly."
)
_NOTE_OF_CHECKS = (
    "Of the mistakes that leave a model to solve: how many each check flags, and how many nothing "
    "else flags; `outcome` stands for answers that are no optimum."
)


def document(
    cases: Sequence[Case], starts: Sequence[Start], seed: str, note: str = ""
) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Args:
        cases: The problems in order.
        starts: Command, versions and machine of each start; cases refer to them by number.
        seed: The seed of the problems.
        note: Where the problems come from, if it is not RuleBench.
    """
    told = [case for case in cases if not case.card]
    used = [case for case in told if case.findings]
    right = [item for case in used for item in case.findings if item.kind == RIGHT]
    wrong = _counted(used)
    of_cards = [case for case in cases if case.card and case.findings]
    kinds = sorted({item.kind for _, item in wrong})
    rows = [_row(kind, [(s, i) for s, i in wrong if i.kind == kind]) for kind in kinds]
    summary: list[JsonValue] = [*rows, _row("all", wrong), _right_row(right)]
    without = [(s, i) for s, i in wrong if i.effect != "refused"]
    return {
        "summary": summary,
        "checks": _checks([item for _, item in without], right),
        "detection": _share(wrong),
        "detection_without_refused": _share(without),
        "detection_with_cards": _share([*wrong, *_counted(of_cards)]),
        "detection_without_degenerate": _share(_without("degenerate", wrong)),
        "false_alarm": sum(bool(item.failed) for item in right) / max(1, len(right)),
        "problems": len(used),
        "not_used": len(told) - len(used),
        "cards": _cards(of_cards),
        "seed": seed,
        "starts": list(starts),
        "note": f"{_NOTE}{note} {_counted_problems(len(used), len(told))} {_machine(starts)}",
        "note_of_checks": _NOTE_OF_CHECKS,
    }


def _counted_problems(used: int, told: int) -> str:
    if used == told:
        return f"{used} problems;"
    return f"{used} of {told} problems (the others no lines say, or they have no optimum);"


def _counted(cases: Sequence[Case]) -> list[tuple[str, Finding]]:
    """The mistakes that change an optimum, each with where it comes from."""
    return [(case.source, item) for case in cases for item in case.findings if item.counts]


def _without(check: str, found: Sequence[tuple[str, Finding]]) -> list[tuple[str, Finding]]:
    """The findings as if a check had not been made."""
    return [
        (source, item.model_copy(update={"failed": _but(check, item.failed)}))
        for source, item in found
    ]


def _but(check: str, failed: dict[str, str]) -> dict[str, str]:
    return {name: told for name, told in failed.items() if name != check}


def _cards(cases: Sequence[Case]) -> list[JsonValue]:
    """The rows of mistakes in tiny instances of cards, which no words tell."""
    right = [item for case in cases for item in case.findings if item.kind == RIGHT]
    wrong = _counted(cases)
    kinds = sorted({item.kind for _, item in wrong})
    rows = [_row(kind, [(s, i) for s, i in wrong if i.kind == kind]) for kind in kinds]
    return [*rows, _row("all", wrong), _right_row(right)] if cases else []


def _machine(starts: Sequence[Start]) -> str:
    """The commits and the machine."""
    commits = dict.fromkeys(str(start.get("commit")) for start in starts)
    machines = dict.fromkeys(str(start.get("machine")) for start in starts)
    return f"commit {' and '.join(commits)}; {'; '.join(machines)}."


def _row(kind: str, found: Sequence[tuple[str, Finding]]) -> dict[str, JsonValue]:
    flagged = [item.flagged for _, item in found]
    mean = clustered_mean([float(one) for one in flagged], [source for source, _ in found])
    return {
        "mistake": kind,
        "n": len(found),
        "refused": sum(item.effect == "refused" for _, item in found),
        "flagged": sum(flagged),
        "detection": f"{100 * mean.value:.1f}%",
        "95% interval": _interval(mean),
    }


def _interval(mean: Mean) -> str:
    """Nothing where there are too few sources to tell."""
    if mean.low is None or mean.high is None:
        return ""
    return f"{100 * max(0.0, mean.low):.0f} to {100 * min(1.0, mean.high):.0f}%"


def _right_row(right: Sequence[Finding]) -> dict[str, JsonValue]:
    alarms = sum(bool(item.failed) for item in right)
    low, high = wilson(alarms, len(right)) if right else (0.0, 1.0)
    return {
        "mistake": "none (false alarms)",
        "n": len(right),
        "refused": 0,
        "flagged": alarms,
        "detection": f"{100 * alarms / max(1, len(right)):.1f}%",
        "95% interval": f"{100 * low:.0f} to {100 * high:.0f}%",
    }


def _checks(wrong: Sequence[Finding], right: Sequence[Finding]) -> list[JsonValue]:
    """What every check finds, what nothing else does, and how often it is wrong."""
    found = Counter(check for item in wrong for check in item.failed)
    alone = Counter(next(iter(item.failed)) for item in wrong if len(item.failed) == 1)
    alarms = Counter(check for item in right for check in item.failed)
    return [
        {
            "check": check,
            "flags": found[check],
            "alone": alone[check],
            "false alarms": alarms[check],
        }
        for check in sorted({*found, *alarms}, key=lambda check: (-found[check], check))
    ]


def _share(found: Sequence[tuple[str, Finding]]) -> float:
    return sum(item.flagged for _, item in found) / max(1, len(found))
