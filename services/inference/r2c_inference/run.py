"""The proxy and its replicas, from the command until its end: started, watched, started again.

The proxy listens from the first moment and says 503 until a replica is ready, so whoever waits for
it can ask. Replicas that die are started again, after longer and longer pauses.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp

from r2c.errors import R2CError
from r2c_inference.launch.replica import Replica

Teller = Callable[[str], None]
POLL_SECONDS = 0.25
LONGEST_PAUSE = 60.0
STEADY_SECONDS = 600.0
"""A replica that ran so long starts again at once when it dies."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
GRACE_SECONDS = 2
"""For answers that are on their way when the proxy is to end."""


@dataclass(eq=False)
class Watched:
    """A replica, how often it died in a row, and when it is to start again."""

    replica: Replica
    died: int = 0
    began: float = field(default_factory=time.monotonic)
    again: float | None = None


def serve(
    app: ASGIApp,
    bound: socket.socket,
    replicas: Sequence[Replica],
    *,
    ready: Callable[[], int],
    told: Callable[[], None],
    tell: Teller,
) -> None:
    """Serve until a signal ends it; the replicas end with it.

    Args:
        app: The proxy.
        bound: Where it listens.
        replicas: The servers of this machine, not started; none if they run elsewhere.
        ready: How many replicas the proxy finds well.
        told: Called once when all of them are.
        tell: Told of deaths and new starts, a line each.

    Raises:
        LanguageModelError: R2C-I010 to R2C-I013, a replica does not start.
    """
    # Ctrl-C has a bounded way out of its own here; the watch over it would cut that short.
    signal.set_wakeup_fd(-1)
    try:
        for replica in replicas:
            replica.start()
        ended = asyncio.run(_serve(app, bound, replicas, ready, told, tell))
        if ended == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + ended)
    finally:
        bound.close()
        for replica in replicas:  # all of them first, so that they end side by side
            replica.ask_to_end()
        for replica in replicas:
            replica.stop()


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


async def _serve(
    app: ASGIApp,
    bound: socket.socket,
    replicas: Sequence[Replica],
    ready: Callable[[], int],
    told: Callable[[], None],
    tell: Teller,
) -> int:
    """Serve until a signal; its number.

    Raises:
        LanguageModelError: R2C-I010 to R2C-I013.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
    )
    loop, server = asyncio.get_running_loop(), _Server(config)
    signalled: asyncio.Future[int] = loop.create_future()
    for number in _SIGNALS:
        loop.add_signal_handler(number, _note, signalled, number)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    watching = asyncio.create_task(_watch(replicas, ready, told, tell))
    try:
        ends: set[asyncio.Future[int] | asyncio.Task[None]] = {signalled, serving, watching}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if not signalled.done():
            await (watching if watching.done() else serving)  # raises what ended it
            raise RuntimeError("the proxy ended without a signal")
        return signalled.result()
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError, R2CError):
            await watching
        server.should_exit = True
        await serving


def _note(signalled: asyncio.Future[int], number: int) -> None:
    if not signalled.done():
        signalled.set_result(number)


async def _watch(
    replicas: Sequence[Replica],
    ready: Callable[[], int],
    told: Callable[[], None],
    tell: Teller,
) -> None:
    """Wait for all to be ready once, then start again what dies.

    Raises:
        LanguageModelError: R2C-I010 to R2C-I013.
    """
    if replicas:
        await _all_ready(replicas, ready)
    told()
    watched = [Watched(replica) for replica in replicas]
    while True:
        for one in watched:
            await _look(one, tell)
        await asyncio.sleep(POLL_SECONDS)


async def _all_ready(replicas: Sequence[Replica], ready: Callable[[], int]) -> None:
    end = time.monotonic() + replicas[0].options.start_seconds
    while ready() < len(replicas):
        for replica in replicas:
            if replica.ended:
                raise replica.failure()
        if time.monotonic() > end:
            raise _late(replicas).too_slow()
        await asyncio.sleep(POLL_SECONDS)


def _late(replicas: Sequence[Replica]) -> Replica:
    """One that does not listen yet, else the first."""
    return next((each for each in replicas if not each.socket.exists()), replicas[0])


async def _look(one: Watched, tell: Teller) -> None:
    now = time.monotonic()
    if one.again is not None:
        if now >= one.again:
            one.again, one.began = None, now
            # In this thread: Linux ends a tied process with the thread that started it.
            one.replica.start()
        return
    if not one.replica.ended:
        return
    one.died = 1 if now - one.began > STEADY_SECONDS else one.died + 1
    pause = min(LONGEST_PAUSE, float(2 ** (one.died - 1)))
    fault = one.replica.failure().fault
    tell(f"{fault.code}: {fault.what} It is started again in {pause:.0f} s.")
    # Workers that it left behind would keep the memory.
    await asyncio.to_thread(one.replica.stop)
    one.again = now + pause
