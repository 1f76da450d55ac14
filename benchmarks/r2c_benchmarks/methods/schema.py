"""One call: the whole model as JSON with ordinary formulas, compiled without running any code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import JsonValue

from r2c.archetypes.faults import structural_faults
from r2c.archetypes.load import standard_library
from r2c.solve.limits import Limits
from r2c.verdict.answer import asolve
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means, with_numbers
from r2c_benchmarks.programs import SOLVE_SECONDS
from r2c_benchmarks.readings import attempt_of, dumped
from r2c_benchmarks.replies import MAX_TOKENS, is_cut_off, most_tokens
from r2c_benchmarks.schema_form import SPEC, ModelForm, cir_of
from r2c_benchmarks.schema_prompt import conversation


class Schema:
    """What structured output brings by itself: no stages, no votes, no checks, no repair."""

    summary = "one call, JSON with formulas, held to its form by the endpoint"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Greedy, one sample."""
        return with_numbers("schema", {"temperature": 0.0, "max_tokens": MAX_TOKENS}, options)

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Ask once, compile, solve."""
        chosen = self.settings(means.options)
        turns = conversation(item)
        reply = await means.model.complete(
            turns,
            SPEC,
            temperature=float(str(chosen["temperature"])),
            seed=means.seed,
            max_tokens=most_tokens(int(str(chosen["max_tokens"])), turns, means.model.info),
            deadline=means.deadline,
            purpose="schema",
        )
        candidate = reply.candidates[0]
        details: dict[str, JsonValue] = {"reply": candidate.text}
        if candidate.value is None:
            why = "no form" if candidate.fault is None else candidate.fault.what
            cut = is_cut_off(candidate)
            return Attempt("error", message=why, details=details, truncated=cut)
        found = await _solved(candidate.value, item, means)
        return replace(found, details={**found.details, **details}, truncated=False)


async def _solved(form: ModelForm, item: Item, means: Means) -> Attempt:
    try:
        cir = cir_of(form)
    except ValueError as error:
        return Attempt("error", message=" ".join(str(error).split())[:1000])
    broken = structural_faults(cir, standard_library())
    if broken:  # which says nothing of the problem, such as that it is unsupported
        told = "; ".join(f"{fault.code}: {fault.what}" for fault in broken)
        return Attempt("error", message=told, details={"cir": dumped(cir)})
    seconds = min(SOLVE_SECONDS, means.seconds_left)
    found = await attempt_of(await asolve(cir, limits=Limits(seconds=seconds)), item)
    return replace(found, details={"cir": dumped(cir)})


METHOD = Schema()
