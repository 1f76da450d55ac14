"""Text to expression: a strict subset of Python's expression syntax, never evaluated.

Limits on length, nesting and size are checked before and after the standard parser runs, so a
hostile string costs bounded time and memory. Everything not listed here is refused with a reason.
"""

from __future__ import annotations

import ast
import math
import re
import warnings

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
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Seq,
    Text,
)  # fmt: skip
from r2c.errors import CIRError, declare

MAX_LENGTH = 20_000
MAX_DEPTH = 60
MAX_LEVELS = 120
MAX_NODES = 10_000
MAX_DIGITS = 40

FUNCTIONS = frozenset(
    {
        *("sum", "prod", "min", "max", "abs", "count", "len", "first", "last", "ord", "prev"),
        *("next", "pairs", "bound", "implies", "nonzero"),
    }
)
"""The functions an expression may call; each reader says which it can handle."""

TOO_LONG = declare(
    "R2C-C001", CIRError,
    what="The expression has {size} {measure}; the limit is {limit}.",
    why="Larger expressions are refused before parsing so that time and memory stay bounded.",
    remedy="Split it into definitions or use sum(... for ... in ...) over a set.",
)  # fmt: skip
BAD_SYNTAX = declare(
    "R2C-C002", CIRError,
    what="The expression {text!r} cannot be read: {problem} (column {column}).",
    why="Expressions follow Python's expression syntax.",
    remedy="Write it like `3*a + 2*b <= 40` or `sum(cost[i]*x[i] for i in Items)`.",
)  # fmt: skip
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
_LONG_NUMBER = re.compile(rf"\d[0-9A-Fa-f_.]{{{MAX_DIGITS},}}")
_LABEL = re.compile(r'"(?:[^"\\\n]|\\.)*"|' r"'(?:[^'\\\n]|\\.)*'")


def parse(text: str) -> Expr:
    """Read an expression, a relation, a condition or a list.

    Raises:
        CIRError: R2C-C001 (too large), R2C-C002 (syntax), R2C-C003 (construct not allowed).
    """
    tree = _python_tree(text)
    return _Reader(text).read(tree)


def parse_binder(text: str) -> Binder:
    """Read the loops of a rule: `for i in Plants for t in Months if t > 1`.

    Raises:
        CIRError: as `parse`.
    """
    each = parse(f"[0 {text}]")
    if not isinstance(each, Each) or each.body != Num(0.0):
        raise BAD_SYNTAX(text=_short(text), problem="loops such as 'for i in Plants' are expected",
                         column=1)  # fmt: skip
    return each.binder


def _python_tree(text: str) -> ast.expr:
    # Blanks count little, so that what was read tightly may be written with the usual blanks.
    size = len(text) if len(text) > 5 * MAX_LENGTH else len("".join(text.split()))
    if size > MAX_LENGTH:
        raise TOO_LONG(size=size, measure="characters", limit=MAX_LENGTH)
    bare = _LABEL.sub('""', text)
    depth = _bracket_depth(bare)
    if depth > MAX_DEPTH:
        raise TOO_LONG(size=depth, measure="levels of nesting", limit=MAX_DEPTH)
    if match := _LONG_NUMBER.search(bare):
        raise TOO_LONG(size=len(match[0]), measure="digits in one number", limit=MAX_DIGITS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise BAD_SYNTAX(text=_short(text), problem=error.msg, column=error.offset or 1) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise BAD_SYNTAX(text=_short(text), problem=str(error) or "too deep", column=1) from None
    nodes, levels = _measure(tree)
    if nodes > MAX_NODES:
        raise TOO_LONG(size=nodes, measure="nodes", limit=MAX_NODES)
    if levels > MAX_LEVELS:
        raise TOO_LONG(size=levels, measure="levels of nesting", limit=MAX_LEVELS)
    return tree


def _bracket_depth(text: str) -> int:
    depth = deepest = signs = 0
    for char in text:
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        signs = signs + 1 if char in "+-~" else (signs if char == " " else 0)
        deepest = max(deepest, depth, signs)
    return deepest


def _measure(tree: ast.expr) -> tuple[int, int]:
    # A long chain a+b*c-... nests to the left in Python's tree but becomes one flat node here.
    nodes = deepest = 0
    stack: list[tuple[ast.AST, int]] = [(tree, 1)]
    while stack:
        node, level = stack.pop()
        nodes += 1
        deepest = max(deepest, level)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr | ast.comprehension):
                flat = isinstance(node, ast.BinOp) and child is node.left and _flat(node, child)
                stack.append((child, level if flat else level + 1))
    return nodes, deepest


def _flat(node: ast.BinOp, left: ast.AST) -> bool:
    sums = ast.Add | ast.Sub
    return isinstance(left, ast.BinOp) and (
        (isinstance(node.op, sums) and isinstance(left.op, sums))
        or (isinstance(node.op, ast.Mult) and isinstance(left.op, ast.Mult))
    )


def _short(text: str) -> str:
    shown = text if len(text) <= 160 else text[:157] + "..."
    return shown.encode("utf-8", "backslashreplace").decode()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def _refuse(self, construct: str) -> CIRError:
        error = NOT_ALLOWED(
            construct=construct, text=_short(self._text), functions=", ".join(sorted(FUNCTIONS))
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
                    result = _joined(Add, result, right)
                case ast.Sub():
                    result = _joined(Add, result, negate(right))
                case ast.Mult():
                    result = _joined(Mul, result, right)
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


def negate(expr: Expr) -> Expr:
    """Minus the expression, without a double minus and with the sign inside numbers."""
    match expr:
        case Num(value):
            return Num(-value) if value else Num(0.0)
        case Neg(term):
            return term
        case _:
            return Neg(expr)


def _joined(kind: type[Add] | type[Mul], left: Expr, right: Expr) -> Add | Mul:
    if kind is Add:
        return Add((*(left.terms if isinstance(left, Add) else (left,)), right))
    return Mul((*(left.factors if isinstance(left, Mul) else (left,)), right))
