"""Chapters files of Podcasting 2.0, as the specification and as real files have them."""

from __future__ import annotations

import json

import pytest

from bot.core.errors import BadDocument
from bot.core.transcript import Chapter
from bot.ingest.json_chapters import read_json_chapters


def _file(*chapters: object) -> str:
    return json.dumps({"version": "1.2.0", "chapters": chapters})


def test_the_specifications_own_example_is_read():
    document = _file(
        {"startTime": 0, "title": "Intro"},
        {"startTime": 168.25, "title": "Hearing aids", "img": "https://example.org/a.jpg"},
        {"startTime": 260, "url": "https://example.org/x", "title": "Progress", "endTime": 300.5},
        {"startTime": 410, "toc": False, "title": "Silent", "location": {"name": "Here"}},
    )
    assert read_json_chapters(document) == (
        Chapter(0, "Intro"),
        Chapter(168_250, "Hearing aids"),
        Chapter(260_000, "Progress", 300_500, "https://example.org/x"),
        Chapter(410_000, "Silent", silent=True),
    )


def test_a_real_files_slips_are_mended():
    document = _file(
        {"startTime": "90.5", "title": " Two\nlines &amp; <b>more</b> ", "toc": "false"},
        {"startTime": "00:00:05", "title": "One", "endTime": 2, "url": "javascript:alert(1)"},
        {"startTime": 100, "title": None, "img": "https://example.org/a.jpg"},
        {"startTime": 110},
        {"startTime": "00:00:05", "title": "One", "endTime": "soon", "url": 5},
    )
    assert read_json_chapters(document) == (
        Chapter(5_000, "One"),
        Chapter(90_500, "Two lines & more", silent=True),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le"])
def test_bytes_of_any_unicode_are_read(encoding: str):
    document = '[{"startTime": 1, "title": "é\\ud800"}]'.encode(encoding)
    assert read_json_chapters(document) == (Chapter(1_000, "é?"),)


@pytest.mark.parametrize("start", [-1, 360_000, 1e400, True, None, "later", "1:99", [], "9" * 5000])
def test_a_start_that_cannot_be_read_is_refused_with_its_chapter(start: object):
    with pytest.raises(BadDocument, match="Chapter 2 of this file has no start"):
        read_json_chapters(
            _file({"startTime": 0, "title": "A"}, {"startTime": start, "title": "B"})
        )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("", "no valid JSON"),
        ("{\n\n", "Line 3: This is no valid JSON"),
        ("[" * 100_000, "no valid JSON"),
        ('{"chapters": [{"startTime": ' + "9" * 5_000 + "}]}", "no valid JSON"),
        (b"\xff\xfe\xfa", "no valid JSON"),
        ("3", "no list of chapters"),
        ('{"chapters": {}}', "no list of chapters"),
        ('{"version": "1.2.0"}', "no list of chapters"),
        ('["A"]', "Chapter 1 of this file is not written as one"),
        ("[" + ",".join(["{}"] * 5_001) + "]", "more than 5,000 chapters"),
        (" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_chapters_file_is_refused(document: str | bytes, sentence: str):
    with pytest.raises(BadDocument) as caught:
        read_json_chapters(document)
    assert sentence in caught.value.sentence


def test_an_empty_list_has_no_chapters():
    assert read_json_chapters(_file()) == ()
