"""Cards of one's own on the command line: linted with R2C's, marked wherever one is used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from running import EXAMPLES, invoke, only_json, write_cir
from typer.testing import Result

import r2c.archetypes.load
from r2c.archetypes.start import start_card
from r2c.formulation import Formulation

STAFFING = str(EXAMPLES / "staffing.cir.json")
BAKERY = str(EXAMPLES / "bakery.cir.json")
OWN = "(a card of your own)"
SHADOW = "(a card of your own in place of R2C's)"


@pytest.fixture(autouse=True)
def forget():
    """The cards of a process are read once; the next test is to look for itself."""
    yield
    r2c.archetypes.load._standard.cache_clear()


def fresh(*arguments: str, cards: Path | None = None) -> Result:
    """What a command says that looks for its cards itself."""
    r2c.archetypes.load._standard.cache_clear()
    variables = {} if cards is None else {"R2C_CARDS": str(cards)}
    return invoke(*arguments, **variables)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder with a new card, and one that says at least where R2C's says at most."""
    folder = tmp_path / "mine"
    start_card("dock_limit", "capacity_limit", folder)
    path = start_card("capacity_limit", "capacity_limit", folder, shadow=True)
    text = path.read_text(encoding="utf-8")
    # Its usual error is the other side as well.
    turned = {"use <= limit": "use >= limit", "use >= limit": "use <= limit"}
    text = re.sub("|".join(turned), lambda match: turned[match[0]], text)
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def docks(tmp_path: Path) -> str:
    return write_cir(
        tmp_path,
        decisions=[{"name": "ships"}],
        rules=[
            {"id": "docks", "archetype": "dock_limit", "operands": {"use": "ships", "limit": "7"}}
        ],
        objectives=[{"sense": "max", "expr": "ships"}],
    )


@pytest.mark.parametrize("id", ["dock_limit", "capacity_limit"])
def test_a_folder_is_in_order_as_soon_as_a_card_is_begun_in_it(tmp_path: Path, id: str) -> None:
    more = ("--shadow",) if id == "capacity_limit" else ()
    begun = fresh("cards", "new", id, "--to", str(tmp_path / "mine"), *more)
    assert begun.exit_code == 0, begun.output
    assert ("takes the place of R2C's capacity_limit" in words(begun.stderr)) == bool(more)
    for folder in (tmp_path / "mine", tmp_path / "mine" / "resource"):
        done = fresh("cards", "lint", str(folder))
        assert (done.exit_code, done.output) == (0, "")
    assert fresh("cards", "lint", cards=tmp_path / "mine").output == ""


def test_every_fault_of_a_folder_is_told(tmp_path: Path) -> None:
    path = start_card("dock_limit", "capacity_limit", tmp_path)
    text = path.read_text(encoding="utf-8").replace("ratio_percentage_share", "ratio_of_docks")
    path.write_text(text.replace("limit: use <= limit", "limit: use <= ceiling"), encoding="utf-8")
    done = fresh("cards", "lint", str(tmp_path))
    assert done.exit_code == 2
    assert "ratio_of_docks" in done.stderr and "R2C-A010" in done.stderr
    assert fresh("cards", "lint", cards=tmp_path).stderr == done.stderr


def test_lint_tells_which_cards_take_the_place_of_those_of_r2c(mine: Path) -> None:
    file = mine / "resource" / "capacity_limit.yaml"
    for done in (fresh("cards", "lint", str(mine)), fresh("cards", "lint", cards=mine)):
        assert (done.exit_code, done.stdout) == (0, "")
        assert words(done.stderr) == f"Your card {file} takes the place of R2C's capacity_limit."
    assert fresh("cards", "lint", str(file)).output == ""


def test_a_folder_without_a_card_is_told_and_so_is_a_file_that_is_overlooked(
    tmp_path: Path,
) -> None:
    done = fresh("cards", "lint", str(tmp_path))
    assert (done.exit_code, "R2C-A072" in done.stderr) == (2, True)
    (tmp_path / "dock_limit.yml").write_text("id: dock_limit", encoding="utf-8")
    for done in (fresh("cards", "lint", str(tmp_path)), fresh("cards", "list", cards=tmp_path)):
        assert (done.exit_code, done.stdout, "R2C-A070" in done.stderr) == (2, "", True)


