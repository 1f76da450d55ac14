"""What a request costs beside one to a bare application, without any language model.

Both answer in turns in one run, so that whatever else the machine does weighs on both. The client
sends over a connection that stays open, and costs both the same.
"""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import JsonValue

from topology.bakery import draw
from topology.postgres import throw_away
from topology.program import Program, python
from topology.together import Shape, address, started
from trials.found import Found, Measure

_WARM = 30
_CLIENTS = 4
_MORE = {"R2C_SERVE_QUEUE": "1000000", "R2C_SERVE_QUEUE_SHARE": "1000000"}


@dataclass(frozen=True)
class Question:
    """A request, and whom it goes to."""

    name: str
    url: str
    method: str
    path: str
    body: bytes | None = None


@dataclass
class Times:
    """Of each round: the median and the 99th percentile in seconds, and requests a second."""

    middle: list[float] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)


def run(seed: int, folder: Path, rounds: int = 7, requests: int = 150) -> Found:
    """Measure in rounds; in each, all requests are asked one kind after the other.

    Raises:
        InputError: R2C-B740.
        StoreError: R2C-B741.
    """
    text = draw(random.Random(seed)).text
    with _all(folder) as urls:
        pairs = _pairs(urls, text)
        found = {question: Times() for pair in pairs for question in pair}
        for number in range(rounds + 1):
            for question, times in found.items():
                count = requests if number else _WARM
                _measure(question, count, times if number else Times())
    return _found(pairs, found, rounds, requests)


@contextmanager
def _all(folder: Path) -> Iterator[dict[str, str]]:
    """The addresses of the bare application and of the service on both databases."""
    with ExitStack() as stack:
        bare = Program("bare", python("-m", "trials.bare"), folder)
        stack.callback(bare.stop)
        bare.start()
        shape = Shape(apis=1, workers=0, more=_MORE)
        urls = {"bare": bare.ready(lambda: address(bare))}
        for name in ("SQLite", "Postgres"):
            server = stack.enter_context(throw_away()) if name == "Postgres" else None
            place = folder / name
            place.mkdir()
            urls[name] = stack.enter_context(started(place, shape, server)).apis[0].url
        yield urls


def _pairs(urls: dict[str, str], text: str) -> list[tuple[Question, Question]]:
    """Each request to the service with the same one to the bare application."""
    body = json.dumps({"text": text}).encode()
    bare = urls["bare"]
    pairs = [(Question("GET /healthz", urls["SQLite"], "GET", "/healthz"),
              Question("GET /healthz", bare, "GET", "/healthz"))]  # fmt: skip
    for name in ("SQLite", "Postgres"):
        url = urls[name]
        job = json.loads(_once(url, "POST", "/v1/formulations", body))["id"]
        path = f"/v1/formulations/{job}"
        pairs.append(
            (Question(f"GET a job, {name}", url, "GET", path),
             Question(f"GET a job, {name}", bare, "GET", path))
        )  # fmt: skip
        pairs.append(
            (Question(f"POST a problem, {name}", url, "POST", "/v1/formulations", body),
             Question(f"POST a problem, {name}", bare, "POST", "/v1/formulations", body))
        )  # fmt: skip
    return pairs


def _measure(question: Question, requests: int, times: Times) -> None:
    """Ask one after the other for the times of one, then by several clients for the rate."""
    taken = sorted(_asked(question, requests))
    times.middle.append(statistics.median(taken))
    times.slow.append(taken[min(len(taken) - 1, int(0.99 * len(taken)))])
    clients = [
        threading.Thread(target=_asked, args=(question, requests // _CLIENTS + 1))
        for _ in range(_CLIENTS)
    ]
    began = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    times.rate.append(_CLIENTS * (requests // _CLIENTS + 1) / (time.perf_counter() - began))


def _asked(question: Question, requests: int) -> list[float]:
    """The seconds of requests over one connection."""
    connection = HTTPConnection(urlsplit(question.url).netloc, timeout=120)
    taken = []
    for _ in range(requests):
        began = time.perf_counter()
        _answer(connection, question.method, question.path, question.body)
        taken.append(time.perf_counter() - began)
    connection.close()
    return taken


def _once(url: str, method: str, path: str, body: bytes | None) -> bytes:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=120)
    answer = _answer(connection, method, path, body)
    connection.close()
    return answer


def _answer(connection: HTTPConnection, method: str, path: str, body: bytes | None) -> bytes:
    headers = {} if body is None else {"Content-Type": "application/json"}
    connection.request(method, path, body, headers)
    sent = connection.getresponse()
    said = sent.read()
    assert sent.status < 300, (sent.status, said[:200])
    return said


def _found(
    pairs: list[tuple[Question, Question]],
    found: dict[Question, Times],
    rounds: int,
    requests: int,
) -> Found:
    rows: list[dict[str, JsonValue]] = []
    measures: list[Measure] = []
    for own, bare in pairs:
        mine, other = found[own], found[bare]
        middle = Measure(f"{own.name}, p50 by bare", _ratios(mine.middle, other.middle), "times")
        slow = Measure(f"{own.name}, p99 by bare", _ratios(mine.slow, other.slow), "times")
        rate = Measure(f"{own.name}, requests a second", mine.rate)
        bare_rate = Measure(f"{own.name}, bare, requests a second", other.rate)
        own_ms = Measure(f"{own.name}, p50", [1000 * value for value in mine.middle], "ms")
        rows.append(
            {
                "request": own.name,
                "p50, times that of bare FastAPI": middle.told(),
                "p99, times": slow.told(),
                "p50": own_ms.told(),
                "requests/s": rate.told(),
                "bare FastAPI, requests/s": bare_rate.told(),
            }
        )
        measures += [middle, slow, own_ms, rate, bare_rate]
    note = (
        f"Medians of {rounds} rounds of {requests} requests, lowest and highest in brackets; one "
        f"process each, without keys; requests/s with {_CLIENTS} clients, all on the same cores. "
        "A problem that is posted is read, written to disk and entered in the store before the "
        "answer. The machine:"
    )
    return Found(rows, note, measures)


def _ratios(own: list[float], bare: list[float]) -> list[float]:
    return [mine / other for mine, other in zip(own, bare, strict=True)]
