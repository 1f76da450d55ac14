"""The methods that are measured under budgets, each with the options that its paper is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """How a recipe of the method is written.

    Args:
        each: Options of each model, as YAML writes them.
        merge: Options of the merge.
        base: Whether the recipe names a base; without one the first model is what deltas are
            against.
        most: Models that the method takes at most; None for any number.
        base_is_listed: Whether mergekit wants the base among the models too.
        budgets: Whether it can be held to a budget: it adds updates to a base.
        rival: Whether mergekit 0.1.5 has the method.
    """

    each: str = "{}"
    merge: str = "{}"
    base: bool = True
    most: int | None = None
    base_is_listed: bool = False
    budgets: bool = True
    rival: bool = True


_THINNED = "{weight: 0.3, density: 0.5}"
METHODS = {
    "task_arithmetic": Method("{weight: 0.3}"),
    "linear": Method("{weight: 0.3}", base=False),
    "ties": Method(_THINNED),
    "dare_linear": Method(_THINNED),
    "dare_ties": Method(_THINNED),
    "della": Method("{weight: 0.3, density: 0.5, epsilon: 0.1}"),
    "della_linear": Method("{weight: 0.3, density: 0.5, epsilon: 0.1}"),
    "breadcrumbs": Method(_THINNED, "{gamma: 0.02}"),
    "breadcrumbs_ties": Method(_THINNED, "{gamma: 0.02}"),
    "sce": Method(merge="{select_topk: 0.3}"),
    "model_stock": Method(),
    "multislerp": Method("{weight: 0.3}"),
    "karcher": Method(base=False, budgets=False),
    "slerp": Method(merge="{t: 0.4}", most=1, base_is_listed=True),
    "nuslerp": Method("{weight: 0.3}", most=2),
    "passthrough": Method(base=False, most=1, budgets=False),
    "tsv_m": Method("{weight: 0.3}", rival=False),
    "iso_c": Method("{weight: 0.3}", rival=False),
    "wudi": Method(rival=False),
}
"""By name; `regmean` is left out: it needs statistics of data, which no command takes yet."""


def recipe_lines(method: str, base: str, models: list[str]) -> list[str]:
    """The recipe that merges these models, as lines of YAML."""
    how = METHODS[method]
    lines = [f"merge_method: {method}", "dtype: bfloat16", f"parameters: {how.merge}"]
    if how.base:
        lines.append(f"base_model: {base}")
    lines.append("models:")
    if how.base_is_listed:
        lines.append(f"  - model: {base}")
    for model in models:
        lines += [f"  - model: {model}", f"    parameters: {how.each}"]
    return lines
