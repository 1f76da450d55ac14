"""Finds tables written in LaTeX (`tabular`, `array`) and in HTML (`<table>`)."""

from __future__ import annotations

import re

from r2c.problem.raw_table import RawTable, trimmed
from r2c.problem.schema import Span

_TABULAR = re.compile(
    r"\\begin\{(?P<name>tabular|tabularx|array)\*?\}(?P<body>.{0,60000}?)\\end\{(?P=name)\*?\}",
    re.S,
)
_ARGUMENTS = re.compile(r"(?:\s*\[[^\]]*\]|\s*\{(?:[^{}]|\{[^{}]*\})*\})*")
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline")
_RULES = re.compile(
    r"\s*(?:\\(?:hline|toprule|midrule|bottomrule)|\\(?:cline|cmidrule)(?:\([^)]*\))?\{[^}]*\})"
)
_CELL_END = re.compile(r"(?<!\\)&")
_SPANNING = re.compile(r"\\multicolumn\{(\d{1,2})\}\{[^{}]*\}\{([^{}]*)\}")
_HTML = re.compile(
    r"(?:<html[^>]*>\s*)?(?:<body[^>]*>\s*)?<table\b[^>]*>(?P<body>.{0,60000}?)</table\s*>"
    r"(?:\s*</body\s*>)?(?:\s*</html\s*>)?",
    re.S | re.I,
)
_HTML_ROW = re.compile(r"<tr\b[^>]*>(?P<body>.{0,20000}?)(?:</tr\s*>|(?=<tr\b)|\Z)", re.S | re.I)
_HTML_CELL = re.compile(
    r"<(?P<tag>t[dh])\b[^>]*>(?P<body>.{0,2000}?)(?:</t[dh]\s*>|(?=<t[dhr]\b)|\Z)", re.S | re.I
)


def find_latex_tables(text: str) -> list[RawTable]:
    """All `tabular` and `array` environments with two or more rows and columns."""
    tables = []
    for match in _TABULAR.finditer(text):
        arguments = _ARGUMENTS.match(text, match.start("body"), match.end("body"))
        start = arguments.end() if arguments else match.start("body")
        rows: list[tuple[Span, ...]] = []
        ends = [*_ROW_END.finditer(text, start, match.end("body"))]
        for end in [*(found.start() for found in ends), match.end("body")]:
            cells = _latex_cells(text, start, end)
            if cells:
                rows.append(cells)
            start = next((found.end() for found in ends if found.start() == end), end)
        tables += _checked(match, rows)
    return tables


def _latex_cells(text: str, start: int, end: int) -> tuple[Span, ...]:
    while rule := _RULES.match(text, start, end):
        start = rule.end()
    if not text[start:end].strip():
        return ()
    cells: list[Span] = []
    bounds = [found.start() for found in _CELL_END.finditer(text, start, end)]
    position = start
    for bound in [*bounds, end]:
        cells += _latex_cell(text, position, bound)
        position = bound + 1
    return tuple(cells)


def _latex_cell(text: str, start: int, end: int) -> list[Span]:
    content = text[start:end]
    start += len(content) - len(content.lstrip())
    end = max(start, end - (len(content) - len(content.rstrip())))
    if spanning := _SPANNING.fullmatch(text, start, end):
        inner = Span(start=spanning.start(2), end=spanning.end(2))
        return [inner] * int(spanning.group(1))
    return [Span(start=start, end=end)]


def find_html_tables(text: str) -> list[RawTable]:
    """All `<table>` elements with two or more rows and columns."""
    tables = []
    for match in _HTML.finditer(text):
        rows: list[tuple[Span, ...]] = []
        heading = False
        for row in _HTML_ROW.finditer(text, match.start("body"), match.end("body")):
            found = list(_HTML_CELL.finditer(text, row.start("body"), row.end("body")))
            heading = heading or (not rows and any(c.group("tag").lower() == "th" for c in found))
            if found:
                rows.append(tuple(trimmed(text, c.start("body"), c.end("body")) for c in found))
        tables += _checked(match, rows, heading or None)
    return tables


def _checked(
    match: re.Match[str], rows: list[tuple[Span, ...]], header: bool | None = None
) -> list[RawTable]:
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return []
    return [RawTable(Span(start=match.start(), end=match.end()), tuple(rows), header=header)]
