"""The page as people use it: a real service, a real browser, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ambiguous_texts import FLORIST
from browsing import PHONE, Served, chromium, is_drawn, lit, page_of, served
from readers import FERRY
from shown_models import EVERY, HOSTILE, KILN, LORRY, PRESS, TOUR, WINERY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROKEN_WORDS = (Path(__file__).parent / "broken_words.js").read_text(encoding="utf-8")
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_a_problem_is_followed_live_from_its_words_to_its_plan(
    browser: Browser, site: Served
) -> None:
    with page_of(browser, site) as page:
        page.goto("/")
        page.fill("#text", FERRY.text)
        page.click("text=Find the best plan")
        page.wait_for_url("**/jobs/*")
        page.wait_for_selector("#steps li:nth-child(3)")  # it waits in a sentence: told meanwhile
        assert page.text_content(".phases .now") == "Reading your words"
        before = page.locator("#steps li").count()
        page.reload()  # all of it is told again
        page.wait_for_selector(f"#steps li:nth-child({before})")
        site.gate.touch()
        page.wait_for_selector("text=Best plan found")
        is_drawn(page)
        assert "2700" in str(page.text_content(".headline .value"))
        assert page.evaluate("document.activeElement.id") == "outcome"
        page.reload()
        page.wait_for_selector("text=Best plan found")


def test_a_job_is_cancelled_while_it_runs(browser: Browser, site: Served) -> None:
    site.gate.unlink(missing_ok=True)
    with page_of(browser, site) as page:
        page.goto("/")
        page.fill("#text", FERRY.text)
        page.press("#title", "Enter")
        page.wait_for_selector("#steps li:nth-child(2)")
        page.click("text=Cancel")
        page.wait_for_selector("h2:has-text('Cancelled')")
        assert page.evaluate("document.activeElement.id") == "outcome"
        page.reload()
        page.click("text=Begin anew with its words")
        assert page.input_value("#text") == FERRY.text
        assert page.input_value("#title").startswith("A ferry line")
    site.gate.touch()


def test_a_job_that_fails_says_so_where_its_steps_stood_and_its_words_are_kept(
    browser: Browser, site: Served
) -> None:
    words = "A lighthouse burns at most 10 lamps. A lamp shines for 3 miles. Maximize the miles."
    with page_of(browser, site) as page:
        page.goto("/")
        page.fill("#text", words)
        page.set_input_files(
            "#files", {"name": "lamps.csv", "mimeType": "text/csv", "buffer": b"lamp,price\na,3\n"}
        )
        page.click("text=Find the best plan")
        page.wait_for_selector("h2:has-text('This did not work')")
        told = str(page.text_content("#job"))
        assert "What to do:" in told and "R2C-L005" in told and "inner" not in told
        page.goto("/jobs")
        page.wait_for_selector("li:has-text('A lighthouse') .chip.bad:has-text('failed')")
        page.click("text=A lighthouse burns")
        page.click("text=Begin anew with its words")
        assert page.input_value("#text") == words
        page.wait_for_selector("#drop:has-text('Choose again: lamps')")


def test_an_address_that_leads_nowhere_shows_a_page_with_the_way_back(
    browser: Browser, site: Served
) -> None:
    with browser.new_context(base_url=site.url).new_page() as page:
        for path in ("/jobs/none", "/nowhere", "/static/none.css"):
            found = page.goto(path)
            assert found is not None and found.status == 404
            page.wait_for_selector("h1:has-text('Not found')")
            assert "What to do:" in str(page.text_content(".fault"))
            assert page.get_attribute("main a.button", "href") == "/"


def test_what_is_wrong_is_told_beside_the_form_and_nothing_is_lost(
    browser: Browser, site: Served
) -> None:
    with browser.new_context(base_url=site.url).new_page() as page:
        page.goto("/")
        page.fill("#text", " . ")
        page.set_input_files("#files", {"name": "x.xlsx", "mimeType": "", "buffer": b"no book"})
        page.click("text=Find the best plan")
        page.wait_for_selector("#refusal .fault")
        assert "What to do:" in str(page.text_content("#refusal"))
        assert page.input_value("#text") == " . "


def test_files_of_an_example_come_with_its_words(browser: Browser, site: Served) -> None:
    with page_of(browser, site) as page:
        page.goto("/?example=transport")
        page.wait_for_selector("#chosen li:nth-child(3)")
        names = page.locator("#chosen li").all_text_contents()
        assert [name.split(" ")[0] for name in names] == ["plants.csv", "shops.csv", "lanes.csv"]
        page.evaluate(
            """() => { const all = new DataTransfer();
                all.items.add(new File(["a,b\\n1,2"], "more.csv"));
                const how = { dataTransfer: all, bubbles: true, cancelable: true };
                document.querySelector("#drop").dispatchEvent(new DragEvent("drop", how)); }"""
        )
        page.wait_for_selector("#chosen li:has-text('more.csv')")
        assert page.locator("#chosen li").count() == 4


def test_pointing_at_one_lights_up_all_three(browser: Browser, site: Served) -> None:
    with page_of(browser, site) as page:
        page.goto(site.solve(KILN))
        is_drawn(page)
        page.hover("a.quote[data-links='rule-0']")
        assert lit(page) == {"A rule-0", "ARTICLE rule-0"}
        page.hover("#rule-2 .maths")
        assert lit(page) == {"A rule-2", "ARTICLE rule-2"}
        page.hover("h1")
        assert lit(page) == set()
        page.click("a.quote[data-links='goal-0']")  # stays until something else is chosen
        page.hover("#rule-2 .maths")
        assert lit(page) == {"A goal-0", "ARTICLE goal-0"}
        page.keyboard.press("Escape")
        assert lit(page) == set()


def test_all_can_be_done_with_the_keyboard_alone(browser: Browser, site: Served) -> None:
    with page_of(browser, site) as page:
        page.goto(site.solve(KILN))
        is_drawn(page)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        seen: list[str] = []
        for _ in range(80):
            page.keyboard.press("Tab")
            told = page.evaluate(
                """() => { const one = document.activeElement, box = one.getBoundingClientRect();
                    return [one.tagName + '.' + one.className, box.width > 0 && box.height > 0,
                            getComputedStyle(one).outlineStyle]; }"""
            )
            assert told[1], f"{told[0]} has the focus and is not seen"
            assert told[2] != "none" or told[0].startswith("BODY"), told[0]
            seen.append(told[0])
            if told[0].startswith("A.quote"):
                break
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "rule-0"
        assert lit(page) == {"A rule-0", "ARTICLE rule-0"}
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.className").startswith("quote")
        page.focus("#value")
        page.keyboard.type("4")
        page.keyboard.press("Enter")
        page.wait_for_selector("#supposed .supposed")


def test_a_question_is_answered_where_it_stands_and_the_job_goes_on(
    browser: Browser, site: Served
) -> None:
    with page_of(browser, site) as page:
        page.goto("/")
        page.fill("#text", FLORIST.text)
        page.click("text=Find the best plan")
        page.wait_for_selector("text=A question only you can answer")
        field = page.locator("section.asking input:not([type=radio])")
        field.fill("40 hours")
        page.click("text=Go on with this")
        page.wait_for_selector("text=What you answered")
        assert "188" in str(page.text_content(".headline .value"))
    with page_of(browser, site) as page:
        page.goto(site.solve(LORRY))
        page.check("input[value=short]")
        page.click("text=Go on with this")
        page.wait_for_selector("text=What you answered")
        assert "840" in str(page.text_content(".headline .value"))


def test_another_number_is_tried_and_the_difference_told(browser: Browser, site: Served) -> None:
    with page_of(browser, site) as page:
        page.goto("/")
        page.click("li:has-text('A bakery') >> text=See it solved")
        page.wait_for_selector("text=Best plan found")
        page.select_option("#what", "sentence 3: 80 ->")
        assert page.get_attribute("#value", "placeholder") == "80"
        page.fill("#value", "90")
        page.click("form:has(#what) button")
        page.wait_for_selector("#supposed .what")
        assert "The total profit rises from 245" in str(page.text_content("#supposed .what"))
        page.click("text=What is one more of each number worth?")
        page.wait_for_selector("#worth dl")
    with page_of(browser, site) as page:
        page.goto(site.solve(PRESS))
        page.click("text=Say it in other words")
        page.fill("#words", "posters <= 10")
        page.press("#words", "Enter")
        page.wait_for_selector("#supposed .supposed")


def test_every_kind_of_picture_is_drawn_in_the_colours_of_the_page(
    browser: Browser, site: Served
) -> None:
    from playwright.sync_api import expect

    for given, kind in ((KILN, "gantt"), (TOUR, "route"), (WINERY, "bars")):
        with page_of(browser, site, color_scheme="dark") as page:
            page.goto(site.solve(given))
            is_drawn(page)
            assert page.get_attribute(".drawing", "data-kind") == kind
            light, dark = "rgb(27, 33, 48)", "rgb(231, 234, 240)"
            words = ".drawing .ytick text, .drawing .textpoint text"
            ink = page.locator(words).first
            expect(ink).to_have_css("fill", dark)
            page.click("#theme")
            expect(ink).to_have_css("fill", light)
            assert page.evaluate("getComputedStyle(document.body).color") == light
            page.reload()  # it is kept
            assert page.evaluate("getComputedStyle(document.body).color") == light


def test_plotly_comes_only_where_there_is_a_picture(browser: Browser, site: Served) -> None:
    with page_of(browser, site) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/")
        page.goto(site.solve(PRESS))
        page.wait_for_selector("[data-latex] .katex")
        assert not any("plotly" in url for url in asked)
        page.goto(site.solve(WINERY))
        is_drawn(page)
        assert any("plotly" in url for url in asked)


def test_hostile_words_stay_words(browser: Browser, site: Served) -> None:
    with page_of(browser, site) as page:
        page.goto(site.solve(HOSTILE))
        is_drawn(page)
        assert (
            page.locator("main a[href^=javascript], main img, main script:not([type])").count() == 0
        )
        assert '<script>alert("x")</script>' in str(page.text_content("h1"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(scheme: str, browser: Browser, site: Served) -> None:
    paths = ["/", "/?example=transport", "/jobs", *(site.solve(given) for given in EVERY)]
    with page_of(
        browser, site, viewport=PHONE, color_scheme=scheme, is_mobile=True, has_touch=True
    ) as page:
        for path in paths:
            page.goto(path)
            if page.query_selector("[data-latex]"):
                is_drawn(page)
            wide = "document.documentElement.scrollWidth"
            assert page.evaluate(wide) <= PHONE["width"], path
            assert page.evaluate(BROKEN_WORDS) == [], path
        page.goto(paths[3])
        is_drawn(page)
        page.tap("a.quote")
        assert lit(page)
        small = page.eval_on_selector_all(
            "button, .button, input:not([type=hidden]):not([type=radio]), select",
            "all => all.filter(one => one.offsetParent && one.offsetHeight < 32)"
            ".map(one => one.outerHTML)",
        )
        assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(
    scheme: str, browser: Browser, site: Served
) -> None:
    measure = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
    with page_of(browser, site, color_scheme=scheme) as page:
        for path in ("/", "/jobs", site.solve(KILN), site.solve(LORRY), site.solve(PRESS)):
            page.goto(path)
            if page.query_selector("[data-latex]"):
                is_drawn(page)
                page.hover("article")
            weak = page.evaluate(measure)
            assert weak == [], path


def test_a_key_opens_the_page_and_links_from_elsewhere_lead_to_it(
    browser: Browser, tmp_path: Path
) -> None:
    with served(tmp_path, keys=True) as site, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.url}/jobs")
        assert page.url.endswith("/sign-in?next=/jobs")
        page.fill("#key", "r2c_wrong")
        page.press("#key", "Enter")
        page.wait_for_selector("text=This key is not in force")
        page.fill("#key", site.key)
        page.press("#key", "Enter")
        page.wait_for_url("**/jobs")
        assert page.evaluate("document.cookie") == ""
        page.goto(f"{site.url}/")
        page.click("li:has-text('A reception') >> text=See it solved")
        page.wait_for_selector("text=These cannot all hold")
        path = page.url
        # A page of another site leads here: the cookie does not come along, and then it does.
        page.goto("data:text/html,<title>elsewhere</title>")
        page.evaluate(f"location.href = {path!r}")
        page.wait_for_selector("text=These cannot all hold")
        assert re.fullmatch(re.escape(path), page.url)
        page.click("text=Sign out")
        page.wait_for_url("**/sign-in")
        page.goto(path)
        assert "/sign-in?next=" in page.url
