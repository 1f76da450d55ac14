"""The catalogue as a browser shows it: every page, on a wide screen and on a phone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("catalogue")
    script = ROOT / "docs" / "generate" / "catalogue.py"
    subprocess.run([sys.executable, str(script), str(made)], check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "no chromium on the path"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


def test_no_page_has_an_error_a_dead_link_or_runs_off_the_screen(
    browser: Browser, folder: Path
) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    found = sorted(folder.glob("*.html"))
    assert len(found) > 80
    for each in found:
        page.goto(each.as_uri())
        assert page.locator("h1").count() == 1, each.name
        assert each.stem == "index" or page.locator("math").count() > 0, each.name
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{each.name} is {wide} wide where there are {width}"
    assert wrong == []
    page.close()
