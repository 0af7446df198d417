"""``make bench``: prints every ratio beside its goal; exit 1 where one is over.

With ``--large`` (``make bench LARGE=1``) a catalog of a million segments is made and asked as well.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks import (
    catalogs,
    fanout,
    fused,
    importing,
    importing_load,
    meaning,
    questions,
    slack_http,
    startup,
    storage,
    tenants,
)
from benchmarks.timing import Ratio

SIZES = {15: 60, 10_000: 60, 100_000: 60}
"""Segments of each catalog, and the words of one."""

LARGE = {1_000_000: 16}
"""Shorter ones, as captions are: to make them takes a minute or two."""

TENANTS_FROM = 100_000
"""Segments of the smallest catalog that is shared out among tenants."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million segments too")
    parser.add_argument("--only", choices=sorted(PARTS), help="one part alone")
    options = parser.parse_args()
    return asyncio.run(_print(SIZES | (LARGE if options.large else {}), options.only))


async def _print(sizes: dict[int, int], only: str | None) -> int:
    missed = False
    for name, part in PARTS.items():
        if only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                async for ratio in part(Path(folder), sizes):
                    print(ratio.row(), flush=True)
                    missed = missed or ratio.is_over
    return int(missed)


async def _platforms(folder: Path, _: dict[int, int]) -> AsyncIterator[Ratio]:
    for ratio in startup.ratios(folder):
        yield ratio
    for ratio in [*await slack_http.ratios(folder), *await fanout.ratios(folder)]:
        yield ratio


async def _storage(folder: Path, sizes: dict[int, int]) -> AsyncIterator[Ratio]:
    for size, words in sizes.items():
        catalog = await catalogs.made(folder, str(size), size, words)
        for ratio in await storage.ratios(catalog, folder):
            yield ratio
        if size == max(sizes):
            for ratio in await questions.ratios(catalog):
                yield ratio
    for size, words in sizes.items():
        if size >= TENANTS_FROM:
            for ratio in await tenants.ratios(folder, size, words):
                yield ratio


async def _meaning(folder: Path, _: dict[int, int]) -> AsyncIterator[Ratio]:
    for ratio in [*await meaning.ratios(folder), *await fused.ratios(folder)]:
        yield ratio


async def _importing(folder: Path, _: dict[int, int]) -> AsyncIterator[Ratio]:
    for ratio in [*await importing.ratios(folder), *await importing_load.ratios(folder)]:
        yield ratio


PARTS = {
    "platforms": _platforms,
    "storage": _storage,
    "meaning": _meaning,
    "importing": _importing,
}


if __name__ == "__main__":
    sys.exit(main())
