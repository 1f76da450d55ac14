"""Small versions of the trials of the whole service; the large ones write benchmarks/results."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from r2c.errors import InputError
from topology.bakery import Bakery, read
from topology.faults import NOT_MOUNTED
from topology.small_disk import small_disk
from trials import chaos, full_disk, listeners, tenants
from trials.kept import Kept


@pytest.fixture
def passable() -> Iterator[Path]:
    """A folder that the user of Postgres can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="r2c-trial-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def mountable(tmp_path: Path) -> None:
    try:
        with small_disk(tmp_path / "disk", 1) as disk:
            disk.fill()
            with pytest.raises(OSError, match="No space"):
                (disk.folder / "more").write_bytes(b"0" * 10_000)
            disk.free()
            (disk.folder / "more").write_bytes(b"0" * 10_000)
    except InputError as error:
        assert error.code == NOT_MOUNTED.code
        pytest.skip(str(error))


def test_a_scripted_bakery_is_read_as_it_was_written_and_its_optimum_is_proved() -> None:
    bakery = Bakery(
        bun_minutes=2, cake_minutes=6, oven=60, cakes=3, bun_earns=1, cake_earns=4
    )  # fmt: skip
    assert bakery.optimum == 40
    assert read("Each bun needs 2 minutes of the oven and each cake needs 6 minutes of it.") == (
        "oven[buns] = 2\noven[cakes] = 6"
    )
    assert read(f"Problem: {bakery.text}\n\nWhich quantities does the question ask for?") == (
        "buns: number of buns made\ncakes: number of cakes made"
    )
    assert read("Nothing is known of this.") == "none"


def test_a_job_that_is_lost_doubled_or_ended_twice_is_noticed() -> None:
    whole = frozenset({"problem.json", "result.json"})
    good = [(1, "queued"), (2, "running"), (3, None), (4, "succeeded")]
    twice = [*good, (5, "succeeded")]
    gap = [(1, "queued"), (3, "succeeded")]
    kept = Kept(
        states={"a": "succeeded", "b": "succeeded", "c": "failed", "d": "succeeded", "x": "queued"},
        attempts={},
        events={"a": good, "b": twice, "c": good, "d": gap},
        files={"a": whole, "b": whole, "c": whole, "d": frozenset({"problem.json"})},
    )
    assert Kept({"a": "succeeded"}, {}, {"a": good}, {"a": whole}).faults(["a"]) == []
    found = kept.faults(["a", "b", "c", "d", "e"])
    for fault in ("e is lost", "x stands in", "b ended 2 times", "c is failed", "of d have gaps",
                  "the folder of d"):  # fmt: skip
        assert [told for told in found if fault in told], fault
    assert len(found) == 6


@pytest.mark.slow
async def test_a_tenant_that_asks_for_everything_of_another_is_told_nothing(tmp_path: Path) -> None:
    found = await tenants.run(1, tmp_path, guesses=2)
    assert found.broken == []
    operations = found.more["operations"]
    assert isinstance(operations, list) and len(operations) >= 20


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_full_disk_loses_nothing_with_sqlite(mountable: None, tmp_path: Path) -> None:
    assert full_disk.run(1, tmp_path, cycles=1, databases=["SQLite"]).broken == []


@pytest.mark.postgres
@pytest.mark.timeout(1200)
class TestWithPostgres:
    def test_jobs_end_once_while_workers_are_killed_and_the_database_restarts(
        self, tmp_path: Path
    ) -> None:
        plan = chaos.Plan(jobs=20, seed=2, pauses=(10.0, 15.0), ahead=6, away=8.0)
        found = chaos.run(plan, tmp_path)
        assert found.broken == []
        harm = {row["what"]: row["number"] for row in found.rows}
        assert harm["restarts of Postgres (as after a crash)"] == 1
        late = harm["submissions under way while Postgres was away"]
        assert isinstance(late, int) and late > 0

    async def test_listeners_are_told_all_events_in_order_whoever_does_not_read(
        self, tmp_path: Path
    ) -> None:
        assert (await listeners.run(1, tmp_path, listeners=40)).broken == []

    def test_a_full_disk_loses_nothing_with_postgres(self, mountable: None, passable: Path) -> None:
        assert full_disk.run(1, passable, cycles=1, databases=["Postgres"]).broken == []
