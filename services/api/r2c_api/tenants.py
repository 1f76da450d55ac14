"""Whose jobs and files are whose: every tenant has a folder of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from r2c.settings import Settings

LOCAL = "local"
"""The tenant of a service that asks for no key."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def service_folder(settings: Settings) -> Path:
    """Where the service keeps everything."""
    return settings.data_dir / "service"


def cards_of(settings: Settings, tenant: str) -> Path:
    """Where the cards of a tenant lie; there may be none."""
    return settings_for(settings, tenant).data_dir / "cards"


def settings_for(settings: Settings, tenant: str) -> Settings:
    """The settings with which the jobs of a tenant run.

    Raises:
        ValueError: the name could be a path.
    """
    if not NAME.fullmatch(tenant):
        raise ValueError(f"{tenant!r} is no name of a tenant")
    folder = service_folder(settings) / "tenants" / tenant
    return settings.model_copy(update={"data_dir": folder})
