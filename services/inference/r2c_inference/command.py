"""`r2c models serve MODEL` and `r2c models route`, mounted by the entry points `r2c.models`.

Only typer is imported here: the help page of `r2c` loads this module.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Host = Annotated[str, typer.Option(help="Address to listen at.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")]
KeysFile = Annotated[
    Path | None,
    typer.Option("--keys", help="File with keys of further clients, one a line."),
]
BodyKb = Annotated[int, typer.Option(min=1, help="Kilobytes of the largest request.")]
RequestSeconds = Annotated[float, typer.Option(min=1, help="Limit of one answer.")]
Busy = Annotated[int, typer.Option(min=1, help="Requests a replica gets at the same time.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def serve(  # noqa: PLR0913 - one parameter an option
    model: Annotated[
        Path | None,
        typer.Argument(help="Folder of a model for vLLM. Left out: the embedded model."),
    ] = None,
    lora: Annotated[
        list[str] | None,
        typer.Option(help="LoRA adapter beside the model, NAME=FOLDER; repeatable."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What clients call the model; default: its folder's name.")
    ] = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    keys: KeysFile = None,
    device: Annotated[
        Literal["auto", "gpu", "cpu"], typer.Option(help="What to run on; auto looks for a GPU.")
    ] = "auto",
    replicas: Annotated[int, typer.Option(min=1, max=64, help="Servers of the model.")] = 1,
    tensor_parallel: Annotated[int, typer.Option(min=1, help="GPUs of one replica.")] = 1,
    python: Annotated[
        Path | None,
        typer.Option(help="Interpreter of the environment with vLLM; default: this one."),
    ] = None,
    dtype: Annotated[
        Literal["auto", "bfloat16", "float16", "float32"], typer.Option(help="Of the weights.")
    ] = "auto",
    max_model_len: Annotated[
        int | None, typer.Option(min=256, help="Tokens of prompt and answer; default: the model's.")
    ] = None,
    max_num_seqs: Annotated[
        int | None, typer.Option(min=1, help="Answers decoded together; default: vLLM's.")
    ] = None,
    gpu_memory: Annotated[
        float, typer.Option(min=0.05, max=1.0, help="Share of a GPU's memory.")
    ] = 0.9,
    kv_cache_gb: Annotated[
        int, typer.Option(min=1, help="Gigabytes a replica on CPU keeps conversations in.")
    ] = 2,
    eager: Annotated[
        bool, typer.Option("--eager", help="Start faster and answer slower: nothing is compiled.")
    ] = False,
    start_seconds: Annotated[
        float, typer.Option(min=1, help="Limit for all replicas to become ready.")
    ] = 900.0,
    body_kb: BodyKb = 4096,
    request_seconds: RequestSeconds = 600.0,
    busy: Busy = 64,
    show: Annotated[
        bool, typer.Option("--show", help="Only show how vLLM would be started.")
    ] = False,
    json: Json = False,
) -> None:
    """Serve a model, for any client that speaks the OpenAI API.

    Without MODEL it is the embedded model: on loopback only, behind a key, running on after this
    command and stopping by itself when it was not used for R2C_EMBEDDED_IDLE_SECONDS.

    With MODEL, the folder of a model with safetensors, vLLM serves it until Ctrl-C or
    `r2c models stop`. Clients reach an allow-list of paths and fields, behind a key; calls go to
    the least busy replica, and one that dies is started again. Adapters are models of their own
    names: R2C_MODEL=URL#NAME;rules=ADAPTER asks one for a task.
    """
    from r2c_inference.start import Front, serve_embedded, serve_model, show_commands
    from r2c_inference.wish import Wish

    if model is None:
        serve_embedded(json)
        return
    wish = Wish(
        model=model,
        adapters=tuple(lora or ()),
        name=name,
        device=None if device == "auto" else device,
        replicas=replicas,
        tensor_parallel=tensor_parallel,
        python=python,
        dtype=dtype,
        max_model_len=max_model_len,
        max_num_seqs=max_num_seqs,
        gpu_memory=gpu_memory,
        kv_cache_gb=kv_cache_gb,
        eager=eager,
        start_seconds=start_seconds,
    )
    if show:
        show_commands(wish, json)
    else:
        serve_model(wish, Front(host, port, keys, body_kb, request_seconds, busy), json)


def route(  # noqa: PLR0913 - one parameter an option
    servers: Annotated[
        list[str],
        typer.Argument(help="Addresses of vLLM servers of one model.", show_default=False),
    ],
    name: Annotated[str, typer.Option(help="What the model is called in messages.")] = "model",
    host: Host = "127.0.0.1",
    port: Port = 8000,
    keys: KeysFile = None,
    upstream_key: Annotated[
        Path | None, typer.Option(help="File with the key that the servers want.")
    ] = None,
    body_kb: BodyKb = 4096,
    request_seconds: RequestSeconds = 600.0,
    busy: Busy = 64,
    json: Json = False,
) -> None:
    """Share calls among vLLM servers that run elsewhere, behind the same allow-list and keys.

    Calls go to the least busy server. One that cannot be reached is left out until its /health
    answers again. Runs until Ctrl-C or `r2c models stop`.
    """
    from r2c_inference.start import Front, route_to

    front = Front(host, port, keys, body_kb, request_seconds, busy)
    route_to(servers, name, upstream_key, front, json)
