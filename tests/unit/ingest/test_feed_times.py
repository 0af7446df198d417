"""The times of chapters in a feed are bounded, wherever in an item they stand."""

from __future__ import annotations

import pytest

from bot.core.errors import BadDocument
from bot.ingest import chapter_times
from bot.ingest.feeds import read_feed


@pytest.mark.parametrize(
    "times",
    [
        "<description>0:00 a&#10;1:00 b&#10;2:00 c</description>",
        "<description><![CDATA[<a title='0:00 1:00 2:00'>a</a>]]></description>",
        "<psc:chapters xmlns:psc='http://podlove.org/simple-chapters'>"
        + "".join(f"<psc:chapter start='0:0{n}' title='a'/>" for n in range(3))
        + "</psc:chapters>",
    ],
)
def test_feed_with_more_times_than_any_show_has_is_refused_before_they_are_read(monkeypatch, times):
    monkeypatch.setattr(chapter_times, "MAX_TIMES", 5)
    item = f"<item><title>t</title>{times}</item>"
    assert len(read_feed(f"<rss><channel>{item}</channel></rss>".encode()).items) == 1
    with pytest.raises(BadDocument, match="more than 5 times of chapters"):
        read_feed(f"<rss><channel>{item * 2}</channel></rss>".encode())
