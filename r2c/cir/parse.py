"""Text to expression: a strict subset of Python's expression syntax, never evaluated.

Limits on length, nesting and size are checked before and after the standard parser runs, so a
hostile string costs bounded time and memory. Everything not listed here is refused with a reason.
"""

from __future__ import annotations

import ast
import math

from r2c.cir.arithmetic import joined, negate
from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Compare,
    CompareOp,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Mul,
    Name,
    Not,
    Num,
    Or,
    Pow,
    Seq,
    Text,
)  # fmt: skip
from r2c.cir.python_tree import BAD_SYNTAX, python_tree, shortened
from r2c.errors import CIRError, declare

FUNCTIONS = frozenset(
    {
        *("sum", "prod", "min", "max", "abs", "count", "len", "first", "last", "ord", "prev"),
        *("next", "pairs", "bound", "implies", "nonzero", "components"),
    }
)
"""The functions an expression may call; each reader says which it can handle."""

NOT_ALLOWED = declare(
    "R2C-C003", CIRError,
    what="{construct} is not allowed in an expression: {text!r}.",
    why="Only arithmetic, comparisons, and/or/not, sums over sets and the functions {functions} "
    "have a mathematical meaning here.",
    remedy="Rewrite the expression with these, or move the rule to an archetype that offers it.",
)  # fmt: skip

_CONSTRUCTS: dict[type[ast.expr], str] = {
    ast.Attribute: "Attribute access", ast.Lambda: "A lambda", ast.NamedExpr: "An assignment",
    ast.IfExp: "A conditional value", ast.JoinedStr: "A formatted string", ast.Set: "A set",
    ast.Dict: "A dictionary", ast.Starred: "A starred item", ast.Subscript: "This index",
    ast.Slice: "A slice", ast.UnaryOp: "The operator ~",
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], CompareOp] = {
    ast.LtE: "<=", ast.GtE: ">=", ast.Eq: "==", ast.Lt: "<", ast.Gt: ">", ast.NotEq: "!=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def parse(text: str) -> Expr:
    """Read an expression, a relation, a condition or a list.

    Raises:
        CIRError: R2C-C001 (too large), R2C-C002 (syntax), R2C-C003 (construct not allowed).
    """
    return _Reader(text).read(python_tree(text))


def parse_binder(text: str) -> Binder:
    """Read the loops of a rule: `for i in Plants for t in Months if t > 1`.

    Raises:
        CIRError: as `parse`.
    """
    each = parse(f"[0 {text}]")
    if not isinstance(each, Each) or each.body != Num(0.0):
        problem = "loops such as 'for i in Plants' are expected"
        raise BAD_SYNTAX(text=shortened(text), problem=problem, column=1)
    return each.binder


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def _refuse(self, construct: str) -> CIRError:
        error = NOT_ALLOWED(
            construct=construct, text=shortened(self._text), functions=", ".join(sorted(FUNCTIONS))
        )
        assert isinstance(error, CIRError)
        return error

    def read(self, node: ast.expr) -> Expr:  # noqa: C901, PLR0911, PLR0912 - one case per node type
        match node:
            case ast.Constant(value=bool() | None):
                raise self._refuse(f"The constant {node.value!r}")
            case ast.Constant(value=int() | float() as value):
                return self._number(value)
            case ast.Constant(value=str(label)):
                return self._label(label)
            case ast.Constant():
                raise self._refuse(f"The constant {node.value!r}")
            case ast.Name(id=name):
                return Name(self._name(name))
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.UnaryOp(op=ast.USub()):
                return negate(self.read(node.operand))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand)
            case ast.UnaryOp(op=ast.Not()):
                return Not(self.read(node.operand))
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp():
                args = tuple(self.read(value) for value in node.values)
                return And(args) if isinstance(node.op, ast.And) else Or(args)
            case ast.Subscript(value=ast.Name(id=base)):
                key = node.slice
                keys = key.elts if isinstance(key, ast.Tuple) else [key]
                if not keys:
                    raise self._refuse("An empty index")
                return Item(self._name(base), tuple(self.read(item) for item in keys))
            case ast.Call():
                return self._call(node)
            case ast.List() | ast.Tuple():
                return Seq(tuple(self.read(item) for item in node.elts))
            case ast.ListComp() | ast.GeneratorExp():
                return Each(self.read(node.elt), self._binder(node.generators))
        raise self._refuse(_CONSTRUCTS.get(type(node), type(node).__name__))

    def _number(self, value: float) -> Num:
        try:
            value = float(value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self._refuse("A number too large to be finite")
        return Num(value)

    def _label(self, value: str) -> Text:
        # Half a surrogate pair cannot be stored as UTF-8 anywhere else.
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise self._refuse("Half a surrogate pair in a label")
        return Text(value)

    def _name(self, value: str) -> str:
        if value.startswith("__"):
            raise self._refuse("A name with two leading underscores")
        return value

    def _arithmetic(self, node: ast.BinOp) -> Expr:
        # The left spine is walked in a loop: long sums must not exhaust the stack.
        spine: list[tuple[ast.operator, ast.expr]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            spine.append((left.op, left.right))
            left = left.left
        result = self.read(left)
        for op, right_node in reversed(spine):
            right = self.read(right_node)
            match op:
                case ast.Add():
                    result = joined(Add, result, right)
                case ast.Sub():
                    result = joined(Add, result, negate(right))
                case ast.Mult():
                    result = joined(Mul, result, right)
                case ast.Div():
                    result = Div(result, right)
                case ast.Pow():
                    result = Pow(result, right)
                case _:
                    raise self._refuse(f"The operator {type(op).__name__}")
        return result

    def _compare(self, node: ast.Compare) -> Compare:
        ops = []
        for op in node.ops:
            if type(op) not in _COMPARE:
                raise self._refuse(f"The comparison {type(op).__name__}")
            ops.append(_COMPARE[type(op)])
        return Compare(tuple(ops), tuple(self.read(arg) for arg in [node.left, *node.comparators]))

    def _call(self, node: ast.Call) -> Expr:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise self._refuse(f"The call {ast.unparse(node.func)}(...)")
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise self._refuse("A keyword or starred argument")
        function = node.func.id
        looped = ast.GeneratorExp | ast.ListComp
        if len(node.args) == 1 and isinstance(node.args[0], looped):
            loop = node.args[0]
            body, binder = self.read(loop.elt), self._binder(loop.generators)
            if function in ("sum", "min", "max"):
                return Fold(function, body, binder)  # type: ignore[arg-type]
            return Call(function, (Each(body, binder),))
        return Call(function, tuple(self.read(arg) for arg in node.args))

    def _binder(self, generators: list[ast.comprehension]) -> Binder:
        loops: list[Loop] = []
        conditions: list[Expr] = []
        for generator in generators:
            if generator.is_async:
                raise self._refuse("An async loop")
            loops.append(Loop(self._targets(generator.target), self.read(generator.iter)))
            conditions.extend(self.read(condition) for condition in generator.ifs)
        if not conditions:
            return Binder(tuple(loops))
        where = conditions[0] if len(conditions) == 1 else And(tuple(conditions))
        return Binder(tuple(loops), where)

    def _targets(self, node: ast.expr) -> tuple[str, ...]:
        nodes = node.elts if isinstance(node, ast.Tuple) else [node]
        names = tuple(self._name(name.id) for name in nodes if isinstance(name, ast.Name))
        if not names or len(names) != len(nodes):
            raise self._refuse("A loop variable that is not a plain name")
        if len(set(names)) != len(names):
            raise self._refuse("The same loop variable twice")
        return names
