"""The states that a job went through, for whoever wants to know more than its result."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, cast

from langgraph.checkpoint.sqlite import SqliteSaver

from r2c.pipeline.state import State
from r2c.pipeline.store import damaged

if TYPE_CHECKING:
    from r2c.pipeline.store import JobStore


def states(store: JobStore, job: str) -> tuple[State, ...]:
    """The states of a job that is under way, one after each step, the first one first.

    A finished job has dropped its steps; ask while the last of them runs (the event `conclude`).

    Raises:
        InputError: R2C-G030 if there can be no such job.
        StoreError: R2C-G032 if its steps cannot be read.
    """
    path = store.checkpoints(job)
    if not path.is_file():
        return ()
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = list(SqliteSaver(connection).list({"configurable": {"thread_id": job}}))
    except sqlite3.Error as error:
        raise damaged(job, path.name, error) from None
    return tuple(cast("State", item.checkpoint["channel_values"]) for item in reversed(found))
