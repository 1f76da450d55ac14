"""CIR: what a decision problem means, apart from how it is written as mathematics."""

from r2c.cir.expr import Binder, Expr
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR
from r2c.cir.write import write, write_binder

__all__ = ["CIR", "Binder", "Expr", "parse", "parse_binder", "write", "write_binder"]
