"""What an answer changes, as data: cells and rows of tables, numbers and parts of a model, words.

An edit says what it changes by name and place, so that it can be kept beside its question and be
done again on the same problem, whenever and by whomever.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from r2c.cir.fields import ExprField
from r2c.cir.owners import OwnerKind
from r2c.cir.schema import Element
from r2c.problem.schema import Frozen, Scalar, Span


class CellEdit(Frozen):
    """A cell holds this value; None stands for the number that is asked for."""

    kind: Literal["cell"] = "cell"
    table: str
    line: int = Field(description="The row, as `r2c.cir.table_access.row_numbers` counts.")
    column: str
    value: Scalar = None


class RowEdit(Frozen):
    """A row is added; `column` is left out of `cells` and holds the number that is asked for."""

    kind: Literal["row"] = "row"
    table: str
    cells: dict[str, Scalar]
    column: str
    value: float | None = None


class DropRowsEdit(Frozen):
    """Rows are left out; they are counted as in `CellEdit`."""

    kind: Literal["drop_rows"] = "drop_rows"
    table: str
    lines: tuple[int, ...]


class ColumnEdit(Frozen):
    """A column is called otherwise."""

    kind: Literal["column"] = "column"
    table: str
    column: str
    name: str


class EntryEdit(Frozen):
    """A parameter of the model has this value at a key; None stands for the number asked for."""

    kind: Literal["entry"] = "entry"
    parameter: str
    key: tuple[Element, ...] = ()
    value: float | None = None


class ReplaceEdit(Frozen):
    """A part of an expression is another one, wherever it stands in its owner.

    A rule that quotes the text is found by its `span`, because its id depends on the other rules.
    """

    kind: Literal["replace"] = "replace"
    of: OwnerKind
    owner: str
    span: Span | None = None
    old: ExprField
    new: ExprField


class DomainEdit(Frozen):
    """Decisions are read as whole or as divisible."""

    kind: Literal["domain"] = "domain"
    decisions: tuple[str, ...]
    domain: Literal["continuous", "integer"]


class DropRuleEdit(Frozen):
    """A rule is left out; it is found as in `ReplaceEdit`."""

    kind: Literal["drop_rule"] = "drop_rule"
    rule: str
    span: Span | None = None


class StatedEdit(Frozen):
    """A rule states this plain relation; it is found as in `ReplaceEdit`."""

    kind: Literal["stated"] = "stated"
    rule: str
    span: Span | None = None
    relation: ExprField


class WordsEdit(Frozen):
    """Words are added to a sentence, before its end; `{answer}` stands for what is answered."""

    kind: Literal["words"] = "words"
    sentence: int = Field(ge=1)
    words: str
    number: str | None = None


class ReadingEdit(Frozen):
    """A statement that sentences were read as is left out, as `oven[buns] = 3`."""

    kind: Literal["reading"] = "reading"
    statement: str


Edit = Annotated[
    CellEdit
    | RowEdit
    | DropRowsEdit
    | ColumnEdit
    | EntryEdit
    | ReplaceEdit
    | DomainEdit
    | DropRuleEdit
    | StatedEdit
    | WordsEdit
    | ReadingEdit,
    Field(discriminator="kind"),
]
OfTables = CellEdit | RowEdit | DropRowsEdit | ColumnEdit
"""Edits of the tables of a problem."""
OfModel = EntryEdit | ReplaceEdit | DomainEdit | DropRuleEdit | StatedEdit
"""Edits of a CIR."""


def with_number(edit: Edit, value: float, written: str) -> Edit:
    """The edit with the number that was asked for.

    Args:
        edit: one that leaves a number open; any other comes back as it is.
        value: the number.
        written: the number with its unit, for words.
    """
    match edit:
        case CellEdit() | RowEdit() | EntryEdit() if edit.value is None:
            return edit.model_copy(update={"value": value})
        case WordsEdit():
            return edit.model_copy(update={"number": written})
        case _:
            return edit
