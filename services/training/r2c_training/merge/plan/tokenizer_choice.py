"""The tokenizer and the chat template that a recipe asks for.

Rows of embeddings stay where they are. So a recipe that asks for a tokenizer, the base's too, is
read only if all models have the same tokens at the same numbers; mergekit moves none then either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.checkpoint import NO_CHECKPOINT, read_object
from r2c_training.merge.plan.chat_templates import TEMPLATES
from r2c_training.merge.plan.columns import refused
from r2c_training.merge.recipe.read import ReadRecipe
from r2c_training.merge.recipe.records import ModelName
from r2c_training.merge.surrogates import is_text

OTHER_TOKENS = declare(
    "R2C-T053", InputError,
    what="{source}, line {line}: {reason}; one tokenizer for them would move rows of embeddings.",
    why="Tables of tokens are merged row by row as they stand.",
    remedy="Bring the models to one vocabulary first. Without that line rows are merged by their "
    "numbers, whatever tokens they are of, and the base's tokenizer is kept.",
)  # fmt: skip


def tokenizer_folder(read: ReadRecipe) -> Path | None:
    """Where the tokenizer is taken from; None for the base's.

    Raises:
        InputError: R2C-T024 for tokens of their own or padding, R2C-T053.
    """
    recipe = read.recipe
    wanted = recipe.tokenizer_wanted()
    if wanted is None:
        return None
    if wanted.tokens:
        raise refused(read, ("tokenizer", "tokens"), "tokens with embeddings of their own")
    if wanted.pad_to_multiple_of is not None:
        raise refused(read, ("tokenizer", "pad_to_multiple_of"), "a padded vocabulary")
    key = "tokenizer_source" if recipe.tokenizer_source is not None else "tokenizer"
    line = read.marked.line((key,))
    models = list(recipe.referenced())
    if isinstance(wanted.source, ModelName):
        models = [wanted.source, *(model for model in models if model != wanted.source)]
    _require_one_vocabulary(read, line, [Path(model.model.path) for model in models])
    return Path(models[0].model.path) if isinstance(wanted.source, ModelName) else None


def _require_one_vocabulary(read: ReadRecipe, line: int, folders: Sequence[Path]) -> None:
    """Refuse a tokenizer for models whose tokens are not known to stand at the same numbers."""
    tokens = {folder: _tokens(folder) for folder in folders}
    for folder, found in tokens.items():
        if not found:
            reason = f"{folder.name} has no tokenizer.json that tells its tokens"
            raise OTHER_TOKENS(source=read.source, line=line, reason=reason)
    first = folders[0]
    for folder, found in tokens.items():
        if found != tokens[first]:
            every = sorted(found.keys() | tokens[first].keys())
            odd = next(token for token in every if found.get(token) != tokens[first].get(token))
            reason = f"{first.name} and {folder.name} have other tokens, such as {odd!r}"
            raise OTHER_TOKENS(source=read.source, line=line, reason=reason)


def chat_template(read: ReadRecipe) -> str | None:
    """The template that the result gets; None to leave the tokenizer's.

    `auto` is the template that most models have, the first of equally many, as in mergekit.

    Raises:
        InputError: R2C-T024 for a name that is not known.
    """
    wanted = read.recipe.chat_template
    if wanted is None:
        return None
    if wanted == "auto":
        folders = {Path(model.model.path): None for model in read.recipe.referenced()}
        found = Counter(told for each in folders if (told := _template(each)) is not None)
        return found.most_common(1)[0][0] if found else None
    if "{" in wanted:
        return wanted
    if wanted not in TEMPLATES:
        reason = f"the chat template {wanted!r}; known are {', '.join(TEMPLATES)}, and any text"
        raise refused(read, ("chat_template",), reason)
    return TEMPLATES[wanted]


def _tokens(folder: Path) -> dict[str, JsonValue]:
    """Token -> number, with those that were added; empty if there is no such tokenizer."""
    document = read_object(folder / "tokenizer.json") or {}
    model, added = document.get("model"), document.get("added_tokens")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    found: dict[str, JsonValue] = dict(vocabulary) if isinstance(vocabulary, dict) else {}
    if isinstance(vocabulary, list):  # a unigram model: pairs of a token and its score
        pairs = [pair if isinstance(pair, list) and pair else [None] for pair in vocabulary]
        found = {str(pair[0]): at for at, pair in enumerate(pairs)}
    for token in added if isinstance(added, list) else []:
        if isinstance(token, dict):
            found[str(token.get("content"))] = token.get("id")
    return found


def _template(folder: Path) -> str | None:
    path = folder / "chat_template.jinja"
    if path.is_file():
        try:
            return path.read_text(encoding="utf-8")
        except ValueError as error:
            raise NO_CHECKPOINT(folder=str(folder), reason=f"{path.name}: {error}") from error
    told = (read_object(folder / "tokenizer_config.json") or {}).get("chat_template")
    if isinstance(told, str) and not is_text(told):
        reason = "the chat template in tokenizer_config.json holds half of a surrogate pair"
        raise NO_CHECKPOINT(folder=str(folder), reason=reason)
    return told if isinstance(told, str) else None
