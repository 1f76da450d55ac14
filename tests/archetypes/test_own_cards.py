"""Cards of one's own add to those of R2C or shadow them, and are held to the same rules."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

import r2c.archetypes.load
from r2c.archetypes.load import Library, further_cards, standard_library
from r2c.archetypes.start import start_card
from r2c.errors import CardError
from r2c.resources import knowledge_base
from r2c.solve.prove import prove

CARDS = knowledge_base().joinpath("cards")


@pytest.fixture(autouse=True)
def forget():
    r2c.archetypes.load._standard.cache_clear()
    yield
    r2c.archetypes.load._standard.cache_clear()


def test_a_begun_card_is_in_order_and_proves_itself(tmp_path: Path) -> None:
    path = start_card("dock_limit", "capacity_limit", tmp_path)
    assert path == tmp_path / "resource" / "dock_limit.yaml"
    library = Library(CARDS, tmp_path)
    assert library["dock_limit"].name == "Dock limit"
    assert library["dock_limit"].phrasings == ()
    assert prove(library["dock_limit"], library, 2).proven


def test_the_setting_adds_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(standard_library())
    start_card("dock_limit", "capacity_limit", tmp_path)
    r2c.archetypes.load._standard.cache_clear()
    monkeypatch.setenv("R2C_CARDS", str(tmp_path))
    assert set(standard_library()) == before | {"dock_limit"}


def test_a_card_of_ones_own_takes_the_place_of_another(tmp_path: Path) -> None:
    text = CARDS.joinpath("resource", "capacity_limit.yaml").read_text(encoding="utf-8")
    (tmp_path / "resource").mkdir()
    own = tmp_path / "resource" / "capacity_limit.yaml"
    own.write_text(text.replace("name: Capacity limit", "name: Our limit"), encoding="utf-8")
    assert Library(CARDS, tmp_path)["capacity_limit"].name == "Our limit"
    assert Library(CARDS)["capacity_limit"].name != "Our limit"


def test_a_card_beside_the_families_is_a_card_too(tmp_path: Path) -> None:
    path = start_card("dock_limit", "capacity_limit", tmp_path)
    path.rename(tmp_path / "dock_limit.yaml")
    path.parent.rmdir()
    library = Library(CARDS, tmp_path)
    assert library["dock_limit"].family == "resource"
    assert library.path("dock_limit") == str(tmp_path / "dock_limit.yaml")
    with further_cards(tmp_path):
        assert "dock_limit" in standard_library()


def test_a_card_beside_the_families_must_have_the_id_that_its_file_says(tmp_path: Path) -> None:
    start_card("dock_limit", "capacity_limit", tmp_path).rename(tmp_path / "crane_limit.yaml")
    library = Library(CARDS, tmp_path)
    with pytest.raises(CardError, match=r"'crane_limit\.yaml'") as caught:
        library["crane_limit"]
    assert caught.value.code == "R2C-A004"


def test_two_files_of_one_archetype_are_refused(tmp_path: Path) -> None:
    path = start_card("dock_limit", "capacity_limit", tmp_path)
    (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(CardError) as caught:
        Library(CARDS, tmp_path)
    assert caught.value.code == "R2C-A003"
    assert "resource/dock_limit.yaml" in str(caught.value)


def test_a_pipe_named_as_a_card_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "dock_limit.yaml")
    with pytest.raises(CardError, match="not an ordinary file") as caught:
        Library(CARDS, tmp_path)
    assert caught.value.code == "R2C-A070"


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("dock_limit.yml", "`.yml`"),
        ("resource/dock_limit.YAML", "`.YAML`"),
        ("mine/resource/dock_limit.yaml", "too deep"),
    ],
)
def test_a_file_that_would_be_overlooked_is_refused(
    tmp_path: Path, place: str, reason: str
) -> None:
    begun = start_card("dock_limit", "capacity_limit", tmp_path / "begun")
    target = tmp_path / "cards" / place
    target.parent.mkdir(parents=True)
    begun.rename(target)
    with pytest.raises(CardError) as caught:
        Library(CARDS, tmp_path / "cards")
    assert caught.value.code == "R2C-A070"
    assert place in caught.value.fault.what and reason in caught.value.fault.what


def test_what_an_editor_hides_and_what_is_no_card_is_left_alone(tmp_path: Path) -> None:
    start_card("dock_limit", "capacity_limit", tmp_path)
    (tmp_path / ".git").mkdir()
    for name in (".git/hooks.yaml", ".#dock_limit.yaml", "resource/._dock_limit.yaml", "notes.md"):
        (tmp_path / name).write_text("none", encoding="utf-8")
    assert Library(CARDS, tmp_path).own == {"dock_limit"}


def test_a_library_says_whose_a_card_is_and_what_its_file_was(tmp_path: Path) -> None:
    start_card("dock_limit", "capacity_limit", tmp_path)
    shadow = start_card("capacity_limit", "capacity_limit", tmp_path, shadow=True)
    library = Library(CARDS, tmp_path)
    told = [library.origin(id) for id in ("linear", "dock_limit", "capacity_limit")]
    assert told == ["r2c", "own", "shadow"]
    before = library.own_digests
    assert before.keys() == {"dock_limit", "capacity_limit"}
    shadow.write_text(shadow.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    after = Library(CARDS, tmp_path).own_digests
    assert after["dock_limit"] == before["dock_limit"]
    assert after["capacity_limit"] != before["capacity_limit"]


def test_a_shadow_begins_as_the_card_whose_place_it_takes(tmp_path: Path) -> None:
    path = start_card("capacity_limit", "capacity_limit", tmp_path, shadow=True)
    assert path.read_bytes() == CARDS.joinpath("resource", path.name).read_bytes()
    library = Library(CARDS, tmp_path)
    assert prove(library["capacity_limit"], library, 2).proven
    with pytest.raises(CardError, match="edit that card") as caught:
        start_card("capacity_limit", "capacity_limit", tmp_path, shadow=True)
    assert caught.value.code == "R2C-A050"


def test_a_shadow_may_begin_as_another_card(tmp_path: Path) -> None:
    start_card("capacity_limit", "minimum_requirement", tmp_path, shadow=True)
    library = Library(CARDS, tmp_path)
    assert library.origin("capacity_limit") == "shadow"
    assert library["capacity_limit"].meaning == library["minimum_requirement"].meaning


def test_only_a_card_of_r2c_can_be_shadowed(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="capacity_limit") as caught:
        start_card("capacity_limits", "capacity_limit", tmp_path, shadow=True)
    assert caught.value.code == "R2C-A071"
    assert list(tmp_path.iterdir()) == []


def test_a_card_of_ones_own_that_breaks_a_rule_is_refused_when_it_is_read(tmp_path: Path) -> None:
    path = start_card("dock_limit", "capacity_limit", tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("use <= limit", "use <= ceiling"), encoding="utf-8")
    library = Library(CARDS, tmp_path)
    assert library["capacity_limit"].id == "capacity_limit"
    with pytest.raises(CardError) as caught:
        library["dock_limit"]
    assert caught.value.code == "R2C-A010"


def test_a_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("R2C_CARDS", "/nowhere/at/all")
    with pytest.raises(CardError) as caught:
        standard_library()
    assert caught.value.code == "R2C-A006"


@pytest.mark.parametrize(
    ("id", "better"),
    [("Dock limit", "dock_limit"), ("1dock", "dock"), ("x", "x_rule"), ("q2", "q2_rule"),
     ("../dock", "dock"), ("", "my_rule"), ("_", "my_rule"), ("42", "my_rule"), ("Größe", "gr_e"),
     ("a" * 65, "a" * 64), ("a" * 63 + " limit", "a" * 63)],
)  # fmt: skip
def test_an_id_that_is_no_name_is_refused_and_the_one_advised_is_not(
    tmp_path: Path, id: str, better: str
) -> None:
    with pytest.raises(CardError) as caught:
        start_card(id, "capacity_limit", tmp_path)
    assert caught.value.code == "R2C-A051"
    assert f"such as '{better}'" in caught.value.fault.remedy
    assert "3 to 64" in caught.value.fault.why
    assert list(tmp_path.iterdir()) == []
    assert start_card(better, "capacity_limit", tmp_path).stem == better


def test_a_card_that_is_there_is_left_alone(tmp_path: Path) -> None:
    like = "capacity_limit"
    path = start_card("dock_limit", like, tmp_path)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(CardError) as caught:
        start_card("dock_limit", like, tmp_path)
    assert (caught.value.code, path.read_text(encoding="utf-8")) == ("R2C-A050", "mine")


@pytest.mark.parametrize("id", ["exact_balance_requirement", "capacity_limit"])
def test_a_card_of_r2c_is_not_shadowed_by_mistake(tmp_path: Path, id: str) -> None:
    with pytest.raises(CardError) as caught:
        start_card(id, "capacity_limit", tmp_path)
    assert caught.value.code == "R2C-A050"
    assert "--shadow" in caught.value.fault.remedy


def test_the_same_id_is_refused_in_another_family(tmp_path: Path) -> None:
    start_card("dock_limit", "capacity_limit", tmp_path)
    with pytest.raises(CardError) as caught:
        start_card("dock_limit", "precedence", tmp_path)
    assert caught.value.code == "R2C-A050"


def test_there_must_be_a_card_to_start_from(tmp_path: Path) -> None:
    with pytest.raises(CardError) as caught:
        start_card("dock_limit", "capacity", tmp_path)
    assert caught.value.code == "R2C-A005"


@pytest.mark.parametrize("like", ["linear", "makespan_measure", "subtour_elimination"])
def test_a_copy_changes_names_and_no_words(tmp_path: Path, like: str) -> None:
    path = start_card("my_rule", like, tmp_path)
    library = Library(CARDS, tmp_path)
    assert library["my_rule"].meaning == library[like].meaning
    assert path.parent.name == library[like].family


async def test_further_cards_are_there_for_a_block_and_what_it_starts_alone(tmp_path: Path) -> None:
    before = standard_library()
    start_card("dock_limit", "capacity_limit", tmp_path)

    async def known() -> bool:
        return "dock_limit" in standard_library() and await asyncio.to_thread(
            lambda: "dock_limit" in standard_library()
        )

    with further_cards(tmp_path):
        inside = asyncio.create_task(known())
        assert standard_library() is standard_library()
        start_card("crane_limit", "capacity_limit", tmp_path)
        assert "crane_limit" in standard_library()
    assert await inside and not await known()
    assert standard_library() is before
    with further_cards(tmp_path / "none"):
        assert standard_library() is before
