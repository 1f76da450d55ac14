"""Names: unique, not reserved, and each reference to a set or symbol leads somewhere."""

from __future__ import annotations

import keyword
from collections import defaultdict
from collections.abc import Iterator

from r2c.cir.expr import symbols
from r2c.cir.owners import Owner, owners
from r2c.cir.parse import FUNCTIONS
from r2c.cir.schema import CIR
from r2c.cir.scope import closest
from r2c.errors import CIRError, Fault, declare

TAKEN = declare(
    "R2C-C020", CIRError,
    what="The name {name!r} is declared {count} times: {places}.",
    why="A name stands for one thing across sets, parameters, definitions, decisions and outputs.",
    remedy="Rename all but one of them, and adapt the expressions that use them.",
)  # fmt: skip
RESERVED = declare(
    "R2C-C021", CIRError,
    what="The name {name!r} of a {place} is reserved.",
    why="Expressions use it as a keyword or a function.",
    remedy="Choose another name, such as {better!r}.",
)  # fmt: skip
SAME_ID = declare(
    "R2C-C022", CIRError,
    what="{count} {kind}s have the id {name!r}.",
    why="Rows, explanations and repairs refer to them by id.",
    remedy="Give each {kind} its own id.",
)  # fmt: skip
UNKNOWN_SET = declare(
    "R2C-C023", CIRError,
    what="{place} refers to the set {name!r}, which is not declared.{hint}",
    why="Symbols can only be indexed over declared sets.",
    remedy="Declare the set, or use one of {known}.",
)  # fmt: skip
CIRCULAR = declare(
    "R2C-C024", CIRError,
    what="{name!r} is defined in terms of itself: {cycle}.",
    why="Its value could never be computed.",
    remedy="Break the circle; a quantity that the plan decides is a decision with a rule.",
)  # fmt: skip
SHADOWED = declare(
    "R2C-C025", CIRError,
    what="{place} uses {name!r} as a loop variable, but {name!r} is also a declared {kind}.",
    why="A reader could not tell which of the two an expression means.",
    remedy="Rename the loop variable.",
)  # fmt: skip

_RESERVED = frozenset({*keyword.kwlist, *FUNCTIONS})


def name_faults(cir: CIR) -> Iterator[Fault]:
    """Faults of declarations and of references to sets."""
    declared = _declared(cir)
    for name, places in declared.items():
        if len(places) > 1:
            yield TAKEN.fault(name=name, count=len(places), places=", ".join(places))
        if name in _RESERVED or name.startswith("__"):
            yield RESERVED.fault(name=name, place=places[0], better=f"{name.strip('_')}_value")
    yield from _same_ids("rule", [rule.id for rule in cir.rules])
    yield from _same_ids("question", [question.id for question in cir.questions])
    yield from _unknown_sets(cir)
    yield from _circular(cir)
    for owner in owners(cir):
        for target in owner.binder.targets if owner.binder is not None else ():
            if target in declared:
                kind = declared[target][0].split()[0]
                yield SHADOWED.fault(place=str(owner), name=target, kind=kind)
            if target in _RESERVED:
                yield RESERVED.fault(
                    name=target, place=f"loop variable of {owner}", better=f"{target}_value"
                )


def _declared(cir: CIR) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for item in cir.sets:
        found[item.name].append("set")
    for parameter in cir.parameters:
        found[parameter.name].append("parameter")
    for definition in cir.definitions:
        found[definition.name].append("definition")
    for decision in cir.decisions:
        found[decision.name].append("decision")
    for rule in cir.rules:
        for output in rule.outputs.values():
            found[output].append(f"output of rule {rule.id!r}")
    return dict(found)


def _same_ids(kind: str, ids: list[str]) -> Iterator[Fault]:
    for name in dict.fromkeys(ids):
        if ids.count(name) > 1:
            yield SAME_ID.fault(count=ids.count(name), kind=kind, name=name)


def _unknown_sets(cir: CIR) -> Iterator[Fault]:
    known = {item.name for item in cir.sets}
    used = [
        *((f"Set {item.name!r}", name) for item in cir.sets for name in item.within),
        *((f"Parameter {item.name!r}", name) for item in cir.parameters for name in item.over),
        *((f"Decision {item.name!r}", name) for item in cir.decisions for name in item.over),
    ]
    for place, name in used:
        if name not in known:
            yield UNKNOWN_SET.fault(
                place=place,
                name=name,
                hint=closest(name, known),
                known=", ".join(sorted(known)) or "(none)",
            )


def _circular(cir: CIR) -> Iterator[Fault]:
    uses = {
        owner.name: sorted(_used(owner))
        for owner in owners(cir)
        if owner.kind in ("set", "parameter", "definition")
    }
    for item in cir.sets:
        uses[item.name] = sorted({*uses[item.name], *item.within})
    finished: set[str] = set()
    for start in uses:
        cycle = _cycle(start, uses, finished)
        if cycle:
            yield CIRCULAR.fault(name=cycle[0], cycle=" -> ".join(cycle))


def _used(owner: Owner) -> frozenset[str]:
    bound = set(owner.binder.targets) if owner.binder is not None else set()
    return frozenset().union(*(symbols(tree) for tree in owner.trees())) - bound


def _cycle(start: str, uses: dict[str, list[str]], finished: set[str]) -> list[str]:
    # Depth first with its own stack: chains of definitions may be long.
    path: list[str] = []
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        name, leaving = stack.pop()
        if leaving:
            finished.add(path.pop())
        elif name in path:
            cycle = [*path[path.index(name) :], name]
            finished.update(path)
            return cycle
        elif name not in finished and name in uses:
            path.append(name)
            stack.append((name, True))
            stack.extend((used, False) for used in uses[name])
    return []
