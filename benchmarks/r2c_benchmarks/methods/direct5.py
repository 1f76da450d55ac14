"""Five sampled Pyomo programs and a vote on their optimum."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from r2c.llm.model import Reply
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means, with_numbers
from r2c_benchmarks.programs import conversation, executed
from r2c_benchmarks.replies import MAX_TOKENS, most_tokens
from r2c_benchmarks.vote import voted


class DirectVote:
    """The prompt of `direct`, sampled; programs without an optimum do not vote."""

    summary = "five samples of `direct` at temperature 0.7, vote on the optimum"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """How many samples, how hot."""
        defaults: dict[str, JsonValue] = {
            "samples": 5,
            "temperature": 0.7,
            "max_tokens": MAX_TOKENS,
        }
        return with_numbers("direct5", defaults, options)

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Ask for all samples at once, run each, take the optimum most agree on."""
        chosen = self.settings(means.options)
        turns = conversation(item)
        reply: Reply[str] = await means.model.complete(
            turns,
            None,
            samples=int(str(chosen["samples"])),
            temperature=float(str(chosen["temperature"])),
            seed=means.seed,
            max_tokens=most_tokens(int(str(chosen["max_tokens"])), turns, means.model.info),
            deadline=means.deadline,
            purpose="direct5",
        )
        said = reply.candidates
        attempts = [await executed(one, means, len(said) - k) for k, one in enumerate(said)]
        return voted(attempts, replies=[candidate.text for candidate in said])


METHOD = DirectVote()
