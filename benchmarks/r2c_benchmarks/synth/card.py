"""The card of the data: what they are, how they were made, how many of what."""

from __future__ import annotations

from collections.abc import Mapping

from r2c_benchmarks.synth.compared import LENGTH, OF_ITS_OWN, Compared
from r2c_benchmarks.synth.prose import SCAFFOLDING
from r2c_benchmarks.synth.write import Counts

_SECTIONS: Mapping[str, str] = {
    "kind": "Kinds of conversations",
    "level": "Levels",
    "style": "Styles",
    "story": "Stories",
    "mistake": "Mistakes mended",
    "archetype": "Archetypes",
}


def card(counts: Counts, seed: int, digest: str, version: str, compared: Compared) -> str:
    """The card as Markdown with the head that model hubs read."""
    rows = [
        "---",
        "license: apache-2.0",
        "language: [en]",
        "task_categories: [text-generation]",
        "tags: [optimization, operations-research, formulation]",
        "---",
        "# Optimization problems in words, with their models",
        "",
        f"{counts.written} conversations, made by `r2c synth --n {counts.written} --seed {seed}`",
        f"of R2C {version}; the sha256 of the file is {digest}.",
        "Every text comes from a grammar of stories and sentences of R2C's own.",
        "",
        "The conversations are those that R2C holds with the setting `reading=written`, without",
        "its worked examples; read as R2C reads them, the answers come to the optimum again. Left",
        f"out because they do not: {counts.unsaid}.",
        "",
        "Each line has `messages` as trainers of chat models read them, and beside them the text,",
        "the tables, the CIR, the status and the optimum. Every optimum was found by HiGHS, its",
        "plan held against the meaning of the rules, and found again with the rules written in",
        "another exact way where their archetype has one. A repair begins from a model that runs",
        "and comes to another answer.",
        "",
        "The sentences, the combinations of archetypes and the seeds are others than those of",
        "RuleBench; some of its stories are not used at all.",
        "",
        *_comparison(counts, compared),
    ]
    for name, title in _SECTIONS.items():
        rows += ["", f"## {title}", "", f"| {name} | examples |", "|---|---|"]
        rows += [
            f"| {value} | {count} |" for value, count in sorted(counts.by.get(name, {}).items())
        ]
    return "\n".join(rows) + "\n"


def _comparison(counts: Counts, compared: Compared) -> list[str]:
    """What the texts were held against, and what of them was not."""
    rows = ["## Held against"]
    if not compared.sources:
        return [*rows, "", "Nothing: no text was compared with any benchmark."]
    rows += ["", "| file | suite of | problems | sha256 |", "|---|---|---|---|"]
    rows += [
        f"| {one.file} | {one.version or 'no registered suite'} | {one.problems} "
        f"| {one.sha256[:16]} |"
        for one in compared.sources
    ]
    return [
        *rows,
        "",
        f"Left out because a sentence has {LENGTH} words in a row in common with one of these:",
        f"{counts.left_out} of {counts.all}. No other benchmark was compared. Not looked up are:",
        "",
        *(f"* {name}," for name in SCAFFOLDING),
        f"* runs of which fewer than {OF_ITS_OWN} words stand outside of what a story calls its",
        "  things (its phrases, the labels of its numbers, its sets and their members),",
        "* data files: only texts are compared.",
    ]
