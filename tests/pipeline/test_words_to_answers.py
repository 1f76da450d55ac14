"""Words go in at one end, a judged answer comes out at the other; a scripted model reads."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from readers import BAKERY, FERRY, HARVEST, PRESS, Told, asked, passes_its_checks

from r2c.errors import InputError
from r2c.formulation import Event, Outcome, Trust
from r2c.llm.testing import ScriptedModel
from r2c.pipeline.api import aformulate, formulate
from r2c.settings import Settings


def test_a_problem_in_words_is_solved_explained_and_passes_its_checks(settings: Settings) -> None:
    model = BAKERY.model()
    answer = formulate(BAKERY.text, settings=settings, model=model)
    assert answer.outcome is Outcome.OPTIMAL
    assert passes_its_checks(answer)
    assert answer.objective == pytest.approx(40.0)
    assert answer.cir is not None and answer.solution is not None
    assert [rule.quote for rule in answer.cir.rules] == [
        "The oven is available for at most 60 minutes.",
        "At least 3 cakes must be made.",
    ]
    assert answer.solution.values["cakes"][0].value == pytest.approx(10.0)
    assert asked(model) == [
        "decisions",
        *("sentence 2", "sentence 5", "sentence 3", "sentence 4"),
        "objective",
    ]


def test_samples_that_agree_are_evidence_and_samples_that_differ_are_not(
    settings: Settings,
) -> None:
    split = Told(
        BAKERY.text,
        BAKERY.roster,
        {**BAKERY.readings, "60 minutes": ["oven <= 60", "oven >= 60", "none"]},
        BAKERY.goal,
    )
    agreed = formulate(BAKERY.text, settings=settings, model=BAKERY.model())
    differed = formulate(BAKERY.text, settings=settings, model=split.model())
    found = [
        next(item for item in answer.evidence if item.check == "agreement")
        for answer in (agreed, differed)
    ]
    assert [item.details["votes"] for item in found] == [3.0, 3.0]
    assert [item.passed for item in found] == [True, False]
    assert differed.trust is Trust.PLAUSIBLE


def test_rules_that_exclude_each_other_are_told_by_their_sentences(settings: Settings) -> None:
    answer = formulate(HARVEST.text, settings=settings, model=HARVEST.model())
    assert answer.outcome is Outcome.INFEASIBLE
    assert answer.conflict is not None
    assert answer.cir is not None
    quotes = {rule.id: rule.quote for rule in answer.cir.rules}
    assert {quotes[rule] for rule in answer.conflict.rules} == {
        "The farmer has at most 30 workers.",
        "At least 8 hectares of wheat and at least 7 hectares of rye must be grown.",
    }


def test_a_goal_without_limit_is_unbounded_and_not_verified(settings: Settings) -> None:
    answer = formulate(PRESS.text, settings=settings, model=PRESS.model())
    assert answer.outcome is Outcome.UNBOUNDED
    assert answer.trust is not Trust.VERIFIED
    assert any("posters" in fault.what + fault.why for fault in answer.faults)


def test_a_plan_that_does_nothing_is_read_again_and_repaired(settings: Settings) -> None:
    model = FERRY.model()
    answer = formulate(FERRY.text, settings=settings, model=model)
    assert answer.objective == pytest.approx(2700.0)
    assert asked(model).count("sentence 4") == 2
    stages = [event.stage for event in answer.events]
    assert stages == [
        *("decisions", "reading", "reading", "reading", "objective", "map", "verify"),
        *("reflect", "reading", "map", "verify", "conclude"),
    ]


def test_without_rounds_nothing_is_read_again(settings: Settings) -> None:
    model = FERRY.model()
    frugal = settings.model_copy(update={"budget_rounds": 0})
    answer = formulate(FERRY.text, settings=frugal, model=model)
    assert (answer.objective, answer.trust) == (0.0, Trust.PLAUSIBLE)
    assert len(model.calls) == 5


def test_a_repair_that_scores_no_better_is_dropped(settings: Settings) -> None:
    lost = Told(
        BAKERY.text,
        BAKERY.roster,
        {**BAKERY.readings, "At least 3": "none"},
        BAKERY.goal,
        {"At least 3": "cakes <= 3"},
    )
    model = lost.model()
    thorough = settings.model_copy(update={"reflection": "evidence"})
    answer = formulate(BAKERY.text, settings=thorough, model=model)
    assert asked(model).count("sentence 4") == 3  # once for each of two checks
    assert answer.cir is not None
    assert [rule.quote for rule in answer.cir.rules] == [
        "The oven is available for at most 60 minutes."
    ]


def test_a_limit_that_all_samples_take_from_the_wrong_side_is_turned_around(
    settings: Settings,
) -> None:
    wrong = Told(
        FERRY.text, FERRY.roster, {**FERRY.readings, "room for 120": "people <= 120"}, FERRY.goal
    )
    model = wrong.model()
    answer = formulate(FERRY.text, settings=settings, model=model)
    assert answer.objective == pytest.approx(2700.0)
    assert asked(model).count("sentence 4") == 1
    # No sample said so, which is no agreement.
    assert answer.trust is Trust.PLAUSIBLE


def test_events_come_in_order_as_they_happen_and_stay_in_the_answer(settings: Settings) -> None:
    heard: list[Event] = []
    answer = formulate(BAKERY.text, settings=settings, model=BAKERY.model(), on_event=heard.append)
    assert heard[0].stage == "start"
    assert re.fullmatch(r"[0-9a-f]{16}", str(heard[0].details["job"]))
    assert tuple(heard[1:]) == answer.events
    seconds = [event.seconds for event in heard]
    assert seconds == sorted(seconds)


def test_the_cost_of_all_calls_is_added_up(settings: Settings) -> None:
    model = BAKERY.model()
    answer = formulate(BAKERY.text, settings=settings, model=model)
    words = sum(len(item.content.split()) for call in model.calls for item in call.messages)
    assert answer.usage.calls == len(model.calls) == 6
    assert answer.usage.prompt_tokens == words
    assert answer.usage.seconds > 0


def test_a_finished_job_gives_its_result_again_without_a_model(settings: Settings) -> None:
    first = formulate(BAKERY.text, settings=settings, model=BAKERY.model())
    (folder,) = (settings.data_dir / "jobs").iterdir()
    silent = ScriptedModel([])
    again = formulate(settings=settings, model=silent, job=folder.name)
    assert again == first
    assert silent.calls == []
    left = {path.name for path in folder.iterdir()}
    assert left == {"problem.json", "result.json"}


async def test_two_jobs_at_a_time_do_not_disturb_each_other(settings: Settings) -> None:
    problems = (BAKERY, FERRY, HARVEST)
    alone = [await aformulate(p.text, settings=settings, model=p.model()) for p in problems]
    both = await asyncio.gather(
        *(aformulate(p.text, settings=settings, model=p.model()) for p in problems)
    )
    for first, second in zip(alone, both, strict=True):
        assert (first.cir, first.outcome, first.trust) == (second.cir, second.outcome, second.trust)
        assert first.objective == second.objective
    assert len(list((settings.data_dir / "jobs").iterdir())) == 6


async def test_the_waiting_form_is_refused_inside_a_running_loop(settings: Settings) -> None:
    with pytest.raises(InputError, match="R2C-G040"):
        formulate(BAKERY.text, settings=settings, model=BAKERY.model())
    assert not settings.data_dir.exists()


def test_neither_text_nor_job_is_told(settings: Settings) -> None:
    with pytest.raises(InputError, match="R2C-G041"):
        formulate(settings=settings, model=BAKERY.model())


def test_a_goal_that_nobody_could_read_is_an_answer_that_says_so(settings: Settings) -> None:
    aimless = Told(BAKERY.text, BAKERY.roster, BAKERY.readings, "please maximize the earnings")
    answer = formulate(BAKERY.text, settings=settings, model=aimless.model())
    assert (answer.outcome, answer.trust) == (Outcome.UNSUPPORTED, Trust.REJECTED)
    assert [fault.code for fault in answer.faults] == ["R2C-G021"]


def test_a_table_of_the_data_is_part_of_the_problem(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bread.csv"
    path.write_text("bread,flour,earnings\nbuns,2,1\ncakes,6,4\n", encoding="utf-8")
    told = Told(
        "A bakery makes buns and cakes. There are at most 60 kg of flour. How many buns and cakes "
        "should be made to maximize the earnings?",
        BAKERY.roster,
        {"60 kg": "flour <= 60"},
        "maximize earnings",
    )
    answer = formulate(told.text, path, settings=settings, model=told.model())
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(40.0)


def test_a_data_file_without_the_column_that_is_needed_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "bread.csv"
    path.write_text("bread,flour\nbuns,2\ncakes,6\n", encoding="utf-8")
    told = Told(
        "A bakery makes buns and cakes. There are at most 60 kg of flour. How many buns and cakes "
        "should be made to maximize the earnings?",
        BAKERY.roster,
        {"60 kg": "flour <= 60"},
        "maximize earnings",
    )
    answer = formulate(told.text, path, settings=settings, model=told.model())
    assert (answer.outcome, answer.trust) == (Outcome.UNSUPPORTED, Trust.REJECTED)
    assert [fault.code for fault in answer.faults] == ["R2C-G010"]
    assert "earnings" in answer.faults[0].what
