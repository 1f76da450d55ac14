"""`r2c keys`: the keys of the HTTP service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pydantic import JsonValue

    from r2c_api.keys.key import Key, Scope
    from r2c_api.keys.table import KeyTable

app = typer.Typer(
    no_args_is_help=True, help="Keys of the HTTP service: create, list, rotate, revoke, audit."
)
KeyId = Annotated[str, typer.Argument(metavar="ID", help="A key, as `list` names it.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command()
def create(
    tenant: Annotated[
        str, typer.Argument(help="Whose key it is: small letters, digits and hyphens.")
    ],
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it allows: read, write, metrics. Left out: read and write."),
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, help="For how long. Left out: until it is revoked.")
    ] = None,
    requests_per_minute: Annotated[int | None, typer.Option(min=1)] = None,
    tokens_per_day: Annotated[int | None, typer.Option(min=0)] = None,
    solver_seconds_per_day: Annotated[float | None, typer.Option(min=0)] = None,
) -> None:
    """Make a key. It is printed once; only a hash of it is kept.

    Limits that are left out are those of the settings.
    """
    from r2c_api.faults import BAD_TENANT
    from r2c_api.keys.key import Allowance
    from r2c_api.tenants import NAME

    if not NAME.fullmatch(tenant):
        raise BAD_TENANT(tenant=tenant[:80])
    allowance = Allowance(
        requests_per_minute=requests_per_minute,
        tokens_per_day=tokens_per_day,
        solver_seconds_per_day=solver_seconds_per_day,
    )
    keys = _keys()
    made, written = keys.create(
        tenant, name=name, scopes=_scopes(scope), allowance=allowance, days=days
    )
    _note(keys, made, "create key")
    typer.echo(written)
    typer.echo(f"Key {made.id} of {tenant}; it is not told again.", err=True)


@app.command("list")
def list_keys(json: Json = False) -> None:
    """All keys with what they allow; never the keys themselves."""
    import json as writer
    import time

    now = time.time()
    found = _keys().every()
    if json:
        typer.echo(writer.dumps({"keys": [_told(key, now) for key in found]}, indent=2))
        return
    for key in found:
        told = _told(key, now)
        state = "in force" if told["valid"] else "not in force"
        scopes = ",".join(sorted(key.scopes))
        typer.echo(f"{key.id}  {key.tenant}  {scopes}  {state}  {key.name}".rstrip())
    if not found:
        typer.echo("There are no keys; `r2c keys create TENANT` makes one.", err=True)


@app.command()
def rotate(
    id: KeyId,
    hours: Annotated[
        float, typer.Option(min=0, help="For how long the old key stays in force.")
    ] = 24.0,
) -> None:
    """Make a key in place of another, which goes out of force after some hours.

    The new key ends when the other one would have ended; one that has ended is not rotated.
    """
    keys = _keys()
    made, written = keys.rotate(id, hours)
    _note(keys, made, f"rotate key {id}")
    typer.echo(written)
    typer.echo(f"Key {made.id} in place of {id}, in force for {hours:g} h more.", err=True)


@app.command()
def revoke(id: KeyId) -> None:
    """Take a key out of force at once."""
    keys = _keys()
    _note(keys, keys.expire(id), "revoke key")
    typer.echo(f"Key {id} is not in force any more.", err=True)


@app.command()
def audit(
    tenant: Annotated[str | None, typer.Option(help="Only of one tenant.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Lines, the latest first.")] = 100,
) -> None:
    """What was done with keys, one JSON object a line, the latest first."""
    for deed in _keys().deeds(most, tenant):
        typer.echo(deed.model_dump_json())


def _keys() -> KeyTable:
    from r2c.settings import load_settings
    from r2c_api.keys.table import KeyTable
    from r2c_api.store.open import open_database

    return KeyTable(open_database(load_settings()))


def _scopes(given: list[str] | None) -> frozenset[Scope]:
    from r2c_api.faults import BAD_SCOPE
    from r2c_api.keys.key import Scope

    known = [scope.value for scope in Scope]
    for name in given or []:
        if name not in known:
            raise BAD_SCOPE(scope=name[:80], known=known)
    return frozenset(map(Scope, given or ["read", "write"]))


def _note(keys: KeyTable, key: Key, action: str) -> None:
    import time

    from r2c_api.keys.table import Deed

    keys.note(Deed(at=time.time(), tenant=key.tenant, key=key.id, action=action))


def _told(key: Key, now: float) -> dict[str, JsonValue]:
    return {**key.model_dump(mode="json", exclude={"digest"}), "valid": key.valid(now)}
