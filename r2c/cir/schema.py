"""CIR, the Canonical Intermediate Representation: what a decision problem means.

A rule's meaning (its archetype and operands) stands apart from how it is written as mathematics
(its paradigm). All records are immutable and closed; `r2c.cir.text` gives the readable form,
`r2c.cir.canonical` the order and naming in which equal models are equal text.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import TypeAliasType

from r2c.cir.expr import Num
from r2c.cir.fields import BinderField, ExprField
from r2c.cir.provenance import NumberSource, Source
from r2c.problem.schema import Frozen, Span

VERSION: Literal[1] = 1
"""Version of the CIR format; readers refuse newer ones."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
Element = str | int
"""A set member: a label or a whole number (ordered and time sets often use 1, 2, 3...)."""
Member = Element | tuple[Element, ...]
"""A set member; a tuple in a set of dimension two or more."""


class TableColumns(Frozen):
    """Set members read from table columns: the distinct rows of `columns`, in table order."""

    table: str
    columns: tuple[str, ...] = Field(min_length=1)


class IndexSet(Frozen):
    """A finite set that symbols are indexed over.

    Members come from exactly one of `elements`, `table` or `where` (a filter over the product of
    the sets in `within`). `dim` is 1 for plain sets; a sparse tuple set names its component sets
    in `within`.
    """

    name: Identifier
    kind: Literal["labels", "ordered", "time", "scenario"] = "labels"
    dim: int = Field(default=1, ge=1, le=6)
    elements: tuple[Member, ...] | None = None
    table: TableColumns | None = None
    within: tuple[Identifier, ...] = ()
    where: BinderField | None = Field(
        default=None, description="Members as loops, `for i in A for j in B if dist[i,j] <= 9`."
    )
    cyclic: bool = Field(default=False, description="Lags wrap around (ordered and time sets).")
    step: float | None = Field(default=None, description="Length of one period, in `unit`.")
    unit: str | None = None
    probability: tuple[float, ...] | None = Field(
        default=None, description="Not supported; write them as a parameter over the set."
    )
    meaning: str = ""
    source: Source | None = None


