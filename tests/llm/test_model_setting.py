"""One setting names the model, and every wrong one is told what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from r2c.errors import InputError, LanguageModelError
from r2c.llm.endpoint import Embedded, GgufFile, Remote, parse_model
from r2c.settings import Settings, default_cache_dir, load_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("R2C_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("embedded", Embedded()),
        (" Embedded ", Embedded()),
        ("http://localhost:8000/v1#qwen", Remote("http://localhost:8000/v1", "qwen")),
        ("https://api.example.com/v1/#org/name", Remote("https://api.example.com/v1", "org/name")),
        ("http://[::1]:8000/v1", Remote("http://[::1]:8000/v1", None)),
        ("http://h/v1#a%20b", Remote("http://h/v1", "a b")),
        (
            "http://h/v1#base;objective=goal;rules=a%3Bb",
            Remote("http://h/v1", "base", (("rules", "a;b"), ("objective", "goal"))),
        ),
        ("http://h/v1#;rules=r", Remote("http://h/v1", None, (("rules", "r"),))),
    ],
)
def test_the_setting_is_understood(setting: str, expected: object) -> None:
    assert parse_model(setting) == expected


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("gpt-9", "no such file"),
        ("/no/such/model.gguf", "no such file"),
        ("ftp://host/v1", "not http"),
        ("http:///v1", "not http"),
        ("http://host:99999/v1", "Port"),
        ("http://host/v1?key=1", "query"),
        ("http://user:hunter2@host/v1", "R2C_API_KEY"),
        ("http://host/v1#m;mapper=x", "'sets', 'decisions'"),
        ("http://host/v1#m;rules=", "needs one model"),
        ("http://host/v1#m;rules=a;rules=b", "needs one model"),
    ],
)
def test_a_wrong_setting_is_told_why(setting: str, told: str) -> None:
    with pytest.raises(LanguageModelError) as caught:
        parse_model(setting)
    assert caught.value.code == "R2C-L030"
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_local_weights_file_is_taken_if_it_is_one(tmp_path: Path) -> None:
    good = tmp_path / "m.gguf"
    good.write_bytes(b"GGUF....")
    bad = tmp_path / "page.gguf"
    bad.write_bytes(b"<html>")
    assert parse_model(str(good)) == GgufFile(good.resolve())
    with pytest.raises(LanguageModelError) as caught:
        parse_model(str(bad))
    assert caught.value.code == "R2C-L031"
    with pytest.raises(LanguageModelError) as caught:
        parse_model(str(tmp_path))
    assert caught.value.code == "R2C-L031"


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "r2c.toml"
    file.write_text('samples = 7\nsolve_seconds = 5\nmodel = "http://h/v1"\n')
    monkeypatch.setenv("R2C_CONFIG", str(file))
    monkeypatch.setenv("R2C_SAMPLES", "3")
    monkeypatch.setenv("R2C_API_KEY", "sk-1")
    settings = load_settings()
    assert (settings.samples, settings.solve_seconds, settings.model) == (3, 5.0, "http://h/v1")
    assert settings.retries == Settings().retries
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-1"
    assert "sk-1" not in repr(settings)
    assert type(settings) is Settings


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("R2C_SAMPLES", "")
    assert load_settings().samples == Settings().samples


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("R2C_SAMPLES", "many"),
        ("R2C_SAMPLES", "0"),
        ("R2C_REQUEST_SECONDS", "-1"),
        ("R2C_CAPABILITY", "magic"),
    ],
)
def test_an_invalid_setting_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert caught.value.code == "R2C-X002"
    assert variable in str(caught.value)


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        ("samples = ", "R2C-X001", "Invalid value"),
        ("sampels = 3", "R2C-X003", "'sampels'"),
        (None, "R2C-X001", "No such file"),
    ],
)
def test_a_wrong_file_is_told_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, code: str, told: str
) -> None:
    file = tmp_path / "r2c.toml"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("R2C_CONFIG", str(file))
    with pytest.raises(InputError) as caught:
        load_settings()
    assert caught.value.code == code
    assert told in str(caught.value)


def test_the_cache_follows_xdg_unless_it_is_relative(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere/else")
    assert default_cache_dir() == Path("/somewhere/else/r2c")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_cache_dir() == Path.home() / ".cache" / "r2c"
