"""A rule on its way to becoming rows: its card, its filled roles, its created symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.expr import And, Binder, Call, Compare, Expr, Name, Num, walk
from r2c.cir.schema import Rule
from r2c.model.filled import Filled
from r2c.model.made import Made
from r2c.model.plain import PlainVariable
from r2c.model.rename import Fresh
from r2c.model.template import Template, Tools


@dataclass(frozen=True)
class Draft:
    """One rule before a paradigm writes it."""

    rule: Rule
    card: Card
    roles: Mapping[str, Filled | None]
    outputs: Mapping[str, Made]
    fresh: Fresh

    @property
    def binder(self) -> Binder | None:
        """The rule's loops."""
        return self.rule.forall

    @property
    def loop_names(self) -> tuple[Expr, ...]:
        """The rule's loop variables, the index of everything it creates."""
        return () if self.binder is None else tuple(map(Name, self.binder.targets))

    def template(
        self, made: Mapping[str, Made] | None = None, tools: Tools | None = None
    ) -> Template:
        """The writer of this rule's templates; `made` are auxiliary variables."""
        return Template(
            self.roles, {**self.outputs, **(made or {})}, self.binder, self.fresh, tools
        )

    def clauses(self) -> Iterator[tuple[str, Expr, Binder | None]]:
        """The card's meaning for this rule: named conditions with all their loops."""
        writer = self.template()
        for name, template in self.card.holds.items():
            for condition, loops in writer.statements(template):
                yield name, condition, writer.around(loops)

    def may_break(self, name: str) -> bool:
        """Whether the clause or row of that name gives way, at the rule's price."""
        ways = self.card.gives_way
        return self.rule.soft is not None and (ways is None or name in ways)

    def implied(self) -> Iterator[tuple[Compare, Binder | None]]:
        """Relations that must hold in every plan that the rule admits."""
        for name, condition, binder in self.clauses():
            if self.may_break(name):
                continue
            parts = condition.args if isinstance(condition, And) else (condition,)
            for part in parts:
                if isinstance(part, Compare) and _is_row(part):
                    yield part, binder

    def output_variables(self) -> Iterator[PlainVariable]:
        """The variables behind the symbols that the archetype creates."""
        writer = self.template()
        for output in self.card.outputs:
            if output.hidden:
                continue
            binary = output.domain == "binary"
            yield PlainVariable(
                name=self.outputs[output.name].name,
                domain=output.domain,
                binder=self.binder,
                lower=Num(0.0) if binary else writer.optional(output.lower),
                upper=Num(1.0) if binary else writer.optional(output.upper),
                rule=self.rule.id,
                meaning=output.doc,
            )


def _is_row(relation: Compare) -> bool:
    """Whether the relation compares amounts; counting and labels are left to the meaning."""
    counts = any(
        isinstance(node, Call) and node.function in ("nonzero", "count", "components")
        for node in walk(relation)
    )
    return not counts and not {"!=", "in", "not in"} & set(relation.ops)
