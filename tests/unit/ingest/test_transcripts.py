"""One reader for all: what a document holds tells what it is."""

from __future__ import annotations

import pytest

from bot.core.errors import BadDocument
from bot.core.transcript import Cue
from bot.ingest.transcripts import read_transcript
from tests.unit.ingest import written

_CUES = (Cue(1_000, 2_000, "one two"), Cue(2_000, 3_000, "three four"))


@pytest.mark.parametrize(
    "write",
    [written.webvtt, written.subrip, written.podcast_json, written.json3, written.timed_episode],
)
@pytest.mark.parametrize(("name", "media_type"), [("", ""), ("a.html", "text/html"), ("a.txt", "")])
def test_read_document_of_any_kind_whatever_it_is_called(write, name: str, media_type: str):
    document = write(_CUES)
    for form in (document, document.encode(), document.encode("utf-16"), f"\ufeff\n{document}"):
        assert read_transcript(form, name, media_type).cues == _CUES


def test_read_times_with_a_point_but_without_the_header_is_read_as_subrip():
    assert read_transcript(written.webvtt(_CUES, head=""), "a.vtt").cues == _CUES


@pytest.mark.parametrize(
    ("document", "name", "media_type", "sentence"),
    [
        ("said\n", "https://x.org/a.vtt?b=c", "", "A WebVTT file begins with WEBVTT."),
        ("said\n", "", "text/vtt; charset=utf-8", "A WebVTT file begins with WEBVTT."),
        ("said\n", "a.json", "", "This is not JSON."),
        ("said\n", "A.SRT", "", "There are no times in this transcript."),
        ("said\n", "", "application/x-subrip", "There are no times in this transcript."),
        ("<p>0:01 said</p>", "", "", "A web page has no times that can be relied on."),
        ("said\n", "", "text/html", "A web page has no times that can be relied on."),
        ("<?xml version='1.0'?><tt/>", "", "", "A web page has no times that can be relied on."),
        ("[Music] said at 0:01 -> so\n", "a.txt", "text/plain", "Plain text has no times."),
        ("\0\0a", "", "", "This is not text: save it as UTF-8."),
        (b"\xe9t\xe9", "", "", "Line 1: This is not UTF-8 text: save it as UTF-8."),
    ],
)
def test_read_what_has_no_times_is_refused_with_what_to_do(
    document: str, name: str, media_type: str, sentence: str
):
    with pytest.raises(BadDocument) as refusal:
        read_transcript(document, name, media_type)
    assert refusal.value.sentence.startswith(sentence)
