"""A served page and a browser that notes whatever goes wrong in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Served:
    """A service in a process of its own; `key` is there if it asks for one."""

    url: str
    gate: Path
    key: str = ""

    def solve(self, given: dict[str, Any]) -> str:
        """The path of the page of a given model, which has been solved."""
        with httpx2.Client(base_url=self.url, timeout=100, trust_env=False) as client:
            made = client.post("/v1/solve", json=given, headers={"Prefer": "wait=60"})
            assert made.status_code == 200, made.text
            return f"/jobs/{made.json()['id']}"


@contextmanager
def served(folder: Path, *, keys: bool = False) -> Iterator[Served]:
    """The service on a free port, ended at the end."""
    root = HERE.parents[2]
    paths = [root, root / "services" / "api", *sys.path]
    process = subprocess.Popen(
        [sys.executable, str(HERE / "served_page.py"), str(folder / "data"), str(folder / "gate"),
         *(["--keys"] if keys else [])],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        key = process.stderr.readline().strip() if keys else ""
        url = json.loads(process.stderr.readline())["url"]
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield Served(url, folder / "gate", key)
        drain.kill()
        drain.wait()
    finally:
        process.kill()
        process.communicate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system; none is ever fetched."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "no chromium on the path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page_of(browser: Browser, site: Served, **how: Any) -> Iterator[Page]:
    """A page that must come to its end without an error and without leaving its origin."""
    context = browser.new_context(base_url=site.url, **how)
    context.set_default_timeout(60_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"a dialog: {dialog.message}"))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((site.url, "data:", "blob:")) else wrong.append(asked.url)
        ),
    )
    try:
        yield page
        assert wrong == []
    finally:
        context.close()


def is_drawn(page: Page) -> None:
    """Wait until equations are set and the picture is drawn."""
    page.wait_for_selector("[data-latex] .katex")
    # Not wait_for_function: from its second look on it evaluates a string, which the page forbids.
    page.wait_for_selector("[data-latex]:not([data-set])", state="detached")
    if page.query_selector(".drawing"):
        page.wait_for_selector(".drawing .main-svg")


def lit(page: Page) -> set[str]:
    """The links of all that is lit up."""
    found = page.eval_on_selector_all(
        ".lit", "all => all.map(one => one.tagName + ' ' + one.dataset.links)"
    )
    return set(found)
