"""Which paradigm writes a rule: the one of least effort whose preconditions hold on this instance.

A rule may rank candidates; then the first of them whose preconditions hold is taken, and the others
only if none does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from r2c.archetypes.card import Paradigm, Precondition
from r2c.cir.closures.scope import NotRepresentable
from r2c.cir.expr import Binder, Expr, Num, symbols
from r2c.cir.members import Key
from r2c.cir.schema import CIR, Candidate
from r2c.errors import CIRError, Fault, ModelError, R2CError, declare
from r2c.formulation import Choice
from r2c.model.affine import Affine
from r2c.model.amounts import never_soft, obstacle, unbreakable
from r2c.model.bounds import Bounds
from r2c.model.draft import Draft
from r2c.model.effort import Option, by_effort
from r2c.model.filled import Keyed, Listed, Looped, Related
from r2c.model.relation_parts import relation_parts
from r2c.model.rename import join
from r2c.model.truth import truth_value
from r2c.model.unrolling import LeftOut, Unwritable

UNKNOWN_PARADIGM = declare(
    "R2C-M110",
    CIRError,
    what="Rule {rule!r} names the paradigm {paradigm!r}, which {archetype} does not have.",
    why="A rule can only be written in a way that its card describes.",
    remedy="Use one of {paradigms}, or leave the choice open.",
)
PINNED_IMPOSSIBLE = declare(
    "R2C-M111",
    ModelError,
    what="Rule {rule!r} cannot be written as {paradigm!r}: {reason}.",
    why="The paradigm is right only where {precondition} holds.",
    remedy="Mend the data or bounds, or leave the choice open.",
)
NO_PARADIGM = declare(
    "R2C-M112",
    ModelError,
    what="No paradigm of {archetype} can write rule {rule!r}: {reasons}.",
    why="Each way of writing it needs something that this instance does not offer.",
    remedy="Give the decisions named above the missing bounds or domains, or the rule the operand "
    "that states them.",
)


def choose(draft: Draft, bounds: Bounds) -> tuple[Paradigm, Choice] | Fault:
    """The paradigm for a rule with the reason for it, or the fault that says why there is none.

    The rule names no `unknown_paradigms`.
    """
    card, rule = draft.card, draft.rule
    pinned = None if rule.chosen is None else card.paradigm(rule.chosen)
    if fault := unbreakable(draft) or never_soft(draft, [pinned] if pinned else card.paradigms):
        return fault
    if pinned is not None:
        failed = _first_failure(draft, pinned, bounds)
        if failed is not None:
            return PINNED_IMPOSSIBLE.fault(
                rule=rule.id, paradigm=pinned.name, precondition=failed[0], reason=failed[1]
            )
        return pinned, _choice(draft, pinned, "pinned")
    possible: list[Paradigm] = []
    failures: dict[str, str] = {}
    for paradigm in card.paradigms:
        failed = _first_failure(draft, paradigm, bounds)
        if priced := obstacle(draft, paradigm):
            failures[paradigm.name] = priced
        elif failed is None:
            possible.append(paradigm)
        else:
            failures[paradigm.name] = failed[1]
    if not possible:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in failures.items())
        return NO_PARADIGM.fault(archetype=card.id, rule=rule.id, reasons=reasons)
    if ranked := _first_candidate(rule.candidates, possible, failures):
        best, reason = ranked
    else:
        options = _options(draft, possible, bounds)
        best = options[0].paradigm
        none = "no candidate is possible; " if rule.candidates else ""
        reason = none + _reason(options, failures)
    return best, _choice(draft, best, reason)


def exact_ways(draft: Draft, bounds: Bounds) -> list[str]:
    """The exact paradigms that can write a rule on its instance, the one of least effort first."""
    possible = [
        paradigm
        for paradigm in draft.card.paradigms
        if paradigm.relation == "exact"
        and not obstacle(draft, paradigm)
        and _first_failure(draft, paradigm, bounds) is None
    ]
    return [option.paradigm.name for option in _options(draft, possible, bounds)]


def unknown_paradigms(draft: Draft) -> Iterator[Fault]:
    """The faults of paradigms that a rule names and its card does not have."""
    card, rule = draft.card, draft.rule
    named = [candidate.paradigm for candidate in rule.candidates]
    known = [paradigm.name for paradigm in card.paradigms]
    for name in dict.fromkeys(named if rule.chosen is None else [rule.chosen, *named]):
        if name not in known:
            yield UNKNOWN_PARADIGM.fault(
                rule=rule.id, archetype=card.id, paradigm=name, paradigms=known
            )


def _choice(draft: Draft, paradigm: Paradigm, reason: str) -> Choice:
    return Choice(
        rule=draft.rule.id, paradigm=paradigm.name, relation=paradigm.relation, reason=reason
    )


def _options(draft: Draft, possible: Iterable[Paradigm], bounds: Bounds) -> list[Option]:
    """The paradigms with their sizes, the one to take first."""
    members = 1.0 if draft.binder is None else bounds.data.combinations(draft.binder)
    return by_effort(
        Option(paradigm, size(draft, paradigm, bounds), members, bounds.count)
        for paradigm in possible
    )


def _first_candidate(
    candidates: Iterable[Candidate], possible: Iterable[Paradigm], failures: Mapping[str, str]
) -> tuple[Paradigm, str] | None:
    """The first candidate that is possible, with the reason for it; None without any."""
    known = {paradigm.name: paradigm for paradigm in possible}
    passed: list[str] = []
    for candidate in candidates:
        name = candidate.paradigm
        if name in known:
            told = "the first candidate that is possible" if passed else "the first candidate"
            why = candidate.reason.rstrip(".")
            return known[name], "; ".join([f"{told} ({why})" if why else told, *passed])
        passed.append(f"{name} is not possible ({failures[name]})")
    return None


def _reason(options: list[Option], failures: dict[str, str]) -> str:
    best, *others = options
    parts = []
    if not others and not failures:
        parts.append("the only paradigm of the card")
    for other in others:
        name = other.paradigm.name
        tighter = best.paradigm.tightness - other.paradigm.tightness
        sizes = f"{_told(best)} against {_told(other)}"
        if other.rank > best.rank:
            parts.append(f"{name} is only a {other.paradigm.relation}")
        elif other.own > best.own:
            parts.append(f"{sizes} with {name}" + (", which is tighter" if tighter < 0 else ""))
        elif other.own < best.own:
            parts.append(f"tighter than {name}, which is worth {sizes}")
        elif tighter > 0:
            parts.append(f"as small as {name} and tighter")
        else:
            parts.append(f"as small as {name} and named before it")
    parts += [f"{name} is not possible ({reason})" for name, reason in failures.items()]
    return "; ".join(parts)


def _told(option: Option) -> str:
    variables, rows = option.size
    return f"{_counted(variables, 'variable')} and {_counted(rows, 'row')}"


def _counted(number: float, noun: str) -> str:
    return f"{number:g} {noun}" + ("" if number == 1 else "s")


def _first_failure(draft: Draft, paradigm: Paradigm, bounds: Bounds) -> tuple[str, str] | None:
    """The first precondition that fails, and how."""
    for precondition in paradigm.preconditions:
        try:
            reason = _CHECKS[precondition.check](draft, precondition, bounds)
        except NotRepresentable as error:
            reason = f"{error} is not linear"
        except R2CError as error:
            reason = error.fault.what.rstrip(".")
        if reason is not None:
            return str(precondition), reason
    return None


def size(draft: Draft, paradigm: Paradigm, bounds: Bounds) -> tuple[float, float]:
    """Auxiliary variables and rows per member of the rule's loops, at the largest member."""
    writer = draft.template()
    sizes = []
    for formula in (paradigm.size.variables, paradigm.size.rows):
        try:
            expr = writer.expr(formula, {}, None)
            if isinstance(expr, Num):
                sizes.append(expr.value)
            else:
                found = bounds.numbers(expr, draft.binder)
                if not symbols(expr) & set(() if draft.binder is None else draft.binder.targets):
                    found = islice(found, 1)  # it is the same for all members
                sizes.append(max(found, default=0.0))
        except (LeftOut, Unwritable):
            sizes.append(math.inf)
    return sizes[0], sizes[1]


