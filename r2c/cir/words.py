"""An expression in plain words, for people who do not read formulas."""

from __future__ import annotations

from collections.abc import Mapping

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
from r2c.cir.schema import CIR
from r2c.cir.write import number

_RELATIONS = {
    "<=": "is at most", ">=": "is at least", "==": "equals", "!=": "differs from",
    "<": "is less than", ">": "is more than", "in": "is one of", "not in": "is not one of",
}  # fmt: skip
_FUNCTIONS = {
    "abs": "the absolute value of {}", "len": "the number of members of {}",
    "count": "how many of {} hold", "first": "the first of {}", "last": "the last of {}",
    "ord": "the position of {}", "prev": "the one before {}", "next": "the one after {}",
    "pairs": "all pairs of {}", "bound": "the largest value of {}", "prod": "the product of {}",
    "sum": "the sum of {}", "nonzero": "{} is not zero",
}  # fmt: skip
_FOLDS = {"sum": "the sum of {} over {}", "min": "the smallest {} over {}",
          "max": "the largest {} over {}"}  # fmt: skip
# Binding strength, weakest first: whole sentences, sums, products, single things.
_CLAUSE, _SUM, _PRODUCT, _THING = range(4)


def words(expr: Expr, meanings: Mapping[str, str] | None = None) -> str:
    """The expression as words: `3*chairs <= 40` is "3 times chairs is at most 40".

    Args:
        expr: any expression.
        meanings: what to call symbols; without an entry their names stand with blanks for `_`.
    """
    return _Speaker(meanings or {}).say(expr)[0]


def words_for(binder: Binder, meanings: Mapping[str, str] | None = None) -> str:
    """The loops as words: "for each i in Plants where i differs from 'A'"."""
    speaker = _Speaker(meanings or {})
    return f"for {speaker.loops(binder)}"


def symbol_words(cir: CIR, limit: int = 60) -> dict[str, str]:
    """What to call the symbols of a CIR: their meanings where these are short and one line."""
    said = (
        *((item.name, item.meaning) for item in cir.sets),
        *((item.name, item.meaning) for item in cir.parameters),
        *((item.name, item.meaning) for item in cir.definitions),
        *((item.name, item.meaning) for item in cir.decisions),
    )
    return {
        name: meaning
        for name, meaning in said
        if meaning and len(meaning) <= limit and meaning.isprintable()
    }


class _Speaker:
    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._meanings = meanings

    def say(self, expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912 - one per node
        match expr:
            case Num(value):
                return (number(value) if value >= 0 else f"minus {number(-value)}"), _THING
            case Text(value):
                return f"'{value}'", _THING
            case Name(name):
                return self._name(name), _THING
            case Item(base, keys):
                return f"{self._name(base)} of {self._keys(keys)}", _THING
            case Add(terms):
                return self._sum(terms), _SUM
            case Neg(term):
                return f"minus {self._at_least(term, _PRODUCT)}", _PRODUCT
            case Mul(factors):
                return " times ".join(self._at_least(item, _PRODUCT) for item in factors), _PRODUCT
            case Div(top, bottom):
                above, below = self._at_least(top, _PRODUCT), self._at_least(bottom, _THING)
                return f"{above} divided by {below}", _PRODUCT
            case Pow(base, Num(2.0)):
                return f"{self._at_least(base, _THING)} squared", _THING
            case Pow(base, exponent):
                above = self._at_least(exponent, _THING)
                return f"{self._at_least(base, _THING)} to the power of {above}", _PRODUCT
            case Call():
                return self._call(expr)
            case Fold(op, body, binder):
                inner = self._at_least(body, _PRODUCT)
                return _FOLDS[op].format(inner, self.loops(binder, "all")), _PRODUCT
            case Each(body, binder):
                return f"{self._at_least(body, _SUM)} for {self.loops(binder)}", _SUM
            case Seq(items):
                return f"({self._list(items)})", _THING
            case Compare(ops, args):
                return self._compare(ops, args), _CLAUSE
            case Not(arg):
                return f"it does not hold that {self._at_least(arg, _SUM)}", _CLAUSE
            case And(args):
                return " and ".join(self._clause(arg) for arg in args), _CLAUSE
            case Or(args):
                return "either " + " or ".join(self._clause(arg) for arg in args), _CLAUSE

    def loops(self, binder: Binder, each: str = "each") -> str:
        """The loops without their first word."""
        text = " and ".join(self._loop(loop, each) for loop in binder.loops)
        if binder.where is None:
            return text
        return f"{text} where {self.say(binder.where)[0]}"

    def _loop(self, loop: Loop, each: str) -> str:
        targets = ", ".join(loop.targets)
        shown = f"({targets})" if len(loop.targets) > 1 else targets
        return f"{each} {shown} in {self._at_least(loop.domain, _THING)}"

    def _name(self, name: str) -> str:
        return self._meanings.get(name) or name.strip("_").replace("_", " ") or name

    def _keys(self, keys: tuple[Expr, ...]) -> str:
        return " and ".join(self._key(key) for key in keys)

    def _key(self, key: Expr) -> str:
        match key:
            case Text(value):
                return value
            case Add((Name(name), Num(step))) if step.is_integer():
                side = "before" if step < 0 else "after"
                many = "" if abs(step) == 1 else f"{number(abs(step))} places "
                one = "the one " if abs(step) == 1 else ""
                return f"{one}{many}{side} {name}"
            case _:
                return self._at_least(key, _THING)

    def _call(self, call: Call) -> tuple[str, int]:
        listed = self._list(call.args)
        match call.function:
            case "min":
                return f"the smallest of {listed}", _PRODUCT
            case "max":
                return f"the largest of {listed}", _PRODUCT
            case "implies" if len(call.args) == 2:
                cause, effect = (self._clause(arg) for arg in call.args)
                return f"if {cause} then {effect}", _CLAUSE
            case function:
                return _FUNCTIONS.get(function, function + " of {}").format(listed), _PRODUCT

    def _sum(self, terms: tuple[Expr, ...]) -> str:
        text = self._at_least(terms[0], _PRODUCT)
        for term in terms[1:]:
            match term:
                case Neg(inner):
                    text += f" minus {self._at_least(inner, _PRODUCT)}"
                case Num(value) if value < 0:
                    text += f" minus {number(-value)}"
                case _:
                    text += f" plus {self._at_least(term, _PRODUCT)}"
        return text

    def _compare(self, ops: tuple[str, ...], args: tuple[Expr, ...]) -> str:
        texts = [self._at_least(arg, _SUM) for arg in args]
        if len(ops) == 2 and ops in (("<=", "<="), (">=", ">=")):
            low, high = (texts[0], texts[2]) if ops[0] == "<=" else (texts[2], texts[0])
            return f"{texts[1]} is between {low} and {high}"
        joined = texts[0]
        for place, (op, text) in enumerate(zip(ops, texts[1:], strict=True)):
            joined += f"{', which' if place else ''} {_RELATIONS[op]} {text}"
        return joined

    def _clause(self, expr: Expr) -> str:
        text, strength = self.say(expr)
        return f"({text})" if strength == _CLAUSE and isinstance(expr, And | Or) else text

    def _at_least(self, expr: Expr, strength: int) -> str:
        text, own = self.say(expr)
        return text if own >= strength else f"({text})"

    def _list(self, items: tuple[Expr, ...]) -> str:
        texts = [self.say(item)[0] for item in items]
        if len(texts) < 2:
            return texts[0] if texts else "nothing"
        return f"{', '.join(texts[:-1])} and {texts[-1]}"
