"""The wheel must carry the cards and must not litter site-packages with generic names."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_only_honestly_named_packages_are_at_the_top(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    packages = {name for name in tops if not name.endswith(".dist-info")}
    services = {"r2c_api", "r2c_benchmarks", "r2c_evaluation", "r2c_inference", "r2c_training"}
    assert packages == {"r2c", *services}


def test_the_cards_types_and_prompts_travel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "r2c/py.typed" in names
    for folder, home in (("knowledge_base", "r2c/_knowledge_base"), ("r2c", "r2c")):
        data = {
            f"{home}/{path.relative_to(ROOT / folder).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and path.suffix in {".yaml", ".json", ".jinja", ".md", ".txt"}
        }
        assert data - names == set()
    assert any(name.startswith("r2c/_knowledge_base/cards/") for name in names)


def test_the_page_travels_with_its_files_and_examples(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    page = ROOT / "services" / "api" / "r2c_api" / "page"
    files = {
        f"r2c_api/page/{path.relative_to(page).as_posix()}"
        for folder in ("static", "templates")
        for path in (page / folder).rglob("*")
        if path.is_file()
    }
    assert len(files) > 30 and files - names == set()
    for path in ("bakery.txt", "bakery.cir.json", "transport/plants.csv"):
        assert f"r2c_api/_examples/{path}" in names


def test_an_installed_wheel_finds_its_knowledge_base(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    question = (
        f"import sys; sys.path.append({ours!r}); sys.path = [p for p in sys.path if p]\n"
        "import r2c.resources as r; print(r.knowledge_base())"
    )
    told = subprocess.run(
        [str(python), "-I", "-c", question], capture_output=True, text=True, check=True, cwd="/"
    )
    assert told.stdout.strip() == str(site / "r2c" / "_knowledge_base")
