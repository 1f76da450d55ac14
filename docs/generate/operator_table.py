"""The tables of merge operators in `docs/merging.md`, from the registry.

`<!-- operators -->` ... `<!-- /operators -->` is filled with what each is, `<!-- options -->` ...
`<!-- /options -->` with what each takes. What only some share is said once, below the table.
"""

from __future__ import annotations

import re
from pathlib import Path

from pydantic.fields import FieldInfo

from places import ROOT
from r2c_training.merge.operators import operators
from r2c_training.merge.operators.operator import AnyOperator

PAGE = ROOT / "docs" / "merging.md"


def render() -> dict[Path, str]:
    text = PAGE.read_text(encoding="utf-8")
    for name, lines in (("operators", _operators()), ("options", _options())):
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        told = "\n".join(lines) + "\n"
        text = block.sub(lambda match, told=told: match[1] + told + match[2], text)  # type: ignore[misc]
    return {PAGE: text}


def _operators() -> list[str]:
    rows = [
        "| method | what it makes | sees | base | models | source |",
        "|---|---|---|---|---|---|",
    ]
    for each in operators().values():
        count = f"{each.fewest}" if each.most == each.fewest else f"{each.fewest} or more"
        rows.append(
            f"| `{each.name}` | {each.summary} | {each.reach} | {each.base} | {count} "
            f"| {each.paper} |"
        )
    return rows


def _options() -> list[str]:
    """One row for each option that is the same in several methods."""
    methods: dict[tuple[str, str, str, str], list[str]] = {}
    for each in operators().values():
        for option in _of(each):
            methods.setdefault(option, []).append(f"`{each.name}`")
    rows = ["| option | for | default | meaning | methods |", "|---|---|---|---|---|"]
    for (name, scope, default, meaning), names in sorted(methods.items()):
        rows.append(f"| `{name}` | {scope} | {default} | {meaning} | {', '.join(names)} |")
    return rows


def _of(each: AnyOperator) -> list[tuple[str, str, str, str]]:
    scopes = (("the merge", each.merge_options), ("a model", each.model_options))
    return [
        (field.alias or name, scope, _default(field), _meaning(field))
        for scope, options in scopes
        for name, field in options.model_fields.items()
    ]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    return f"`{str(field.default).lower()}`" if field.default is not None else "unset"


def _meaning(field: FieldInfo) -> str:
    return " ".join((field.description or "").split()).replace("|", "\\|")
