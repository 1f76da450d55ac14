"""The model that a problem means: the CIR that a reader of its words should come to."""

from __future__ import annotations

from r2c.cir.expr import Add, And, Binder, Compare, Expr, Name, Num, Text
from r2c.cir.owners import owners
from r2c.cir.schema import CIR, Element, Objective, Rule
from r2c_benchmarks.rulebench.draw import Numbers, skeleton
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Ordained
from r2c_benchmarks.rulebench.text import Written


def assemble(selection: Selection, numbers: Numbers) -> CIR:
    """The CIR of a selection with its numbers."""
    terms = [term.expr for term in selection.terms]
    objective = Objective(sense=selection.story.aim.sense, expr=_sum(terms))
    rules = tuple(_rule(rule, selection.spared.get(rule.id)) for rule in selection.rules)
    return _with_sets_in_use(skeleton(selection, numbers), rules, objective)


def _with_sets_in_use(cir: CIR, rules: tuple[Rule, ...], objective: Objective) -> CIR:
    """The CIR with its rules, without the sets of the story that nothing in it runs over."""
    whole = cir.model_copy(update={"rules": rules, "objectives": (objective,)})
    used = {node.id for owner in owners(whole) for node in owner.nodes() if isinstance(node, Name)}
    used |= {name for item in whole.parameters for name in item.over}
    used |= {name for item in whole.decisions for name in item.over}
    return whole.model_copy(update={"sets": tuple(one for one in whole.sets if one.name in used)})


def quoted(cir: CIR, text: Written) -> CIR:
    """The CIR with the words of each rule that the text states."""
    rules = tuple(
        rule.model_copy(update={"quote": text.words[span.start : span.end], "span": span})
        if (span := text.rules.get(rule.id)) is not None
        else rule
        for rule in cir.rules
    )
    return cir.model_copy(update={"rules": rules})


def _rule(rule: Ordained, spared: Element | None) -> Rule:
    return Rule(
        id=rule.id,
        archetype=rule.archetype,
        forall=rule.forall if spared is None else without(rule, spared),
        operands=dict(rule.operands),
        outputs=dict(rule.outputs),
    )


def without(rule: Ordained, spared: Element) -> Binder:
    """The loops of a rule, the spared member left out."""
    assert rule.forall is not None and rule.spare is not None
    member: Expr = Text(spared) if isinstance(spared, str) else Num(float(spared))
    other = Compare(("!=",), (Name(rule.spare), member))
    where = other if rule.forall.where is None else And((rule.forall.where, other))
    return Binder(rule.forall.loops, where)


def _sum(terms: list[Expr]) -> Expr:
    return terms[0] if len(terms) == 1 else Add(tuple(terms)) if terms else Num(0.0)
