"""Links: whose recording, which second, and nothing but http(s)."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.core.media import (
    MAX_LINKS,
    MAX_URL,
    YOUTUBE_HOSTS,
    Media,
    is_video_id,
    likeliest_link,
    parse_link,
    parse_link_seconds,
    written_links,
)
from bot.core.timecode import MAX_SECONDS, Timecode
from tests.strategies import video_ids

ID = "_1f-o0nqpEI"
SECONDS = st.integers(0, MAX_SECONDS)


def key_of(text):
    link = parse_link(text)
    return link.media.key if link else None


def test_id_of_a_video_is_eleven_plain_characters_and_no_word_of_youtubes():
    assert is_video_id(ID)
    for text in (
        "",
        ID[1:],
        ID + "a",
        ID + "\n",
        "videoseries",
        "live_stream",
        "１" * 11,
        "a/b?c=d&e=f",
    ):
        assert not is_video_id(text)


@given(video=video_ids(), second=SECONDS)
def test_link_to_a_second_of_a_video_reads_back(video, second):
    assume(video not in {"videoseries", "live_stream"})
    media = Media(f"youtube:{video}", f"https://youtu.be/{video}")
    link = parse_link(media.url_at(Timecode(second)))
    assert link is not None
    assert (link.media, link.at, link.unread) == (media, Timecode(second), False)


@given(path=st.text(st.characters(), max_size=40), second=SECONDS)
@example("a" * (MAX_URL - len("https://media.example/")), MAX_SECONDS)
@example("ep?id=1&t=soon", 0)
def test_link_to_a_second_elsewhere_reads_back(path, second):
    link = parse_link(f"https://media.example/{path}")
    assume(link is not None)
    again = parse_link(link.media.url_at(Timecode(second)))
    assert again is not None
    assert (again.media, again.at) == (link.media, Timecode(second))


@pytest.mark.parametrize(
    "text",
    [
        f"https://youtu.be/{ID}",
        f"http://youtu.be/{ID}/",
        f"youtu.be/{ID}?si=abc",
        f"HTTPS://YouTu.be/{ID}",
        f"https://www.youtube.com/watch?v={ID}",
        f"https://youtube.com/watch?list=x&v={ID}&index=3",
        f"https://m.youtube.com/watch?v={ID}",
        f"https://music.youtube.com/watch?v={ID}",
        f"https://www.youtube.com/live/{ID}?feature=share",
        f"https://www.youtube.com/embed/{ID}",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"https://www.youtube.com/shorts/{ID}",
    ],
)
def test_every_address_of_a_video_is_one_recording(text):
    link = parse_link(text)
    assert link is not None
    assert link.media == Media(f"youtube:{ID}", f"https://youtu.be/{ID}")
    assert (link.at, link.unread) == (None, False)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        (f"https://youtu.be/{ID}?t=1h2m3s", 3_723),
        (f"https://youtu.be/{ID}?t=0", 0),
        (f"https://youtu.be/{ID}#t=90", 90),
        (f"https://www.youtube.com/embed/{ID}?start=90&end=100", 90),
        (f"https://www.youtube.com/watch?time_continue=90&v={ID}", 90),
        (f"https://youtu.be/{ID}?t=&start=90", 90),
        (f"https://youtu.be/{ID}?t=90&t=95", 90),
        (f"https://youtu.be/{ID}?t=90#t=95", 90),
    ],
)
def test_link_opens_the_second_it_names(text, second):
    link = parse_link(text)
    assert link is not None
    assert (link.media.key, link.at, link.unread) == (f"youtube:{ID}", Timecode(second), False)


@pytest.mark.parametrize("time", ["junk", "", "-1", "1:02", "9999999", "1h30", "99h99m99s9"])
def test_second_that_cannot_be_read_is_told_apart_from_none(time):
    link = parse_link(f"https://youtu.be/{ID}?t={time}")
    assert link is not None
    assert (link.at, link.unread) == (None, True)


@pytest.mark.parametrize(
    ("value", "second"),
    [
        ("7232", 7_232), ("7232s", 7_232), ("2h0m32s", 7_232), ("120m32s", 7_232), ("2h", 7_200),
        ("2h32s", 7_232), ("359999", MAX_SECONDS), ("360000", None), ("99h59m60s", None),
        ("1h30", None), ("5m30", None), ("", None), ("s", None), ("٩٠", None), ("1e3", None),
    ],
)  # fmt: skip
def test_link_seconds_are_a_number_or_units(value, second):
    at = parse_link_seconds(value)
    assert (at.seconds if at else None) == second


@pytest.mark.parametrize(
    ("text", "key", "second"),
    [
        ("https://vimeo.com/76979871#t=90s", "url:https://vimeo.com/76979871", 90),
        ("https://a.example/v?t=90&id=7", "url:https://a.example/v?id=7", 90),
        ("https://a.example/v?id=a%20b+c&t=90&x", "url:https://a.example/v?id=a%20b+c&x", 90),
        ("https://a.example/v?%74=90", "url:https://a.example/v", 90),
        ("https://a.example/v?id=a%20b+c&x", "url:https://a.example/v?id=a%20b+c&x", None),
        ("https://a.example/v?start=home", "url:https://a.example/v?start=home", None),
        ("https://a.example/v?plain", "url:https://a.example/v?plain", None),
        ("HTTPS://Media.Example:8443/A?x=1#frag", "url:https://media.example:8443/A?x=1", None),
        ("http://a.example", "url:http://a.example", None),
        ("a.example/ep/1.mp3", "url:https://a.example/ep/1.mp3", None),
        ("https://bücher.example/é", "url:https://bücher.example/%C3%A9", None),
    ],
)
def test_link_elsewhere_is_known_by_its_address_without_the_second(text, key, second):
    link = parse_link(text)
    assert link is not None
    assert link.media.key == key
    assert (link.at.seconds if link.at else None) == second


@pytest.mark.parametrize(
    "host",
    [
        "youtube.com.evil.example", "notyoutube.com", "evil-youtube.com", "www.youtu.be",
        "youtube.co", "youtu.be.example", "youtube-com.example", "www.youtube.com.co",
        "xn--youtub-9ya.com", "youtubé.com", "youtubе.com", "y.outube.com",
    ],
)  # fmt: skip
def test_look_alike_host_is_another_site(host):
    assert key_of(f"https://{host}/watch?v={ID}") == f"url:https://{host}/watch?v={ID}"
    assert key_of(f"https://{host}/{ID}?t=5") == f"url:https://{host}/{ID}"


HOSTS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "www.", "evil", "evil.", "xn--"]),
    st.sampled_from(sorted(YOUTUBE_HOSTS)) | st.text("youtbe.cmwx-", min_size=3, max_size=14),
    st.sampled_from(["", ".", ".example", "x", ":443"]),
)


@given(host=HOSTS)
def test_only_the_exact_hosts_are_youtube(host):
    link = parse_link(f"https://{host}/embed/{ID}")
    opens_video = link is not None and link.media.key == f"youtube:{ID}"
    assert opens_video == (host.removesuffix(":443") in YOUTUBE_HOSTS - {"youtu.be"})


@pytest.mark.parametrize(
    "text",
    [
        "https://youtu.be/", "https://youtu.be/tooshort", f"https://youtu.be/{ID}x",
        "https://youtu.be/_1f-o0nqp=I", "https://youtube.com/watch?v=tooshort",
        "https://www.youtube.com/watch", f"https://www.youtube.com/{ID}",
        f"https://www.youtube.com/channel/{ID}", f"https://www.youtube.com/live/x/{ID}", f"https://www.youtube.com/live/{ID}/x",
        "https://www.youtube.com/embed/videoseries?list=PL1",
        "https://www.youtube.com/embed/live_stream?channel=UC1",
        "https://youtube.com/watch?" + "a=1&" * 60 + f"v={ID}",
    ],
)  # fmt: skip
def test_youtube_page_that_is_no_video_is_none(text):
    assert parse_link(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "//", "https://", "javascript:alert(1)", "javascript://a.example/%0aalert(1)",
        "data:text/html,x", "ftp://a.example/x", "mailto:me@a.example", "//a.example/x",
        f"https://user:pw@youtu.be/{ID}", f"https://@youtu.be/{ID}", "https://a.example@b.example/",
        "https://a.example\\@b.example/", "https://youtube.com\\.evil.example/",
        "https://localhost/x", "https://[::1", "https://[::ffff:1.2.3.4]/x",
        "https://..example/x", "https://a..example/x", "https://.a.example/x",
        "https://a.example:99999/", "https://a.example:x/", "https://a.example/ x",
        "https://a.example/\nx", "https://a.example/\0", "https://a.example/\ud800",
        "https://a.example/?" + "a&" * 60, "https://a.example/#" + "a&" * 60,
        "https://a.example/" + "x" * MAX_URL, "https://a.example/" + "é" * (MAX_URL // 4),
    ],
)  # fmt: skip
def test_what_is_no_plain_link_is_none(text):
    assert parse_link(text) is None


@pytest.mark.parametrize("mark", "()<>|'\"`[]{}\\^*~")
def test_host_holds_nothing_that_ends_markup(mark):
    assert parse_link(f"https://a{mark}b.example/x") is None


def test_kept_link_holds_nothing_that_ends_markup():
    link = parse_link("https://a.example/x)<b>|'\"`[é]\\\u202e?q=(1)")
    assert link is not None
    assert not set(link.media.url) & set("()<>|'\"`[]\\é\u202e")


@given(st.text(st.characters(), max_size=80) | st.text("htps:/.ab@[]?#&=t1%\\\ud800", max_size=40))
@example("https://[")
@example("https://a.b/\ud800")
def test_any_text_is_a_link_or_none(text):
    link = parse_link(text)
    if link is None:
        return
    assert link.media.url.startswith(("http://", "https://"))
    assert len(link.media.url) <= MAX_URL
    # What is kept is itself a link, to the same recording.
    assert parse_link(link.media.url) is not None
    assert parse_link(link.media.url).media == link.media


@pytest.mark.parametrize(
    ("links", "likeliest"),
    [
        (["https://a.example", f"https://youtu.be/{ID}"], f"https://youtu.be/{ID}"),
        (
            [f"https://youtu.be/{ID}", "https://a.example/x#t=5"],
            "https://a.example/x#t=5",
        ),
        (
            ["https://a.example/x#t=5", f"https://youtu.be/{ID}?t=5", f"https://youtu.be/{ID}?t=6"],
            f"https://youtu.be/{ID}?t=5",
        ),
        (["javascript:alert(1)", ""], None),
        ([], None),
        (["not a link"] * MAX_LINKS + [f"https://youtu.be/{ID}"], None),
    ],
)
def test_likeliest_link_is_to_a_videos_second(links, likeliest):
    assert likeliest_link(links) == likeliest


def test_written_link_ends_before_what_ends_the_sentence():
    text = "see (https://youtu.be/a?t=1), <https://b.example/x>. http://c.example!"
    assert list(written_links(text)) == [
        "https://youtu.be/a?t=1",
        "https://b.example/x",
        "http://c.example",
    ]
