"""Text to Python's own syntax tree, within limits that keep time and memory bounded.

Nothing is ever executed: the tree is data, of which `r2c.cir.parse` takes what it knows.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings

from r2c.errors import CIRError, declare

MAX_LENGTH = 20_000
MAX_DEPTH = 60
MAX_LEVELS = 120
MAX_NODES = 10_000
MAX_TERMS = 2_000
"""Terms of one sum, or factors of one product; Python's own parser fails some way beyond."""
MAX_DIGITS = 40

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

_NO_NAMES = frozenset(keyword.kwlist) - {"for", "in", "if", "else", "not", "and", "or"}
"""Words of Python that have no meaning in an expression and cannot be names in one."""
_LONG_NUMBER = re.compile(rf"\d[0-9A-Fa-f_.]{{{MAX_DIGITS},}}")
_EXPONENT = re.compile(r"(?<=[\d.])[eE][+-]?(?=\d)")
_SIGN = re.compile(r"[()\[\]{},<>=:]|(?<=[\w.)\]}\"'])\s*[-+*/%@]+")
_LABEL = re.compile(r'"(?:[^"\\\n]|\\.)*"|' r"'(?:[^'\\\n]|\\.)*'")


def python_tree(text: str) -> ast.expr:
    """The tree of an expression in Python's syntax.

    Raises:
        CIRError: R2C-C001 (too large), R2C-C002 (syntax).
    """
    # Blanks count little, so that what was read tightly may be written with the usual blanks.
    size = len(text) if len(text) > 5 * MAX_LENGTH else len("".join(text.split()))
    if size > MAX_LENGTH:
        raise TOO_LONG(size=size, measure="characters", limit=MAX_LENGTH)
    bare = _LABEL.sub('""', text)
    depth = _bracket_depth(bare)
    if depth > MAX_DEPTH:
        raise TOO_LONG(size=depth, measure="levels of nesting", limit=MAX_DEPTH)
    terms = _most_terms(bare)
    if terms > MAX_TERMS:
        raise TOO_LONG(size=terms, measure="terms in one sum or product", limit=MAX_TERMS)
    if match := _LONG_NUMBER.search(bare):
        raise TOO_LONG(size=len(match[0]), measure="digits in one number", limit=MAX_DIGITS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        reserved = next((word for word in re.findall(r"\w+", bare) if word in _NO_NAMES), None)
        problem = (
            error.msg if reserved is None else f"{reserved!r} cannot be a name, it is reserved"
        )
        raise BAD_SYNTAX(text=shortened(text), problem=problem, column=error.offset or 1) from None
    except ValueError as error:
        raise BAD_SYNTAX(text=shortened(text), problem=str(error), column=1) from None
    except (MemoryError, RecursionError):
        raise TOO_LONG(size="too many", measure="levels of nesting", limit=MAX_LEVELS) from None
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


def _most_terms(text: str) -> int:
    """The terms of the longest sum, or the factors of the longest product, if that has more."""
    most, open_brackets = 1, [(1, 1)]
    for match in _SIGN.finditer(_EXPONENT.sub("e", text)):
        sign = match[0].strip()[0]
        terms, factors = open_brackets[-1]
        if sign in "([{":
            open_brackets.append((1, 1))
        elif sign in ")]}":
            open_brackets[-1:] = [(1, 1)] if len(open_brackets) == 1 else []
        elif sign in ",<>=:":
            open_brackets[-1] = (1, 1)
        else:
            summed = sign in "+-"
            open_brackets[-1] = (terms + 1, 1) if summed else (terms, factors + 1)
            most = max(most, *open_brackets[-1])
    return most


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


def shortened(text: str) -> str:
    """The text as a message shows it: cut, and fit for UTF-8."""
    shown = text if len(text) <= 160 else text[:157] + "..."
    return shown.encode("utf-8", "backslashreplace").decode()
