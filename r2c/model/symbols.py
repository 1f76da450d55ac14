"""What the names of a CIR stand for, and over which loops they run."""

from __future__ import annotations

from dataclasses import dataclass, field

from r2c.cir.expr import Binder, Each, Expr, Item, Loop, Name, Num
from r2c.cir.schema import CIR, Decision, Definition, IndexSet, Parameter
from r2c.model.rename import Fresh, substitute


@dataclass(frozen=True)
class Symbols:
    """The symbols of a CIR by name.

    `outputs` maps created symbols to their loops, `choices` are those that are yes or no.
    """

    cir: CIR
    sets: dict[str, IndexSet] = field(init=False)
    parameters: dict[str, Parameter] = field(init=False)
    decisions: dict[str, Decision] = field(init=False)
    definitions: dict[str, Definition] = field(init=False)
    outputs: dict[str, Binder | None] = field(default_factory=dict)
    choices: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for kind in ("sets", "parameters", "decisions", "definitions"):
            table = {item.name: item for item in getattr(self.cir, kind)}
            object.__setattr__(self, kind, table)

    def known(self, name: str) -> bool:
        """Whether the CIR declares the name or a rule creates it."""
        tables = (self.sets, self.parameters, self.decisions, self.definitions, self.outputs)
        return any(name in table for table in tables)

    def is_choice(self, name: str) -> bool:
        """Whether the symbol is a yes-or-no choice, declared or created by a rule."""
        decision = self.decisions.get(name)
        if decision is None:
            return name in self.choices
        ends = (decision.lower, decision.upper)
        whole = decision.domain == "integer" and ends == (Num(0.0), Num(1.0))
        return whole or decision.domain == "binary"

    def binder(self, name: str) -> Binder | None:
        """The loops over all members of a symbol; None for a symbol without index."""
        if decision := self.decisions.get(name):
            return self.decision_binder(decision)
        if parameter := self.parameters.get(name):
            return self.loops(parameter.over, ())
        if definition := self.definitions.get(name):
            return definition.forall
        return self.outputs.get(name)

    def decision_binder(self, decision: Decision) -> Binder | None:
        """The loops over the members of a decision, its filter included."""
        binder = self.loops(decision.over, decision.indices)
        if binder is None or decision.where is None:
            return binder
        return Binder(binder.loops, decision.where)

    def loops(self, over: tuple[str, ...], indices: tuple[str, ...]) -> Binder | None:
        """Loops over the product of sets, with the given loop variables or i1, i2, ..."""
        if not over:
            return None
        loops: list[Loop] = []
        place = 0
        for name in over:
            dim = self.sets[name].dim if name in self.sets else 1
            targets = tuple(
                indices[k] if k < len(indices) else f"i{k + 1}" for k in range(place, place + dim)
            )
            loops.append(Loop(targets, Name(name)))
            place += dim
        return Binder(tuple(loops))

    def listed(self, name: str, fresh: Fresh) -> Each | None:
        """All members of an indexed symbol as a list, `[x[i1] for i1 in Items]`."""
        binder = self.binder(name)
        if binder is None:
            return None
        names: dict[str, Expr] = {}
        loops: list[Loop] = []
        for loop in binder.loops:
            domain = substitute(loop.domain, names)
            targets = tuple(fresh.name(target) for target in loop.targets)
            names.update({old: Name(new) for old, new in zip(loop.targets, targets, strict=True)})
            loops.append(Loop(targets, domain))
        where = None if binder.where is None else substitute(binder.where, names)
        renamed = Binder(tuple(loops), where)
        return Each(Item(name, tuple(Name(target) for target in renamed.targets)), renamed)
