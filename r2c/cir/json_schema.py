"""The JSON Schema of a CIR, for editors, other languages and constrained generation.

`python -m r2c.cir.json_schema [FILE]` writes it, by default into the knowledge base.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from r2c.cir.schema import CIR
from r2c.resources import knowledge_base


def json_schema() -> str:
    """The schema as JSON text (draft 2020-12), keys sorted."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **CIR.model_json_schema(mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write the schema to the file named on the command line or into the knowledge base."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else str(knowledge_base() / "cir.schema.json"))
    target.write_text(json_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
