"""The whole bench: every server that runs, taking turns within a repeat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import JsonValue

from r2c.llm.embedded.server import Status, status
from r2c_benchmarks.runtimes.measure import NO_SERVER, Measurement, Served, measure, reach, warm
from r2c_benchmarks.runtimes.report import Report, report

Teller = Callable[[str], None]


def run(
    cache_dir: Path,
    only: Sequence[str],
    *,
    repeats: int,
    tokens: int,
    start: dict[str, JsonValue],
    note: str,
    tell: Teller,
) -> Report:
    """Measure the servers of this machine.

    Args:
        cache_dir: Setting `cache_dir`.
        only: Parts of names of weights or models; all servers if there are none.
        repeats: How often each is measured.
        tokens: Most tokens of one answer.
        start: Command, versions and machine, from `provenance.start_note`.
        note: A sentence more below the table.
        tell: Told of each measurement.

    Raises:
        InputError: R2C-B112 or R2C-B113.
        LanguageModelError: a server failed.
    """
    servers = [each for each in status(cache_dir) if _wanted(each, only)]
    if not servers:
        raise NO_SERVER(of=f" and has {' or '.join(only)} in its name" if only else "")
    found = asyncio.run(_measured(servers, repeats, tokens, tell))
    return report(found, start, note)


def _wanted(server: Status, only: Sequence[str]) -> bool:
    running = server.running
    return running is not None and (not only or any(part in running.weights for part in only))


async def _measured(
    servers: Sequence[Status], repeats: int, tokens: int, tell: Teller
) -> list[Measurement]:
    reached: list[Served] = []
    for server in servers:
        reached.append(await reach(server))
        await warm(reached[-1])
        server.home.touch()
    found = []
    for repeat in range(repeats):
        for served, server in zip(reached, servers, strict=True):
            found.append(await measure(served, repeat, tokens))
            server.home.touch()
            tell(told(found[-1]))
    return found


def told(item: Measurement) -> str:
    """A measurement in words."""
    return (
        f"{item.server} repeat {item.repeat}: {item.single:.1f} tokens/s alone, "
        f"{item.together:.1f} of 8, prompts {item.prompt:.0f}; load {item.load:.1f}"
    )
