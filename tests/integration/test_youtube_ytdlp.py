"""Videos by yt-dlp: the real one, in its own process, over TLS, against a YouTube on loopback."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.core.errors import NotLookedUp
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter
from bot.core.videos import Captions, NoCaptions, Trouble, Video, trouble_of
from bot.ingest.transcripts import read_transcript
from bot.providers import youtube_ytdlp
from bot.providers.youtube_ytdlp import CHILD, REST_S, YtDlp
from bot.providers.ytdlp_child import MOST_CAPTIONS
from tests.fakes.youtube_server import Site, Watched, track
from tests.fakes.youtube_server.watched import BOT, TIMED_TEXT, VIDEO

PATIENCE_S = 60.0
HELLO = json.dumps(
    {"events": [{"tStartMs": 0, "dDurationMs": 900, "segs": [{"utf8": "Grüße."}]}]}
).encode()
PAGES = ["/watch", "/youtubei/v1/player"]


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with Site(tmp_path) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running
        assert running.strayed == []


async def looked_up() -> Video:
    return await YtDlp().look_up(VIDEO, within_s=PATIENCE_S)


async def trouble(videos: YtDlp | None = None, *, within_s: float = PATIENCE_S) -> Trouble:
    with pytest.raises(NotLookedUp) as told:
        await (videos or YtDlp()).look_up(VIDEO, within_s=within_s)
    return trouble_of(told.value)


async def test_video_comes_whole_and_no_more_is_asked_for_than_that_takes(site: Site) -> None:
    site.watched = Watched(
        title="A «talk» & more",
        tracks=[track("fr"), track("en", automatic=True)],
        chapters=[(0, "Begin"), (60_500, "Go on"), (1_800_000, "End")],
    )
    site.spoken = {"en.json3": HELLO}
    assert await looked_up() == Video(
        id=VIDEO,
        title="A «talk» & more",
        channel="A channel",
        description="About nothing.",
        duration=Timecode(3_600),
        chapters=(Chapter(0, "Begin"), Chapter(60_500, "Go on"), Chapter(1_800_000, "End")),
        captions=Captions(HELLO, "application/json", "en", automatic=True),
        no_captions="",
    )
    assert site.asked == [*PAGES, TIMED_TEXT]
    assert read_transcript(HELLO).cues[0].text == "Grüße."


async def test_captions_by_people_in_the_spoken_language_are_taken_before_all_others(
    site: Site,
) -> None:
    tracks = [track("de"), track("en", automatic=True), track("en-GB")]
    # A description's own list is read as ours are.
    site.watched = Watched(tracks=tracks, description="0:00 A\n1:00 B")
    site.spoken = {"en-GB.json3": HELLO}
    found = await looked_up()
    assert found.captions == Captions(HELLO, "application/json", "en-GB")
    assert found.chapters == (Chapter(0, "A"), Chapter(60_000, "B"))


async def test_video_without_captions_is_one(site: Site) -> None:
    found = await looked_up()
    assert (found.captions, found.no_captions, found.chapters) == (None, NoCaptions.NONE, ())


@pytest.mark.parametrize(
    ("document", "status", "said"),
    [
        (b" ", 200, NoCaptions.BLOCKED),
        (HELLO, 429, NoCaptions.BLOCKED),
        (HELLO, 500, NoCaptions.KEPT),
        (HELLO, 404, NoCaptions.KEPT),
    ],
)
async def test_captions_that_youtube_keeps_leave_the_rest_of_the_video(
    site: Site, document: bytes, status: int, said: NoCaptions
) -> None:
    site.watched = Watched(tracks=[track("en")])
    site.spoken = {"en.json3": document}
    site.statuses = {TIMED_TEXT: status}
    found = await looked_up()
    assert (found.title, found.captions, found.no_captions) == ("A talk", None, said)


@pytest.mark.parametrize(("size", "come"), [(MOST_CAPTIONS, True), (MOST_CAPTIONS + 1, False)])
async def test_captions_are_taken_up_to_their_bound(site: Site, size: int, come: bool) -> None:
    site.watched = Watched(tracks=[track("en")])
    site.spoken = {"en.json3": b"\n" * (size - len(HELLO)) + HELLO}
    found = await looked_up()
    assert (found.captions is not None) is come
    assert found.no_captions == ("" if come else NoCaptions.KEPT)


async def test_captions_elsewhere_than_on_youtube_are_not_gone_for(site: Site) -> None:
    base = "https://www.youtube.com.example/api?"
    site.watched = Watched(tracks=[track("en", base=base)])
    assert (await looked_up()).no_captions == NoCaptions.KEPT
    assert site.asked == PAGES


def unplayable(reason: str, status: str = "UNPLAYABLE", sub: str = "") -> dict[str, object]:
    error = {"reason": {"simpleText": reason}, "subreason": {"simpleText": sub}}
    told = {"playerErrorMessageRenderer": error}
    return {"status": status, "reason": reason, **({"errorScreen": told} if sub else {})}


COUNTRY = "The uploader has not made this video available in your country"


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (unplayable(BOT, "LOGIN_REQUIRED"), Trouble.BLOCKED),
        (unplayable("Private video", "LOGIN_REQUIRED"), Trouble.PRIVATE),
        (unplayable("Sign in to confirm your age", "AGE_CHECK_REQUIRED"), Trouble.AGE),
        (unplayable("Video unavailable", sub=COUNTRY), Trouble.REGION),
        (unplayable("Something nobody ever saw"), Trouble.UNREADABLE),
    ],
)
async def test_video_that_youtube_does_not_show_is_one_sentence(
    site: Site, status: dict[str, object], meant: Trouble
) -> None:
    site.watched = Watched(status=status)
    assert await trouble() is meant


async def test_blocked_server_names_the_other_ways_and_leaves_youtube_alone_for_a_while(
    site: Site,
) -> None:
    now = 100.0
    videos = YtDlp(monotonic=lambda: now)
    site.watched = Watched(status=unplayable(BOT, "LOGIN_REQUIRED"))
    with pytest.raises(NotLookedUp, match=r"as a file, or set YOUTUBE_API_KEY") as told:
        await videos.look_up(VIDEO, within_s=PATIENCE_S)
    assert not told.value.passing
    asked = len(site.asked)
    now += REST_S - 1
    assert await trouble(videos) is Trouble.BLOCKED
    assert len(site.asked) == asked
    now += 1
    site.watched = Watched()
    assert (await videos.look_up(VIDEO, within_s=PATIENCE_S)).title == "A talk"


async def test_live_video_is_for_later(site: Site) -> None:
    site.watched = Watched(is_live=True)
    assert await trouble() is Trouble.LIVE


@pytest.mark.parametrize(("status", "meant"), [(429, Trouble.BLOCKED), (503, Trouble.UNREACHED)])
async def test_pages_that_are_refused_are_one_sentence(
    site: Site, status: int, meant: Trouble
) -> None:
    site.statuses = dict.fromkeys([*PAGES, "/youtubei/v1/next"], status)
    assert await trouble() is meant


async def test_look_up_that_is_cancelled_leaves_no_process(site: Site) -> None:
    site.hanging = {"/watch"}
    looking = asyncio.create_task(looked_up())
    await site.wait_asked("/watch")
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await site.wait_alone()


async def test_child_whose_parent_is_gone_ends_by_itself(site: Site) -> None:
    site.hanging = {"/watch"}
    # Five seconds are its grace.
    command = (sys.executable, "-P", str(CHILD), VIDEO, "-3")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        await asyncio.wait_for(process.wait(), PATIENCE_S)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    assert process.returncode == -signal.SIGALRM


async def test_machine_without_a_network_gets_a_sentence_that_it_may_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NotLookedUp, match="does not answer") as told:
        await looked_up()
    assert told.value.passing


async def test_one_video_is_asked_about_at_a_time(site: Site) -> None:
    videos = YtDlp()
    site.hanging = {"/watch"}
    first = asyncio.create_task(videos.look_up(VIDEO, within_s=PATIENCE_S))
    await site.wait_asked("/watch")
    assert await trouble(videos, within_s=0.05) is Trouble.SLOW
    assert site.asked == ["/watch"]
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


async def test_check_names_the_version_and_asks_nobody(site: Site) -> None:
    assert (await YtDlp().check()).startswith("yt-dlp 20")
    assert youtube_ytdlp.is_installed()
    assert site.asked == []
