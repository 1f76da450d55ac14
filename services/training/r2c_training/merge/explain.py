"""Says what a plan leaves out and what that may cost, by expert and by tensor."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from r2c.errors import InputError, declare
from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.plan.plan import EIGHT, FOUR, FULL, SKIPPED, ZERO, Plan, PlannedTensor

NO_TENSOR = declare(
    "R2C-T140", InputError,
    what="The plan has no tensor {tensor!r}.",
    why="It names every tensor of the merged model, such as {some!r}.",
    remedy="Give the name of one, or leave out --tensor for all of them.",
)  # fmt: skip

_WORDS = {
    ZERO: "zero, free",
    SKIPPED: "left out",
    FOUR: "in 4 bits",
    EIGHT: "in 8 bits",
    FULL: "in full",
}
_SHOWN = 8


def told_bytes(count: float) -> str:
    """Bytes in megabytes or gigabytes."""
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def explain(plan: Plan, tensor: str | None = None) -> Iterator[str]:
    """Lines of text about a plan, or about one of its tensors.

    Raises:
        InputError: R2C-T140.
    """
    chosen = [each for each in plan.tensors if tensor in (None, each.name)]
    if not chosen:
        raise NO_TENSOR(tensor=tensor, some=plan.tensors[0].name)
    yield from _inputs(plan)
    yield ""
    yield "Elements of each expert:"
    for number, expert in enumerate(plan.experts):
        shares = _shares(plan, chosen, number)
        words = ", ".join(f"{share:.0%} {_WORDS[sign]}" for sign, share in shares if share > 0)
        yield f"  {expert.role} {expert.name}: {words}"
    yield ""
    yield from _promise(plan)
    costly = sorted(chosen, key=lambda each: -sum(error**2 for error in each.errors))
    costly = [each for each in costly if any(each.errors)]
    if costly:
        yield ""
        yield "Left out most, by weighted norm:"
    for each in costly[:_SHOWN]:
        parts = ", ".join(
            f"{expert.role} {error:.3g}"
            for expert, error in zip(plan.experts, each.errors, strict=True)
            if error > 0
        )
        yield f"  {each.name}: {parts}"


def _inputs(plan: Plan) -> Iterator[str]:
    yield f"Plan {plan.hash[:16]}: {', '.join(plan.methods)}, {len(plan.tensors)} tensors."
    for each in plan.inputs:
        content = each.content[:16] if each.content else "not hashed"
        yield (
            f"  {each.role} {each.name} ({each.kind}, {content}): reads "
            f"{told_bytes(each.read_bytes)} of {told_bytes(each.full_bytes)}"
        )
    if plan.budget is not None:
        yield f"  experts: {plan.expert_bytes} bytes of a budget of {plan.budget}"
    for remark in plan.remarks:
        yield f"  note: {remark}"


def _shares(plan: Plan, tensors: list[PlannedTensor], expert: int) -> list[tuple[str, float]]:
    counts = dict.fromkeys(_WORDS, 0)
    for each in tensors:
        bounds = block_bounds(each.shape, plan.block_elements)
        for sign, (start, stop) in zip(each.choices[expert], bounds, strict=True):
            counts[sign] += stop - start
    total = max(sum(prod(each.shape) for each in tensors), 1)
    return [(sign, count / total) for sign, count in counts.items()]


def _promise(plan: Plan) -> Iterator[str]:
    found = plan.certificate
    if found is None:
        yield "No bound is known for these operators; `r2c merge verify` measures the deviation."
        return
    if found.block_bound == 0:
        yield "Nothing is left out: the result is that of reading everything."
        return
    bound = found.block_bound + found.rounding
    relative = expected = ""
    if found.update:
        relative = f", {bound / found.update:.2%} of the update"
        expected = f" ({found.expected / found.update:.2%})"
    yield f"The weights differ from the full merge by at most {bound:.4g}{relative};"
    yield f"{found.expected:.4g}{expected} is expected, as deltas of experts are near orthogonal."
    yield f"Summed block by block, without that geometry, the bound is {found.sum_bound:.4g}."
