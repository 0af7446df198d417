"""Looks videos up on YouTube by the ways that there are: the API first, yt-dlp for the rest."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from bot.core.errors import ConfigError, NotLookedUp
from bot.core.settings import YoutubeSettings
from bot.core.videos import (
    OF_WAY,
    NoCaptions,
    Trouble,
    Video,
    Videos,
    not_looked_up,
    trouble_of,
)
from bot.providers.youtube_data import YoutubeData
from bot.providers.youtube_ytdlp import YtDlp, is_installed

log = logging.getLogger(__name__)


def open_youtube(settings: YoutubeSettings) -> Videos:
    """Return what looks videos up by what is set and installed; raise ConfigError."""
    if settings.look_up not in {"auto", "off"}:
        raise ConfigError("youtube.look_up is auto or off.")
    if settings.look_up == "off":
        return NoWay(Trouble.OFF)
    if settings.api_key:
        data = YoutubeData(settings)
        return BothWays(data, YtDlp()) if is_installed() else data
    return YtDlp() if is_installed() else NoWay(Trouble.NO_WAY)


class NoWay(Videos):
    """Looks nothing up, and says why."""

    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble

    async def look_up(self, video_id: str, *, within_s: float) -> Video:
        """Raise NotLookedUp."""
        raise not_looked_up(self._trouble)

    async def check(self) -> str:
        """Return what could be set."""
        if self._trouble is Trouble.OFF:
            return "off; no video is looked up"
        return "no key and no yt-dlp; no video is looked up; see docs/youtube.md"

    async def close(self) -> None:
        """Hold nothing."""


class BothWays(Videos):
    """Asks the API for what it gives, and yt-dlp for captions, or for all if the API fails."""

    def __init__(self, data: Videos, pages: Videos) -> None:
        self._data, self._pages = data, pages

    async def look_up(self, video_id: str, *, within_s: float) -> Video:
        """Return a video; raise NotLookedUp with what the API said, if neither knows it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        try:
            # Half the time is left to the other way where this one hangs.
            known = await self._data.look_up(video_id, within_s=within_s / 2)
        except NotLookedUp as error:
            if trouble_of(error) not in OF_WAY:
                raise
            return await self._otherwise(video_id, error, until - loop.time())
        try:
            seen = await self._pages.look_up(video_id, within_s=until - loop.time())
        except NotLookedUp as error:
            log.info("captions of a video were not read: %s", trouble_of(error).name.lower())
            blocked = trouble_of(error) is Trouble.BLOCKED
            return replace(known, no_captions=NoCaptions.BLOCKED if blocked else NoCaptions.UNKNOWN)
        return replace(
            known,
            duration=known.duration or seen.duration,
            chapters=known.chapters or seen.chapters,
            captions=seen.captions,
            no_captions=seen.no_captions,
        )

    async def _otherwise(self, video_id: str, error: NotLookedUp, within_s: float) -> Video:
        """Return what yt-dlp sees; where that is no way either, the API's trouble is the one."""
        try:
            return await self._pages.look_up(video_id, within_s=within_s)
        except NotLookedUp as other:
            raise (error if trouble_of(other) in OF_WAY else other) from None

    async def check(self) -> str:
        """Return what stands ready of either way."""
        return f"{await self._data.check()}; {await self._pages.check()}"

    async def close(self) -> None:
        """Close both."""
        await self._data.close()
        await self._pages.close()
