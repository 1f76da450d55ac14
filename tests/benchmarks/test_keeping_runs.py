"""A kept run gives the same tables as the run itself, and holds no words of a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kept_run import PROBLEMS, bench_folder, run_of

from r2c.errors import InputError
from r2c_benchmarks.accuracy import documents
from r2c_benchmarks.keep import keep
from r2c_benchmarks.results import read_run


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(bench_folder(tmp_path_factory.mktemp("bench")), "r2c")


def test_a_kept_run_gives_the_same_tables(finished: Path, tmp_path: Path) -> None:
    kept = keep(read_run(finished), tmp_path)
    assert documents([read_run(kept)]) == documents([read_run(finished)])


def test_a_kept_run_holds_no_reading_of_a_model(finished: Path, tmp_path: Path) -> None:
    assert "profit[" in (finished / "results.jsonl").read_text()
    lines = (keep(read_run(finished), tmp_path) / "results.jsonl").read_text().splitlines()
    assert len(lines) == len(PROBLEMS)
    for line in lines:
        record = json.loads(line)
        assert record["message"] == ""
        assert set(record["details"]) == {"trust", "confidence", "score", "evidence", "stages"}


def test_a_kept_run_grows_with_its_run(finished: Path, tmp_path: Path) -> None:
    run = read_run(finished)
    part = type(run)(run.manifest, run.records[:2], run.folder)
    assert len(read_run(keep(part, tmp_path)).records) == 2
    assert len(read_run(keep(run, tmp_path)).records) == len(PROBLEMS)


def test_a_kept_run_is_not_replaced_by_another(finished: Path, tmp_path: Path) -> None:
    run = read_run(finished)
    keep(run, tmp_path)
    other = type(run)(run.manifest.model_copy(update={"seed": 9}), run.records, run.folder)
    with pytest.raises(InputError, match="differs in seed") as caught:
        keep(other, tmp_path)
    assert caught.value.code == "R2C-B057"
