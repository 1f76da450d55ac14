"""One canonical form: equal models give equal text and equal digest.

Equal means up to the order of symbols, rules, terms and loops, names of loop variables, sides of
relations and grouping; not up to renamed symbols or scaled rows. Words, units and provenance do
not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import product

from pydantic import BaseModel

from r2c.cir.expr import Binder, Loop, Num
from r2c.cir.loop_order import orders
from r2c.cir.members import label
from r2c.cir.normal import Normalizer, normal
from r2c.cir.owners import loops_over
from r2c.cir.schema import (
    CIR,
    Decision,
    Definition,
    DenseValues,
    Entry,
    ExprValues,
    IndexSet,
    Member,
    Nested,
    Objective,
    Parameter,
    Rule,
    SparseValues,
)

_SECTIONS = ("sets", "parameters", "definitions", "decisions", "rules", "objectives")
_MAX_ORDERS = 24

__all__ = [
    "canonical",
    "canonical_rules",
    "canonical_symbols",
    "canonical_text",
    "digest",
    "normal",
]


def canonical(cir: CIR) -> CIR:
    """The canonical form as a CIR; rules are numbered r1, r2, ... in order of their content.

    What a decision, a parameter or a rule means stays; title, meanings, quotes, units, sources,
    assumptions and questions are dropped.
    """
    form = _Form(cir)
    rules = sorted((form.rule(item) for item in cir.rules), key=_line)
    return CIR(
        sets=tuple(form.set(item) for item in sorted(cir.sets, key=lambda item: item.name)),
        parameters=tuple(sorted(map(form.parameter, cir.parameters), key=_line)),
        definitions=tuple(sorted(map(form.definition, cir.definitions), key=_line)),
        decisions=tuple(sorted(map(form.decision, cir.decisions), key=_line)),
        rules=tuple(
            item.model_copy(update={"id": f"r{number}"}) for number, item in enumerate(rules, 1)
        ),
        objectives=tuple(sorted(map(form.objective, cir.objectives), key=_objective_key)),
    )


def canonical_text(cir: CIR) -> str:
    """The canonical form as text, one line per symbol, rule and objective."""
    form = canonical(cir)
    lines = [f"cir {form.version}"]
    for section in _SECTIONS:
        lines.extend(f"{section} {_line(item)}" for item in getattr(form, section))
    return "\n".join(lines) + "\n"


def digest(cir: CIR) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical_text(cir).encode()).hexdigest()


def canonical_symbols(cir: CIR) -> dict[str, IndexSet | Parameter | Definition | Decision]:
    """The canonical form of each set, parameter, definition and decision by name."""
    form = canonical(cir)
    return {
        **{item.name: item for item in form.sets},
        **{item.name: item for item in form.parameters},
        **{item.name: item for item in form.definitions},
        **{item.name: item for item in form.decisions},
    }


def canonical_rules(cir: CIR) -> tuple[Rule, ...]:
    """The canonical form of each rule, in the order of `cir` and with its ids."""
    form = _Form(cir)
    return tuple(form.rule(item).model_copy(update={"id": item.id}) for item in cir.rules)


def _line(item: BaseModel) -> str:
    return item.model_dump_json(exclude_defaults=True)


def _objective_key(item: Objective) -> tuple[int, str]:
    return item.tier, _line(item)


class _Form:
    def __init__(self, cir: CIR) -> None:
        outputs = (name for rule in cir.rules for name in rule.outputs.values())
        self._taken = frozenset(
            (
                *(item.name for item in cir.sets),
                *(item.name for item in cir.parameters),
                *(item.name for item in cir.definitions),
                *(item.name for item in cir.decisions),
                *outputs,
            )
        )
        self._dims = {item.name: item.dim for item in cir.sets}
        self._sets = {item.name: item for item in cir.sets}
        dense = [item for item in cir.parameters if isinstance(item.value, DenseValues)]
        fixed = {name for item in dense if self._sparse(item) is None for name in item.over}
        self._sortable = {
            item.name for item in cir.sets if item.kind == "labels" and item.name not in fixed
        }

    def set(self, item: IndexSet) -> IndexSet:
        elements = item.elements
        if elements is not None and item.name in self._sortable:
            elements = tuple(sorted(elements, key=_labels))
        where = None
        if item.where is not None:
            where = self._reader().binder(item.where, {}, 0)[0]
        plain = {"meaning": "", "unit": None, "source": None}
        return item.model_copy(update={**plain, "elements": elements, "where": where})

    def parameter(self, item: Parameter) -> Parameter:
        value = item.value
        match value:
            case ExprValues(indices=indices, expr=expr):
                reader = self._reader()
                bound = reader.bind(indices, {}, 0)
                found = reader.read(expr, bound, len(indices))
                value = ExprValues(indices=tuple(bound.values()), expr=found)
            case DenseValues():
                value = self._sparse(item) or value
            case SparseValues(entries=entries):
                value = SparseValues(entries=_sorted(entries))
        return Parameter(name=item.name, over=item.over, value=value, default=item.default)

    def definition(self, item: Definition) -> Definition:
        reader = self._reader()
        forall, bound, depth = _bound(reader, item.forall)
        return Definition(name=item.name, forall=forall, expr=reader.read(item.expr, bound, depth))

    def decision(self, item: Decision) -> Decision:
        reader = self._reader()
        _, bound, depth = _bound(reader, loops_over(item.over, item.indices, self._dims))
        lower = None if item.lower is None else reader.read(item.lower, bound, depth)
        upper = None if item.upper is None else reader.read(item.upper, bound, depth)
        domain = item.domain
        zero, one = Num(0.0), Num(1.0)
        if domain == "binary" or (domain == "integer" and (lower, upper) == (zero, one)):
            domain = "binary"
            upper = None if upper == one else upper
        plain = all(name == f"i{place}" for place, name in enumerate(bound.values(), start=1))
        return Decision(
            name=item.name,
            over=item.over,
            indices=() if plain else tuple(bound.values()),
            where=None if item.where is None else reader.condition(item.where, bound, depth),
            domain=domain,
            lower=lower,
            upper=upper,
            stage=item.stage,
        )

    def rule(self, item: Rule) -> Rule:
        if item.forall is None:
            return self._rule_over(item, None)
        # Outputs are indexed in the order of the loops, so that order then is part of the meaning.
        ways = [item.forall.loops] if item.outputs else list(_few(item.forall))
        found = [self._rule_over(item, Binder(loops, item.forall.where)) for loops in ways]
        return min(found, key=_line)

    def objective(self, item: Objective) -> Objective:
        return Objective(
            sense=item.sense,
            expr=self._reader().read(item.expr, {}, 0),
            tier=item.tier,
            weight=item.weight,
            target=item.target,
        )

    def _rule_over(self, item: Rule, binder: Binder | None) -> Rule:
        reader = self._reader()
        forall, bound, depth = _bound(reader, binder)
        soft = item.soft
        if soft is not None:
            soft = soft.model_copy(update={"price": reader.read(soft.price, bound, depth)})
        return Rule(
            id="r",
            archetype=item.archetype,
            forall=forall,
            operands={
                role: reader.read(item.operands[role], bound, depth)
                for role in sorted(item.operands)
            },
            outputs={role: item.outputs[role] for role in sorted(item.outputs)},
            chosen=item.chosen,
            soft=soft,
        )

    def _reader(self) -> Normalizer:
        return Normalizer(self._taken)

    def _sparse(self, item: Parameter) -> SparseValues | None:
        """Dense values by key, None if the members are not written in the CIR or do not fit."""
        if not isinstance(item.value, DenseValues):
            return None
        members = [self._sets[name].elements if name in self._sets else None for name in item.over]
        if not members or any(found is None for found in members):
            return None
        known = [found for found in members if found is not None]
        if not _fits(item.value.values, [len(found) for found in known]):
            return None
        entries = []
        for places in product(*(range(len(found)) for found in known)):
            value: Nested = item.value.values
            key: list[str | int] = []
            for place, found in zip(places, known, strict=True):
                value = value[place] if isinstance(value, tuple) else value
                member = found[place]
                key.extend(member if isinstance(member, tuple) else (member,))
            if not isinstance(value, tuple):
                entries.append(Entry(key=tuple(key), value=float(value)))
        return SparseValues(entries=_sorted(tuple(entries)))


def _bound(
    reader: Normalizer, binder: Binder | None
) -> tuple[Binder | None, Mapping[str, str], int]:
    return (None, {}, 0) if binder is None else reader.binder(binder, {}, 0)


def _few(binder: Binder) -> list[tuple[Loop, ...]]:
    found = []
    for loops in orders(binder.loops):
        found.append(loops)
        if len(found) == _MAX_ORDERS:
            break
    return found


def _sorted(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: [label(part) for part in entry.key]))


def _labels(member: Member) -> list[str]:
    return [label(part) for part in (member if isinstance(member, tuple) else (member,))]


def _fits(value: Nested, sizes: list[int]) -> bool:
    if not sizes:
        return not isinstance(value, tuple)
    return (
        isinstance(value, tuple)
        and len(value) == sizes[0]
        and all(_fits(item, sizes[1:]) for item in value)
    )
