"""Tables that a text pastes as Python or JSON: `hours = [8, 7]`, `{"pay": [[10, 20], [15, 25]]}`.

A literal is read token by token and never run. Lists of numbers, matrices and the single numbers
beside them become tables; whatever is irregular stays text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from r2c.problem.grid import identifier, unique
from r2c.problem.literal_axes import Axes, DataLiteral, find_axes
from r2c.problem.rule_words import RULE
from r2c.problem.schema import Column, Scalar, Span, Table

_MOST = 1000  # no problem is told in more literals; to name them all apart would take long
_NUMBER = r"[+-]?(?:(?:0|[1-9][0-9]*(?:_[0-9]+)*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_STRING = r"'[^'\\\n]*'|\"[^\"\\\n]*\""
_BLANK = r"(?:\s|#[^\n]*+)*+"
_ENDS = r"(?=(?:\s|#[^\n]{0,200}+\n)*+[,}])"
_TOKEN = re.compile(rf"{_BLANK}(?:(?P<mark>[\[\],])|(?P<number>{_NUMBER})|(?P<string>{_STRING})|)")
_NEXT = re.compile(
    # A comment on a line of its own says nothing, also if it holds data that was there once.
    r"(?m)^[ \t]*#[^\n]*|(?P<brace>[{}])"
    r"|(?:(?<!\w)[`*]{0,3}(?P<bare>[^\W\d]\w*+)|(?P<quote>['\"])(?P<key>[^'\"\\\n]{1,60})(?P=quote))"
    r"[`*]*[ \t]*+(?P<sign>:=|[=:])(?:\*\*)?[ \t]*+(?:\n[ \t]*+(?=[\[{]))?"
)
_SEPARATED = re.compile(r"(?:[\s,;]|#[^\n]*+\n)*+")
_ALONE = re.compile(rf"({_NUMBER})[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_ENTRY = re.compile(rf"({_NUMBER}){_ENDS}")
_OTHER_ENTRY = re.compile(rf"(?:{_STRING}|[^\W\d]\w*+){_ENDS}")
_TAIL = re.compile(r"(?:[ \t]*+#[^\n]*+)?\s*+([,;}])")
_COMMENT = re.compile(r"[ \t]*#([^\n]{0,400})[^\n]*")
_COMPUTED = re.compile(r"[ \t]*(?:[+\[]|\*[ \t]*\w|\.\w)")
_BULLETS = " \t`*-•–>.)0123456789"

Value = tuple[float | str, Span]
Shape = tuple[int, ...]


@dataclass(slots=True)
class _Braces:
    """Braces that open at `start`, or at the name they are assigned to; `inside` is behind."""

    start: int
    inside: int
    arrays: int  # so many come before them
    holds_data: bool = False  # known when they close


def find_data_literals(text: str) -> list[Table]:
    """The arrays and numbers that a text writes as literals, in order, named after them.

    A list has a row for each member of its axis. A matrix has one for each member of its first
    axis and a column for each member of its second. A single number is a table of one cell.
    """
    literals = _Reader(text).literals()
    axes = find_axes(text, literals)
    tabled = [k for k, one in enumerate(literals) if not one.shape or k in axes.nouns]
    spans = _table_spans(text, literals, set(tabled))
    names: list[str] = []
    for k in tabled:
        names.append(unique(identifier(literals[k].name), names))
    return [
        _table(literals[k], name, axes, axes.nouns.get(k, ())).model_copy(update={"span": spans[k]})
        for k, name in zip(tabled, names, strict=True)
    ]


def _table(one: DataLiteral, name: str, axes: Axes, nouns: Sequence[str]) -> Table:
    members = [axes.members(*pair) for pair in zip(nouns, one.shape, strict=True)]
    heads = [label for label, _ in members[1]] if len(members) > 1 else [name]
    starts = range(0, len(one.values), len(heads))
    rows: list[tuple[Scalar, ...]] = [one.values[k : k + len(heads)] for k in starts]
    spans = [one.places[k : k + len(heads)] for k in starts]
    columns = [Column(name=head, type="number") for head in heads]
    if members:
        columns.insert(0, Column(name=unique(nouns[0], heads), type="text"))
        rows = [(label, *row) for (label, _), row in zip(members[0], rows, strict=True)]
        spans = [
            (place or Span(start=row[0].start, end=row[0].start), *row)
            for (_, place), row in zip(members[0], spans, strict=True)
        ]
    return Table(
        name=name, columns=tuple(columns), rows=tuple(rows), origin="text", spans=tuple(spans)
    )


def _table_spans(text: str, literals: Sequence[DataLiteral], tabled: set[int]) -> dict[int, Span]:
    """The spans of the tables; they also cover what has no table next to them in their block."""
    spans: dict[int, Span] = {}
    owner: int | None = None
    start = end = 0
    for k, one in enumerate(literals):
        if k == 0 or not re.fullmatch(_BLANK, text[end : one.span.start]):
            owner, start = None, one.span.start
        end = one.span.end
        if k in tabled:
            spans[k] = Span(start=start if owner is None else one.span.start, end=end)
            owner = k
        elif owner is not None:
            spans[owner] = Span(start=spans[owner].start, end=end)
    return spans


class _Reader:
    """Finds the literals of a text in one pass."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Braces] = []
        self._arrays = 0
        self._found: list[tuple[DataLiteral, _Braces | None]] = []
        # Where the last thing that was understood ends; None once something else follows it.
        self._last: int | None = None

    def literals(self) -> list[DataLiteral]:
        """All literals in order, numbers only with an array beside them; none if too many."""
        place = 0
        while len(self._found) <= _MOST and (match := _NEXT.search(self._text, place)):
            place = self._step(match)
        kept = [one for one, within in self._found if within is None or within.holds_data]
        return kept if len(self._found) <= _MOST and any(one.shape for one in kept) else []

    def _step(self, match: re.Match[str]) -> int:
        """Reads what begins at the match; where to go on."""
        start, end = match.span()
        if match["brace"] == "}" and self._open:
            self._last = end = self._tail(start)
        named = match["quote"] or match["sign"] == "="
        if match["brace"] == "{" or (named and self._text.startswith("{", end)):
            end += match["brace"] is None
            self._open.append(_Braces(self._first(start), end, self._arrays))
            self._last = end
        if match["sign"] is None or self._last == end:
            return end
        follows = self._follows(start)
        if not self._text.startswith("[", end):
            return self._number(match, follows)
        apart = match["quote"] or follows or self._begins_line(start, _BULLETS)
        return self._array(match) if apart or match["sign"] == ":=" else end

    def _follows(self, start: int) -> bool:
        """Whether nothing but commas and comments parts a name from the last thing understood."""
        if self._last is not None and not _SEPARATED.fullmatch(self._text, self._last, start):
            self._last = None
        return self._last is not None

    def _first(self, start: int) -> int:
        """Where what comes first in braces begins, braces included; else just the start."""
        first = self._open and self._follows(start) and self._last == self._open[-1].inside
        return self._open[-1].start if first else start

    def _begins_line(self, start: int, marks: str) -> bool:
        """Whether only such marks stand before a name on its line."""
        while start and self._text[start - 1] in marks:
            start -= 1
        return not start or self._text[start - 1] == "\n"

    def _array(self, match: re.Match[str]) -> int:
        rows, end = _rows(self._text, match.end())
        shape = _shape(rows)
        if shape is None or _COMPUTED.match(self._text, end):
            self._last = end if rows else None
            return end
        self._arrays += 1
        return self._add(match, shape, [cell for row in rows for cell in row], end)

    def _number(self, match: re.Match[str], follows: bool) -> int:
        """Reads a number that has its line, or its place in braces, to itself."""
        end = match.end()
        within = self._open[-1] if self._open and follows and match["sign"] == ":" else None
        if within and (other := _OTHER_ENTRY.match(self._text, end)):
            self._last = other.end()
            return other.end()
        alone = match["bare"] and match["sign"] == "="
        if (within and match["quote"]) or (alone and self._begins_line(match.start(), " \t")):
            number = (_ENTRY if within else _ALONE).match(self._text, end)
            if number and math.isfinite(value := float(number[1])):
                cell = (value, Span(start=end, end=number.end(1)))
                return self._add(match, (), [cell], number.end(1))
        return end

    def _add(self, match: re.Match[str], shape: Shape, cells: Sequence[Value], end: int) -> int:
        start, name = self._first(match.start()), match["bare"] or match["key"]
        within = self._open[-1] if match["sign"] == ":" and not shape else None
        self._last = self._tail(end)
        comment = _COMMENT.search(self._text, end, self._last)
        said, span = comment[1] if comment else "", Span(start=start, end=self._last)
        values, places = zip(*cells, strict=True)
        self._found.append((DataLiteral(name, shape, values, places, span, said), within))
        return self._last

    def _tail(self, end: int) -> int:
        """Where a literal ends with its comma, its comment and the braces that close behind it."""
        comma = True
        while match := _TAIL.match(self._text, end):
            if match[1] == "}" and self._open:
                braces = self._open.pop()
                braces.holds_data = self._arrays > braces.arrays
                comma = bool(self._open)
            elif match[1] != "}" and comma:
                comma = False
            else:
                break
            end = match.end()
        comment = _COMMENT.match(self._text, end)
        return comment.end() if comment and not RULE.search(comment[0]) else end


