"""Faults as they are told over HTTP: without the addresses and folders of the service.

Who runs the service finds them in the store; who uses it could do nothing with them.
"""

from __future__ import annotations

from r2c.errors import CATALOGUE, Fault, LanguageModelError, StoreError
from r2c.pipeline.store import UNKNOWN_JOB

_INNER = frozenset("url host root path folder reason said log tail python".split())
_NOT_TOLD = "not told here"


def outside(fault: Fault) -> Fault:
    """A fault without the values that tell of the inside; most are passed on as they are."""
    kind = CATALOGUE.get(fault.code)
    if kind is None or not _INNER & fault.details.keys():
        return fault
    if kind is not UNKNOWN_JOB and not issubclass(kind.raises, LanguageModelError | StoreError):
        return fault
    values = {name: _NOT_TOLD if name in _INNER else value for name, value in fault.details.items()}
    return kind.fault(**values)
