r"""Expressions, rules and models as LaTeX, in the subset that KaTeX renders.

Several readers of one tree: what is set here is what is solved. `COMMANDS` is the closed list of
commands that may appear.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Compare,
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
)
from r2c.cir.schema import Definition, Objective, Rule
from r2c.cir.write import number

if TYPE_CHECKING:
    from r2c.model.plain import PlainModel, PlainVariable

COMMANDS = frozenset(
    {
        *("begin", "end", "sum", "prod", "min", "max", "frac", "left", "right", "lvert", "rvert"),
        *("le", "ge", "ne", "lt", "gt", "in", "notin", "forall", "land", "lor", "lnot", "mid"),
        *("quad", "text", "mathit", "mathrm", "mathbb", "cdot", "Rightarrow", "top", "infty"),
        *("_", "{", "}", "$", "%", "&", "#", "\\", "textasciitilde", "textasciicircum"),
        *("textbackslash", ",", "lbrace", "rbrace"),
    }
)
"""Every command and escaped character that the functions here may write."""

_OPS = {
    "<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne", "<": r"\lt", ">": r"\gt",
    "in": r"\in", "not in": r"\notin",
}  # fmt: skip
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
# Binding strength, weakest first.
_OR, _AND, _NOT, _COMPARE, _ADD, _MUL, _POW, _ATOM = range(8)
_DOMAINS = {"continuous": r"\mathbb{R}", "integer": r"\mathbb{Z}", "binary": r"\{0, 1\}"}


def latex(expr: Expr) -> str:
    """Any expression, without a surrounding math environment."""
    return _set(expr)[0]


def latex_relation(expr: Expr, align: bool = False) -> str:
    """A relation; with `align`, `&` stands before its last sign for use in `aligned`."""
    if not isinstance(expr, Compare) or not align:
        return latex(expr)
    texts = [_at_least(arg, _ADD) for arg in expr.args]
    signs = [_OPS[op] for op in expr.ops]
    signs[-1] = f"&{signs[-1]}"
    return _spliced(texts, signs)


def latex_binder(binder: Binder) -> str:
    r"""The loops as they stand after `\forall` or under a sum."""
    loops = r",\, ".join(_loop(loop) for loop in binder.loops)
    if binder.where is None:
        return loops
    return rf"{loops} \mid {latex(binder.where)}"


def latex_rule(rule: Rule) -> str:
    r"""A rule as `aligned` lines: its relations, or its archetype with the operands.

    Soft rules name their price, rules over members say for which.
    """
    relations = [expr for expr in rule.operands.values() if isinstance(expr, Compare)]
    if relations and len(relations) == len(rule.operands):
        lines = [latex_relation(expr, align=True) for expr in relations]
    else:
        lines = [
            rf"{latex_text(role.replace('_', ' '))} &: {latex(expr)}"
            for role, expr in rule.operands.items()
        ]
        lines.insert(0, rf"&{latex_text(rule.archetype.replace('_', ' '))}")
    if rule.forall is not None:
        lines[0] += rf" \quad \forall {latex_binder(rule.forall)}"
    if rule.soft is not None:
        price = latex(rule.soft.price)
        lines.append(rf"&{latex_text('or pay')} \; {price}".replace(r"\;", r"\,"))
    return _aligned(lines)


def latex_objective(objective: Objective) -> str:
    r"""An objective as `\min` or `\max` of its expression."""
    return rf"\{objective.sense} \quad {latex(objective.expr)}"


def latex_model(plain: PlainModel) -> str:
    r"""The whole plain model as one `aligned` block: objectives, rows, domains and bounds."""
    lines = []
    several = len(plain.objectives) > 1
    for objective in plain.objectives:
        tier = rf" \quad {latex_text(f'(tier {objective.tier})')}" if several else ""
        lines.append(rf"\{objective.sense} \quad &{latex(objective.expr)}{tier}")
    for row in plain.rows:
        ending = "" if row.binder is None else rf" \quad \forall {latex_binder(row.binder)}"
        lines.append(f"{latex_relation(row.relation, align=True)}{ending}")
    lines.extend(_definition(item) for item in plain.definitions)
    lines.extend(_variable(variable) for variable in plain.variables)
    return _aligned(lines)


def _definition(item: Definition) -> str:
    name, ending = latex_name(item.name), ""
    if item.forall is not None:
        name = _indexed(name, ", ".join(latex_name(target) for target in item.forall.targets))
        ending = rf" \quad \forall {latex_binder(item.forall)}"
    return f"{name} &:= {latex(item.expr)}{ending}"


def latex_text(words: str) -> str:
    r"""Words in `\text{}` with everything escaped that has a meaning in LaTeX."""
    return rf"\text{{{escape(words)}}}"


def escape(words: str) -> str:
    """Words with LaTeX's special characters escaped; line breaks and controls become blanks."""
    plain = "".join(char if char.isprintable() else " " for char in words)
    return "".join(_ESCAPES.get(char, char) for char in plain)


def latex_name(name: str) -> str:
    r"""A symbol: one letter as it is, digits after it as an index, longer names upright."""
    if match := re.fullmatch(r"([A-Za-z])_?(\d+)", name):
        return f"{match[1]}_{{{match[2]}}}"
    if re.fullmatch(r"[A-Za-z]", name):
        return name
    return rf"\mathit{{{escape(name)}}}"


