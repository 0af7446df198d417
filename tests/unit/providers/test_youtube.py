"""Which way a video is looked up by, and what becomes of it where one of them fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.errors import ConfigError, NotLookedUp
from bot.core.settings import YoutubeSettings
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter
from bot.core.videos import OF_WAY, Captions, NoCaptions, Trouble, Video, Videos, not_looked_up
from bot.providers import open_videos
from bot.providers import youtube as module
from bot.providers.youtube import BothWays
from bot.providers.youtube_data import YoutubeData
from bot.providers.youtube_ytdlp import YtDlp

VIDEO = "abcdefghi-_"
BY_API = Video(VIDEO, "By the API", "Channel", "About.", no_captions=NoCaptions.API)
BY_PAGES = Video(
    VIDEO,
    "By its pages",
    "Another",
    duration=Timecode(60),
    chapters=(Chapter(0, "Page"),),
    captions=Captions(b"WEBVTT", "text/vtt", "en"),
    no_captions="",
)


class Way(Videos):
    """Gives a video, or fails; ``patience`` is what it was last given."""

    def __init__(self, outcome: Video | Trouble) -> None:
        self.outcome = outcome
        self.patience = 0.0
        self.closed = False

    async def look_up(self, video_id: str, *, within_s: float) -> Video:
        self.patience = within_s
        if isinstance(self.outcome, Trouble):
            raise not_looked_up(self.outcome)
        return self.outcome

    async def check(self) -> str:
        return f"checked {type(self.outcome).__name__}"

    async def close(self) -> None:
        self.closed = True


async def asked(data: Video | Trouble, pages: Video | Trouble) -> Video | str:
    try:
        return await BothWays(Way(data), Way(pages)).look_up(VIDEO, within_s=10.0)
    except NotLookedUp as error:
        return error.sentence


async def test_api_tells_what_it_knows_and_the_pages_give_the_rest() -> None:
    assert await asked(BY_API, BY_PAGES) == replace(
        BY_API,
        duration=BY_PAGES.duration,
        chapters=BY_PAGES.chapters,
        captions=BY_PAGES.captions,
        no_captions="",
    )
    own = replace(BY_API, duration=Timecode(61), chapters=(Chapter(0, "Own"),))
    found = await asked(own, BY_PAGES)
    assert isinstance(found, Video)
    assert (found.duration, found.chapters) == (own.duration, own.chapters)


@pytest.mark.parametrize("trouble", list(Trouble))
async def test_what_the_api_knows_stays_whatever_the_pages_come_to(trouble: Trouble) -> None:
    found = await asked(BY_API, trouble)
    blocked = trouble is Trouble.BLOCKED
    said = NoCaptions.BLOCKED if blocked else NoCaptions.UNKNOWN
    assert found == replace(BY_API, no_captions=said)


@pytest.mark.parametrize("trouble", list(Trouble))
async def test_pages_are_asked_for_all_only_where_the_api_says_nothing_of_the_video(
    trouble: Trouble,
) -> None:
    assert await asked(trouble, BY_PAGES) == (BY_PAGES if trouble in OF_WAY else trouble)


async def test_where_both_fail_what_is_said_of_the_video_counts_before_what_the_api_says() -> None:
    assert await asked(Trouble.QUOTA, Trouble.BLOCKED) == Trouble.QUOTA
    assert await asked(Trouble.QUOTA, Trouble.PRIVATE) == Trouble.PRIVATE


async def test_both_ways_share_the_time_and_are_closed_together() -> None:
    data, pages = Way(Trouble.SLOW), Way(BY_PAGES)
    both = BothWays(data, pages)
    await both.look_up(VIDEO, within_s=10.0)
    assert data.patience == 5.0
    assert 9.0 < pages.patience <= 10.0
    assert await both.check() == "checked Trouble; checked Video"
    await both.close()
    assert data.closed
    assert pages.closed


@pytest.mark.parametrize(
    ("settings", "installed", "kind"),
    [
        (YoutubeSettings(api_key="k"), True, BothWays),
        (YoutubeSettings(api_key="k"), False, YoutubeData),
        (YoutubeSettings(), True, YtDlp),
    ],
)
async def test_ways_are_those_that_are_set_and_installed(
    monkeypatch: pytest.MonkeyPatch,
    settings: YoutubeSettings,
    installed: bool,
    kind: type[Videos],
) -> None:
    monkeypatch.setattr(module, "is_installed", lambda: installed)
    videos = open_videos(settings)
    assert type(videos) is kind
    await videos.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (YoutubeSettings(), ["as a file", "YOUTUBE_API_KEY", "yt-dlp (the extra youtube)"]),
        (YoutubeSettings(api_key="k", look_up="off"), ["not look videos up", "as a file"]),
    ],
)
async def test_without_a_way_the_sentence_names_what_there_is_instead(
    monkeypatch: pytest.MonkeyPatch, settings: YoutubeSettings, words: list[str]
) -> None:
    monkeypatch.setattr(module, "is_installed", lambda: False)
    videos = open_videos(settings)
    with pytest.raises(NotLookedUp) as told:
        await videos.look_up(VIDEO, within_s=5.0)
    assert [word for word in words if word not in told.value.sentence] == []
    assert not told.value.passing
    assert "no video is looked up" in await videos.check()
    await videos.close()


def test_way_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="auto or off"):
        open_videos(YoutubeSettings(look_up="on"))


def test_every_trouble_is_a_sentence_that_is_no_other() -> None:
    sentences = [*Trouble, *NoCaptions]
    assert len(set(sentences)) == len(sentences)
    assert all(each.endswith(".") for each in sentences)
    assert Trouble.BLOCKED == (
        "YouTube does not let this server look. Give me the transcript or chapter list as a file, "
        "or set YOUTUBE_API_KEY for title and chapters."
    )
