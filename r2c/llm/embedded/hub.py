"""The weights from a model hub: one HTTPS download that resumes, and gives up within seconds.

A hub that cannot be reached must not delay the next source: opening has a hard limit (name
resolution included, which no socket timeout covers), and so has a transfer that crawls.
"""

from __future__ import annotations

import http.client
import queue
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from r2c.errors import LanguageModelError, declare
from r2c.llm.embedded.checked import accept, require_space, writing
from r2c.llm.embedded.weights import Weights
from r2c.llm.progress import Progress, Stage

HUB_FAILED = declare(
    "R2C-L106",
    LanguageModelError,
    what="The model hub did not give {url!r}.",
    why="{reason}.",
    remedy="Check the network, set R2C_MODEL_HUB to a mirror, or leave it empty to skip the hub.",
)

OPEN_SECONDS = 3.0
"""Until the headers of the reply are there."""
STALL_SECONDS = 10.0
"""Without any byte."""
CRAWL_SECONDS, CRAWL_BYTES = 20.0, 2_000_000
"""A window that brings fewer bytes than this (100 kB/s) ends the attempt; what came is kept."""
_CHUNK = 1 << 18


def fetch_from_hub(weights: Weights, hub: str, folder: Path, progress: Progress) -> Path:
    """Download and check the file.

    Args:
        weights: What to fetch.
        hub: Address of the hub, such as `https://huggingface.co`.
        folder: The cache folder for weights; must exist.
        progress: Told about stage HUB in bytes, then about VERIFY.

    Raises:
        LanguageModelError: R2C-L101, R2C-L106.
        StoreError: R2C-L102, R2C-L108.
    """
    url = f"{hub.rstrip('/')}/{weights.hub}/resolve/main/{weights.file}"
    part = folder / f"{weights.file}.hub.part"
    with writing(folder, weights.size):
        have = part.stat().st_size if part.exists() else 0
        if have > weights.size:
            part.unlink()
            have = 0
        if have < weights.size:
            reply = _open(url, have)
            with reply:
                require_space(folder, weights.size - have)
                _receive(reply, part, have, weights, url, progress)
        return accept(part, weights, "model hub", progress)


def _open(url: str, have: int) -> http.client.HTTPResponse:
    """The reply to a request for the bytes from `have` on, or R2C-L106 after 3 s."""
    request = urllib.request.Request(url, headers={"User-Agent": "r2c"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    answers: queue.Queue[http.client.HTTPResponse | Exception] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(urllib.request.urlopen(request, timeout=STALL_SECONDS))
        except Exception as error:
            answers.put(error)

    # A daemon, because resolving a name cannot be interrupted: it is left behind.
    threading.Thread(target=ask, daemon=True, name="r2c-hub").start()
    try:
        answer = answers.get(timeout=OPEN_SECONDS)
    except queue.Empty:
        raise HUB_FAILED(url=url, reason=f"No answer within {OPEN_SECONDS:g} s") from None
    if isinstance(answer, Exception):
        if isinstance(answer, urllib.error.HTTPError):
            answer.close()
        raise HUB_FAILED(url=url, reason=str(answer).rstrip(".") or repr(answer)) from answer
    return answer


def _receive(
    reply: http.client.HTTPResponse,
    part: Path,
    have: int,
    weights: Weights,
    url: str,
    progress: Progress,
) -> None:
    if have and reply.status != 206:
        have = 0  # the hub sends the whole file again
    promised = reply.getheader("Content-Length")
    if promised is not None and promised.isdigit() and have + int(promised) != weights.size:
        reason = f"It offers {have + int(promised)} bytes, the pinned file has {weights.size}"
        raise HUB_FAILED(url=url, reason=reason)
    with part.open("r+b" if have else "wb") as file:
        file.seek(have)
        file.truncate()
        window, received = time.monotonic(), 0
        while have < weights.size:
            try:
                chunk = reply.read1(_CHUNK)
            except (OSError, http.client.HTTPException) as error:
                raise HUB_FAILED(url=url, reason=f"Broken off: {error!r}") from error
            if not chunk:
                raise HUB_FAILED(url=url, reason=f"Broken off after {have} bytes")
            file.write(chunk)
            have += len(chunk)
            received += len(chunk)
            progress(Stage.HUB, have, weights.size)
            if time.monotonic() - window > CRAWL_SECONDS:
                if received < CRAWL_BYTES:
                    raise HUB_FAILED(url=url, reason=f"Only {received} bytes in 20 s")
                window, received = time.monotonic(), 0
