"""YAML text to plain data, strictly, remembering the line of every value.

Duplicate keys, aliases, oversized files and tags are refused: a card may come from anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import yaml
from pydantic import BaseModel, JsonValue, ValidationError

from r2c.errors import CardError, declare

MAX_BYTES = 200_000

UNREADABLE = declare(
    "R2C-A001",
    CardError,
    what="The card {file!r} cannot be read: {problem} (line {line}).",
    why="A card is one UTF-8 YAML mapping without aliases, tags or duplicate keys.",
    remedy="Mend the file at that line; knowledge_base/README.md shows the shape of a card.",
)

Path = tuple[str | int, ...]
Record = TypeVar("Record", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """The data of a YAML file and, for each path into it, the line it stands on."""

    data: JsonValue
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of its nearest enclosing value."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_record(
    raw: bytes, file: str, record: type[Record], invalid: Callable[..., Exception]
) -> Record:
    """Read one YAML document as a record.

    Args:
        raw: The bytes of the file.
        file: Its name, for messages.
        record: What it must be.
        invalid: Makes the error for another shape, from `file`, `where`, `line` and `problem`.

    Raises:
        CardError: R2C-A001, or what `invalid` makes of the first fault.
    """
    document = read_yaml(raw, file)
    try:
        return record.model_validate(document.data)
    except ValidationError as error:
        first = error.errors()[0]
        path: Path = first["loc"]
        raise invalid(
            file=file,
            where=".".join(map(str, path)) or "the top",
            line=document.line(path),
            problem=first["msg"].removeprefix("Value error, ").rstrip("."),
        ) from None


def read_yaml(raw: bytes, file: str) -> Document:
    """Read one YAML document.

    Raises:
        CardError: R2C-A001.
    """
    if len(raw) > MAX_BYTES:
        raise UNREADABLE(file=file, problem=f"{len(raw)} bytes, over {MAX_BYTES}", line=1)
    loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        reading = loader(raw.decode("utf-8"))
        node = reading.get_single_node()
        data = None if node is None else reading.construct_document(node)
    except UnicodeDecodeError as error:
        raise UNREADABLE(file=file, problem=str(error), line=1) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UNREADABLE(file=file, problem=error.problem or "syntax", line=line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UNREADABLE(file=file, problem=str(error) or "nested too deep", line=1) from None
    lines: dict[Path, int] = {}
    if node is not None:
        _note_lines(node, (), lines, set(), file)
    return Document(data, lines)


def _note_lines(
    node: yaml.Node, path: Path, lines: dict[Path, int], seen: set[int], file: str
) -> None:
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise UNREADABLE(file=file, problem="an alias is used", line=line)
    seen.add(id(node))
    lines[path] = line
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note_lines(item, (*path, index), lines, seen, file)
    elif isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, item in node.value:
            if key.value in names:
                line = key.start_mark.line + 1
                raise UNREADABLE(file=file, problem=f"the key {key.value!r} is twice", line=line)
            names.add(key.value)
            _note_lines(item, (*path, key.value), lines, seen, file)
