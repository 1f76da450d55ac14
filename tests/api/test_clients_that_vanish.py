"""A client that goes away takes nothing with it and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from watched import Open

from trials import vanished


async def test_a_client_that_leaves_in_the_middle_of_a_file_is_no_fault_of_the_service(
    service_open: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    head = b'--e\r\nContent-Disposition: form-data; name="files"; filename="t.csv"\r\n\r\na,b\n'
    parts = [
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


@pytest.mark.slow
async def test_nothing_of_clients_that_vanish_stays_and_their_jobs_go_on(tmp_path: Path) -> None:
    found = await vanished.run(1, tmp_path, clients=3, rounds=2)
    assert found.broken == []
