"""From a request to a problem, in bounded time.

What is small and plain is read in a thread. Workbooks and large data are read in a process of
their own, with a limit of time and memory: how long a file takes cannot be told from its size.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from pydantic import ValidationError

from r2c.client.wire import TEXT_LIMIT, TableData
from r2c.errors import CATALOGUE, Fault, R2CError
from r2c.problem.files import Attached
from r2c.problem.read import read_problem, read_tables
from r2c.problem.schema import Problem
from r2c_api.faults import READING_TOO_SLOW, UNREADABLE_UPLOAD

_PLAIN_BYTES = 200_000
_HEAD = struct.Struct(">I")
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
MEMORY_BYTES = 2_000_000_000


async def read_request(
    text: str | None, tables: Mapping[str, TableData], files: Sequence[Attached], seconds: float
) -> Problem:
    """The problem of a request; without a text one of tables alone.

    Raises:
        InputError: R2C-P001 to R2C-P052; R2C-B609, it took too long; R2C-B610, the process that
            read the files died.
    """
    if _is_plain(text, tables, files):
        return await asyncio.to_thread(problem_of, text, tables, files)
    try:
        async with asyncio.timeout(seconds):
            return await _in_a_process(text, tables, files)
    except TimeoutError:
        raise READING_TOO_SLOW(seconds=seconds) from None


def problem_of(
    text: str | None, tables: Mapping[str, TableData], files: Sequence[Attached]
) -> Problem:
    """As `read_request`, in this thread and without a limit."""
    words = Problem(text="") if text is None else read_problem(text, limit=TEXT_LIMIT)
    found = list(words.tables)
    for source in (dict(tables), list(files)):
        found += read_tables(source, [table.name for table in found])
    return words.model_copy(update={"tables": tuple(found)})


def _is_plain(text: str | None, tables: Mapping[str, TableData], files: Sequence[Attached]) -> bool:
    sizes = (
        len(text or "")
        + sum(len(file.content) for file in files)
        + sum(map(_cells, tables.values()))
    )
    workbook = any(PurePath(file.name).suffix.lower() in (".xlsx", ".xlsm") for file in files)
    return sizes <= _PLAIN_BYTES and not workbook


def _cells(table: TableData) -> int:
    """About the size of a table in bytes, without looking at each cell."""
    if isinstance(table, dict):
        return 8 * sum(map(len, table.values()))
    return 8 * len(table) * (len(table[0]) if table else 0)


async def _in_a_process(
    text: str | None, tables: Mapping[str, TableData], files: Sequence[Attached]
) -> Problem:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "r2c_api.reading",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
    )  # fmt: skip
    try:
        said, _ = await process.communicate(packed(text, tables, files))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        if process.returncode == 0 and said[:1] == b"P":
            return Problem.model_validate_json(said[1:])
        if process.returncode == 0 and said[:1] == b"F":
            fault = Fault.model_validate_json(said[1:])
            raise CATALOGUE[fault.code].raises(fault)
    except ValidationError:
        pass
    reason = f"the process that read them ended with status {process.returncode}"
    raise UNREADABLE_UPLOAD(reason=reason)


def packed(text: str | None, tables: Mapping[str, TableData], files: Sequence[Attached]) -> bytes:
    """A request as bytes: the length of a JSON head, the head, the files one after the other."""
    head = json.dumps(
        {
            "text": text,
            "tables": tables,
            "files": [[file.name, len(file.content)] for file in files],
        }
    ).encode()
    return b"".join((_HEAD.pack(len(head)), head, *(file.content for file in files)))


def unpacked(data: bytes) -> tuple[str | None, dict[str, TableData], list[Attached]]:
    """What `packed` took."""
    start = _HEAD.size
    end = start + _HEAD.unpack(data[:start])[0]
    head = json.loads(data[start:end])
    files = []
    for name, size in head["files"]:
        files.append(Attached(name, data[end : end + size]))
        end += size
    return head["text"], head["tables"], files


def _environment() -> dict[str, str]:
    """Only what a process needs that reads foreign files: no key is among it."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    here = Path(__file__).resolve()
    paths = [str(here.parents[1]), str(here.parents[3]), os.environ.get("PYTHONPATH", "")]
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def main() -> None:
    """Read one request from standard input; the problem or the fault goes to standard output."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        said = b"P" + problem_of(*unpacked(sys.stdin.buffer.read())).model_dump_json().encode()
    except R2CError as error:
        said = b"F" + error.fault.model_dump_json().encode()
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
