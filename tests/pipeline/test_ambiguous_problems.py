"""Problems that can be read in two ways, lack a number or contradict themselves.

Each says what has to be asked, what is taken meanwhile, and what the best plan is worth under
each answer, worked out by hand. Where it has readings, a scripted model reads it and one job goes
on from answer to answer; where it has a model, that is solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ambiguous_texts import NAMES, problem, reader
from readers import asked as calls_of

import r2c
from r2c.errors import InputError
from r2c.formulation import Formulation, Outcome, Trust
from r2c.problem.read import read_problem
from r2c.settings import Settings


@dataclass
class Case:
    """A problem of the folder, solved anew or carried on as one job."""

    told: dict[str, Any]
    settings: Settings
    folder: Path
    job: str = ""

    @property
    def by_job(self) -> bool:
        return "readings" in self.told

    def files(self) -> list[Path]:
        paths = []
        for name, text in self.told.get("tables", {}).items():
            path = self.folder / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return paths

    def solved(self) -> Formulation:
        files = self.files() or None
        if not self.by_job:
            return r2c.solve(self.told["cir"], problem=read_problem(self.told["text"], files))
        model = reader(self.told).model()
        found = r2c.formulate(self.told["text"], files, settings=self.settings, model=model)
        (folder,) = (self.settings.data_dir / "jobs").iterdir()
        self.job = folder.name
        return found

    def answered(self, give: Mapping[str, Any]) -> tuple[Formulation, list[str]]:
        """The formulation after some answers, and what the model was asked meanwhile."""
        if not self.by_job:
            words = read_problem(self.told["text"], self.files() or None)
            return r2c.solve(self.told["cir"], problem=words, answers=give), []
        model = reader(self.told).model()
        found = r2c.answer(self.job, give, settings=self.settings, model=model)
        return found, calls_of(model)


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Case:
    return Case(problem(request.param), settings, tmp_path)


def test_what_is_ambiguous_is_asked_and_each_answer_gives_the_plan_worked_out_for_it(
    case: Case,
) -> None:
    told = case.told
    first = case.solved()
    assert [item.id for item in first.questions] == [item["id"] for item in told["asked"]]
    assert first.outcome.value == told["outcome"]
    assert first.objective == pytest.approx(told.get("objective"))
    for found, wanted in zip(first.questions, told["asked"], strict=True):
        assert (found.kind, found.default) == (wanted["kind"], wanted["default"])
        assert wanted["says"] in found.text
        assert (found.default is None) or found.reason
        worth = {item.value: item.objective for item in found.options}
        for value, objective in wanted.get("options", {}).items():
            assert worth[value] == pytest.approx(objective), value
            assert f"{objective:.6g}"[:6] in found.consequence
    if told["asked"]:
        assert first.trust is not Trust.VERIFIED
    if "consequence" in told:
        assert told["consequence"] in first.questions[0].consequence
    if "assumed" in told:
        assert first.cir is not None
        assert any(told["assumed"] in item.text for item in first.cir.assumptions)
    for step in told.get("refused", []):
        with pytest.raises(InputError, match=step["code"]):
            case.answered(step["give"])
    for step in told.get("answers", []):
        answer, calls = case.answered(step["give"])
        assert answer.outcome.value == step["outcome"], answer.faults
        assert answer.objective == pytest.approx(step.get("objective"))
        assert calls == step.get("read_again", [])
        assert_recorded(answer, step)


def assert_recorded(answer: Formulation, step: Mapping[str, Any]) -> None:
    """What was answered is kept beside its question, in the answer and in the model."""
    kept = {item.id: item.answer for item in answer.questions}
    assert all(kept[id] is not None for id in step["give"])
    assert [id for id, said in kept.items() if said is None] == (
        [step["asks"]] if "asks" in step else []
    )
    assert answer.cir is not None
    in_model = {item.id: item.answer for item in answer.cir.questions}
    assert in_model == {id: said for id, said in kept.items() if said is not None}
    if answer.outcome is Outcome.OPTIMAL:
        [found] = [item for item in answer.evidence if item.check == "questions"]
        assert found.passed is True


def test_there_are_at_least_twelve_problems_and_some_of_them_ask_nothing() -> None:
    asked = [bool(problem(name)["asked"]) for name in NAMES]
    assert len(asked) >= 12
    assert asked.count(False) >= 2
