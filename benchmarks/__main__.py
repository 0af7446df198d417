"""``make bench``: prints every ratio beside its goal; exit 1 where one is over."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from benchmarks import fanout, importing, importing_load, meaning, slack_http, startup, storage
from benchmarks.timing import Ratio


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        ratios = startup.ratios(Path(folder)) + asyncio.run(_asked(Path(folder)))
    for ratio in ratios:
        print(ratio.row())
    return int(any(ratio.value > ratio.goal for ratio in ratios))


async def _asked(folder: Path) -> list[Ratio]:
    return [
        *await slack_http.ratios(folder),
        *await fanout.ratios(folder),
        *await storage.ratios(folder),
        *await meaning.ratios(folder),
        *await importing.ratios(folder),
        *await importing_load.ratios(folder),
    ]


if __name__ == "__main__":
    sys.exit(main())
