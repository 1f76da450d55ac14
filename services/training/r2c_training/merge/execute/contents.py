"""A plan's inputs as they lie there now: unchanged since it was made, known by their bytes.

A merge is known by what went into it, so inputs that no pass has read whole are hashed before the
first block; the merge then finds in the page cache as much of them as it holds.
"""

from __future__ import annotations

from r2c_training.merge.catalog.analyse import Advance, hash_source
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.block_reader import Access
from r2c_training.merge.execute.inputs import CHANGED
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.source import identity, open_source

_ELSEWHERE = (
    "its files were written to since, or lie elsewhere; in a plan whose models were moved, `seen` "
    "must be empty"
)


def with_contents(plan: Plan, catalog: Catalog, access: Access, advance: Advance) -> Plan:
    """The plan with the hash of every input; `advance` is told the bytes that are read for it.

    Raises:
        InputError, StoreError: R2C-T001 to R2C-T006, R2C-T030 if an input was written to since
            the plan was made.
    """
    inputs = []
    for at, (planned, folder) in enumerate(zip(plan.inputs, plan.folders, strict=True)):
        source = open_source(folder)
        if plan.seen and identity(source) != plan.seen[at]:
            raise CHANGED(name=planned.name, reason=_ELSEWHERE)
        content = hash_source(catalog, source, access, advance)
        if planned.content not in (None, content):
            raise CHANGED(name=planned.name, reason="its files have other bytes than before")
        inputs.append(planned.model_copy(update={"content": content}))
    return plan.model_copy(update={"inputs": tuple(inputs)})
