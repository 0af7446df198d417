"""What must hold for documents that nobody wrote by hand."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog import EpisodeDraft
from bot.core.errors import BadDocument
from bot.ingest.export import cell_of, escape, export_takeaways
from bot.ingest.inline_markdown import plain, read_inline
from bot.ingest.takeaways import read_takeaways
from tests.strategies import TakeawayDocument, details, takeaway_documents, words
from tests.unit.ingest.stored import stored_episode

_SHARDS = [
    "|", "||", "\n", "\r", "\n\n", "---", "|---|---|\n", "| Time | Topic |\n", "1:00", "9:99:99",
    "4:08", "[1:00](https://youtu.be/aaaaaaaaaaa?t=60)", "https://youtu.be/bbbbbbbbbbb", "**", "*",
    "_", "`", "``", "~~", "<br>", "<", ">", "<a href='", "<!--", "-->", "&amp;", "&#x0;", "\\", "[",
    "](", ")", "[a]: b", "# ", "## References\n", "- ", "```\n", "---\n", "\0", "\ufeff", "\u200f",
    "\u2028", "é", "🎙", "words and", " ", "\t", "=", "{", "| 1:00 | a |\n", "1:00 | b\n",
]  # fmt: skip

_VIDEO = "https://youtu.be/aaaaaaaaaaa"
_MANGLED = (
    "# T | Show #3\n\nMade by X.\n\n| Time | Topic | Details |\n|---|---|---|\n"
    f"| [1:00]({_VIDEO}?t=60) | **A** | b |\n| [2:00]({_VIDEO}?t=120) | **B** | c `d` |\n"
    f"| 3:00 | C | d<br>e |\n\n## References\n\n- [V]({_VIDEO})\n"
)


@settings(max_examples=30, deadline=None)
@given(takeaway_documents())
def test_read_any_document_gives_its_rows(document: TakeawayDocument):
    markdown, rows, media = document
    draft = read_takeaways(markdown).draft
    assert [(each.at.seconds, each.title, each.text) for each in draft.segments] == rows
    assert draft.media.key == media
    assert all(each.link_at in {None, each.at} for each in draft.segments)


@settings(max_examples=30, deadline=None)
@given(takeaway_documents(max_rows=60))
def test_export_of_any_document_reads_back_the_same(document: TakeawayDocument):
    draft = read_takeaways(document[0]).draft
    again = read_takeaways(export_takeaways(stored_episode(draft)))
    assert again.draft == draft
    assert again.repairs == ()


@settings(max_examples=30, deadline=None)
@given(takeaway_documents(max_rows=12), st.data())
def test_export_of_corrected_segments_reads_back_the_corrections(
    document: TakeawayDocument, data: st.DataObject
):
    draft = read_takeaways(document[0]).draft
    indexes = st.integers(0, len(draft.segments) - 1)
    corrections = {
        index: (f"{data.draw(words())} mended {index}", data.draw(details()))
        for index in data.draw(st.sets(indexes, min_size=1, max_size=4))
    }
    again = read_takeaways(export_takeaways(stored_episode(draft, corrections))).draft
    for index, (was, now) in enumerate(zip(draft.segments, again.segments, strict=True)):
        title, text = corrections.get(index, (was.title, was.text))
        assert (now.at, now.link_at, now.title, now.text) == (was.at, was.link_at, title, text)
        if index not in corrections:
            assert now.cells == was.cells


@settings(max_examples=30, deadline=None)
@given(takeaway_documents(max_rows=12))
def test_export_of_an_episode_without_a_document_reads_back_the_same(document: TakeawayDocument):
    read = read_takeaways(document[0]).draft
    bare = tuple(replace(each, cells=()) for each in read.segments)
    draft = replace(read, segments=bare, layout="{}")
    again = read_takeaways(export_takeaways(stored_episode(draft))).draft
    assert (again.title, again.intro, again.references) == (
        draft.title,
        draft.intro,
        draft.references,
    )
    for was, now in zip(draft.segments, again.segments, strict=True):
        assert (now.at, now.title, now.text) == (was.at, was.title, was.text)
        assert now.link_at == was.at


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(_SHARDS), max_size=60).map("".join)))
def test_read_garbage_raises_nothing_but_bad_document(garbage: str):
    with contextlib.suppress(BadDocument):
        draft = read_takeaways(garbage).draft
        read_takeaways(export_takeaways(stored_episode(draft)))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_export_of_a_document_somebody_mangled_reads_back_what_was_read(data: st.DataObject):
    document = _MANGLED
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(document)))
        gone = data.draw(st.integers(0, 3))
        shard = data.draw(st.sampled_from(["", *_SHARDS]))
        document = document[:place] + shard + document[place + gone :]
    with contextlib.suppress(BadDocument):
        draft = read_takeaways(document).draft
        _assert_reads_back(draft)


def _assert_reads_back(draft: EpisodeDraft) -> None:
    try:
        again = read_takeaways(export_takeaways(stored_episode(draft))).draft
    except BadDocument as error:
        raise AssertionError(f"the export is refused: {error}") from error
    assert (again.title, again.media, again.segments) == (draft.title, draft.media, draft.segments)


@settings(max_examples=100, deadline=None)
@given(st.binary())
def test_read_bytes_raises_nothing_but_bad_document(garbage: bytes):
    with contextlib.suppress(BadDocument):
        read_takeaways(garbage)


@settings(max_examples=200, deadline=None)
@given(st.text() | st.lists(st.sampled_from(_SHARDS)).map("".join))
def test_escape_any_text_reads_back_as_that_text(text: str):
    shown = plain(escape(text))
    assert plain(escape(shown)) == shown
    assert plain(cell_of(text)).split() == shown.split()
    assert "\n" not in cell_of(text)


@settings(max_examples=200, deadline=None)
@given(words(), details())
def test_escape_of_clean_text_loses_nothing(title: str, text: str):
    assert plain(escape(title)) == title
    assert plain(f"**{escape(title)}**") == title
    assert plain(cell_of(text)) == text


@pytest.mark.parametrize(
    "shard",
    ["|", "*", "_a", "[", "](", "[a](", "<", "<a ", "<!--", "&", "&a;", "`", "` ``", "\\", "~~a",
     "https://", "![", "[a][b]", "(", "<br>", '<a href="', "](a (", '](a "'],
)  # fmt: skip
def test_read_inline_of_a_bomb_looks_at_each_character_a_bounded_number_of_times(shard: str):
    # Half a million characters: anything quadratic would outlive the suite's time limit.
    bomb = shard * (500_000 // len(shard))
    read_inline(bomb, {"a": "https://example.org"})


@pytest.mark.parametrize("shard", ["|", "*", "[", "<", "&", "`", "a|"])
def test_read_one_line_bomb_is_refused(shard: str):
    with pytest.raises(BadDocument, match="longer than 200,000 characters"):
        read_takeaways(shard * (4_000_000 // len(shard)))


@pytest.mark.parametrize("shard", ["|", "*a", "[", "<", "&", "`", "| a ", "```\n", "<!--\n", "|\n"])
def test_read_bomb_of_many_lines_ends(shard: str):
    line = shard * (40 // len(shard)) + "\n"
    with pytest.raises(BadDocument):
        read_takeaways(line * 20_000)


def test_read_link_definition_used_a_thousand_times_a_row_is_resolved_once():
    # A definition may be two thousand characters long: each use must not read it anew.
    bomb = "[x]" * 16_000 + "\n"
    text = f"# T\n\n{_VIDEO}\n\n| Time | Topic |\n|---|---|\n| 1:00 | A |\n\n"
    parsed = read_takeaways(f"{text}[x]: {_VIDEO}?{'a' * 1_900}\n\n{bomb * 20}")
    assert parsed.draft.media.key == "youtube:aaaaaaaaaaa"
