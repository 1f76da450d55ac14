"""The steps of a job can be looked at while it runs: what was read before a repair is not lost."""

from __future__ import annotations

from readers import FERRY

from r2c.formulation import Event
from r2c.pipeline.api import formulate
from r2c.pipeline.history import states
from r2c.pipeline.state import State
from r2c.pipeline.store import JobStore
from r2c.settings import Settings


def test_the_readings_before_and_after_a_repair_are_in_the_history(settings: Settings) -> None:
    store, jobs, found = JobStore(settings.data_dir), list[str](), list[State]()

    def listen(event: Event) -> None:
        if event.stage == "start":
            jobs.append(str(event.details["job"]))
            assert states(store, jobs[0]) == ()
        if event.stage == "conclude":
            found.extend(states(store, jobs[0]))

    answer = formulate(FERRY.text, settings=settings, model=FERRY.model(), on_event=listen)
    tried = [state for state in found if state.get("picks")]
    before, after = tried[0]["options"][-1], tried[-1]["options"][-1]
    assert before[0]["text"] == "none"
    assert "people >= 120" not in [item["text"] for item in before]
    assert "people >= 120" in [item["text"] for item in after]
    assert (tried[0]["round"], tried[-1]["round"]) == (0, 1)
    assert answer.objective == 2700.0
    assert states(store, jobs[0]) == ()  # a finished job keeps its result alone
