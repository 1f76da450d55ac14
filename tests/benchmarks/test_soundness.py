"""Right by luck, rules found, verified and wrong: the figures beside the accuracy."""

from __future__ import annotations

from test_accuracy_tables import right, run, wrong

from r2c_benchmarks.accuracy import documents
from r2c_benchmarks.score import PROVED
from r2c_benchmarks.soundness import soundness, soundness_row


def test_a_right_answer_that_other_numbers_betray_is_right_by_luck() -> None:
    found = soundness(
        [
            right(1, again=(True, True, True)),
            right(2, again=(True, False, None)),
            right(3, again=(True, None, True)),
            right(4),
            wrong(5),
        ]
    )
    assert (found.right, found.again_right, found.again_wrong, found.again_unclear) == (4, 1, 1, 1)
    row = soundness_row("r2c", "all", [right(1, again=(True,)), right(2, again=(None,))])
    assert row["also with other numbers"] == "1 of 2, 1 unclear"


def test_rules_count_over_all_problems_together() -> None:
    records = [right(1, structure=(3, 1, 0)), wrong(2, structure=(1, 1, 2))]
    row = soundness_row("r2c", "all", records)
    assert row["rules F1"] == "66.7%"  # 4 found, 2 missing, 2 invented: 2*4 / (2*4 + 2 + 2)
    row = soundness_row("r2c", "all", [*records, wrong(3, rules=4)])
    assert row["rules F1"] == "50.0%"  # without a model its 4 rules are missing
    assert soundness_row("direct", "all", [wrong(3)])["rules F1"] == ""


def test_trust_is_held_to_what_was_right() -> None:
    told = [
        right(1, details={"trust": "verified", "score": 0.9}),
        wrong(2, details={"trust": "verified", "score": 0.5}),
        right(3, details={"trust": "plausible", "score": 0.5}),
        wrong(4, details={"trust": "rejected", "score": 0.1}),
    ]
    found = soundness(told)
    assert (found.verified, found.verified_wrong, found.ranking) == (2, 1, 0.875)
    row = soundness_row("r2c", "all", told)
    assert row["verified and wrong"] == "50.0% (9 to 91%)" and row["AUROC"] == "0.88"
    silent = soundness([right(1), wrong(2)])
    assert (silent.verified, silent.verified_wrong, silent.ranking) == (None, None, None)


def test_the_table_goes_by_level_and_stays_away_where_there_is_nothing_to_tell() -> None:
    ours = run("r2c", *(right(n, level=n, trust=PROVED, again=(True,)) for n in (1, 2)))
    theirs = run("direct", *(wrong(n, level=n, trust=PROVED) for n in (1, 2)))
    found = documents([ours, theirs], name="rulebench")
    assert set(found) == {
        "rulebench", "rulebench_by_family", "rulebench_compared", "rulebench_soundness",
    }  # fmt: skip
    rows = found["rulebench_soundness"]["summary"]
    assert isinstance(rows, list)
    assert [(row["problems"], row["method"]) for row in rows if isinstance(row, dict)] == [
        ("trusted labels", "r2c"), ("trusted labels", "direct"),
        ("level 1", "r2c"), ("level 1", "direct"),
        ("level 2", "r2c"), ("level 2", "direct"),
    ]  # fmt: skip
    assert "grammar of our own" in str(found["rulebench"]["note"])
    assert "All problems are public" not in str(found["rulebench"]["note"])
    assert set(documents([run("direct", right(1))])) == {"accuracy", "accuracy_by_family"}
