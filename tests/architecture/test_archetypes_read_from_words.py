"""What the knowledge base says of archetypes that are read without a model that writes rules."""

from __future__ import annotations

import re
from pathlib import Path

from r2c.agents.indexed.bindings import is_shaped
from r2c.archetypes.load import standard_library

ROOT = Path(__file__).parents[2]


def told(part: str) -> list[str]:
    text = (ROOT / "knowledge_base" / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {part} -->(.*)<!-- /{part} -->", text, re.DOTALL)
    assert found is not None
    return re.findall(r"`(\w+)`", found[1])


def test_cards_with_shapes_are_the_ones_that_are_told() -> None:
    assert told("shaped") == sorted(
        id for id, card in standard_library().items() if is_shaped(card)
    )


def test_archetypes_that_readers_state_are_the_ones_that_are_told() -> None:
    files = [
        path
        for path in (ROOT / "r2c" / "agents").rglob("*.py")
        if "written" not in path.relative_to(ROOT).parts
    ]
    words = set(re.findall(r"[\"'](\w+)[\"']", "\n".join(path.read_text() for path in files)))
    assert told("stated") == sorted(words & set(standard_library()))


def test_their_number_is_told_where_limits_are() -> None:
    count = len({*told("shaped"), *told("stated")})
    limits = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Of the {len(standard_library())} archetypes {count} are read" in " ".join(
        limits.split()
    )
