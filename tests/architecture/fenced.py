"""Reads the fenced code blocks of a Markdown page, with the mark that stands above each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>run|slow|embedded|served|not run: [^>]+) -->\n)?"
    r"^```(?P<language>\w+)\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """One fenced block; `mark` is run, slow, embedded, served or `not run: <reason>`."""

    page: str
    line: int
    language: str
    mark: str
    code: str


def blocks(page: Path) -> list[Block]:
    """The blocks of a page in order; a block without a mark is to be run."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page=page.name,
            line=text.count("\n", 0, match.start("language")) + 1,
            language=match["language"],
            mark=match["mark"] or "run",
            code=match["code"],
        )
        for match in _BLOCK.finditer(text)
    ]


@dataclass(frozen=True)
class Step:
    """One `$ command` of a console block with the lines that should follow."""

    command: str
    output: str


def steps(code: str) -> list[Step]:
    """The commands of a console block; a trailing backslash joins the next line."""
    found: list[Step] = []
    lines = iter(code.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = command[:-1] + next(lines).strip()
            found.append(Step(command, ""))
        else:
            assert found, f"output {line!r} stands before any command"
            found[-1] = Step(found[-1].command, found[-1].output + line + "\n")
    return found
