"""The number of samples adapts to what is left of the budget of tokens and of time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import BAKERY

from r2c.llm.testing import Call, ScriptedModel
from r2c.pipeline.api import formulate
from r2c.pipeline.pace import Pace, affordable
from r2c.settings import Settings


def pace(share: float, ahead: int = 10) -> Pace:
    """Questions of 100 tokens and 1 second; the tokens last for a share of those ahead."""
    return Pace(
        asked=4,
        tokens=400,
        seconds=4.0,
        tokens_left=round(100 * ahead * share),
        seconds_left=1000.0,
        ahead=ahead,
    )


@pytest.mark.parametrize(
    ("share", "samples"),
    [(2.0, 5), (1.0, 5), (0.9, 3), (0.67, 3), (0.6, 1), (0.1, 1), (0.0, 1)],
)
def test_as_many_samples_as_the_rest_can_pay_for(share: float, samples: int) -> None:
    assert affordable(5, pace(share)) == samples


def test_the_scarcer_of_tokens_and_time_decides() -> None:
    late = Pace(asked=4, tokens=400, seconds=4.0, tokens_left=10**6, seconds_left=7.0, ahead=10)
    assert affordable(5, late) == 3


def test_before_anything_was_asked_nothing_is_saved() -> None:
    fresh = Pace(asked=0, tokens=0, seconds=0.0, tokens_left=1, seconds_left=0.1, ahead=9)
    assert affordable(5, fresh) == 5


def test_the_first_question_with_its_start_is_no_measure_of_the_others() -> None:
    started = Pace(asked=1, tokens=500, seconds=78.0, tokens_left=10**6, seconds_left=220, ahead=5)
    assert affordable(5, started) == 5
    assert affordable(5, replace(started, asked=2, seconds=156.0)) == 1


@given(st.integers(1, 64), st.floats(0, 3))
def test_never_more_than_wanted_never_none_and_odd_where_fewer(wanted: int, share: float) -> None:
    found = affordable(wanted, pace(share))
    assert 1 <= found <= wanted
    assert found == wanted or found % 2 == 1


def test_a_job_with_few_tokens_left_asks_for_fewer_answers_and_comes_to_its_end(
    settings: Settings,
) -> None:
    plenty = BAKERY.model()
    first = formulate(BAKERY.text, settings=settings, model=plenty)
    assert {call.samples for call in plenty.calls} == {3}
    spent = first.usage.prompt_tokens - first.usage.cached_tokens + first.usage.completion_tokens
    assert spent > 0
    asked: list[int] = []

    def answer(call: Call) -> str:
        asked.append(call.samples)
        return str(BAKERY.answer(call))

    scarce = settings.model_copy(update={"budget_tokens": round(spent * 0.9)})
    found = formulate(BAKERY.text, settings=scarce, model=ScriptedModel(answer))
    assert found.objective == pytest.approx(40)
    assert asked[0] == 3 and set(asked) == {3, 1}
