"""The readable text form of a CIR; `r2c.cir.read_text` reads it back exactly.

Indentation tells sections, records and their lines: attributes `name: value`, operands
`role = expression`, outputs `role -> symbol`, sources of numbers `number <- source`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from r2c.cir.expr import Expr, Name, Num
from r2c.cir.provenance import NumberSource
from r2c.cir.schema import (
    CIR,
    Assumption,
    Decision,
    Definition,
    DenseValues,
    ExprValues,
    IndexSet,
    Objective,
    Parameter,
    Question,
    Rule,
    SparseValues,
    TableColumns,
    TableValues,
    WideValues,
)
from r2c.cir.text_values import as_json, label_text, listed, source_text, span_text, words_text
from r2c.cir.write import number, write, write_binder
from r2c.problem.schema import Span

Attributes = list[tuple[str, str | None]]
"""Attribute lines in order: name and text; a None text leaves the line out."""


def write_text(cir: CIR, provenance: bool = True) -> str:
    """The CIR as readable text.

    Args:
        cir: the model.
        provenance: whether spans and the sources of numbers and symbols are written as well.
    """
    lines = [f"cir {cir.version}"]
    if cir.title:
        lines.append(f"title: {words_text(cir.title)}")
    writer = _Writer(provenance)
    sections: tuple[tuple[str, Iterable[list[str]]], ...] = (
        ("sets", map(writer.set, cir.sets)),
        ("parameters", map(writer.parameter, cir.parameters)),
        ("definitions", map(writer.definition, cir.definitions)),
        ("decisions", map(writer.decision, cir.decisions)),
        ("rules", map(writer.rule, cir.rules)),
        ("objectives", map(writer.objective, cir.objectives)),
        ("assumptions", map(writer.assumption, cir.assumptions)),
        ("questions", map(writer.question, cir.questions)),
    )
    for name, records in sections:
        written = [line for record in records for line in record]
        if written:
            lines.extend(["", name, *written])
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, provenance: bool) -> None:
        self._provenance = provenance

    def set(self, item: IndexSet) -> list[str]:
        head = item.name
        if item.kind != "labels":
            head += f" {item.kind}"
        if item.dim != 1:
            head += f" dim {item.dim}"
        if item.within:
            head += f" within {', '.join(item.within)}"
        members = list(_members(item))
        if members:
            head += f" = {members[0]}"
        attributes: Attributes = [("or", text) for text in members[1:]]
        attributes += [
            ("step", None if item.step is None else number(item.step)),
            ("probability", None if item.probability is None else as_json(item.probability)),
            ("unit", _optional(item.unit)),
            ("meaning", _filled(item.meaning)),
            ("source", source_text(item.source) if item.source else None),
        ]
        flags = ["cyclic"] if item.cyclic else []
        return self._record(head, attributes, flags=flags)

    def parameter(self, item: Parameter) -> list[str]:
        head = f"{_indexed(item.name, item.over)} = {_value(item)}"
        attributes: Attributes = [
            ("default", None if item.default is None else number(item.default)),
            ("unit", _optional(item.unit)),
            ("meaning", _filled(item.meaning)),
            ("source", source_text(item.source) if item.source else None),
        ]
        return self._record(head, attributes, literals=item.literals)

    def definition(self, item: Definition) -> list[str]:
        attributes: Attributes = [
            ("each", None if item.forall is None else write_binder(item.forall)),
            ("unit", _optional(item.unit)),
            ("meaning", _filled(item.meaning)),
        ]
        head = f"{item.name} = {write(item.expr)}"
        return self._record(head, attributes, literals=item.literals)

    def decision(self, item: Decision) -> list[str]:
        attributes: Attributes = [
            ("indices", ", ".join(item.indices) if item.indices else None),
            ("where", None if item.where is None else write(item.where)),
            ("lower", _lower(item.lower)),
            ("upper", None if item.upper is None else write(item.upper)),
            ("unit", _optional(item.unit)),
            ("meaning", _filled(item.meaning)),
            ("domain reason", _filled(item.domain_reason)),
            ("stage", str(item.stage) if item.stage else None),
            ("source", source_text(item.source) if item.source else None),
        ]
        head = f"{_indexed(item.name, item.over)} {item.domain}"
        return self._record(head, attributes, literals=item.literals)

    def rule(self, item: Rule) -> list[str]:
        attributes: Attributes = [
            ("quote", _filled(item.quote)),
            ("at", _span(item.span)),
            ("each", None if item.forall is None else write_binder(item.forall)),
        ]
        equations = [f"{role} = {write(expr)}" for role, expr in item.operands.items()]
        equations += [f"{role} -> {name}" for role, name in item.outputs.items()]
        after: Attributes = []
        if item.soft is not None:
            tier = f", tier {item.soft.tier}" if item.soft.tier else ""
            after.append(("soft", f"{write(item.soft.price)} per {item.soft.per}{tier}"))
        for candidate in item.candidates:
            reason = f", {words_text(candidate.reason)}" if candidate.reason else ""
            after.append(("paradigm", label_text(candidate.paradigm) + reason))
        after.append(("chosen", _optional(item.chosen)))
        after.append(("note", _filled(item.note)))
        head = f"{item.id}: {words_text(item.archetype)}"
        return self._record(
            head, attributes, equations=equations, after=after, literals=item.literals
        )

    def objective(self, item: Objective) -> list[str]:
        attributes: Attributes = [
            ("quote", _filled(item.quote)),
            ("at", _span(item.span)),
            ("tier", str(item.tier) if item.tier else None),
            ("weight", None if item.weight == 1 else number(item.weight)),
            ("target", None if item.target is None else number(item.target)),
            ("unit", _optional(item.unit)),
            ("meaning", _filled(item.meaning)),
        ]
        head = f"{item.sense} {write(item.expr)}"
        return self._record(head, attributes, literals=item.literals)

    def assumption(self, item: Assumption) -> list[str]:
        flags = ["confirmed"] if item.confirmed else []
        return self._record(words_text(item.text), [("about", _optional(item.about))], flags=flags)

    def question(self, item: Question) -> list[str]:
        attributes: Attributes = [
            ("default", _optional(item.default)),
            ("consequence", _filled(item.consequence)),
            ("about", _optional(item.about)),
            ("answer", _optional(item.answer)),
        ]
        return self._record(f"{item.id}: {words_text(item.text)}", attributes)

    def _record(
        self,
        head: str,
        attributes: Attributes,
        *,
        equations: Iterable[str] = (),
        after: Attributes | None = None,
        flags: Iterable[str] = (),
        literals: Iterable[NumberSource] = (),
    ) -> list[str]:
        lines = [f"  {head}"]
        lines.extend(f"    {line}" for line in self._attributes(attributes))
        lines.extend(f"    {line}" for line in (*equations, *self._attributes(after or []), *flags))
        if self._provenance:
            lines.extend(f"    {number(e.value)} <- {source_text(e.source)}" for e in literals)
        return lines

    def _attributes(self, attributes: Attributes) -> Iterator[str]:
        for name, text in attributes:
            if text is not None and (self._provenance or name not in ("at", "source")):
                yield f"{name}: {text}"


def _members(item: IndexSet) -> Iterator[str]:
    if item.elements is not None:
        yield as_json(item.elements)
    if item.table is not None:
        yield _table(item.table)
    if item.where is not None:
        yield write_binder(item.where)


def _table(source: TableColumns) -> str:
    return f"table {label_text(source.table)} {listed(source.columns)}"


def _value(item: Parameter) -> str:
    match item.value:
        case float() | int() as value:
            return number(value)
        case DenseValues(values=values):
            return as_json(values)
        case SparseValues(entries=entries):
            return "entries " + as_json([[*entry.key, entry.value] for entry in entries])
        case TableValues(table=table, keys=keys, value=value, aggregate=aggregate):
            how = f" aggregate {aggregate}" if aggregate is not None else ""
            return f"table {label_text(table)} {listed(keys)} value {label_text(value)}{how}"
        case WideValues(table=table, key=key, columns=columns):
            which = "" if columns is None else f" columns {listed(columns)}"
            return f"wide {label_text(table)} key {label_text(key)}{which}"
        case ExprValues(indices=indices, expr=expr):
            return f"of {', '.join(indices)}: {write(expr)}" if indices else f"of: {write(expr)}"


def _lower(expr: Expr | None) -> str | None:
    if expr is None:
        return "none"
    if expr == Num(0.0):
        return None
    # A symbol that is called none is told from no bound by its brackets.
    return "(none)" if expr == Name("none") else write(expr)


def _indexed(name: str, over: tuple[str, ...]) -> str:
    return f"{name}[{', '.join(over)}]" if over else name


def _span(span: Span | None) -> str | None:
    return None if span is None else span_text(span)


def _filled(text: str) -> str | None:
    return words_text(text) if text else None


def _optional(text: str | None) -> str | None:
    return None if text is None else words_text(text)
