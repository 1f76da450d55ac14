"""Whether models belong to one family, from their headers and configurations alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from r2c.errors import InputError, declare
from r2c_training.merge.adapter import Adapter
from r2c_training.merge.checkpoint.checkpoint import OUTPUT, Checkpoint
from r2c_training.merge.checkpoint.header import TensorEntry
from r2c_training.merge.checkpoint.number_format import FORMATS
from r2c_training.merge.source import Source

INCOMPATIBLE = declare(
    "R2C-T020", InputError,
    what="These models cannot be merged: {problems}.",
    why="A merge adds up the same weights of models that were trained from one base; headers and "
    "configurations show that these are not of that kind. No weight was read.",
    remedy="Leave out the models named, or bring them to the base's shapes first.",
)  # fmt: skip

_SAME = ("model_type", "num_attention_heads", "num_key_value_heads", "head_dim")
_ALIKE = (
    "rope_theta",
    "rope_scaling",
    "rope_parameters",
    "rms_norm_eps",
    "max_position_embeddings",
)
_SHOWN = 4


def merged_tensors(base: Checkpoint) -> dict[str, TensorEntry]:
    """The tensors of the merged model: the base's, without an output matrix that is tied."""
    return {
        name: entry
        for name, (_, entry) in base.tensors.items()
        if not (name == OUTPUT and base.tied)
    }


def require_compatible(base: Checkpoint, experts: Sequence[Source]) -> list[str]:
    """Refuse models that are not of one family; returns what is odd about those that are.

    Raises:
        InputError: R2C-T020 with all problems at once.
    """
    problems = list(_own_problems(base))
    remarks: list[str] = []
    for expert in experts:
        if isinstance(expert, Adapter):
            problems += _adapter_problems(base, expert)
        elif expert.folder != base.folder:
            problems += _model_problems(base, expert)
            remarks += _remarks(base, expert)
    if problems:
        raise INCOMPATIBLE(problems="; ".join(problems))
    return remarks


def _own_problems(base: Checkpoint) -> Iterator[str]:
    odd = [n for n, entry in merged_tensors(base).items() if entry.form not in FORMATS]
    if odd:
        yield f"{base.folder.name} holds {_some(odd)} in a format that is not merged"


def _adapter_problems(base: Checkpoint, expert: Adapter) -> Iterator[str]:
    tensors = merged_tensors(base)
    for name, update in expert.updates.items():
        if name not in tensors:
            yield f"the adapter {expert.folder.name} adds to {name!r}, which the base has not"
        elif tensors[name].shape != update.shape:
            yield (
                f"the adapter {expert.folder.name} adds {update.shape} to {name!r} "
                f"of {tensors[name].shape}"
            )
        for entry in (update.rows, update.columns):
            if entry.form not in FORMATS:
                yield f"{entry.name!r} of {expert.folder.name} has the format {entry.form}"


def _model_problems(base: Checkpoint, expert: Checkpoint) -> Iterator[str]:
    name = expert.folder.name
    for key in _SAME:
        if base.config.get(key) != expert.config.get(key):
            yield f"{name} has {key} {expert.config.get(key)!r}, the base {base.config.get(key)!r}"
    if base.tied != expert.tied:
        yield f"{name} {'ties' if expert.tied else 'does not tie'} its output to its embedding"
    wanted, given = merged_tensors(base), merged_tensors(expert)
    missing, extra = wanted.keys() - given.keys(), given.keys() - wanted.keys()
    if missing:
        yield f"{name} lacks {_some(missing)}"
    if extra:
        yield f"{name} has {_some(extra)} beside the base's tensors"
    for tensor in sorted(wanted.keys() & given.keys()):
        ours, theirs = wanted[tensor], given[tensor]
        if theirs.form not in FORMATS:
            yield f"{tensor!r} of {name} has the format {theirs.form}"
        if ours.shape != theirs.shape:
            words = _is_vocabulary(base, tensor) and ours.shape[1:] == theirs.shape[1:]
            yield f"{tensor!r} of {name} is {theirs.shape}, the base's {ours.shape}" + (
                " (another vocabulary)" if words else ""
            )


def _remarks(base: Checkpoint, expert: Checkpoint) -> Iterator[str]:
    for key in _ALIKE:
        ours, theirs = base.config.get(key), expert.config.get(key)
        if ours != theirs:
            told = f"{expert.folder.name} has {key} {theirs!r}, the base {ours!r}"
            yield f"{told}; the base's is kept"
    tokenizer, other = (source.folder / "tokenizer.json" for source in (base, expert))
    if tokenizer.is_file() and other.is_file() and tokenizer.read_bytes() != other.read_bytes():
        yield f"{expert.folder.name} has another tokenizer; the base's is kept"


def _is_vocabulary(base: Checkpoint, tensor: str) -> bool:
    entry = base.tensors[tensor][1]
    return bool(entry.shape) and entry.shape[0] == base.config.get("vocab_size")


def _some(names: Sequence[str] | set[str]) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(repr(name) for name in listed[:_SHOWN]) + more