def _rows(text: str, place: int) -> tuple[list[list[Value]], int]:
    """The values in the brackets that open there, and where reading ended.

    The first row are those outside inner brackets; there are no rows if a token is out of place.
    """
    rows: list[list[Value]] = [[]]
    depth, ready = 0, True
    while (match := _TOKEN.match(text, place)) and match.lastgroup:
        mark = match["mark"]
        if mark != "]" and ready == (mark == ","):
            break
        ready = mark in ("[", ",")
        depth += {"[": 1, "]": -1}.get(mark, 0)
        if depth > 2 or not math.isfinite(number := float(match["number"] or 0)):
            break
        place = match.end()
        if mark == "[" and depth == 2:
            rows.append([])
        elif match["number"]:
            rows[1 - depth].append((number, Span(start=match.start("number"), end=place)))
        elif match["string"]:
            span = Span(start=match.start("string") + 1, end=place - 1)
            rows[1 - depth].append((text[span.start : span.end], span))
        elif not depth:
            return rows, place
    return [], match.end() if match else place


def _shape(rows: Sequence[Sequence[Value]]) -> Shape | None:
    """The shape of a list, or of a matrix with rows alike; None for anything else."""
    kinds = {type(value) for row in rows for value, _ in row}
    widths = {len(row) for row in rows[1:]}
    if len(kinds) != 1 or (rows[0] and widths):
        return None
    if not widths:
        return (len(rows[0]),) if len(rows[0]) > 1 or str in kinds else None
    regular = float in kinds and len(rows) > 2 and len(widths) == 1 and min(widths) > 1
    return (len(rows) - 1, *widths) if regular else None
