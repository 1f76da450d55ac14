"""`r2c doctor`: what is installed, what is missing, what to do about it."""

from __future__ import annotations

import typer

from r2c.cli.options import Json


def doctor(json: Json = False) -> None:
    """Check the installation: versions, solver, cache, embedded model, endpoint, sandbox.

    Each line says ok or what to do. The exit status is 7 if something that is needed fails.
    """
    from r2c.cli.diagnosis import diagnose
    from r2c.cli.exit_codes import ExitCode
    from r2c.cli.render.diagnosis import show_finding
    from r2c.cli.streams import result, write_json

    findings = []
    console = result()
    for finding in diagnose():
        findings.append(finding)
        if not json:
            show_finding(console, finding)
    if json:
        write_json({"checks": [item.as_json() for item in findings]})
    if any(item.state == "failed" for item in findings):
        raise typer.Exit(ExitCode.INFRASTRUCTURE)
