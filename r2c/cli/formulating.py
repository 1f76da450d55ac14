"""A job from words to an answer, watched; if it is cut off, how to go on with it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from r2c.cli.check_cards import check_cards
from r2c.cli.streams import errors
from r2c.cli.transfer import transfer
from r2c.cli.watch import Watch, watching
from r2c.errors import InputError, R2CError
from r2c.formulation import Event, Formulation
from r2c.llm.connect import connect
from r2c.pipeline.api import formulate
from r2c.pipeline.store import JobStore
from r2c.problem.read import read_problem
from r2c.settings import Settings, load_settings


def formulated(
    text: str | None,
    data: list[str] | None,
    *,
    samples: int | None,
    quiet: bool,
    job: str | None,
) -> Formulation:
    """Run a job, or go on with the one called `job`.

    Raises:
        InputError: the text, the tables, the settings or the job's id; found before a model is
            fetched, as is
        CardError: of `check_cards`.
        StoreError: another run works on the job.
        R2CError: as `r2c.pipeline.api.formulate`.
    """
    settings = load_settings()
    check_cards()
    if text is not None:
        read_problem(text, data)  # a bad text must not cost the download of a model
    store = JobStore(settings.data_dir)
    if job is not None and (done := store.ended(job)) is not None:
        _tell_how_to_answer(done, job)
        return done
    if job is not None and store.readings(job) is not None:  # answered, then cut off
        return answered_before(job, settings, quiet=quiet)
    with transfer(quiet=quiet) as progress:
        model = connect(settings, progress)
    with watching(quiet=quiet) as watch, resumable(watch) as listen:
        found = formulate(
            text, data, settings=settings, model=model, samples=samples, on_event=listen, job=job
        )
    _tell_how_to_answer(found, listen.job)
    return found


def _tell_how_to_answer(found: Formulation, job: str) -> None:
    waiting = [item for item in found.questions if item.answer is None]
    if waiting and job:
        told = f"To answer: r2c answer {job} {waiting[0].id}=VALUE"
        errors().print(told, soft_wrap=True, markup=False)


def answered_before(job: str, settings: Settings, *, quiet: bool) -> Formulation:
    """A job that was cut off after an answer; a model is connected only if it is needed."""
    with watching(quiet=quiet) as watch, resumable(watch) as listen:
        return formulate(settings=settings, on_event=listen, job=job)


class JobNoted:
    """Passes events on and keeps the id of the job."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.job = ""

    def __call__(self, event: Event) -> None:
        """One step."""
        self.job = str(event.details.get("job") or self.job)
        self._watch(event)


@contextmanager
def resumable(watch: Watch) -> Iterator[JobNoted]:
    """If the job is cut off inside the block, how to go on with it is told."""
    noted = JobNoted(watch)
    try:
        yield noted
    except InputError:
        raise
    except (R2CError, KeyboardInterrupt, SystemExit):  # SIGTERM comes as the last
        if noted.job:
            told = f"What was done is kept. To go on: r2c formulate --resume {noted.job}"
            errors().print(told, soft_wrap=True)
        raise
