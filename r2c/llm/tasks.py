"""What a model is asked for, and several models of which each does some of it.

A server can hold adapters beside its model, each trained for one kind of question; the purpose of
a call says which kind it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from r2c.llm.model import LanguageModel, ModelInfo, Reply
from r2c.llm.wrapped import Asked, WrappedModel

T = TypeVar("T")

TASKS = ("sets", "decisions", "sentence", "rules", "objective")
"""The first words of `purpose`, in the order in which the agents ask."""


class TaskModels(WrappedModel):
    """A `LanguageModel` that hands some tasks to others."""

    def __init__(self, model: LanguageModel, by_task: Mapping[str, LanguageModel]) -> None:
        """The model for what no other is named for, and the others by task."""
        super().__init__(model)
        self._by_task = dict(by_task)

    @property
    def info(self) -> ModelInfo:
        """That of the first model; the name tells of all, so that a record of it is whole."""
        names = [f"{task}={model.info.name}" for task, model in self._by_task.items()]
        return replace(self.model.info, name=";".join([self.model.info.name, *names]))

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """Ask the model of the task."""
        task = asked.purpose.partition(" ")[0]
        return await self.pass_on(asked, self._by_task.get(task))
