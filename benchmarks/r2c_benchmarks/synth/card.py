"""The card of the data: what they are, how they were made, how many of what."""

from __future__ import annotations

from collections.abc import Mapping

from r2c_benchmarks.synth.write import Counts

_SECTIONS: Mapping[str, str] = {
    "kind": "Kinds of conversations",
    "level": "Levels",
    "style": "Styles",
    "story": "Stories",
    "mistake": "Mistakes mended",
    "archetype": "Archetypes",
}


def card(counts: Counts, seed: int, digest: str, version: str, benches: int) -> str:
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
        f"Left out because they share eight words in a row with one of {benches} runs of words of",
        f"public benchmarks: {counts.left_out}. The sentences, the combinations of archetypes and",
        "the seeds are others than those of RuleBench; some of its stories are not used at all.",
    ]
    for name, title in _SECTIONS.items():
        rows += ["", f"## {title}", "", f"| {name} | examples |", "|---|---|"]
        rows += [
            f"| {value} | {count} |" for value, count in sorted(counts.by.get(name, {}).items())
        ]
    return "\n".join(rows) + "\n"
