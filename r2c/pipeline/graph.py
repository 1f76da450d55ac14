"""The graph of a job: which step follows which.

decide -> read (one sentence a step) -> aim -> map -> verify -> reflect -> conclude; a diagnosis
leads from reflect back to decide, read or aim. After an answer to a question it begins with verify,
or with read where the answer has changed a sentence. What nothing can be made of is concluded at
once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from langgraph.graph import END, START, StateGraph

from r2c import telemetry
from r2c.pipeline.state import State
from r2c.pipeline.steps import Steps

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph


def build_graph(
    steps: Steps, checkpoints: BaseCheckpointSaver[Any] | None
) -> CompiledStateGraph[State, None, State, State]:
    """The compiled graph over the steps of one run."""
    graph = StateGraph(State)
    for name in ("decide", "read", "aim", "map", "verify", "reflect", "conclude"):
        graph.add_node(name, _told(name, getattr(steps, name)))
    graph.add_conditional_edges(START, steps.at_start, ["decide", "read", "verify", "conclude"])
    graph.add_conditional_edges("decide", steps.after_reading, ["read", "aim", "map"])
    graph.add_conditional_edges("read", steps.after_reading, ["read", "aim", "map"])
    graph.add_edge("aim", "map")
    graph.add_edge("map", "verify")
    graph.add_edge("verify", "reflect")
    graph.add_conditional_edges(
        "reflect", steps.after_reflecting, ["read", "aim", "decide", "conclude"]
    )
    graph.add_edge("conclude", END)
    return graph.compile(checkpointer=checkpoints)


def _told(name: str, step: Callable[[State], Awaitable[State]]) -> Any:
    """A step that is a span of the job's trace."""

    async def traced(state: State) -> State:
        with telemetry.span(f"stage {name}"):
            return await step(state)

    return traced
