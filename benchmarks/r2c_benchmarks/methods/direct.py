"""One call: the model writes a Pyomo program, which is executed; greedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import JsonValue

from r2c.llm.model import Reply
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means, with_numbers
from r2c_benchmarks.programs import conversation, executed
from r2c_benchmarks.replies import MAX_TOKENS, most_tokens


class Direct:
    """What a capable user would do with a chat model and an interpreter."""

    summary = "one call, a Pyomo program, executed in the sandbox"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Greedy, one sample."""
        return with_numbers("direct", {"temperature": 0.0, "max_tokens": MAX_TOKENS}, options)

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Ask once, run the program."""
        chosen = self.settings(means.options)
        turns = conversation(item)
        reply: Reply[str] = await means.model.complete(
            turns,
            None,
            temperature=float(str(chosen["temperature"])),
            seed=means.seed,
            max_tokens=most_tokens(int(str(chosen["max_tokens"])), turns, means.model.info),
            deadline=means.deadline,
            purpose="direct",
        )
        attempt = await executed(reply.candidates[0], means)
        details: dict[str, JsonValue] = {**attempt.details, "reply": reply.candidates[0].text}
        return replace(attempt, details=details)


METHOD = Direct()
