"""A story: the nouns, decisions, numbers and rules of one business, from which problems are made.

A story is data, `stories/<id>.yaml`. Its rules name an archetype, the operands in the algebra of
the CIR, the numbers that they need, and the phrases by which people speak of the operands. Which
rules a problem takes, how large its sets are, what the numbers are and how it is told is drawn. Of
every list of sentences, the first, third and so on are for the bench, the others for training.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field, model_validator

from r2c.archetypes.yaml_file import read_record
from r2c.cir.expr import Name, symbols
from r2c.cir.fields import BinderField, ExprField
from r2c.cir.schema import Identifier
from r2c.errors import InputError, declare
from r2c.problem.schema import Frozen

INVALID_STORY = declare(
    "R2C-B090",
    InputError,
    what="The story {file!r} is not valid at {where} (line {line}): {problem}.",
    why="Stories are checked against a closed schema, so that every problem made of them is sound.",
    remedy="Correct the value; another file in rulebench/stories shows what is allowed.",
)

UNKNOWN_STORY = declare(
    "R2C-B094",
    InputError,
    what="There is no story {name!r}.",
    why="Problems are made from the files in rulebench/stories.",
    remedy="Use one of {known}, or add a file.",
)

Range = tuple[float, float]


Wordings = Annotated[tuple[str, ...], Field(min_length=4)]
"""Sentences of which one is told."""


class Members(Frozen):
    """A set of the story.

    Attributes:
        one, many: What a member and several are called.
        names: Labels to draw from; without any the members are 1, 2 and so on, as in "week 3".
        size: How many members there are, in the smallest and in the largest problem.
        time: Whether the members follow each other.
    """

    one: str
    many: str
    names: tuple[str, ...] = ()
    size: tuple[int, int]
    time: bool = False


class Unit(Frozen):
    """Another unit in which a number may be told: `per` of it are one of the number's own."""

    unit: str
    per: float = Field(gt=1)


class Datum(Frozen):
    """A number of the story, or a table of them.

    One of `draw`, `above`, `below` and `equal` says how it is drawn: from a range, or from the
    value of an expression at a plan that keeps all rules, so that the plan keeps this one too.

    Attributes:
        over: Sets; none for a single number.
        indices: Loop variables over the sets, for the expression.
        by: Factors of the expression's value.
        step: What the numbers are multiples of.
        unit: Written behind the number; `prefix` before it.
        also_in: A smaller unit in which the number may be told instead.
        label: What a column with the numbers is called; a noun phrase.
        many: Whether the label is a plural.
    """

    over: tuple[Identifier, ...] = ()
    indices: tuple[Identifier, ...] = ()
    draw: Range | None = None
    above: ExprField | None = None
    below: ExprField | None = None
    equal: ExprField | None = None
    by: Range = (1.0, 1.0)
    step: float = 1.0
    unit: str = ""
    prefix: str = ""
    also_in: Unit | None = None
    label: str = ""
    many: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Datum:
        ways = [self.draw, self.above, self.below, self.equal]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("one of draw, above, below and equal is needed")
        if self.over and not self.label:
            raise ValueError("numbers over a set need a label")
        if self.draw is None and len(self.indices) != len(self.over):
            raise ValueError("an expression needs one index for each set in `over`")
        return self


class Plan(Frozen):
    """How a decision is set in the plan that all numbers are made to fit.

    Attributes:
        between: Whole numbers of a range; with `chance`, 0 otherwise.
        chance: 1 with this probability.
        one_of: 1 for one member of this index, for every choice of the others.
        some_of: 1 for so many of the members.
        positive: 1 where the expression is above zero.
        value: The value of the expression.
        queue: Starting times of work that follows each other; the expression is its length.
        tour: 1 for the legs of a round trip through all members; for pairs of one set.
    """

    between: Range | None = None
    chance: float | None = None
    one_of: Identifier | None = None
    some_of: tuple[int, int] | None = None
    positive: ExprField | None = None
    value: ExprField | None = None
    queue: ExprField | None = None
    tour: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Plan:
        if len(self.model_fields_set - ({"chance"} if self.between else set())) != 1:
            raise ValueError("exactly one way to set the decision is needed")
        return self


class Wanted(Frozen):
    """A decision of the story.

    Attributes:
        upper: A bound that follows from what the decision is; never from a rule.
        plan: How the fitting plan sets it.
        kind: Sentences that say whether it is a whole number or may be any fraction; without any
            that goes without saying.
    """

    name: Identifier
    over: tuple[Identifier, ...] = ()
    indices: tuple[Identifier, ...] = ()
    domain: Literal["continuous", "integer", "binary"] = "continuous"
    upper: ExprField | None = None
    meaning: str
    unit: str = ""
    plan: Plan
    kind: tuple[str, ...] = ()


class Term(Frozen):
    """A part of the objective."""

    expr: ExprField
    data: Mapping[Identifier, Datum] = {}
    said: Wordings


