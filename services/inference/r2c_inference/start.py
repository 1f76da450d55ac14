"""From the words of a command to servers that run."""

from __future__ import annotations

import os
import secrets
import shlex
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from r2c.errors import InputError, counted, declare
from r2c.llm.embedded.home import Home
from r2c.settings import load_settings
from r2c_inference.kept import announce, home_for, retract, use_of
from r2c_inference.launch.command_line import command_line, environment
from r2c_inference.launch.machine import cores_here, gpus_here, require_gpus
from r2c_inference.launch.replica import Replica as Child
from r2c_inference.listen import listen, url_of
from r2c_inference.wish import Wish

NO_PROXY = declare(
    "R2C-I034", InputError,
    what="The proxy in front of vLLM cannot start: {reason}.",
    why="It needs what the extra `inference` installs.",
    remedy="pip install 'rule2constraint[inference]'",
)  # fmt: skip


@dataclass(frozen=True)
class Front:
    """Where clients reach the proxy, and within which limits."""

    host: str
    port: int
    keys: Path | None
    body_kb: int
    request_seconds: float
    busy: int


def serve_embedded(json: bool) -> None:
    """The embedded model, as without this package."""
    from r2c.cli.models import serve

    serve(json)


def show_commands(wish: Wish, json: bool) -> None:
    """The commands and environments of the replicas; nothing is started.

    Raises:
        InputError: R2C-I001 to R2C-I003 or R2C-I035.
    """
    from r2c.cli.streams import plain, result, write_json

    options = wish.options()
    shown = []
    for number in range(options.replicas):
        words = command_line(options, Path(f"/run/r2c/{number}"))
        # As if the machine had all the GPUs: this one may not be that which is to serve.
        gpus = [str(gpu) for gpu in range(options.gpus)]
        told = environment(options, number, outer={}, gpus=gpus, cores=cores_here(), key="KEY")
        shown.append((words, told))
    if json:
        listed: list[JsonValue] = [
            {"command": list(words), "environment": dict(told)} for words, told in shown
        ]
        write_json({"replicas": listed})
        return
    for words, told in shown:
        named = [f"{name}={shlex.quote(value)}" for name, value in told.items()]
        text = " \\\n  ".join([*named, *_paired(words)])
        result().print(plain(text), soft_wrap=True)


def serve_model(wish: Wish, front: Front, json: bool) -> None:
    """Start the replicas and the proxy, and serve until a signal ends it.

    Raises:
        InputError: R2C-I001 to R2C-I004, R2C-I030 to R2C-I035.
        LanguageModelError: R2C-I010 to R2C-I013.
    """
    options = wish.options()
    gpus = tuple(require_gpus(options, gpus_here(os.environ)))
    home = home_for(load_settings().cache_dir, options.name)
    # Only this user can enter the folder, so no other finds the sockets.
    with tempfile.TemporaryDirectory(prefix="r2c-vllm-", ignore_cleanup_errors=True) as sockets:
        key, cores = secrets.token_urlsafe(32), tuple(cores_here())
        children = [
            Child(number, options, home.folder, Path(sockets), gpus, cores, key)
            for number in range(options.replicas)
        ]
        _serve(
            home, options.names, children, [child.socket for child in children], key, front, json
        )


def route_to(
    servers: Sequence[str], name: str, upstream_key: Path | None, front: Front, json: bool
) -> None:
    """Serve the proxy alone, in front of servers that run elsewhere.

    Raises:
        InputError: R2C-I030 to R2C-I034.
    """
    _require_web()
    from r2c_inference.proxy.keys import read_keys
    from r2c_inference.proxy.replicas import read_address

    addresses = [read_address(text).url for text in servers]
    key = "" if upstream_key is None else read_keys(upstream_key)[0]
    home = home_for(load_settings().cache_dir, name)
    _serve(home, (name,), (), addresses, key, front, json)


def _serve(
    home: Home,
    names: Sequence[str],
    children: Sequence[Child],
    servers: Sequence[Path | str],
    key: str,
    front: Front,
    json: bool,
) -> None:
    _require_web()
    from r2c.cli.streams import errors
    from r2c_inference.proxy.app import build
    from r2c_inference.proxy.keys import Keys, read_keys
    from r2c_inference.proxy.limits import Limits
    from r2c_inference.proxy.metrics import Metrics
    from r2c_inference.proxy.replicas import Address, Replicas
    from r2c_inference.run import serve

    others = [] if front.keys is None else read_keys(front.keys)
    keys = Keys([home.key(), *others])
    limits = Limits(body_kb=front.body_kb, request_seconds=front.request_seconds, busy=front.busy)
    addresses = [
        Address("http://replica", each) if isinstance(each, Path) else Address(each)
        for each in servers
    ]
    metrics = Metrics()
    replicas = Replicas(addresses, metrics, key=key, busy=limits.busy)
    bound = listen(front.host, front.port)
    try:
        announce(home, names[0], *_host_and_port(bound))
    except BaseException:
        bound.close()
        raise
    try:
        if children:
            count = counted(len(children), "replica")
            errors().print(f"starting vLLM, {count}; logs: {home.folder}", soft_wrap=True)
        serve(
            build(replicas, keys, limits, metrics, use_of(home)),
            bound,
            children,
            ready=lambda: replicas.ready,
            told=_teller(home, names, url_of(bound), json),
            tell=lambda line: errors().print(line, soft_wrap=True),
        )
    finally:
        retract(home)


def _teller(home: Home, names: Sequence[str], url: str, json: bool) -> Callable[[], None]:
    """Says how clients reach the proxy."""
    from r2c.cli.streams import plain, result, write_json

    key_file = str(home.key_file)

    def told() -> None:
        if json:
            served: list[JsonValue] = list(names)
            pid = os.getpid()
            write_json({"url": url, "models": served, "key_file": key_file, "pid": pid})
            return
        shown = result()
        shown.print(plain(f"Serving {', '.join(names)} at {url} until Ctrl-C."), soft_wrap=True)
        shown.print(plain(f"  export R2C_MODEL={shlex.quote(f'{url}#{names[0]}')}"), soft_wrap=True)
        told_key = f'  export R2C_API_KEY="$(cat {shlex.quote(key_file)})"'
        shown.print(plain(told_key), soft_wrap=True)
        sys.stdout.flush()

    return told


def _require_web() -> None:
    try:
        import prometheus_client
        import starlette
        import uvicorn
    except ImportError as error:
        raise NO_PROXY(reason=str(error)) from error
    del prometheus_client, starlette, uvicorn


def _host_and_port(bound: socket.socket) -> tuple[str, int]:
    """As clients of this machine write them."""
    host, port = url_of(bound).removeprefix("http://").removesuffix("/v1").rsplit(":", 1)
    return host, int(port)


def _paired(words: Sequence[str]) -> list[str]:
    """The words of a command, an option and its values on one line."""
    lines: list[str] = []
    for word in words:
        if word.startswith("--") or not lines:
            lines.append(shlex.quote(word))
        else:
            lines[-1] += f" {shlex.quote(word)}"
    return lines
