"""Cards come from files; a bad file says which line is wrong and never costs much."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.archetypes.load import Library, closest, read_card, standard_library
from r2c.archetypes.yaml_file import MAX_BYTES, read_yaml
from r2c.errors import CardError
from r2c.resources import knowledge_base

CARD = knowledge_base().joinpath("cards", "structure", "linear.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id: a\nname: b\nid: c\n", 3, "'id' is twice"),
        ("id: &x a\nname: *x\n", 1, "alias"),
        ("id: [a\nname: b\n", 2, "expected"),
        ("id: !!python/object/apply:os.system ['true']\n", 1, "constructor"),
        ("id: 'a\n", 2, "end of stream"),
        ("# " + "x" * MAX_BYTES, 1, "bytes"),
    ],
)
def test_a_file_that_is_not_plain_yaml_is_refused_with_its_line(text, line, words):
    with pytest.raises(CardError) as caught:
        read_yaml(text.encode(), "bad.yaml")
    assert caught.value.code == "R2C-A001"
    assert caught.value.fault.details["line"] == line
    assert words in str(caught.value)


def test_a_file_that_is_not_text_is_refused():
    with pytest.raises(CardError, match="utf-8"):
        read_yaml(b"\xff\xfe\x00", "bad.yaml")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("family: structure", "family: structures", "family"),
        ("    kind: relation", "    kind: relations", "roles.0.kind"),
        ("holds: relation", "holds: relation <= =", "holds.holds"),
        ("    tightness: 9", "    tightness: 10", "paradigms.0.tightness"),
        ("meaning: >-", "nonsense: 1\nmeaning: >-", "nonsense"),
    ],
)
def test_a_card_that_breaks_the_schema_is_refused_with_its_line(old, new, where):
    text = CARD.replace(old, new, 1)
    changed = next(
        number
        for number, (a, b) in enumerate(
            zip(CARD.splitlines(), text.splitlines(), strict=False), start=1
        )
        if a != b
    )
    with pytest.raises(CardError) as caught:
        read_card(text.encode(), "linear.yaml")
    details = caught.value.fault.details
    assert (caught.value.code, details["where"], details["line"]) == ("R2C-A002", where, changed)


def put(root: Path, family: str, name: str, text: str = CARD) -> None:
    (root / family).mkdir(parents=True, exist_ok=True)
    (root / family / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_card_in_two_families_is_refused(tmp_path):
    put(tmp_path, "structure", "linear")
    put(tmp_path, "logic", "linear")
    with pytest.raises(CardError) as caught:
        Library(tmp_path)
    assert caught.value.code == "R2C-A003"


@pytest.mark.parametrize(("family", "name"), [("logic", "linear"), ("structure", "straight")])
def test_a_card_in_the_wrong_place_is_refused(tmp_path, family, name):
    put(tmp_path, family, name)
    with pytest.raises(CardError) as caught:
        Library(tmp_path)[name]
    assert caught.value.code == "R2C-A004"


def test_a_later_folder_adds_cards_and_takes_the_place_of_earlier_ones(tmp_path):
    put(tmp_path, "structure", "linear", CARD.replace("Plain linear relation", "Our own line"))
    mine = CARD.replace("id: linear", "id: mine").replace("archetype: linear", "archetype: mine")
    put(tmp_path, "structure", "mine", mine)
    library = Library(knowledge_base().joinpath("cards"), tmp_path)
    assert library["linear"].name == "Our own line"
    assert library["mine"].id == "mine"
    assert set(standard_library()) < set(library)


def test_the_library_is_sorted_and_reads_a_card_only_when_asked(tmp_path):
    put(tmp_path, "structure", "linear")
    put(tmp_path, "logic", "broken", "nonsense")
    library = Library(tmp_path)
    assert list(library) == ["broken", "linear"]
    assert library["linear"] is library["linear"]
    with pytest.raises(CardError):
        library["broken"]


def test_an_unknown_archetype_is_answered_with_close_ones():
    library = standard_library()
    assert "capacity_limit" in closest("capacity", library)
    assert "fixed_charge" not in library
    with pytest.raises(KeyError):
        library["fixed_charge"]
