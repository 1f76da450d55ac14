"""A client that goes away takes nothing with it and leaves nothing behind."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from starlette.requests import ClientDisconnect
from watched import Open

from r2c.pipeline.worker import JobSolver
from r2c_api.access import Caller
from trials import vanished


async def test_a_client_that_leaves_in_the_middle_of_a_file_is_no_fault_of_the_service(
    service_open: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    head = b'--e\r\nContent-Disposition: form-data; name="files"; filename="t.csv"\r\n\r\na,b\n'
    parts: list[dict[str, object]] = [
        {"type": "http.request", "body": head, "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent = []

    async def receive() -> dict[str, object]:
        return parts.pop(0)

    async def send(message: object) -> None:
        sent.append(message)

    async with service_open(serve_jobs=0) as (client, service):
        app = client._transport.app
        scope = {
            "type": "http", "method": "POST", "path": "/v1/formulations", "query_string": b"",
            "headers": [(b"host", b"localhost"),
                        (b"content-type", b"multipart/form-data; boundary=e")],
            "app": app, "http_version": "1.1", "scheme": "http", "root_path": "",
        }  # fmt: skip
        await app(scope, receive, send)
        assert sent == []
        assert service.jobs.page("local", 10, None) == []
    assert "internal" not in capfd.readouterr().err


async def test_a_client_that_leaves_while_its_question_is_solved_takes_its_solver_along(
    service_open: Open,
) -> None:
    solvers: list[JobSolver] = []

    class Gone:
        async def is_disconnected(self) -> bool:
            return bool(solvers)

    def solve(solver: JobSolver) -> None:
        solvers.append(solver)
        end = time.monotonic() + 60
        while time.monotonic() < end:  # until it is stopped for good
            solver.start()
            time.sleep(0.02)

    async with service_open(serve_jobs=0) as (_, service):
        with pytest.raises(ClientDisconnect):
            await service.desk.work(Gone(), service.meter(Caller("local")), solve)
        assert solvers[0].pid is None
        assert service.desk._taken == 0


@pytest.mark.slow
async def test_nothing_of_clients_that_vanish_stays_and_their_jobs_go_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    found = await vanished.run(1, tmp_path, clients=3, rounds=2)
    assert found.broken == []
    told = capfd.readouterr().err + caplog.text
    assert "Exception in ASGI" not in told and '"internal"' not in told
