"""What is different between two models, one readable line for each change.

Words, order, loop names and grouping do not count: canonically equal models have no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, JsonValue

from r2c.cir.canonical import canonical, canonical_rules, canonical_symbols
from r2c.cir.members import label
from r2c.cir.schema import (
    CIR,
    Decision,
    Definition,
    IndexSet,
    Objective,
    Rule,
    SparseValues,
)

_LONGEST = 200
_Pair = tuple[Mapping[str, JsonValue], Mapping[str, JsonValue]]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `name` is the symbol, the id of the rule or the number of the objective."""

    kind: Literal["added", "removed", "changed"]
    what: Literal["set", "parameter", "definition", "decision", "rule", "objective"]
    name: str
    details: str

    def __str__(self) -> str:
        return f"{self.what} {self.name!r} {self.kind}: {self.details}"


def diff(old: CIR, new: CIR) -> tuple[Change, ...]:
    """The changes that lead from `old` to `new`: symbols, then rules, then objectives.

    Rules are matched by canonical content first and by id after that, so a rule that was only
    renamed or reworded is no change.
    """
    return (*_symbols(old, new), *_rules(old, new), *_objectives(old, new))


def _symbols(old: CIR, new: CIR) -> Iterator[Change]:
    before, after = canonical_symbols(old), canonical_symbols(new)
    written_before, written_after = _written(old), _written(new)
    for name in dict.fromkeys((*before, *after)):
        left, right = before.get(name), after.get(name)
        if left is not None and right is not None and type(left) is type(right):
            if left != right:
                details = _changed(left, right, written_before[name], written_after[name])
                yield Change("changed", _kind(left), name, details)
            continue
        if left is not None:
            yield Change("removed", _kind(left), name, _shown(left, written_before[name]))
        if right is not None:
            yield Change("added", _kind(right), name, _shown(right, written_after[name]))


def _rules(old: CIR, new: CIR) -> Iterator[Change]:
    after: dict[str, list[tuple[Rule, Rule]]] = {}
    for rule, written in zip(canonical_rules(new), new.rules, strict=True):
        after.setdefault(_content(rule), []).append((rule, written))
    left: list[tuple[Rule, Rule]] = []
    for rule, written in zip(canonical_rules(old), old.rules, strict=True):
        same = after.get(_content(rule))
        if same:
            # Of several equal rules the one with the same id goes first.
            same.remove(next((item for item in same if item[0].id == rule.id), same[0]))
        else:
            left.append((rule, written))
    fresh = [pair for pairs in after.values() for pair in pairs]
    for rule, written in left:
        other = next((item for item in fresh if item[0].id == rule.id), None)
        if other is None:
            yield Change("removed", "rule", rule.id, _shown(rule, written))
        else:
            fresh.remove(other)
            details = _changed(rule, other[0], written, other[1])
            yield Change("changed", "rule", rule.id, details)
    order = [rule.id for rule in new.rules]
    for rule, written in sorted(fresh, key=lambda item: order.index(item[0].id)):
        yield Change("added", "rule", rule.id, _shown(rule, written))


def _objectives(old: CIR, new: CIR) -> Iterator[Change]:
    before, after = _numbered(old), _numbered(new)
    for item in list(before):
        same = next((other for other in after if other[1] == item[1]), None)
        if same is not None:
            before.remove(item)
            after.remove(same)
    pairs = min(len(before), len(after))
    for (number, left, mine), (_, right, other) in zip(before[:pairs], after[:pairs], strict=True):
        yield Change("changed", "objective", number, _changed(left, right, mine, other))
    for number, left, written in before[pairs:]:
        yield Change("removed", "objective", number, _shown(left, written))
    for number, right, written in after[pairs:]:
        yield Change("added", "objective", number, _shown(right, written))


def _numbered(cir: CIR) -> list[tuple[str, Objective, Objective]]:
    found = []
    for number, item in enumerate(cir.objectives, start=1):
        [form] = canonical(cir.model_copy(update={"objectives": (item,)})).objectives
        found.append((str(number), form, item))
    return found


def _written(cir: CIR) -> dict[str, BaseModel]:
    return {
        **{item.name: item for item in cir.sets},
        **{item.name: item for item in cir.parameters},
        **{item.name: item for item in cir.definitions},
        **{item.name: item for item in cir.decisions},
    }


def _kind(item: BaseModel) -> Literal["set", "parameter", "definition", "decision"]:
    match item:
        case IndexSet():
            return "set"
        case Definition():
            return "definition"
        case Decision():
            return "decision"
        case _:
            return "parameter"


def _content(rule: Rule) -> str:
    return rule.model_copy(update={"id": "r"}).model_dump_json()


def _changed(left: BaseModel, right: BaseModel, mine: BaseModel, other: BaseModel) -> str:
    """The fields in which the canonical forms differ, told as the two models write them."""
    forms = left.model_dump(mode="json"), right.model_dump(mode="json")
    texts = mine.model_dump(mode="json"), other.model_dump(mode="json")
    return _cut("; ".join(_fields(forms, texts)))


def _fields(forms: _Pair, texts: _Pair) -> Iterator[str]:
    for name in dict.fromkeys((*forms[0], *forms[1])):
        left, right = (form.get(name) for form in forms)
        if left == right:
            continue
        mine, other = (text.get(name) for text in texts)
        if mine == other:  # written alike over members in another order, say
            mine, other = left, right
        if name in ("operands", "outputs"):
            roles = tuple(item if isinstance(item, dict) else {} for item in (left, right))
            written = tuple(item if isinstance(item, dict) else {} for item in (mine, other))
            yield from _fields((roles[0], roles[1]), (written[0], written[1]))
        else:
            yield f"{name} {_text(mine)} -> {_text(other)}"


def _shown(form: BaseModel, written: BaseModel) -> str:
    """The fields that count, as the model writes them."""
    names = form.model_dump(mode="json", exclude_defaults=True).keys() - {"id", "name", "operands"}
    fields = written.model_dump(mode="json")
    parts = [f"{name} {_text(value)}" for name, value in fields.items() if name in names]
    operands = fields.get("operands", {})
    parts += [f"{role} {_text(expr)}" for role, expr in operands.items()]
    return _cut("; ".join(parts) or "with nothing but defaults")


def _text(value: JsonValue) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, dict) and value.get("kind") == "sparse":
        entries = SparseValues.model_validate(value).entries
        return ", ".join(f"{' '.join(map(label, item.key))}: {item.value:g}" for item in entries)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
