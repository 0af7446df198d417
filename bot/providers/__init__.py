"""What the core has done elsewhere: over the network, or by rules of its own."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from pathlib import Path

from bot.core.embedding import Embedder
from bot.core.errors import ConfigError
from bot.core.fetching import NO_HEADERS, Fetched, Fetcher
from bot.core.settings import FetchSettings, GeminiSettings, MeaningSettings, YoutubeSettings
from bot.core.summarizing import Summarizer
from bot.core.videos import Video, Videos
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


def open_embedder(settings: MeaningSettings) -> Embedder | None:
    """Return what embeds texts, None where that is off; raise ConfigError for another model.

    Nothing is read or imported before the first text.
    """
    if settings.model == "off":
        return None
    if settings.model != "minilm":
        raise ConfigError(f"meaning.model is minilm or off, not {settings.model!r}.")
    if settings.threads < 1:
        raise ConfigError("meaning.threads is 1 or more.")
    from bot.providers.minilm.embedder import MiniLm
    from bot.providers.minilm.files import MODEL_SHA256

    file = Path(settings.file) if settings.file else None
    return MiniLm(file, sha256=settings.sha256 or MODEL_SHA256, threads=settings.threads)


def open_fetcher(settings: FetchSettings) -> Fetcher:
    """Return what fetches addresses that other people name; raise ConfigError."""
    if settings.allow_private:
        from bot.providers.addresses import Allowed

        Allowed.read(settings.allow_private)  # What is wrong with it is said at once.
    return _LateFetcher(settings)


def open_videos(settings: YoutubeSettings) -> Videos:
    """Return what looks videos up on YouTube by the ways there are; raise ConfigError.

    Nothing is connected or started before the first look-up.
    """
    from bot.providers.youtube import open_youtube

    return open_youtube(settings)


class LateVideos(Videos):
    """What ``open_videos`` returns, from the first look-up on; see ``_LateFetcher``."""

    def __init__(self, settings: YoutubeSettings) -> None:
        self._settings = settings
        self._videos: Videos | None = None

    async def look_up(self, video_id: str, *, within_s: float) -> Video:
        """Return a video; raise NotLookedUp."""
        return await (await self._opened()).look_up(video_id, within_s=within_s)

    async def check(self) -> str:
        """Return by which ways videos are looked up."""
        return await (await self._opened()).check()

    async def close(self) -> None:
        """Let go of what look-ups hold."""
        if self._videos is not None:
            await self._videos.close()

    async def _opened(self) -> Videos:
        if self._videos is None:
            await asyncio.to_thread(importlib.import_module, "bot.providers.youtube")
        if self._videos is None:
            self._videos = open_videos(self._settings)
        return self._videos


class _LateFetcher(Fetcher):
    """A ``WebFetcher`` from the first fetch on: a bot that is only asked never imports HTTP."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._fetcher: Fetcher | None = None

    async def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        within_s: float,
        accept: str = "",
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Fetched:
        """Return what is at an address; raise NotFetched."""
        if self._fetcher is None:
            # In a thread, since whoever is being answered meanwhile does not wait for it.
            await asyncio.to_thread(importlib.import_module, "bot.providers.fetch")
        if self._fetcher is None:
            from bot.providers.addresses import Allowed
            from bot.providers.fetch import WebFetcher

            self._fetcher = WebFetcher(Allowed.read(self._settings.allow_private))
        return await self._fetcher.fetch(
            url,
            max_bytes=max_bytes,
            within_s=within_s,
            accept=accept,
            etag=etag,
            last_modified=last_modified,
            headers=headers,
        )

    async def close(self) -> None:
        """Let go of what look-ups hold."""
        if self._fetcher is not None:
            await self._fetcher.close()
