"""One call: the model reasons in words first, then writes a Pyomo program; greedy.

Wei et al., "Chain-of-Thought Prompting Elicits Reasoning in Large Language Models", NeurIPS 2022,
in the zero-shot form of Kojima et al., "Large Language Models are Zero-Shot Reasoners", NeurIPS
2022, with the rules of `direct` for the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import JsonValue

from r2c.llm.model import Message, Reply
from r2c_benchmarks.example import words_of
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means, with_numbers
from r2c_benchmarks.programs import EXAMPLES, SYSTEM, executed
from r2c_benchmarks.replies import MAX_TOKENS, most_tokens

_ASK = (
    "\n\nFirst think step by step, in words: which quantities are decided, what each sentence "
    "demands of them, and what is to be made large or small. Then write the program."
)


class ChainOfThought:
    """What asking for reasons first brings."""

    summary = "one call, reasons in words and then a Pyomo program"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Greedy, one sample."""
        defaults: dict[str, JsonValue] = {"temperature": 0.0, "max_tokens": MAX_TOKENS}
        return with_numbers("chain_of_thought", defaults, options)

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Ask once, run the program at the end of the answer."""
        chosen = self.settings(means.options)
        rules = SYSTEM.replace(
            "Answer with one complete program in one ```python block and nothing else.",
            "After your reasons, write one complete program in one ```python block.",
        )
        turns = [Message("system", rules)]
        for words, program in EXAMPLES:
            turns += [Message("user", words), Message("assistant", program)]
        turns.append(Message("user", words_of(item) + _ASK))
        reply: Reply[str] = await means.model.complete(
            turns,
            None,
            temperature=float(str(chosen["temperature"])),
            seed=means.seed,
            max_tokens=most_tokens(int(str(chosen["max_tokens"])), turns, means.model.info),
            deadline=means.deadline,
            purpose="chain of thought",
        )
        attempt = await executed(reply.candidates[0], means)
        details: dict[str, JsonValue] = {**attempt.details, "reply": reply.candidates[0].text}
        return replace(attempt, details=details)


METHOD = ChainOfThought()
