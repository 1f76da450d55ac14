from __future__ import annotations

import pytest
from numpy.testing import assert_allclose

from r2c.errors import InputError
from r2c_training.merge.recipe.outputs import outputs
from r2c_training.merge.recipe.read import parse_recipe
from r2c_training.merge.recipe.records import ModelName

OUTER = ["lm_head.weight", "model.embed_tokens.weight", "model.norm.weight"]
PARTS = ["mlp.up_proj.weight", "self_attn.q_proj.weight"]


def name(text: str) -> ModelName:
    return ModelName.model_validate(text)


def checkpoint(layers: int, without: tuple[str, ...] = ()) -> list[str]:
    inner = [f"model.layers.{at}.{part}" for at in range(layers) for part in PARTS]
    return [tensor for tensor in OUTER + inner if tensor not in without]


def planned(text: str, **layers: int):
    read = parse_recipe(text)
    return list(outputs(read, {name(model): checkpoint(count) for model, count in layers.items()}))


TIES = """\
models:
  - model: base
  - model: math
    parameters:
      density: [1, 0.5, 0.1]
      weight: [{filter: mlp, value: [0, 1]}, {filter: "*", value: 0.3}]
  - model: code
    parameters: {density: 0.4}
merge_method: ties
base_model: base
parameters:
  weight: [{filter: q_proj, value: 0.7}, {value: "1e-1"}]
  normalize: [{filter: embed, value: false}, {value: true}]
"""


def test_filters_gradients_and_scopes_are_resolved_as_in_mergekit() -> None:
    found = {each.name: each for each in planned(TIES, base=5, math=5, code=5)}
    assert len(found) == 3 + 5 * 2
    up = [found[f"model.layers.{at}.mlp.up_proj.weight"].options for at in range(5)]
    assert_allclose([each.models[0].density for each in up], [1, 0.75, 0.5, 0.3, 0.1])
    assert_allclose([each.models[0].weight for each in up], [0, 0.25, 0.5, 0.75, 1])
    assert [each.models[1].weight for each in up] == [0.1] * 5
    assert [each.models[1].density for each in up] == [0.4] * 5
    query = found["model.layers.3.self_attn.q_proj.weight"].options
    assert [model.weight for model in query.models] == [0.3, 0.7]
    embed = found["model.embed_tokens.weight"]
    assert (embed.options.merge.normalize, query.merge.normalize) == (False, True)
    # What lies outside the layers is at depth 0.
    assert embed.options.models[0].density == 1
    assert str(embed.base.model) == "base"
    assert [str(source.model) for source in embed.experts] == ["math", "code"]


def test_embeddings_come_first_then_layers_then_the_rest() -> None:
    names = [each.name for each in planned(TIES, base=12, math=12, code=12)]
    assert names[0] == "model.embed_tokens.weight"
    assert names[1].startswith("model.layers.0.")
    assert names[-4].startswith("model.layers.11.")
    assert names[-2:] == ["lm_head.weight", "model.norm.weight"]


STACK = """\
slices:
  - sources: [{model: one, layer_range: [0, 3]}]
  - sources: [{model: two, layer_range: [1, 4]}]
    parameters: {scale: [{filter: "layers.2.", value: 0.5}]}
merge_method: passthrough
"""


def test_stacked_slices_count_layers_anew_and_filter_by_the_input_name() -> None:
    found = planned(STACK, one=4, two=4)
    up = [each for each in found if "up_proj" in each.name]
    assert [each.name.split(".")[2] for each in up] == list("012345")
    sources = [(str(each.experts[0].model), each.experts[0].tensor) for each in up]
    assert sources[3] == ("two", "model.layers.1.mlp.up_proj.weight")
    assert [each.options.models[0].scale for each in up] == [None] * 4 + [0.5, None]
    by_name = {each.name: each for each in found}
    assert str(by_name["model.embed_tokens.weight"].experts[0].model) == "one"
    assert str(by_name["lm_head.weight"].experts[0].model) == "two"


SLERP = """\
slices:
  - sources:
      - {model: a, layer_range: [0, 3]}
      - {model: b, layer_range: [2, 5]}
merge_method: slerp
base_model: a
parameters:
  t: [{filter: self_attn, value: [0, 0.5, 1]}, {filter: mlp, value: [1, 0]}, {value: 0.5}]
"""


def test_slerp_goes_from_the_base_wherever_it_is_listed() -> None:
    found = {each.name: each for each in planned(SLERP, a=3, b=5)}
    for at, t in enumerate((1, 0.5, 0)):
        each = found[f"model.layers.{at}.mlp.up_proj.weight"]
        assert each.options.merge.t == t
        assert each.base.tensor == each.name
        assert each.experts[0].tensor == f"model.layers.{at + 2}.mlp.up_proj.weight"
    turned = SLERP.replace("model: a, layer_range: [0, 3]", "model: b, layer_range: [2, 5]", 1)
    turned = turned.replace(
        "model: b, layer_range: [2, 5]}\nm", "model: a, layer_range: [0, 3]}\nm"
    )
    again = {each.name: each for each in planned(turned, a=3, b=5)}
    assert {key: each.options for key, each in again.items()} == {
        key: each.options for key, each in found.items()
    }


def test_a_base_that_is_not_listed_joins_and_counts_for_methods_that_know_no_base() -> None:
    text = "models: [{model: a}, {model: b}]\nbase_model: c\nmerge_method: linear\n"
    text += "parameters: {weight: 1}\n"
    found = planned(text, a=2, b=2, c=2)
    assert all(each.base is None and len(each.experts) == 3 for each in found)


def test_truth_values_are_stepped_through() -> None:
    text = TIES.replace("{value: true}", "{value: [true, false]}")
    found = {each.name: each for each in planned(text, base=3, math=3, code=3)}
    on = [found[f"model.layers.{at}.mlp.up_proj.weight"].options.merge.normalize for at in range(3)]
    assert on == [True, True, False]


def test_a_tensor_that_one_model_alone_has_is_copied() -> None:
    read = parse_recipe(TIES)
    tied = checkpoint(2, without=("lm_head.weight",))
    found = outputs(read, {name("base"): tied, name("math"): checkpoint(2), name("code"): tied})
    heads = [each for each in found if each.name == "lm_head.weight"]
    assert [(each.operator.name, str(each.experts[0].model)) for each in heads] == [
        ("passthrough", "math")
    ]


def test_whole_models_of_different_depth_are_refused() -> None:
    with pytest.raises(InputError, match="'code' has 4 layers"):
        planned(TIES, base=5, math=5, code=4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TIES.replace("base_model: base\n", ""), "T115"),
        (SLERP.replace("[2, 5]", "[3, 6]"), "T116"),
        (SLERP.replace("base_model: a", "base_model: c"), "T115"),
        (SLERP.replace("slerp", "nuslerp").replace("  t: ", "  weight: "), "T101"),
        (TIES.replace("  weight: [{filter: q_proj, value: 0.7}, {value: \"1e-1\"}]\n", ""), "T100"),
        ("modules: {a: {models: [{model: a}]}, b: {models: [{model: b}]}}\n"
         "merge_method: linear\n", "T114"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_models_is_told(text: str, code: str) -> None:
    with pytest.raises(InputError, match=rf"R2C-{code}: \w+, line \d+: "):
        planned(text, base=5, math=5, code=5, a=3, b=5, c=3)
