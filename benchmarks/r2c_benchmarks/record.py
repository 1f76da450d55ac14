"""What a run leaves behind: one record for each problem, and a manifest of how it was made."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from r2c.llm.model import Usage
from r2c_benchmarks.items import Item, Name
from r2c_benchmarks.method import Attempt, Outcome

CAME_LATER: dict[str, JsonValue] = {"reading": "guided"}
"""Options of R2C that runs of earlier versions do not tell, with what they did."""


class Record(BaseModel):
    """One line of `results.jsonl`: an attempt beside the published answer, without the text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    id: str
    family: str = ""
    trust: str = ""
    answer: float | None = None
    others: tuple[float, ...] = Field(default=(), description="Answers of other releases.")
    outcome: Outcome
    objective: float | None = None
    relaxed: float | None = None
    whole: float | None = None
    executable: bool = False
    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = Field(default=False, description="Tokens were estimated, not reported.")
    seconds: float = 0.0
    message: str = ""
    status: str = Field(default="optimal", description="What a careful reader comes to.")
    level: int | None = None
    again: tuple[bool | None, ...] = Field(
        default=(), description="Whether it is right with other numbers; None if that is unclear."
    )
    rules: int = Field(default=0, description="Rules of the problem, where a bench has its model.")
    structure: tuple[int, int, int] | None = Field(
        default=None, description="Rules of the problem that the model has, has not, and others."
    )
    truncated: bool | None = Field(
        default=None, description="Whether its reply ended at the token limit; None if untold."
    )
    details: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def name(self) -> Name:
        """File and id."""
        return Name(self.file, self.id)


class Manifest(BaseModel):
    """How a run is made. `starts` grows with every continuation; the rest must stay the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    method: str
    options: dict[str, JsonValue]
    model: str
    endpoint: str
    capability: str
    model_sha256: str = ""
    items: str = Field(description="The list of ids, by name.")
    items_sha256: str
    count: int
    files: dict[str, int] = Field(default_factory=dict, description="Problems wanted of each file.")
    suites: dict[str, str] = Field(default_factory=dict, description="Version of each suite.")
    seed: int
    item_seconds: float
    concurrency: int
    starts: tuple[dict[str, JsonValue], ...] = ()

    @property
    def code(self) -> tuple[str, ...]:
        """What the run was made with, each once: commit and versions of the packages."""
        told: dict[str, None] = {}
        for start in self.starts:
            versions = start.get("versions")
            named = versions.items() if isinstance(versions, dict) else ()
            packages = ", ".join(f"{name} {version}" for name, version in named)
            told[f"commit {start.get('commit') or 'unknown'} ({packages})"] = None
        return tuple(told)

    def differences(self, other: Manifest) -> list[str]:
        """The fields in which two manifests are about different runs."""
        left_out = {"starts"}
        if not self.suites or not other.suites:
            left_out.add("suites")  # runs made before there were versions
        one, two = self.model_dump(exclude=left_out), other.model_dump(exclude=left_out)
        for told in (one, two):
            if "samples" in told["options"]:  # of a method that is R2C
                told["options"] = {**CAME_LATER, **told["options"]}
        return [name for name in one if one[name] != two[name]]


def record_of(
    item: Item,
    attempt: Attempt,
    usage: Usage,
    seconds: float,
    again: tuple[bool | None, ...] = (),
) -> Record:
    """The line for one attempt."""
    return Record(
        file=item.file,
        id=item.id,
        family=item.family,
        trust=item.trust,
        answer=item.answer,
        others=item.other_answers,
        outcome=attempt.outcome,
        objective=attempt.objective,
        relaxed=attempt.relaxed,
        whole=attempt.whole,
        executable=attempt.executable,
        calls=usage.calls,
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        completion_tokens=usage.completion_tokens,
        estimated=usage.estimated,
        seconds=round(seconds, 3),
        message=attempt.message[:2000],
        status=item.status,
        level=item.level,
        again=again,
        rules=0 if item.cir is None else len(item.rules),
        structure=attempt.structure,
        truncated=attempt.truncated,
        details=dict(attempt.details),
    )
