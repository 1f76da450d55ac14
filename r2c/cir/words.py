"""An expression in plain words, for people who do not read formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

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
from r2c.cir.loop_words import Env, ambiguous, enter, loops_in_words
from r2c.cir.nouns import Vocabulary
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
    "components": "the number of separate parts of {}",
}  # fmt: skip
_FOLDS = {"sum": "the sum of {} over {}", "min": "the smallest {} over {}",
          "max": "the largest {} over {}"}  # fmt: skip
# Binding strength, weakest first: whole sentences, sums, products, single things.
_CLAUSE, _SUM, _PRODUCT, _THING = range(4)


def words(expr: Expr, vocabulary: Vocabulary | None = None) -> str:
    """The expression as words: `3*chairs <= 40` is "3 times chairs is at most 40".

    Args:
        expr: any expression.
        vocabulary: what to call symbols and members of sets; without it names stand for
            themselves, with blanks for `_`.
    """
    return _speaker(expr, None, vocabulary).say(expr)[0]


def statement(expr: Expr, binder: Binder | None, vocabulary: Vocabulary | None = None) -> str:
    """A relation or list and for whom it holds: "for each plant: make is at most 3"."""
    speaker = _speaker(expr, binder, vocabulary)
    said: list[str] = []
    if binder is not None:
        said.append(speaker.loops(binder, "each"))
        speaker = speaker.inside(binder)
    while isinstance(expr, Each):
        said.append(speaker.loops(expr.binder, "each"))
        speaker, expr = speaker.inside(expr.binder), expr.body
    told = speaker.say(expr)[0]
    return f"for {', '.join(said)}: {told}" if said else told


def _speaker(expr: Expr, binder: Binder | None, vocabulary: Vocabulary | None) -> _Speaker:
    known = vocabulary or Vocabulary()
    return _Speaker(known, Env(named=ambiguous(expr, binder, known)))


@dataclass(frozen=True)
class _Speaker:
    """Says expressions; `env` is what loop variables are called where it stands."""

    vocabulary: Vocabulary
    env: Env

    def inside(self, binder: Binder, *, folds: bool = False) -> _Speaker:
        """The speaker inside the loops; `folds` says that they are those of a sum."""
        return replace(self, env=enter(binder, self.env, self.vocabulary, folds=folds))

    def say(self, expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912 - one per node
        match expr:
            case Num(value):
                return (number(value) if value >= 0 else f"minus {number(-value)}"), _THING
            case Text(value):
                return f"'{value}'", _THING
            case Name(name):
                return self._name(name), _THING
            case Item(base, keys):
                return self._item(base, keys), _THING
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
                inner = self.inside(binder, folds=True)._at_least(body, _PRODUCT)
                return _FOLDS[op].format(inner, self.loops(binder, "all")), _PRODUCT
            case Each(body, binder):
                told = self.inside(binder)._at_least(body, _SUM)
                return f"{told} for {self.loops(binder, 'each')}", _SUM
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

    def loops(self, binder: Binder, each: str) -> str:
        """The loops without their first word."""
        inner = enter(binder, self.env, self.vocabulary, folds=False)

        def say(condition: Expr, env: Env) -> str:
            return replace(self, env=env).say(condition)[0]

        return loops_in_words(binder, self.env, inner, self.vocabulary, say, each)

    def _name(self, name: str) -> str:
        called = self.env.call(Name(name))
        if called is not None:
            return called
        meaning = self.vocabulary.meanings.get(name)
        return meaning or name.strip("_").replace("_", " ") or name

    def _item(self, base: str, keys: tuple[Expr, ...]) -> str:
        name = self.vocabulary.meanings.get(base) or base.strip("_").replace("_", " ") or base
        settled = tuple(self.env.settled(key) for key in keys)
        known = all(self.env.call(key) is not None for key in settled)
        if self.env.inner and known and frozenset(settled) == self.env.inner:
            return name  # "the sum of cost over all lanes": of which lane goes without saying
        whole = self.env.groups.get(settled)
        if whole is not None:
            return _of(name, [(whole, f"the {whole}")])
        nouns = [self._noun(base, place, key) for place, key in enumerate(settled)]
        return _of(name, list(zip(nouns, map(self._key, keys), strict=True)))

    def _noun(self, base: str, place: int, key: Expr) -> str:
        """The noun of one key, by its variable or by the index of the symbol; empty if unknown."""
        if isinstance(key, Name) and key.id in self.env.nouns:
            return self.env.nouns[key.id]
        positions = self.vocabulary.parts.get(base, ())
        index = positions[place] if place < len(positions) else None
        return "" if index is None else self.vocabulary.members.get(index, "")

    def _key(self, key: Expr) -> str:
        called = self.env.call(key)
        if called is not None:
            return called
        match key:
            case Add((Name(name) as moved, Num(step))) if step.is_integer():
                side = "before" if step < 0 else "after"
                whole = self.env.call(moved)
                if whole is None:
                    many = "the one" if abs(step) == 1 else f"{number(abs(step))} places"
                    return f"{many} {side} {name}"
                if abs(step) == 1:
                    return f"the one {side} {whole}"
                return f"the one {number(abs(step))} places {side} {whole}"
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


def _of(name: str, keys: list[tuple[str, str]]) -> str:
    """A name with its keys: "supply of the plant"; "sent along a lane" takes "the lane" in."""
    left: list[str] = []
    for noun, told in keys:
        place = rf"\b(?:an?|each|every|the) {re.escape(noun)}\b"
        if noun and re.search(place, name):
            name = re.sub(place, told.replace("\\", r"\\"), name, count=1)
        else:
            left.append(told)
    return f"{name} of {' and '.join(left)}" if left else name
