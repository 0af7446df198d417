"""A document of any kind is told by what it holds, and read by the reader of its kind."""

import json

import pytest

from bot.core.errors import BadDocument
from bot.ingest.sources import Kind, read_source
from bot.sample import sample_document

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nHello there.\n"
PODCAST = '{"version": "1.0.0", "segments": [{"startTime": 1, "endTime": 2, "body": "Hello."}]}'
JSON3 = '{"events": [{"tStartMs": 0, "dDurationMs": 900, "segs": [{"utf8": "Hello."}]}]}'
CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Intro"}]}'
LIST = "My talk\n\n0:00 Intro\n1:00 - Caches\n2:03:04 Sponsor: Acme\n"
EPISODE = json.dumps(
    {
        "id": "t1",
        "show": "Talks",
        "title": "On caches",
        "video": "'https://youtu.be/aaaaaaaaaaa'",
        "duration": 90.5,
        "cues": [[0, 1, "Hello."]],
        "chapters": [[0, "Intro"], [30, "Our sponsors"]],
    }
)
RSS = '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>A show</title></channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A show</title></feed>'
TAKEAWAYS = sample_document()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (VTT, Kind.TRANSCRIPT),
        ("\ufeff" + VTT, Kind.TRANSCRIPT),
        (VTT + "\n00:03.000 --> 00:04.000\n--- | a rule\n", Kind.TRANSCRIPT),
        (SRT, Kind.TRANSCRIPT),
        (PODCAST, Kind.TRANSCRIPT),
        (JSON3, Kind.TRANSCRIPT),
        (CHAPTERS, Kind.CHAPTERS),
        ('[{"startTime": 0, "title": "Intro"}]', Kind.CHAPTERS),
        (LIST, Kind.CHAPTERS),
        (EPISODE, Kind.EPISODE),
        (RSS, Kind.FEED),
        (ATOM, Kind.FEED),
        ("<!-- made by hand -->\n" + RSS, Kind.FEED),
        (TAKEAWAYS, Kind.NOTES),
        ("<!-- my notes -->\n" + TAKEAWAYS, Kind.NOTES),
    ],
)
@pytest.mark.parametrize("name", ["", "-", "https://files.example/download?id=7"])
def test_document_tells_its_own_kind(text, kind, name):
    assert read_source(text.encode(), name).kind is kind


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("nothing with a time", "", "I see no list of chapters"),
        ("nothing with a time", "talk.srt", "no times in this transcript"),
        ("nothing with a time", "talk.vtt", "begins with WEBVTT"),
        ("nothing with a time", "notes.md", "."),
        ("nothing with a time", "chapters.json", "not JSON"),
        ("<html><body>0:00 Intro</body></html>", "", "web page"),
        ("<?xml version='1.0'?><opml/>", "", "."),
        ("{", "", "."),
        ("[]", "chapters.json", "."),
        ('{"chapters": []}', "", "no chapter with a title"),
        ("WEBVTT\n\n", "", "."),
        ("", "", "."),
        ("\0\1\2", "", "."),
    ],
)
def test_document_that_nobody_can_read_gets_one_sentence(text, name, sentence):
    with pytest.raises(BadDocument) as refused:
        read_source(text.encode(), name)
    assert sentence in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_episode_brings_its_chapters_with_its_talk():
    source = read_source(EPISODE.encode())
    assert (source.title, source.show, source.media.key) == (
        "On caches",
        "Talks",
        "youtube:aaaaaaaaaaa",
    )
    assert source.names == ("Talks", "t1")
    assert source.duration.seconds == 90
    assert [(one.title, one.sponsor) for one in source.chapters] == [
        ("Intro", False),
        ("Our sponsors", True),
    ]
    assert [sentence.text for sentence in source.sentences] == ["Hello."]


def test_pasted_list_is_chapters_and_its_sponsors_are_marked():
    source = read_source(LIST.encode())
    assert [(one.start_ms, one.title, one.sponsor) for one in source.chapters] == [
        (0, "Intro", False),
        (60_000, "Caches", False),
        (7_384_000, "Sponsor: Acme", True),
    ]
    assert source.media is None


def test_list_whose_times_open_one_recording_is_of_that_one():
    rows = (f"[{m}:00](https://youtu.be/aaaaaaaaaaa?t={m * 60}) Part {m}" for m in range(3))
    assert read_source("\n".join(rows).encode()).media.key == "youtube:aaaaaaaaaaa"
    other = "[9:00](https://youtu.be/bbbbbbbbbbb?t=540) Elsewhere"
    rows = (f"[{m}:00](https://youtu.be/aaaaaaaaaaa?t={m * 60}) Part {m}" for m in range(3))
    assert read_source("\n".join([*rows, other]).encode()).media is None
