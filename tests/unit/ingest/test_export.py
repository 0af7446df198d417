"""Writing documents: plain ones, corrected ones, ones whose store knows more than they do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.catalog import EpisodeDraft, Reference, SegmentDraft
from bot.core.media import Media
from bot.core.timecode import Timecode
from bot.ingest.export import export_takeaways
from bot.ingest.parsed import layout_from_json
from bot.ingest.takeaways import read_takeaways
from tests.unit.ingest.stored import stored_episode

VIDEO = "https://youtu.be/abcdefghijk"
DRAFT = EpisodeDraft(
    title="Talk | C #",
    media=Media("youtube:abcdefghijk", VIDEO),
    segments=(
        SegmentDraft(Timecode(60), "A | *b*", "one\n\ntwo"),
        SegmentDraft(Timecode(7_232), "KV", "", end=Timecode(7_300)),
    ),
    intro="# not a heading\n\n1. nor a list",
    references=(Reference("Video [hd]", VIDEO), Reference("Book", None)),
)
HEAD = f"# T\n\n{VIDEO}\n\n| Time | Topic | Details |\n|---|---|---|\n"


def _read(document: str) -> EpisodeDraft:
    return read_takeaways(document).draft


def _rewritten(document: str, title: str, text: str) -> str:
    """Return the last line of the document's export after its only row was corrected."""
    draft = _read(document)
    return export_takeaways(stored_episode(draft, {0: (title, text)})).splitlines()[-1]


def test_export_without_a_document_writes_a_plain_one():
    assert export_takeaways(stored_episode(DRAFT)) == (
        "# Talk \\| C \\#\n\n"
        "\\# not a heading\n\n1\\. nor a list\n\n"
        "| Timestamp | Topic | Details |\n|---|---|---|\n"
        f"| [1:00]({VIDEO}?t=60) | **A \\| \\*b\\*** | one<br><br>two |\n"
        f"| [2:00:32–2:01:40]({VIDEO}?t=7232) | **KV** |  |\n\n"
        f"## References\n\n- [Video \\[hd\\]]({VIDEO})\n- Book\n"
    )


def test_export_without_a_document_reads_back_the_same():
    again = _read(export_takeaways(stored_episode(DRAFT)))
    assert (again.title, again.intro, again.media) == (DRAFT.title, DRAFT.intro, DRAFT.media)
    assert again.references == DRAFT.references
    for was, now in zip(DRAFT.segments, again.segments, strict=True):
        assert (now.at, now.end, now.title, now.text) == (was.at, was.end, was.title, was.text)


@pytest.mark.parametrize("layout", ["{}", "", "null", "[]", '{"version":9}', '{"version":1}', "x"])
def test_export_with_a_layout_it_cannot_use_writes_a_plain_document(layout: str):
    assert layout_from_json(layout) is None
    draft = replace(_read(HEAD + "| 1:00 | A | b |"), layout=layout)
    assert "| Timestamp | Topic | Details |" in export_takeaways(stored_episode(draft))


def test_export_keeps_a_document_as_it_was_drawn():
    document = (
        "---\na: b\n---\nIntro\n\n# T\n\n Words  \n\n"
        f"  Details|Who | Time\n:--|:-:|--\n*x*  |Ann|[1:00]({VIDEO}?t=59)\nx\\|y | | 2:00  \n\n"
        "Between\n\n| Time |Topic|\n|-|-|\n|3:00|Z|\n\n---\nend"
    )
    assert export_takeaways(stored_episode(_read(document))) == document


def test_export_of_rows_that_came_later_puts_them_below_the_last_table():
    draft = _read(HEAD + "| 1:00 | A | b |\n\nend\n")
    late = SegmentDraft(Timecode(90), "Late | row", "text")
    lines = export_takeaways(stored_episode(replace(draft, segments=(late, *draft.segments))))
    assert lines.splitlines()[6:] == [
        "| 1:00 | A | b |",
        f"| [1:30]({VIDEO}?t=90) | **Late \\| row** | text |",
        "",
        "end",
    ]


