"""What an item of a feed brings: its own recording, and the transcript that is read best."""

import pytest

from bot.ingest.feed_plans import NO_RECORDING, NOTHING_TIMED, plans_of
from bot.ingest.feeds import Feed, FeedItem, TranscriptLink

AUDIO = "https://pod.example/1.mp3"
VIDEO = "https://youtu.be/aaaaaaaaaaa"


def plan(language="", **fields):
    item = FeedItem(**{"guid": "g", "title": "One", "media_url": AUDIO, **fields})
    return plans_of(Feed("A Show", "", (item,), language))[0]


def links(*kinds):
    return tuple(TranscriptLink(f"https://t.example/{n}", *kind) for n, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, f"url:{AUDIO}"),
        ({"youtube_url": VIDEO}, f"url:{AUDIO}"),
        ({"media_url": "", "youtube_url": VIDEO}, "youtube:aaaaaaaaaaa"),
        ({"media_url": "https://www.youtube.com/v/aaaaaaaaaaa"}, "youtube:aaaaaaaaaaa"),
        ({"media_url": ""}, ""),
    ],
)
def test_recording_is_the_items_file_or_else_the_video_it_links(fields, key):
    assert plan(**fields).media_key == key


def test_item_without_times_or_recording_says_so():
    assert plan().reason == NOTHING_TIMED
    assert plan(media_url="").reason == NO_RECORDING
    assert plan(chapters_url="https://c").reason == ""
    assert plan(transcripts=links(("text/html",))).reason == NOTHING_TIMED


def test_best_type_of_the_feeds_language_comes_first():
    offered = links(
        ("text/html", "en"), ("application/json", "en"), ("text/vtt", "de"), ("text/vtt", "en-US"),
        ("text/plain", ""),
    )  # fmt: skip
    chosen = plan("en", transcripts=offered).transcripts
    assert [one.url[-1] for one in chosen] == ["3", "1", "4"]
    chosen = plan("de", transcripts=offered).transcripts
    assert chosen[0].url[-1] == "2"


def test_ending_tells_where_the_type_does_not():
    link = TranscriptLink("https://t.example/talk.VTT?x=1", "text/plain")
    assert plan(transcripts=(link,)).transcripts[0].media_type == "text/vtt"


@pytest.mark.parametrize("length", [None, 0, 10**9])
def test_length_beyond_belief_is_none(length):
    assert plan(duration_s=length).duration_s is None
