"""The JSON Schemas of the knowledge base from its records, for editors and other languages."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from places import ROOT
from r2c.archetypes.card import Card
from r2c.cir.schema import CIR

SCHEMAS: dict[str, type[BaseModel]] = {"cir.schema.json": CIR, "card.schema.json": Card}


def render() -> dict[Path, str]:
    return {ROOT / "knowledge_base" / name: _schema(record) for name, record in SCHEMAS.items()}


def _schema(record: type[BaseModel]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **record.model_json_schema(mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
