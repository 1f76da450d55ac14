"""Another method again and again until it has spent what a run of R2C spent, then a vote.

Wang et al., "Self-Consistency Improves Chain of Thought Reasoning in Language Models", ICLR 2023:
sampled attempts, the commonest answer. Here the number of samples is what the tokens allow, problem
by problem, so that methods of few and of many tokens compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from r2c.errors import BudgetError, InputError, declare
from r2c.llm.model import Usage
from r2c_benchmarks.folder import read_records
from r2c_benchmarks.items import Item
from r2c_benchmarks.meter import Meter
from r2c_benchmarks.method import Attempt, Means, Method
from r2c_benchmarks.other_seed import OtherSeed
from r2c_benchmarks.record import Record
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.vote import voted

HOT = 0.7
"""The temperature unless one is chosen: attempts that are all alike need no vote."""

NEVER_OTHERWISE = declare(
    "R2C-B129",
    InputError,
    what="The method {method!r} cannot be asked again and again.",
    why="It has no temperature, so that every attempt would be the first one.",
    remedy="Choose a baseline that has one, such as --set of=schema.",
)

NOTHING_SPENT = declare(
    "R2C-B130",
    InputError,
    what="The run {folder!r} does not say how many tokens {id!r} took.",
    why="Only a problem that a language model read there has tokens to be spent here.",
    remedy="Give the folder of a run of the same problems: --set spent_by=FOLDER.",
)


class EqualTokens:
    """The options `of` and `spent_by` are a baseline and a run; all others are the baseline's."""

    summary = (
        "a baseline (of=METHOD) as often as the tokens of a run (spent_by=FOLDER) allow, a vote"
    )

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Everything that decides the result.

        Raises:
            InputError: R2C-B020, R2C-B021, R2C-B024 or R2C-B129.
        """
        name, _, chosen = _repeated(options)
        return {**chosen, "of": name, "spent_by": options.get("spent_by", "")}

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Attempts in turn; one more is begun as long as less was spent, so never fewer tokens.

        Raises:
            InputError: R2C-B130.
        """
        _, method, chosen = _repeated(means.options)
        tokens = _spent(str(means.options.get("spent_by", "")), item)
        meter, attempts, before = Meter(means.model), list[Attempt](), -1
        while before < (spent := _tokens(meter.usage)) < tokens:  # who spends nothing ends, too
            before, model = spent, OtherSeed(meter, len(attempts))
            try:
                found = await method.attempt(item, replace(means, model=model, options=chosen))
            except BudgetError:
                if not attempts:
                    raise
                return voted(attempts, out_of_time=True)
            attempts.append(found)
        return voted(attempts, out_of_time=False)


def _repeated(options: Mapping[str, JsonValue]) -> tuple[str, Method, dict[str, JsonValue]]:
    """The baseline's name, the baseline and its settings.

    Raises:
        InputError: R2C-B020, R2C-B021, R2C-B024 or R2C-B129.
    """
    name = str(options.get("of", "direct"))
    method = find_method(name)
    own = {key: value for key, value in options.items() if key not in ("of", "spent_by")}
    chosen = method.settings(own)
    if "temperature" not in chosen:
        raise NEVER_OTHERWISE(method=name)
    return name, method, {**chosen, "temperature": own.get("temperature", HOT)}


def _spent(folder: str, item: Item) -> int:
    """The tokens, read and written, that the run took for the problem.

    Raises:
        InputError: R2C-B130, or that the folder is no run.
    """
    for record in read_records(Path(folder)):
        if record.name == item.name and _tokens(record):
            return _tokens(record)
    raise NOTHING_SPENT(folder=folder, id=item.id)


def _tokens(of: Usage | Record) -> int:
    return of.prompt_tokens + of.completion_tokens


METHOD = EqualTokens()
