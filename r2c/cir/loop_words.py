"""Loops in words: "each plant", "all lanes of the plant", "each month other than Jan".

Where the names of sets are nouns, loop variables are not named; two variables for members of one
set are, so that a reader can tell them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from r2c.cir.expr import (
    And,
    Binder,
    Compare,
    Each,
    Expr,
    Fold,
    Loop,
    Name,
    Num,
    Text,
    children,
)
from r2c.cir.nouns import Vocabulary
from r2c.cir.write import number, write

Say = Callable[[Expr, "Env"], str]


@dataclass(frozen=True)
class Env:
    """What the loop variables in scope are called.

    `nouns` are the nouns of variables, `same` the expressions that variables are equal to,
    `groups` the nouns for whole members by their variables, `inner` the innermost sum's variables.
    """

    nouns: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, Expr] = field(default_factory=dict)
    groups: Mapping[tuple[Expr, ...], str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    inner: frozenset[Expr] = frozenset()

    def settled(self, key: Expr) -> Expr:
        """What a key stands for, once equal variables are one."""
        return self.same.get(key.id, key) if isinstance(key, Name) else key

    def call(self, key: Expr) -> str | None:
        """A key in words, "the plant" or "plant p"; None for what has no noun."""
        match self.settled(key):
            case Text(value):
                return value
            case Num(value):
                return number(value)
            case Name(name) if name in self.nouns:
                noun = self.nouns[name]
                return f"{noun} {name}" if noun in self.named else f"the {noun}"
        return None


def ambiguous(expr: Expr, binder: Binder | None, vocabulary: Vocabulary) -> frozenset[str]:
    """Nouns that stand for two variables in one place, whose names must therefore be said."""
    found: set[str] = set()

    def visit(node: Expr, nouns: Counter[str]) -> None:
        if isinstance(node, Fold | Each):
            nouns = within(node.binder, nouns)
            visit(node.body, nouns)
            return
        for child in children(node):
            visit(child, nouns)

    def within(loops: Binder, nouns: Counter[str]) -> Counter[str]:
        same = _equalities(loops)
        grown = nouns.copy()
        grown.update(
            noun
            for loop in loops.loops
            for target, noun in zip(loop.targets, _nouns(loop, vocabulary), strict=True)
            if noun is not None and target not in same
        )
        found.update(noun for noun, count in grown.items() if count > 1)
        return grown

    visit(expr, Counter() if binder is None else within(binder, Counter()))
    return frozenset(found)


def enter(binder: Binder, env: Env, vocabulary: Vocabulary, *, folds: bool) -> Env:
    """The environment inside the loops; `folds` says that they are those of a sum."""
    same = {**env.same, **{name: env.settled(to) for name, to in _equalities(binder).items()}}
    nouns, groups = dict(env.nouns), dict(env.groups)
    for loop in binder.loops:
        for target, noun in zip(loop.targets, _nouns(loop, vocabulary), strict=True):
            nouns.pop(target, None)
            if noun is not None:
                nouns[target] = noun
        whole = _member(loop, vocabulary)
        if whole is not None and len(loop.targets) > 1:
            groups[tuple(same.get(name, Name(name)) for name in loop.targets)] = whole
    inner = frozenset(same.get(name, Name(name)) for name in binder.targets)
    return Env(nouns, same, groups, env.named, inner if folds else frozenset())


def loops_in_words(
    binder: Binder, outer: Env, inner: Env, vocabulary: Vocabulary, say: Say, each: str
) -> str:
    """The loops without their first word: "each plant and each month after the first".

    Args:
        binder: The loops.
        outer: What variables are called outside them.
        inner: What they are called inside.
        vocabulary: Words for sets.
        say: Says a condition.
        each: "each" or "all".
    """
    same = _equalities(binder)
    told = [_loop(loop, same, outer, inner, vocabulary, each) for loop in binder.loops]
    others: dict[str, list[str]] = {}
    rest: list[str] = []
    for condition in _conditions(binder):
        match condition:
            case Compare(("==",), (left, right)) if _tied(left, right, same):
                continue
            case Compare(("!=",), (Name(name), Text() | Num() as member)) if name in inner.nouns:
                others.setdefault(name, []).append(inner.call(member) or "")
            case _:
                rest.append(say(condition, inner))
    for place, loop in enumerate(binder.loops):
        excluded = [value for name in loop.targets for value in others.get(name, ())]
        if excluded:
            told[place] += f" other than {' and '.join(excluded)}"
    text = " and ".join(told)
    return f"{text} where {' and '.join(rest)}" if rest else text


def _loop(
    loop: Loop, same: Mapping[str, Expr], outer: Env, inner: Env, vocabulary: Vocabulary, each: str
) -> str:
    noun = _member(loop, vocabulary)
    if noun is None:
        targets = ", ".join(loop.targets)
        shown = f"({targets})" if len(loop.targets) > 1 else targets
        return f"{each} {shown} in {write(loop.domain)}"
    assert isinstance(loop.domain, Name)
    text = f"all {vocabulary.several[loop.domain.id]}" if each == "all" else f"{each} {noun}"
    if len(loop.targets) == 1:
        return f"{text} {loop.targets[0]}" if noun in inner.named else text
    fixed = [name for name in loop.targets if name in same]
    if fixed:
        return f"{text} of {' and '.join(outer.call(same[n]) or write(same[n]) for n in fixed)}"
    if {inner.nouns.get(name) for name in loop.targets} & inner.named:
        return f"{text} ({', '.join(loop.targets)})"
    return text


def _conditions(binder: Binder) -> Iterator[Expr]:
    if isinstance(binder.where, And):
        yield from binder.where.args
    elif binder.where is not None:
        yield binder.where


def _equalities(binder: Binder) -> dict[str, Expr]:
    """Parts of tuples that the filter ties to something outside: `q == p` for (q, s) in Lanes."""
    tuples = {name for loop in binder.loops if len(loop.targets) > 1 for name in loop.targets}
    found: dict[str, Expr] = {}
    for condition in _conditions(binder):
        if not (isinstance(condition, Compare) and condition.ops == ("==",)):
            continue
        for name, other in (condition.args, condition.args[::-1]):
            own = isinstance(name, Name) and name.id in tuples
            outside = not (isinstance(other, Name) and other.id in binder.targets)
            if own and outside and isinstance(other, Name | Text | Num):
                assert isinstance(name, Name)
                found.setdefault(name.id, other)
    return found


def _tied(left: Expr, right: Expr, same: Mapping[str, Expr]) -> bool:
    return any(
        isinstance(name, Name) and same.get(name.id) == other
        for name, other in ((left, right), (right, left))
    )


def _member(loop: Loop, vocabulary: Vocabulary) -> str | None:
    return vocabulary.members.get(loop.domain.id) if isinstance(loop.domain, Name) else None


def _nouns(loop: Loop, vocabulary: Vocabulary) -> tuple[str | None, ...]:
    """The noun of each loop variable."""
    if not isinstance(loop.domain, Name) or loop.domain.id not in vocabulary.parts:
        return (None,) * len(loop.targets)
    parts = vocabulary.parts[loop.domain.id]
    if len(parts) != len(loop.targets):
        return (None,) * len(loop.targets)
    return tuple(None if part is None else vocabulary.members.get(part) for part in parts)
