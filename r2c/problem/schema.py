"""What the reader hands on: the text with its sentences, numbers and tables, all traceable.

Positions in the text are half-open spans of code points; positions in a table are cells. Every
later claim ("this limit comes from sentence 4") points at one of the two.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Scalar = str | float | bool | None
"""A table cell after typing: text, number, truth value, or missing."""


class Frozen(BaseModel):
    """Immutable, closed record: unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Frozen):
    """Half-open range `[start, end)` of code points in `Problem.text`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


class Cell(Frozen):
    """One table cell; `row` counts data rows from 0."""

    table: str
    row: int = Field(ge=0)
    column: str


class Sentence(Frozen):
    """One sentence, list item or heading of the text; `number` counts from 1."""

    number: int = Field(ge=1)
    span: Span
    text: str


class Quantity(Frozen):
    """A number found in the text.

    `value` is the plain reading (`60%` is 0.6, `half` is 0.5, `twice` is 2, `1.5 million` is
    1500000, `a dozen` is 12, `one in five` is 0.2); each number of `2, 3 and 4 million` is in
    millions. `kind` says how it was written.
    """

    value: float
    span: Span
    text: str
    kind: Literal["number", "word", "percent", "fraction", "multiplier", "ordinal", "label"]
    unit: str | None = Field(default=None, description="Unit or counted noun as written, if any.")
    sentence: int = Field(ge=1, description="Number of the sentence that holds it.")


class OddCell(Frozen):
    """A cell that keeps its column from being one of numbers; `row` counts data rows from 0.

    It holds a `text`, a number in another `unit` than the rest, a number that is `quoted` in a
    source where numbers need no quotes (JSON, memory), or an `infinite` one (`inf`, `1e400`).
    """

    row: int = Field(ge=0)
    reason: Literal["text", "unit", "quoted", "infinite"]


class Column(Frozen):
    """A typed table column; `odd` are the first cells that make a text of a column of numbers."""

    name: str
    type: Literal["number", "text", "boolean", "empty"]
    unit: str | None = None
    odd: tuple[OddCell, ...] = ()


class Table(Frozen):
    """A rectangular table from the text or from a file.

    `rows[i][j]` is the value of data row `i` in `columns[j]`. For a table written in the text,
    `spans[i][j]` is where the cell stands. For one from a file with lines, `lines[i]` is the line
    of the row, counted from 1, unless all rows follow a header in line 1 without a gap.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    origin: Literal["text", "file", "memory"]
    path: str | None = None
    span: Span | None = None
    spans: tuple[tuple[Span, ...], ...] | None = None
    lines: tuple[int, ...] | None = None

    def column(self, name: str) -> tuple[Scalar, ...]:
        """The values of one column, top to bottom.

        Raises:
            KeyError: if there is no such column.
        """
        for index, column in enumerate(self.columns):
            if column.name == name:
                return tuple(row[index] for row in self.rows)
        raise KeyError(name)


class Problem(Frozen):
    """A decision problem as the reader found it."""

    text: str
    sentences: tuple[Sentence, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    tables: tuple[Table, ...] = ()

    def quote(self, span: Span) -> str:
        """The words under a span."""
        return self.text[span.start : span.end]

    def table(self, name: str) -> Table:
        """The table of that name.

        Raises:
            KeyError: if there is no such table.
        """
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)
