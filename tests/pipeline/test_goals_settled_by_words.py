"""An answer that the words settle without a model is one reading, which nothing confirms."""

from __future__ import annotations

import pytest

from r2c.formulation import Outcome, Trust
from r2c.llm.testing import ScriptedModel
from r2c.pipeline.api import formulate
from r2c.settings import Settings

TEXT = """A bakery plans two days. For each day it has to be decided how many loaves of each bread
are baked. Every loaf baked brings the gain per loaf of its bread. The oven time of all breads
together on each day must not exceed the free oven time of that day. Which plan brings the largest
profit?

| bread | gain per loaf (€) | oven time per loaf |
|---|---|---|
| rye | 2 | 3 |
| spelt | 3 | 4 |

| day | free oven time |
|---|---|
| 1 | 24 |
| 2 | 13 |
"""


def test_a_goal_that_only_the_words_settle_is_right_but_not_verified(settings: Settings) -> None:
    model = ScriptedModel(lambda call: [])
    answer = formulate(TEXT, settings=settings, model=model)
    assert model.calls == []
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(18 + 9)
    agreed = next(item for item in answer.evidence if item.check == "agreement")
    assert agreed.passed is None
    assert answer.trust not in (Trust.VERIFIED, Trust.REJECTED)
