"""`knowledge_base/cir.schema.json` from the CIR records, for editors and other languages."""

from __future__ import annotations

import json
from pathlib import Path

from places import ROOT
from r2c.cir.schema import CIR


def render() -> dict[Path, str]:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **CIR.model_json_schema(mode="validation"),
    }
    text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True)
    return {ROOT / "knowledge_base" / "cir.schema.json": text + "\n"}