class Ordained(Frozen):
    """A rule that a problem may have.

    Attributes:
        forall, operands, outputs: As in a CIR.
        data: Numbers that come with it.
        decisions: Decisions that come with it.
        terms: Parts of the objective that come with it.
        phrases: How people speak of the operands, for the frames of the archetype.
        said: Sentences that tell it whole, beside the frames.
        implicit: Sentences from which it only follows, as a limit does from the hours there are.
        topic: What it is about, for whoever asks.
        spare: The loop variable of which a member may be exempt.
        always: Whether every problem of the story has it.
        needs, excludes: Other rules.
    """

    id: Identifier
    archetype: Identifier
    forall: BinderField | None = None
    operands: Mapping[Identifier, ExprField]
    outputs: Mapping[Identifier, Identifier] = {}
    data: Mapping[Identifier, Datum] = {}
    decisions: tuple[Wanted, ...] = ()
    terms: tuple[Term, ...] = ()
    phrases: Mapping[Identifier, str] = {}
    said: tuple[str, ...] = ()
    implicit: tuple[str, ...] = ()
    topic: str
    spare: Identifier | None = None
    always: bool = False
    needs: tuple[Identifier, ...] = ()
    excludes: tuple[Identifier, ...] = ()

    def loop_set(self, variable: str) -> str:
        """The set that a loop variable runs over.

        Raises:
            ValueError: if there is no such loop.
        """
        for loop in self.forall.loops if self.forall else ():
            if loop.targets == (variable,) and isinstance(loop.domain, Name):
                return loop.domain.id
        raise ValueError(f"the rule {self.id} has no loop over {variable}")


class Reading(Frozen):
    """What a sentence means to a reader: a rule, and how one would ask whether it is meant."""

    says: str
    archetype: Identifier
    forall: BinderField | None = None
    operands: Mapping[Identifier, ExprField]


class Vague(Frozen):
    """A rule whose sentence can be read in two ways; `rule` holds one of them, `other` the other.

    Attributes:
        says: What the sentence means as `rule` has it.
    """

    rule: Ordained
    says: str
    other: Reading

    @model_validator(mode="after")
    def _told(self) -> Vague:
        if len(self.rule.said) < 4:
            raise ValueError("a vague rule needs four sentences")
        return self

    @property
    def otherwise(self) -> Ordained:
        """The rule in its other reading."""
        found = {name: getattr(self.other, name) for name in ("archetype", "forall", "operands")}
        return self.rule.model_copy(update=found)


class Law(Frozen):
    """A part of the objective that no linear model expresses, told with its numbers.

    It is `by` times the shape of `of`, for each member of the loops, added up; `lowers` says
    whether it makes the objective smaller or larger.

    Attributes:
        shape: The square root, the natural logarithm of 1 plus it, or the power 1.5.
    """

    of: ExprField
    by: ExprField
    forall: BinderField | None = None
    shape: Literal["root", "log", "power"]
    lowers: bool = False
    data: Mapping[Identifier, Datum] = {}
    said: Wordings


class Aim(Frozen):
    """What makes one plan better than another, apart from the terms of rules."""

    sense: Literal["min", "max"]
    terms: tuple[Term, ...] = ()
    said: Wordings


class Story(Frozen):
    """One business."""

    id: Identifier
    domain: str
    title: str
    held_out: bool = Field(default=False, description="Whether training data never use it.")
    intro: Wordings
    sets: Mapping[Identifier, Members]
    data: Mapping[Identifier, Datum] = {}
    decisions: tuple[Wanted, ...]
    aim: Aim
    rules: tuple[Ordained, ...] = Field(min_length=3)
    beside: tuple[str, ...] = Field(min_length=8, description="Sentences that do not matter.")
    vague: tuple[Vague, ...] = Field(
        default=(), description="Rules that can be read in two ways, for problems that ask which."
    )
    beyond: tuple[Law, ...] = Field(
        default=(), description="Laws that no linear model can express."
    )

    @model_validator(mode="after")
    def _fractional(self) -> Story:
        whole = {wanted.name for wanted in self.decisions if wanted.domain != "continuous"}
        for law in self.beyond:
            if whole & symbols(law.of):
                raise ValueError("a law over whole amounts has an exact linear model")
            if (law.shape == "power") != ((self.aim.sense == "min") != law.lowers):
                raise ValueError("costs grow as a power, gains as a root or a logarithm")
        return self


@cache
def stories() -> Mapping[str, Story]:
    """All stories by id.

    Raises:
        InputError: R2C-B090.
        CardError: R2C-A001, a file that is not YAML.
    """
    folder = files("r2c_benchmarks.rulebench") / "stories"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): _story(name) for name in names}


def story_of(name: str) -> Story:
    """The story of that id.

    Raises:
        InputError: R2C-B094.
    """
    if name not in stories():
        raise UNKNOWN_STORY(name=name, known=", ".join(stories()))
    return stories()[name]


def _story(name: str) -> Story:
    raw = (files("r2c_benchmarks.rulebench") / "stories" / name).read_bytes()
    return read_record(raw, name, Story, INVALID_STORY)
