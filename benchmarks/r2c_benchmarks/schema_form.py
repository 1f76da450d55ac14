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
    over: list[str] = Field(default_factory=list)
    domain: Literal["integer", "continuous", "binary"]


class ConstraintForm(_Form):
    """One requirement; `each` holds loops such as `for p in Plants`, or nothing."""

    rule: str
    each: str = ""
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


# A model without sets has no indices: whoever does not open with sets cannot write any.
GRAMMAR = r"""
root ::= "{" n (scalar | indexed) n "}"
scalar ::= decs "," n cons "," n goal plain+ "\"}"
indexed ::= sets "," n params "," n idecs "," n icons "," n goal sign+ "\"}"
sets ::= "\"sets\": [" n set ("," n set)* n "]"
set ::= "{\"name\": " name ", \"members\": " labels "}"
params ::= "\"parameters\": " ("[]" | "[" n param ("," n param)* n "]")
param ::= "{\"name\": " name ", \"over\": " names ", \"values\": " (row | rows) "}"
decs ::= "\"decisions\": [" n dec ("," n dec)* n "]"
idecs ::= "\"decisions\": [" n idec ("," n idec)* n "]"
dec ::= "{\"name\": " name ", \"domain\": " domain "}"
idec ::= "{\"name\": " name ", \"over\": " ("[]" | names) ", \"domain\": " domain "}"
domain ::= "\"integer\"" | "\"continuous\"" | "\"binary\""
cons ::= "\"constraints\": [" n con ("," n con)* n "]"
icons ::= "\"constraints\": [" n icon ("," n icon)* n "]"
con ::= "{\"rule\": " text ", \"relation\": \"" plain+ (compare plain+)+ "\"}"
icon ::= "{\"rule\": " text ", \"each\": " each ", \"relation\": \"" sign+ (compare sign+)+ "\"}"
goal ::= "\"objective\": {\"sense\": " ("\"max\"" | "\"min\"") ", \"expression\": \""
each ::= "\"\"" | "\"for " (sign | compare)+ "\""
compare ::= "<=" | ">=" | "=="
plain ::= [A-Za-z0-9_ +*/().-]
sign ::= plain | [,'] | "!=" | [A-Za-z0-9_] "[" | "]"
text ::= "\"" [^"\\\x00-\x1f]+ "\""
name ::= "\"" [A-Za-z] [A-Za-z0-9_]* "\""
names ::= "[" name ("," " "? name)* "]"
labels ::= "[" label ("," " "? label)* "]"
label ::= "\"" [^"\\'\x00-\x1f]+ "\""
rows ::= "[" row ("," " "? row)* "]"
row ::= "[" number ("," " "? number)* "]"
number ::= "-"? [0-9]+ ("." [0-9]+)?
n ::= "\n"
"""


def json_schema() -> dict[str, JsonValue]:
    """The form as JSON Schema; every key required, as strict endpoints want it."""
    schema: dict[str, JsonValue] = ModelForm.model_json_schema()
    inner = schema["$defs"]
    assert isinstance(inner, dict)
    for part in (schema, *inner.values()):
        if isinstance(part, dict) and isinstance(properties := part.get("properties"), dict):
            part["required"] = list(properties)
            for field in properties.values():
                if isinstance(field, dict):
                    field.pop("default", None)
    return schema


INSTRUCTIONS = (
    "Answer with one JSON object with the keys sets, parameters, decisions, constraints and "
    "objective, written as in the examples, and nothing else. Leave out sets, parameters, over and "
    "each where nothing is indexed."
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
    schema=json_schema(),
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