# ---------------------------------------------------------------------------- preconditions


def _expressions(draft: Draft, role: str) -> Iterator[tuple[Expr, Binder | None]]:
    """The arithmetic that fills a role, each with all its loops."""
    match draft.roles.get(role):
        case None:
            return
        case Listed(items):
            yield from ((item, draft.binder) for item in items)
        case Looped(body, binder):
            yield body, join(draft.binder, binder)
        case Related(whole):
            yield from ((part, draft.binder) for part in relation_parts(whole))
        case Keyed(_, body, binder):
            yield body, join(draft.binder, binder)
        case filled:
            yield filled, draft.binder  # type: ignore[misc]


def _finite_bounds(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    role, *sides = wanted.arguments
    for expr, binder in _expressions(draft, role):
        below, above = bounds.stated.finite(expr, binder)
        if (above or "below" in sides) and (below or "above" in sides):
            continue
        low, high = bounds.range(expr, binder)
        if math.isinf(high) and "below" not in sides:
            return "; ".join(bounds.culprits(expr, binder, above=True))
        if math.isinf(low) and "above" not in sides:
            return "; ".join(bounds.culprits(expr, binder, above=False))
    return None


def _integer(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    for expr, binder in _expressions(draft, wanted.arguments[0]):
        if not bounds.integer(expr, binder):
            return f"{wanted.arguments[0]} can take fractions"
    return None


def _binary(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    role = wanted.arguments[0]
    filled = draft.roles.get(role)
    if isinstance(filled, Related):
        known = truth_value(filled.whole, draft.binder, bounds) is not None
        return None if known else f"{role} is not a yes-or-no choice"
    for expr, binder in _expressions(draft, role):
        declared = bounds.stated.variable(expr, binder)
        if declared is not None and declared.domain == "binary":
            continue
        if bounds.stated.within(expr, binder, 0.0, 1.0) and bounds.integer(expr, binder):
            continue
        low, high = bounds.range(expr, binder)
        if low < 0 or high > 1 or not bounds.integer(expr, binder):
            return f"{role} is not a yes-or-no choice"
    return None


def _sign(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    role, sign = wanted.arguments
    least, most = _SIGNS[sign]
    for expr, binder in _expressions(draft, role):
        if bounds.stated.within(expr, binder, least, most):
            continue
        if any(low < least or high > most for low, high in bounds.spans(expr, binder)):
            return f"nothing keeps {role} {sign}"
    return None


_SIGNS = {
    "nonnegative": (0.0, math.inf),
    "nonpositive": (-math.inf, 0.0),
    "positive": (math.nextafter(0.0, 1.0), math.inf),
}
"""The values that a sign allows."""


def _at_most(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    role, limit = wanted.arguments
    match draft.roles.get(role):
        case Listed(items):
            size = float(len(items))
        case Looped(_, binder):
            members = bounds.evaluator.members(join(draft.binder, binder) or binder)
            size = float(sum(1 for _ in members))
        case _:
            size = 1.0
    return None if size <= float(limit) else f"{role} has {size:g} members, over {limit}"


def _given(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    role = wanted.arguments[0]
    return None if draft.roles.get(role) is not None else f"{role} is not given"


def _convex(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    for expr, binder in _expressions(draft, wanted.arguments[0]):
        next(bounds.forms(expr, binder), None)  # linear is convex; anything else raises
    return None


def _pressed(draft: Draft, wanted: Precondition, bounds: Bounds) -> str | None:
    """Whether the objective alone moves the outputs whose value is known, and in that direction.

    Of several such outputs one is enough: they are two sides of one difference. An output without
    a value of its own is left alone: whatever a plan says of it is so.
    """
    direction = wanted.arguments[0]
    cir = bounds.instance.cir
    names = {made.name for made in draft.outputs.values()}
    told = [draft.outputs[item.name].name for item in draft.card.outputs if item.value is not None]
    tied = _tied(names, cir)
    for rule in cir.rules:
        used = [operand for operand in rule.operands.values() if _uses(operand, tied)]
        if rule.id != draft.rule.id and used:
            return f"rule {rule.id!r} uses the output too"
    pressed: set[Key] = set()
    for form, least in _pressing(draft, bounds):
        for (name, key), coefficient in form.terms.items():
            if name in names and coefficient:
                towards = "min" if (coefficient > 0) == least else "max"
                if towards != direction or name not in told:
                    return f"the objective presses {name!r} towards its {towards}imum"
                pressed.add(key)
    for key in bounds.evaluator.members(draft.binder) if draft.binder else [()]:
        if told and key not in pressed:
            return f"no goal presses {told[0]!r}"
    return None


def _pressing(draft: Draft, bounds: Bounds) -> Iterator[tuple[Affine, bool]]:
    """What is kept low (True) or high: the objectives, and what the rule adds to the cost."""
    for objective in bounds.instance.cir.objectives:
        if not objective.weight:
            continue
        least = (objective.sense == "min") == (objective.weight > 0)
        for form in bounds.forms(objective.expr, None):
            yield form, least
    cost = draft.template().optional(draft.card.cost)
    if cost is not None:
        yield from ((form, True) for form in bounds.forms(cost, draft.binder))


def _tied(names: set[str], cir: CIR) -> set[str]:
    """The names and those of all definitions that come down to them."""
    found = set(names)
    while more := {
        item.name for item in cir.definitions if item.name not in found and _uses(item.expr, found)
    }:
        found |= more
    return found


def _uses(operand: Expr, names: set[str]) -> bool:
    return bool(symbols(operand) & names)


_CHECKS: dict[str, Callable[[Draft, Precondition, Bounds], str | None]] = {
    "finite_bounds": _finite_bounds,
    "integer": _integer,
    "binary": _binary,
    "sign": _sign,
    "size": _at_most,
    "given": _given,
    "convex": _convex,
    "pressed_by_objective": _pressed,
}
