"""Finds tables written in LaTeX (`tabular`, `array`) and in HTML (`<table>`)."""

from __future__ import annotations

import re

from r2c.problem.raw_table import RawTable, trimmed
from r2c.problem.schema import Span

_TABULAR = re.compile(r"\\begin\{(?P<name>tabularx?|array)(?P<star>\*?)\}")
_FLOAT_END = re.compile(r"\\end\{table\*?\}")
_FLOAT_REACH = 400
_ARGUMENTS = re.compile(r"(?:\s*\[[^\]]*\]|\s*\{(?:[^{}]|\{[^{}]*\})*\})*")
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline")
_RULES = re.compile(
    r"\s*(?:\\(?:hline|toprule|midrule|bottomrule)|\\(?:cline|cmidrule)(?:\([^)]*\))?\{[^}]*\})"
)
_CELL_END = re.compile(r"(?<!\\)&")
_SPANNING = re.compile(r"\\multicolumn\{(\d{1,2})\}\{[^{}]*\}\{([^{}]*)\}")
_HTML = re.compile(r"(?:<html[^<>]*>\s*)?(?:<body[^<>]*>\s*)?<table\b[^<>]*>", re.I)
_HTML_END = re.compile(r"</table\s*>(?:\s*</body\s*>)?(?:\s*</html\s*>)?", re.I)
_HTML_ROW = re.compile(r"<tr\b[^>]*>(?P<body>.{0,20000}?)(?:</tr\s*>|(?=<tr\b)|\Z)", re.S | re.I)
_HTML_CELL = re.compile(
    r"<(?P<tag>t[dh])\b[^>]*>(?P<body>.{0,2000}?)(?:</t[dh]\s*>|(?=<t[dhr]\b)|\Z)", re.S | re.I
)


def find_latex_tables(text: str) -> list[RawTable]:
    """All `tabular` and `array` environments with two or more rows and columns."""
    tables: list[RawTable] = []
    position = 0
    while match := _TABULAR.search(text, position):
        closing = f"\\end{{{match.group('name')}{match.group('star')}}}"
        stop = text.find(closing, match.end())
        if stop < 0:
            break
        arguments = _ARGUMENTS.match(text, match.end(), stop)
        start = arguments.end() if arguments else match.end()
        rows = []
        for end in [*_ROW_END.finditer(text, start, stop), None]:
            cells = _latex_cells(text, start, end.start() if end else stop)
            rows += [cells] if cells else []
            start = end.end() if end else stop
        span = _with_float(text, position, match.start(), stop + len(closing))
        position = span.end
        tables += _checked(span, rows)
    return tables


def _with_float(text: str, earliest: int, start: int, end: int) -> Span:
    r"""The span widened to the `\begin{table}` ... `\end{table}` around it, caption included."""
    opening = text.rfind("\\begin{table", max(earliest, start - _FLOAT_REACH), start)
    closing = _FLOAT_END.search(text, end, end + _FLOAT_REACH)
    if opening < 0 or closing is None:
        return Span(start=start, end=end)
    return Span(start=opening, end=closing.end())


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
    tables: list[RawTable] = []
    position = 0
    while match := _HTML.search(text, position):
        closing = _HTML_END.search(text, match.end())
        if closing is None:
            break
        rows: list[tuple[Span, ...]] = []
        heading = False
        for row in _HTML_ROW.finditer(text, match.end(), closing.start()):
            found = list(_HTML_CELL.finditer(text, row.start("body"), row.end("body")))
            heading = heading or (not rows and any(c.group("tag").lower() == "th" for c in found))
            if found:
                rows.append(tuple(trimmed(text, c.start("body"), c.end("body")) for c in found))
        position = closing.end()
        tables += _checked(Span(start=match.start(), end=position), rows, heading or None)
    return tables


def _checked(
    span: Span, rows: list[tuple[Span, ...]], header: bool | None = None
) -> list[RawTable]:
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return []
    return [RawTable(span, tuple(rows), header=header)]
