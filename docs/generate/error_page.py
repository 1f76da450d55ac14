"""`docs/errors.md` from `r2c.errors.CATALOGUE`."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import r2c
from places import NOTICE, ROOT
from r2c.errors import CATALOGUE, ErrorKind, counted

LAYERS = {
    "P": "Problem: text and tables",
    "C": "CIR: the representation of the problem",
    "A": "Archetypes and their cards",
    "M": "Model: from CIR to mathematics",
    "S": "Solver",
    "V": "Verdict",
    "L": "Language model",
    "G": "Agents and pipeline",
    "X": "Settings, files and command line",
    "I": "Inference: vLLM and the proxy in front of it",
    "T": "Training: merging models",
    "B": "Benchmarks",
}
INTRO = """# Errors

Every failure has a stable code, which is never renumbered nor reused, and says three things: what
happened, why, and what to do. The same three sentences reach the person, the log, `--json` and the
prompt that asks a language model to mend its answer. `{words in braces}` stand for the names and
numbers of the case at hand.
"""


def render() -> dict[Path, str]:
    _declare_all()
    parts = [NOTICE, "", INTRO]
    for letter, title in LAYERS.items():
        kinds = [CATALOGUE[code] for code in sorted(CATALOGUE) if code[4] == letter]
        if kinds:
            parts += [f"## {title}", "", *(_entry(kind) for kind in kinds)]
    return {ROOT / "docs" / "errors.md": "\n".join(parts).rstrip() + "\n"}


def _declare_all() -> None:
    """Import every module, for a failure is declared where it is detected."""
    packages = [r2c]
    for path in (ROOT / "benchmarks" / "r2c_benchmarks", *(ROOT / "services").glob("*/*")):
        if (path / "__init__.py").exists():
            packages.append(import_module(path.name))
    for package in packages:
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith("__main__"):
                import_module(module.name)


def _entry(kind: ErrorKind) -> str:
    return "\n".join(
        [
            f"### {kind.code}",
            "",
            f"`{kind.raises.__name__}`: {_plain(kind.what)}",
            "",
            f"* why: {_plain(kind.why)}",
            f"* do: {_plain(kind.remedy)}",
            "",
        ]
    )


def _plain(template: str) -> str:
    """The template as Markdown: `{name!r}` is read as `{name}`, signs outside code are escaped.

    A number with the name of what it counts, `{count:row}`, is read as `{count} rows`.
    """
    several = re.sub(
        r"\{(\w+):([a-z ]{2,})\}",
        lambda match: counted(0, match[2]).replace("0", f"{{{match[1]}}}"),
        template,
    )
    parts = several.replace("!r}", "}").split("`")
    parts[::2] = [part.replace("<", "\\<").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)
