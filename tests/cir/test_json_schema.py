"""The JSON Schema in the knowledge base is the one that the records have now."""

from __future__ import annotations

import json

from r2c.cir.json_schema import json_schema
from r2c.resources import knowledge_base


def test_the_schema_in_the_knowledge_base_is_current():
    stored = (knowledge_base() / "cir.schema.json").read_text(encoding="utf-8")
    assert stored == json_schema(), "run `python -m r2c.cir.json_schema`"


def test_expressions_are_strings_in_the_schema():
    schema = json.loads(json_schema())
    operands = schema["$defs"]["Rule"]["properties"]["operands"]
    [values] = operands["patternProperties"].values()
    assert values["type"] == "string"
    assert schema["additionalProperties"] is False
