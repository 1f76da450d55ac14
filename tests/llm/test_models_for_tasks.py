"""One server can hold several models, each asked for what it was made for."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from fake_server import FakeServer, completion, per_request
from fake_server import reply as page

import r2c.agents
from r2c.llm.connect import connect
from r2c.llm.model import Message, Reply
from r2c.llm.record import RecordingModel
from r2c.llm.tasks import TASKS, TaskModels
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings

ASK = [Message("user", "?")]


def scripted(name: str) -> ScriptedModel:
    return ScriptedModel(lambda call: name, name=name)


async def test_a_task_is_asked_of_its_model_and_the_rest_of_the_first() -> None:
    models = TaskModels(scripted("base"), {"rules": scripted("r"), "sentence": scripted("s")})
    said = {}
    for purpose in ("decisions", "sentence 12", "rules", "objective", ""):
        reply: Reply[str] = await models.complete(ASK, None, max_tokens=4, purpose=purpose)
        said[purpose] = reply.candidates[0].text
    assert said == {
        "decisions": "base", "sentence 12": "s", "rules": "r", "objective": "base", "": "base",
    }  # fmt: skip


async def test_a_record_names_all_models(tmp_path: Path) -> None:
    models = TaskModels(scripted("base"), {"rules": scripted("r")})
    assert models.info.name == "base;rules=r"
    recording = RecordingModel(models, tmp_path / "said.jsonl")
    await recording.complete(ASK, None, max_tokens=4, purpose="rules")
    told = json.loads((tmp_path / "said.jsonl").read_text(encoding="utf-8"))
    assert told["model"] == "base;rules=r"


async def test_the_setting_sends_each_task_to_the_name_it_gives() -> None:
    listing = json.dumps({"data": [{"id": "base", "owned_by": "vllm"}, {"id": "tuned"}]})
    pages = {"/v1/models": page(200, listing)}
    with FakeServer(per_request(lambda body: completion(body["model"])), pages=pages) as server:
        model = connect(Settings(model=f"{server.url}#base;rules=tuned"))
        assert model.info.kind == "vllm"
        for purpose, name in (("rules", "tuned"), ("objective", "base")):
            answer: Reply[str] = await model.complete(ASK, None, max_tokens=4, purpose=purpose)
            assert answer.candidates[0].text == name


def test_the_tasks_are_what_the_agents_ask_for() -> None:
    found = set()
    for path in Path(r2c.agents.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "model.complete":
                (purpose,) = [word.value for word in node.keywords if word.arg == "purpose"]
                found |= first_words(purpose)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_asked":
                found |= first_words(node.args[-1])
    assert found == set(TASKS)


def first_words(purpose: ast.expr) -> set[str]:
    """The beginning of a purpose as it is written; a name stands for what `_asked` is given."""
    if isinstance(purpose, ast.JoinedStr):
        purpose = purpose.values[0]
    if isinstance(purpose, ast.Constant):
        return {str(purpose.value).split()[0]}
    assert isinstance(purpose, ast.Name)
    return set()
