"""A scripted OpenAI-compatible server on real sockets, able to misbehave in every known way."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal

Act = Callable[[socket.socket, dict[str, Any], threading.Event], None]
"""What to do with one request: the connection, the JSON body, and the server's closing bell."""


def reply(status: int, body: str, kind: str = "application/json", **headers: str) -> Act:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def act(connection: socket.socket, request: dict[str, Any], bell: threading.Event) -> None:
        connection.sendall(_http(status, body.encode(), kind, named))

    return act


def completion(*texts: str, finish: str = "stop", logprobs: bool = False, **more: Any) -> Act:
    """A sound chat completion with these texts."""
    choices = [
        {
            "index": index,
            "finish_reason": finish,
            "message": {"role": "assistant", "content": text},
            "logprobs": {"content": [{"token": "t", "logprob": -0.5}] * 4} if logprobs else None,
        }
        for index, text in enumerate(texts)
    ]
    return reply(
        200, json.dumps({"id": "1", "object": "chat.completion", "choices": choices, **more})
    )


def chunk(index: int, text: str, finish: str | None = None, **more: Any) -> str:
    """One piece of a streamed completion."""
    choice = {"index": index, "delta": {"content": text}, "finish_reason": finish, **more}
    return json.dumps({"object": "chat.completion.chunk", "choices": [choice]})


StreamEnd = Literal["done", "close", "abort", "silence", "drip"]


def stream(*events: str, end: StreamEnd = "done") -> Act:
    """Server-sent events, and how the stream ends."""

    def act(connection: socket.socket, request: dict[str, Any], bell: threading.Event) -> None:
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
        sized = "Content-Length: 100000\r\n" if end == "abort" else ""
        connection.sendall((head + sized + "\r\n").encode())
        for event in events:
            connection.sendall(f"data: {event}\n\n".encode())
        if end == "done":
            connection.sendall(b"data: [DONE]\n\n")
        elif end == "silence":
            _until_gone(connection, bell)
            if not bell.is_set():
                raise ConnectionError
        elif end == "drip":
            while not bell.wait(0.05):
                connection.sendall(f"data: {events[0]}\n\n".encode())

    return act


def per_request(make: Callable[[dict[str, Any]], Act]) -> Act:
    def act(connection: socket.socket, request: dict[str, Any], bell: threading.Event) -> None:
        make(request)(connection, request, bell)

    return act


def silence(connection: socket.socket, request: dict[str, Any], bell: threading.Event) -> None:
    _until_gone(connection, bell)


def drip(connection: socket.socket, request: dict[str, Any], bell: threading.Event) -> None:
    """A byte every 50 ms of a body that is never complete."""
    connection.sendall(_http(200, b" " * 100_000, "application/json", {})[:-100_000])
    while not bell.wait(0.05):
        connection.sendall(b" ")


def disconnect(connection: socket.socket, request: dict[str, Any], bell: threading.Event) -> None:
    """Half a body, then the end."""
    body = json.dumps({"choices": [{"index": 0}]}).encode()
    connection.sendall(_http(200, body, "application/json", {})[: -len(body) // 2])


def hang_up(connection: socket.socket, request: dict[str, Any], bell: threading.Event) -> None:
    """The end before any byte."""


class FakeServer:
    """Answers POSTs by a script, the last act again and again; GETs from `pages`."""

    def __init__(self, *script: Act, pages: dict[str, Act] | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self.heads: list[str] = []
        self.gone = threading.Event()
        self._script: Sequence[Act] = script
        self._pages = pages or {}
        self._closing = threading.Event()
        self._lock = threading.Lock()
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                owner._handle(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> FakeServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, connection: socket.socket) -> None:
        head, body = _receive(connection)
        if not head:
            return
        with self._lock:
            self.heads.append(head)
            method, path = head.split(" ", 2)[:2]
            if method == "GET":
                act = self._pages.get(path, reply(404, '{"error": {"message": "no such page"}}'))
            else:
                act = self._script[min(len(self.requests), len(self._script) - 1)]
                self.requests.append(json.loads(body))
        try:
            act(connection, self.requests[-1] if self.requests else {}, self._closing)
        except OSError:
            self.gone.set()
        if act is silence and not self._closing.is_set():
            self.gone.set()


def _receive(connection: socket.socket) -> tuple[str, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return "", b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.decode().splitlines():
        if line.lower().startswith("content-length:"):
            length = int(line.split(":")[1])
    while len(body) < length:
        body += connection.recv(65536)
    return head.decode(), body


def _http(status: int, body: bytes, kind: str, headers: dict[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} Whatever",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _until_gone(connection: socket.socket, bell: threading.Event) -> None:
    connection.settimeout(0.05)
    while not bell.is_set():
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue
        except OSError:
            return
