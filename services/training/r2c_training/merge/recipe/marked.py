"""YAML as plain values, with the line of each, so that a mistake can be pointed at.

Only the plain types of YAML are made; what a file may unfold to is bounded.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from math import isfinite

import yaml
from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_training.merge.surrogates import is_text, paired

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file to a value."""
_PLAIN = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_MERGE = "tag:yaml.org,2002:merge"
_NODES, _DEPTH, _CHARACTERS = 100_000, 40, 4_000_000

BAD_YAML = declare(
    "R2C-T110",
    InputError,
    what="{source}, line {line}: {problem}.",
    why="The recipe is not YAML that can be read.",
    remedy="Mend the line; one document with plain keys and values is what is read.",
)


@dataclass(frozen=True)
class Marked:
    """Plain values, and the line of each place, from 1."""

    value: JsonValue
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_marked(text: str, source: str) -> Marked:
    """Read one YAML document.

    Raises:
        InputError: R2C-T110, with the line.
    """
    if len(text) > _CHARACTERS:
        raise BAD_YAML(source=source, line=1, problem="the file is too long for a recipe")
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise BAD_YAML(source=source, line=1, problem="the file is empty")
        reader = _Reader(loader, source)
        return Marked(reader.read(node, ()), reader.lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BAD_YAML(source=source, line=line, problem=error.problem or "broken") from error
    except yaml.YAMLError as error:
        raise BAD_YAML(source=source, line=1, problem=" ".join(str(error).split())) from error
    except RecursionError as error:  # PyYAML composes a nested value by calling itself
        raise BAD_YAML(source=source, line=1, problem="nested too deep") from error
    finally:
        loader.dispose()


class _Reader:
    def __init__(self, loader: yaml.SafeLoader, source: str) -> None:
        self.loader = loader
        self.source = source
        self.lines: dict[Place, int] = {}
        self.seen = 0

    def read(self, node: yaml.Node, place: Place) -> JsonValue:
        self.seen += 1
        self.lines.setdefault(place, node.start_mark.line + 1)
        if len(place) > _DEPTH or self.seen > _NODES:
            raise self._fault(node, "nested too deep or unfolding to too much")
        if not isinstance(node, yaml.ScalarNode) and node.tag not in _PLAIN:
            raise self._fault(node, f"the tag {node.tag!r} has no place in a recipe")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, at)) for at, item in enumerate(node.value)]
        value = self._scalar(node)
        if isinstance(value, float) and not isfinite(value):
            raise self._fault(node, f"{node.value!r} is no number that can be computed with")
        if value is None or isinstance(value, str | bool | int | float):
            return value
        raise self._fault(node, f"a value of type {type(value).__name__} has no place in a recipe")

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, JsonValue]:
        own: set[str] = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode):
                if key_node.value in own:
                    raise self._fault(key_node, f"the key {key_node.value!r} is given twice")
                own.add(key_node.value)
        # What `<<` brings in comes first, so that the mapping's own keys win.
        found = self._brought_in(node, place)
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                continue
            key = self._scalar(key_node)
            if not isinstance(key, str):
                raise self._fault(key_node, f"the key {key!r} is not a word")
            self.lines[(*place, key)] = key_node.start_mark.line + 1
            found[key] = self.read(value_node, (*place, key))
        return found

    def _brought_in(self, node: yaml.MappingNode, place: Place) -> dict[str, JsonValue]:
        """The keys of the mappings that `<<` names; of two that have a key the first one's.

        PyYAML copies their nodes before it reads them, which a few lines can make without end; read
        like all else they count.
        """
        found: dict[str, JsonValue] = {}
        for key_node, value_node in node.value:
            if key_node.tag != _MERGE:
                continue
            listed = isinstance(value_node, yaml.SequenceNode)
            for each in reversed(value_node.value if listed else [value_node]):
                if not isinstance(each, yaml.MappingNode):
                    raise self._fault(each, "`<<` brings in mappings only")
                brought = self.read(each, place)
                assert isinstance(brought, dict)
                found |= brought
        return found

    def _scalar(self, node: yaml.Node) -> Hashable:
        try:
            found: Hashable = self.loader.construct_object(node)
        except (ValueError, OverflowError, RecursionError) as error:
            # Dates that are none, numbers of thousands of digits.
            raise self._fault(node, f"{str(node.value)[:40]!r} cannot be read") from error
        if isinstance(found, str) and not is_text(found):
            # PyYAML leaves the two escapes apart that JSON has for a character beyond 16 bits.
            whole = paired(found)
            if whole is None:
                raise self._fault(node, f"{found[:40]!r} holds half of a surrogate pair")
            return whole
        return found

    def _fault(self, node: yaml.Node, problem: str) -> Exception:
        return BAD_YAML(source=self.source, line=node.start_mark.line + 1, problem=problem)
