"""`r2c models`: the language model that runs on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Json

app = typer.Typer(no_args_is_help=True, help="Language models on this machine: fetch, serve, stop.")


@app.command("list")
def list_models(json: Json = False) -> None:
    """The models that can be used, where their weights are and under which licence."""
    from r2c.cli.render.models import show_models
    from r2c.cli.streams import result, write_json
    from r2c.cli.weights import known_models
    from r2c.settings import load_settings

    found = known_models(load_settings())
    if json:
        write_json({"models": [model.as_json() for model in found]})
    else:
        show_models(result(), found)


@app.command("fetch")
def fetch(
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Only the encoder that finds cards by meaning.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    json: Json = False,
) -> None:
    """Fetch the embedded model into the user cache, once; goes on where it was interrupted.

    With it comes the encoder that finds cards by meaning, 91 MB. All weights are checked against
    their pinned SHA-256. If R2C_MODEL names another model there is nothing to fetch but the
    encoder.
    """
    from r2c.cli.streams import errors, write_json
    from r2c.cli.transfer import transfer
    from r2c.errors import LanguageModelError
    from r2c.llm.embedded.encoder import find_encoder
    from r2c.llm.embedded.find import find_weights
    from r2c.llm.endpoint import Embedded, parse_model
    from r2c.settings import load_settings

    settings = load_settings()
    embedded = isinstance(parse_model(settings.model), Embedded)
    path = None
    with transfer(quiet=quiet or json) as progress:
        if embedded and not encoder:
            path = find_weights(settings.cache_dir, settings.model_hub, progress)
        try:
            if embedded or encoder:
                find_encoder(settings.cache_dir, progress)
        except LanguageModelError as error:
            if path is None:
                raise
            # The model works without the encoder: cards are then found by words alone.
            errors().print(f"{error.fault.what} {error.fault.why} {error.fault.remedy}")
    if json:
        write_json({"weights": None if path is None else str(path)})
    elif path is not None:
        typer.echo(path)
    elif not encoder:
        errors().print(
            f"R2C_MODEL is {settings.model}: nothing to fetch; --encoder fetches the encoder."
        )


@app.command("serve")
def serve(json: Json = False) -> None:
    """Serve the embedded model on this machine, for any client that speaks the OpenAI API.

    It listens on loopback only, wants a key, runs on after this command and stops by itself when
    it was not used for R2C_EMBEDDED_IDLE_SECONDS.
    """
    from r2c.cli.render.models import show_server
    from r2c.cli.streams import result, write_json
    from r2c.cli.transfer import transfer
    from r2c.cli.weights import serve_embedded
    from r2c.settings import load_settings

    with transfer(quiet=json) as progress:
        server = serve_embedded(load_settings(), progress)
    if json:
        write_json(server.as_json())
    else:
        show_server(result(), server)


@app.command("status")
def status(json: Json = False) -> None:
    """The model servers that run on this machine."""
    from r2c.cli.render.models import show_status
    from r2c.cli.streams import result, write_json
    from r2c.cli.weights import server_fields
    from r2c.llm.embedded.server import status as server_status
    from r2c.settings import load_settings

    found = [item for item in server_status(load_settings().cache_dir) if item.running is not None]
    if json:
        write_json({"servers": [server_fields(item) for item in found]})
    else:
        show_status(result(), found)


@app.command("stop")
def stop(json: Json = False) -> None:
    """Stop the model servers of this machine."""
    from r2c.cli.streams import errors, write_json
    from r2c.llm.embedded.server import stop as stop_servers
    from r2c.settings import load_settings

    stopped = stop_servers(load_settings().cache_dir)
    if json:
        write_json({"stopped": [server.pid for server in stopped]})
        return
    told = ", ".join(f"process {server.pid}" for server in stopped)
    errors().print(f"Stopped {told}." if stopped else "No server was running.")