def _aligned(lines: Collection[str]) -> str:
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _variable(variable: PlainVariable) -> str:
    name = latex_name(variable.name)
    if variable.binder is not None:
        name = _indexed(name, ", ".join(latex_name(target) for target in variable.binder.targets))
    parts = [rf"{name} &\in {_DOMAINS[variable.domain]}"]
    if variable.domain != "binary":
        lower = None if variable.lower is None else latex(variable.lower)
        upper = None if variable.upper is None else latex(variable.upper)
        if lower is not None and upper is not None:
            parts.append(rf"{lower} \le {name} \le {upper}")
        elif lower is not None:
            parts.append(rf"{name} \ge {lower}")
        elif upper is not None:
            parts.append(rf"{name} \le {upper}")
    text = r",\, ".join(parts)
    if variable.binder is not None:
        text += rf" \quad \forall {latex_binder(variable.binder)}"
    return text


def _indexed(name: str, index: str) -> str:
    # A name that has an index already gets a second one inside braces.
    return f"{{{name}}}_{{{index}}}" if "_{" in name else f"{name}_{{{index}}}"


def _at_least(expr: Expr, strength: int) -> str:
    text, own = _set(expr)
    return text if own >= strength else rf"\left({text}\right)"


def _loop(loop: Loop) -> str:
    targets = ", ".join(latex_name(target) for target in loop.targets)
    if len(loop.targets) > 1:
        targets = f"({targets})"
    return rf"{targets} \in {_at_least(loop.domain, _ADD)}"


def _listed(items: tuple[Expr, ...]) -> str:
    return ", ".join(latex(item) for item in items)


def _set(expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912 - one case per node type
    match expr:
        case Num(value):
            return _number(value), _ATOM if value >= 0 else _ADD
        case Text(value):
            return latex_text(value), _ATOM
        case Name(name):
            return latex_name(name), _ATOM
        case Item(base, keys):
            return _indexed(latex_name(base), _listed(keys)), _ATOM
        case Add(terms):
            return _sum(terms), _ADD
        case Neg(term):
            return f"-{_at_least(term, _MUL)}", _ADD
        case Mul(factors):
            return _product(factors), _MUL
        case Div(top, bottom):
            return rf"\frac{{{latex(top)}}}{{{latex(bottom)}}}", _ATOM
        case Pow(base, exponent):
            return f"{{{_at_least(base, _ATOM)}}}^{{{latex(exponent)}}}", _POW
        case Call("abs", (arg,)):
            return rf"\left\lvert {latex(arg)} \right\rvert", _ATOM
        case Call("len", (arg,)):
            return rf"\left\lvert {latex(arg)} \right\rvert", _ATOM
        case Call("min" | "max" as function, args):
            return rf"\{function}\left({_listed(args)}\right)", _ATOM
        case Call("implies", (left, right)):
            return rf"{_at_least(left, _AND)} \Rightarrow {_at_least(right, _AND)}", _OR
        case Call(function, args):
            return rf"\mathrm{{{escape(function)}}}\left({_listed(args)}\right)", _ATOM
        case Fold(op, body, binder):
            strength = _MUL if op == "sum" else _ADD
            return rf"\{op}_{{{latex_binder(binder)}}} {_at_least(body, strength)}", _ADD + 1
        case Each(body, binder):
            return rf"\left({latex(body)}\right)_{{{latex_binder(binder)}}}", _ATOM
        case Seq(items):
            return rf"\left({_listed(items)}\right)", _ATOM
        case Compare(ops, args):
            return _spliced([_at_least(arg, _ADD) for arg in args], [_OPS[op] for op in ops]), (
                _COMPARE
            )
        case Not(arg):
            return rf"\lnot {_at_least(arg, _NOT)}", _NOT
        case And(args):
            return r" \land ".join(_at_least(arg, _NOT) for arg in args), _AND
        case Or(args):
            return r" \lor ".join(_at_least(arg, _AND) for arg in args), _OR


def _sum(terms: tuple[Expr, ...]) -> str:
    text = _at_least(terms[0], _MUL) if not isinstance(terms[0], Num | Neg) else latex(terms[0])
    for term in terms[1:]:
        match term:
            case Neg(inner):
                text += f" - {_at_least(inner, _MUL)}"
            case Num(value) if value < 0:
                text += f" - {_number(-value)}"
            case _:
                text += f" + {_at_least(term, _MUL)}"
    return text


def _product(factors: tuple[Expr, ...]) -> str:
    # A sum sign reaches to the end of its product, so anywhere else it needs brackets.
    last = len(factors) - 1
    texts = []
    for place, item in enumerate(factors):
        looped = isinstance(item, Fold) and place < last
        texts.append(rf"\left({latex(item)}\right)" if looped else _at_least(item, _MUL))
    for place, item in enumerate(factors[:1]):
        if isinstance(item, Num) and item.value < 0:
            texts[place] = latex(item)
    text = texts[0]
    for before, after, shown in zip(factors, factors[1:], texts[1:], strict=False):
        two_numbers = isinstance(after, Num) or isinstance(before, Text)
        plain = isinstance(before, Num) and not two_numbers
        text += f" {shown}" if plain else rf" \cdot {shown}"
    return text


def _spliced(texts: list[str], signs: list[str]) -> str:
    return texts[0] + "".join(
        f" {sign} {text}" for sign, text in zip(signs, texts[1:], strict=True)
    )


def _number(value: float) -> str:
    text = number(value)
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \cdot {{10}}^{{{int(exponent)}}}"
