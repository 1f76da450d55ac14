"""Expression to text, in the syntax that `r2c.cir.parse` reads: `parse(write(e)) == e`."""

from __future__ import annotations

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

# Binding strength, weakest first.
_OR, _AND, _NOT, _COMPARE, _ADD, _MUL, _NEG, _POW, _ATOM = range(9)


def write(expr: Expr) -> str:
    """The expression as text with as few brackets as the syntax allows."""
    return _write(expr)[0]


def shown(expr: Expr, limit: int = 120) -> str:
    """The expression as text for a message, cut if it is long."""
    text = write(expr)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def write_binder(binder: Binder) -> str:
    """The loops as text: `for i in Plants for t in Months if t > 1`."""
    parts = []
    for loop in binder.loops:
        targets = loop.targets[0] if len(loop.targets) == 1 else f"({', '.join(loop.targets)})"
        parts.append(f"for {targets} in {_at_least(loop.domain, _ADD)}")
    if binder.where is not None:
        parts.append(f"if {write(binder.where)}")
    return " ".join(parts)


def number(value: float) -> str:
    """A number as text: whole values without a point, others in the shortest exact form."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _at_least(expr: Expr, strength: int) -> str:
    text, own = _write(expr)
    return text if own >= strength else f"({text})"


def _listed(items: tuple[Expr, ...]) -> str:
    return ", ".join(write(item) for item in items)


def _write(expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912 - one case per node type
    match expr:
        case Num(value):
            return number(value), _ATOM if value >= 0 else _NEG
        case Text(value):
            return _quoted(value), _ATOM
        case Name(name):
            return name, _ATOM
        case Item(base, keys):
            return f"{base}[{_listed(keys)}]", _ATOM
        case Call(function, args):
            return f"{function}({_listed(args)})", _ATOM
        case Fold(op, body, binder):
            return f"{op}({write(body)} {write_binder(binder)})", _ATOM
        case Each(body, binder):
            return f"[{write(body)} {write_binder(binder)}]", _ATOM
        case Seq(items):
            return f"[{_listed(items)}]", _ATOM
        case Add(terms):
            return _sum(terms), _ADD
        case Neg(term):
            return f"-{_at_least(term, _POW)}", _NEG
        case Mul(factors):
            # A product or quotient inside a product keeps its brackets, save in first place for a
            # quotient: `a/b*c` reads back as (a/b)*c.
            first = _at_least(factors[0], _MUL if isinstance(factors[0], Div) else _NEG)
            return "*".join([first, *(_at_least(item, _NEG) for item in factors[1:])]), _MUL
        case Div(top, bottom):
            return f"{_at_least(top, _MUL)}/{_at_least(bottom, _NEG)}", _MUL
        case Pow(base, exponent):
            return f"{_at_least(base, _ATOM)}**{_at_least(exponent, _NEG)}", _POW
        case Compare(ops, args):
            texts = [_at_least(arg, _ADD) for arg in args]
            pairs = zip(ops, texts[1:], strict=True)
            return texts[0] + "".join(f" {op} {text}" for op, text in pairs), _COMPARE
        case Not(arg):
            return f"not {_at_least(arg, _NOT)}", _NOT
        case And(args):
            return " and ".join(_at_least(arg, _NOT) for arg in args), _AND
        case Or(args):
            return " or ".join(_at_least(arg, _AND) for arg in args), _OR


def _quoted(value: str) -> str:
    # repr escapes what does not print; only its choice of quote has to be settled.
    text = repr(value)
    if text[0] == '"':
        return text
    inner = text[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{inner}"'


def _sum(terms: tuple[Expr, ...]) -> str:
    text = _at_least(terms[0], _MUL)
    for term in terms[1:]:
        match term:
            case Neg(inner):
                text += f" - {_at_least(inner, _MUL)}"
            case Num(value) if value < 0:
                text += f" - {number(-value)}"
            case _:
                text += f" + {_at_least(term, _MUL)}"
    return text
