"""Chain-of-Experts: a conductor asks one expert after the other, errors go back along the chain.

Xiao et al., "Chain-of-Experts: When LLMs Meet Complex Operations Research Problems", ICLR 2024,
sections 3.2 (conductor, forward thought construction), 3.3 (reducer) and 3.4 (backward reflection),
as far as the paper says. What differs is listed in benchmarks/README.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from r2c.llm.model import Candidate, Message, Reply
from r2c_benchmarks.example import words_of
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means, with_numbers
from r2c_benchmarks.programs import SYSTEM, executed
from r2c_benchmarks.replies import MAX_TOKENS, most_tokens

EXPERTS: Mapping[str, str] = {
    "terminology interpreter": "explains the terms of the problem that a modeller could mistake",
    "parameter extractor": "lists the numbers of the problem and what each of them means",
    "variable extractor": "lists the decisions, their indices and whether they are whole numbers",
    "constraint extractor": "lists every requirement of the problem and the numbers in it",
    "objective extractor": "says what is to be made large or small",
    "modelling knowledge expert": "recalls how such requirements are written as linear constraints",
    "modelling expert": "writes the mathematical model: decisions, objective, constraints",
    "programming example provider": "shows how the constructs needed are written in Pyomo",
    "programming expert": "writes the Pyomo program of the model",
    "code reviewer": "reads the program and says what is wrong with it",
    "LP file generator": "writes the model as an LP file",
}
"""The experts of the paper and what each does."""
_TEAM = "You speak for a team of experts in operations research that models a problem for Pyomo."
"""The same for all experts, and the problem right behind it, so that a server reads both once."""


@dataclass
class _Chain:
    """The comments made so far, each with its expert."""

    problem: str
    comments: list[tuple[str, str]] = field(default_factory=list)

    def so_far(self) -> str:
        """The problem and the comments as a later expert reads them."""
        return f"Problem:\n{self.problem}\n\n{self.told()}"

    def told(self) -> str:
        """The comments alone."""
        if not self.comments:
            return "Nobody has said anything yet."
        return "\n\n".join(f"The {expert} says:\n{text}" for expert, text in self.comments)


class ChainOfExperts:
    """The published pipeline, on the same endpoint and with the same sandbox as all methods."""

    summary = "conductor, experts, reducer, backward reflection (Xiao et al. 2024)"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """How many experts speak in one forward pass, and how many passes there are."""
        defaults: dict[str, JsonValue] = {
            "experts": 3,
            "trials": 3,
            "temperature": 0.7,
            "comment_tokens": 400,
            "max_tokens": MAX_TOKENS,
        }
        return with_numbers("chain_of_experts", defaults, options)

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Forward, reduce, run; if it fails, reflect backwards and go forward again."""
        chosen = {name: float(str(value)) for name, value in self.settings(means.options).items()}
        asker = _Asker(means, chosen["temperature"])
        chain = _Chain(words_of(item))
        replies: list[str] = []
        attempt = Attempt("error", message="no trial was made")
        for trial in range(int(chosen["trials"])):
            await _forward(chain, asker, int(chosen["experts"]), int(chosen["comment_tokens"]))
            program = await _reduced(chain, asker, int(chosen["max_tokens"]))
            replies.append(program.text)
            attempt = await executed(program, means, int(chosen["trials"]) - trial)
            if attempt.outcome == "optimal":
                break
            await _reflected(chain, asker, attempt, int(chosen["comment_tokens"]))
        details: dict[str, JsonValue] = {**attempt.details, "replies": list(replies)}
        return replace(attempt, details=details)


@dataclass(frozen=True)
class _Asker:
    means: Means
    temperature: float

    async def ask(self, user: str, tokens: int, purpose: str) -> str:
        """The words of an expert."""
        return (await self.program(_TEAM, user, tokens, purpose)).text

    async def program(self, system: str, user: str, tokens: int, purpose: str) -> Candidate[str]:
        """A reply with what is known of its end."""
        turns = [Message("system", system), Message("user", user)]
        reply: Reply[str] = await self.means.model.complete(
            turns,
            None,
            temperature=self.temperature,
            seed=self.means.seed,
            max_tokens=most_tokens(tokens, turns, self.means.model.info),
            deadline=self.means.deadline,
            purpose=purpose,
        )
        found = reply.candidates[0]
        return replace(found, text=found.text.strip())


async def _forward(chain: _Chain, asker: _Asker, count: int, tokens: int) -> None:
    """The conductor chooses `count` experts in turn; each adds a comment."""
    spoken: set[str] = set()
    for place in range(count):
        left = [name for name in EXPERTS if name not in spoken]
        listed = "\n".join(f"- {name}: {EXPERTS[name]}" for name in left)
        answer = await asker.ask(
            f"{chain.so_far()}\n\nYou are the conductor of the team and choose who speaks next. "
            f"Experts:\n{listed}\n\n"
            f"{count - place} of them may still speak. Answer with the name of one expert.",
            20,
            "conductor",
        )
        expert = _named(answer, left)
        spoken.add(expert)
        comment = await asker.ask(
            f"{chain.so_far()}\n\nYou are the {expert} of the team, one who {EXPERTS[expert]}. "
            "Add what your colleagues lack, briefly. Your comment:",
            tokens,
            expert,
        )
        chain.comments.append((expert, comment))


def _named(answer: str, names: list[str]) -> str:
    """The expert whose name comes first in an answer; the next in the list if none does."""
    told = answer.lower()
    found = [(told.find(name.lower()), name) for name in names if name.lower() in told]
    return min(found)[1] if found else names[0]


async def _reduced(chain: _Chain, asker: _Asker, tokens: int) -> Candidate[str]:
    """The comments made into one program."""
    return await asker.program(
        SYSTEM,
        f"{chain.problem}\n\nA team of experts has discussed the problem:\n\n{chain.told()}\n\n"
        "Write the program that their comments come to.",
        tokens,
        "reducer",
    )


async def _reflected(chain: _Chain, asker: _Asker, attempt: Attempt, tokens: int) -> None:
    """From the last expert back to the first, until one was wrong and corrects the own comment.

    What was said after that one falls away, since it was built on the mistake; what those experts
    answered is told to the ones before them.
    """
    feedback = [f"The program failed: {attempt.message or f'the model is {attempt.outcome}'}"]
    while chain.comments:
        expert, comment = chain.comments.pop()
        told = "\n\n".join(feedback)
        answer = await asker.ask(
            f"Problem:\n{chain.problem}\n\nYou are the {expert} of the team. "
            f"You said:\n{comment}\n\n{told}\n\n"
            "Was the mistake yours? Begin with YES or NO. If yes, give your corrected comment; if "
            "no, say why.",
            tokens,
            f"reflection of the {expert}",
        )
        if answer.upper().startswith("YES"):
            chain.comments.append((expert, answer[3:].strip(" .:\n") or comment))
            return
        feedback.append(f"The {expert} says: {answer}")


METHOD = ChainOfExperts()
