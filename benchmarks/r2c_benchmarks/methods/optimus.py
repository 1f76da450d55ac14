"""OptiMUS: parameters, clauses, a formulation of each clause, code of each clause, debugging.

AhmadiTeshnizi, Gao and Udell, "OptiMUS: Scalable Optimization Modeling with (MI)LP Solvers and
Large Language Models", ICML 2024, section 3, in the fixed order of OptiMUS-0.3 (arXiv 2407.19633,
section 3), as far as the papers say. What differs is listed in benchmarks/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from r2c.llm.model import Candidate, Message, Reply
from r2c_benchmarks.example import words_of
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means, with_numbers
from r2c_benchmarks.programs import SYSTEM, executed
from r2c_benchmarks.replies import MAX_TOKENS, most_tokens

_LINE = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+)$", re.MULTILINE)
_MOST_CLAUSES = 20
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass
class _State:
    """What the papers call the state: everything that is known of a problem so far."""

    problem: str
    parameters: str = ""
    objective: str = ""
    constraints: list[str] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)
    variables: list[str] = field(default_factory=list)
    code: dict[str, str] = field(default_factory=dict)

    def near(self, clause: str) -> str:
        """The part of the state that a clause is connected with, which keeps prompts short.

        The connection graph of the papers: a clause is joined with the variables of its formula.
        """
        formula = self.formulas.get(clause, "")
        names = set(_NAME.findall(formula))
        kept = [line for line in self.variables if names & set(_NAME.findall(line))]
        return "\n".join(kept or self.variables) or "none yet"


class Optimus:
    """The published pipeline, on the same endpoint and with the same sandbox as all methods."""

    summary = "parameters, clauses, formulas, code, debugging (AhmadiTeshnizi et al. 2024)"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """How often a program is mended, and how long answers may be."""
        defaults: dict[str, JsonValue] = {
            "temperature": 0.01,
            "repairs": 3,
            "clause_tokens": 300,
            "max_tokens": MAX_TOKENS,
        }
        return with_numbers("optimus", defaults, options)

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Each stage in turn, then run and debug."""
        chosen = {name: float(str(value)) for name, value in self.settings(means.options).items()}
        work = _Work(
            _State(words_of(item)), means, chosen["temperature"], int(chosen["clause_tokens"])
        )
        await work.extract()
        await work.formulate()
        await work.write()
        program = await work.assembled(int(chosen["max_tokens"]))
        replies = [program.text]
        repairs = int(chosen["repairs"])
        attempt = await executed(program, means, repairs + 1)
        for left in range(repairs, 0, -1):
            if attempt.outcome != "error":
                break
            tokens = int(chosen["max_tokens"])
            program = await work.debugged(program.text, attempt.message, tokens)
            replies.append(program.text)
            attempt = await executed(program, means, left)
        details: dict[str, JsonValue] = {
            **attempt.details,
            "clauses": len(work.state.constraints),
            "replies": list(replies),
        }
        return replace(attempt, details=details)


@dataclass
class _Work:
    state: _State
    means: Means
    temperature: float
    tokens: int

    async def extract(self) -> None:
        """Parameters, objective and constraints; then a second look at the list of constraints."""
        state = self.state
        told = f"Problem:\n{state.problem}\n\n"  # first, so that a server reads it once
        state.parameters = await self._ask(
            f"{told}List the parameters of this problem, one a line: a symbol, its shape, its "
            "value and what it means.",
            "parameters",
        )
        state.objective = await self._ask(
            f"{told}What is the objective of this problem? One sentence.",
            "objective clause",
        )
        listed = await self._ask(
            f"{told}Parameters:\n{state.parameters}\n\n"
            "List the constraints of this problem as a numbered list, one sentence each, those "
            "that go without saying (such as that amounts are not negative) too.",
            "constraint clauses",
        )
        checked = await self._ask(
            f"{told}Here is a list of the constraints of this problem:\n{listed}\n\n"
            "Strike those that are not constraints or that occur twice, add those that are "
            "missing; answer with the numbered list.",
            "constraints checked",
        )
        found = _LINE.findall(checked) or _LINE.findall(listed)
        state.constraints = list(dict.fromkeys(line.strip() for line in found))[:_MOST_CLAUSES]

    async def formulate(self) -> None:
        """A formula for each clause, new variables declared as they come."""
        for clause in [*self.state.constraints, self.state.objective]:
            answer = await self._ask(
                f"Problem:\n{self.state.problem}\n\nParameters:\n{self.state.parameters}\n\n"
                f"Variables defined so far:\n{self.state.near(clause)}\n\n"
                f"Formulate this clause as a linear expression: {clause}\n"
                "First give each new variable on a line `VARIABLE name: shape, type, meaning`, "
                "then the formula on a line `FORMULA ...`.",
                "formulation",
            )
            lines = answer.splitlines()
            new = [line.split("VARIABLE", 1)[1].strip() for line in lines if "VARIABLE" in line]
            self.state.variables += [line for line in new if line not in self.state.variables]
            told = [line.split("FORMULA", 1)[1].strip() for line in lines if "FORMULA" in line]
            self.state.formulas[clause] = " ; ".join(told) or answer

    async def write(self) -> None:
        """The code of each clause from its formula and the variables that it is connected with."""
        for clause, formula in self.state.formulas.items():
            self.state.code[clause] = await self._ask(
                f"Parameters:\n{self.state.parameters}\n\nVariables:\n{self.state.near(clause)}\n\n"
                f"Clause: {clause}\nFormula: {formula}\n\n"
                "Write the lines of Pyomo for this clause alone, on the model `model`.",
                "clause code",
            )

    async def assembled(self, tokens: int) -> Candidate[str]:
        """One program of all parts."""
        variables, code = "\n".join(self.state.variables), "\n\n".join(self.state.code.values())
        return await self._said(
            f"{self.state.problem}\n\nParameters:\n{self.state.parameters}\n\n"
            f"Variables:\n{variables}\n\nCode of the clauses:\n{code}\n\n"
            "Put these parts together to one program.",
            "assembly",
            SYSTEM,
            tokens,
        )

    async def debugged(self, text: str, error: str, tokens: int) -> Candidate[str]:
        """The program mended after an error."""
        return await self._said(
            f"{self.state.problem}\n\nThis program fails:\n{text}\n\nError: {error}\n\n"
            "Write the whole program without the mistake.",
            "debugging",
            SYSTEM,
            tokens,
        )

    async def _ask(self, user: str, purpose: str) -> str:
        system = "You are an expert in mathematical optimization."
        return (await self._said(user, purpose, system, self.tokens)).text

    async def _said(self, user: str, purpose: str, system: str, tokens: int) -> Candidate[str]:
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


METHOD = Optimus()
