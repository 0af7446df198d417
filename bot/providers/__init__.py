"""What the core has done elsewhere: by a model over the network, or by rules of its own."""

from __future__ import annotations

from bot.core.settings import GeminiSettings
from bot.core.summarizing import Summarizer
from bot.providers.extractive import Extractive


def open_summarizer(settings: GeminiSettings) -> Summarizer:
    """Return what shortens notes: Gemini where there is a key for it.

    Nothing is imported or connected before the first note. Raise ConfigError for an unknown or
    missing SDK.
    """
    if not settings.api_key:
        return Extractive()
    from bot.providers.gemini import open_gemini

    return open_gemini(settings)
