"""The form that the method `schema` asks for: one JSON object with ordinary formulas in it."""

from __future__ import annotations

import json
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from r2c.cir.schema import CIR
from r2c.llm.spec import OutputSpec

# Only what a grammar can say too: labels or numbers, one or two indices.
Row: TypeAlias = list[float]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SetForm(_Form):
    """Names of things that symbols are indexed over."""

    name: str
    members: list[str]


class ParameterForm(_Form):
    """A number for each member, or a table of two sets."""

    name: str
    over: list[str]
    values: list[Row] | Row


class DecisionForm(_Form):
    """What is to be chosen."""

    name: str
    over: list[str]
    domain: Literal["integer", "continuous", "binary"]


class ConstraintForm(_Form):
    """One requirement; `each` holds loops such as `for p in Plants`, or nothing."""

    rule: str
    each: str
    relation: str


class ObjectiveForm(_Form):
    """What makes a plan better."""

    sense: Literal["max", "min"]
    expression: str


class ModelForm(_Form):
    """A whole model as the language model writes it."""

    sets: list[SetForm] = Field(default_factory=list)
    parameters: list[ParameterForm] = Field(default_factory=list)
    decisions: list[DecisionForm]
    constraints: list[ConstraintForm]
    objective: ObjectiveForm


GRAMMAR = r"""
root ::= "{" n "\"sets\": " sets "," n "\"parameters\": " params "," n "\"decisions\": " decs "," n
    "\"constraints\": " cons "," n "\"objective\": " obj n "}"
sets ::= "[]" | "[" n set ("," n set)* n "]"
set ::= "{\"name\": " name ", \"members\": " labels "}"
params ::= "[]" | "[" n param ("," n param)* n "]"
param ::= "{\"name\": " name ", \"over\": " names ", \"values\": " (row | rows) "}"
decs ::= "[" n dec ("," n dec)* n "]"
dec ::= "{\"name\": " name ", \"over\": " maybe ", \"domain\": " domain "}"
domain ::= "\"integer\"" | "\"continuous\"" | "\"binary\""
cons ::= "[" n con ("," n con)* n "]"
con ::= "{\"rule\": " text ", \"each\": " each ", \"relation\": " relation "}"
obj ::= "{\"sense\": " ("\"max\"" | "\"min\"") ", \"expression\": " formula "}"
each ::= "\"\"" | "\"for " formulachar{1,120} "\""
formula ::= "\"" formulachar{1,1500} "\""
relation ::= "\"" formulachar{1,1500} compare formulachar{1,400} "\""
compare ::= "<=" | ">=" | "=="
formulachar ::= [A-Za-z0-9_ +*/().,'] | "-" | "[" | "]" | "<=" | ">=" | "==" | "!="
text ::= "\"" [^"\\\x00-\x1f]{1,160} "\""
name ::= "\"" [A-Za-z] [A-Za-z0-9_]{0,30} "\""
names ::= "[" name ("," " "? name)? "]"
maybe ::= "[]" | "[" name ("," " "? name){0,3} "]"
labels ::= "[" label ("," " "? label)* "]"
label ::= "\"" [^"\\'\x00-\x1f]{1,60} "\""
rows ::= "[" row ("," " "? row)* "]"
row ::= "[" number ("," " "? number)* "]"
number ::= "-"? [0-9]{1,12} ("." [0-9]{1,8})?
n ::= "\n" " "?
"""

INSTRUCTIONS = (
    "Answer with one JSON object with the keys sets, parameters, decisions, constraints and "
    "objective, written as in the examples, and nothing else."
)


def read(text: str) -> ModelForm:
    """The form out of its JSON text.

    Raises:
        ValueError: not JSON, or not of this form.
    """
    return ModelForm.model_validate(json.loads(text))


def read_json(value: JsonValue) -> ModelForm:
    """The form out of parsed JSON.

    Raises:
        ValueError: not of this form.
    """
    return ModelForm.model_validate(value)


SPEC: OutputSpec[ModelForm] = OutputSpec(
    name="model",
    grammar=GRAMMAR,
    schema=ModelForm.model_json_schema(),
    instructions=INSTRUCTIONS,
    read=read,
    read_json=read_json,
)


def cir_of(form: ModelForm) -> CIR:
    """The CIR of a form: every constraint a rule of the archetype `linear`.

    Raises:
        ValueError: an expression cannot be read, or a name is not one.
    """
    content: dict[str, object] = {
        "sets": [{"name": item.name, "elements": item.members} for item in form.sets],
        "parameters": [
            {
                "name": item.name,
                "over": item.over,
                "value": {"kind": "dense", "values": item.values},
            }
            for item in form.parameters
        ],
        "decisions": [
            {"name": item.name, "over": item.over, "domain": item.domain} for item in form.decisions
        ],
        "rules": [
            {
                "id": f"rule_{number}",
                "note": item.rule,
                "archetype": "linear",
                "forall": item.each or None,
                "operands": {"relation": item.relation},
            }
            for number, item in enumerate(form.constraints, 1)
        ],
        "objectives": [{"sense": form.objective.sense, "expr": form.objective.expression}],
    }
    return CIR.model_validate(content)
