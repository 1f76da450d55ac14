"""What training data are held against: problems that something is measured on.

An example is left out if a sentence of it has eight words in a row in common with one of them.
Scaffolding is no sentence, and a run of which most words are a story's name for something does not
count: see `prose` and `story_names`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_benchmarks.items import BAD_FILE
from r2c_benchmarks.suites import suites
from r2c_benchmarks.synth.prose import sentences
from r2c_benchmarks.synth.story_names import names_in

LENGTH = 8
OF_ITS_OWN = 4
"""So many words of a run must not belong to a name."""
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")

NO_PROBLEMS = declare(
    "R2C-B121",
    InputError,
    what="The folder {path!r} of --bench holds no file of problems.",
    why="Training data would be held against nothing, and whoever trains with them not know it.",
    remedy="Name a folder with .jsonl files, one problem a line.",
)


@dataclass(frozen=True)
class Source:
    """A file of problems that was read, with the version of the suite that it is, if it is one."""

    file: str
    version: str
    problems: int
    sha256: str


@dataclass(frozen=True)
class Shared:
    """A run of words of an example, and where it stands as well."""

    words: str
    where: str


@dataclass(frozen=True)
class Compared:
    """All runs of eight words of some problems.

    Attributes:
        sources: The files.
        runs: A hash of each run, with the problem that has it first.
    """

    sources: tuple[Source, ...] = ()
    runs: Mapping[bytes, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes with what is compared."""
        told = json.dumps([(one.file, one.sha256) for one in self.sources])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def shared(self, text: str, story: str) -> Shared | None:
        """What a text of a story has in common with one of the problems; None if nothing.

        Raises:
            InputError: R2C-B094.
        """
        names = names_in(story)
        for sentence in sentences(text):
            named = [span for match in names.finditer(sentence) for span in range(*match.span())]
            for run, places in _runs(sentence):
                where = self.runs.get(_hashed(run))
                if where is not None and _own(places, frozenset(named)) >= OF_ITS_OWN:
                    return Shared(run, where)
        return None


def read_compared(files: Sequence[Path]) -> Compared:
    """What is read from files of problems.

    Raises:
        InputError: R2C-B011, a line is no problem.
    """
    sources: list[Source] = []
    runs: dict[bytes, str] = {}
    for path in files:
        try:
            data = path.read_bytes()
            lines = data.decode().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BAD_FILE(path=str(path), reason=str(error)) from error
        count = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            count += 1
            try:
                problem = json.loads(line)
                texts = [str(problem["problem"])]
                texts += [str(one["problem"]) for one in problem.get("others", ())]
                name = f"{path.name} {problem.get('id', f'line {number}')}"
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BAD_FILE(path=str(path), reason=f"line {number}: {error}") from error
            for text in texts:
                for run, _ in _runs(text):
                    runs.setdefault(_hashed(run), name)
        suite = suites().get(path.stem)
        version = "" if suite is None else suite.version
        sources.append(Source(path.name, version, count, hashlib.sha256(data).hexdigest()))
    return Compared(tuple(sources), runs)


def problem_files(folder: Path) -> list[Path]:
    """The files of problems of a folder.

    Raises:
        InputError: R2C-B121.
    """
    found = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    if not found:
        raise NO_PROBLEMS(path=str(folder))
    return found


def _runs(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """All runs of eight words, with where each word begins; case and punctuation do not count."""
    words = [(match[0], match.start()) for match in _WORD.finditer(text.lower())]
    for start in range(len(words) - LENGTH + 1):
        part = words[start : start + LENGTH]
        yield " ".join(word for word, _ in part), [place for _, place in part]


def _hashed(run: str) -> bytes:
    return hashlib.blake2b(run.encode(), digest_size=8).digest()


def _own(places: Sequence[int], named: frozenset[int]) -> int:
    return sum(place not in named for place in places)
