"""`--out`: the answer and everything that can be exported from it, in one folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from r2c.cli.faults import NOT_WRITTEN
from r2c.cli.render.answer import as_json
from r2c.errors import R2CError
from r2c.formulation import Formulation
from r2c.model.export.forms import EXPORTS, exported


def keep(answer: Formulation, folder: str) -> Iterator[str]:
    """Write `answer.json` and one file for each export; tells what was written and what not.

    Raises:
        StoreError: R2C-X110.
    """
    text = json.dumps(as_json(answer), ensure_ascii=False, indent=2) + "\n"
    yield write_file(Path(folder) / "answer.json", text)
    if answer.cir is None:
        return
    for name, (file, _) in EXPORTS.items():
        try:
            text = exported(name, answer.cir, answer.problem)
        except R2CError as error:  # a model that cannot be written still has its CIR
            yield f"not written: {file} ({error.fault.code}: {error.fault.what})"
            continue
        yield write_file(Path(folder) / file, text)


def write_file(path: Path, text: str) -> str:
    """Write a file, whole or not at all; a line that says so.

    Raises:
        StoreError: R2C-X110.
    """
    path = path.expanduser()
    draft = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NOT_WRITTEN(path=str(path), reason=reason) from None
    return f"written: {path}"
