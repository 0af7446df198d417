"""Counts what the bot does, and writes it for Prometheus when asked."""

from __future__ import annotations

import asyncio
import importlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from bot.core.commands import ACTIONS_BY_NAME, COMMANDS_BY_NAME
from bot.core.ports import Meter
from bot.core.reply import Notice, Reply

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import HistogramMetricFamily, Metric

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the buckets, in seconds; an answer is given up after 7."""

KNOWN = frozenset(COMMANDS_BY_NAME) | frozenset(ACTIONS_BY_NAME)
UNKNOWN = "unknown"
"""What stands for every other command: a label must not hold what people send."""

PREFIX = "segue_"

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class _Times:
    """How many answers took how long; ``counts`` has one more entry than there are bounds."""

    def __init__(self) -> None:
        self.total = 0.0
        self.counts = [0] * (len(BOUNDS_S) + 1)


class _Watched(NamedTuple):
    """A value that is read when it is asked for, by one label."""

    name: str
    meaning: str
    label: str
    read: Callable[[], Mapping[str, float]]
    counts_up: bool


class Metrics(Meter):
    """Plain numbers while the bot works: counting costs a microsecond.

    The package that writes them takes 40 ms to import, so that waits for the first who asks.
    Every instance has a registry of its own. ``started_at`` is in seconds since 1970.
    """

    def __init__(self, started_at: float) -> None:
        self._started_at = started_at
        self._times: dict[tuple[str, str], _Times] = {}
        self._replies: Counter[tuple[type[Reply], str]] = Counter()
        self._watched: list[_Watched] = []
        self._registry: CollectorRegistry | None = None

    def answered(self, platform: str, command: str, reply: Reply, seconds: float) -> None:
        """Count a reply, and the time it took."""
        key = (command if command in KNOWN else UNKNOWN), platform
        times = self._times.get(key)
        if times is None:
            times = self._times[key] = _Times()
        times.total += seconds
        times.counts[bisect_left(BOUNDS_S, seconds)] += 1
        tone = reply.tone.value if isinstance(reply, Notice) else ""
        self._replies[type(reply), tone] += 1

    def watch(
        self,
        name: str,
        meaning: str,
        *,
        label: str,
        read: Callable[[], Mapping[str, float]],
        counts_up: bool = False,
    ) -> None:
        """Have ``read`` asked for values by the label's value; ``counts_up``: they never fall."""
        self._watched.append(_Watched(name, meaning, label, read, counts_up))

    async def exposition(self) -> tuple[str, str]:
        """Return (text, content type) in Prometheus' text format 0.0.4."""
        if self._registry is None:
            # In a thread: whoever is asking the bot something just now does not wait for it.
            package = await asyncio.to_thread(importlib.import_module, "prometheus_client")
            self._registry = package.CollectorRegistry(auto_describe=False)
            self._registry.register(self)
            package.ProcessCollector(registry=self._registry)
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

        return generate_latest(self._registry).decode(), CONTENT_TYPE_PLAIN_0_0_4

    def collect(self) -> Iterable[Metric]:
        """Yield every value; the registry calls this."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        yield self._seconds()
        replies = CounterMetricFamily(
            f"{PREFIX}replies", "Replies by kind and, for notices, tone.", labels=["kind", "tone"]
        )
        for (kind, tone), count in self._replies.items():
            replies.add_metric([_CAPITAL.sub("_", kind.__name__).lower(), tone], count)
        yield replies
        for one in self._watched:
            kind_of = CounterMetricFamily if one.counts_up else GaugeMetricFamily
            family = kind_of(PREFIX + one.name, one.meaning, labels=[one.label])
            for value, number in one.read().items():
                family.add_metric([value], number)
            yield family
        yield GaugeMetricFamily(
            f"{PREFIX}start_time_seconds",
            "When the process began to serve, in seconds since 1970.",
            value=self._started_at,
        )

    def _seconds(self) -> HistogramMetricFamily:
        from prometheus_client.core import HistogramMetricFamily

        family = HistogramMetricFamily(
            f"{PREFIX}command_seconds",
            "Seconds from a question to its reply, before it is sent.",
            labels=["command", "platform"],
        )
        bounds = [*map(str, BOUNDS_S), "+Inf"]
        for (command, platform), times in self._times.items():
            buckets = list(zip(bounds, accumulate(times.counts), strict=True))
            family.add_metric([command, platform], buckets, sum_value=times.total)
        return family
