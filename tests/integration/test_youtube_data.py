"""Videos by YouTube's Data API: a server on loopback, strict and then as bad as can be."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging

import pytest

from bot.core.errors import ConfigError, NotLookedUp
from bot.core.settings import YoutubeSettings
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter
from bot.core.videos import NoCaptions, Trouble, Video, trouble_of
from bot.providers.youtube_data import CHECKED, MOST_BYTES, YoutubeData
from tests.fakes.web_server import WebServer, pages
from tests.fakes.youtube_server import DataApi
from tests.fakes.youtube_server.data_api import JSON, PATH, item, listed, refused

VIDEO = "abcdefghi-_"
DESCRIPTION = "What we talk about:\n0:00 Begin\n1:05  Caches & more\n1:02:03 End\n\nThanks."


@pytest.fixture
def api(web: WebServer) -> DataApi:
    return DataApi(web)


def opened(api: DataApi, key: str = "") -> YoutubeData:
    return YoutubeData(YoutubeSettings(api_key=key or api.key, api_url=api.url))


async def trouble(api: DataApi, video_id: str = VIDEO, *, within_s: float = 10.0) -> Trouble:
    with pytest.raises(NotLookedUp) as told:
        await opened(api).look_up(video_id, within_s=within_s)
    assert told.value.passing is (told.value.sentence in _PASSING)
    return trouble_of(told.value)


_PASSING = {Trouble.LIVE, Trouble.UPCOMING, Trouble.QUOTA, Trouble.UNREACHED, Trouble.SLOW}


async def test_video_comes_with_its_title_chapters_and_duration_and_says_who_gives_captions(
    api: DataApi, web: WebServer
) -> None:
    api.videos[VIDEO] = {
        "title": " A <talk>\u200b\nby two ",
        "description": DESCRIPTION,
        "duration": "PT1H30M5S",
    }
    found = await opened(api).look_up(VIDEO, within_s=10.0)
    assert found == Video(
        id=VIDEO,
        title="A <talk> by two",
        channel="A channel",
        description=DESCRIPTION.replace("  ", " "),
        duration=Timecode(5_405),
        chapters=(
            Chapter(0, "Begin"),
            Chapter(65_000, "Caches & more"),
            Chapter(3_723_000, "End"),
        ),
        captions=None,
        no_captions=NoCaptions.API,
    )
    assert api.problems == []
    assert [asked.headers["user-agent"] for asked in web.asked] == ["Segue/0.2.0"]


async def test_list_that_goes_beyond_the_end_is_of_another_recording(api: DataApi) -> None:
    api.videos[VIDEO] = {"description": DESCRIPTION, "duration": "PT1H2M3S"}
    assert (await opened(api).look_up(VIDEO, within_s=10.0)).chapters == ()


async def test_packed_answer_is_unpacked(api: DataApi, web: WebServer) -> None:
    body = gzip.compress(json.dumps({"items": [item(VIDEO)]}).encode())
    web.pages[PATH] = pages.packed(body, "gzip")
    assert (await opened(api).look_up(VIDEO, within_s=10.0)).title == "A talk"


async def test_video_that_is_not_there_is_told_from_one_that_has_not_happened(
    api: DataApi, web: WebServer
) -> None:
    assert await trouble(api) is Trouble.NO_VIDEO
    api.videos[VIDEO] = {"liveBroadcastContent": "upcoming", "duration": "P0D"}
    assert await trouble(api) is Trouble.UPCOMING
    api.videos[VIDEO] = {"liveBroadcastContent": "live", "duration": "P0D"}
    assert await trouble(api) is Trouble.LIVE
    web.pages[PATH] = refused("videoNotFound")
    assert await trouble(api) is Trouble.NO_VIDEO


@pytest.mark.parametrize(
    "text", ["", "abc", f"{VIDEO}&key=x", f"{VIDEO}\n", "videoseries", "é" * 11]
)
async def test_what_is_no_id_is_not_asked_about(api: DataApi, web: WebServer, text: str) -> None:
    assert await trouble(api, text) is Trouble.NO_ID
    assert web.asked == []


@pytest.mark.parametrize(
    ("reason", "meant"),
    [
        ("API_KEY_INVALID", Trouble.KEY),
        ("keyInvalid", Trouble.KEY),
        ("accessNotConfigured", Trouble.KEY),
        ("ipRefererBlocked", Trouble.KEY),
        ("quotaExceeded", Trouble.QUOTA),
        ("dailyLimitExceeded", Trouble.QUOTA),
        ("rateLimitExceeded", Trouble.UNREACHED),
        ("backendError", Trouble.UNREACHED),
    ],
)
async def test_refusal_is_told_by_its_reason_and_logged_without_the_key(
    api: DataApi, web: WebServer, caplog: pytest.LogCaptureFixture, reason: str, meant: Trouble
) -> None:
    caplog.set_level(logging.DEBUG)
    web.pages[PATH] = refused(reason)
    assert await trouble(api) is meant
    assert reason in caplog.text
    assert api.key not in caplog.text


BAD_ITEMS: list[object] = [
    item("another-one"),
    item(VIDEO, title=""),
    item(VIDEO, title=None),
    {"id": VIDEO},
    {"id": VIDEO, "snippet": [], "contentDetails": 5},
    "no object",
]


@pytest.mark.parametrize("bad", BAD_ITEMS)
async def test_item_that_is_not_the_video_is_no_answer(
    api: DataApi, web: WebServer, bad: object
) -> None:
    web.pages[PATH] = listed(bad)
    assert await trouble(api) is Trouble.UNREADABLE


@pytest.mark.parametrize(
    ("page", "meant"),
    [
        (pages.answer(b"<html>Sign in</html>"), Trouble.UNREADABLE),
        (pages.answer(b"[]", JSON), Trouble.UNREADABLE),
        (pages.answer(b"{}", JSON), Trouble.UNREADABLE),
        (pages.answer(b"[" * 100_000, JSON), Trouble.UNREADABLE),
        (listed(item(VIDEO), item(VIDEO)), Trouble.UNREADABLE),
        (pages.answer(b"x" * (MOST_BYTES + 1)), Trouble.UNREADABLE),
        (pages.packed(pages.gzip_bomb(50), "gzip"), Trouble.UNREADABLE),
        (pages.packed(b"x", "br"), Trouble.UNREADABLE),
        (pages.answer(b"<html>", status=403), Trouble.UNREADABLE),
        (pages.answer(b"<html>", status=404), Trouble.UNREADABLE),
        (pages.answer(b"<html>", status=502), Trouble.UNREACHED),
        (pages.answer(b"", status=429), Trouble.UNREACHED),
        (refused("backendError", errors=7, details={"reason": []}), Trouble.UNREACHED),
        (pages.raw(b""), Trouble.UNREACHED),
        (pages.raw(b"SSH-2.0-OpenSSH\r\n\r\n"), Trouble.UNREADABLE),
        (pages.raw(pages.head(200, "Content-Length: 100"), b"{"), Trouble.UNREACHED),
    ],
)
async def test_answer_of_something_else_is_a_plain_sentence(
    api: DataApi, web: WebServer, page: pages.Page, meant: Trouble
) -> None:
    web.pages[PATH] = page
    assert await trouble(api) is meant


async def test_redirect_is_not_followed_and_the_key_stays(api: DataApi, web: WebServer) -> None:
    web.pages[PATH] = pages.leading_to(web.url("/elsewhere", host="localhost"))
    assert await trouble(api) is Trouble.UNREADABLE
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "page",
    [
        pages.hanging(),
        pages.hanging(pages.head(200, "Content-Length: 9"), b"{"),
        pages.dripping(start=pages.head(200), drop=b" "),
    ],
)
async def test_slow_answer_is_given_up_and_its_connection_closed(
    api: DataApi, web: WebServer, page: pages.Page
) -> None:
    web.pages[PATH] = page
    assert await trouble(api, within_s=0.3) is Trouble.SLOW
    await web.wait_alone()


async def test_look_up_that_is_cancelled_leaves_no_connection(api: DataApi, web: WebServer) -> None:
    web.pages[PATH] = pages.hanging()
    looking = asyncio.create_task(opened(api).look_up(VIDEO, within_s=60.0))
    await web.wait_asked(1)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await web.wait_alone()


async def test_nobody_there_is_a_trouble_that_passes() -> None:
    settings = YoutubeSettings(api_key="k", api_url="http://127.0.0.1:1/youtube/v3/")
    with pytest.raises(NotLookedUp, match="does not answer") as told:
        await YoutubeData(settings).look_up(VIDEO, within_s=10.0)
    assert told.value.passing


async def test_check_tells_a_bad_key_from_a_server_that_is_down(
    api: DataApi, web: WebServer
) -> None:
    assert "takes YOUTUBE_API_KEY" in await opened(api).check()
    assert f"id={CHECKED}" in web.asked[0].path
    with pytest.raises(ConfigError, match="refuses the key") as told:
        await opened(api, "k3y-bad").check()
    assert "k3y" not in told.value.sentence
    web.pages[PATH] = refused("backendError")
    with pytest.raises(NotLookedUp):
        await opened(api).check()


@pytest.mark.parametrize(
    "settings",
    [
        YoutubeSettings(api_key="k\r\nX: y"),
        YoutubeSettings(api_key="schlüssel"),
        YoutubeSettings(api_key="k", api_url="file:///etc/passwd"),
        YoutubeSettings(api_key="k", api_url="https://"),
        YoutubeSettings(api_key="k", api_url="http://[::1"),
        YoutubeSettings(api_key="k", api_url="https://example.org/?a=b"),
    ],
)
def test_setting_that_cannot_work_is_refused_at_once(settings: YoutubeSettings) -> None:
    with pytest.raises(ConfigError) as told:
        YoutubeData(settings)
    assert "schl" not in told.value.sentence
