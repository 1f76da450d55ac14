"""Options of a sentence that was read twice are put together, however they were kept."""

from __future__ import annotations

import pytest

from r2c.pipeline.merge import merged
from r2c.pipeline.state import Record


@pytest.mark.parametrize(
    ("asked", "found"), [([{"asked": 5}, {"asked": 2}], 4), ([{"asked": None}, {"asked": 2}], None)]
)
def test_equal_texts_become_one_with_the_mean_of_both(
    asked: list[Record], found: int | None
) -> None:
    first, second = (
        [{"text": "x <= 4", "votes": votes, "score": score, **kept}]
        for votes, score, kept in zip((4, 2), (0.8, 0.4), asked, strict=True)
    )
    [one] = merged(first, second)
    assert (one["votes"], one.get("asked")) == (3, found)
    assert one["score"] == pytest.approx(0.6)
