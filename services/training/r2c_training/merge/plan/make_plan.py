"""From a request to a plan: headers are compared, costs and errors laid out, levels chosen.

Reads headers and the catalogue, and no weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_training.merge.adapter import Adapter, is_adapter
from r2c_training.merge.blocks import BLOCK_ELEMENTS
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.catalog.facts import Delta
from r2c_training.merge.checkpoint.block_reader import issued_bytes
from r2c_training.merge.checkpoint.checkpoint import Checkpoint
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Format
from r2c_training.merge.checkpoint.stack import open_model, require_unstacked
from r2c_training.merge.operators.operator import BaseUse
from r2c_training.merge.plan.asked import Asked, ask
from r2c_training.merge.plan.certificate import TensorErrors, certify
from r2c_training.merge.plan.choose import Offers, choose, choose_by_error
from r2c_training.merge.plan.compatibility import merged_tensors, require_compatible
from r2c_training.merge.plan.copied_files import copied_files, folder_of
from r2c_training.merge.plan.offer import Offer, full_bytes, offer
from r2c_training.merge.plan.plan import ZERO, Input, Plan, PlannedTensor
from r2c_training.merge.plan.request import MergeRequest
from r2c_training.merge.source import Source, header_identity, identity, open_source

NOT_ANALYSED = declare(
    "R2C-T021", InputError,
    what="Nothing is known yet of the deltas of {names}.",
    why="A budget is spent on the blocks that matter most, which one pass over each expert shows.",
    remedy="Run `r2c merge analyse` with the same recipe first; it is needed once an expert.",
)  # fmt: skip
NEEDS_BASE = declare(
    "R2C-T022", InputError,
    what="This merge needs a base model: {reason}.",
    why="What an expert adds is known only beside the model that it was trained from.",
    remedy="Name it in the recipe: `base_model: FOLDER`.",
)  # fmt: skip
NO_UPDATES = declare(
    "R2C-T144", InputError,
    what="Merge method {operator!r} cannot be held to a budget: it merges models, not updates.",
    why="A budget is spent on what experts add to a base; a base would be one more model here.",
    remedy="Leave the budget out, or choose a method that merges updates.",
)  # fmt: skip
NOT_SUPPLIED = declare(
    "R2C-T027", InputError,
    what="Merge method {operator!r} needs what nobody supplies yet: statistics of its inputs.",
    why="Without them it is a plain mean under another name.",
    remedy="Say `merge_method: linear` for the mean, or choose a method that needs no data.",
)  # fmt: skip
NO_BOUND = declare(
    "R2C-T023", InputError,
    what="No plan can promise an error for merge method {operator!r}.",
    why="What leaving a block out costs is known only where coefficients are fixed beforehand.",
    remedy="Give a budget in bytes or percent instead; `r2c merge verify` measures the error.",
)  # fmt: skip

NO_SUCH_INPUT = declare(
    "R2C-T054", InputError,
    what="The tokenizer of {folder!r} is asked for, which is no input of the merge.",
    why="A plan knows its inputs alone, so that the same plan gives the same files.",
    remedy="Name one of the models that are merged, or `base`.",
)  # fmt: skip

_SIGNS = np.array(list("-48f"))


@dataclass(frozen=True)
class Limits:
    """How much may be read of experts: bytes, a share of all, or as an error wants it.

    Args:
        budget_bytes: Bytes asked of the kernel, at most.
        budget_share: The same as a share of reading all of them once.
        max_error: Blockwise bound of the error, as a share of the update.
    """

    budget_bytes: int | None = None
    budget_share: float | None = None
    max_error: float | None = None

    @property
    def open(self) -> bool:
        """Whether all may be read."""
        return self.budget_bytes is None and self.budget_share is None and self.max_error is None


ALL = Limits()


@dataclass(frozen=True)
class Seen:
    """What headers show of a request: that it can be planned, and what of.

    Args:
        base: The base, or the first model where there is none.
        experts: What is merged into it, or with it.
        asked: The tensors of the merged model with their rules.
        based: Whether experts are taken as what they add to the base.
        budget: Bytes that may be read of experts; None: all, or what an error wants.
        tokenizer: Number of the input whose tokenizer is asked for.
        remarks: What is odd about the models.
    """

    base: Checkpoint
    experts: Sequence[Source]
    asked: Sequence[Asked]
    based: bool
    budget: int | None
    tokenizer: int
    remarks: Sequence[str]

    @property
    def outline(self) -> JsonValue:
        """What every plan of this request has in common (`Plan.outline`)."""
        rules: JsonValue = [
            [
                each.entry.name, each.form, each.operator.name,
                dict(each.rule.merge), [dict(model) for model in each.rule.models],
            ]
            for each in self.asked
        ]  # fmt: skip
        models: JsonValue = [header_identity(each) for each in (self.base, *self.experts)]
        return [models, rules, self.budget]


def look_at(request: MergeRequest, limits: Limits = ALL, *, elements: int = BLOCK_ELEMENTS) -> Seen:
    """Refuse what headers show that cannot be planned, before anything else is read.

    Raises:
        InputError: those of `make_plan` but R2C-T021.
    """
    experts = [open_source(folder) for folder in request.experts]
    base = _base(request, experts)
    remarks = require_compatible(base, experts)
    asked = [
        ask(entry, request.form or cast(Format, entry.form), request.rule(name), experts, elements)
        for name, entry in merged_tensors(base).items()
    ]
    for each in asked:
        if each.operator.needs_inputs:
            raise NOT_SUPPLIED(operator=each.operator.name)
    # Sums of models need a base only where what it knows of their differences is of use.
    based = request.base is not None or (
        not limits.open and all(each.operator.additive for each in asked)
    )
    _require_base(request, asked, based, limits)
    budget = limits.budget_bytes
    if limits.budget_share is not None:
        whole = sum(full_bytes(base if based else None, expert, asked) for expert in experts)
        budget = int(limits.budget_share * whole)
    tokenizer = _tokenizer(request, base, experts)
    copied_files(base, (base, *experts)[tokenizer])
    return Seen(base, experts, asked, based, budget, tokenizer, remarks)


def make_plan(
    request: MergeRequest,
    catalog: Catalog,
    limits: Limits = ALL,
    *,
    elements: int = BLOCK_ELEMENTS,
) -> Plan:
    """The plan for a request.

    Raises:
        InputError, StoreError: R2C-T001 to R2C-T006, R2C-T010, R2C-T020 to R2C-T023, R2C-T027,
            R2C-T051, R2C-T054, R2C-T144, and those of the operator.
    """
    seen = look_at(request, limits, elements=elements)
    base, experts, asked, based = seen.base, seen.experts, seen.asked, seen.based
    deltas: list[Delta | None] = [None] * len(experts)
    if based:
        deltas = _deltas(catalog, base, experts, elements, limits)
    against = base if based else None
    offers = [
        [offer(against, expert, delta, each) for each in asked]
        for expert, delta in zip(experts, deltas, strict=True)
    ]
    levels = _choose(offers, asked, limits, seen.budget)
    errors = _errors(asked, offers, levels)
    tensors = tuple(
        _planned(each, [(o[at], lv[at]) for o, lv in zip(offers, levels, strict=True)], errors[at])
        for at, each in enumerate(asked)
    )
    exact = all(not tensor.left.any() for tensor in errors)
    additive = all(each.operator.additive for each in asked)
    reads = [_read_bytes(column, chosen) for column, chosen in zip(offers, levels, strict=True)]
    return Plan(
        block_elements=elements,
        based=based,
        budget=seen.budget,
        inputs=(
            _input(
                catalog, base, "base", _base_bytes(base, asked) if based else 0, base.weight_bytes
            ),
            *(
                _input(catalog, expert, f"expert{n}", reads[n], full_bytes(against, expert, asked))
                for n, expert in enumerate(experts)
            ),
        ),
        folders=(base.folder, *(expert.folder for expert in experts)),
        seen=tuple(identity(each) for each in (base, *experts)),
        tensors=tensors,
        certificate=certify(errors) if additive or exact else None,
        remarks=tuple(seen.remarks),
        tokenizer=seen.tokenizer,
        chat_template=request.chat_template,
    )


def _tokenizer(request: MergeRequest, base: Checkpoint, experts: Sequence[Source]) -> int:
    """The input that is, or begins with, the model whose tokenizer is asked for."""
    if request.tokenizer is None:
        return 0
    places = [folder_of(source) for source in (base, *experts)]
    wanted = request.tokenizer.resolve()
    if wanted not in places:
        raise NO_SUCH_INPUT(folder=str(request.tokenizer))
    return places.index(wanted)


def _base(request: MergeRequest, experts: Sequence[Source]) -> Checkpoint:
    """The base, or the first model, which then gives names, shapes and the files beside weights."""
    if request.base is not None:
        return open_model(request.base)
    if not experts or isinstance(experts[0], Adapter):
        raise NEEDS_BASE(reason="the first of its models is an adapter")
    return experts[0]


def _require_base(
    request: MergeRequest, asked: Sequence[Asked], based: bool, limits: Limits
) -> None:
    for each in asked:
        if request.base is None and each.operator.base is BaseUse.REQUIRED:
            raise NEEDS_BASE(reason=f"the method {each.operator.name!r} merges updates")
        if limits.max_error is not None and not each.operator.additive:
            raise NO_BOUND(operator=each.operator.name)
    if not limits.open:
        require_unstacked([*([request.base] if request.base else []), *request.experts])
    if not based and not limits.open:
        for each in asked:
            if each.operator.base is BaseUse.UNUSED and not each.operator.additive:
                raise NO_UPDATES(operator=each.operator.name)
        raise NEEDS_BASE(reason="a budget is spent on deltas against one")
    if not based and any(is_adapter(folder) for folder in request.experts):
        raise NEEDS_BASE(reason="an adapter is among its models")


def _deltas(
    catalog: Catalog,
    base: Checkpoint,
    experts: Sequence[Source],
    elements: int,
    limits: Limits,
) -> list[Delta | None]:
    content = catalog.content(base)
    found: list[Delta | None] = []
    for expert in experts:
        known = catalog.content(expert)
        delta = catalog.delta(content, known, elements) if content and known else None
        if delta is not None:
            catalog.require_facts(delta, _shapes(base, expert))
        found.append(delta)
    unknown = [
        expert.folder.name
        for expert, delta in zip(experts, found, strict=True)
        if delta is None and expert.folder != base.folder
    ]
    if unknown and not limits.open:
        raise NOT_ANALYSED(names=unknown)
    return found


def _shapes(base: Checkpoint, expert: Source) -> dict[str, tuple[int, ...]]:
    """What an expert holds of the merged tensors."""
    merged = merged_tensors(base)
    held = expert.updates if isinstance(expert, Adapter) else merged
    return {name: entry.shape for name, entry in merged.items() if name in held}


def _choose(
    offers: Sequence[Sequence[Offer]], asked: Sequence[Asked], limits: Limits, budget: int | None
) -> list[list[NDArray[np.int64]]]:
    """The levels of all items, by expert and tensor."""
    costs = np.concatenate([o.costs for column in offers for o in column])
    errors = np.concatenate(
        [
            o.errors(each.factors[expert])
            for expert, column in enumerate(offers)
            for o, each in zip(column, asked, strict=True)
        ]
    )
    whole = Offers(costs, errors)
    if limits.max_error is None:
        flat = choose(whole, budget)
    else:
        flat = choose_by_error(whole, _good(offers, asked, limits.max_error))
    return _split(offers, flat)


def _good(
    offers: Sequence[Sequence[Offer]], asked: Sequence[Asked], most: float
) -> Callable[[NDArray[np.int64]], bool]:
    def good(flat: NDArray[np.int64]) -> bool:
        certificate = certify(_errors(asked, offers, _split(offers, flat)))
        return certificate.block_bound <= most * (certificate.update or 0.0)

    return good


def _split(
    offers: Sequence[Sequence[Offer]], flat: NDArray[np.int64]
) -> list[list[NDArray[np.int64]]]:
    found, at = [], 0
    for column in offers:
        mine = []
        for offered in column:
            mine.append(flat[at : at + len(offered.costs)])
            at += len(offered.costs)
        found.append(mine)
    return found


def _errors(
    asked: Sequence[Asked],
    offers: Sequence[Sequence[Offer]],
    levels: Sequence[Sequence[NDArray[np.int64]]],
) -> list[TensorErrors]:
    """What is left out of each tensor."""
    found = []
    for at, each in enumerate(asked):
        left, whole = [], []
        base = np.zeros(len(each.bounds))
        for expert, factor in enumerate(each.factors):
            offered = offers[expert][at]
            chosen = offered.spread(levels[expert][at])
            if factor == 0:  # also where norms are not known
                left.append(np.zeros(len(chosen)))
                whole.append(np.zeros(len(chosen)))
                continue
            left.append(factor * offered.norms[np.arange(len(chosen)), chosen])
            whole.append(factor * offered.norms[:, 0])
            base = np.maximum(base, offered.base)
        found.append(TensorErrors(np.array(left), np.array(whole), base))
    return found


def _planned(
    each: Asked,
    column: Sequence[tuple[Offer, NDArray[np.int64]]],
    error: TensorErrors,
) -> PlannedTensor:
    choices = []
    for factor, (offered, levels) in zip(each.factors, column, strict=True):
        signs = np.where(offered.errors(factor)[:, 0] > 0, _SIGNS[levels], ZERO)
        choices.append("".join(signs) * (len(each.bounds) if len(signs) == 1 else 1))
    bounds = error.bounds()
    return PlannedTensor(
        name=each.entry.name,
        shape=each.entry.shape,
        form=each.form,
        operator=each.operator.name,
        merge=dict(each.rule.merge),
        models=tuple(dict(model) for model in each.rule.models),
        choices=tuple(choices),
        passes=each.passes,
        held=each.held,
        errors=tuple((error.left**2).sum(axis=1) ** 0.5),
        bounds=tuple(bounds) if each.operator.additive and bounds.any() else (),
    )


def _read_bytes(column: Sequence[Offer], levels: Sequence[NDArray[np.int64]]) -> int:
    """What the levels of one expert ask the kernel for."""
    total = 0.0
    for offered, chosen in zip(column, levels, strict=True):
        total += float(offered.costs[np.arange(len(chosen)), chosen].sum())
    return int(total)


def _base_bytes(base: Checkpoint, asked: Sequence[Asked]) -> int:
    total = 0
    for each in asked:
        shard, entry = base.tensors[each.entry.name]
        size, end = ITEM_BYTES[cast(Format, entry.form)], base.shards[shard].file_bytes
        total += each.times * sum(
            issued_bytes(entry.begin + a * size, entry.begin + b * size, end)
            for a, b in each.bounds
        )
    return total


def _input(catalog: Catalog, source: Source, role: str, read: int, full: int) -> Input:
    return Input(
        role=role,
        name=source.folder.name,
        kind="adapter" if isinstance(source, Adapter) else "model",
        identity=header_identity(source),
        content=catalog.content(source),
        read_bytes=read,
        full_bytes=full,
    )
