"""The pipeline: agents wired with LangGraph, checkpointed after every step, resumable.

LangGraph is imported in this package alone.
"""

import os

# Read once when LangGraph is imported: a checkpoint may hold plain JSON and nothing else.
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
