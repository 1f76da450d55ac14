"""Hostile programs inside the sandbox: none may reach anything, in either degree of lock."""

from __future__ import annotations

import json
import os
import platform
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from attacks import NAMES, VERDICT, programs

from r2c.errors import SolveError
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.sandbox.limits import Limits
from r2c_benchmarks.sandbox.optimum import Reading

pytestmark = pytest.mark.skipif(
    not (sys.platform == "linux" and platform.machine() == "x86_64"),
    reason="the attacks are written for Linux on x86_64",
)
TRIVIAL = """
import pyomo.environ as pyo
model = pyo.ConcreteModel()
model.x = pyo.Var(bounds=(0, 4))
model.goal = pyo.Objective(expr=3 * model.x, sense=pyo.maximize)
"""
SEND = """
import json, os
body = memoryview(json.dumps({"mps": text}).encode())
for part in (len(body).to_bytes(4, "big"), body):
    while len(part):
        part = part[os.write(3, part):]
os._exit(0)
"""
"""Hands a text over as if it were the model."""
GOOD = (
    "'NAME model\\nROWS\\n N goal\\n G r0\\nCOLUMNS\\n c0 goal 1.0\\n c0 r0 1.0\\n"
    "RHS\\n RHS r0 2.0\\nBOUNDS\\n PL BND c0\\n LO BND c0 0.0\\nENDATA\\n'"
)
HOSTILE = {
    "nothing of the kind": ("'hello\\nENDATA\\n'", "'hello'"),
    "truncated": (f"{GOOD}[:60]", "breaks off"),
    "no end": (f"{GOOD}.replace('ENDATA', '')", "breaks off"),
    "only an end": ("'ENDATA\\n'", "kModelEmpty"),
    "sections out of order": ("'COLUMNS\\n c0 r7 1.0\\nROWS\\nENDATA\\n'", "refuses"),
    "nan": (f"{GOOD}.replace('r0 1.0', 'r0 nan')", "r0 nan"),
    "nan with a payload": (f"{GOOD}.replace('r0 1.0', 'r0 nan(7)')", "nan(7)"),
    "infinite": (f"{GOOD}.replace('goal 1.0', 'goal inf')", "goal inf"),
    "infinite after reading": (f"{GOOD}.replace('goal 1.0', 'goal 1e999')", "does not solve"),
    "excessive": (f"{GOOD}.replace('r0 1.0', 'r0 1e300')", "refuses"),
    "hexadecimal": (f"{GOOD}.replace('goal 1.0', 'goal 0x1p9')", "0x1p9"),
    "endless digits": (f"{GOOD}.replace('goal 1.0', 'goal ' + '1' * 99)", "111"),
    "path as a name": (f"{GOOD}.replace('c0', '../../etc/passwd')", "../.."),
    "path as the name of the model": (f"{GOOD}.replace('NAME model', 'NAME /etc/passwd')", "/etc"),
    "name with a space": (f"{GOOD}.replace('c0', 'c 0')", "c 0"),
    "name with a null": (f"{GOOD}.replace('c0', 'c0\\0')", "x00"),
    "name with a return": (f"{GOOD}.replace('c0', 'c0\\r')", "c0\\r"),
    "name without end": (f"{GOOD}.replace('c0', 'c' + '0' * 10**6)", "c000"),
    "letters of other scripts": (f"{GOOD}.replace('c0', 'c\u0660')", "no model"),
    "bytes that are no text": (f"{GOOD}.replace('c0', 'c\\udcff')", "no model"),
    "compressed": ("'x\\x01' + 'A' * 50 + 'ENDATA\\n'", "x01"),
    "other sections": (f"{GOOD}.replace('ENDATA', 'SOS\\n S1 s\\nENDATA')", "SOS"),
    "negative number of a row": (f"{GOOD}.replace('r0', 'r-1')", "r-1"),
    "too many bytes": (f"'*' * (17 << 20) + {GOOD}", "bytes"),
    "too many rows": (
        f"{GOOD}.replace(' G r0\\n', ''.join(f' G r{{n}}\\n' for n in range(200_002)))",
        "200002 rows",
    ),
    "too many columns": (
        f"{GOOD}.replace('RHS\\n', ''.join(f' c{{n}} goal 1\\n' for n in range(200_002)), 1)",
        "200002 columns",
    ),
    "too many coefficients": (
        f"{GOOD}.replace('RHS\\n', ' c0 r0 1\\n' * 1_000_001, 1)",
        "coefficients",
    ),
}
"""What a program may hand over as its model, and what is said of it."""


