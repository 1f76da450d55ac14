"""The folder of a run on disk: a killed run continues where it was, a torn last line is dropped."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from r2c.errors import InputError, StoreError, declare
from r2c_benchmarks.journal import NOT_WRITTEN, Journal
from r2c_benchmarks.record import Manifest, Record

OTHER_RUN = declare(
    "R2C-B030",
    InputError,
    what="The folder {path!r} holds another run.",
    why="It differs in {fields}; results of two runs must not be mixed.",
    remedy="Give another folder with --out, or delete this one.",
)
OTHER_CODE = declare(
    "R2C-B034",
    InputError,
    what="The run in the folder {path!r} was begun with other code.",
    why="It was made with {before}; now there is {now}. Its results would be those of neither.",
    remedy="Check out what it began with, start anew with --out, or mix them with --other-code.",
)
IN_USE = declare(
    "R2C-B031",
    StoreError,
    what="Another process is writing to the run folder {path!r}.",
    why="Two writers would score problems twice.",
    remedy="Wait until it has ended, or give another folder with --out.",
)
UNREADABLE = declare(
    "R2C-B032",
    StoreError,
    what="The run folder {path!r} cannot be read: {reason}.",
    why="It must hold manifest.json and results.jsonl as `r2c bench run` writes them.",
    remedy="Check the path; delete the folder to start the run anew.",
)
MANIFEST, RESULTS = "manifest.json", "results.jsonl"


class RunFolder:
    """An open run folder; use as a context manager. Only one process can have it open."""

    def __init__(self, path: Path, manifest: Manifest, *, other_code: bool = False) -> None:
        """Open or create.

        Args:
            path: The folder.
            manifest: Of the run that is to be made or continued.
            other_code: Whether a run may be continued by another commit or other packages.

        Raises:
            InputError: R2C-B030 or R2C-B034.
            StoreError: R2C-B031 to R2C-B033.
        """
        self.path = path
        self._journal = Journal(path / RESULTS, lambda: IN_USE(path=str(path)))
        try:
            self._claim(manifest, other_code=other_code)
        except BaseException:
            self._journal.close()
            raise

    def _claim(self, manifest: Manifest, *, other_code: bool) -> None:
        starts = manifest.starts
        if (self.path / MANIFEST).exists():
            before = read_manifest(self.path)
            if fields := manifest.differences(before):
                raise OTHER_RUN(path=str(self.path), fields=", ".join(fields))
            if not other_code and manifest.code[-1:] != before.code[-1:] and before.starts:
                raise OTHER_CODE(path=str(self.path), before=before.code[-1], now=manifest.code[-1])
            starts = (*before.starts, *starts)
        self.manifest = manifest.model_copy(update={"starts": starts})
        self._journal.mend()
        self.records = read_records(self.path)
        temporary = self.path / (MANIFEST + ".new")
        try:
            temporary.write_text(self.manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
            temporary.replace(self.path / MANIFEST)
        except OSError as error:
            raise NOT_WRITTEN(path=str(self.path), reason=str(error)) from error

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._journal.close()

    def append(self, record: Record) -> None:
        """Keep one record; it is on disk when this returns.

        Raises:
            StoreError: R2C-B033.
        """
        self._journal.append(record.model_dump_json())
        self.records.append(record)


def read_manifest(path: Path) -> Manifest:
    """The manifest of a run folder.

    Raises:
        StoreError: R2C-B032.
    """
    try:
        return Manifest.model_validate_json((path / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise UNREADABLE(path=str(path), reason=str(error).splitlines()[0]) from error


def read_records(path: Path) -> list[Record]:
    """The records of a run folder, a torn last line left out.

    Raises:
        StoreError: R2C-B032.
    """
    try:
        lines = (path / RESULTS).read_bytes().split(b"\n")[:-1]
        return [Record.model_validate_json(line) for line in lines]
    except (OSError, ValidationError) as error:
        raise UNREADABLE(path=str(path), reason=str(error).splitlines()[0]) from error
