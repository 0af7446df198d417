"""Links: whose recording, which second, and nothing but http(s)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.media import Media, parse_link
from bot.core.timecode import MAX_SECONDS, Timecode


@pytest.mark.parametrize("key", ["youtube:_1f-o0nqpEI", "url:https://media.example/ep/1.mp3"])
@given(second=st.integers(0, MAX_SECONDS))
def test_link_to_a_second_reads_back(key, second):
    media = Media(key, key.partition(":")[2] if key.startswith("url") else "https://youtu.be/x")
    link = parse_link(media.url_at(Timecode(second)))
    assert link is not None
    assert (link.media.key, link.at) == (key, Timecode(second))


@pytest.mark.parametrize(
    ("text", "key", "second"),
    [
        ("https://youtu.be/_1f-o0nqpEI?t=1h2m3s", "youtube:_1f-o0nqpEI", 3_723),
        ("https://youtu.be/_1f-o0nqpEI?t=junk", "youtube:_1f-o0nqpEI", None),
        ("https://youtu.be/_1f-o0nqpEI#t=90", "youtube:_1f-o0nqpEI", 90),
        ("https://vimeo.com/76979871#t=90s", "url:https://vimeo.com/76979871", 90),
        ("https://a.example/v?t=90&id=7", "url:https://a.example/v?id=7", 90),
        ("https://a.example/v?plain", "url:https://a.example/v?plain", None),
        ("HTTPS://Media.Example:8443/A?x=1#frag", "url:https://media.example:8443/A?x=1", None),
        ("https://youtube.com.evil.example/watch?v=_1f-o0nqpEI", None, None),
        ("https://notyoutube.com/watch?v=_1f-o0nqpEI", None, None),
    ],
)
def test_link_is_told_by_its_exact_host(text, key, second):
    link = parse_link(text)
    assert link is not None
    if key is None:
        assert link.media.key.startswith("url:")
    else:
        assert link.media.key == key
        assert (link.at.seconds if link.at else None) == second


@pytest.mark.parametrize(
    "text",
    [
        "", "javascript:alert(1)", "ftp://a.example/x", "data:text/html,x", "https://",
        "https://user:pw@youtu.be/_1f-o0nqpEI", "https://[::1", "https://a.example/ x",
        "https://localhost/x", "https://a.example/\nx", "https://youtube.com/watch?v=tooshort",
        "https://a.example:99999/",
        "https://youtube.com/watch?" + "a=1&" * 60, "https://a.example/" + "x" * 2_000, "//",
    ],
)  # fmt: skip
def test_what_is_no_plain_link_is_none(text):
    assert parse_link(text) is None


def test_kept_link_holds_nothing_that_ends_markup():
    link = parse_link("https://a.example/x)<b>|'\"`[é]\\?q=(1)")
    assert link is not None
    assert not set(link.media.url) & set("()<>|'\"`[]\\é")


@given(st.text(max_size=80))
def test_any_text_is_a_link_or_none(text):
    link = parse_link(text)
    assert link is None or link.media.url.startswith(("http://", "https://"))