def written_by_hand(body: dict[str, object]) -> str:
    """A program that writes a frame of its own in the place of its model."""
    told = json.dumps(body).encode()
    return f"import os\nos.write(3, {len(told).to_bytes(4, 'big') + told!r})\nos._exit(0)"


@dataclass(frozen=True)
class Target:
    sandbox: Sandbox
    secret: Path
    folder: Path
    tcp: socket.socket
    unix: socket.socket
    attacks: dict[str, str]


@pytest.fixture(scope="module", params=["namespaces", "without namespaces"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("outside")
    secret = folder / "secret"
    secret.write_text("canary")
    os.environ["R2C_TEST_CANARY"] = "canary"
    own = request.param == "namespaces"
    with (
        Sandbox(Limits(wall_seconds=10), own_namespaces=own) as sandbox,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        unix.bind(str(folder / "u"))
        for listening in (tcp, unix):
            listening.listen()
            listening.setblocking(False)
        try:
            level = sandbox.start()
        except SolveError as error:
            pytest.skip(str(error))
        if own and "namespaces" not in level:
            pytest.skip("this system permits no namespaces")
        place = {
            "secret": secret,
            "folder": folder,
            "port": tcp.getsockname()[1],
            "unix": folder / "u",
            "pid": os.getpid(),
        }
        yield Target(sandbox, secret, folder, tcp, unix, programs(**place))
    del os.environ["R2C_TEST_CANARY"]


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_reaches_nothing(target: Target, name: str) -> None:
    execution = target.sandbox.run(target.attacks[name] + VERDICT)
    reading = execution.reading
    assert reading.status in ("error", "limit"), reading
    assert "REACHED" not in reading.message, reading
    assert "canary" not in reading.message
    assert target.secret.read_text() == "canary"
    assert sorted(path.name for path in target.folder.iterdir()) == ["secret", "u"]
    for listening in (target.tcp, target.unix):
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize("name", ["read_secret_file", "connect_tcp", "run_shell", "memory_file"])
def test_the_same_attack_succeeds_outside_the_sandbox(target: Target, name: str) -> None:
    names: dict[str, object] = {}
    exec(target.attacks[name], names)  # noqa: S102 - the test's own text
    attack = names["attack"]
    assert callable(attack) and attack()
    if name == "connect_tcp":
        target.tcp.accept()[0].close()


def test_an_endless_loop_ends_at_the_wall_limit(target: Target) -> None:
    execution = target.sandbox.run("while True: pass", wall_seconds=1)
    assert execution.reading.status == "limit"
    assert execution.seconds < 3


def test_endless_sleep_that_ignores_signals_ends_too(target: Target) -> None:
    program = (
        "import signal, time\n"
        "for n in range(1, 32):\n"
        "    if n not in (9, 19): signal.signal(n, signal.SIG_IGN)\n"
        "time.sleep(60)"
    )
    assert target.sandbox.run(program, wall_seconds=1).reading.status == "limit"


@pytest.mark.parametrize(
    "program",
    [
        "import os\nos.write(3, b'x' * (4 << 20))",
        "import os\nos.write(3, (1 << 30).to_bytes(4, 'big') + b'{}')",
        "import os\nos.write(3, (2).to_bytes(4, 'big') + b'[]')\nos._exit(0)",
        "import os\ns = b'[' * 100000\nos.write(3, len(s).to_bytes(4, 'big') + s)\nos._exit(0)",
        "import os\ns = b'{\"status\":1}'\nos.write(3, len(s).to_bytes(4, 'big') + s)\nos._exit(0)",
        "import os\nos.close(3)\nos._exit(0)",
        "import os\nos.abort()",
        "import ctypes\nctypes.string_at(0)",
        "def f(): return f()\nf()",
        "raise KeyboardInterrupt",
        "print('x' * 10**8)\nraise ValueError",
    ],
)
def test_garbage_floods_and_crashes_are_an_error_and_nothing_more(
    target: Target, program: str
) -> None:
    assert target.sandbox.run(program).reading.status == "error"


def test_the_sandbox_works_as_before_after_all_this(target: Target) -> None:
    reading = target.sandbox.run(TRIVIAL).reading
    assert (reading.status, reading.objective) == ("optimal", 12)


@pytest.mark.parametrize(
    "body",
    [
        {"status": "optimal", "objective": 7, "message": "", "level": "none"},
        {"status": "optimal", "objective": 7, "relaxed": 7, "whole": 7, "mps": ""},
        {"status": "limit", "objective": 7},
        {"status": "confined"},
        {"mps": ["NAME model"], "message": ["x"]},
        {"mps": 7, "message": None},
    ],
)
def test_a_forged_result_is_no_result(target: Target, body: dict[str, object]) -> None:
    found = target.sandbox.run(written_by_hand(body)).reading
    assert found == Reading("error", message="what it left is no model")


@pytest.mark.parametrize(
    "patch",
    [
        "import r2c_benchmarks.sandbox.optimum as o\n"
        "o.read_optimum = o._solve = lambda *a: o.Reading('optimal', 7.0)",
        "import r2c_benchmarks.sandbox.child as c\n"
        "c.read_optimum = lambda *a: {'status': 'optimal', 'objective': 7.0}",
        "import r2c_benchmarks.sandbox.zygote as z\nz.kept = lambda *a: {'objective': 7.0}",
        "import highspy\nhighspy.Highs.run = lambda self: None\n"
        "highspy.Highs.getObjectiveValue = lambda self: 7.0",
        "print('optimal, objective 7')",
    ],
)
def test_a_program_cannot_sway_how_its_model_is_solved(target: Target, patch: str) -> None:
    assert target.sandbox.run(TRIVIAL + patch).reading.objective == 12


@pytest.mark.parametrize(
    "program",
    [
        "objective = 7.0\nprint('Optimal objective:', objective)",
        "class Model: objective = 7.0\nmodel = Model()",
        "import pyomo.environ as pyo\nmodel = pyo.AbstractModel()",
        TRIVIAL + "model = 7.0",
        "from r2c_benchmarks.sandbox.optimum import Reading\nmodel = Reading('optimal', 7.0)",
        "import r2c_benchmarks.sandbox.program as p\np._model_of = lambda *a: 7.0",
        "import r2c_benchmarks.sandbox.program as p\n"
        "p.mps_of = lambda *a: 'objective 7\\nENDATA\\n'\n" + TRIVIAL,
    ],
)
def test_a_number_without_a_model_is_an_error(target: Target, program: str) -> None:
    found = target.sandbox.run(program).reading
    assert (found.status, found.objective) == ("error", None)


def test_a_forged_model_is_merely_a_model(target: Target) -> None:
    mps = (
        "NAME model\nROWS\n N goal\n L r0\nCOLUMNS\n c0 goal -2.0\n c0 r0 1.0\n"
        "RHS\n RHS r0 3.5\nBOUNDS\n PL BND c0\n LO BND c0 0.0\nENDATA\n"
    )
    forged = {"mps": mps, "status": "optimal", "objective": 99.0, "whole": 99.0}
    found = target.sandbox.run(written_by_hand(forged)).reading
    assert found == Reading("optimal", -7.0, whole=-6.0)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_model_comes_to_nothing(target: Target, name: str) -> None:
    text, said = HOSTILE[name]
    began = time.monotonic()
    found = target.sandbox.run(f"text = {text}\n" + SEND).reading
    assert (found.status, found.objective) == ("error", None)
    assert said in found.message and time.monotonic() - began < 9
    assert target.secret.read_text() == "canary"


def test_no_process_of_a_program_is_left(target: Target) -> None:
    deep = "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()"
    assert target.sandbox.run(deep, wall_seconds=1).reading.status in ("error", "limit")
    process = target.sandbox._process
    assert process is not None
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    assert children == ""
