"""Lists of chapters as people write them."""

from __future__ import annotations

import pytest

from bot.core.errors import BadDocument
from bot.core.transcript import Chapter
from bot.ingest.chapter_lists import read_chapters, youtube_would_show

VIDEO = "https://youtu.be/abcdefghijk"


def _read(text: str) -> list[tuple[int, str]]:
    return [(chapter.start_ms // 1_000, chapter.title) for chapter in read_chapters(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(00:00) Intro\n(01:30) The talk\n(1:02:03) End", id="round brackets"),
        pytest.param("[0:00] Intro\n[1:30] The talk\n[1:02:03] End", id="square brackets"),
        pytest.param("0:00 - Intro\n1:30 – The talk\n1:02:03 — End", id="dashes"),
        pytest.param("00:00 Intro\n01:30 The talk\n01:02:03 End", id="zeros in front"),
        pytest.param("00:00:00 Intro\n00:01:30 The talk\n01:02:03 End", id="hours throughout"),
        pytest.param("Intro 0:00\nThe talk 1:30\nEnd 1:02:03", id="times behind"),
        pytest.param("Intro (0:00)\nThe talk - 1:30\nEnd: [1:02:03]", id="marked times behind"),
        pytest.param("• 0:00 Intro\n– 1:30 The talk\n* 1:02:03 End", id="bullets"),
        pytest.param("1. 0:00 Intro\n2) 1:30 The talk\n03 - 1:02:03 End", id="numbers"),
        pytest.param("0:00 | Intro\n1:30 | The talk\n1:02:03 | End", id="bars"),
        pytest.param("| 0:00 | Intro |\n|1:30|The talk|\n| 1:02:03 | End |", id="a table"),
        pytest.param("0：00　Intro\n1：30　The talk\n1：02：03　End", id="full-width colons"),
        pytest.param("0:00\tIntro\n1:30\tThe talk\n1:02:03\tEnd", id="tabs"),
        pytest.param("⏱️ 0:00 Intro\n🎙 1:30 The talk\n👉1:02:03 End", id="emoji in front"),
        pytest.param("0:00 = Intro\r\n1:30 → The talk\r\n1:02:03 ~ End", id="odd separators"),
        pytest.param("**0:00** Intro\n**1:30** The *talk*\n**1:02:03** `End`", id="markup"),
        pytest.param("0:00-1:30 Intro\n1:30 – 9:00 The talk\n1:02:03 to 1:03:00 End", id="ranges"),
        pytest.param("Intro\n0:00\nThe talk\n1:30\nEnd\n1:02:03", id="a player's own list"),
        pytest.param("0:00\nIntro\n\n1:30\nThe talk\n\n1:02:03\nEnd", id="times above"),
        pytest.param("٠:٠٠ Intro\n١:٣٠ The talk\n١:٠٢:٠٣ End", id="Arabic digits"),
        pytest.param("<p>0:00 Intro<br>1:30 The talk<br/>1:02:03 End</p>", id="breaks of HTML"),
        pytest.param("<ul><li>0:00 Intro<li>1:30 The talk</li><li>1:02:03 End</ul>", id="items"),
        pytest.param(
            "<p>0:00 Intro</p>\n<p>1:30&nbsp;The talk</p>\n<p>1:02:03 End", id="paragraphs"
        ),
        pytest.param("<p>0:00 Intro\n1:30 The talk\n1:02:03 End</p>", id="lines within HTML"),
        pytest.param(
            f"[0:00]({VIDEO}?t=0) Intro\n[1:30]({VIDEO}?t=90) The talk\n"
            f"[1:02:03]({VIDEO}?t=3723) End",
            id="linked times",
        ),
        pytest.param(
            f'<a href="{VIDEO}?t=0">0:00</a> Intro<br><a href="{VIDEO}?t=90">1:30</a> The talk'
            f'<br><a href="{VIDEO}?t=3723">1:02:03</a> End',
            id="times linked in HTML",
        ),
        pytest.param("1:02:03 End\n1:30 The talk\n0:00 Intro", id="backwards throughout"),
        pytest.param("0:00 Intro\n1:30 The talk\n1:30 The talk\n1:02:03 End", id="one line twice"),
    ],
)
def test_a_list_in_any_dress_has_its_times_and_titles(text: str):
    assert _read(text) == [(0, "Intro"), (90, "The talk"), (3723, "End")]


def test_titles_that_take_turns_with_their_times_are_plain_too():
    lines = ["0:00", "R&amp;D **now**", "1:30", "The\x0e  [talk](https://example.org/talk)"]
    assert [(each.title, each.url) for each in read_chapters("\n".join(lines))] == [
        ("R&D now", ""),
        ("The talk", "https://example.org/talk"),
    ]


def test_a_line_too_long_for_a_chapter_names_none():
    long = f"0:30 The\x0e <b>{' x' * 3_000}"
    assert _read(f"0:00 A\n{long}\n1:00 B\n2:00 C") == [(0, "A"), (60, "B"), (120, "C")]


