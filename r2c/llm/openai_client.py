"""Any OpenAI-compatible endpoint as a `LanguageModel`: deadlines, retries, samples by `n`.

Samples of one prompt go out as one request (the prompt is read once and the answers are decoded
together, so five cost little more than two), split or repeated only where an endpoint cannot.
No connection is kept open between calls: a call takes seconds, and a client without sockets can
serve one event loop after another and leaves nothing behind when cancelled.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from r2c.errors import R2CError
from r2c.llm.access import Access, import_openai, open_client
from r2c.llm.choices import Sample, candidate, check_body, samples_of, usage_of
from r2c.llm.classify import Failure, Target, classify, timed_out
from r2c.llm.dialect import Dialect
from r2c.llm.failures import DEADLINE
from r2c.llm.model import Message, ModelInfo, Reply, Usage
from r2c.llm.render import Rendered, render
from r2c.llm.retry import Retry
from r2c.llm.sampling import Sampling
from r2c.llm.spec import OutputSpec
from r2c.llm.streamed import put_together

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")


class OpenAIModel:
    """A `LanguageModel` behind an OpenAI-compatible endpoint."""

    def __init__(
        self,
        access: Access,
        info: ModelInfo,
        *,
        retry: Retry | None = None,
        logprobs: bool = True,
    ) -> None:
        """Nothing is sent before the first call.

        Args:
            access: Where the endpoint is.
            info: What is known about it (`r2c.llm.probe.probe` finds out).
            retry: When to try again; two more tries unless given.
            logprobs: Whether to ask for token log-probabilities.
        """
        self.access = access
        self._info = info
        self._retry = retry or Retry()
        self._dialect = Dialect(logprobs=logprobs)
        self._target = Target(access.url, info.name, access.key)
        self._client: AsyncOpenAI | None = None

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._info

    async def complete(
        self,
        messages: Sequence[Message],
        spec: OutputSpec[T] | None,
        *,
        samples: int = 1,
        temperature: float = 0.0,
        seed: int = 0,
        max_tokens: int,
        deadline: float | None = None,
        purpose: str = "",
    ) -> Reply[T]:
        """See `r2c.llm.model.LanguageModel.complete`."""
        if samples < 1 or not messages:
            raise ValueError("complete() needs at least one message and one sample")
        del purpose  # for wrappers that trace; the endpoint is not told
        started = time.monotonic()
        rendered = render(messages, spec, self._info.capability, self._info.kind)
        drawn: list[Sample] = []
        usage = Usage()
        while len(drawn) < samples:
            wanted = min(samples - len(drawn), self._info.max_samples if self._dialect.n else 1)
            # Another seed for each further request, or the same answers would come again.
            sampling = Sampling(temperature, seed + len(drawn), max_tokens, deadline)
            got, cost = await self._request(rendered, sampling, wanted, first=len(drawn))
            if len(got) < wanted:
                self._dialect = replace(self._dialect, n=False)
            drawn += got[:wanted]
            usage += cost
        return Reply(
            tuple(
                candidate(sample, spec, self._info.capability, index)
                for index, sample in enumerate(drawn)
            ),
            replace(usage, seconds=time.monotonic() - started),
        )

    async def _request(
        self, rendered: Rendered, sampling: Sampling, wanted: int, *, first: int
    ) -> tuple[list[Sample], Usage]:
        """One request with its retries; what each choice holds, and what all tries cost."""
        calls = tried = 0
        while True:
            calls += 1
            tried += 1
            outcome = await self._send(rendered, sampling, wanted)
            if not isinstance(outcome, Failure):
                got = samples_of(outcome, max_tokens=sampling.max_tokens, first=first)
                cost = usage_of(outcome, got, rendered.messages)
                return got, replace(cost, calls=calls)
            if outcome.status in (400, 422):
                simpler = self._dialect.after_refusal(outcome.said, wanted)
                if simpler is not None:
                    self._dialect, tried = simpler, tried - 1
                    wanted = wanted if simpler.n else 1
                    continue
            pause = self._retry.pause(outcome, tried, sampling.seconds_left)
            if pause is None:
                raise outcome.error
            await asyncio.sleep(pause)

    async def _send(
        self, rendered: Rendered, sampling: Sampling, wanted: int
    ) -> Mapping[str, Any] | Failure:
        """One HTTP exchange, within the request limit and the deadline."""
        left = sampling.seconds_left
        if left <= 0:
            raise self._late("No time was left to send the request.")
        self._connected()  # imports a library, which must not count as the endpoint's time
        limit = min(self.access.request_seconds, left)
        try:
            async with asyncio.timeout(limit):
                body = await self._post(self._body(rendered, sampling, wanted))
        except TimeoutError:
            if limit < self.access.request_seconds:
                raise self._late(f"It had not answered in full after {limit:.1f} s.") from None
            return timed_out(self._target, limit)
        except R2CError:
            raise
        except Exception as error:  # every fault of the client becomes a code, or is raised again
            return classify(error, self._target, connect_seconds=self.access.connect_seconds)
        failure = check_body(body, self._target)
        return failure if failure is not None else cast("Mapping[str, Any]", body)

    async def _post(self, body: dict[str, object]) -> object:
        """The JSON value of the reply, or its text if it is something else."""
        # Posted as it is, not through `chat.completions.create`: its signature knows no grammars,
        # and its replies are built from whatever comes, without a check.
        client = self._connected()
        if self._info.kind != "llama.cpp":
            return await client.post("/chat/completions", body=body, cast_to=object)
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        stream = await client.post(
            "/chat/completions",
            body=body,
            cast_to=object,
            stream=True,
            stream_cls=import_openai().AsyncStream[object],
        )
        async with stream:
            if "text/event-stream" in stream.response.headers.get("content-type", ""):
                return await put_together(stream)
            text = (await stream.response.aread()).decode()
            return json.loads(text) if text.lstrip().startswith("{") else text

    def _body(self, rendered: Rendered, sampling: Sampling, wanted: int) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self._info.name,
            "messages": [
                {"role": message.role, "content": message.content} for message in rendered.messages
            ],
            **self._dialect.fields(
                n=wanted,
                seed=sampling.seed,
                temperature=sampling.temperature,
                max_tokens=sampling.max_tokens,
            ),
            **rendered.extra_body,
        }
        if rendered.response_format is not None:
            body["response_format"] = rendered.response_format
        return body

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            self._client = open_client(self.access)
        return self._client

    def _late(self, state: str) -> R2CError:
        return DEADLINE(url=self.access.url, state=state)
