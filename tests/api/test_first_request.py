"""The first request finds everything built."""

from __future__ import annotations

import sys
import threading
import warnings

from watched import Open


async def test_the_first_requests_are_served_while_threads_change_how_warnings_are_told(
    service_open: Open,
) -> None:
    done = threading.Event()
    interval = sys.getswitchinterval()

    def change() -> None:
        while not done.is_set():
            with warnings.catch_warnings():
                warnings.simplefilter("error")

    with warnings.catch_warnings():  # threads that do this at once leave a wrong state behind
        async with service_open(serve_jobs=0) as (client, _):
            changing = threading.Thread(target=change)
            changing.start()
            sys.setswitchinterval(1e-5)
            try:
                for path in ("/v1/formulations", "/v1/cards", "/healthz"):
                    assert (await client.get(path)).status_code == 200
            finally:
                sys.setswitchinterval(interval)
                done.set()
                changing.join()
