"""The answers of jobs that have succeeded, which the parts and whatever builds on them need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from r2c.cir.schema import CIR
from r2c.client.wire import JobState
from r2c.formulation import Formulation
from r2c.pipeline.store import RESULT, JobStore
from r2c_api.faults import NO_SUCH_PART, NOT_ENDED
from r2c_api.tenants import settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from r2c_api.access import Caller
    from r2c_api.service import Service


def folder_of(service: Service, caller: Caller, job: str) -> Path:
    """The folder of a job that has an answer.

    Raises:
        InputError: R2C-B602, R2C-B604.
        StoreError: R2C-G033, an attempt that was given up still holds it; R2C-G031.
    """
    record = service.jobs.get(caller.tenant, job)
    if record.state is not JobState.SUCCEEDED:
        raise NOT_ENDED(job=job, state=record.state.value)
    store = JobStore(settings_for(service.settings, caller.tenant).data_dir)
    folder = store.folder(job)
    if not (folder / RESULT).is_file():  # it went on with answers and came to no other end
        store.restore(job)
    return folder


def answer_of(service: Service, caller: Caller, job: str) -> Formulation:
    """The answer of a job.

    Raises:
        InputError: R2C-B602, R2C-B604.
        StoreError: R2C-G032, it cannot be read.
    """
    folder = folder_of(service, caller, job)
    found = JobStore(folder.parents[1]).result(job)
    if found is None:
        raise NOT_ENDED(job=job, state="without its result")
    return found


def model_of(answer: Formulation, job: str) -> CIR:
    """The model of an answer.

    Raises:
        InputError: R2C-B605, there is none.
    """
    if answer.cir is None:
        raise missing(answer, job, "model")
    return answer.cir


def missing(answer: Formulation, job: str, part: str) -> Exception:
    """R2C-B605 for a part that an answer does not have, with the reason."""
    reason = f"The outcome is {answer.outcome.value}"
    if answer.faults:
        reason += f": {answer.faults[0].what}"
    return NO_SUCH_PART(job=job, part=part, reason=reason.rstrip("."))
