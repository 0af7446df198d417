"""``/add`` of a video: what YouTube tells of it, or the other ways where it tells nothing."""

from dataclasses import replace

import pytest

from bot.core.timecode import Timecode
from bot.core.transcript import Chapter
from bot.core.videos import Captions, NoCaptions, Trouble, Video
from bot.services.dispatch import Dispatcher
from bot.services.import_worker import ImportWorker
from tests.fakes.core import GUILD, UNLIMITED
from tests.fakes.imports import ADMIN, LIST, VTT
from tests.fakes.videos import FakeVideos

IDENT = "aaaaaaaaaaa"
LINK = f"https://www.youtube.com/watch?v={IDENT}"
CHAPTERS = (Chapter(0, "Zebras", 300_500), Chapter(300_500, "Okapis"))


@pytest.fixture
def videos(core):
    core.ports = replace(core.ports, videos=FakeVideos())
    core.dispatch = Dispatcher(core.ports, UNLIMITED)
    return core.ports.videos


def video(**changes):
    told = Video(
        IDENT, "A talk", "A channel", duration=Timecode(900), chapters=CHAPTERS,
        captions=Captions(VTT, "text/vtt", "en"),
    )  # fmt: skip
    return replace(told, **changes)


async def test_video_brings_its_title_chapters_and_captions(core, videos):
    videos.known[IDENT] = video()
    reply = await core.ask(f"/add {LINK}", user=ADMIN)
    assert (reply.title, reply.text) == (
        "A talk",
        "A channel · 15:00 long\n2 chapters.\n1 sentence of what is said, up to 0:03.",
    )
    await core.press("Add silently", user=ADMIN)
    await ImportWorker(core.ports).round()
    episode = await core.store.episode_of_media(GUILD, f"youtube:{IDENT}")
    assert (episode.tenant, episode.title, episode.show) == (GUILD, "A talk", "A channel")
    assert (episode.duration, episode.chapter_count) == (Timecode(900), 2)
    assert (await core.store.transcript(GUILD, episode.id)).sentence_count == 1
    assert videos.asked == [IDENT]


async def test_video_without_captions_brings_its_chapters(core, videos):
    videos.known[IDENT] = video(captions=None, no_captions=NoCaptions.API)
    reply = await core.ask(f"/add {LINK}", user=ADMIN)
    assert reply.text == "A channel · 15:00 long\n2 chapters."
    assert reply.remarks == (NoCaptions.API,)


@pytest.mark.parametrize(
    "captions",
    [
        b"WEBVTT\n\n00:01.000 --> 00:61.000\nnot a time\n",
        b"WEBVTT\n",
        b'{"events": [',
        b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "No captions"}]}',
        b"<rss><channel><title>A feed</title></channel></rss>",
    ],
)
async def test_video_whose_captions_cannot_be_read_brings_its_chapters(core, videos, captions):
    videos.known[IDENT] = video(captions=Captions(captions, "text/vtt", "en"))
    reply = await core.ask(f"/add {LINK}", user=ADMIN)
    assert (reply.title, reply.text) == ("A talk", "A channel · 15:00 long\n2 chapters.")
    assert reply.remarks == (NoCaptions.UNREADABLE,)
    await core.press("Add silently", user=ADMIN)
    await ImportWorker(core.ports).round()
    episode = await core.store.episode_of_media(GUILD, f"youtube:{IDENT}")
    assert (episode.title, episode.chapter_count) == ("A talk", 2)


async def test_video_of_nothing_but_captions_that_cannot_be_read_is_a_sentence(core, videos):
    videos.known[IDENT] = video(captions=Captions(b"WEBVTT", "text/vtt", "en"), chapters=())
    reply = await core.ask(f"/add {LINK}", user=ADMIN)
    assert reply.text == f"{NoCaptions.UNREADABLE} It has no chapters either. Nothing was changed."
    assert await core.store.job_counts() == {}


async def test_video_with_nothing_in_it_is_a_sentence(core, videos):
    videos.known[IDENT] = video(captions=None, chapters=())
    reply = await core.ask(f"/add {LINK}", user=ADMIN)
    assert reply.text.startswith("That video has no captions. It has no chapters either.")
    assert await core.store.job_counts() == {}


@pytest.mark.parametrize("trouble", [Trouble.BLOCKED, Trouble.OFF, Trouble.NO_VIDEO])
async def test_video_that_is_not_looked_up_is_the_sentence_of_why(core, videos, trouble):
    videos.known[IDENT] = trouble
    reply = await core.ask(f"/add {LINK}", user=ADMIN)
    assert (reply.text, reply.buttons) == (trouble, ())


async def test_video_is_not_looked_up_where_something_of_it_was_given(core, videos):
    reply = await core.ask(f"/add {LINK} A talk\n{LIST}", user=ADMIN)
    assert reply.text == "3 chapters."
    assert videos.asked == []
