"""The algebra of an example, written as planners write it: equations among words.

Words such as `for each depot d` have no place in the language of rules, so the text as a whole
does not parse. What parses by itself is an equation, the rest stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from mathml import maths
from r2c.archetypes.card import Example
from r2c.cir.expr import Add, And, Binder, Compare, Expr, Name, Num, Or, symbols, walk
from r2c.cir.parse import FUNCTIONS, parse
from r2c.errors import CIRError
from r2c.telling.equation import MINUS, SIGNS

_TOKEN = re.compile(
    r'\s+|"[^"]*"|\d+(?:\.\d+)?|[A-Za-z_]\w*|\.\.\.|\*\*|[<>=!]=|[-+*/<>()\[\]{},;:]|.', re.DOTALL
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_INDICES = re.compile(r"\[([^\[\]]*)\]")
_OPENING, _CLOSING = "([", ")]"
_ENDS = {",", ";", ":", "...", "{", "}", "and"}
"""What no equation goes across; several relations joined by `and` are shown one by one."""
_SIGNS: dict[str, str] = {"-": MINUS, "*": "·", "...": "…"} | dict(SIGNS.items())
"""How a sign is shown that stands between words: `fewest nights of a nurse <= gap[m]`."""
_BIG_M = "M"
_BESIDE = {
    *(",", ";", "for", "all", "with", "where", "if", "implies", "then", "else", "and", "or"),
    *("minimise", "maximise", "before", "far"),
}
"""What stands beside algebra even where that starts or ends with a name not used elsewhere."""


@dataclass(frozen=True)
class Part:
    """Some of the text; `expr` is what it says as algebra, None for words."""

    text: str
    expr: Expr | None = None


def algebra(example: Example) -> list[Markup]:
    """The algebra line by line, a line for each equation that stands by itself."""
    return [Markup("").join(_shown(part) for part in line) for line in lines(example)]


def lines(example: Example) -> list[list[Part]]:
    """The parts of the algebra, in lines."""
    found: list[list[Part]] = [[]]
    for part in parts(example.algebra, _names(example)):
        line = found[-1]
        # One more item of a list stays where it is: `(100, 900)`, `two of a >= 1, b >= 1`.
        listed = [item.text for item in line[-5:-4]] == ["of"]
        starts = isinstance(part.expr, Compare | Or | Add)
        if starts and not listed and "".join(item.text for item in line[-2:]).strip() in {",", ";"}:
            del line[-2:]
            found.append([part])
        else:
            line.append(part)
    return found


def parts(text: str, names: set[str]) -> Iterator[Part]:
    """The text cut into equations, as long as can be, and what is between them.

    A name that is neither indexed, an index nor among `names` is a word, unless the signs and
    commas about it make it algebra.
    """
    names = names | {name for keys in _INDICES.findall(text) for name in _WORD.findall(keys)}
    tokens = _TOKEN.findall(text)
    place = 0
    while place < len(tokens):
        for end in range(_reach(tokens, place), place, -1):
            whole = "".join(tokens[place:end])
            expr = _read(whole)
            if expr is not None and _is_algebra(expr, names, tokens, place, end):
                yield Part(whole, expr)
                break
        else:
            end = place + 1
            yield Part(_sign(tokens, place))
        place = end


def _names(example: Example) -> set[str]:
    """What the example speaks of: symbols, sets and the members that loops go through."""
    found = {_BIG_M}
    binders = [] if example.forall is None else [example.forall]
    for operand in example.operands.values():
        found |= symbols(operand)
        for node in walk(operand):
            binder = getattr(node, "binder", None)
            if isinstance(binder, Binder):
                binders.append(binder)
    for binder in binders:
        found.update(binder.targets)
        for loop in binder.loops:
            found |= symbols(loop.domain)
    return found


def _reach(tokens: list[str], start: int) -> int:
    """The end of what may be one expression: no two operands stand side by side in it."""
    if not (_is_operand(tokens[start]) or tokens[start] in {*_OPENING, "-", "not"}):
        return start
    depth, last, complete = 0, start, False
    for place in range(start, len(tokens)):
        token = tokens[place]
        if token.isspace():
            continue
        if depth == 0:
            apart = token in _OPENING and tokens[place - 1].isspace()
            if complete and (_is_operand(token) or apart):
                break
            if token in _ENDS or token in _CLOSING:
                break
        depth += (token in _OPENING) - (token in _CLOSING)
        complete = _is_operand(token) or token in _CLOSING
        if depth == 0 and complete:
            last = place + 1
    return last


def _is_operand(token: str) -> bool:
    """Whether it is a name, a number or a label."""
    return token[0] in '_"' or (token[0].isalnum() and token not in {"and", "or", "not", "in"})


def _read(text: str) -> Expr | None:
    if text != text.strip():
        return None
    try:
        return parse(text)
    except CIRError:
        return None


def _is_algebra(expr: Expr, names: set[str], tokens: list[str], start: int, end: int) -> bool:
    """Whether it is meant as algebra and does not only look so: `non-zero`, `each month`."""
    before = next((token for token in reversed(tokens[:start]) if not token.isspace()), ",")
    after = [token for token in tokens[end:] if not token.isspace()] or [","]
    match expr:
        case Num():
            return False
        case Name(name) if name in FUNCTIONS:
            return False
        case Name(name) if name in names:
            return len(name) == 1 or before != "each"
        case Name():
            return before in {"minimise", "maximise"} or after[:2] == ["in", "{"]
        case And(args) | Or(args) if any(isinstance(arg, Name | Num) for arg in args):
            return False  # `oats or barley`
    first, last = tokens[start], tokens[end - 1]
    opened = before in _BESIDE or tokens[start + 1] in _OPENING or not _is_strange(first, names)
    return opened and (after[0] in _BESIDE or not _is_strange(last, names))


def _is_strange(token: str, names: set[str]) -> bool:
    """Whether it is a name that nothing else in the example uses."""
    return _WORD.fullmatch(token) is not None and token not in names


def _sign(tokens: list[str], place: int) -> str:
    """A token among words, as a sign where it is one."""
    token = tokens[place]
    about = tokens[max(place - 1, 0) : place + 2]
    if token == "-" and not (about[0].isspace() and about[-1].isspace()):
        return token  # a hyphen
    if token == "in":
        return SIGNS["in"] if tokens[place + 1 : place + 3] == [" ", "{"] else token
    return _SIGNS.get(token, token)


def _shown(part: Part) -> Markup:
    return escape(part.text) if part.expr is None else maths(part.expr)
