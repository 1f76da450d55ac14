"""A job's folder: ids that are paths, damaged files, and a disk that is full, are told as such."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from readers import BAKERY, asked

from r2c.errors import InputError, LanguageModelError, R2CError, StoreError
from r2c.llm.failures import SERVER_FAILED
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.api import formulate
from r2c.pipeline.store import JobStore
from r2c.problem.read import read_problem
from r2c.settings import Settings
from r2c.verdict.answer import Data


def interrupted(settings: Settings, purpose: str = "objective") -> tuple[str, ScriptedModel]:
    """The id of a job that stopped where the model's server failed."""

    def answer(call: Call) -> Answer:
        if call.purpose == purpose:
            return SERVER_FAILED(url="u", status=500, said="oops")
        return BAKERY.answer(call)

    model = ScriptedModel(answer)
    with pytest.raises(LanguageModelError, match="R2C-L010"):
        formulate(BAKERY.text, settings=settings, model=model)
    (folder,) = (settings.data_dir / "jobs").iterdir()
    return folder.name, model


@pytest.mark.parametrize(
    "job",
    [
        *("../x", "..", ".", "", "a/b", "/etc", "../jobs/abcd", "abcd\n", "abc\x00d", "ABCD"),
        *("abcd1234abcd1234", "a" * 65, "a" * 100_000, "%2e%2e"),
    ],
)
def test_an_id_that_is_none_finds_nothing_and_reads_nothing(job: str, settings: Settings) -> None:
    outside = settings.data_dir / "x"
    outside.mkdir(parents=True)
    for name in ("problem.json", "result.json"):
        (outside / name).write_text("secret", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        formulate(settings=settings, model=BAKERY.model(), job=job)
    assert caught.value.code == "R2C-G030"
    assert len(str(caught.value)) < 1000
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize(
    ("text", "data", "samples", "told"),
    [
        (BAKERY.text, None, None, "given a text when"),
        ("", None, None, "given a text when"),
        (None, {"t": [{"a": 1}]}, None, "given tables when"),
        (None, None, 3, "given the number of samples when"),
        (BAKERY.text, ["none.csv"], 3, "given a text and tables and the number of samples when"),
    ],
)
def test_what_a_job_that_is_gone_on_with_would_drop_is_refused(
    text: str | None,
    data: Data,
    samples: int | None,
    told: str,
    ended: bool,
    settings: Settings,
) -> None:
    if ended:
        formulate(BAKERY.text, settings=settings, model=BAKERY.model())
    else:
        interrupted(settings)
    (folder,) = (settings.data_dir / "jobs").iterdir()
    model = BAKERY.model()
    with pytest.raises(InputError, match="R2C-G042") as caught:
        formulate(text, data, samples=samples, settings=settings, model=model, job=folder.name)
    assert told in caught.value.fault.what
    assert model.calls == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b'{"text": 3}', b"null", b"\0" * 4096]
)
@pytest.mark.parametrize("name", ["problem.json", "result.json"])
def test_a_damaged_file_is_told_by_its_name(name: str, content: bytes, settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    with store.begun(read_problem(BAKERY.text)) as job:
        pass
    (store.folder(job) / name).write_bytes(content)
    with pytest.raises(StoreError) as caught:
        formulate(settings=settings, model=BAKERY.model(), job=job)
    assert caught.value.code == "R2C-G032"
    assert name in caught.value.fault.what


def test_damaged_checkpoints_are_told_and_nothing_is_overwritten(settings: Settings) -> None:
    job, _ = interrupted(settings)
    path = JobStore(settings.data_dir).checkpoints(job)
    for content in (b"not a database" * 1000, path.read_bytes()[:5000] + b"\xff" * 20_000):
        for extra in path.parent.glob("checkpoints.sqlite-*"):
            extra.unlink()
        path.write_bytes(content)
        with pytest.raises(StoreError) as caught:
            formulate(settings=settings, model=BAKERY.model(), job=job)
        assert caught.value.code == "R2C-G032"
        assert "checkpoints.sqlite" in caught.value.fault.what


def test_an_interrupted_job_goes_on_when_the_server_is_back(settings: Settings) -> None:
    job, first = interrupted(settings)
    model = BAKERY.model()
    answer = formulate(settings=settings, model=model, job=job)
    assert answer.objective == pytest.approx(40.0)
    assert asked(model) == ["objective"]
    assert len(first.calls) == 6


@pytest.mark.parametrize("at", ["create", "checkpoint", "finish"])
def test_a_full_disk_loses_nothing_and_the_job_goes_on_when_there_is_room(
    at: str, settings: Settings
) -> None:
    before: list[str] = []

    def answer(call: Call) -> Answer:
        before.append(call.purpose)
        if at == "checkpoint" and call.purpose == "sentence 3":
            no_room()
        return BAKERY.answer(call)

    def full_at_the_end(event: object) -> None:
        if at == "finish" and getattr(event, "stage", "") == "conclude":
            # The last step is saved in the pages that the file has; the result is too large.
            limited(JobStore(settings.data_dir).root)

    with keeping_limits():
        if at == "create":
            no_room()
        with pytest.raises(StoreError) as caught:
            formulate(
                BAKERY.text,
                settings=settings,
                model=ScriptedModel(answer),
                on_event=full_at_the_end,
            )
    assert caught.value.code == "R2C-G031"
    assert "R2C_DATA_DIR" in caught.value.fault.remedy
    if at == "create":
        assert not list((settings.data_dir / "jobs").rglob("*.json*"))
        return
    (folder,) = (settings.data_dir / "jobs").iterdir()
    model = BAKERY.model()
    answer_ = formulate(settings=settings, model=model, job=folder.name)
    assert answer_.objective == pytest.approx(40.0)
    again = set(asked(model)) & set(before)
    assert again <= ({"sentence 3"} if at == "checkpoint" else set())
    assert {path.name for path in folder.iterdir()} == {"problem.json", "result.json"}


def test_a_failure_of_the_listener_is_not_told_as_one_of_the_disk(settings: Settings) -> None:
    def broken(event: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file", "log.txt")

    with pytest.raises(FileNotFoundError, match=r"log\.txt"):
        formulate(BAKERY.text, settings=settings, model=BAKERY.model(), on_event=broken)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_that_fills_up_while_a_job_runs_can_be_freed_and_the_job_goes_on(
    tmp_path: Path,
) -> None:
    disk, before = tmp_path / "disk", list[str]()
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no mounting")
    settings = Settings(data_dir=disk, samples=3, budget_rounds=0)
    ballast = disk / "ballast"

    def answer(call: Call) -> Answer:
        before.append(call.purpose)
        if call.purpose == "sentence 3":
            with suppress(OSError), ballast.open("wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    continue
        return BAKERY.answer(call)

    try:
        with pytest.raises(StoreError, match="R2C-G031"):
            formulate(BAKERY.text, settings=settings, model=ScriptedModel(answer))
        (folder,) = (disk / "jobs").iterdir()
        with pytest.raises(StoreError, match="R2C-G031"):  # still full: nothing gets worse
            formulate(settings=settings, model=BAKERY.model(), job=folder.name)
        ballast.unlink()
        model = BAKERY.model()
        assert formulate(settings=settings, model=model, job=folder.name).objective == 40.0
        assert set(asked(model)) & set(before) <= {"sentence 3"}
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def no_room(size: int = 100) -> None:
    """Let no file of this process grow beyond `size` bytes, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def limited(root: Path) -> None:
    """Leave room for what the checkpoints have, and not for the file of the result."""
    sizes = [path.stat().st_size for path in root.rglob("*") if path.is_file()]
    no_room(max(sizes))


@contextmanager
def keeping_limits() -> Iterator[None]:
    """Put the limit of this process back, and let writing beyond it be an error, not a signal."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, old)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    settings = Settings(data_dir=file / "data")
    with pytest.raises(R2CError) as caught:
        formulate(BAKERY.text, settings=settings, model=BAKERY.model())
    assert caught.value.code == "R2C-G031"
