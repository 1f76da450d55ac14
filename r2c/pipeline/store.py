"""Where jobs live on disk: one folder a job with its problem, checkpoints and result.

The problem is written before the first step, every step before the next one begins, the result
last and in one piece; so whatever kills the process, the job goes on where it was. Only one run at
a time holds a job, from before it can be seen; the system ends its hold when the process dies.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from r2c.errors import InputError, R2CError, StoreError, declare
from r2c.formulation import Formulation
from r2c.llm.embedded.lock import locked
from r2c.pipeline.kept import Answers, KeptReadings
from r2c.problem.schema import Problem

UNKNOWN_JOB = declare(
    "R2C-G030",
    InputError,
    what="There is no job {job!r}.",
    why="The folder {root!r} holds no problem under this id.",
    remedy="Check the id (`r2c jobs list` shows all), or start anew without it.",
)
CANNOT_WRITE = declare(
    "R2C-G031",
    StoreError,
    what="The job {job!r} cannot be saved: {reason}.",
    why="Every step is written to disk before the next one begins.",
    remedy="Free space or set R2C_DATA_DIR to a writable folder, then resume with the job's id.",
)
DAMAGED = declare(
    "R2C-G032",
    StoreError,
    what="The file {file!r} of job {job!r} cannot be read: {reason}.",
    why="It is damaged or was written by another version.",
    remedy="Start the problem anew.",
)
BUSY = declare(
    "R2C-G033",
    StoreError,
    what="The job {job!r} is being worked on by another run.",
    why="Two runs of one job would write over each other's steps.",
    remedy="Wait for that run, or end it, then resume; its hold on the job ends with it.",
)
_ID = re.compile(r"[a-z0-9-]{4,64}")
PROBLEM = "problem.json"
RESULT = "result.json"
ANSWERS = "answers.json"
FORMER_RESULT = "former_result.json"
FORMER_ANSWERS = "former_answers.json"
"""As the job ended before its latest answers, until it ends with them."""
READINGS = "readings.json"
_Kept = TypeVar("_Kept", bound=BaseModel)


def damaged(job: str, file: str, error: Exception) -> R2CError:
    """R2C-G032 for a file of a job, with the first words of what is wrong."""
    reason = " ".join(str(error).split())[:200].rstrip(".")
    return DAMAGED(file=file, job=job, reason=reason)


class JobStore:
    """The jobs below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def begun(self, problem: Problem) -> Iterator[str]:
        """Save a problem as a new job and hold it; the job's id.

        Raises:
            StoreError: R2C-G031 if it cannot be written.
        """
        job = secrets.token_hex(8)
        draft = self.hidden(job)
        with ExitStack() as hold:
            try:
                _write(draft / PROBLEM, problem.model_dump_json())
                # The lock goes along with the file when its folder is renamed: there is no moment
                # in which the job can be seen and is free.
                hold.enter_context(locked(draft / PROBLEM, seconds=0))
                draft.rename(self.folder(job))
            except OSError as error:
                shutil.rmtree(draft, ignore_errors=True)
                raise _unsaved(job, error) from None
            yield job

    def problem(self, job: str) -> Problem:
        """The problem of a job.

        Raises:
            InputError: R2C-G030 if there is no such job.
            StoreError: R2C-G032 if its problem cannot be read.
        """
        path = self._problem_file(job)
        try:
            return Problem.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise damaged(job, path.name, error) from None

    def result(self, job: str) -> Formulation | None:
        """The result of a job that has ended; None if it has not.

        Raises:
            InputError: R2C-G030 if there can be no such job.
            StoreError: R2C-G032 if its result cannot be read.
        """
        path = self.folder(job) / RESULT
        if not path.is_file():
            return None
        try:
            return Formulation.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise damaged(job, path.name, error) from None

    def finish(self, job: str, result: Formulation) -> None:
        """Save the result and drop the checkpoints, which nobody needs any more.

        Raises:
            StoreError: R2C-G031 if it cannot be written.
        """
        try:
            _write(self.folder(job) / RESULT, result.model_dump_json())
        except OSError as error:
            raise _unsaved(job, error) from None
        for path in self.folder(job).glob("checkpoints.sqlite*"):
            path.unlink(missing_ok=True)
        for name in (FORMER_RESULT, FORMER_ANSWERS):
            (self.folder(job) / name).unlink(missing_ok=True)

    def answers(self, job: str) -> Answers:
        """What was asked about the job's problem and answered so far.

        Raises:
            InputError: R2C-G030 if there can be no such job.
            StoreError: R2C-G032 if the answers cannot be read.
        """
        return self._kept(job, ANSWERS, Answers) or Answers()

    def readings(self, job: str) -> KeptReadings | None:
        """What the job read before its questions; None if it has none or has not ended yet.

        Raises:
            InputError: R2C-G030 if there can be no such job.
            StoreError: R2C-G032 if the readings cannot be read.
        """
        return self._kept(job, READINGS, KeptReadings)

    def record(self, job: str, answers: Answers) -> None:
        """Save answers; the job is then one that can be gone on with, or put back by `restore`.

        The result goes first: whatever ends the process in between, no result stands beside
        answers that are not in it.

        Raises:
            StoreError: R2C-G031 if it cannot be written.
        """
        folder = self.folder(job)
        try:
            if (folder / RESULT).is_file():
                (folder / FORMER_ANSWERS).unlink(missing_ok=True)
                if (folder / ANSWERS).is_file():
                    shutil.copyfile(folder / ANSWERS, folder / FORMER_ANSWERS)
                (folder / RESULT).replace(folder / FORMER_RESULT)
            for path in folder.glob("checkpoints.sqlite*"):
                path.unlink(missing_ok=True)
            _write(folder / ANSWERS, answers.model_dump_json())
        except OSError as error:
            raise _unsaved(job, error) from None

    def restore(self, job: str) -> bool:
        """Put a job back to how it ended before its latest answers; whether it has a result then.

        The result comes last: whatever ends the process in between, it can be done again.

        Raises:
            InputError: R2C-G030 if there is no such job.
            StoreError: R2C-G031 if it cannot be written, and as `held`.
        """
        folder = self.folder(job)
        with self.held(job):
            former = folder / FORMER_RESULT
            if (folder / RESULT).is_file() or not former.is_file():
                return (folder / RESULT).is_file()
            try:
                for path in folder.glob("checkpoints.sqlite*"):
                    path.unlink(missing_ok=True)
                if (folder / FORMER_ANSWERS).is_file():
                    said = (folder / FORMER_ANSWERS).read_text(encoding="utf-8")
                    _write(folder / ANSWERS, said)
                else:
                    (folder / ANSWERS).unlink(missing_ok=True)
                former.replace(folder / RESULT)
                (folder / FORMER_ANSWERS).unlink(missing_ok=True)
            except OSError as error:
                raise _unsaved(job, error) from None
        return True

    def keep_readings(self, job: str, readings: KeptReadings) -> None:
        """Save what was read, so that an answer need not read it again.

        Raises:
            StoreError: R2C-G031 if it cannot be written.
        """
        try:
            _write(self.folder(job) / READINGS, readings.model_dump_json())
        except OSError as error:
            raise _unsaved(job, error) from None

    def _kept(self, job: str, name: str, kind: type[_Kept]) -> _Kept | None:
        path = self.folder(job) / name
        if not path.is_file():
            return None
        try:
            return kind.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise damaged(job, path.name, error) from None

    @contextmanager
    def held(self, job: str) -> Iterator[None]:
        """Hold a job against other runs, in this process or another, without waiting.

        Raises:
            InputError: R2C-G030 if there is no such job.
            StoreError: R2C-G033 if another run holds it, R2C-G031 if its folder allows no locks.
        """
        # The problem's file is there as long as the job and is never replaced: a lock on it needs
        # no file of its own, whose removal would let two runs hold locks on different files.
        path = self._problem_file(job)
        with ExitStack() as hold:
            try:
                hold.enter_context(locked(path, seconds=0))
            except StoreError:
                raise BUSY(job=job) from None
            except FileNotFoundError:  # removed a moment ago
                raise self._unknown(job) from None
            except OSError as error:
                raise _unsaved(job, error) from None
            self._problem_file(job)  # removed while its lock was taken: there is nothing to hold
            yield

    def ended(self, job: str) -> Formulation | None:
        """The result of a job that has ended; None if it can be gone on with now.

        Raises:
            InputError: R2C-G030 if there is no such job.
            StoreError: R2C-G032 if its result cannot be read, and as `held`.
        """
        found = self.result(job)
        if found is None:
            with self.held(job):
                found = self.result(job)
        return found

    def checkpoints(self, job: str) -> Path:
        """The SQLite file of the job's steps."""
        return self.folder(job) / "checkpoints.sqlite"

    @property
    def jobs(self) -> Path:
        """The folder of all jobs; there may be none."""
        return self.root / "jobs"

    def folder(self, job: str) -> Path:
        """The job's folder.

        Raises:
            InputError: R2C-G030 if the id is not one that `begun` makes, such as a path.
        """
        if not is_id(job):
            raise self._unknown(job[:80])
        return self.jobs / job

    def hidden(self, job: str) -> Path:
        """Where the job's folder is before anybody can see it, and while it is being removed."""
        return self.jobs / f".{job}"

    def _problem_file(self, job: str) -> Path:
        path = self.folder(job) / PROBLEM
        if not path.is_file():
            raise self._unknown(job)
        return path

    def _unknown(self, job: str) -> R2CError:
        return UNKNOWN_JOB(job=job, root=str(self.root))


def is_id(name: str) -> bool:
    """Whether a job may have this name; no path does."""
    return _ID.fullmatch(name) is not None


def _unsaved(job: str, error: OSError) -> R2CError:
    return CANNOT_WRITE(job=job, reason=error.strerror or str(error))


def _write(target: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # the name must not be there before the words are
        draft.replace(target)
    except OSError:
        with suppress(OSError):  # half a file only takes the room that is missing
            draft.unlink(missing_ok=True)
        raise
