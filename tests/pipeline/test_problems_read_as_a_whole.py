"""A problem read as a whole: declarations, all rules in one answer, the objective."""

from __future__ import annotations

import pytest

from r2c.errors import LanguageModelError
from r2c.formulation import Event, Outcome, Trust
from r2c.llm.failures import UNREACHABLE
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.api import formulate
from r2c.settings import Settings

TEXT = (
    "A quarry sells gravel in each of 4 weeks. The customers want 60, 90, 40 and 80 tonnes. It can "
    "dig 75 tonnes a week. Before week 1 there are 20 tonnes in the yard. Digging a tonne costs 5, "
    "6, 5 and 9 euros in weeks 1 to 4. Keeping a tonne in the yard for a week costs 1 euro. "
    "Find the cheapest plan."
)
SETS = "week in Weeks: 1, 2, 3, 4"
NOUNS = """want[week] = 60, 90, 40, 80
most = 75
begin = 20
digging[week] = 5, 6, 5, 9
keeping = 1
dig[week]: tonnes dug in a week
yard[week]: tonnes in the yard at the end of a week"""
RULES = (
    "2-4: inventory_balance(stock=yard, inflow=dig, outflow=want, periods=Weeks, initial=begin)\n"
    "3: dig[week] <= most"
)
GOAL = "minimize digging[week]*dig[week] + keeping*yard[week]"
# Digging for week 4 costs 9 in it, 6 in week 3 and 8 before: all that can be dug is dug in weeks 1
# to 3, which leaves 35, 20 and 55 tonnes in the yard and 25 to dig in week 4.
OPTIMUM = 5 * 75 + 6 * 75 + 5 * 75 + 9 * 25 + 1 * (35 + 20 + 55)


def script(rules: Answer = RULES, again: Answer = "none") -> ScriptedModel:
    def answer(call: Call) -> Answer:
        said = {"sets": SETS, "decisions": NOUNS, "rules": rules, "objective": GOAL}
        return said.get(call.purpose, again)

    return ScriptedModel(answer)


@pytest.fixture
def written(settings: Settings) -> Settings:
    return settings.model_copy(update={"reading": "written"})


def test_four_questions_make_a_model_with_archetypes(written: Settings) -> None:
    model = script()
    answer = formulate(TEXT, settings=written, model=model)
    assert [call.purpose for call in model.calls] == ["sets", "decisions", "rules", "objective"]
    assert answer.outcome is Outcome.OPTIMAL and answer.objective == pytest.approx(OPTIMUM)
    assert answer.cir is not None
    assert [rule.archetype for rule in answer.cir.rules] == ["inventory_balance", "capacity_limit"]
    quotes = [rule.quote for rule in answer.cir.rules]
    assert quotes[1] == "It can dig 75 tonnes a week."
    assert quotes[0].startswith("The customers want") and quotes[0].endswith("in the yard.")
    assert answer.trust is not Trust.REJECTED


def test_each_sentence_has_its_vote_whatever_else_a_sample_says(written: Settings) -> None:
    first, second = RULES.splitlines()
    samples = [RULES, f"{first}\n3: dig[week] >= most", f"{first}\n3: shovel[week] <= most"]
    answer = formulate(TEXT, settings=written, model=script([*samples]))
    events = {event.message: event for event in answer.events}
    assert events[f"Sentence 2: {first}"].details["votes"] == 3
    assert answer.objective == pytest.approx(OPTIMUM), second


def test_a_sentence_that_made_nonsense_is_read_again(written: Settings) -> None:
    first, second = RULES.splitlines()
    wrong = f"{first}\n3: dig[week] >= 90"
    split: Answer = [wrong, wrong, first]
    model = script(split, again=second)
    answer = formulate(TEXT, settings=written, model=model)
    asked = [call.purpose for call in model.calls]
    assert asked[:4] == ["sets", "decisions", "rules", "objective"] and len(asked) > 4
    assert answer.objective == pytest.approx(OPTIMUM)
    again = next(call for call in model.calls if call.purpose == "sentence 3")
    assert "Before it was read as" in again.messages[-1].content
    assert again.messages[-3].content.startswith("Write the rules")


def test_the_same_language_is_read_sentence_by_sentence(settings: Settings) -> None:
    rules = {
        "customers want": RULES.splitlines()[0].replace("2-4", "2"),
        "75 tonnes": "3: dig[week] <= 75",
    }

    def answer(call: Call) -> Answer:
        said = {"sets": SETS, "decisions": NOUNS, "objective": GOAL}
        if call.purpose in said:
            return said[call.purpose]
        asked = call.messages[-1].content
        return next((line for words, line in rules.items() if words in asked), "none")

    model = ScriptedModel(answer)
    stepwise = settings.model_copy(update={"reading": "stepwise"})
    found = formulate(TEXT, settings=stepwise, model=model)
    assert found.objective == pytest.approx(OPTIMUM)
    asked = [call.purpose for call in model.calls]
    assert asked[:2] == ["sets", "decisions"] and asked[-1] == "objective"
    assert "sentence 3" in asked and "rules" not in asked


def test_a_sentence_whose_rules_have_no_meaning_is_read_again(written: Settings) -> None:
    first, second = RULES.splitlines()
    model = script(f"{first}\n3: dig[week] <= mots", again=second)
    answer = formulate(TEXT, settings=written, model=model)
    assert "sentence 3" in [call.purpose for call in model.calls]
    assert answer.objective == pytest.approx(OPTIMUM)


def test_a_rule_behind_a_number_that_no_sentence_has_is_not_lost(written: Settings) -> None:
    first, _ = RULES.splitlines()
    answer = formulate(TEXT, settings=written, model=script(f"{first}\n30: dig[week] <= most"))
    assert answer.objective == pytest.approx(OPTIMUM)


def test_a_job_goes_on_in_the_reading_with_which_it_began(
    settings: Settings, written: Settings
) -> None:
    jobs: list[str] = []

    def hear(event: Event) -> None:
        if event.stage == "start":
            jobs.append(str(event.details["job"]))

    said = {"sets": SETS, "decisions": NOUNS, "rules": RULES, "objective": GOAL}
    lost = UNREACHABLE(url="http://x", reason="refused")

    def broken(call: Call) -> Answer:
        return lost if call.purpose == "objective" else said[call.purpose]

    with pytest.raises(LanguageModelError):
        formulate(TEXT, settings=written, model=ScriptedModel(broken), on_event=hear)
    answer = formulate(job=jobs[0], settings=settings, model=script())
    assert answer.objective == pytest.approx(OPTIMUM)
    assert answer.manifest["reading"] == "written"
