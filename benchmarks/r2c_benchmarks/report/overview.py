"""The figures of an index: pictures by what they tell of, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from r2c_benchmarks.record import Record
from r2c_benchmarks.report.bars import Bar, bars
from r2c_benchmarks.report.plots import amounts, reliability
from r2c_benchmarks.results import Run, summary_row
from r2c_benchmarks.score import Group, groups, is_trusted, matches, score
from r2c_benchmarks.soundness import Soundness, soundness, soundness_row
from r2c_benchmarks.verdicts import verdict_rows
from r2c_evaluation.intervals import wilson

Row = dict[str, object]
_KINDS = ("all", "status", "file", "level", "family")


@dataclass(frozen=True)
class Section:
    """Pictures about one thing."""

    title: str
    about: str
    pictures: Sequence[str]


def name_of(run: Run) -> str:
    """What a run is called: by its folder, since two may be of one method."""
    return run.folder or run.manifest.method


def sections(runs: Sequence[Run]) -> list[Section]:
    """What was right, whether for the right reason, how far to believe it, what it cost."""
    sound = [(name_of(run), soundness(_trusted(run))) for run in runs if _trusted(run)]
    found = [
        Section(
            "Right", "Whiskers are 95% intervals; only labels that were checked.", _accuracy(runs)
        ),
        Section(
            "For the right reason",
            "Right formulations solved again with other numbers, and rules held against those of "
            "the problem.",
            [*_again(sound), *_structure(sound)],
        ),
        Section(
            "Confidence",
            "Points on the diagonal are calibrated. AUROC: the chance that a right answer has a "
            "higher score than a wrong one; 50% is chance.",
            [*_confidence(runs), *_ranking(sound)],
        ),
        Section("Cost of a problem", "Means over the problems that were run.", _cost(runs)),
    ]
    return [section for section in found if section.pictures]


def rows(runs: Sequence[Run], kinds: Sequence[str]) -> list[Row]:
    """The columns that matter most, for groups of these kinds, those that say nothing left out.

    A single file is left out: it is all problems.
    """
    found = [_row(run, group) for run, group in _in_order(runs, kinds)]
    told = {name for row in found for name, value in row.items() if value != ""}
    return [{name: value for name, value in row.items() if name in told} for row in found]


def all_columns(runs: Sequence[Run]) -> list[Row]:
    """Every column of every group."""
    return [
        {**summary_row(run, group), "method": name_of(run)}
        for run, group in _in_order(runs, _KINDS)
    ]


def verdicts(runs: Sequence[Run]) -> list[Row]:
    """How often each verdict is right and a false alarm, where some problems have no optimum."""
    return [dict(row) for run in runs for row in verdict_rows(name_of(run), run.records)]


def _in_order(runs: Sequence[Run], kinds: Sequence[str]) -> list[tuple[Run, Group]]:
    found = [(run, group) for run in runs for group in groups(run.records) if group.kind in kinds]
    files = {group.name for _, group in found if group.kind == "file"}
    if len(files) == 1:
        found = [(run, group) for run, group in found if group.kind != "file"]
    return sorted(found, key=lambda pair: (_KINDS.index(pair[1].kind), pair[1].name))


def _row(run: Run, group: Group) -> Row:
    figures = score(group.records)
    sound = soundness_row("", "", group.records)
    return {
        "problems": group.name,
        "run": name_of(run),
        "n": figures.count,
        "right": figures.right,
        "accuracy": f"{100 * figures.accuracy:.1f}%",
        "95% interval": f"{100 * figures.low:.0f} to {100 * figures.high:.0f}%",
        "with other numbers": sound["also with other numbers"],
        "rules F1": sound["rules F1"],
        "AUROC": sound["AUROC"],
        "tokens": f"{figures.prompt_tokens + figures.completion_tokens:,.0f}",
        "s": f"{figures.seconds_mean:.1f}",
    }


def _trusted(run: Run) -> list[Record]:
    return [record for record in run.records if is_trusted(record)]


def _accuracy(runs: Sequence[Run]) -> list[str]:
    found: dict[str, list[Bar]] = {}
    for run, group in _in_order(runs, _KINDS[:-1]):
        figures = score(group.records)
        told = f"{figures.right} of {figures.count}"
        bar = Bar(name_of(run), figures.accuracy, figures.low, figures.high, told)
        found.setdefault(group.name, []).append(bar)
    return [bars(of, f"Right: {name}") for name, of in found.items()]


def _again(sound: Sequence[tuple[str, Soundness]]) -> list[str]:
    found = []
    for name, one in sound:
        asked = one.again_right + one.again_wrong + one.again_unclear
        if asked:
            low, high = wilson(one.again_right, asked)
            told = f"{one.again_right} of {asked}"
            found.append(Bar(name, one.again_right / asked, low, high, told))
    return [bars(found, "Of the right ones: right with other numbers too")] if found else []


def _structure(sound: Sequence[tuple[str, Soundness]]) -> list[str]:
    found = [
        Bar(name, one.rules.f1, None, None, f"{100 * one.rules.f1:.1f}%")
        for name, one in sound
        if one.rules is not None
    ]
    return [bars(found, "Rules of the problems found: F1")] if found else []


def _ranking(sound: Sequence[tuple[str, Soundness]]) -> list[str]:
    found = [
        Bar(name, one.ranking, None, None, f"{one.ranking:.2f}")
        for name, one in sound
        if one.ranking is not None
    ]
    return [bars(found, "Right answers above wrong ones: AUROC")] if found else []


def _confidence(runs: Sequence[Run]) -> list[str]:
    found = {
        name_of(run): [
            (float(value), matches(record))
            for record in _trusted(run)
            if isinstance(value := record.details.get("confidence"), int | float)
        ]
        for run in runs
    }
    told = {name: of for name, of in found.items() if of}
    return [reliability(told, "Share right over confidence")] if told else []


def _cost(runs: Sequence[Run]) -> list[str]:
    scores = [(name_of(run), score(run.records)) for run in runs if run.records]
    tokens = [
        (
            name,
            one.prompt_tokens + one.completion_tokens,
            f"{one.prompt_tokens:,.0f} in, {one.completion_tokens:,.0f} out",
        )
        for name, one in scores
    ]
    seconds = [
        (name, one.seconds_mean, f"{one.seconds_mean:.1f} s, median {one.seconds_median:.1f}")
        for name, one in scores
    ]
    return [amounts(tokens, "Tokens"), amounts(seconds, "Seconds")] if scores else []
