"""What a merge leaves open where numbers are equal, and that nothing else is called so."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import JsonValue

from r2c_benchmarks.merging.checkpoints import Array
from r2c_benchmarks.merging.equal_numbers import hanging
from r2c_benchmarks.merging.in_memory import merged, prepare
from r2c_training.merge.recipe.records import ModelName

BASE = np.zeros(6, np.float32)
FIRST = np.array([4, 3, 2, -2, 2, 0], np.float32)
"""With half of the elements two of 2, -2, 2 have to go."""
SECOND = np.array([0, 0, 0, 0, 0, 5], np.float32)


@pytest.mark.parametrize(
    ("method", "second", "open_at"),
    [
        ("ties", SECOND, [2, 3, 4]),
        ("task_arithmetic", SECOND, []),
        ("ties", -FIRST, [0, 1, 2, 3, 4]),  # sums of zero elect no sign
    ],
)
def test_only_what_equal_numbers_leave_open_is_called_so(
    method: str, second: Array, open_at: list[int]
) -> None:
    models = {"b": BASE, "one": FIRST, "two": second}
    options: dict[str, JsonValue] = {"weight": 1}
    if method == "ties":
        options["density"] = 0.5
    listed: list[JsonValue] = [{"model": name, "parameters": options} for name in ("one", "two")]
    recipe: dict[str, JsonValue] = {"merge_method": method, "base_model": "b", "models": listed}
    inputs = {ModelName.model_validate(name): {"w": value} for name, value in models.items()}
    (one,) = prepare(recipe, inputs)
    found = hanging(one, seed=1)
    assert list(np.flatnonzero(found)) == open_at
    assert merged(one, one.deltas).shape == (6,)