def test_export_of_rows_that_went_leaves_them_out():
    draft = _read(HEAD + "| 1:00 | A | b |\n| 2:00 | C | d |")
    lines = export_takeaways(stored_episode(replace(draft, segments=draft.segments[1:])))
    assert lines == HEAD + "| 2:00 | C | d |"


def test_export_of_rows_at_one_second_keeps_their_order():
    document = HEAD + "| 1:00 | A | b |\n| 2:00 | C | d |\n| 1:00 | E | f |"
    draft = _read(document)
    by_time = replace(draft, segments=tuple(sorted(draft.segments, key=lambda each: each.at)))
    assert export_takeaways(stored_episode(by_time)) == document


def test_export_of_a_correction_that_changes_one_word_keeps_the_other_cell():
    row = _rewritten(HEAD + "| 1:00 | *A* | **b** |", "A", "new")
    assert row == "| 1:00 | *A* | new |"
    row = _rewritten(HEAD + "| 1:00 | *A* | **b** |", "New", "b")
    assert row == "| 1:00 | New | **b** |"


def test_export_ignores_words_of_a_segment_that_was_not_corrected():
    draft = _read(HEAD + "| 1:00 | A | b |")
    stored = stored_episode(draft)
    ((each, segment),) = stored.segments
    stale = replace(stored, segments=((each, replace(segment, title="Other")),))
    assert export_takeaways(stale) == HEAD + "| 1:00 | A | b |"


def test_export_of_a_corrected_linked_title_keeps_its_link():
    row = _rewritten(HEAD + f"| 1:00 | [**A**]({VIDEO}?t=60) | b |", "New", "b")
    assert row == f"| 1:00 | [New]({VIDEO}?t=60) | b |"


def test_export_of_corrected_details_keeps_a_title_that_was_borrowed_from_them():
    document = HEAD + "| 1:00 | | some words |"
    row = _rewritten(document, "some words", "others")
    assert row == "| 1:00 | some words | others |"


def test_export_of_a_correction_in_one_column_writes_title_and_details():
    head = f"# T\n\n{VIDEO}\n\n| Time | Notes |\n|---|---|\n"
    row = _rewritten(head + "| 1:00 | old |", "Title", "first\n\nsecond")
    assert row == "| 1:00 | Title<br><br>first<br><br>second |"
    (segment,) = _read(head + row).segments
    assert (segment.title, segment.text) == ("Title", "first\n\nsecond")


def test_export_of_a_correction_without_outer_pipes_gets_them():
    document = f"# T\n\n{VIDEO}\n\nTopic | Time\n---|---\nA | 1:00"
    assert _rewritten(document, "# | B", "") == "| # \\| B | 1:00 |"


def test_export_of_hostile_corrections_stays_one_row():
    text = "\x00<br>|\r\n| 9:00 | x | y |\n\n# h\n```\n<!--\\"
    document = HEAD + "| 1:00 | A | b |"
    stored = stored_episode(_read(document), {0: ("**|`\\", text)})
    (segment,) = _read(export_takeaways(stored)).segments
    assert segment.title == "**|`\\"
    assert segment.text == "<br>|\n\n| 9:00 | x | y |\n\n# h\n\n```\n\n<!--\\"


def test_export_of_a_row_that_came_later_to_one_column_writes_both_there():
    draft = _read(f"# T\n\n{VIDEO}\n\n| Time | Notes |\n|---|---|\n| 1:00 | old |")
    late = SegmentDraft(Timecode(90), "Late", "text")
    lines = export_takeaways(stored_episode(replace(draft, segments=(*draft.segments, late))))
    assert lines.splitlines()[-1] == f"| [1:30]({VIDEO}?t=90) | Late<br><br>text |"
