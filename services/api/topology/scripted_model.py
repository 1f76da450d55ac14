"""An OpenAI-compatible server without a model: it reads the bakeries of `topology.bakery`.

    python -m topology.scripted_model --pause 0.05

The same question gets the same answer, after a pause in which a real model would think. It passes
for vLLM, so it is held to grammars. Its address is the first line of its log.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from topology.bakery import read
from topology.listening import serve

NAME = "scripted"


def application(pause: float) -> Starlette:
    """The server; `pause` is the seconds before every answer."""

    async def version(_: Request) -> JSONResponse:
        return JSONResponse({"version": "0"})

    async def models(_: Request) -> JSONResponse:
        one = {"id": NAME, "object": "model", "owned_by": "vllm", "max_model_len": 32768}
        return JSONResponse({"object": "list", "data": [one]})

    async def complete(request: Request) -> JSONResponse:
        asked = await request.json()
        await asyncio.sleep(pause)
        said = read(asked["messages"][-1]["content"])
        count = asked.get("n", 1)
        words = sum(len(message["content"].split()) for message in asked["messages"])
        return JSONResponse(
            {
                "id": "scripted", "object": "chat.completion", "model": NAME,
                "created": int(time.time()),
                "choices": [
                    {
                        "index": index, "finish_reason": "stop",
                        "message": {"role": "assistant", "content": said},
                    }
                    for index in range(count)
                ],
                "usage": {"prompt_tokens": words, "completion_tokens": count * len(said.split())},
            }
        )  # fmt: skip

    return Starlette(
        routes=[
            Route("/version", version),
            Route("/v1/models", models),
            Route("/v1/chat/completions", complete, methods=["POST"]),
        ]
    )


def main() -> None:
    """Serve on a free port of the loopback address until told to stop."""
    parser = argparse.ArgumentParser(prog="topology.scripted_model", description=__doc__)
    parser.add_argument("--pause", type=float, default=0.05, help="seconds before an answer")
    parser.add_argument("--port", type=int, default=0, help="the port; 0 takes a free one")
    given = parser.parse_args()
    serve(application(given.pause), f"/v1#{NAME}", given.port)


if __name__ == "__main__":
    main()
