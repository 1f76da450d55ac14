"""CIR to plain model: every rule is written by the paradigm chosen for it.

The card's meaning comes first: from it follow the bounds, from the bounds which paradigms are
possible, and from those the rows. Faults are collected, so that one round of repair can settle
all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from r2c.archetypes.card import Card, Output
from r2c.archetypes.load import UNKNOWN_ARCHETYPE, closest
from r2c.cir.arithmetic import negate
from r2c.cir.closures.scope import NotRepresentable
from r2c.cir.expr import Expr, Name, Num
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR, Decision, Objective, Rule
from r2c.cir.scope import decided
from r2c.cir.several import dumped, told_together
from r2c.cir.write import write
from r2c.errors import Fault, ModelError, R2CError, declare
from r2c.formulation import Choice
from r2c.model.bounds import Bounds
from r2c.model.choose import choose, unknown_paradigms
from r2c.model.draft import Draft
from r2c.model.filled import Filled
from r2c.model.made import Made
from r2c.model.nonlinear import nonlinear_fault, nonlinear_terms
from r2c.model.operands import bind_operands, follows
from r2c.model.plain import PlainModel, PlainObjective, PlainVariable
from r2c.model.rename import Fresh, add, multiply, names_in
from r2c.model.symbols import Symbols
from r2c.model.written import Written, write_rule

SEVERAL = declare(
    "R2C-M100",
    ModelError,
    what="The rules and objectives cannot be written as a model, for {count:reason}: {told}",
    why="Every rule must be written before the model means what the problem says.",
    remedy="Mend all of them; `r2c solve` says for each what to do.",
)
GOAL = declare(
    "R2C-M124",
    ModelError,
    what="The objective `{objective}` has a target.",
    why="A target asks for the deviation from it, which is an archetype of its own.",
    remedy="Drop the target, or make it a soft rule with a price per unit.",
)


class NotReformulated(ModelError):
    """A CIR with rules that cannot be written; `faults` has one entry for each reason."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            faults[0]
            if len(faults) == 1
            else SEVERAL.fault(count=len(faults), told=told_together(faults), faults=dumped(faults))
        )
        self.faults = faults


def reformulate(cir: CIR, library: Mapping[str, Card], instance: Instance) -> PlainModel:
    """Write every rule of a CIR by the cheapest paradigm that fits the instance.

    Raises:
        NotReformulated: with one fault (R2C-M1xx, R2C-A005) for each rule that cannot be written.
    """
    model, faults = attempt(cir, library, instance)
    if faults or model is None:
        raise NotReformulated(faults)
    return model


def attempt(
    cir: CIR, library: Mapping[str, Card], instance: Instance
) -> tuple[PlainModel | None, tuple[Fault, ...]]:
    """The plain model, or None and everything that stands in its way."""
    drafts, faults = draft_rules(cir, library)
    symbols = Symbols(cir)
    variables = [decision_variable(item, symbols) for item in cir.decisions]
    for draft in drafts:
        variables.extend(draft.output_variables())
    implied = [relation for draft in drafts for relation in draft.implied()]
    bounds = Bounds(instance, variables, implied)
    written = Written(variables=variables)
    choices: list[Choice] = []
    for draft in drafts:
        if unknown := list(unknown_paradigms(draft)):
            faults += unknown
            continue
        try:
            chosen = choose(draft, bounds)
            if isinstance(chosen, Fault):
                faults.append(chosen)
                continue
            paradigm, choice = chosen
            part = write_rule(draft, paradigm, bounds)
        except NotRepresentable as error:  # a limit was asked of an amount that is not linear
            term = error.term or next(iter(draft.rule.operands.values()))
            where = f"Rule {draft.rule.id!r}"
            faults.append(nonlinear_fault(where, error.operation, term, library))
            continue
        except R2CError as error:
            faults.append(error.fault)
            continue
        choices.append(choice)
        written.variables.extend(part.variables)
        written.rows.extend(part.rows)
        written.costs.extend(part.costs)
    objectives = _objectives(cir, written.costs)
    faults += _nonlinear(cir, written, objectives, library)
    faults += [GOAL.fault(objective=write(o.expr)) for o in cir.objectives if o.target is not None]
    if faults:
        return None, tuple(faults)
    model = PlainModel(
        cir, tuple(written.variables), tuple(written.rows), objectives, tuple(choices)
    )
    return model, ()