class _OneOfSeveral(Frozen):
    """A record that says which of several it is, however little else of it is written."""

    kind: str

    @model_serializer(mode="wrap")
    def _kind_first(self, rest: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Without defaults `kind` would be left out, and nobody could tell the records apart.
        return {"kind": self.kind, **rest(self)}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        # A serializer of its own would make the schema of what is written say nothing of it.
        plain = {name: part for name, part in schema.items() if name != "serialization"}
        return handler(cast("CoreSchema", plain))


class TableValues(_OneOfSeveral):
    """Parameter values from a long table: one row per key.

    `keys` are the key columns in the order of the parameter's index. A key that occurs in several
    rows needs `aggregate`.
    """

    kind: Literal["table"] = "table"
    table: str
    keys: tuple[str, ...] = ()
    value: str
    aggregate: Literal["sum", "mean", "min", "max", "first", "count"] | None = None


class WideValues(_OneOfSeveral):
    """Parameter values from a wide table: `key` names the rows, other columns the last index."""

    kind: Literal["wide"] = "wide"
    table: str
    key: str
    columns: tuple[str, ...] | None = Field(
        default=None, description="The value columns, in order of the last index set; all if unset."
    )


Nested = TypeAliasType("Nested", "float | tuple[Nested, ...]")


class DenseValues(_OneOfSeveral):
    """Parameter values written out, nested lists in the order of the index sets."""

    kind: Literal["dense"] = "dense"
    values: tuple[Nested, ...]


class Entry(Frozen):
    """One value of a sparse parameter."""

    key: tuple[Element, ...]
    value: float


class SparseValues(_OneOfSeveral):
    """Parameter values written out by key."""

    kind: Literal["sparse"] = "sparse"
    entries: tuple[Entry, ...]


class ExprValues(_OneOfSeveral):
    """Parameter values computed from other parameters; loop variables are named in `indices`."""

    kind: Literal["expression"] = "expression"
    indices: tuple[Identifier, ...] = ()
    expr: ExprField


ValueSource = Annotated[
    TableValues | WideValues | DenseValues | SparseValues | ExprValues, Field(discriminator="kind")
]


class Parameter(Frozen):
    """Known data: one number, or one number per member of the sets in `over`.

    `default` fills missing keys; without it a missing cell is a question to the user.
    """

    name: Identifier
    over: tuple[Identifier, ...] = ()
    value: float | ValueSource
    default: float | None = None
    unit: str | None = None
    meaning: str = ""
    source: Source | None = None
    literals: tuple[NumberSource, ...] = ()


class Definition(Frozen):
    """A named expression of parameters and decisions."""

    name: Identifier
    forall: BinderField | None = None
    expr: ExprField
    unit: str | None = None
    meaning: str = ""
    literals: tuple[NumberSource, ...] = ()


class Decision(Frozen):
    """What the planner chooses: a variable, or one per member of its binder.

    `over` names the index sets; `where` keeps only some members, over the loop variables of
    `indices` (default i1, i2, ...). `lower=None` means no lower bound.
    """

    name: Identifier
    over: tuple[Identifier, ...] = ()
    indices: tuple[Identifier, ...] = ()
    where: ExprField | None = None
    domain: Literal["continuous", "integer", "binary"] = "continuous"
    domain_reason: str = Field(default="", description="Why this domain: the words, or a default.")
    lower: ExprField | None = Num(0.0)
    upper: ExprField | None = None
    unit: str | None = None
    meaning: str = ""
    stage: int = Field(
        default=0, ge=0, description="0 is now; later, after scenarios unfold, is not supported."
    )
    source: Source | None = None
    literals: tuple[NumberSource, ...] = ()


class Candidate(Frozen):
    """A paradigm that could write the rule, with the reason for its rank."""

    paradigm: str
    reason: str = ""


class Soft(Frozen):
    """The rule may be violated at a price, per unit of violation or per occurrence."""

    price: ExprField
    per: Literal["unit", "occurrence"] = "unit"
    tier: int = Field(default=0, ge=0)


class Rule(Frozen):
    """One operational rule: the words, the archetype, and what fills the archetype's roles.

    `operands` maps role names of the card to expressions (relations and lists included), written
    over the loop variables of `forall`. `outputs` gives names to symbols that the archetype
    creates (setup on/off, stock, makespan), indexed by `forall`; other rules and objectives may
    use them. `chosen` pins a paradigm; unset means the first of `candidates` whose preconditions
    hold, and without any the cheapest.
    """

    id: Identifier
    quote: str = Field(default="", description="The words of the problem, verbatim.")
    span: Span | None = None
    archetype: str = "linear"
    forall: BinderField | None = None
    operands: dict[Identifier, ExprField] = Field(default_factory=dict)
    outputs: dict[Identifier, Identifier] = Field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    chosen: str | None = None
    soft: Soft | None = None
    note: str = ""
    literals: tuple[NumberSource, ...] = ()


class Objective(Frozen):
    """What makes one plan better than another. Tiers are lexicographic, weights within a tier."""

    sense: Literal["min", "max"]
    expr: ExprField
    tier: int = Field(default=0, ge=0)
    weight: float = 1.0
    target: float | None = None
    quote: str = ""
    span: Span | None = None
    unit: str | None = None
    meaning: str = ""
    literals: tuple[NumberSource, ...] = ()


class Assumption(Frozen):
    """Something taken for granted; `about` names the symbol or rule."""

    text: str
    about: str | None = None
    confirmed: bool = False


class Question(Frozen):
    """Something only the user can settle, with a default, what depends on it, and the answer."""

    id: Identifier
    text: str
    default: str | None = None
    consequence: str = ""
    about: str | None = None
    answer: str | None = None


class CIR(Frozen):
    """A whole decision problem; symbol names are unique across all kinds of symbols."""

    version: Literal[1] = VERSION
    title: str = ""
    sets: tuple[IndexSet, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    definitions: tuple[Definition, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rules: tuple[Rule, ...] = ()
    objectives: tuple[Objective, ...] = Field(
        default=(), description="Without any, a plan is optimal if it keeps the rules."
    )
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
