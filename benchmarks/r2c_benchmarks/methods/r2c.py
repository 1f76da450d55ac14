"""R2C itself, and variants of it that lack one thing: what grammars and votes add."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import JsonValue, ValidationError

from r2c.agents.choose_dialect import dialect_of
from r2c.errors import InputError, R2CError, declare
from r2c.formulation import Event, Formulation
from r2c.problem.read import read_problem
from r2c.settings import Settings
from r2c_benchmarks.items import Item, data_files
from r2c_benchmarks.method import Attempt, Means, with_options
from r2c_benchmarks.other_seed import OtherSeed
from r2c_benchmarks.readings import attempt_of, dumped
from r2c_benchmarks.saved_readings import SavedReadings, saved_readings
from r2c_benchmarks.stages import Stages
from r2c_benchmarks.told_form import ToldForm

DECIDING = (
    "reading",
    "samples",
    "budget_tokens",
    "budget_rounds",
    "reflection",
    "solve_seconds",
    "solve_memory_mb",
    "solve_threads",
    "capability",
)
"""The settings that decide a result. Each run has them from the manifest, none from elsewhere."""
FORMS = ("auto", "text")
RESERVE = 0.05
"""The share of a problem's time that is kept for judging the best answer when time is used up."""

BAD_VALUE = declare(
    "R2C-B023",
    InputError,
    what="The option {option!r} cannot be {value!r}: {reason}.",
    why="The run would not be the one that was asked for.",
    remedy="Give another value with --set; docs/settings.md tells what each setting means.",
)


@dataclass(frozen=True)
class Pipeline:
    """The library as a user calls it; the time of one problem is its budget.

    Attributes:
        name: The name of the method.
        summary: One line for the list of methods.
        fixed: Settings that make the variant; they are no options.
    """

    name: str
    summary: str
    fixed: Mapping[str, JsonValue] = field(default_factory=dict)

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The settings that decide a result, the options laid over their defaults.

        Raises:
            InputError: R2C-B020 or R2C-B023.
        """
        shown = Settings().model_dump(mode="json", include=set(DECIDING))
        free = {name: value for name, value in shown.items() if name not in self.fixed}
        chosen = {**shown, **with_options(self.name, free, options), **self.fixed}
        form = chosen["capability"]
        if form not in FORMS:
            reason = f"a run can take the endpoint as it is or tell forms in words, {FORMS}"
            raise BAD_VALUE(option="capability", value=form, reason=reason)
        try:
            return Settings.model_validate(chosen).model_dump(mode="json", include=set(DECIDING))
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            option = str(found["loc"][0])
            raise BAD_VALUE(option=option, value=chosen[option], reason=found["msg"]) from None

    def beginning(self, item: Item, options: Mapping[str, JsonValue]) -> str:
        """Which worked examples the prompts open with: a problem with sets has others."""
        reading = self.settings(options)["reading"]
        if reading != "guided":
            return str(reading)
        with tempfile.TemporaryDirectory(prefix="r2c-bench-") as folder:
            try:
                problem = read_problem(item.problem, data_files(item, Path(folder)))
            except R2CError:
                return ""  # no prompt comes of it
        return type(dialect_of(problem)).__name__

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Formulate and solve one problem; its readings stay in the details."""
        from r2c.pipeline.api import aformulate

        chosen = self.settings(means.options)
        seeded = OtherSeed(means.model, means.seed)
        model = ToldForm(seeded) if chosen["capability"] == "text" else seeded
        # A job that is cut off by the run's limit may still write; that is no error of the problem.
        with tempfile.TemporaryDirectory(prefix="r2c-bench-", ignore_cleanup_errors=True) as folder:
            job = _Job(Path(folder) / "jobs", str(chosen["reading"]), Stages(means.model))
            own = {"budget_seconds": means.seconds_left * (1 - RESERVE), "data_dir": job.root}
            formulation = await aformulate(
                item.problem,
                data_files(item, Path(folder)),
                settings=Settings.model_validate({**means.settings.model_dump(), **chosen, **own}),
                model=model,
                on_event=job.hear,
            )
            stages = job.stages.told()
            found = await attempt_of(formulation, item)
        readings = None if job.readings is None else job.readings.model_dump(mode="json")
        kept = {**told(formulation), "readings": readings, "stages": stages}
        return replace(found, details=kept)


def told(formulation: Formulation) -> dict[str, JsonValue]:
    """What a run keeps of a formulation: its model without words, and how far it is trusted."""
    return {
        "trust": formulation.trust.value,
        "confidence": formulation.confidence,
        "score": _score(formulation),
        "evidence": {check.check: check.passed for check in formulation.evidence},
        "said": {one.check: one.message for one in formulation.evidence if one.passed is False},
        "cir": None if formulation.cir is None else dumped(formulation.cir),
    }


def _score(formulation: Formulation) -> JsonValue:
    """The number by which the verdict orders answers; no probability unless it is calibrated."""
    return next(
        (item.details["score"] for item in formulation.evidence if "score" in item.details), None
    )


@dataclass
class _Job:
    """Listens to a job and takes its readings before the job drops its steps."""

    root: Path
    reading: str
    stages: Stages
    id: str = ""
    readings: SavedReadings | None = None

    def hear(self, event: Event) -> None:
        from r2c.pipeline.history import states
        from r2c.pipeline.store import JobStore

        self.stages.hear(event)
        if event.stage == "start":
            self.id = str(event.details["job"])
        if event.stage == "conclude":
            self.readings = saved_readings(states(JobStore(self.root), self.id), self.reading)


METHOD = Pipeline("r2c", "R2C: staged, grammar-held, checked and voted")
VARIANTS = {
    "text": Pipeline(
        "r2c-text",
        "R2C without grammars: forms are told in words",
        {"capability": "text"},
    ),
    "1": Pipeline("r2c-1", "R2C without votes: one greedy sample", {"samples": 1}),
}
