"""What is kept of work that goes on beside the answers."""

from __future__ import annotations

from typing import Protocol

from bot.core.following import Feeds
from bot.core.jobs import Imports
from bot.core.summarizing import Summaries


class Later(Summaries, Imports, Feeds, Protocol):
    """Notes that are being shortened, imports, and feeds that are followed."""
