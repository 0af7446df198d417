"""What the core has done elsewhere: over the network, or by rules of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.settings import FetchSettings, GeminiSettings, YoutubeSettings
from bot.core.summarizing import Summarizer
from bot.providers.extractive import Extractive

if TYPE_CHECKING:
    from bot.core.fetching import Fetcher
    from bot.core.videos import Videos


def open_summarizer(settings: GeminiSettings) -> Summarizer:
    """Return what shortens notes: Gemini where there is a key for it.

    Nothing is imported or connected before the first note. Raise ConfigError for an unknown or
    missing SDK.
    """
    if not settings.api_key:
        return Extractive()
    from bot.providers.gemini import open_gemini

    return open_gemini(settings)


def open_fetcher(settings: FetchSettings) -> Fetcher:
    """Return what fetches addresses that other people name; raise ConfigError."""
    from bot.providers.addresses import Allowed
    from bot.providers.fetch import WebFetcher

    return WebFetcher(Allowed.read(settings.allow_private))


def open_videos(settings: YoutubeSettings) -> Videos:
    """Return what looks videos up on YouTube by the ways there are; raise ConfigError.

    Nothing is connected or started before the first look-up.
    """
    from bot.providers.youtube import open_youtube

    return open_youtube(settings)
