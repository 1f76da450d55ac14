"""What symbols and parts are called in a script, clear of Python's, Pyomo's and its own names."""

from __future__ import annotations

import builtins
import keyword
import re

from r2c.model.plain import PlainModel

_OWN = {
    "model", "pyo", "math", "itertools", "move", "require", "solve", "optimum", "variable",
    "_model", "key", "value",
}  # fmt: skip
_UNSAFE = re.compile(r"[^A-Za-z0-9_]")


class ScriptNames:
    """Hands out the names of one script."""

    def __init__(self, plain: PlainModel) -> None:
        self._taken: set[str] = set(_OWN) | set(dir(builtins))
        self._components: set[str] = set()
        cir = plain.cir
        declared = [item.name for item in cir.sets] + [item.name for item in cir.parameters]
        declared += [item.name for item in cir.definitions]
        declared += [item.name for item in plain.variables]
        self._symbols = {name: self.fresh(name) for name in declared}

    def symbol(self, name: str) -> str:
        """The Python name of a symbol of the model."""
        return self._symbols[name]

    def loop_variable(self, name: str) -> str:
        """The Python name of a loop variable; it may be used again and again."""
        clash = name in _OWN or keyword.iskeyword(name) or name in self._symbols.values()
        return f"{name}_" if clash or hasattr(builtins, name) else name

    def fresh(self, wanted: str) -> str:
        """A Python name like `wanted` that nothing else has."""
        name = _UNSAFE.sub("_", wanted)
        name = name if name[:1].isalpha() or name[:1] == "_" else f"_{name}"
        while name in self._taken or keyword.iskeyword(name):
            name += "_"
        self._taken.add(name)
        return name

    def component(self, wanted: str) -> str:
        """A name for a part of the Pyomo model that is no attribute of models."""
        from pyomo.environ import ConcreteModel

        name = wanted
        while name in self._components or hasattr(ConcreteModel, name) or name == "solutions":
            name += "_"
        self._components.add(name)
        return name
