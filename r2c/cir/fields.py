"""Expressions as pydantic fields: text outside, tree inside, JSON Schema `string`."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from r2c.cir.expr import Binder, Expr
from r2c.cir.field_faults import carried
from r2c.cir.parse import parse, parse_binder
from r2c.cir.write import write, write_binder
from r2c.errors import CIRError


def _read(value: object) -> Expr:
    if isinstance(value, Expr):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise ValueError("a finite number is expected")
        value = repr(value)
    if not isinstance(value, str):
        raise ValueError(f"an expression is expected, written as text, not {value!r}")
    try:
        return parse(value)
    except CIRError as error:
        raise carried(error) from None


def _read_binder(value: object) -> Binder:
    if isinstance(value, Binder):
        return value
    if not isinstance(value, str):
        raise ValueError(f"loops are expected, written as text, not {value!r}")
    try:
        return parse_binder(value)
    except CIRError as error:
        raise carried(error) from None


ExprField = Annotated[
    Expr,
    PlainValidator(_read),
    PlainSerializer(write, return_type=str),
    WithJsonSchema({"type": "string", "description": "Expression in Python syntax."}),
]
"""An expression, relation, condition or list, written as text."""

BinderField = Annotated[
    Binder,
    PlainValidator(_read_binder),
    PlainSerializer(write_binder, return_type=str),
    WithJsonSchema({"type": "string", "description": "Loops: `for i in Plants if i != 'A'`."}),
]
"""Loops such as `for i in Plants for t in Months if t > 1`, written as text."""
