"""The image and the composition name what there is: files, locks, settings, volumes, secrets."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from r2c.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docker"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
OWN_VARIABLES = {"R2C_CONFIG"}
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY$|DATABASE")


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the Dockerfile with its words, continued lines joined."""
    whole = re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.strip() for line in whole.splitlines() if line.strip()]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    found = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def pins() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pins", FOLDER / "pins.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copied() -> set[str]:
    """What the image takes from the checkout."""
    found = set()
    for name, words in instructions():
        if name == "COPY" and not words.startswith("--from"):
            found |= set(words.split()[:-1])
    return found


def test_everything_that_the_image_copies_is_there_and_not_ignored() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in allowed
    assert copied() == {line[1:] for line in allowed if line.startswith("!")}
    assert [path for path in copied() if not (ROOT / path).exists()] == []


def test_the_image_has_everything_that_the_wheel_takes() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = told["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"]} <= copied()


def test_the_image_is_pinned_runs_as_nobody_else_and_is_asked_for_its_health() -> None:
    given = instructions()
    bases = [words for name, words in given if name == "FROM"]
    assert bases and all("python:${PYTHON}" in base for base in bases)
    (pin,) = [words for name, words in given if name == "ARG"]
    assert re.fullmatch(r"PYTHON=3\.\d+\.\d+-slim-[a-z]+", pin)
    last = max(place for place, (name, _) in enumerate(given) if name == "FROM")
    final = given[last:]
    (user,) = [words for name, words in final if name == "USER"]
    assert int(user.split(":")[0]) > 1000
    (health,) = [words for name, words in final if name == "HEALTHCHECK"]
    assert "curl" not in health and "/healthz" in health
    assert not any("build-essential" in words or "gcc" in words for _, words in final)


def test_the_packages_of_the_image_are_locked_with_hashes(pins: ModuleType) -> None:
    told = next(words for _, words in instructions() if "docker/pins.py lock/dev.txt" in words)
    names = told.split("lock/dev.txt", 1)[1].split(">")[0].split()
    assert {"psycopg", "psycopg-binary", "psycopg-pool"} <= set(names)
    lock = (ROOT / "lock" / "dev.txt").read_text(encoding="utf-8")
    runtime = (ROOT / "lock" / "runtime.txt").read_text(encoding="utf-8")
    for name in names:
        block = list(pins.pins(lock, [name]))
        assert block[0].startswith(f"{name}==") and "--hash=sha256:" in block[1]
        assert f"\n{name}==" not in runtime
    with pytest.raises(KeyError):
        list(pins.pins(lock, ["no-such-package"]))
    assert "--require-hashes" in DOCKERFILE


def test_every_variable_of_a_process_is_a_setting(composed: dict[str, Any]) -> None:
    known = {f"R2C_{name.upper()}" for name in Settings.model_fields} | OWN_VARIABLES
    named = {
        variable
        for service in composed["services"].values()
        for variable in service.get("environment", {})
        if variable.startswith("R2C_")
    }
    in_image = set(re.findall(r"\bR2C_[A-Z_]+", DOCKERFILE))
    assert (named | in_image) - known == set()
    example = tomllib.loads((FOLDER / "r2c.example.toml").read_text(encoding="utf-8"))
    assert Settings(**example).database is not None


def test_secrets_come_by_file_and_only_what_takes_jobs_is_reached_from_outside(
    composed: dict[str, Any],
) -> None:
    services = composed["services"]
    assert set(services) == {"api", "worker", "postgres", "vllm", "collector"}
    assert [name for name, service in services.items() if "ports" in service] == ["api"]
    assert services["api"]["ports"] == ["${R2C_LISTEN:-127.0.0.1:8000}:8000"]
    for service in services.values():
        secret = {name for name in service.get("environment", {}) if SECRET.search(name)}
        assert {name for name in secret if not name.endswith("_FILE")} == set()
    assert all("file" in secret for secret in composed["secrets"].values())
    assert services["vllm"]["profiles"] == ["gpu"]
    assert services["collector"]["profiles"] == ["telemetry"]
    assert services["vllm"]["networks"] == ["model"] and composed["networks"]["model"]["internal"]


def test_what_a_service_names_is_declared_and_every_one_has_limits(
    composed: dict[str, Any],
) -> None:
    for name, service in composed["services"].items():
        assert service["restart"] == "unless-stopped"
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory"} <= set(limits), name
        assert set(service["networks"]) <= set(composed["networks"])
        for kind in ("secrets", "configs"):
            used = {item if isinstance(item, str) else item["source"]
                    for item in service.get(kind, [])}  # fmt: skip
            assert used <= set(composed[kind])
        mounted = {item.split(":")[0] for item in service.get("volumes", [])
                   if isinstance(item, str)}  # fmt: skip
        assert mounted <= set(composed["volumes"])
        assert set(service.get("depends_on", {})) <= set(composed["services"])
    for config in composed["configs"].values():
        assert (FOLDER / config["file"]).is_file()


def test_the_commands_of_the_processes_are_those_of_r2c(composed: dict[str, Any]) -> None:
    from typer.testing import CliRunner

    from r2c.cli.main import app

    for name in ("api", "worker"):
        service = composed["services"][name]
        assert CliRunner().invoke(app, [service["command"][0], "--help"]).exit_code == 0
        folder = service["volumes"][0].split(":")[1]
        assert f"R2C_DATA_DIR={folder}" in DOCKERFILE
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        (secret,) = service["secrets"]
        assert service["environment"]["R2C_CONFIG"] == f"/run/secrets/{secret['target']}"
