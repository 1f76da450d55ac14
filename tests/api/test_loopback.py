"""Without keys only programs of this machine are answered, and no page from elsewhere."""

from __future__ import annotations

import pytest
from starlette.types import Message
from watched import Open, is_problem

from r2c_api.loopback import LoopbackOnly, is_loopback


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Host": "127.0.0.1:8000"}, True),
        ({"Host": "localhost"}, True),
        ({"Host": "[::1]:8000"}, True),
        ({"Host": "127.0.0.1", "Origin": "http://localhost:8000"}, True),
        ({"Host": "evil.example"}, False),  # a name that was made to point here
        ({"Host": "127.0.0.1", "Origin": "http://evil.example"}, False),
        ({"Host": "127.0.0.1", "Origin": "null"}, False),
        ({"Host": "127.0.0.1.evil.example"}, False),
        ({"Host": "["}, False),
        ({"Host": "127.0.0.1", "Forwarded": "for=192.0.2.1"}, False),  # from a proxy
        ({"Host": "127.0.0.1", "X-Forwarded-For": "192.0.2.1"}, False),
        ({"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}, False),
        ({"Host": "127.0.0.1", "Via": "1.1 proxy"}, False),
        ({"Host": ""}, False),
    ],
)
async def test_a_request_is_answered_if_it_was_meant_for_this_machine(
    headers: dict[str, str], allowed: bool, service_open: Open
) -> None:
    async with service_open(serve_jobs=0) as (client, _):
        sent = await client.get("/v1/formulations", headers=headers)
        if allowed:
            assert sent.status_code == 200
        else:
            is_problem(sent, 403, "R2C-B615")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "2130706433", "0x7f.1", "", "::2"])
def test_what_may_be_another_machine_is_not_taken_for_this_one(host: str) -> None:
    assert not is_loopback(host)


async def test_a_request_that_names_no_host_is_refused() -> None:
    async def never(*_: object) -> None:
        raise AssertionError("passed")

    async def nothing() -> Message:
        return {"type": "http.request"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/v1/formulations", "headers": []}
    await LoopbackOnly(never)(scope, nothing, send)
    assert sent[0]["status"] == 403