def draft_rules(cir: CIR, library: Mapping[str, Card]) -> tuple[list[Draft], list[Fault]]:
    """Every rule with its card and filled roles, and the faults of those that cannot be filled."""
    fresh = Fresh(_names(cir))
    symbols = Symbols(cir)
    found: list[tuple[int, Card]] = []
    faults: list[Fault] = []
    for place, rule in enumerate(cir.rules):
        card = library.get(rule.archetype)
        if card is None:
            close = closest(rule.archetype, library)
            faults.append(UNKNOWN_ARCHETYPE.fault(id=rule.archetype, close=close))
            continue
        found.append((place, card))
        domains = {output.name: output.domain for output in card.outputs}
        for role, output in rule.outputs.items():
            symbols.outputs[output] = rule.forall
            if domains.get(role) == "binary":
                symbols.choices.add(output)
    drafts: list[Draft] = []
    for place, card in found:
        rule = cir.rules[place]
        roles, wrong = bind_operands(rule, card, symbols)
        if wrong:
            faults.extend(wrong)
            continue
        loops = () if rule.forall is None else tuple(map(Name, rule.forall.targets))
        outputs = {
            output.name: Made(_output_name(rule, output, fresh), loops) for output in card.outputs
        }
        filled: dict[str, Filled | None] = {r.name: roles.get(r.name) for r in card.roles}
        draft = Draft(rule, card, filled, outputs, fresh)
        for absent in card.roles:
            if absent.name not in rule.operands and follows(absent, card):
                filled[absent.name] = draft.template().default(absent.default)
        drafts.append(draft)
    return drafts, faults


def _output_name(rule: Rule, output: Output, fresh: Fresh) -> str:
    if output.hidden:
        return f"{rule.id}__{output.name}"
    return rule.outputs.get(output.name) or fresh.name(f"{rule.id}_{output.name}")


def decision_variable(decision: Decision, symbols: Symbols) -> PlainVariable:
    """A decision as a variable of the plain model."""
    binary = decision.domain == "binary"
    return PlainVariable(
        name=decision.name,
        domain=decision.domain,
        binder=symbols.decision_binder(decision),
        lower=decision.lower,
        upper=Num(1.0) if binary and decision.upper is None else decision.upper,
        unit=decision.unit,
        meaning=decision.meaning,
    )


def _names(cir: CIR) -> Iterator[str]:
    """Every name in use: symbols, loop variables, names inside expressions."""
    for table in (cir.sets, cir.parameters, cir.definitions, cir.decisions):
        yield from (item.name for item in table)
    for definition in cir.definitions:
        yield from names_in(definition.expr)
        if definition.forall is not None:
            yield from definition.forall.targets
    for decision in cir.decisions:
        yield from decision.indices
    for rule in cir.rules:
        yield from rule.outputs.values()
        if rule.forall is not None:
            yield from rule.forall.targets
        for operand in rule.operands.values():
            yield from names_in(operand)
    for objective in cir.objectives:
        yield from names_in(objective.expr)


def _objectives(cir: CIR, costs: list[tuple[int, Expr]]) -> tuple[PlainObjective, ...]:
    """One objective a tier: weighted goals, plus what the rules cost."""
    tiers = sorted({item.tier for item in cir.objectives} | {tier for tier, _ in costs})
    found: list[PlainObjective] = []
    for tier in tiers:
        goals = [item for item in cir.objectives if item.tier == tier]
        sense = goals[0].sense if goals else "min"
        terms = [_goal(item, sense) for item in goals]
        for cost_tier, cost in costs:
            if cost_tier == tier:
                terms.append(cost if sense == "min" else negate(cost))
        found.append(PlainObjective(sense, add(terms), tier))
    return tuple(found)


def _goal(objective: Objective, sense: str) -> Expr:
    weight = objective.weight if objective.sense == sense else -objective.weight
    size = multiply([Num(abs(weight)), objective.expr])
    return size if weight >= 0 else negate(size)


def _nonlinear(
    cir: CIR,
    written: Written,
    objectives: tuple[PlainObjective, ...],
    library: Mapping[str, Card],
) -> Iterator[Fault]:
    chosen = decided(cir) | {variable.name for variable in written.variables}
    places: list[tuple[str, Expr]] = []
    for row in written.rows:
        places.append((f"Rule {row.rule!r}", row.relation))
    places += [("The objective", objective.expr) for objective in objectives]
    places += [(f"Definition {item.name!r}", item.expr) for item in cir.definitions]
    seen: set[tuple[str, str]] = set()
    for where, expr in places:
        for kind, term in nonlinear_terms(expr, chosen.__contains__):
            if where == "The objective" and kind in ("product", "power"):
                continue  # squares may be convex, which is seen once the data are in
            if (where, kind) not in seen:
                seen.add((where, kind))
                yield nonlinear_fault(where, kind, term, library)
