"""The catalogue has a page for every card, with equations that are set and links that lead on."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from r2c.archetypes.load import standard_library

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "generate"


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location("catalogue", FOLDER / "catalogue.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def pages(catalogue: ModuleType) -> dict[str, str]:
    return catalogue.pages()


def test_every_card_has_a_page_and_a_place_in_the_index(pages: dict[str, str]) -> None:
    library = standard_library()
    assert set(pages) == {f"{id}.html" for id in library} | {"index.html", "style.css"}
    for id, card in library.items():
        assert f'href="{id}.html"' in pages["index.html"]
        assert card.source.split(",")[0].split("&")[0] in pages[f"{id}.html"]


def test_every_link_leads_to_a_page(pages: dict[str, str]) -> None:
    wanted = {link for text in pages.values() for link in re.findall(r'href="([^"]+)"', text)}
    assert wanted <= set(pages)


def test_every_equation_is_set(pages: dict[str, str]) -> None:
    count = 0
    for text in pages.values():
        for equation in re.findall(r"<math.*?</math>", text, re.DOTALL):
            count += 1
            words = "".join(ElementTree.fromstring(equation).itertext())
            assert words.strip()
            assert "\\" not in words
    assert count > 1500


def test_a_name_is_one_identifier(catalogue: ModuleType) -> None:
    from r2c.cir.parse import parse

    set_ = ElementTree.fromstring(str(catalogue.maths(parse("from_hour[j] + x"))))
    assert [part.text for part in set_.iter() if part.tag.endswith("mi")] == ["from_hour", "j", "x"]
