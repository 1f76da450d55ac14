"""The shapes that an operand takes once it fills a role of a card."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.expr import And, Binder, Compare, Each, Expr, Seq, Text


@dataclass(frozen=True)
class Listed:
    """A list written out item by item."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Looped:
    """A list made by a loop."""

    body: Expr
    binder: Binder


@dataclass(frozen=True)
class Related:
    """A relation; `whole` is a comparison or several joined by `and`."""

    whole: Compare | And


@dataclass(frozen=True)
class Keyed:
    """Something looked up by keys: `body` over `params`; no params if it never varies."""

    params: tuple[str, ...]
    body: Expr
    binder: Binder | None = None


@dataclass(frozen=True)
class Worded:
    """One of the card's words."""

    word: str


@dataclass(frozen=True)
class Domain:
    """An index set."""

    expr: Expr


Filled = Expr | Listed | Looped | Related | Keyed | Worded | Domain
"""An operand in the shape its role's kind calls for; a bare expression for arithmetic kinds."""


def as_expression(filled: Filled) -> Expr:
    """What stands for a role where its name stands alone in a template."""
    match filled:
        case Listed(items):
            return Seq(items)
        case Looped(body, inner):
            return Each(body, inner)
        case Related(whole):
            return whole
        case Keyed(_, body, _) | Domain(body):
            return body
        case Worded(word):
            return Text(word)
        case expression:
            return expression
