"""Methods side by side: the table of the README, the one by family, and what is paired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_benchmarks.combine import combined
from r2c_benchmarks.compare import Line, compare_group, interval_told, sentence
from r2c_benchmarks.record import Record
from r2c_benchmarks.results import (
    Run,
    caveat,
    code_told,
    cut_off_told,
    measured,
    progress_told,
    summary_row,
)
from r2c_benchmarks.score import (
    Group,
    groups,
    is_disputed,
    is_trusted,
    matches,
    matches_another_release,
)
from r2c_benchmarks.soundness import NOTE as SOUNDNESS
from r2c_benchmarks.soundness import soundness_raw, soundness_row
from r2c_benchmarks.verdicts import NOTE as VERDICTS
from r2c_benchmarks.verdicts import verdict_rows
from r2c_evaluation.clustered import FEWEST

NOTHING_RUN = declare(
    "R2C-B054",
    InputError,
    what="The runs have no problem with a checked answer.",
    why="A table needs at least one.",
    remedy="Wait until a problem is done, or take problems whose grade begins with A.",
)
Document = dict[str, JsonValue]
FAMILIES = (
    "95% clustered: errors that respect that problems of one story belong together, by Student's "
    f"t over the families; nothing with fewer than {FEWEST} of them or "
    "where they do not differ."
)
HEADLINE = ("all", "status", "file", "rest", "level")


def documents(
    runs: Sequence[Run], note: str = "", apart: Sequence[str] = (), name: str = "accuracy"
) -> dict[str, Document]:
    """The results files by name: `accuracy` and, with more in their names, what belongs to it.

    `_by_family`, `_compared` with two methods, `_soundness` where a run tells more than values, and
    `_verdicts` where some problems have no optimum.

    Args:
        runs: Runs of any methods; several of one method count as one. The first method is
            compared with each other one.
        note: A sentence below the table.
        apart: Files, without `.jsonl`, beside which the rest is a group of its own.
        name: What the names of the files begin with.

    Raises:
        InputError: R2C-B052 to R2C-B054.
    """
    found = [(run, groups(run.records, apart)) for run in combined(runs)]
    if not any(is_trusted(record) for run, _ in found for record in run.records):
        raise NOTHING_RUN()
    pairs = _pairs(found)
    telling = (progress_told, code_told, cut_off_told)
    states = (tell(run) for run, _ in found for tell in telling)
    means = caveat(record for run, _ in found for record in run.records if is_trusted(record))
    told = [means, *_models(found), *states, *_disputed(found)]
    limits = " ".join(filter(None, told))
    by_group: list[JsonValue] = [
        summary_row(run, group) for run, group in _in_order(found) if group.kind in HEADLINE
    ]
    by_family: list[JsonValue] = [
        summary_row(run, group) for run, group in _in_order(found) if group.kind == "family"
    ]
    measurements: list[JsonValue] = [measured(run, group) for run, group in _in_order(found)]
    main = {"rest", *(("file",) if apart else ("all",))}
    sentences = [
        f"On {name}: {sentence(names, line.paired, line.clustered if line.in_families else None)}."
        for names, line in pairs
        for kind, name in [(line.group.kind, line.group.name)]
        if kind in main and (not apart or kind == "rest" or name in apart)
    ]
    made: dict[str, Document] = {
        name: {
            "summary": by_group,
            "note": " ".join(filter(None, [limits, *sentences, note])),
            "measurements": measurements,
        },
        f"{name}_by_family": {"summary": by_family, "note": f"{limits} {note}".strip()},
    }
    if pairs:
        in_families = any(line.in_families for _, line in pairs)
        rows: list[JsonValue] = [_row(*pair, in_families=in_families) for pair in pairs]
        raw: list[JsonValue] = [_raw(*pair) for pair in pairs]
        about = f"{means} {FAMILIES}" if in_families else means
        made[f"{name}_compared"] = {"summary": rows, "note": about, "measurements": raw}
    sound = [(run, group) for run, group in _in_order(found) if group.kind in ("all", "level")]
    if any(_tells_more(record) for run, _ in found for record in run.records):
        args = [(run.manifest.method, group.name, group.records) for run, group in sound]
        made[f"{name}_soundness"] = {
            "summary": [soundness_row(*one) for one in args],
            "note": f"{means} {SOUNDNESS}",
            "measurements": [soundness_raw(*one) for one in args],
        }
    verdicts: list[JsonValue] = [
        row for run, _ in found for row in verdict_rows(run.manifest.method, run.records)
    ]
    if verdicts:
        made[f"{name}_verdicts"] = {"summary": verdicts, "note": f"{means} {VERDICTS}"}
    return made


def _tells_more(record: Record) -> bool:
    return bool(record.again) or record.structure is not None or "trust" in record.details


Found = Sequence[tuple[Run, list[Group]]]
Pair = tuple[tuple[str, str], Line]


def _in_order(found: Found) -> list[tuple[Run, Group]]:
    """Every group of every run, by group and then by run."""
    keys = dict.fromkeys((group.kind, group.name) for _, of in found for group in of)
    kinds = ("all", "status", "file", "rest", "level", "family", "label")
    ordered = sorted(keys, key=lambda key: kinds.index(key[0]))
    return [
        (run, group)
        for key in ordered
        for run, of in found
        for group in of
        if (group.kind, group.name) == key
    ]


def _pairs(found: Found) -> list[Pair]:
    """The first method and each other one, on the problems of a group that both have."""
    first, *others = found
    made: list[Pair] = []
    for group in first[1]:
        for run, of in others:
            theirs = [g for g in of if (g.kind, g.name) == (group.kind, group.name)]
            names = (first[0].manifest.method, run.manifest.method)
            ours = {record.name for record in group.records if is_trusted(record)}
            if theirs and any(record.name in ours for record in theirs[0].records):
                made.append((names, compare_group(group, theirs[0].records, names)))
    return made


def _row(names: tuple[str, str], line: Line, *, in_families: bool) -> dict[str, JsonValue]:
    found = line.paired
    families: dict[str, JsonValue] = {
        "95% clustered": line.clustered_told if line.in_families else "",
        "families": line.clustered.clusters if line.in_families else "",
    }
    return {
        "problems": line.group.name,
        "methods": " minus ".join(names),
        "n": found.count,
        "points": f"{100 * found.difference:+.1f}",
        "95% interval": interval_told(found.low, found.high),
        **(families if in_families else {}),
        "only first right": found.only_first,
        "only second right": found.only_second,
        "McNemar p": float(f"{found.p:.2g}"),
    }


def _raw(names: tuple[str, str], line: Line) -> dict[str, JsonValue]:
    figures: dict[str, JsonValue] = asdict(line.paired)
    families: dict[str, JsonValue] = {"clustered": asdict(line.clustered)}
    return {
        "group": line.group.kind,
        "problems": line.group.name,
        "methods": list(names),
        "value": line.paired.difference,
        "spread": [line.paired.low, line.paired.high],
        **figures,
        **(families if line.in_families else {}),
    }


def _models(found: Found) -> list[str]:
    """Which model answered, and a warning where methods had different ones."""
    by_model: dict[str, list[str]] = {}
    for run, _ in found:
        by_model.setdefault(run.manifest.model, []).append(run.manifest.method)
    if len(by_model) == 1:
        return [f"Model: {next(iter(by_model))}."]
    told = "; ".join(f"{name} for {', '.join(of)}" for name, of in by_model.items())
    return [f"The methods had different models: {told}."]


def _disputed(found: Found) -> list[str]:
    """On labels that other releases do not share: right by the label, or by another release."""
    told = []
    for run, _ in found:
        records = [r for r in run.records if is_trusted(r) and is_disputed(r)]
        if records:
            told.append(
                f"Other releases give another number for {len(records)} of the problems of "
                f"{run.manifest.method}: right by the label {sum(map(matches, records))}, by "
                f"another release {sum(map(matches_another_release, records))}."
            )
    return told
