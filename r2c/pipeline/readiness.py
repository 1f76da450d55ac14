"""Whether the parts that problems need do their work: each is tried, and none is started for good.

The service tells it to whoever balances load, `r2c doctor` to people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING

from r2c.errors import LanguageModelError, SolveError, StoreError, declare

if TYPE_CHECKING:
    from r2c.archetypes.card import Card
    from r2c.archetypes.retrieve import Retriever
    from r2c.settings import Settings

WRONG_ANSWER = declare(
    "R2C-G723", SolveError,
    what="The solver does not solve a 2x2 linear program: {outcome} with {objective}.",
    why="Its best value is 6, so no answer of this installation can be believed.",
    remedy="Install highspy and pyomo anew.",
)  # fmt: skip
NOT_FOUND = declare(
    "R2C-G724", StoreError,
    what="The card {card!r} is not found by a sentence of its own.",
    why="The index of cards is damaged, or the cards are not those that it was made from.",
    remedy="Remove the folder `index` in R2C_CACHE_DIR; it is made again. Or install R2C anew.",
)  # fmt: skip
NO_RUNTIME = declare(
    "R2C-G725", LanguageModelError,
    what="The runtime of the embedded model, xllamacpp, is not installed.",
    why="R2C_MODEL names the embedded model or a GGUF file.",
    remedy="pip install 'rule2constraint[embedded]', or set R2C_MODEL to an endpoint.",
)  # fmt: skip
SOLVE_SECONDS = 10.0
_CANARIES = 8
_AMONG = 8


def solves() -> str:
    """Solve a 2x2 linear program in the process that solves real ones; the solver's name.

    Raises:
        SolveError: R2C-G723.
    """
    from r2c.cir.schema import CIR
    from r2c.solve.limits import Limits
    from r2c.verdict.answer import solve

    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x"}, {"name": "y"}],
            "rules": [
                {"id": "first", "operands": {"relation": "x + 2*y <= 14"}},
                {"id": "second", "operands": {"relation": "3*x - y >= 0"}},
            ],
            "objectives": [{"sense": "max", "expr": "y"}],
        }
    )
    answer = solve(cir, limits=Limits(seconds=SOLVE_SECONDS, memory_mb=256))
    right = answer.objective is not None and abs(answer.objective - 6) < 1e-6
    if answer.outcome != "optimal" or not right or answer.solution is None:
        raise WRONG_ANSWER(outcome=answer.outcome.value, objective=answer.objective)
    return answer.solution.solver


def finds(retriever: Retriever, cards: Iterable[Card]) -> int:
    """Look for some cards by sentences of their own; how many were looked for.

    Raises:
        StoreError: R2C-G724, one is not among the first that are found.
    """
    with_examples = (card for card in cards if card.examples)
    count = 0
    for card in islice(with_examples, _CANARIES):
        found = retriever.candidates(card.examples[0].sentence, _AMONG)
        if card.id not in {item.card for item in found}:
            raise NOT_FOUND(card=card.id)
        count += 1
    return count


def reaches(settings: Settings) -> str:
    """Ask an endpoint what it serves, or look whether the embedded model can run; in words.

    Nothing is fetched and no server started; no text is sent.

    Raises:
        LanguageModelError: R2C-L001 on, it cannot be asked; R2C-G725.
    """
    from r2c.llm.access import Access
    from r2c.llm.embedded.find import cached
    from r2c.llm.endpoint import GgufFile, Remote, parse_model
    from r2c.llm.probe import listed

    if settings.replay is not None and settings.record is None:
        return "a recording answers"
    address = parse_model(settings.model)
    if isinstance(address, Remote):
        key = settings.api_key.get_secret_value() if settings.api_key else ""
        access = Access(address.url, key, settings.connect_seconds, settings.request_seconds)
        asyncio.run(listed(access, address.model))
        return "the endpoint answers"
    if find_spec("xllamacpp") is None:
        raise NO_RUNTIME()
    if isinstance(address, GgufFile) or cached(settings.cache_dir) is not None:
        return "the weights are here"
    return "the first use fetches the weights"
