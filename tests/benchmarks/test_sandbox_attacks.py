"""Hostile programs inside the sandbox: none may reach anything, in either degree of lock."""

from __future__ import annotations

import os
import platform
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from attacks import NAMES, VERDICT, programs

from r2c.errors import SolveError
from r2c_benchmarks.sandbox.box import Sandbox
from r2c_benchmarks.sandbox.limits import Limits

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


def test_a_forged_result_is_only_a_claim_about_the_objective(target: Target) -> None:
    body = b'{"status": "optimal", "objective": 7, "message": "", "level": "none"}'
    program = f"import os\nos.write(3, ({len(body)}).to_bytes(4, 'big') + {body!r})\nos._exit(0)"
    assert target.sandbox.run(program).reading.objective == 7


def test_no_process_of_a_program_is_left(target: Target) -> None:
    deep = "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()"
    assert target.sandbox.run(deep, wall_seconds=1).reading.status in ("error", "limit")
    process = target.sandbox._process
    assert process is not None
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    assert children == ""
