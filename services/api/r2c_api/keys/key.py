"""A key: `r2c_<id>_<secret>`, of which only the SHA-256 of the secret is kept.

The secret has 256 random bits, so a plain hash is enough: nothing can be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from enum import StrEnum

from r2c.problem.schema import Frozen

_WRITTEN = re.compile(r"r2c_([0-9a-f]{12})_([0-9a-f]{64})")


class Scope(StrEnum):
    """What a key allows."""

    READ = "read"
    WRITE = "write"
    METRICS = "metrics"


class Allowance(Frozen):
    """How much a tenant may use; None is without a limit. Days are those of UTC."""

    requests_per_minute: int | None = None
    tokens_per_day: int | None = None
    solver_seconds_per_day: float | None = None


class Key(Frozen):
    """A key as the store keeps it; times are seconds since 1970."""

    id: str
    tenant: str
    digest: str
    name: str = ""
    scopes: frozenset[Scope] = frozenset({Scope.READ, Scope.WRITE})
    allowance: Allowance = Allowance()
    created: float
    expires: float | None = None

    def valid(self, now: float) -> bool:
        """Whether the key is in force."""
        return self.expires is None or now < self.expires


def draw() -> tuple[str, str, str]:
    """A fresh key: its id, the whole as it is given away once, the digest of its secret."""
    id, secret = secrets.token_hex(6), secrets.token_hex(32)
    return id, f"r2c_{id}_{secret}", digest(secret)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def parts(written: str) -> tuple[str, str] | None:
    """Id and secret of a key as it is sent; None if it is none."""
    found = _WRITTEN.fullmatch(written)
    return None if found is None else (found[1], found[2])


def same(key: Key, secret: str) -> bool:
    """Whether a secret is that of a key, in a time that tells nothing."""
    return hmac.compare_digest(key.digest, digest(secret))
