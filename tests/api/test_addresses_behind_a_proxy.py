"""Who asked stands in the audit log: what a proxy says counts if the proxy is trusted."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from r2c.settings import Settings
from r2c_api.keys.table import KeyTable
from r2c_api.store.open import open_database
from topology.program import Program, python
from topology.together import address

pytestmark = pytest.mark.slow

_SERVE = "import sys; from r2c.cli.main import main; sys.argv[1:] = {words!r}; main()"
FAR = "203.0.113.9"


@pytest.mark.parametrize(
    ("trusted", "due"), [("127.0.0.1,::1", FAR), ("192.0.2.1", "127.0.0.1"), ("none", "127.0.0.1")]
)
def test_the_audit_log_names_who_asked_as_far_as_the_peer_is_trusted(
    trusted: str, due: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    database = open_database(settings)
    keys = KeyTable(database)
    _, key = keys.create("acme")
    server = Program(
        "server",
        python("-c", _SERVE.format(words=["serve", "--keys", "--port", "0"])),
        tmp_path,
        more={
            "R2C_DATA_DIR": str(settings.data_dir),
            "R2C_SERVE_JOBS": "0",
            "R2C_SERVE_PROXIES": trusted,
        },
    )
    server.start()
    try:
        url = server.ready(lambda: address(server))
        headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": FAR}
        with httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
            assert client.post("/v1/formulations", json={"text": "Pack."}).status_code == 202
    finally:
        server.stop()
    deeds = [deed for deed in keys.deeds(5) if deed.action == "POST /v1/formulations"]
    database.close()
    assert [deed.address for deed in deeds] == [due]
