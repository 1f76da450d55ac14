"""What a card must obey beyond its schema: names that exist, parts that fit together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from r2c.archetypes.card import Card, Exclusion, Mutation, Paradigm, Precondition, Role
from r2c.cir.expr import Call, Expr, Name, symbols, walk
from r2c.cir.parse import FUNCTIONS
from r2c.cir.schema import CIR
from r2c.errors import CardError, Fault, declare

UNKNOWN_NAME = declare(
    "R2C-A010",
    CardError,
    what="Card {card!r}: {where} mentions {names}, which the card does not declare.",
    why="Templates speak of roles, outputs, the paradigm's variables and their own loops only.",
    remedy="Correct the spelling, or declare the name; known here: {known}.",
)
CLASHING_NAME = declare(
    "R2C-A011",
    CardError,
    what="Card {card!r} uses the name {name!r} twice or it is a function of the algebra.",
    why="Every role, output and variable needs a name of its own.",
    remedy="Rename one of them.",
)
BAD_PRECONDITION = declare(
    "R2C-A012",
    CardError,
    what="Card {card!r}: the precondition {precondition} of {paradigm!r} is impossible: {problem}.",
    why="Preconditions come from a closed list and speak of the card's roles.",
    remedy="Write it like {example}.",
)
NO_EXACT = declare(
    "R2C-A013",
    CardError,
    what="Card {card!r} has no exact paradigm.",
    why="Without one the archetype can only be approximated.",
    remedy="Add an exact paradigm.",
)
REPEATED_PARADIGM = declare(
    "R2C-A014",
    CardError,
    what="Card {card!r} has two paradigms called {paradigm!r}.",
    why="Rules pin paradigms by name.",
    remedy="Rename one of them.",
)
NO_BOUND_CHECKED = declare(
    "R2C-A015",
    CardError,
    what="Card {card!r}: {paradigm!r} uses bound(...) without the precondition finite_bounds.",
    why="A big-M without a bound must be refused before the paradigm is chosen.",
    remedy="Add finite_bounds(role) to its preconditions.",
)
BAD_MUTATION = declare(
    "R2C-A016",
    CardError,
    what="Card {card!r}: the mutation of {error!r} refers to {problem}.",
    why="A usual error edits rows or operands that exist, of a paradigm that is exact without it.",
    remedy="Correct the name, or write what the mistake changes.",
)
BAD_EXAMPLE = declare(
    "R2C-A017",
    CardError,
    what="Card {card!r}: {where} does not fit its roles: {problem}.",
    why="Examples are shown to people and to language models as they stand.",
    remedy="Give exactly the roles that the card declares, the required ones among them.",
)
BAD_GENERATOR = declare(
    "R2C-A018",
    CardError,
    what="Card {card!r}: a generator refers to {name!r}, which its CIR does not declare.",
    why="Numbers are drawn for parameters, sizes for sets with written elements.",
    remedy="Correct the name.",
)
UNKNOWN_NEIGHBOUR = declare(
    "R2C-A019",
    CardError,
    what="Card {card!r} sends the reader to {instead!r}, which has no card.",
    why="Whoever finds that a card does not apply needs one that does.",
    remedy="Correct the id, or leave `instead` out.",
)
BAD_ROLE = declare(
    "R2C-A020",
    CardError,
    what="Card {card!r}: the role {role!r} is not well formed: {problem}.",
    why="Operands are checked against the role's kind.",
    remedy="Correct the role.",
)

BAD_GIVES_WAY = declare(
    "R2C-A021",
    CardError,
    what="Card {card!r}: what gives way under a price is not well said: {problem}.",
    why="A soft rule breaks clauses, as rows of the same name; what a rule defines stays so.",
    remedy="List in `gives_way` the clauses that limit something, or none.",
)

_SIDES = {
    "finite_bounds": ("above", "below"),
    "sign": ("nonnegative", "nonpositive", "positive"),
}


def lint(card: Card, library: Container[str] | None = None) -> tuple[Fault, ...]:
    """Everything wrong with a card; with the ids of all cards, its references to them too."""
    faults = [
        *_names(card), *_roles(card), *_templates(card), *_paradigms(card), *_mutations(card),
        *_examples(card), *_generators(card), *_gives_way(card),
    ]  # fmt: skip
    if library is not None:
        faults += _neighbours(card, library)
    return tuple(faults)


def _names(card: Card) -> Iterator[Fault]:
    common = [role.name for role in card.roles] + [output.name for output in card.outputs]
    hidden = {output.name for output in card.outputs if output.hidden}
    for paradigm in card.paradigms:
        seen: set[str] = set()
        own = [name for name in paradigm.variables if name not in hidden]
        for name in common + own:
            if name in seen or name in FUNCTIONS:
                yield CLASHING_NAME.fault(card=card.id, name=name)
            seen.add(name)


def _roles(card: Card) -> Iterator[Fault]:
    names = {role.name for role in card.roles}
    for role in card.roles:
        problem = None
        if (role.kind == "word") != bool(role.words):
            problem = "words belong to a word role, which needs them"
        elif role.kind == "word" and role.default is not None:
            known = isinstance(role.default, Name) and role.default.id in role.words
            problem = None if known else "its default is none of its words"
        if role.members_of is not None and role.members_of not in names:
            problem = f"{role.members_of!r} is no role"
        if role.unit is not None and role.unit != "1" and role.unit not in names:
            problem = f"its unit hint {role.unit!r} is no role"
        problem = problem or _shape_problem(role, {r.name for r in card.roles if r.kind == "set"})
        if problem is not None:
            yield BAD_ROLE.fault(card=card.id, role=role.name, problem=problem)


def _shape_problem(role: Role, sets: set[str]) -> str | None:
    """What is wrong with the shape that a role states, if anything."""
    if role.over and (role.kind != "indexed" or len(role.over) != role.keys):
        return "`over` names one set role for each key of an indexed role"
    named = [*role.over, *filter(None, [role.within, role.own and role.own.outside])]
    if strange := [name for name in named if name not in sets]:
        return f"{strange[0]!r} is no set role"
    if (role.within is not None and role.kind != "set") or (role.named and role.within is None):
        return "only a set role lies within another one, and only such a role is named"
    if role.own is not None and not (role.over and role.of == "plan" and role.domain):
        return "a decision of its own needs `over`, `of: plan` and a `domain`"
    return None


def _templates(card: Card) -> Iterator[Fault]:
    roles = {role.name for role in card.roles}
    outputs = {output.name for output in card.outputs}
    for role in card.roles:
        if role.kind != "word":
            yield from _known(card, f"default of {role.name}", role.default, roles)
    for name, clause in card.holds.items():
        yield from _known(card, f"holds.{name}", clause, roles | outputs)
    yield from _known(card, "cost", card.cost, roles | outputs)
    for output in card.outputs:
        for part in (output.lower, output.upper, output.value):
            yield from _known(card, f"output {output.name}", part, roles)
    visible = {output.name for output in card.outputs if not output.hidden}
    for paradigm in card.paradigms:
        names = roles | visible | set(paradigm.variables)
        where = f"paradigm {paradigm.name}"
        for row, template in paradigm.rows.items():
            yield from _known(card, f"{where}, row {row}", template, names)
        for part in (paradigm.size.variables, paradigm.size.rows):
            yield from _known(card, f"{where}, size", part, roles)


def _known(card: Card, where: str, template: Expr | None, names: set[str]) -> Iterator[Fault]:
    if template is None:
        return
    words = {word for role in card.roles for word in role.words}
    unknown = sorted(symbols(template) - names - words)
    if unknown:
        yield UNKNOWN_NAME.fault(card=card.id, where=where, names=unknown, known=sorted(names))


def _paradigms(card: Card) -> Iterator[Fault]:
    names = [paradigm.name for paradigm in card.paradigms]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield REPEATED_PARADIGM.fault(card=card.id, paradigm=name)
    if not any(paradigm.relation == "exact" for paradigm in card.paradigms):
        yield NO_EXACT.fault(card=card.id)
    for paradigm in card.paradigms:
        for precondition in paradigm.preconditions:
            yield from _precondition(card, paradigm, precondition)
        checked = {precondition.check for precondition in paradigm.preconditions}
        templates: Iterable[Expr] = paradigm.rows.values()
        calls = (node for template in templates for node in walk(template))
        uses = any(isinstance(node, Call) and node.function == "bound" for node in calls)
        if uses and "finite_bounds" not in checked:
            yield NO_BOUND_CHECKED.fault(card=card.id, paradigm=paradigm.name)


def _precondition(card: Card, paradigm: Paradigm, wanted: Precondition) -> Iterator[Fault]:
    problem, example = None, f"{wanted.check}({card.roles[0].name})"
    first = wanted.arguments[0] if wanted.arguments else ""
    rest = wanted.arguments[1:]
    if wanted.check == "pressed_by_objective":
        problem = None if wanted.arguments in (("min",), ("max",)) else "it takes min or max"
        example = "pressed_by_objective(min)"
    elif card.role(first) is None:
        problem = f"{first!r} is no role"
    elif wanted.check == "size":
        problem = None if len(rest) == 1 and rest[0].isdigit() else "it takes a role and a number"
        example = f"size({card.roles[0].name}, 12)"
    elif wanted.check == "sign" and len(rest) != 1:
        problem = "it takes a role and a sign"
    elif any(side not in _SIDES.get(wanted.check, ()) for side in rest):
        problem = f"{rest[0]!r} is not known there"
    if problem is not None:
        yield BAD_PRECONDITION.fault(
            card=card.id, precondition=str(wanted), paradigm=paradigm.name, problem=problem,
            example=example,
        )  # fmt: skip


def _mutations(card: Card) -> Iterator[Fault]:
    roles = {role.name for role in card.roles}
    shared = set[str].intersection(*map(_declared, _cirs(card)))
    visible = {output.name for output in card.outputs if not output.hidden}
    for error in card.errors:
        mutation, where = error.mutation, f"the mutation of {error.error!r}"
        paradigm = card.paradigm(mutation.paradigm)
        for problem in _mutation_problems(card, mutation, paradigm):
            yield BAD_MUTATION.fault(card=card.id, error=error.error, problem=problem)
        for name, template in mutation.rows.items():
            known = roles | visible | (paradigm.variables.keys() if paradigm else set())
            yield from _known(card, f"{where}, row {name}", template, known)
        for name, template in mutation.operands.items():
            yield from _known(card, f"{where}, operand {name}", template, roles | shared)


def _mutation_problems(card: Card, mutation: Mutation, paradigm: Paradigm | None) -> Iterator[str]:
    if paradigm is None:
        yield f"the paradigm {mutation.paradigm!r}"
    elif paradigm.relation != "exact":
        yield f"the paradigm {paradigm.name!r}, whose optimum differs without the mistake too"
    rows = paradigm.rows if paradigm else {}
    for name, row in mutation.rows.items():
        if name not in rows:
            yield f"the row {name!r}"
        elif row == rows[name]:
            yield f"the row {name!r}, but leaves it as it is"
    for name, operand in mutation.operands.items():
        if card.role(name) is None:
            yield f"the role {name!r}"
        elif operand == Name(name):
            yield f"the role {name!r}, but leaves it as it is"
    if not mutation.rows and not mutation.operands:
        yield "nothing at all"


def _declared(cir: CIR) -> set[str]:
    """The sets, parameters and decisions of a problem."""
    return {item.name for items in (cir.sets, cir.parameters, cir.decisions) for item in items}


def _examples(card: Card) -> Iterator[Fault]:
    known = {role.name for role in card.roles}
    required = {role.name for role in card.roles if role.required}
    given = [(f"example {k}", e.operands) for k, e in enumerate(card.examples, start=1)]
    given += [
        (f"rule {rule.id}", rule.operands)
        for cir in _cirs(card)
        for rule in cir.rules
        if rule.archetype == card.id
    ]
    for where, operands in given:
        problems = [f"{name!r} is no role" for name in operands if name not in known]
        problems += [f"{name!r} is missing" for name in sorted(required - operands.keys())]
        for problem in problems:
            yield BAD_EXAMPLE.fault(card=card.id, where=where, problem=problem)
    for cir in _cirs(card):
        if not any(rule.archetype == card.id for rule in cir.rules):
            yield BAD_EXAMPLE.fault(
                card=card.id, where="an instance", problem="no rule uses the archetype"
            )


def _cirs(card: Card) -> Iterator[CIR]:
    yield card.instance.cir
    yield from (generator.cir for generator in card.generators if generator.cir is not None)


def _generators(card: Card) -> Iterator[Fault]:
    for generator in card.generators:
        cir = generator.cir or card.instance.cir
        numbers = {item.name for item in cir.parameters}
        sets = {item.name for item in cir.sets if item.elements is not None and item.dim == 1}
        for name in [*generator.numbers, *generator.steps]:
            if name not in numbers:
                yield BAD_GENERATOR.fault(card=card.id, name=name)
        for name in generator.sizes:
            if name not in sets:
                yield BAD_GENERATOR.fault(card=card.id, name=name)


def _gives_way(card: Card) -> Iterator[Fault]:
    ways = card.gives_way
    made = [output.name for output in card.outputs if not output.hidden]
    problems = []
    if ways is None and made:
        problems.append(f"it defines {made[0]!r}, and nothing says what else may give way")
    problems += [f"{name!r} is no clause" for name in ways or () if name not in card.holds]
    exact = [paradigm.rows.keys() for paradigm in card.paradigms if paradigm.relation == "exact"]
    if ways and not any(set(ways) <= rows for rows in exact):
        problems.append(f"no exact paradigm has rows named {' and '.join(ways)}")
    yield from (BAD_GIVES_WAY.fault(card=card.id, problem=problem) for problem in problems)


def _neighbours(card: Card, library: Container[str]) -> Iterator[Fault]:
    exclusions: tuple[Exclusion, ...] = card.does_not_apply_when
    named = [item.instead for item in exclusions if item.instead is not None]
    for other in [*named, *card.implies]:
        if other not in library:
            yield UNKNOWN_NEIGHBOUR.fault(card=card.id, instead=other)
