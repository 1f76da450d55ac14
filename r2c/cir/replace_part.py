"""A part of an expression replaced wherever it stands in its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from r2c.cir.edits import ReplaceEdit
from r2c.cir.expr import Binder, Expr, Loop, Num, numbers
from r2c.cir.provenance import NumberSource, Source
from r2c.cir.schema import CIR, Decision, Definition, ExprValues, Objective, Parameter, Rule
from r2c.problem.schema import Span

_Owner = TypeVar("_Owner", Rule, Definition, Objective, Parameter, Decision)


def is_meant(rule: Rule, id: str, span: Span | None) -> bool:
    """Whether an edit means this rule: by its place in the text, else by its id."""
    return rule.span == span if span is not None and rule.span is not None else rule.id == id


def with_replaced(cir: CIR, edit: ReplaceEdit, question: str) -> CIR | None:
    """The model with the part replaced; None if its owner does not hold it.

    Args:
        cir: the model.
        edit: what is replaced where.
        question: the id that the new numbers get as their origin.
    """

    def told(old: _Owner, new: _Owner) -> _Owner:
        return old if new == old else _answered(new, edit, question)

    update: dict[str, object] = {}
    match edit.of:
        case "rule":
            update["rules"] = tuple(
                told(item, _in_rule(item, edit)) if is_meant(item, edit.owner, edit.span) else item
                for item in cir.rules
            )
        case "definition":
            update["definitions"] = tuple(
                told(item, _in_expression(item, edit)) if item.name == edit.owner else item
                for item in cir.definitions
            )
        case "objective":
            update["objectives"] = tuple(
                told(item, _in_expression(item, edit)) if str(place) == edit.owner else item
                for place, item in enumerate(cir.objectives, 1)
            )
        case "parameter":
            update["parameters"] = tuple(
                told(item, _in_parameter(item, edit)) if item.name == edit.owner else item
                for item in cir.parameters
            )
        case "decision":
            update["decisions"] = tuple(
                told(item, _in_decision(item, edit)) if item.name == edit.owner else item
                for item in cir.decisions
            )
    changed = cir.model_copy(update=update)
    return None if changed == cir else changed


def _answered(item: _Owner, edit: ReplaceEdit, question: str) -> _Owner:
    """The owner with the answer as the origin of its new numbers."""
    source = Source(kind="answer", note=question)
    fresh: tuple[NumberSource, ...] = tuple(
        NumberSource(value=value, source=source)
        for value in dict.fromkeys(numbers(edit.new))
        if all(entry.value != value for entry in item.literals)
    )
    return item.model_copy(update={"literals": (*item.literals, *fresh)})


def _in_rule(item: Rule, edit: ReplaceEdit) -> Rule:
    operands = {role: replaced(expr, edit.old, edit.new) for role, expr in item.operands.items()}
    return item.model_copy(update={"operands": operands})


_Told = TypeVar("_Told", Definition, Objective)


def _in_expression(item: _Told, edit: ReplaceEdit) -> _Told:
    return item.model_copy(update={"expr": replaced(item.expr, edit.old, edit.new)})


def _in_decision(item: Decision, edit: ReplaceEdit) -> Decision:
    def bound(expr: Expr | None) -> Expr | None:
        return None if expr is None else replaced(expr, edit.old, edit.new)

    return item.model_copy(update={"lower": bound(item.lower), "upper": bound(item.upper)})


def _in_parameter(item: Parameter, edit: ReplaceEdit) -> Parameter:
    if isinstance(item.value, ExprValues):
        expr = replaced(item.value.expr, edit.old, edit.new)
        return item.model_copy(update={"value": item.value.model_copy(update={"expr": expr})})
    scalar = isinstance(item.value, float | int) and Num(float(item.value)) == edit.old
    if scalar and isinstance(edit.new, Num):
        return item.model_copy(update={"value": edit.new.value, "source": None})
    return item


def replaced(expr: Expr, old: Expr, new: Expr) -> Expr:
    """`expr` with every part that equals `old` replaced by `new`."""
    if expr == old:
        return new

    def inside(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(inside(item) for item in value)
        if isinstance(value, Binder | Loop):
            return _rebuilt(value, inside)
        return replaced(value, old, new) if isinstance(value, Expr) else value

    return cast("Expr", _rebuilt(expr, inside))


def _rebuilt(node: Expr | Binder | Loop, inside: Callable[[object], object]) -> object:
    parts: dict[str, Any] = {item.name: inside(getattr(node, item.name)) for item in fields(node)}
    return replace(node, **parts)
