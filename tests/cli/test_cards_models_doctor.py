"""The commands about the installation: cards, models, doctor, and commands of other packages."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from running import ROOT, invoke, only_json
from typer.testing import CliRunner

from r2c.archetypes.index import INDEX_BUSY, CardIndex
from r2c.archetypes.load import standard_library
from r2c.cli import diagnosis, plugins
from r2c.cli.group import Root
from r2c.cli.main import app
from r2c.llm.embedded.encoder import NOT_FETCHED


def test_the_list_names_every_card() -> None:
    told = invoke("cards", "list").stdout
    listed = only_json(invoke("cards", "list", "--json").stdout)["cards"]
    assert [card["id"] for card in listed] == list(standard_library())
    assert [id for id in standard_library() if id not in told] == []


@pytest.mark.parametrize("id", list(standard_library()))
def test_every_card_can_be_shown(id: str) -> None:
    done = invoke("cards", "show", id, COLUMNS="80")
    assert done.exit_code == 0, done.output
    assert standard_library()[id].name in done.stdout
    assert "Written as" in done.stdout
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("sentence", "id"),
    [
        ("we cannot exceed the budget of 400 euros", "capacity_limit"),
        ("opening a depot incurs a fixed cost", "fixed_charge_activation"),
        ("stock at the end of each month", "inventory_balance"),
    ],
)
def test_a_sentence_finds_its_card_among_the_first_three(sentence: str, id: str) -> None:
    found = only_json(invoke("cards", "search", sentence, "--json").stdout)["cards"]
    assert id in [card["id"] for card in found[:3]]


def test_a_search_for_nothing_finds_nothing() -> None:
    for words in ("zzz", "the of and 42"):
        done = invoke("cards", "search", words)
        assert (done.exit_code, done.stdout) == (0, "")
        assert "r2c cards list" in done.stderr


def test_domains_are_listed_shown_and_recognised() -> None:
    listed = only_json(invoke("cards", "domains", "--json").stdout)["domains"]
    assert len(listed) == 8
    shown = invoke("cards", "domains", "energy", COLUMNS="80")
    assert "What is often left unsaid" in shown.stdout
    text = "The nurses of a hospital ward work in shifts."
    found = only_json(invoke("cards", "domains", "--about", text, "--json").stdout)["domains"]
    assert "healthcare" in [domain["id"] for domain in found[:2]]
    assert invoke("cards", "domains", "alchemy").exit_code == 2


def test_a_card_of_ones_own_is_begun_in_the_folder_of_the_setting(tmp_path: Path) -> None:
    done = invoke("cards", "new", "dock_limit", R2C_CARDS=str(tmp_path / "mine"))
    assert done.exit_code == 0, done.output
    assert Path(done.stdout.strip()) == tmp_path / "mine" / "resource" / "dock_limit.yaml"
    assert "r2c cards prove dock_limit" in " ".join(done.stderr.split())
    assert invoke("cards", "new", "dock_limit").exit_code == 2  # no folder


def test_lint_is_silent_on_the_knowledge_base_and_loud_on_a_broken_card(tmp_path: Path) -> None:
    fine = invoke("cards", "lint")
    assert (fine.exit_code, fine.output) == (0, "")
    text = (ROOT / "knowledge_base/cards/resource/capacity_limit.yaml").read_text("utf-8")
    broken = tmp_path / "capacity_limit.yaml"
    broken.write_text(text.replace("limit: use <= limit", "limit: use <= ceiling"), "utf-8")
    done = invoke("cards", "lint", str(broken))
    assert done.exit_code == 2
    assert "R2C-A010" in done.stderr
    assert "ceiling" in done.stderr
    assert invoke("cards", "lint", str(tmp_path / "none.yaml")).exit_code == 2


def test_a_card_is_proven_from_the_command_line() -> None:
    done = invoke("cards", "prove", "capacity_limit", "--instances", "1")
    assert done.exit_code == 0, done.output
    assert "✓ capacity_limit" in done.stdout


def test_models_tell_size_licence_and_state_without_fetching(tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    done = invoke("models", "list", "--json", R2C_CACHE_DIR=cache, R2C_MODEL="embedded")
    (model,) = only_json(done.stdout)["models"]
    assert model["licence"] == "Apache-2.0"
    assert model["megabytes"] > 1000
    assert (model["ready"], model["chosen"]) == (False, True)
    told = invoke("models", "list", R2C_CACHE_DIR=cache, R2C_MODEL="embedded").stdout
    assert "r2c models fetch" in told
    assert "No server" in invoke("models", "status", R2C_CACHE_DIR=cache).stdout
    assert "No server" in invoke("models", "stop", R2C_CACHE_DIR=cache).stderr
    assert not (tmp_path / "cache" / "weights").exists()


def test_an_endpoint_needs_no_download_and_cannot_be_served() -> None:
    endpoint = "http://127.0.0.1:9/v1#some-model"
    fetched = invoke("models", "fetch", R2C_MODEL=endpoint)
    assert (fetched.exit_code, fetched.stdout) == (0, "")
    assert "nothing to fetch" in fetched.stderr
    served = invoke("models", "serve", R2C_MODEL=endpoint)
    assert served.exit_code == 2
    assert "R2C-X113" in served.stderr


def test_doctor_solves_a_linear_program_and_tells_what_to_do(tmp_path: Path) -> None:
    variables = {"R2C_CACHE_DIR": str(tmp_path), "R2C_MODEL": "embedded"}
    done = invoke("doctor", "--json", **variables)
    checks = {check["subject"]: check for check in only_json(done.stdout)["checks"]}
    assert checks["solver"]["state"] == "ok"
    assert "2x2" in checks["solver"]["message"]
    assert checks["language model"]["state"] in ("note", "failed")
    assert checks["language model"]["remedy"]
    states = {check["state"] for check in checks.values()}
    assert done.exit_code == (7 if "failed" in states else 0)


def test_doctor_fails_on_a_dead_endpoint_and_on_a_broken_setting(tmp_path: Path) -> None:
    dead = invoke("doctor", R2C_CACHE_DIR=str(tmp_path), R2C_MODEL="http://127.0.0.1:9/v1#m")
    assert dead.exit_code == 7
    assert "failed  language model" in dead.stdout
    assert "do: " in dead.stdout
    wrong = invoke("doctor", R2C_CACHE_DIR=str(tmp_path), R2C_SAMPLES="many")
    assert wrong.exit_code == 7
    assert "R2C_SAMPLES" in wrong.stdout


def test_doctor_notes_an_encoder_that_is_there_and_cannot_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> CardIndex:
        raise INDEX_BUSY(folder=str(tmp_path), seconds=1)

    monkeypatch.setattr("r2c.pipeline.shelf.is_present", lambda _: True)
    monkeypatch.setattr("r2c.pipeline.shelf.find_index", busy)
    done = invoke("doctor", "--json", R2C_CACHE_DIR=str(tmp_path))
    (cards,) = [c for c in only_json(done.stdout)["checks"] if c["subject"] == "cards"]
    assert cards["state"] == "note"
    assert "R2C-A031" in cards["message"] and "cards search --meaning" in cards["remedy"]


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> diagnosis.Finding:
        raise RuntimeError("no cards today")

    monkeypatch.setattr(diagnosis, "_cards", broken)
    found = {finding.subject: finding for finding in diagnosis.diagnose()}
    assert found["cards"].state == "failed"
    assert "no cards today" in found["cards"].message


def mounted(monkeypatch: pytest.MonkeyPatch, value: str) -> typer.Typer:
    entries = [EntryPoint("bench", value, plugins.ROOT)]
    monkeypatch.setattr(plugins, "entry_points", lambda group: entries)
    fresh = typer.Typer(cls=Root)
    fresh.callback()(lambda: None)
    plugins.mount(fresh, plugins.ROOT)
    return fresh


def test_a_package_adds_its_command_by_an_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(mounted(monkeypatch, "r2c.cli.cards:app"), ["bench", "list"])
    assert done.exit_code == 0
    assert "capacity_limit" in done.stdout


@pytest.mark.parametrize("value", ["no_such_package.command:app", "r2c.cli.faults:USAGE"])
def test_a_package_that_does_not_load_costs_only_its_command(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = mounted(monkeypatch, value)
    assert CliRunner().invoke(fresh, ["--help"]).exit_code == 0
    done = CliRunner().invoke(fresh, ["bench", "run", "--ids", "x"])
    assert done.exit_code == 7
    assert "R2C-X111" in done.stderr


@pytest.mark.parametrize(
    ("value", "told"), [("r2c.cli.jobs:list_jobs", "jobs"), ("no_such_package:serve", "embedded")]
)
def test_a_package_may_widen_a_command_and_one_that_does_not_load_leaves_it(
    value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [EntryPoint("serve", value, plugins.MODELS)]
    monkeypatch.setattr(plugins, "entry_points", lambda group: entries)
    fresh = typer.Typer(cls=Root)
    fresh.callback()(lambda: None)

    @fresh.command("serve")
    def plain() -> None:
        """Serve the embedded model."""

    plugins.mount(fresh, plugins.MODELS)
    help_page = CliRunner().invoke(fresh, ["serve", "--help"]).stdout
    assert told in help_page
    assert len(fresh.registered_commands) == 1


def test_every_command_has_help_with_an_example_of_what_it_takes() -> None:
    for name in ("formulate", "solve", "explain", "export", "cards", "jobs", "models", "doctor"):
        done = CliRunner().invoke(app, [name, "--help"])
        assert done.exit_code == 0
        assert "Usage: " in done.stdout


def test_the_model_is_fetched_and_told_even_if_the_encoder_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreachable(*_: object) -> None:
        raise NOT_FETCHED(reason="No index answers.")

    monkeypatch.setattr("r2c.llm.embedded.encoder.find_encoder", unreachable)
    monkeypatch.setattr("r2c.llm.embedded.find.find_weights", lambda *_: Path("/model.gguf"))
    done = invoke("models", "fetch", "--quiet", R2C_MODEL="embedded")
    assert (done.exit_code, done.stdout) == (0, "/model.gguf\n")
    assert "words alone" in done.stderr
    assert invoke("models", "fetch", "--encoder", "-q", R2C_MODEL="embedded").exit_code != 0