def test_a_description_gives_the_longest_of_its_lists():
    text = (
        "We talk live at 9:00 every Monday.\n10:30 AM is the rerun\n\nOUTLINE\n0:00 Intro\n"
        "Where we say hello,\nand more.\n\n5:00 Guests\n1:05:00 Farewell\n\n"
        "ESPAÑOL\n0:00 Inicio\n5:00 Invitados\n\nCall 24:00 if you like\nhttps://example.org/1:00"
    )
    assert _read(text) == [(0, "Intro"), (300, "Guests"), (3900, "Farewell")]


def test_a_title_keeps_what_is_its_own():
    text = "0:00 🎙 R&amp;D: C++ (part 1)\n1:00 .NET vs List<int>\n2:00 «Was?» – ja\n3:00 #1 at 4:5"
    assert [title for _, title in _read(text)] == [
        "🎙 R&D: C++ (part 1)", ".NET vs List<int>", "«Was?» – ja", "#1 at 4:5",
    ]  # fmt: skip


def test_what_follows_a_list_within_html_is_no_part_of_its_last_title():
    assert _read("<p>Hi</p>0:00 Intro\n1:00 End\nFollow us") == [(0, "Intro"), (60, "End")]


def test_german_titles_that_begin_like_a_time_of_day_are_titles():
    assert _read("0:00 Am Anfang\n5:00 Et maintenant") == [(0, "Am Anfang"), (300, "Et maintenant")]


def test_parts_of_seconds_links_and_ends_are_kept():
    text = "00:00:00.250 Intro\n00:01:02.5 Site <https://example.org/a>\n2:00-3:00 Guests"
    assert read_chapters(text) == (
        Chapter(250, "Intro"),
        Chapter(62_500, "Site", url="https://example.org/a"),
        Chapter(120_000, "Guests", 180_000),
    )


def test_hours_and_minutes_among_sure_times_are_read_as_such():
    text = "58:00 A\n1:02:03 B\n1:15 C\n1:20:00 D"
    assert _read(text) == [(3480, "A"), (3723, "B"), (4500, "C"), (4800, "D")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We meet at 5:00 for tea.",
        "0:00 Intro",
        "John 3:16\nGenesis 1:10\nMark 2:12",
        "Some song 3:45\nAnother 4:10\nThe last 5:00",
        "At 4:3 and 16:9 it looks the same\n21:9 too",
        "9:00 AM doors\n10:00 AM talk\n11:30 AM end",
        "19:00 Uhr Einlass\n20:00 Uhr Beginn",
        "0:00\n1:00\n2:00",
        "0:00 ---\n1:00 ...\n2:00 •",
        "00:00:00:00 A\n00:00:10:00 B",
    ],
)
def test_what_is_no_list_is_said_to_be_none(text: str):
    with pytest.raises(BadDocument, match="no list of chapters"):
        read_chapters(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0:00 A\n21:30 B\n15:00 C\n20:00 D", "Line 3: 15:00 comes after 21:30 of line 2"),
        ("0:00 A\nhm\n21:30 B\nhm\n15:00 C\nhm\n20:00 D", "Line 5: 15:00 comes after 21:30"),
        ("0:00 A\n5:00 B\n\n5:00 C", "Line 4: 5:00 is the time of line 2 already"),
        ("0:00 A\n9:99 B\n11:00 C", "Line 2: 9:99 is no time I can read"),
        ("0:00 A\n5:00 B\n100:00:00 C", "Line 3: 100:00:00 is no time I can read"),
        ("0:00 A\n5:00-4:00 B\n11:00 C", "Line 2: 5:00 is no time I can read"),
        ("0:00 A\n1:00 B\n" * 3 + "x" * 1_000_000, "longer than a million"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused_with_its_line(text: str, sentence: str):
    with pytest.raises(BadDocument) as caught:
        read_chapters(text)
    assert sentence in caught.value.sentence


def test_too_many_chapters_are_refused():
    lines = "\n".join(f"{at // 60}:{at % 60:02} T{at}" for at in range(5_001))
    with pytest.raises(BadDocument, match="more than 5,000 chapters"):
        read_chapters(lines)


@pytest.mark.parametrize(
    ("starts", "shown"),
    [
        ([0, 10, 20], True),
        ([0, 60], False),
        ([5, 60, 120], False),
        ([0, 9, 60], False),
        ([0, 60, 60], False),
        ([], False),
    ],
)
def test_youtubes_own_rules_are_told_apart(starts: list[int], shown: bool):
    assert youtube_would_show([Chapter(at * 1_000, "T") for at in starts]) is shown


def test_a_last_chapter_that_ends_too_soon_is_not_shown_by_youtube():
    chapters = [Chapter(0, "A"), Chapter(10_000, "B"), Chapter(20_000, "C", 25_000)]
    assert not youtube_would_show(chapters)
