"""Loops over the index sets of a symbol, as parameters and decisions declare them."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.cir.expr import Binder, Expr, Loop, Name
from r2c.cir.members import Members
from r2c.errors import CIRError, declare

WRONG_INDICES = declare(
    "R2C-C221", CIRError,
    what="{symbol!r} names {found:loop variable} for an index with {expected:position}.",
    why="Each index position needs its own loop variable, tuple sets one per part.",
    remedy="List as many different names in `indices`, or none.",
)  # fmt: skip


def index_binder(
    over: Sequence[Members], indices: Sequence[str], where: Expr | None, symbol: str
) -> Binder:
    """`over` as loops whose variables are `indices` (i1, i2, ... where none are given).

    Raises:
        CIRError: R2C-C221 if the number of names does not fit.
    """
    positions = sum(members.dim for members in over)
    names = tuple(indices) or tuple(f"i{place}" for place in range(1, positions + 1))
    if len(names) != positions or len(set(names)) != positions:
        raise WRONG_INDICES(symbol=symbol, found=len(names), expected=positions)
    loops: list[Loop] = []
    start = 0
    for members in over:
        loops.append(Loop(names[start : start + members.dim], Name(members.name)))
        start += members.dim
    return Binder(tuple(loops), where)
