"""What is kept of work that goes on beside the answers."""

from __future__ import annotations

from typing import Protocol

from bot.core.following import Feeds
from bot.core.jobs import Imports
from bot.core.outlines import Outlines
from bot.core.summarizing import Summaries
from bot.core.vectors import Vectors


class Later(Summaries, Imports, Feeds, Vectors, Outlines, Protocol):
    """Notes that are shortened, imports, feeds, vectors of what is said, and outlines of it."""
