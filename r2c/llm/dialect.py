"""Which optional fields an endpoint takes, learnt from its refusals.

"OpenAI-compatible" servers differ in `n`, `logprobs`, `seed`, `temperature` and the name of the
token limit. A request starts with all of them; a refusal that names one drops it for good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Dialect:
    """The optional fields in use."""

    n: bool = True
    logprobs: bool = True
    seed: bool = True
    temperature: bool = True
    max_tokens: bool = True

    def fields(
        self, *, n: int, seed: int, temperature: float, max_tokens: int
    ) -> dict[str, int | float | bool]:
        """The request fields for these sampling settings."""
        fields: dict[str, int | float | bool] = {
            "max_tokens" if self.max_tokens else "max_completion_tokens": max_tokens
        }
        if n > 1:
            fields["n"] = n
        if self.temperature:
            fields["temperature"] = temperature
        if self.seed:
            fields["seed"] = seed
        if self.logprobs:
            # llama.cpp reads 0 as "none", and sends the top 20 of every token when unset.
            fields |= {"logprobs": True, "top_logprobs": 1}
        return fields

    def after_refusal(self, said: str, n: int) -> Dialect | None:
        """The dialect to try next after a request with `n` choices was refused.

        Args:
            said: What the endpoint said.
            n: Choices that were asked for.

        Returns:
            None when nothing that was sent explains the refusal.
        """
        lowered = said.lower()
        if self.logprobs and "logprob" in lowered:
            return replace(self, logprobs=False)
        if self.max_tokens and "max_completion_tokens" in lowered:
            return replace(self, max_tokens=False)
        if self.seed and "seed" in lowered:
            return replace(self, seed=False)
        if self.temperature and "temperature" in lowered:
            return replace(self, temperature=False)
        if self.n and n > 1:
            return replace(self, n=False)
        return None
