"""A fault that is told to a tenant names no address and no folder of the service."""

from __future__ import annotations

import pytest
from watched import Open, is_problem

from r2c.client.wire import JobState
from r2c.errors import Fault
from r2c.llm.failures import UNREACHABLE
from r2c.pipeline.store import CANNOT_WRITE, UNKNOWN_JOB
from r2c_api.faults import NO_SERVICE, NO_SUCH_JOB, TOO_LONG
from r2c_api.jobs.record import NewJob
from r2c_api.outside import outside

INNER = "postgresql://r2c@10.1.2.3/r2c"


@pytest.mark.parametrize(
    "fault",
    [
        UNKNOWN_JOB.fault(job="abcd", root=INNER),
        NO_SERVICE.fault(reason=f"connection to {INNER} failed"),
        UNREACHABLE.fault(url=INNER, reason=f"{INNER} refused"),
        CANNOT_WRITE.fault(job="abcd", reason=INNER),
    ],
)
def test_what_names_the_inside_is_told_without_it(fault: Fault) -> None:
    told = outside(fault)
    assert INNER in fault.model_dump_json() and INNER not in told.model_dump_json()
    assert (told.code, told.details.get("job")) == (fault.code, fault.details.get("job"))


def test_what_is_wrong_with_a_request_is_told_as_it_is() -> None:
    fault = NO_SUCH_JOB.fault(job="abcd")
    assert outside(fault) is fault


async def test_neither_a_job_nor_an_answer_names_the_inside(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with service_open(serve_jobs=0) as (client, service):
        service.jobs.submit([NewJob(id="abcd", tenant="local", kind="formulate")])
        claimed = service.jobs.claim("w")
        assert claimed is not None
        fault = UNREACHABLE.fault(url=INNER, reason="refused")
        service.jobs.end(claimed[1], JobState.FAILED, fault=fault)
        told = await client.get("/v1/formulations/abcd")
        assert told.json()["fault"]["code"] == "R2C-L001" and INNER not in told.text

        def broken(*_: object) -> None:
            raise NO_SERVICE(reason=INNER)

        monkeypatch.setattr(service.jobs, "page", broken)
        sent = await client.get("/v1/formulations")
        assert INNER not in is_problem(sent, 503, "R2C-B613")["detail"]


async def test_what_took_too_long_is_not_offered_to_be_sent_again(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from r2c.client.patience import PASSING

    def slow(*_: object) -> None:
        raise TOO_LONG(seconds=1.0)

    async with service_open(serve_jobs=0) as (client, service):
        monkeypatch.setattr(service.jobs, "page", slow)
        sent = await client.get("/v1/formulations")
        is_problem(sent, 422, "R2C-B619")
        assert sent.status_code not in PASSING and "retry-after" not in sent.headers


async def test_a_validation_error_of_the_service_is_no_fault_of_the_request(
    service_open: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        Fault.model_validate({"secret": 1})

    async with service_open(serve_jobs=0) as (client, service):
        monkeypatch.setattr(service.jobs, "page", broken)
        sent = await client.get("/v1/formulations")
        is_problem(sent, 500, "R2C-B600")
        assert "secret" not in sent.text
        metrics = (await client.get("/metrics")).text
        assert 'route="/v1/formulations",status="500"' in metrics
