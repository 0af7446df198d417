"""Looks videos up by YouTube's Data API: title, channel, description, chapters, duration.

It gives no captions: their text is for those who may edit the video. The endpoint is the
operator's own choice and takes a key, so that it is not one for the fetcher of strangers'
addresses; whatever it answers, it is not followed elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping

import aiohttp
from yarl import URL

from bot import __version__
from bot.core.errors import ConfigError, NotFetched, NotLookedUp
from bot.core.media import is_video_id
from bot.core.settings import YoutubeSettings
from bot.core.videos import NoCaptions, Trouble, Video, Videos, not_looked_up, trouble_of
from bot.providers.unpacking import CODINGS, Body
from bot.providers.video_facts import described_chapters, iso_duration, line, text

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
"""Of an answer; one about a single video takes some ten thousand."""

LONGEST_LINE = 8_190

CHECK_WITHIN_S = 8.0
CHECKED = "_1f-o0nqpEI"
"""The video that is asked about to see whether the key is taken: the one of the sample."""

QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded"})
HURRIED = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
NOT_FOUND = frozenset({"videoNotFound", "notFound"})
NOT_YET = {"live": Trouble.LIVE, "upcoming": Trouble.UPCOMING}


class YoutubeData(Videos):
    """Asks ``videos.list``, which costs one unit of the 10,000 that a key has a day."""

    def __init__(self, settings: YoutubeSettings) -> None:
        if not (settings.api_key.isascii() and settings.api_key.isprintable()):
            raise ConfigError("YOUTUBE_API_KEY is not a key: it has other characters than a key.")
        self._url = _endpoint(settings.api_url)
        self._key = settings.api_key

    async def look_up(self, video_id: str, *, within_s: float) -> Video:
        """Return a video without captions; raise NotLookedUp."""
        if not is_video_id(video_id):
            raise not_looked_up(Trouble.NO_ID)
        try:
            async with asyncio.timeout(within_s):
                return _video(video_id, await self._ask(video_id))
        except TimeoutError:
            raise not_looked_up(Trouble.SLOW) from None
        except NotFetched:
            # Too long, or packed in a way that nobody asked for.
            raise not_looked_up(Trouble.UNREADABLE) from None
        except (aiohttp.ClientError, OSError) as error:
            log.info("YouTube's API was not reached: %s", type(error).__name__)
            raise not_looked_up(_of_network(error)) from None

    async def check(self) -> str:
        """Return that the key is taken."""
        try:
            await self.look_up(CHECKED, within_s=CHECK_WITHIN_S)
        except NotLookedUp as error:
            trouble = trouble_of(error)
            if trouble is Trouble.KEY:
                raise ConfigError(error.sentence) from None
            if trouble is not Trouble.NO_VIDEO:
                raise
        return "the Data API takes YOUTUBE_API_KEY; titles, descriptions and chapters come by it"

    async def close(self) -> None:
        """Hold nothing."""

    async def _ask(self, video_id: str) -> bytes:
        """Return the body of an answer; raise NotLookedUp for a refusal."""
        headers = {
            "User-Agent": f"Segue/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": CODINGS,
            # In the address it would stand in the logs of every proxy.
            "x-goog-api-key": self._key,
        }
        url = self._url.with_query({"part": "snippet,contentDetails", "id": video_id})
        async with (
            aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None),
                max_line_size=LONGEST_LINE,
                max_field_size=LONGEST_LINE,
            ) as session,
            session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            body = await _body(answer)
            if answer.status != 200:
                raise not_looked_up(_of_refusal(answer.status, body))
            return body


def _endpoint(api_url: str) -> URL:
    try:
        url = URL(api_url.strip().rstrip("/") + "/videos")
    except ValueError:
        url = URL()
    if url.scheme not in {"http", "https"} or not url.host or url.query_string:
        raise ConfigError("youtube.api_url is not an address that begins with https://.")
    return url


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = Body(",".join(answer.headers.getall("Content-Encoding", [])), MOST_BYTES)
    async for chunk in answer.content.iter_any():
        body.take(chunk)
    return body.whole()


def _of_network(error: Exception) -> Trouble:
    unreadable = isinstance(error, aiohttp.ClientResponseError | aiohttp.InvalidURL)
    return Trouble.UNREADABLE if unreadable else Trouble.UNREACHED


def _of_refusal(status: int, body: bytes) -> Trouble:
    """Return what a status other than 200 means."""
    reasons = _reasons(body)
    log.warning("YouTube's API answered %d: %s", status, " ".join(sorted(reasons)) or "no reason")
    if reasons & QUOTA:
        return Trouble.QUOTA
    if status in {408, 429} or status >= 500 or reasons & HURRIED:
        return Trouble.UNREACHED
    if reasons & NOT_FOUND:
        return Trouble.NO_VIDEO
    # Without a reason it is no answer of the API's, but of something that stands before it.
    return Trouble.KEY if status in {400, 401, 403} and reasons else Trouble.UNREADABLE


def _reasons(body: bytes) -> set[str]:
    """Return the words by which a refusal names its reasons."""
    fields = _object(_object(_parsed(body)).get("error"))
    errors, details, error_status = map(fields.get, ("errors", "details", "status"))
    named = [
        _object(each).get("reason")
        for listed in (errors, details)
        for each in (listed if isinstance(listed, list) else [])[:10]
    ]
    words = [word for word in (*named, error_status) if isinstance(word, str)]
    return {word for word in words if len(word) < 60 and word.isascii() and word.isidentifier()}


def _video(video_id: str, body: bytes) -> Video:
    """Return the one video of an answer."""
    items = _object(_parsed(body)).get("items")
    if not isinstance(items, list) or len(items) > 1:
        raise not_looked_up(Trouble.UNREADABLE)
    if not items:
        raise not_looked_up(Trouble.NO_VIDEO)
    item = _object(items[0])
    snippet, details = _object(item.get("snippet")), _object(item.get("contentDetails"))
    title = line(snippet.get("title"))
    if item.get("id") != video_id or not title:
        raise not_looked_up(Trouble.UNREADABLE)
    state = snippet.get("liveBroadcastContent")
    if isinstance(state, str) and state in NOT_YET:
        raise not_looked_up(NOT_YET[state])
    description, duration = text(snippet.get("description")), iso_duration(details.get("duration"))
    return Video(
        id=video_id,
        title=title,
        channel=line(snippet.get("channelTitle")),
        description=description,
        duration=duration,
        chapters=described_chapters(description, duration),
        no_captions=NoCaptions.API,
    )


def _parsed(body: bytes) -> object:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
