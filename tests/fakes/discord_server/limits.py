"""Rate limits: buckets for routes, one for all together, and the headers that tell of them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

# The bot's global limit does not count the answers to interactions.
EXEMPT = re.compile(r"^/(interactions|webhooks)/")

# Requests share a bucket if they agree in all ids but those of single messages.
_MESSAGE = re.compile(r"(?<=/messages/)[^/]+")


@dataclass(eq=False)
class Bucket:
    """Requests of one kind to one place: ``limit`` of them in ``per`` seconds."""

    name: str
    limit: int
    per: float
    everywhere: bool = False
    began: float = field(default_factory=time.monotonic)
    used: int = 0

    def take(self) -> bool:
        """Count a request; return whether it is still within the limit."""
        if self.left() <= 0:
            self.began, self.used = time.monotonic(), 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def left(self) -> float:
        """Return the seconds until the bucket is full again."""
        return self.began + self.per - time.monotonic()

    def headers(self) -> dict[str, str]:
        """Return what Discord says with every answer of the route."""
        left = max(self.left(), 0.0)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass(frozen=True)
class Rule:
    """A limit as it was set."""

    name: str
    method: str
    path: re.Pattern[str]
    limit: int
    per: float

    def fits(self, method: str, path: str) -> bool:
        """Return whether the limit is one for a request."""
        return self.method == method and bool(self.path.search(path))


class Limits:
    """The limits that are set; there are none at first, so that tests are not slowed."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._buckets: dict[str, Bucket] = {}
        self._all: Bucket | None = None

    def add(self, method: str, path_regex: str, limit: int, per: float) -> None:
        """Let each route that fits be called ``limit`` times in ``per`` seconds.

        The path is searched without its /api/v10; every channel and webhook has its own bucket.
        """
        name = f"bucket-{len(self._rules)}"
        self._rules.append(Rule(name, method, re.compile(path_regex), limit, per))

    def everywhere(self, limit: int = 50, per: float = 1.0) -> None:
        """Limit all requests together, but for the answers to interactions."""
        self._all = Bucket("global", limit, per, everywhere=True)

    def take(self, method: str, path: str) -> tuple[Bucket | None, Bucket | None]:
        """Count a request; return the bucket of its route and the one it overflows."""
        if self._all and not EXEMPT.match(path) and not self._all.take():
            return None, self._all
        bucket = self._bucket(method, path)
        if bucket is None:
            return None, None
        return bucket, None if bucket.take() else bucket

    def _bucket(self, method: str, path: str) -> Bucket | None:
        key = f"{method} {_MESSAGE.sub('', path)}"
        if key not in self._buckets:
            rule = next((one for one in self._rules if one.fits(method, path)), None)
            if rule is None:
                return None
            self._buckets[key] = Bucket(rule.name, rule.limit, rule.per)
        return self._buckets[key]
