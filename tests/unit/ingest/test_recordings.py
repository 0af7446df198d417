"""Which recording a document is about."""

from __future__ import annotations

import pytest

from bot.core.errors import BadDocument
from bot.ingest.takeaways import read_takeaways

ROW = "| Time | Topic | Details |\n|---|---|---|\n| 1:00 | A | b |"
FIRST, SECOND = "https://youtu.be/aaaaaaaaaaa", "https://youtu.be/bbbbbbbbbbb"
SITE, OTHER = "https://talks.example.org/42", "https://example.com/paper"


def _key(document: str) -> str:
    return read_takeaways(document).draft.media.key


@pytest.mark.parametrize(
    ("document", "key"),
    [
        pytest.param(f"# [T]({FIRST})\n\n{ROW}\n\n- {SECOND}", "youtube:aaaaaaaaaaa", id="heading"),
        pytest.param(f"# T\n\nOn {FIRST}.\n\n{ROW}", "youtube:aaaaaaaaaaa", id="intro"),
        pytest.param(
            f"# T\n\nMade with [X](https://x.example).\n\n{ROW}\n\n## Links\n- [V]({FIRST})",
            "youtube:aaaaaaaaaaa",
            id="a video below wins over the tool above",
        ),
        pytest.param(
            f"---\nurl: '{SITE}'\n---\n# T\n\n{ROW}", f"url:{SITE}", id="front matter alone"
        ),
        pytest.param(
            f"# [T]({SITE})\n\nafter [a paper]({OTHER})\n\n{ROW}", f"url:{SITE}", id="linked title"
        ),
        pytest.param(
            f"# T\n\nCreated using [Gem](https://gem.example).\n\n{ROW}\n\n- [V]({SITE})",
            f"url:{SITE}",
            id="the tool is no recording",
        ),
        pytest.param(
            f"# [T][v]\n\n{ROW}\n\n[v]: {FIRST}", "youtube:aaaaaaaaaaa", id="by definition"
        ),
    ],
)
def test_read_rows_without_links_takes_the_recording_from_the_text(document: str, key: str):
    assert _key(document) == key


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(f"# T\n\n{ROW}", id="no link"),
        pytest.param(f"# T\n\n{ROW}\n\n- {FIRST}\n- {SECOND}", id="two videos below"),
        pytest.param(f"# T\n\n{SITE} or {OTHER}\n\n{ROW}", id="two sites"),
        pytest.param(f"# T\n\nMade with [X 1](https://x.example).\n\n{ROW}", id="only the tool"),
        pytest.param(f"# T\n\n`{FIRST}`\n\n{ROW}", id="only in code"),
    ],
)
def test_read_rows_without_links_and_no_certain_recording_is_refused(document: str):
    with pytest.raises(BadDocument, match="No link says which recording"):
        read_takeaways(document)


def test_read_rows_with_links_decide_whatever_the_text_says():
    table = ROW.replace("1:00", f"[1:00]({FIRST}?t=60)") + "\n| 2:00 | B | c |"
    draft = read_takeaways(f"# [T]({SECOND})\n\n{table}").draft
    assert draft.media.key == "youtube:aaaaaaaaaaa"
    assert [each.link_at is None for each in draft.segments] == [False, True]


def test_read_titles_with_timed_links_count_where_times_have_none():
    table = ROW.replace("| A |", f"| [A]({FIRST}?t=61) |")
    parsed = read_takeaways(f"# [T]({SECOND})\n\n{table}")
    (segment,) = parsed.draft.segments
    assert parsed.draft.media.key == "youtube:aaaaaaaaaaa"
    assert (segment.title, segment.link_at and segment.link_at.seconds) == ("A", 61)
    assert [each.link.seconds for each in parsed.conflicts] == [61]


@pytest.mark.parametrize("query", ["?id=7&t=60", "?id=7#t=60", "?t=60&id=7", "?id=7&start=60s"])
def test_read_links_of_another_host_name_one_recording(query: str):
    table = ROW.replace("1:00", f"[1:00]({SITE}{query})")
    table += f"\n| [2:00]({SITE}{query.replace('60', '120')}) | B | c |"
    draft = read_takeaways(f"# T\n\n{table}").draft
    assert draft.media.key == f"url:{SITE}?id=7"
    assert [each.link_at == each.at for each in draft.segments] == [True, True]


def test_read_link_with_a_query_nobody_needs_is_no_recording():
    fields = "&".join(f"a{n}=1" for n in range(99))
    link = f"https://www.youtube.com/watch?{fields}"
    parsed = read_takeaways(f"# T {FIRST}\n\n" + ROW.replace("1:00", f"[1:00]({link})"))
    assert parsed.draft.media.key == "youtube:aaaaaaaaaaa"
    assert len(parsed.repairs) == 1
