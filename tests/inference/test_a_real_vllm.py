"""The same against a real vLLM with a small real model, on a CPU or a GPU.

R2C_TEST_VLLM names the interpreter that has vLLM; the model is made by make_small_model.py, in
build/small unless R2C_TEST_VLLM_MODEL names another folder. Without either the tests fail.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from serving import ROOT, Server, environment, serving

from r2c.llm.connect import connect
from r2c.llm.model import LanguageModel, Message, Reply
from r2c.llm.spec import Capability, OutputSpec
from r2c.settings import Settings

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(3000)]

PROBLEM = (
    "A joiner makes chairs and tables. A chair earns 20 and a table earns 50. A chair takes 2 "
    "hours and a table takes 5 hours. There are at most 40 hours. Maximize the earnings."
)
GREETING = [Message("user", "Say hello to the new colleague in one short sentence.")]
COLOURS = ["red", "green", "blue"]


@dataclass(frozen=True)
class Running:
    """The server with its cache folder."""

    server: Server
    cache: Path

    def settings(self, model: str = "small", **more: object) -> Settings:
        given = {
            "model": f"{self.server.url}#{model}",
            "api_key": self.server.key,
            "request_seconds": 1500.0,
            **more,
        }
        return Settings.model_validate(given)

    def connect(self, model: str = "small", **more: object) -> LanguageModel:
        return connect(self.settings(model, **more))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    python = os.environ["R2C_TEST_VLLM"]
    made = Path(os.environ.get("R2C_TEST_VLLM_MODEL") or ROOT / "build" / "small")
    cache = tmp_path_factory.mktemp("cache")
    words = ["serve", str(made / "model"), "--name", "small", "--lora", f"tuned={made}/adapter"]
    words += ["--python", python, "--port", "0", "--kv-cache-gb", "1", "--max-model-len", "8192"]
    with serving(cache, *words, "--start-seconds", "1500") as server:
        yield Running(server, cache)


def spec(grammar: str, schema: dict[str, object]) -> OutputSpec[str]:
    return OutputSpec("answer", grammar, schema, "Write it.", str, json.dumps)  # type: ignore[arg-type]


async def said(model: LanguageModel, form: OutputSpec[str] | None = None) -> Reply[str]:
    return await model.complete(GREETING, form, max_tokens=24)


async def test_an_answer_is_held_to_a_grammar_and_to_a_schema(running: Running) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": COLOURS}, "count": {"type": "integer"}},
        "required": ["colour", "count"],
        "additionalProperties": False,
    }
    form = spec('root ::= "red" | "green" | "blue"', schema)
    model = running.connect()
    assert (model.info.kind, model.info.capability) == ("vllm", Capability.GRAMMAR)
    (answer,) = (await said(model, form)).candidates
    assert answer.text in COLOURS
    (answer,) = (await said(running.connect(capability="json_schema"), form)).candidates
    assert " " not in answer.text, "blanks between the members were to be left out"
    assert json.loads(answer.text)["colour"] in COLOURS


async def test_an_adapter_answers_unlike_its_base(running: Running) -> None:
    base, tuned = [(await said(running.connect(name))).candidates[0] for name in ("small", "tuned")]
    assert base.logprob is not None
    assert base.logprob != tuned.logprob
    by_task = running.connect("small;rules=tuned")
    asked: Reply[str] = await by_task.complete(GREETING, None, max_tokens=24, purpose="rules")
    assert asked.candidates[0].text == tuned.text


async def test_a_long_beginning_is_read_once_and_a_seed_does_not_end_the_server(
    running: Running,
) -> None:
    model = running.connect()
    told = f"{time.time_ns()} " + " ".join(
        f"Shop {place} sells {place} chairs." for place in range(350)
    )
    asked = [Message("system", told), Message("user", "Which shop sells most?")]
    for cached in (False, True):
        reply: Reply[str] = await model.complete(asked, None, temperature=0.7, seed=7, max_tokens=8)
        assert reply.usage.prompt_tokens > 2500
        assert (reply.usage.cached_tokens > 2000) is cached


async def test_a_question_that_is_given_up_frees_the_server(running: Running) -> None:
    model = running.connect()
    endless = spec('root ::= ("one " | "two ") root', {})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(10):
            await model.complete(GREETING, endless, max_tokens=6000)
    began = time.monotonic()
    await said(model)
    assert time.monotonic() - began < 300, "the answer that nobody waits for was written on"


def test_a_problem_in_words_goes_through_the_whole_pipeline(running: Running) -> None:
    variables = {
        "R2C_MODEL": f"{running.server.url}#small;sentence=tuned",
        "R2C_API_KEY": running.server.key,
        "R2C_BUDGET_SECONDS": "2400",
        "R2C_BUDGET_TOKENS": "1000000",
        "R2C_BUDGET_ROUNDS": "1",
        "R2C_REQUEST_SECONDS": "1500",
        "R2C_SAMPLES": "2",
        "R2C_DATA_DIR": str(running.cache / "jobs"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "r2c.cli", "formulate", "--json", PROBLEM],
        capture_output=True,
        text=True,
        env={**environment(running.cache), **variables},
        timeout=2700,
    )
    told = json.loads(done.stdout)
    # So small a model reads little right; that there is a judged answer is what is claimed.
    assert "outcome" in told, done.stderr
    assert done.returncode in (0, 3, 4, 5, 6, 8), done.stderr
    assert told["manifest"]["model"]["name"] == "small;sentence=tuned"
    assert told["manifest"]["model"]["kind"] == "vllm"
