"""Requests by the minute: each tenant has a bucket that fills evenly and is drawn from."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 60
_MOST = 10_000


@dataclass
class _Bucket:
    left: float
    at: float


@dataclass(frozen=True)
class Draw:
    """What a draw came to.

    `left` requests, and `wait` seconds (rounded up) until the bucket is full again; until the next
    request if none is left.
    """

    allowed: bool
    left: int
    wait: int


class Buckets:
    """The buckets of one process; each process of the service has its own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def draw(self, tenant: str, limit: int) -> Draw:
        """Take one request from a bucket that holds `limit` and fills in a minute."""
        now, rate = self._clock(), limit / WINDOW_SECONDS
        bucket = self._buckets.pop(tenant, None) or _Bucket(float(limit), now)
        bucket.left = min(float(limit), bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        self._buckets[tenant] = bucket
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        allowed = bucket.left >= 1
        if allowed:
            bucket.left -= 1
        left = int(bucket.left)
        missing = (limit if left else 1) - bucket.left
        return Draw(allowed, left, max(1, math.ceil(round(missing / rate, 6))))
