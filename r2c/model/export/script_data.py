"""Sets and parameters as Python literals."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from r2c.cir.instance import Instance
from r2c.cir.members import Key, Members, Values
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.model.export.script_names import ScriptNames

_WIDTH = 92


def data_lines(cir: CIR, instance: Instance, names: ScriptNames) -> Iterator[str]:
    """The data section of a script, sets first."""
    if instance.sets:
        yield ""
        yield "# ---- Sets"
        yield ""
    for item in cir.sets:
        yield from _meaning(item.meaning, item.unit)
        yield from _listed(names.symbol(item.name), *_set(instance.sets[item.name]))
    if instance.parameters:
        yield ""
        yield "# ---- Data"
        yield ""
    for parameter in cir.parameters:
        yield from _meaning(parameter.meaning, parameter.unit)
        values = instance.parameters[parameter.name]
        name = names.symbol(parameter.name)
        if not values.over:
            yield f"{name} = {number(values[()])}"
        else:
            yield from _listed(name, "{", [_entry(values, key) for key in values], "}")


def _meaning(meaning: str, unit: str | None) -> Iterator[str]:
    told = " ".join((meaning + (f" [{unit}]" if unit else "")).split())
    printable = "".join(c if c.isprintable() else " " for c in told)
    yield from (f"# {line}" for line in wrap(printable, 88))


def key_text(key: Key) -> str:
    """A key as it indexes a dictionary: a label, or a tuple of labels."""
    return repr(key[0]) if len(key) == 1 else repr(key)


def _set(members: Members) -> tuple[str, list[str], str]:
    return "[", [key_text(key) for key in members.keys], "]"


def _entry(values: Values, key: Key) -> str:
    return f"{key_text(key)}: {number(values[key])}"


def _listed(name: str, opening: str, items: list[str], closing: str) -> Iterator[str]:
    single = f"{name} = {opening}{', '.join(items)}{closing}"
    if len(single) <= _WIDTH:
        yield single
        return
    yield f"{name} = {opening}"
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > _WIDTH and line.strip():
            yield line
            line = "   "
        line += f" {item},"
    if line.strip():
        yield line
    yield closing
