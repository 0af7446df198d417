"""What the child keeps of yt-dlp's words: with its real exceptions, and values of its shapes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.videos import Trouble
from bot.providers.youtube_ytdlp import TROUBLES
from bot.providers.ytdlp_child import OPTIONS, SAID, STATES, chosen_track, reduced, trouble_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

VIDEO = "abcdefghi-_"
SIGN_IN = "Use --cookies-from-browser or --cookies for the authentication."
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["json3"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["en", "ext", "url", "a-orig", "language"]), inner)
    ),
)


def failed(error: Exception) -> Exception:
    """Return what YoutubeDL raises where an extractor raises that."""
    from yt_dlp.utils import DownloadError

    return DownloadError(f"ERROR: {error}", (type(error), error, None))


def reason(text: str) -> Exception:
    from yt_dlp.utils import ExtractorError

    return failed(ExtractorError(text, expected=True, video_id=VIDEO, ie="youtube"))


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (f"Sign in to confirm you’re not a bot. {SIGN_IN}", "blocked"),
        (f"Sign in to confirm you're not a bot. {SIGN_IN}", "blocked"),
        (f"Please sign in. {SIGN_IN}", "blocked"),
        ("x. YouTube is requiring a captcha challenge before playback", "blocked"),
        ("All player responses are invalid. Your IP is likely being blocked by Youtube", "blocked"),
        ("The current session has been rate-limited by YouTube for up to an hour.", "blocked"),
        (f"Sign in to confirm your age. This video may be inappropriate. {SIGN_IN}", "age"),
        (f"Private video. Sign in if you've been granted access. {SIGN_IN}", "private"),
        ("Video unavailable. This video is private", "private"),
        ("Join this channel to get access to members-only content like this video", "members"),
        ("Video unavailable. This video contains content from X, who has blocked it in your "
         "country on copyright grounds", "region"),
        ("Video unavailable", "no_video"),
        ("This video is not available", "no_video"),
        ("Video unavailable. This video has been removed by the uploader", "removed"),
        ("This video is no longer available because the YouTube account associated with this "
         "video has been terminated.", "removed"),
        ("Premieres in 22 hours", "upcoming"),
        ("This live event will begin in a few moments.", "upcoming"),
        ("Something that nobody knows", "unreadable"),
    ],
)  # fmt: skip
def test_reason_of_youtubes_is_told_by_its_words(said: str, word: str) -> None:
    assert trouble_of(reason(said)) == word


def test_failure_of_the_network_is_told_by_its_kind() -> None:
    from yt_dlp.networking.exceptions import ProxyError, TransportError
    from yt_dlp.utils import ExtractorError, GeoRestrictedError, RegexNotFoundError

    for cause in (TransportError("no route"), ProxyError("refused"), TimeoutError("timed out")):
        assert trouble_of(failed(ExtractorError("Unable to download", cause=cause))) == "unreached"
    assert trouble_of(OSError("disk")) == "unreached"
    assert trouble_of(failed(GeoRestrictedError("Not here.", countries=["DE"]))) == "region"
    assert trouble_of(failed(RegexNotFoundError("Unable to extract title"))) == "unreadable"
    assert trouble_of(KeyError("title")) == "unreadable"


def test_where_every_player_failed_the_warnings_say_why() -> None:
    nothing = reason("Failed to extract any player response")
    assert trouble_of(nothing) == "unreached"
    assert trouble_of(nothing, ["a", "HTTP Error 429: Too Many Requests"]) == "blocked"
    assert trouble_of(reason("Premieres in 2 hours"), ["HTTP Error 429"]) == "upcoming"


def test_errors_that_lead_to_each_other_end() -> None:
    one, other = ValueError("a"), ValueError("b")
    one.__cause__, other.__cause__ = other, one
    assert trouble_of(one) == "unreadable"


def test_every_word_has_its_sentence() -> None:
    words = (
        {word for _, word in SAID} | set(STATES.values()) | {"unreached", "unreadable", "missing"}
    )
    assert words == set(TROUBLES)
    assert all(isinstance(each, Trouble) for each in TROUBLES.values())


def test_options_are_ones_that_yt_dlp_takes_and_bring_no_account_nor_file() -> None:
    from yt_dlp import YoutubeDL

    with YoutubeDL({**OPTIONS, "logger": None}) as downloader:
        assert list(downloader.cookiejar) == []
        assert [each.IE_NAME for each in downloader._ies.values()] == ["youtube"]
    documented = YoutubeDL.__doc__ or ""
    assert [name for name in OPTIONS if name not in documented] == []


def formats(
    *names: str, url: str = "https://www.youtube.com/api/timedtext"
) -> list[dict[str, str]]:
    return [{"ext": name, "url": f"{url}?fmt={name}", "name": "x"} for name in names]


ALL = formats("json3", "srv1", "srv2", "srv3", "ttml", "srt", "vtt")
HEARD = {"en-orig": ALL, "en": ALL, "fr": ALL}


@pytest.mark.parametrize(
    ("info", "taken"),
    [
        ({}, None),
        ({"subtitles": {}, "automatic_captions": {}}, None),
        ({"subtitles": {"live_chat": [{"ext": "json", "url": "https://x"}]}}, None),
        ({"automatic_captions": HEARD}, ("en", "json3", True)),
        ({"automatic_captions": HEARD, "subtitles": {"de": ALL}}, ("en", "json3", True)),
        (
            {"automatic_captions": HEARD, "subtitles": {"de": ALL, "en": ALL}},
            ("en", "json3", False),
        ),
        (
            {"automatic_captions": HEARD, "subtitles": {"en-US": ALL, "en": ALL}},
            ("en", "json3", False),
        ),
        ({"automatic_captions": HEARD, "subtitles": {"en-GB": ALL}}, ("en-GB", "json3", False)),
        ({"subtitles": {"de": ALL, "en": ALL}}, ("de", "json3", False)),
        ({"language": "en", "subtitles": {"de": ALL, "en": ALL}}, ("en", "json3", False)),
        (
            {
                "formats": [
                    {"language": "de", "language_preference": -1},
                    {"language": "en", "language_preference": 10},
                    {"language": None},
                ],
                "subtitles": {"de": ALL, "en": ALL},
            },
            ("en", "json3", False),
        ),
        ({"subtitles": {"en": formats("srt", "vtt", "ttml")}}, ("en", "vtt", False)),
        ({"subtitles": {"en": formats("ttml"), "de": formats("vtt")}}, ("de", "vtt", False)),
        ({"automatic_captions": {"fr": ALL}}, None),
        ({"subtitles": {"en": [{"ext": [], "url": "a"}, *formats("vtt")]}}, ("en", "vtt", False)),
        (
            {
                "formats": [
                    {"language": "de", "language_preference": "much"},
                    {"language": "fr", "language_preference": 10},
                ],
                "subtitles": {"de": ALL, "fr": ALL},
            },
            ("fr", "json3", False),
        ),
    ],
)
def test_best_captions_are_the_spoken_languages_then_peoples(
    info: dict[str, Any], taken: tuple[str, str, bool] | None
) -> None:
    track = chosen_track(info)
    if taken is None:
        assert track is None
    else:
        assert track is not None
        assert (track["language"], track["ext"], track["automatic"]) == taken


@given(subtitles=ANYTHING, automatic=ANYTHING, formats=ANYTHING, rest=ANYTHING)
def test_whatever_yt_dlp_returns_is_reduced_without_an_error(
    subtitles: Any, automatic: Any, formats: Any, rest: Any
) -> None:
    info = {
        "id": VIDEO,
        "title": rest,
        "chapters": formats,
        "live_status": rest if isinstance(rest, str) else None,
        "description": rest,
        "subtitles": subtitles,
        "automatic_captions": automatic,
        "formats": formats,
        "duration": 5,
    }
    json.dumps(reduced(info, VIDEO))
    json.dumps(chosen_track(info))


def test_what_is_not_the_video_is_no_answer() -> None:
    good = {"id": VIDEO, "title": "A"}
    assert reduced(good, VIDEO)["title"] == "A"
    for each in (None, [], {**good, "id": "other"}, {**good, "title": None}, {"_type": "playlist"}):
        assert reduced(each, VIDEO) == {"trouble": "unreadable"}
    for state, word in STATES.items():
        assert reduced({**good, "live_status": state}, VIDEO) == {"trouble": word}
    assert "trouble" not in reduced({**good, "live_status": "was_live"}, VIDEO)
