"""A model as the planner's answers say, with the answers as the origin of what they changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from r2c.cir.asked import Asked, effects
from r2c.cir.edits import (
    CellEdit,
    DomainEdit,
    DropRuleEdit,
    Edit,
    EntryEdit,
    OfModel,
    ReplaceEdit,
    RowEdit,
    StatedEdit,
)
from r2c.cir.expr import numbers
from r2c.cir.provenance import NumberSource, Source
from r2c.cir.replace_part import is_meant, with_replaced
from r2c.cir.schema import (
    CIR,
    Assumption,
    Decision,
    Definition,
    DenseValues,
    Entry,
    ExprValues,
    Objective,
    Parameter,
    Rule,
    SparseValues,
    TableValues,
    WideValues,
)
from r2c.problem.schema import Span

_Owner = TypeVar("_Owner", Rule, Definition, Objective, Parameter, Decision)


@dataclass(frozen=True)
class Settled:
    """A model with answers in it; `missed` are the ids of those that found nothing to change."""

    cir: CIR
    missed: tuple[str, ...] = ()


def settled(cir: CIR, questions: Sequence[Asked]) -> Settled:
    """The model with what answers and defaults change in it.

    Every answer is kept among the model's questions, every default as an assumption. Answers that
    change tables or words alone are expected to be in the problem already (`amend_tables`).
    """
    missed: list[str] = []
    for id, edit in effects(questions):
        if isinstance(edit, OfModel):
            changed = _changed(cir, edit, id)
            if changed is None:
                missed.append(id)
            else:
                cir = changed
        elif isinstance(edit, CellEdit | RowEdit):
            cir = _read_from(cir, edit, id)
    return Settled(_recorded(cir, questions), tuple(dict.fromkeys(missed)))


def with_answer_sources(cir: CIR, words: Mapping[str, Span]) -> CIR:
    """The model in which numbers out of the words of an answer name it as their origin.

    Args:
        cir: a model that was made of the amended text.
        words: where the words of an answer stand, by the id of its question.
    """

    def source(item: Source | None) -> Source | None:
        for id, span in words.items():
            if item is not None and any(span.contains(part) for part in item.spans):
                return Source(kind="answer", spans=item.spans, note=id)
        return item

    def owner(item: _Owner) -> _Owner:
        literals = tuple(
            entry.model_copy(update={"source": source(entry.source)}) for entry in item.literals
        )
        update: dict[str, object] = {"literals": literals}
        if isinstance(item, Parameter | Decision):
            update["source"] = source(item.source)
        return item.model_copy(update=update)

    if not words:
        return cir
    return cir.model_copy(
        update={
            "parameters": tuple(map(owner, cir.parameters)),
            "definitions": tuple(map(owner, cir.definitions)),
            "decisions": tuple(map(owner, cir.decisions)),
            "rules": tuple(map(owner, cir.rules)),
            "objectives": tuple(map(owner, cir.objectives)),
        }
    )


def edited(cir: CIR, edits: Sequence[Edit], question: str) -> CIR | None:
    """The model with some edits; None if one of them finds nothing to change."""
    for edit in edits:
        if isinstance(edit, OfModel):
            changed = _changed(cir, edit, question)
            if changed is None:
                return None
            cir = changed
    return cir


def _recorded(cir: CIR, questions: Sequence[Asked]) -> CIR:
    answered = {item.id: item.record() for item in questions if item.answer is not None}
    assumed = tuple(
        Assumption(text=told_default(item), about=item.about)
        for item in questions
        if item.answer is None and item.default is not None
    )
    known = {item.id for item in cir.questions}
    return cir.model_copy(
        update={
            "questions": (
                *(answered.get(item.id, item) for item in cir.questions),
                *(item for id, item in answered.items() if id not in known),
            ),
            "assumptions": (
                *cir.assumptions,
                *(item for item in assumed if item not in cir.assumptions),
            ),
        }
    )


def told_default(question: Asked) -> str:
    """What is taken for granted while a question is open."""
    meaning = next(
        (item.meaning for item in question.options if item.value == question.default),
        question.default or "",
    )
    why = f", because {question.reason}" if question.reason else ""
    return f"{question.text} Taken until you answer: {meaning}{why}."


def _changed(cir: CIR, edit: OfModel, id: str) -> CIR | None:
    match edit:
        case EntryEdit():
            return _with_entry(cir, edit, id)
        case DomainEdit(decisions=names, domain=domain):
            if not set(names) <= {item.name for item in cir.decisions}:
                return None
            decisions = tuple(
                item.model_copy(update={"domain": domain, "domain_reason": f"question {id}"})
                if item.name in names
                else item
                for item in cir.decisions
            )
            return cir.model_copy(update={"decisions": decisions})
        case DropRuleEdit(rule=name, span=span):
            left = tuple(item for item in cir.rules if not is_meant(item, name, span))
            return None if len(left) == len(cir.rules) else cir.model_copy(update={"rules": left})
        case StatedEdit():
            return _with_stated(cir, edit, id)
        case ReplaceEdit():
            return with_replaced(cir, edit, id)


def _with_entry(cir: CIR, edit: EntryEdit, id: str) -> CIR | None:
    if edit.value is None:
        return None
    source = Source(kind="answer", note=id)
    found = []
    done = False
    for item in cir.parameters:
        if item.name == edit.parameter and (value := _entered(item, edit)) is not None:
            done = True
            literals = (*item.literals, NumberSource(value=edit.value, source=source))
            only = {"source": source} if not item.over else {"literals": literals}
            item = item.model_copy(update={"value": value, **only})
        found.append(item)
    return cir.model_copy(update={"parameters": tuple(found)}) if done else None


def _entered(item: Parameter, edit: EntryEdit) -> float | SparseValues | None:
    assert edit.value is not None
    match item.value:
        case SparseValues(entries=entries):
            left = tuple(entry for entry in entries if entry.key != edit.key)
            return SparseValues(entries=(*left, Entry(key=edit.key, value=edit.value)))
        case ExprValues() | TableValues() | WideValues() | DenseValues():
            return None
        case _:
            return None if item.over else edit.value


def _read_from(cir: CIR, edit: CellEdit | RowEdit, id: str) -> CIR:
    """Parameters that read a cell which the planner gave say so, unless they have a source."""
    source = Source(kind="answer", note=id)

    def told(item: Parameter) -> Parameter:
        match item.value:
            case TableValues(table=table, value=column):
                reads = table == edit.table and column == edit.column
            case WideValues(table=table):
                reads = table == edit.table
            case _:
                reads = False
        return item.model_copy(update={"source": source}) if reads and not item.source else item

    return cir.model_copy(update={"parameters": tuple(map(told, cir.parameters))})


def _with_stated(cir: CIR, edit: StatedEdit, id: str) -> CIR | None:
    meant = [rule for rule in cir.rules if is_meant(rule, edit.rule, edit.span)]
    if len(meant) != 1:
        return None
    source = Source(kind="answer", note=id)
    stated = meant[0].model_copy(
        update={
            "archetype": "linear",
            "operands": {"relation": edit.relation},
            "outputs": {},
            "candidates": (),
            "chosen": None,
            "literals": (
                *meant[0].literals,
                *(
                    NumberSource(value=value, source=source)
                    for value in dict.fromkeys(numbers(edit.relation))
                    if all(entry.value != value for entry in meant[0].literals)
                ),
            ),
        }
    )
    rules = tuple(stated if rule is meant[0] else rule for rule in cir.rules)
    return cir.model_copy(update={"rules": rules})
