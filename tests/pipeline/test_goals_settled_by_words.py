"""An answer that the words settle without a model is one reading, which nothing confirms."""

from __future__ import annotations

import pytest
from readers import BREADS

from r2c.formulation import Outcome, Trust
from r2c.llm.testing import ScriptedModel
from r2c.pipeline.api import formulate
from r2c.settings import Settings


def test_a_goal_that_only_the_words_settle_is_right_but_not_verified(settings: Settings) -> None:
    model = ScriptedModel(lambda call: [])
    answer = formulate(BREADS, settings=settings, model=model)
    assert model.calls == []
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(18 + 9)
    agreed = next(item for item in answer.evidence if item.check == "agreement")
    assert agreed.passed is None
    assert answer.trust not in (Trust.VERIFIED, Trust.REJECTED)
