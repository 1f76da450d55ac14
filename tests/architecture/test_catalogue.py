"""The catalogue has a page for every card, with equations that are set and links that lead on."""

from __future__ import annotations

import html
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from r2c.archetypes.card import Example
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
    for text in pages.values():
        for link in re.findall(r'href="([^"]+)"', text):
            assert f'id="{link[1:]}"' in text if link.startswith("#") else link in pages, link


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


def text_of(page: str, start: str, end: str) -> str:
    """What a reader sees of a part of a page, without tags and with single blanks."""
    part = page[page.index(start) : page.index(end, page.index(start))]
    part = re.sub(r"</?(?:td|th|tr|div|p|table)\b[^>]*>", " ", part)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", part)).split())


def test_the_algebra_of_an_example_is_set_as_equations(pages: dict[str, str]) -> None:
    for id, card in standard_library().items():
        shown = re.findall(r'<div class="algebra">.*?</div>', pages[f"{id}.html"], re.DOTALL)
        assert len(shown) == len(card.examples)
        for example, part in zip(card.examples, shown, strict=True):
            assert "<code>" not in part
            words = re.sub(r"<math.*?</math>", "", part, flags=re.DOTALL)
            words = html.unescape(re.sub(r"<[^>]+>", "", words))
            assert not re.search(r"[<>=!]=|\*|\w\[", words), (id, words)
            indexed = re.findall(r"\w\[", example.algebra)
            assert len(re.findall("<msub>", part)) >= len(indexed), (id, example.algebra)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("use[d] <= docks[d] for each depot d", [["use[d] <= docks[d]", "d"]]),
        ("a <= M*b, cost + 20*b", [["a <= M*b"], ["cost + 20*b"]]),
        ("number of non-zero purchases <= 3", [[]]),
        ("lit[d] == 1 and x[d] == 0", [["lit[d] == 1", "x[d] == 0"]]),
        ("on the line through (0, 0), (100, 900)", [["(0, 0)", "(100, 900)"]]),
        ("at least two of a >= 20, b >= 8", [["a >= 20", "b >= 8"]]),
        ("oats or barley for van v and day d", [[]]),
    ],
)
def test_what_is_algebra_and_what_is_words(
    catalogue: ModuleType, text: str, told: list[list[str]]
) -> None:
    example = Example.model_validate(
        {"sentence": "x", "operands": {"use": "a + b"}, "algebra": text}
    )
    lines = sys.modules[catalogue.algebra.__module__].lines(example)
    assert [[part.text for part in line if part.expr is not None] for line in lines] == told


def test_a_page_shows_the_instance_and_how_its_optimum_is_proved(pages: dict[str, str]) -> None:
    for id, card in standard_library().items():
        page = pages[f"{id}.html"]
        told = text_of(page, '<div class="panel instance">', "<h2>Usual errors")
        cir = card.instance.cir
        declared = [*(s.name for s in cir.sets), *(p.name for p in cir.parameters)]
        for name in [*declared, *(decision.name for decision in cir.decisions)]:
            assert name in told, (id, name)
        assert len(re.findall(r"\bgoal\b", told)) >= len(cir.objectives)
        assert f"optimum {card.instance.optimum:g}".replace("-", "−") in told
        assert f"r2c cards prove {id} tries every plan" in told
        assert "R2C writes it as" in told


def test_the_numbers_of_an_instance_are_all_there(pages: dict[str, str]) -> None:
    told = text_of(
        pages["vehicle_capacity_on_routes.html"], '<div class="panel instance">', "<h2>U"
    )
    assert "Roads (hub, a), (a, hub)" in told
    assert "km hub a b c hub 0 4 5 6 a 4 0 1 9 b 5 1 0 1 c 6 9 1 0" in told
    assert "bags a 1 b 2 c 1" in told
    assert "numbers room 3" in told


def test_a_page_says_which_method_adds_rows(pages: dict[str, str]) -> None:
    count = 0
    for id, card in standard_library().items():
        for paradigm in card.paradigms:
            section = text_of(pages[f"{id}.html"], f'<section id="{paradigm.name}">', "</section>")
            if paradigm.method is None:
                assert "by the method" not in section
                continue
            count += 1
            about = importlib.import_module(f"r2c.model.paradigms.{paradigm.method}").__doc__
            assert about is not None
            assert f"by the method {paradigm.method}: {about.splitlines()[0]}" in section
    assert count >= 2


def test_several_ways_are_compared_in_a_table(pages: dict[str, str]) -> None:
    for id, card in standard_library().items():
        page = pages[f"{id}.html"]
        if len(card.paradigms) == 1:
            assert '<table class="ways">' not in page
            continue
        table = page[page.index('<table class="ways">') :].split("</table>")[0]
        rows = re.findall(r'<tr><td data-label="Way">.*?</tr>', table, re.DOTALL)
        assert len(rows) == len(card.paradigms)
        firsts = []
        for paradigm, row in zip(card.paradigms, rows, strict=True):
            assert f'href="#{paradigm.name}"' in row
            assert f">{paradigm.relation}</span>" in row
            assert all(f"{item.check}(" not in row for item in paradigm.preconditions)
            assert ("always possible" in row) == (not paradigm.preconditions)
            assert "variables: " in row and "rows: " in row
            if re.search('takes it">first', row):
                firsts.append(paradigm)
        assert firsts and all(paradigm.relation == "exact" for paradigm in firsts)


def test_the_table_tells_bounds_conditions_and_order(pages: dict[str, str]) -> None:
    table = text_of(pages["knapsack_selection.html"], '<table class="ways">', "</table>")
    assert "row exact the true optimum each of choices is a yes-or-no choice" in table
    assert "choices has at most 60 members variables: 0 rows: |choices| + 1" in table
    assert "second if small, not possible if large" in table
    assert "divisible relaxation a bound: at or below a minimum, at or above a maximum" in table


def test_the_order_in_the_table_is_the_one_that_r2c_takes(catalogue: ModuleType) -> None:
    ways = sys.modules[catalogue.ways.__module__]
    told = {way.paradigm.name: way.turn for way in ways.ways(standard_library()["network_design"])}
    assert told == {
        "aggregated": "second if small, first if large",
        "disaggregated": "first if small, second if large",
    }
