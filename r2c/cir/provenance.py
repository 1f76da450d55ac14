"""Where a number or a rule comes from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from r2c.problem.schema import Cell, Frozen, Span


class Source(Frozen):
    """The origin of a value: words of the text, a table cell, a derivation or an assumption.

    `derived` keeps the spans it was derived from and says how in `note` ("480 = 8 h x 60").
    `answer` is the user's reply to a question; `note` holds the question's id.
    """

    kind: Literal["text", "cell", "derived", "assumed", "answer"]
    spans: tuple[Span, ...] = ()
    cells: tuple[Cell, ...] = ()
    note: str | None = None


class NumberSource(Frozen):
    """The origin of one number written in an expression.

    The k-th entry with a value explains the k-th occurrence of that value in the expressions of
    its owner, in written order; a last entry also explains the occurrences after it. Structural
    numbers (0, 1 and -1 as factors, signs or bounds) need no entry.
    """

    value: float = Field(description="The number as it stands in the expression.")
    source: Source
