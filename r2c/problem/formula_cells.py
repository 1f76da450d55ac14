"""Tells the cells of a CSV file that are formulas or their errors, as spreadsheets write them.

A label may begin with the same signs (`-`, `+49 30 1234`, `@home`, `=ACME`), so a cell is a formula
by itself only if it is one from end to end; what might be one is a formula in place of a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.problem.cell_numbers import is_missing, read_number

_ERROR = re.compile(
    r"\s*(?:#(?:DIV/0!|REF!|N/A|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:5\d\d)\s*"
)
_BEGIN = re.compile(r"\s*=[-+(\s]*(?:\d|\$?[A-Za-z]{1,3}\$?\d|[A-Za-z]\w*\s*[(|!])")
"""How formulas begin, whole or not: `=1+2`, `=B2*3`, `=SUM(B2:B9`, `=cmd|...`."""
_CANDIDATE = re.compile(r"\s*(?:[=@]|[-+][^A-Za-z]*[A-Za-z])")
"""Cells worth a closer look; a formula that begins with a sign has a letter, a number need not."""
_REFERENCE = r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?![\w.])"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<sheet>(?:'(?:[^']|'')+'|(?:\[[^\[\]]*\])?[\w.]+)! | \$?(?:'[^']+'|\w+)\.(?={_REFERENCE}))
    |(?P<reference>{_REFERENCE} | \$[A-Z]{{1,3}}\b | [^\W\d][\w.]*\[[^\[\]]*\] | \#REF!)
    |(?P<function>[A-Z][A-Z\d._]*\()
    |(?P<call>[^\W\d][\w.]*\()
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))
    |(?P<text>"(?:[^"]|"")*")
    |(?P<name>[^\W\d][\w.]*)
    |(?P<open>\()|(?P<close>\))|(?P<between>[,;])|(?P<percent>%)
    |(?P<sign>[-+])|(?P<operator><>|<=|>=|[*/^&=<>:])
    )\s*""",
    re.VERBOSE,
)


def error_row(cells: Sequence[str]) -> int | None:
    """The row of the first cell that holds the error of a formula, such as `#REF!`."""
    return next((row for row, cell in enumerate(cells) if _ERROR.fullmatch(cell)), None)


def formula_row(cells: Sequence[str]) -> int | None:
    """The row of the first formula in a column: in any column one that can be nothing else.

    In a column of numbers it may also be a name (`=Prices`) or begin like a formula only.
    """
    begun = [row for row, cell in enumerate(cells) if _CANDIDATE.match(cell)]
    possible = [row for row in begun if _may_be_formula(cells[row])]
    if not possible:
        return None
    doubtful = set(possible)
    others = [cell for row, cell in enumerate(cells) if row not in doubtful]
    numbers = any(read_number(cell) is not None for cell in others)
    if not all(is_missing(cell) or read_number(cell) is not None for cell in others):
        return next((row for row in possible if is_formula(cells[row])), None)
    return next(
        (row for row in possible if numbers or _BEGIN.match(cells[row]) or is_formula(cells[row])),
        None,
    )


def is_formula(cell: str) -> bool:
    """Whether a cell is a formula whatever stands beside it: `=B2*3`, `+B2*3`, `@SUM(B1:B2)`."""
    kinds = _kinds(cell)
    if kinds is None:
        return False
    lead = cell.lstrip()[0]
    located = bool(kinds & {"reference", "sheet"})
    joined = "operator" in kinds or "function" in kinds
    if lead == "=":
        # "=R&D" and "=ACME" are names; "=5" says what a rule says.
        return located or bool(kinds & {"function", "call"}) or (joined and "number" in kinds)
    if kinds & {"name", "call"}:
        return False
    if lead == "@":
        return "function" in kinds
    return "sheet" in kinds or "function" in kinds or (located and joined)


def _may_be_formula(cell: str) -> bool:
    """Whether a cell that stands where a number should can be nothing but a formula."""
    if _BEGIN.match(cell):
        return True
    kinds = _kinds(cell)
    if kinds is None:
        return False
    return cell.lstrip()[0] == "=" or bool(kinds & {"reference", "sheet", "function"})


def _kinds(cell: str) -> set[str] | None:
    """The kinds of tokens in a cell that is a whole expression; None if it is none."""
    content = cell.strip()
    if content[:1] in ("=", "@"):
        content = content[1:]
    kinds: set[str] = set()
    depth, place = 0, 0
    value = False  # whether the token before ends a value, so that an operator may follow
    before = ""
    while place < len(content):
        token = _TOKEN.match(content, place)
        kind = None if token is None else token.lastgroup
        if token is None or kind is None:
            return None
        if kind in ("operator", "percent", "between", "close"):
            empty = before in ("function", "call", "between") and kind in ("between", "close")
            if not (value or empty) or (depth == 0 and kind in ("between", "close")):
                return None
            depth -= kind == "close"
            value = kind in ("percent", "close")
        elif kind == "sign":
            kind = "operator" if value else "sign"
            value = False
        elif value:
            return None
        else:
            depth += kind in ("open", "function", "call")
            value = kind in ("reference", "number", "text", "name")
        kinds.add(kind)
        before, place = kind, token.end()
    return kinds if value and depth == 0 else None
