from __future__ import annotations

import pytest

from r2c.errors import InputError
from r2c_training.merge.recipe.marked import read_marked
from r2c_training.merge.recipe.read import parse_recipe, read_recipe
from r2c_training.merge.recipe.records import ModelName, Tokenizer

TIES = """\
models:
  - model: base/model
  - model: tuned/math@v2
    parameters:
      density: [1, 0.7, 0.1] # along the layers
      weight: 1.0
  - model: tuned/code+adapters/sql
    parameters:
      density: 0.5
      weight:
        - filter: mlp
          value: 0.5
        - value: 1e-1
merge_method: ties
base_model: base/model
parameters:
  normalize: true
  int8_mask: true
  lambda: 0.9
dtype: float16
out_dtype: torch.bfloat16
tokenizer:
  source: union
  tokens:
    <|im_start|>:
      source: tuned/math@v2
    <|pad|>:
      source:
        kind: zero
      force: true
    <|end|>:
      source:
        kind: model_token
        model: tuned/math@v2
        token_id: 7
  pad_to_multiple_of: 8
chat_template: auto
"""
SLICES = """\
slices:
  - sources:
      - model: &deep some/model
        layer_range: [0, 24]
  - sources:
      - model: *deep
        layer_range: [8, 32]
        parameters:
          scale:
            - filter: o_proj
              value: 0.0
            - value: 1.0
merge_method: passthrough
dtype: bfloat16
tokenizer_source: base
"""
MODULES = """\
modules:
  default:
    slices:
      - sources:
          - {model: a, layer_range: [0, 4]}
          - {model: b, layer_range: [0, 4]}
        base_model: a
        residual_weight: 0.1
        parameters: {t: [0, 0.5, 1]}
merge_method: slerp
"""


def test_a_recipe_of_mergekit_is_read_unchanged() -> None:
    recipe = parse_recipe(TIES).recipe
    math, code = recipe.models[1].model, recipe.models[2].model
    assert (math.model.path, math.model.revision) == ("tuned/math", "v2")
    assert code.lora is not None
    assert str(code) == "tuned/code+adapters/sql"
    assert (recipe.dtype, recipe.out_dtype) == ("float16", "bfloat16")
    assert recipe.chat_template == "auto"
    assert recipe.referenced()[0] == ModelName.model_validate("base/model")
    assert len(recipe.referenced()) == 3
    wanted = recipe.tokenizer_wanted()
    assert wanted is not None
    assert set(wanted.tokens) == {"<|im_start|>", "<|pad|>", "<|end|>"}
    assert wanted.pad_to_multiple_of == 8


def test_slices_modules_anchors_and_older_tokenizer_keys_are_read() -> None:
    recipe = parse_recipe(SLICES).recipe
    assert [part.sources[0].layer_range for part in recipe.slices] == [(0, 24), (8, 32)]
    assert recipe.tokenizer_wanted() == Tokenizer(source="base")
    assert parse_recipe(MODULES).recipe.modules["default"].slices[0].base_model is not None


def test_models_may_be_given_as_tables() -> None:
    text = """\
models:
  - model:
      model: {path: a b, revision: main}
      lora: {path: c}
merge_method: passthrough
"""
    model = parse_recipe(text).recipe.models[0].model
    assert str(model) == "a b@main+c"


def test_an_architecture_that_would_change_nothing_is_refused_with_its_line() -> None:
    text = """\
models:
  - model:
      model: {path: a}
      override_architecture: LlamaForCausalLM
merge_method: passthrough
"""
    with pytest.raises(InputError, match=r"line 4: .*override_architecture") as caught:
        parse_recipe(text)
    assert caught.value.code == "R2C-T111"


WRONG = [
    ("merge_metod: ties\n", "line 1: merge_metod: unknown key", "T111"),
    (TIES.replace("dtype: float16", "dtype: int4"), "line 20: dtype", "T111"),
    (TIES.replace("      force: true", "      farce: true"), "line 30: .*farce", "T111"),
    (TIES.replace("density: 0.5", "densty: 0.5"), "line 9: .*'densty'", "T112"),
    (TIES.replace("density: 0.5", "density: 1.5"), "line 9: density", "T111"),
    (TIES.replace("density: 0.5", "density: many"), "line 9: density", "T111"),
    (TIES.replace("      density: 0.5", "      lambda: 0.5"), "line 9: .*single model", "T112"),
    (TIES.replace("normalize", "normalise"), "line 17: .*'normalise'", "T112"),
    (TIES.replace("filter: mlp", "filtre: mlp"), "line 11: .*filtre", "T111"),
    (TIES.replace("merge_method: ties", "merge_method: thais"), r"line \d+: .*thais", "T102"),
    (SLICES.replace("[8, 32]", "[32, 8]"), "line 7: .*range", "T111"),
    (MODULES.replace("b, layer_range: [0, 4]", "b, layer_range: [0, 5]"), "line 4: .*same", "T111"),
    (TIES + "slices: []\nmodules:\n  x: {}\n", "line 40: .*exactly one", "T111"),
    (TIES + "tokenizer_source: base\n", "not both", "T111"),
    (TIES + "dtype: float32\n", "line 38: .*twice", "T110"),
    (TIES + "---\nmodels: []\n", "line 38", "T110"),
    ("models: [\n", "line 2", "T110"),
    ("- a\n- b\n", "line 1", "T111"),
    ("", "line 1: the file is empty", "T110"),
    ("a: !!python/object/apply:os.system [ls]\n", "line 1", "T110"),
    ("models: 2001-01-01\n", "line 1: .*date", "T110"),
    ("{a: 1, a: 2}\n", "line 1: .*twice", "T110"),
    ("1: 2\n", "line 1: .*not a word", "T110"),
    ("a: &a [*a]\n", "line 1: .*", "T110"),
    ("a: &a {<<: *a}\n", "nested too deep", "T110"),
    ("a: {<<: 7}\n", "line 1: .*mappings only", "T110"),
    ("[" * 20_000, "nested too deep", "T110"),
    ("a: " + "9" * 10_000, "line 1: .*cannot be read", "T110"),
    ("a: 2001-99-99\n", "line 1: .*cannot be read", "T110"),
    ("a: .inf\n", "line 1: .*no number", "T110"),
    ("merge_method: ties\nmodels:\n  - model: a+b+c\n", r"line 3: .*\+", "T111"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "code"), WRONG)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str, code: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        parse_recipe(text)
    assert caught.value.code == f"R2C-{code}"


def test_a_recipe_that_unfolds_without_end_is_refused() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 12)]
    with pytest.raises(InputError, match="unfolding"):
        parse_recipe("\n".join(lines))
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{at}: &a{at} {{<<: [{', '.join([f'*a{at - 1}'] * 9)}]}}" for at in range(1, 12)]
    with pytest.raises(InputError, match="unfolding"):
        parse_recipe("\n".join(lines))


def test_of_what_is_brought_in_the_first_and_of_all_the_own_key_wins() -> None:
    marked = read_marked("a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\n", "r")
    assert isinstance(marked.value, dict)
    assert marked.value["c"] == {"x": 1, "y": 1, "z": 3}
    assert (marked.line(("c", "z")), marked.line(("c", "x"))) == (3, 1)


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(InputError, match="R2C-T113"):
        read_recipe(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"merge_method: \xff\n")
    with pytest.raises(InputError, match="R2C-T113"):
        read_recipe(tmp_path / "latin.yaml")
