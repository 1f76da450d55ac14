"""Rules as the model writes them: `7: stock[day] == stock[day-1] + make[day] - demand[day]`.

A line begins with the number of the sentence that states the rule, or of the first and the last.
Then stands a relation, or an archetype with what fills its roles; loops and a condition may follow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Hashable
from dataclasses import dataclass

from r2c.agents.form import NOTHING
from r2c.cir.expr import Binder, Compare, Each, Expr
from r2c.cir.normal import normal
from r2c.cir.parse import FUNCTIONS, parse
from r2c.cir.python_tree import python_tree
from r2c.cir.write import write, write_binder
from r2c.errors import CIRError

MOST_LINES = 60
_LINE = re.compile(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?:\s+(\S.*)")
_CONDITION = re.compile(r"(.*\S)\s+if\s+(\S.*)")
RELATION = "relation"


@dataclass(frozen=True, slots=True)
class Formal:
    """A rule in the algebra of the CIR.

    Attributes:
        first: The number of the sentence that states it.
        last: Of the last sentence, where several do.
        archetype: The archetype, empty for a relation.
        operands: What fills each role; the relation itself where there is no archetype.
        loops: `for day in Days if day > 1` as written; None leaves the loops to the free names.
        condition: A condition without loops.
    """

    first: int
    last: int
    archetype: str
    operands: tuple[tuple[str, Expr], ...]
    loops: Binder | None = None
    condition: Expr | None = None

    def __str__(self) -> str:
        place = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        if self.archetype:
            filled = ", ".join(f"{role}={write(expr)}" for role, expr in self.operands)
            body = f"{self.archetype}({filled})"
        else:
            body = write(self.operands[0][1])
        loops = "" if self.loops is None else f" {write_binder(self.loops)}"
        condition = "" if self.condition is None else f" if {write(self.condition)}"
        return f"{place}: {body}{loops}{condition}"

    @property
    def meaning(self) -> Hashable:
        """What it says, whatever the sentence: equal for equal rules."""
        loops = None if self.loops is None else write_binder(self.loops)
        condition = None if self.condition is None else write(self.condition)
        filled = tuple(sorted((role, write(normal(expr))) for role, expr in self.operands))
        return self.archetype, filled, loops, condition


def read_formals(text: str) -> tuple[Formal, ...]:
    """Lines to rules; `none` and blank text are no rules, a line of another form is left out.

    Raises:
        ValueError: no line is of the form, or there are too many.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if lines in ([], [NOTHING]):
        return ()
    if len(lines) > MOST_LINES:
        raise ValueError(f"{len(lines)} rules are more than a text can state")
    found: dict[Formal, None] = {}
    wrong: ValueError | None = None
    for line in lines:
        try:
            found[_formal(line)] = None
        except ValueError as error:
            wrong = wrong or error
    if wrong is not None and not found:
        raise wrong
    return tuple(found)


def write_formals(rules: tuple[Formal, ...]) -> str:
    """Rules to lines; `read_formals` undoes it."""
    return "\n".join(map(str, rules)) or NOTHING


def _formal(line: str) -> Formal:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"{line!r} does not begin with the number of a sentence, as in `7: ...`")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise ValueError(f"{match[1]}-{match[2]} runs backwards")
    try:
        archetype, operands, loops, condition = _body(match[3])
    except CIRError as error:
        raise ValueError(error.fault.what) from None
    return Formal(first, last, archetype, operands, loops, condition)


def _body(
    text: str,
) -> tuple[str, tuple[tuple[str, Expr], ...], Binder | None, Expr | None]:
    condition = None
    try:
        tree = python_tree(f"[{text}]")
    except CIRError:
        # A condition without loops is no Python: `x[t] <= 5 if t > 1`.
        match = _CONDITION.fullmatch(text)
        if match is None:
            raise
        tree, condition = python_tree(f"[{match[1]}]"), parse(match[2])
    loops = None
    match tree:
        case ast.ListComp(elt=node, generators=generators):
            bare = ast.ListComp(elt=ast.Constant(0), generators=generators)
            each = parse(ast.unparse(bare))
            assert isinstance(each, Each)
            loops = each.binder
        case ast.List(elts=[node]):
            pass
        case _:
            raise ValueError(f"{text!r} is not one rule")
    named = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if isinstance(node, ast.Call) and named and named not in FUNCTIONS:
        return named, _operands(node), loops, condition
    relation = parse(ast.unparse(node))
    if not isinstance(relation, Compare):
        raise ValueError(f"{text!r} is neither a relation nor an archetype with its roles")
    return "", ((RELATION, relation),), loops, condition


def _operands(node: ast.Call) -> tuple[tuple[str, Expr], ...]:
    named = [item.arg for item in node.keywords if item.arg is not None]
    if node.args or len(named) < len(node.keywords) or len(set(named)) < len(named):
        raise ValueError("every role is written once, as `role=expression`")
    return tuple((str(item.arg), parse(ast.unparse(item.value))) for item in node.keywords)
