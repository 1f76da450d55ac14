"""The tokenizer and the chat template that a recipe asks for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment
from merge_family import Family

from r2c.errors import InputError
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.execute.run import HowToRun, run_plan
from r2c_training.merge.plan.from_recipe import request_from
from r2c_training.merge.plan.make_plan import make_plan
from r2c_training.merge.plan.tokenizer_choice import chat_template
from r2c_training.merge.recipe.read import parse_recipe

TOKENS = {"a": 0, "b": 1}


@pytest.fixture
def models(family: Family, tmp_path: Path) -> list[Path]:
    """Three models with tokenizers of their own."""
    found = []
    for folder, name in zip((family.base, *family.experts), "xyz", strict=False):
        found.append(tmp_path / name)
        shutil.copytree(folder, found[-1])
        write_tokenizer(found[-1], TOKENS, f"{{{{ '{name if name == 'x' else 'most'}' }}}}")
    return found


def write_tokenizer(folder: Path, tokens: dict[str, int], template: str) -> None:
    document = {"model": {"vocab": tokens}, "added_tokens": [{"content": "<s>", "id": 2}]}
    (folder / "tokenizer.json").write_text(json.dumps(document))
    told = {"name": folder.name, "chat_template": template}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))


def merged(models: list[Path], words: str) -> Path:
    text = f"merge_method: task_arithmetic\nbase_model: {models[0]}\nmodels:\n"
    for model in models[1:]:
        text += f"  - {{model: {model}, parameters: {{weight: 0.5}}}}\n"
    place = models[0].parent
    with Catalog(place / "store") as catalog:
        request = request_from(parse_recipe(text + words), place / "stacks")
        run_plan(make_plan(request, catalog), catalog, place / "out", HowToRun(threads=1))
    return place / "out"


def named(output: Path) -> str:
    return str(json.loads((output / "tokenizer_config.json").read_text())["name"])


@pytest.mark.parametrize(
    ("words", "whose"),
    [
        ("", "x"),
        ("tokenizer_source: base\n", "x"),
        ("tokenizer_source: union\n", "x"),
        ("tokenizer_source: MODEL\n", "z"),
        ("tokenizer: {source: MODEL}\n", "z"),
    ],
)
def test_the_tokenizer_is_that_of_the_model_asked_for(
    models: list[Path], words: str, whose: str
) -> None:
    output = merged(models, words.replace("MODEL", str(models[2])))
    assert named(output) == whose
    assert not (output / "chat_template.jinja").exists()


@pytest.mark.parametrize(
    "name", ["vocab.txt", "spiece.model", "sentencepiece.bpe.model", "tekken.json"]
)
def test_files_of_every_kind_of_tokenizer_come_along(models: list[Path], name: str) -> None:
    for model in models:
        (model / name).write_text(model.name)
    assert (merged(models, "") / name).read_text() == "x"


@pytest.mark.parametrize(
    ("config", "comes"), [("config.json", True), ("tokenizer_config.json", True), (None, False)]
)
def test_python_files_come_along_where_a_configuration_names_classes_of_its_own(
    models: list[Path], config: str | None, comes: bool
) -> None:
    for model in models:
        (model / "own_classes.py").write_text(f"from .own_parts import {model.name}\n")
        (model / "own_parts.py").write_text(f"{model.name} = 1\n")
        if config is not None:
            told = json.loads((model / config).read_text())
            told["auto_map"] = {"AutoModel": "own_classes.Own"}
            (model / config).write_text(json.dumps(told))
    output = merged(models, "")
    for name in ("own_classes.py", "own_parts.py"):
        assert (output / name).is_file() == comes
        assert not comes or (output / name).read_bytes() == (models[0] / name).read_bytes()


def test_the_code_of_a_tokenizer_comes_from_where_it_comes(models: list[Path]) -> None:
    for model in models:
        for config, module in (("config.json", "modeling"), ("tokenizer_config.json", "tokens")):
            told = json.loads((model / config).read_text())
            told["auto_map"] = {"AutoOwn": f"someone/own--{module}.Own"}
            (model / config).write_text(json.dumps(told))
            (model / f"{module}.py").write_text(f"# of {model.name}\n")
        (model / "folder.py").mkdir()
    output = merged(models, f"tokenizer_source: {models[2]}\n")
    assert (output / "tokens.py").read_text() == "# of z\n"
    assert (output / "modeling.py").read_text() == "# of x\n"
    assert not (output / "folder.py").exists()


@pytest.mark.parametrize(
    "words", ["tokenizer_source: base", "tokenizer: {source: base}", "tokenizer_source: union",
              "tokenizer_source: MODEL"],
)  # fmt: skip
def test_tokenizers_of_other_tokens_are_refused_with_the_line(
    models: list[Path], words: str
) -> None:
    write_tokenizer(models[2], {"b": 0, "a": 1}, "")
    with pytest.raises(InputError, match=r"R2C-T053.*line 6.*'a'"):
        merged(models, words.replace("MODEL", str(models[2])) + "\n")
    assert named(merged(models, "")) == "x"


@pytest.mark.parametrize("spoil", ["gone", "no JSON", "deep", "no tokens", "odd numbers", "pairs"])
def test_tokens_that_are_not_known_are_not_taken_for_the_same(
    models: list[Path], spoil: str
) -> None:
    path = models[1] / "tokenizer.json"
    if spoil == "gone":
        path.unlink()
    elif spoil == "no JSON":
        path.write_bytes(b"\xff{")
    elif spoil == "deep":
        path.write_text("[" * 100_000)
    elif spoil == "pairs":
        path.write_text('{"model": {"vocab": [[], 3, ["a", 0.0]]}}')
    elif spoil == "no tokens":
        path.write_text('{"model": {"vocab": {}}}')
    else:
        path.write_text('{"model": {"vocab": {"a": [0], "b": 1}}}')
    with pytest.raises(InputError, match=r"R2C-T053.*y"):
        merged(models, "tokenizer_source: union\n")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("tokenizer:\n  source: base\n  pad_to_multiple_of: 8\n", "line 8: .*padded"),
        ("tokenizer:\n  tokens: {a: {source: MODEL}}\n", "line 7: .*of their own"),
        ("chat_template: nobodys\n", "line 6: .*nobodys.*chatml"),
        ("dtype: float64\n", "line 6: .*float64"),
    ],
)
def test_what_is_not_merged_is_refused_with_its_line(
    models: list[Path], words: str, place: str
) -> None:
    with pytest.raises(InputError, match=f"R2C-T024.*{place}"):
        merged(models, words.replace("MODEL", str(models[0])))


def test_a_tokenizer_of_no_input_is_refused(models: list[Path], tmp_path: Path) -> None:
    shutil.copytree(models[0], tmp_path / "other")
    with pytest.raises(InputError, match="R2C-T054"):
        merged(models, f"tokenizer_source: {tmp_path / 'other'}\n")


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("\"{{ 'mine' }}\"", "{{ 'mine' }}"),
        ("auto", "{{ 'most' }}"),
        ("chatml", "<|im_start|>"),
    ],
)
def test_the_chat_template_is_a_text_a_name_or_what_most_models_have(
    models: list[Path], told: str, written: str
) -> None:
    output = merged(models, f"chat_template: {told}\n")
    assert written in (output / "chat_template.jinja").read_text()
    assert named(output) == "x"


SAID = [
    {"role": "system", "content": "Plan."},
    {"role": "user", "content": "How many?"},
    {"role": "assistant", "content": "Two."},
    {"role": "user", "content": "Why?"},
]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (
            "alpaca",
            "Plan.\n\n### Instruction:\nHow many?\n\n### Response:\nTwo.\n\n"
            "### Instruction:\nWhy?\n\n### Response:\n",
        ),
        (
            "chatml",
            "<|im_start|>system\nPlan.<|im_end|>\n<|im_start|>user\nHow many?<|im_end|>\n"
            "<|im_start|>assistant\nTwo.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
        (
            "exaone",
            "[|system|]Plan.[|endofturn|]\n[|user|]How many?\n[|assistant|]Two.[|endofturn|]\n"
            "[|user|]Why?\n[|assistant|]",
        ),
        (
            "llama3",
            "<s><|start_header_id|>system<|end_header_id|>\n\nPlan.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nHow many?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\nTwo.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        ("mistral", "<s> [INST] Plan.\n\nHow many? [/INST] Two.</s> [INST] Why? [/INST]"),
    ],
)
def test_a_template_by_name_writes_a_conversation_as_its_models_read_it(
    name: str, read: str
) -> None:
    wanted = parse_recipe(f"merge_method: linear\nmodels: [{{model: x}}]\nchat_template: {name}\n")
    template = chat_template(wanted)
    assert template is not None
    reader = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    told = reader.from_string(template).render(
        messages=SAID, add_generation_prompt=True, bos_token="<s>", eos_token="</s>"
    )
    assert told == read


def test_a_template_that_is_no_text_is_told(models: list[Path]) -> None:
    (models[1] / "chat_template.jinja").write_bytes(b"\xff{{ messages }}")
    with pytest.raises(InputError, match=r"R2C-T002.*chat_template"):
        merged(models, "chat_template: auto\n")


def test_half_a_surrogate_pair_is_no_template(models: list[Path]) -> None:
    with pytest.raises(InputError, match=r"R2C-T110.*line 6.*surrogate"):
        merged(models, 'chat_template: "{{ \\ud800 }}"\n')
    for folder in models:
        write_tokenizer(folder, TOKENS, "{{ \ud800 }}")
    with pytest.raises(InputError, match=r"R2C-T002.*surrogate"):
        merged(models, "chat_template: auto\n")


def test_a_pair_of_escapes_is_the_character_that_json_means(models: list[Path]) -> None:
    output = merged(models, 'chat_template: "\\ud83d\\ude00 {{ x }}"\n')
    assert (output / "chat_template.jinja").read_text() == "\U0001f600 {{ x }}"
