"""The files of its inputs that a merged model gets as they are: tokenizer, settings, classes."""

from __future__ import annotations

import re
from pathlib import Path

from r2c_training.merge.checkpoint.checkpoint import Checkpoint
from r2c_training.merge.source import Source

TEMPLATE = "chat_template.jinja"

_MODULE = re.compile(rb'"(?:[^"\s]*--)?([A-Za-z_]\w*)\.[A-Za-z_]\w*"')
"""A class in `auto_map`: "modeling_own.Own", behind the name of a repository or not."""
_OF_MODEL = ("generation_config.json", "preprocessor_config.json", "processor_config.json")
_OF_TOKENIZER = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tekken.json",
    "chat_template.json",
    TEMPLATE,
)


def copied_files(base: Checkpoint, words: Source) -> dict[str, Path]:
    """Name -> where it lies, for every file that is copied.

    Args:
        base: The model whose settings the merged one gets.
        words: The input whose tokenizer it gets.

    Raises:
        OSError: if one cannot be read.
    """
    beside, words_beside = folder_of(base), folder_of(words)
    files: dict[str, Path] = {}
    for folder, names in ((beside, _OF_MODEL), (words_beside, _OF_TOKENIZER)):
        files |= {name: folder / name for name in names if (folder / name).is_file()}
    # What the tokenizer's configuration names is the tokenizer's, whatever lies beside the base.
    files |= _code(words_beside, "tokenizer_config.json")
    files |= _code(beside, "config.json")
    files |= _code(words_beside, "tokenizer_config.json", named_only=True)
    for path in files.values():  # what may not be read is told before a weight is
        path.open("rb").close()
    return files


def folder_of(source: Source) -> Path:
    """Where tokenizer and settings lie: for a stack of layers, beside the model that it begins."""
    return (source.beside if isinstance(source, Checkpoint) else None) or source.folder


def _code(folder: Path, config: str, *, named_only: bool = False) -> dict[str, Path]:
    """The Python files that come with a model or tokenizer whose classes are its own.

    `auto_map` names classes of modules, and these import others that lie beside them.
    """
    path = folder / config
    said = path.read_bytes() if path.is_file() else b""
    if b'"auto_map"' not in said:
        return {}
    named = {f"{module.decode()}.py" for module in _MODULE.findall(said)}
    found = sorted(file for file in folder.glob("*.py") if file.is_file())
    return {file.name: file for file in found if not named_only or file.name in named}
