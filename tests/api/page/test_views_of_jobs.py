"""Every view is rendered from the same jobs that the endpoints tell of, and nothing in it runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
from ambiguous_texts import FLORIST
from browser_form import form
from readers import BAKERY
from shown_models import EVERY, HOSTILE, KILN, LORRY, PRESS, SHOPS
from watched import Open, state_of

from r2c.llm.failures import KEY_REFUSED
from r2c.llm.testing import ScriptedModel

WAIT = {"Prefer": "wait=60"}
HTML = "text/html; charset=utf-8"


class Read(HTMLParser):
    """The tags of a page and what they say, and whether all were closed."""

    VOID = frozenset("meta link input img br hr".split())

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()


def sound(text: str) -> Read:
    """The page, which has to be well formed and without anything that could run."""
    read = Read(text)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids)), read.ids
    # An element with one of these names would stand for a variable that libraries look for.
    assert not {"exports", "module", "define", "katex", "Plotly", "htmx"} & set(read.ids)
    for tag, attributes in read.tags:
        assert not any(name.startswith(("on", "style")) for name in attributes), (tag, attributes)
        if tag == "script":
            assert "src" in attributes or attributes.get("type") == "application/json"
        address = str(attributes.get("href") or attributes.get("src") or "/")
        assert address.startswith(("/", "#")) and not address.startswith("//"), address
    labelled = {a.get("for") for tag, a in read.tags if tag == "label"}
    for tag, attributes in read.tags:
        if tag in ("input", "select", "textarea") and attributes.get("type") not in (
            "hidden",
            "radio",
        ):
            assert attributes.get("id") in labelled, attributes
    return read


async def solved(client: httpx2.AsyncClient, given: dict[str, Any]) -> str:
    made = await client.post("/v1/solve", json=given, headers=WAIT)
    assert made.status_code == 200, made.text
    return str(made.json()["id"])


@pytest.mark.parametrize("given", EVERY, ids=lambda given: str(given["title"])[:20])
async def test_the_page_of_an_answer_is_well_formed_and_runs_nothing(
    given: dict[str, Any], service_open: Open
) -> None:
    async with service_open() as (client, _):
        job = await solved(client, given)
        page = await client.get(f"/jobs/{job}")
        assert page.status_code == 200 and page.headers["content-type"] == HTML
        sound(page.text)
        part = await client.get(f"/jobs/{job}", headers={"HX-Request": "true"})
        assert part.text.startswith('<div id="job"') and "<html" not in part.text


async def test_what_a_problem_says_is_shown_and_never_taken_for_markup(
    service_open: Open,
) -> None:
    async with service_open() as (client, _):
        job = await solved(client, HOSTILE)
        page = (await client.get(f"/jobs/{job}")).text
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>b" not in page
        assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page
        assert "{{ 7*7 }}" in page
        assert page.count("<tr>") < 100  # of 5,000 rows a few are shown
        history = await client.get("/jobs")
        sound(history.text)
        assert "<script>alert" not in history.text


async def test_links_tie_words_rules_and_equations(service_open: Open) -> None:
    async with service_open() as (client, _):
        job = await solved(client, KILN)
        read = sound((await client.get(f"/jobs/{job}")).text)
    quotes = [str(a["data-links"]).split() for t, a in read.tags if t == "a" and "data-links" in a]
    lines = {str(a["data-links"]) for t, a in read.tags if t == "article"}
    linked = {link for links in quotes for link in links}
    assert lines == {"goal-0", "rule-0", "rule-1", "rule-2"}
    assert linked == {"goal-0", "rule-0", "rule-2"}  # the second rule quotes nothing
    set_ = [a["data-latex"] for t, a in read.tags if "data-latex" in a]
    assert any(r"\mathit{lit}_{" in str(latex) for latex in set_)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (PRESS, ["A limit is missing", "posters can grow for ever", "What to do:"]),
        (LORRY, ["A question only you can answer", "the best plan is then worth 840"]),
        (SHOPS, ["Your answer is needed", "What is the demand of Vienna?", "Go on with this"]),
    ],
    ids=["unbounded", "ambiguous", "missing"],
)
async def test_what_stands_in_the_way_is_told_with_what_to_do(
    given: dict[str, Any], said: list[str], service_open: Open
) -> None:
    async with service_open() as (client, _):
        page = (await client.get(f"/jobs/{await solved(client, given)}")).text
        for words in said:
            assert words in page


async def test_an_example_that_cannot_be_shows_its_sentences_and_the_ways_out(
    service_open: Open,
) -> None:
    async with service_open() as (client, _):
        made = await client.post("/examples/staffing")
        assert made.status_code == 303
        await state_of(client, made.headers["location"].removeprefix("/jobs/"), "succeeded")
        page = (await client.get(made.headers["location"])).text
        assert "No plan can keep all rules" in page
        assert page.count('class="quote clashes"') == 3
        assert "<p>There is no second reading to compare with; 3 are needed." in page
        assert "then the best total cost is 2790 euro" in page


async def test_a_problem_is_entered_from_the_form_with_its_files_and_followed_to_its_end(
    service_open: Open,
) -> None:
    async with service_open(BAKERY.model()) as (client, service):
        files = [("files", ("prices.csv", b"what,price\nbun,1\ncake,4\n", "text/csv"))]
        sent = await client.post("/jobs", data={"text": BAKERY.text, "title": ""}, files=files)
        assert sent.status_code == 303, sent.text
        path = sent.headers["location"]
        record = await state_of(client, path.removeprefix("/jobs/"), "succeeded")
        assert record["title"].startswith("A bakery makes buns and cakes.")
        page = (await client.get(path)).text
        assert "Best plan found" in page and "40" in page and "prices" in page
        send = form(text=BAKERY.text)
        send["headers"]["HX-Request"] = "true"
        again = await client.post("/jobs", **send)
        assert again.status_code == 200 and again.headers["hx-redirect"].startswith("/jobs/")
        refused = await client.post(
            "/jobs", data={"text": "  "}, files=files, headers={"HX-Request": "true"}
        )
        assert refused.status_code == 422 and 'role="alert"' in refused.text
        assert "R2C-P001" in refused.text and "<html" not in refused.text
        assert len(service.jobs.page("local", 10, None)) == 2


async def test_a_job_is_answered_on_its_page_and_goes_on(service_open: Open) -> None:
    async with service_open(FLORIST.model()) as (client, _):
        made = await client.post("/jobs", **form(text=FLORIST.text))
        path = made.headers["location"]
        job = path.removeprefix("/jobs/")
        found = await state_of(client, job, "succeeded")
        (question,) = found["result"]["questions"]
        page = (await client.get(path)).text
        sound(page)
        assert question["id"] in page
        none = await client.post(f"{path}/answers", data={question["id"]: " "})
        assert none.status_code == 422 and "R2C-B704" in none.text
        wrong = await client.post(f"{path}/answers", data={question["id"]: "many"})
        assert wrong.status_code == 422
        sent = await client.post(f"{path}/answers", data={question["id"]: "40 hours"})
        assert sent.status_code == 303
        await state_of(client, job, "succeeded")
        answered = (await client.get(path)).text
        assert "What you answered" in answered and "Best plan found" in answered


async def test_a_job_that_waits_is_shown_with_its_steps_and_can_be_cancelled(
    service_open: Open,
) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        made = await client.post("/jobs", **form(text=BAKERY.text))
        path = made.headers["location"]
        page = await client.get(path)
        sound(page.text)
        assert f'data-events="/v1/formulations/{path[6:]}/events"' in page.text
        part = {"HX-Request": "true"}
        ended = await client.post(f"{path}/cancel", headers=part)
        assert "Cancelled" in ended.text and "<html" not in ended.text


async def test_a_job_that_failed_says_what_why_and_what_to_do(service_open: Open) -> None:
    away = ScriptedModel(lambda _: KEY_REFUSED(url="http://inner:1", status=401, said="no"))
    async with service_open(away) as (client, _):
        made = await client.post("/jobs", **form(text=BAKERY.text))
        path = made.headers["location"]
        await state_of(client, path.removeprefix("/jobs/"), "failed")
        page = (await client.get(path)).text
        sound(page)
        assert "This did not work" in page and "What to do:" in page and "R2C-L005" in page
        assert "inner" not in page  # where the language model is, is nobody's business


async def test_suppositions_are_told_in_sentences(service_open: Open) -> None:
    async with service_open() as (client, _):
        made = await client.post("/examples/bakery")
        path = made.headers["location"]
        await state_of(client, path.removeprefix("/jobs/"), "succeeded")
        page = (await client.get(path)).text
        assert "sentence 3: 80 -&gt;" in page
        told = await client.post(
            f"{path}/what-if", data={"what": "sentence 3: 80 ->", "value": "90,0"}
        )
        assert told.status_code == 200, told.text
        assert "The total profit rises from 245 to" in told.text
        less = await client.post(f"{path}/what-if", data={"words": "rule flour: 80 -> 20"})
        assert "There is no plan then: the rules cannot all hold." in less.text
        wish = await client.post(f"{path}/why-not", data={"wish": "loaves <= 29"})
        assert "It can be had, but it costs something." in wish.text
        worth = await client.get(f"{path}/worth")
        assert re.search(r"<dt>flour.*?<dd>[^<]+</dd>", worth.text, re.DOTALL)
        wrong = await client.post(
            f"{path}/what-if",
            data={"what": "sentence 3: 80 ->", "value": "<b>"},
            headers={"HX-Request": "true"},
        )
        assert wrong.status_code == 422 and "R2C-B703" in wrong.text and "<b>" not in wrong.text


async def test_history_goes_back_page_by_page(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        assert "Describe a first problem" in (await client.get("/jobs")).text
        items = [{"text": BAKERY.text, "title": f"no {n}"} for n in range(30)]
        await client.post("/v1/batches", json={"items": items})
        first = await client.get("/jobs")
        sound(first.text)
        (onward,) = set(re.findall(r'hx-get="(/jobs\?before=[^"]+)"', first.text))
        rest = await client.get(onward, headers={"HX-Request": "true"})
        shown = re.findall(r"no \d+", first.text + rest.text)
        assert sorted(shown) == sorted(f"no {n}" for n in range(30))
        assert "<html" not in rest.text


async def test_a_program_is_told_of_no_such_address_in_json_and_a_browser_as_a_page(
    service_open: Open,
) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with service_open(serve_jobs=0) as (client, _):
        page = await client.get("/nowhere", headers=browser)
        assert page.status_code == 404 and page.headers["content-type"] == HTML
        sound(page.text)
        assert "R2C-B612" in page.text and "default-src" in page.headers["content-security-policy"]
        for path, headers in (("/nowhere", {}), ("/v1/nowhere", browser)):
            told = await client.get(path, headers=headers)
            assert told.headers["content-type"] == "application/problem+json"
            assert told.json()["title"] == "The service cannot answer this request: <problem>."
        ready = await client.get("/healthz", headers=browser)
        assert ready.status_code == 200 and "content-security-policy" not in ready.headers


async def test_words_of_a_job_are_there_to_begin_anew_with(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        made = await client.post("/jobs", **form(text=BAKERY.text))
        page = await client.get(
            "/", params={"job": made.headers["location"].removeprefix("/jobs/")}
        )
        sound(page.text)
        assert "A bakery makes buns and cakes." in page.text
        none = await client.get("/", params={"job": "0123456789abcdef"})
        assert none.status_code == 404 and "R2C-B602" in none.text


async def test_a_job_without_a_name_is_called_by_its_first_words(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        made = await client.post("/v1/formulations", json={"text": BAKERY.text})
        assert made.json()["title"].startswith("A bakery makes buns and cakes.")
        given = {key: value for key, value in KILN.items() if key != "title"}
        made = await client.post("/v1/solve", json=given)
        assert made.json()["title"].startswith("The kiln fires the vases")
        batch = await client.post("/v1/batches", json={"items": [{"text": BAKERY.text}]})
        assert batch.json()["jobs"][0]["title"].startswith("A bakery")


async def test_the_start_shows_examples_and_their_files(service_open: Open) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        page = await client.get("/?example=transport")
        sound(page.text)
        assert "A maker of garden furniture" in page.text
        assert 'data-files="/examples/transport/plants.csv ' in page.text
        plants = await client.get("/examples/transport/plants.csv")
        assert plants.text.startswith("plant,supply")
        for path in ("/examples/transport/problem.txt", "/examples/none/x.csv"):
            assert (await client.get(path)).status_code == 404
        assert (await client.post("/examples/none")).status_code == 404
