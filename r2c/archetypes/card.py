"""What an archetype card may say, and nothing else.

A card states the *meaning* of a rule once, as a predicate (`holds`) over its roles and outputs
that can be checked on any plan; its paradigms are ways to write that meaning for a solver. The
predicate is the ground truth: paradigms are proven against it.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, field_validator

from r2c.cir.fields import BinderField, ExprField
from r2c.cir.schema import CIR, Identifier
from r2c.problem.schema import Frozen

RoleKind = Literal["expression", "number", "list", "relation", "indexed", "set", "word"]
"""What fills a role.

expression: anything arithmetic; number: data only; list: several expressions, `[a, b]`,
`[x[i] for i in Items]` or the name of an indexed symbol; relation: `lhs <= rhs`, several joined
by `and`, or a yes/no expression that must be 1; indexed: a symbol used with keys, `flow[i,j]`;
set: an index set; word: one of the card's own words.
"""

Relation = Literal["exact", "relaxation", "restriction", "approximation"]
"""What the paradigm's plans are, compared with the plans that the card's meaning admits."""

CheckName = Literal[
    "finite_bounds",
    "integer",
    "binary",
    "sign",
    "size",
    "given",
    "convex",
    "pressed_by_objective",
]
Family = Literal[
    "structure", "resource", "logic", "quantity", "piecewise", "network", "routing",
    "scheduling", "workforce", "selection", "multiperiod", "objective",
]  # fmt: skip
Claim = Literal["product", "quotient", "power", "abs", "min", "max"]
"""A construct outside linear algebra that the archetype can carry."""

_CHECK = re.compile(r"([a-z_]+)\(([^()]*)\)")


class Precondition(Frozen):
    """What must be true of the instance before a paradigm may write the rule.

    Written `integer(condition)`, `sign(items, nonnegative)`, `size(items, 12)` (at most 12),
    `pressed_by_objective(min)`.
    """

    check: CheckName
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.check}({', '.join(self.arguments)})"


def _read_precondition(value: object) -> Precondition:
    if isinstance(value, Precondition):
        return value
    match = _CHECK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"a precondition is written like integer(amount), not {value!r}")
    arguments = tuple(item.strip() for item in match[2].split(",") if item.strip())
    return Precondition.model_validate({"check": match[1], "arguments": arguments})


PreconditionField = Annotated[
    Precondition,
    PlainValidator(_read_precondition),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _CHECK.pattern}),
]


class Own(Frozen):
    """The decision that an archetype brings along where the plan names none, over `Role.over`.

    Bounds are written over the card's set roles, `len(places) - 1`. There is none for the members
    of the set role `outside`.
    """

    lower: ExprField | None = None
    upper: ExprField | None = None
    outside: Identifier | None = None
    meaning: str = Field(min_length=1)


class Role(Frozen):
    """A place that a rule's operand fills.

    `keys` is the number of keys of an indexed role, or the dimension of a set. What a template
    says about an optional role that is not given, and has no default, is left out.

    A card whose indexed roles say in `over` which set roles their keys run through can be read from
    words: what fills its roles follows from the sets that data and decisions run over.
    """

    name: Identifier
    kind: RoleKind
    doc: str = Field(min_length=1)
    required: bool = True
    default: ExprField | None = None
    keys: int = Field(default=1, ge=1, le=6)
    members_of: Identifier | None = Field(
        default=None, description="If not given: the sparse index set of what fills this role."
    )
    least: int = Field(default=1, ge=1, description="Fewest items of a list written out.")
    yes_no: bool = Field(default=False, description="A relation may be a yes/no expression.")
    words: tuple[str, ...] = Field(default=(), description="The choices of a word role.")
    unit: str | None = Field(default=None, description="Unit hint: a role name, or '1'.")
    over: tuple[Identifier, ...] = Field(
        default=(), description="The set roles that the keys of an indexed role run through."
    )
    of: Literal["plan", "data"] | None = Field(
        default=None, description="Whether decisions or data fill it; either, if unset."
    )
    domain: Literal["continuous", "integer", "binary"] | None = Field(
        default=None, description="What a decision in this role has to be."
    )
    own: Own | None = None
    within: Identifier | None = Field(
        default=None, description="The set role of which a set role holds some or all members."
    )
    named: bool = Field(
        default=False, description="It holds one member, which the words name, of `within`."
    )


class Output(Frozen):
    """A symbol that the archetype creates and that other rules and objectives may use.

    It has one value per member of the rule's `forall`. `value` gives it in closed form where the
    meaning determines it.
    """

    name: Identifier
    doc: str = Field(min_length=1)
    domain: Literal["continuous", "integer", "binary"] = "continuous"
    lower: ExprField | None = None
    upper: ExprField | None = None
    value: ExprField | None = None
    hidden: bool = Field(
        default=False, description="It only serves to state the meaning; no symbol is created."
    )


class TemplateVariable(Frozen):
    """An auxiliary variable of a paradigm; loops may run over a list role."""

    domain: Literal["continuous", "integer", "binary"] = "continuous"
    over: BinderField | None = None
    lower: ExprField | None = None
    upper: ExprField | None = None
    doc: str = ""


class Size(Frozen):
    """Auxiliary variables and rows per member of `forall`; may use `len(role)`."""

    variables: ExprField
    rows: ExprField


class Paradigm(Frozen):
    """One way to write the meaning for a solver.

    `rows` maps row names to relations, or to relations made by a loop. `method` names a class in
    `r2c.model.paradigms` that writes what the template language cannot say.
    """

    name: Identifier
    doc: str = Field(min_length=1)
    relation: Relation = "exact"
    preconditions: tuple[PreconditionField, ...] = ()
    size: Size
    tightness: int = Field(ge=1, le=9, description="9 describes the convex hull, 1 is loose.")
    variables: dict[Identifier, TemplateVariable] = Field(default_factory=dict)
    rows: dict[Identifier, ExprField] = Field(default_factory=dict)
    method: Identifier | None = None
    source: str = ""


class Mutation(Frozen):
    """An edit that turns the card's algebra into the usual error.

    `rows` replaces rows of the paradigm, which is an exact one (null drops the row); `operands`
    replaces what fills a role, written over the roles and what every instance declares.
    """

    paradigm: Identifier
    rows: dict[Identifier, ExprField | None] = Field(default_factory=dict)
    operands: dict[Identifier, ExprField] = Field(default_factory=dict)


class UsualError(Frozen):
    """A mistake that people and language models make with this archetype."""

    error: str = Field(min_length=1)
    symptom: str = Field(min_length=1, description="What the mistake looks like in the answer.")
    mutation: Mutation


class Exclusion(Frozen):
    """A situation in which the card is wrong, and the archetype that fits instead."""

    situation: str = Field(min_length=1)
    instead: Identifier | None = None


class Example(Frozen):
    """A worked example: the sentence, what fills the roles, and the resulting algebra."""

    sentence: str = Field(min_length=1)
    forall: BinderField | None = None
    operands: dict[Identifier, ExprField]
    algebra: str = Field(min_length=1, description="Rows as a planner would write them.")


class TinyInstance(Frozen):
    """A problem small enough to be solved by trying every plan."""

    cir: CIR
    optimum: float | Literal["infeasible"]


class Generator(Frozen):
    """Random instances: the tiny instance with other numbers and other set sizes.

    `numbers` gives, by parameter, the inclusive range of whole numbers it is drawn from;
    `steps` scales a draw (0.25 makes quarters). `sizes` gives the range of a set's size.
    """

    numbers: dict[Identifier, tuple[int, int]] = Field(default_factory=dict)
    steps: dict[Identifier, float] = Field(default_factory=dict)
    sizes: dict[Identifier, tuple[int, int]] = Field(default_factory=dict)
    cir: CIR | None = Field(default=None, description="Base, if not the tiny instance.")


class Card(Frozen):
    """An archetype: what a kind of rule means, how it is recognised and how it is written."""

    id: Identifier
    family: Family
    name: str = Field(min_length=1)
    meaning: str = Field(min_length=1)
    cues: tuple[str, ...] = Field(min_length=1, description="Words that hint at the archetype.")
    implies: tuple[Identifier, ...] = Field(
        default=(), description="Archetypes that the same words ask for, though they do not say so."
    )
    applies_when: tuple[str, ...] = Field(min_length=1)
    does_not_apply_when: tuple[Exclusion, ...] = ()
    claims: tuple[Claim, ...] = ()
    roles: tuple[Role, ...] = Field(min_length=1)
    outputs: tuple[Output, ...] = ()
    holds: dict[Identifier, ExprField] = Field(
        min_length=1, description="Named clauses; a clause made by a loop holds for each member."
    )
    gives_way: tuple[Identifier, ...] | None = Field(
        default=None,
        description="Clauses that a soft rule may break, rows of the same name in the paradigms "
        "that can write it so; none where the rule only defines something. If unset, any.",
    )
    cost: ExprField | None = Field(
        default=None, description="What the rule adds to the cost, over roles and outputs."
    )
    paradigms: tuple[Paradigm, ...] = Field(min_length=1)
    errors: tuple[UsualError, ...] = Field(min_length=1)
    examples: tuple[Example, ...] = Field(min_length=2)
    instance: TinyInstance
    generators: tuple[Generator, ...] = Field(min_length=1)
    source: str = Field(min_length=1, description="Where the formulations come from.")
    phrasings: tuple[str, ...] = Field(
        default=(), description="Sentences in which planners say it; by them the card is found."
    )

    @field_validator("holds", mode="before")
    @classmethod
    def _one_clause(cls, value: object) -> object:
        return {"holds": value} if isinstance(value, str) else value

    def role(self, name: str) -> Role | None:
        """The role of that name, if there is one."""
        return next((role for role in self.roles if role.name == name), None)

    def paradigm(self, name: str) -> Paradigm | None:
        """The paradigm of that name, if there is one."""
        return next((item for item in self.paradigms if item.name == name), None)

    def output(self, name: str) -> Output | None:
        """The output of that name, if there is one."""
        return next((item for item in self.outputs if item.name == name), None)
