"""The recipes that are compared: mergekit's methods, with filters and gradients."""

from __future__ import annotations

from pydantic import JsonValue

from r2c_benchmarks.merging.checkpoints import BASE, EXPERTS

Recipe = dict[str, JsonValue]


def _of(method: str, merge: Recipe, *models: tuple[str, Recipe], base: bool = True) -> Recipe:
    listed: list[JsonValue] = [
        {"model": name, "parameters": dict(options)} for name, options in models
    ]
    found: Recipe = {"merge_method": method, "models": listed, "parameters": merge}
    return found | ({"base_model": BASE} if base else {})


def _all(options: Recipe) -> list[tuple[str, Recipe]]:
    return [(name, options) for name in EXPERTS]


MATH, CODE, WORDS = EXPERTS
_WEIGHTED: list[tuple[str, Recipe]] = [
    (MATH, {"weight": [0.2, 0.8]}),
    (CODE, {"weight": [{"filter": "mlp", "value": 0.5}, {"value": 0.3}]}),
    (WORDS, {"weight": 0.4}),
]
_THINNED: list[tuple[str, Recipe]] = [
    (name, {**options, "density": density})
    for (name, options), density in zip(_WEIGHTED, (0.2, 0.5, 0.7), strict=True)
]
_T: Recipe = {"t": [{"filter": "self_attn", "value": [0, 0.5, 1]}, {"value": 0.4}]}

RECIPES: dict[str, Recipe] = {
    "linear": _of("linear", {}, *_WEIGHTED, base=False),
    "linear, as sums": _of("linear", {"normalize": False}, *_WEIGHTED, base=False),
    "task_arithmetic": _of("task_arithmetic", {"lambda": 0.7}, *_WEIGHTED),
    "ties": _of("ties", {}, *_THINNED),
    "ties, not normalized": _of("ties", {"normalize": False, "lambda": 0.5}, *_THINNED),
    "breadcrumbs": _of("breadcrumbs", {"gamma": 0.02}, *_THINNED),
    "breadcrumbs_ties": _of("breadcrumbs_ties", {}, *_THINNED),
    "sce": _of("sce", {"select_topk": 0.3}, *_all({})),
    "slerp": _of("slerp", _T, (BASE, {}), (MATH, {})),
    "nuslerp": _of("nuslerp", {}, *_WEIGHTED[:2], base=False),
    "nuslerp of updates": _of("nuslerp", {}, *_WEIGHTED[:2]),
    "nuslerp by row": _of("nuslerp", {"nuslerp_flatten": False}, *_WEIGHTED[:2]),
    "nuslerp by column": _of(
        "nuslerp", {"nuslerp_flatten": False, "nuslerp_row_wise": True}, *_WEIGHTED[:2]
    ),
    "multislerp": _of("multislerp", {}, *_WEIGHTED, base=False),
    "multislerp of updates": _of("multislerp", {}, *_WEIGHTED),
    "karcher": _of("karcher", {}, *_all({}), base=False),
    "model_stock": _of("model_stock", {}, *_all({})),
    "model_stock by row": _of("model_stock", {"filter_wise": True}, *_all({})),
    "passthrough of slices": {
        "merge_method": "passthrough",
        "slices": [
            {"sources": [{"model": MATH, "layer_range": [0, 3]}]},
            {
                "sources": [
                    {
                        "model": CODE,
                        "layer_range": [1, 4],
                        "parameters": {"scale": [{"filter": "o_proj", "value": 0.5}, {"value": 1}]},
                    }
                ]
            },
        ],
    },
    "dare_linear": _of("dare_linear", {}, *_THINNED),
    "dare_ties": _of("dare_ties", {}, *_THINNED),
    "della": _of("della", {"epsilon": 0.1}, *_THINNED),
    "della_linear": _of("della_linear", {"epsilon": 0.1}, *_THINNED),
}
RANDOM = frozenset({"dare_linear", "dare_ties", "della", "della_linear"})
"""Those that draw: their moments are compared, not their elements."""