def test_lists_and_pages_mark_cards_of_ones_own(mine: Path) -> None:
    listed = fresh("cards", "list", "--json", cards=mine)
    origins = {card["id"]: card["origin"] for card in only_json(listed.stdout)["cards"]}
    marked = {id: origin for id, origin in origins.items() if origin != "r2c"}
    assert marked == {"dock_limit": "own", "capacity_limit": "shadow"}
    page = words(fresh("cards", "list", cards=mine).stdout)
    assert page.count("a card of your own") == 2
    assert "a card of your own" not in fresh("cards", "list").stdout
    for id, path in (("dock_limit", mine / "resource" / "dock_limit.yaml"), ("linear", None)):
        shown = fresh("cards", "show", id, cards=mine).stdout
        assert ("A card of your own" in shown) == (path is not None)
        assert path is None or str(path) in shown.replace("\n", "")
    told = only_json(fresh("cards", "show", "capacity_limit", "--json", cards=mine).stdout)
    assert (told["origin"], told["id"]) == ("shadow", "capacity_limit")


def test_an_answer_says_at_the_rule_that_its_card_is_ones_own(mine: Path, docks: str) -> None:
    for command in ("solve", "explain"):
        page = words(fresh(command, docks, cards=mine).stdout)
        assert f"dock limit {OWN}" in page
        page = words(fresh(command, STAFFING, cards=mine).stdout)
        assert f"capacity limit {SHADOW}" in page
        assert "early + late ≥ 18" in page or "late shift is at least 18" in page
        assert "minimum requirement (" not in page
        assert "a card of your own" not in fresh(command, STAFFING).stdout


def test_a_saved_answer_says_which_cards_of_ones_own_there_were(
    mine: Path, docks: str, tmp_path: Path
) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(fresh("solve", docks, "--json", cards=mine).stdout, encoding="utf-8")
    answer = Formulation.model_validate(json.loads(saved.read_text(encoding="utf-8")))
    own = answer.manifest["own_cards"]
    assert isinstance(own, dict) and own.keys() == {"dock_limit", "capacity_limit"}
    assert fresh("explain", str(saved), cards=mine).stderr == ""
    card = mine / "resource" / "dock_limit.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    for command in (["explain", str(saved)], ["whatif", str(saved), "ships <= 3"]):
        done = fresh(*command, cards=mine)
        assert done.exit_code == 0, done.output
        assert "note R2C-A073" in done.stderr and "dock_limit" in done.stderr
    plain = tmp_path / "plain.json"
    plain.write_text(fresh("solve", BAKERY, "--json").stdout, encoding="utf-8")
    assert fresh("explain", str(plain), cards=mine).stderr == ""


def saved_bakery(tmp_path: Path) -> str:
    path = tmp_path / "bakery.json"
    path.write_text(fresh("solve", BAKERY, "--json").stdout, encoding="utf-8")
    return str(path)


def test_a_folder_of_cards_that_is_not_there_is_told_before_anything_is_printed(
    tmp_path: Path,
) -> None:
    saved = saved_bakery(tmp_path)
    for command in (
        ["solve", BAKERY],
        ["explain", BAKERY],
        ["explain", saved],
        ["whatif", saved, "loaves <= 3"],
        ["whynot", BAKERY, "loaves >= 30"],
        ["formulate", str(EXAMPLES / "bakery.txt")],
        ["answer", "any-job"],
    ):
        done = fresh(*command, cards=tmp_path / "none")
        assert (done.exit_code, done.stdout) == (2, ""), command
        assert done.stderr.startswith("error R2C-A006: "), command


def test_a_card_that_cannot_be_used_is_told_before_anything_is_printed(
    mine: Path, docks: str
) -> None:
    card = mine / "resource" / "dock_limit.yaml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("limit: use <= limit", "limit: use <= ceiling"), encoding="utf-8")
    for command in ("solve", "explain"):
        done = fresh(command, docks, cards=mine)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith("error R2C-A010: ")
        assert fresh(command, BAKERY, cards=mine).exit_code == 0
