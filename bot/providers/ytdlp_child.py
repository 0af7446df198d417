"""Looks one video up with yt-dlp, in a process of its own: prints one line of JSON, and ends.

``python -P ytdlp_child.py <video id> <seconds>``. It imports nothing of Segue, whose secrets and
database are none of its business; what yt-dlp itself prints goes to standard error. The line
holds either ``trouble``, a word of those below, or what YouTube tells of the video.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

MOST_CAPTIONS = 12_000_000
"""Bytes of a document of captions: ten hours in json3 take some four million."""

MOST_TEXT = 100_000
MOST_CHAPTERS = 1_000

HOST = "www.youtube.com"
"""The host that captions are fetched from, exactly this one."""

FORMATS = ("json3", "vtt")
"""Those that Segue reads, the one with the most in it first."""

OPTIONS: dict[str, Any] = {
    "quiet": True,
    "no_color": True,
    "skip_download": True,
    "noplaylist": True,
    "cachedir": False,
    "allowed_extractors": ["youtube"],
    "socket_timeout": 10,
    "extractor_retries": 0,
    "retries": 0,
    # The machine's own certificates, as everything else here.
    "compat_opts": {"no-certifi"},
    # No program of YouTube's is run: it is wanted for pictures and sound alone.
    "js_runtimes": {},
    "remote_components": [],
    "extractor_args": {
        "youtube": {"player_skip": ["js", "configs"], "skip": ["hls", "dash", "translated_subs"]}
    },
}

# What YouTube and yt-dlp say, in lower case, and the word for it; the first that fits counts.
SAID: tuple[tuple[str, str], ...] = (
    ("not a bot", "blocked"),
    ("captcha", "blocked"),
    ("being blocked", "blocked"),
    ("rate-limited", "blocked"),
    ("http error 429", "blocked"),
    ("http error 403", "blocked"),
    ("confirm your age", "age"),
    ("age-restricted", "age"),
    ("inappropriate for some users", "age"),
    ("in your country", "region"),
    ("geo restrict", "region"),
    ("members-only", "members"),
    ("members only", "members"),
    ("join this channel", "members"),
    ("private video", "private"),
    ("video is private", "private"),
    ("premieres in", "upcoming"),
    ("premiere will begin", "upcoming"),
    ("live event will begin", "upcoming"),
    ("live event has ended", "removed"),
    ("removed", "removed"),
    ("terminated", "removed"),
    ("no longer available", "removed"),
    ("isn't available anymore", "removed"),
    ("does not exist", "no_video"),
    ("video unavailable", "no_video"),
    ("video is unavailable", "no_video"),
    ("video is not available", "no_video"),
    ("sign in", "blocked"),
    ("timed out", "unreached"),
    ("http error 5", "unreached"),
)

# What it says where the reasons stand in the warnings before.
GAVE_UP = "failed to extract any player response"

STATES = {"is_live": "live", "post_live": "live", "is_upcoming": "upcoming"}


MOST_WARNINGS = 50


class Quiet:
    """Takes what yt-dlp would print, and keeps its warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warning(self, message: str) -> None:
        """Keep it."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(message[:2_000])

    def debug(self, message: str) -> None:
        """Drop it."""

    info = error = debug


def look_up(video_id: str) -> dict[str, Any]:
    """Return what there is to print of a video."""
    try:
        from yt_dlp import YoutubeDL
    except ImportError:
        return {"trouble": "missing"}
    quiet = Quiet()
    try:
        with YoutubeDL({**OPTIONS, "logger": quiet}) as downloader:
            url = f"https://www.youtube.com/watch?v={video_id}"
            info = downloader.extract_info(url, download=False, process=False)
            found = reduced(info, video_id)
            if "trouble" not in found:
                found["captions"] = _captions(downloader, chosen_track(info))
            return found
    except Exception as error:
        return {"trouble": trouble_of(error, quiet.warnings)}


def trouble_of(error: BaseException, warnings: Sequence[str] = ()) -> str:
    """Return the word for an error of yt-dlp's, given what it warned of before."""
    from yt_dlp.networking.exceptions import TransportError
    from yt_dlp.utils import GeoRestrictedError

    chain = list(_causes(error))
    if any(isinstance(each, GeoRestrictedError) for each in chain):
        return "region"
    said = " ".join(map(str, chain)).lower()
    if found := _word_for(said):
        return found
    if GAVE_UP in said:
        return _word_for(" ".join(warnings).lower()) or "unreached"
    broken = any(isinstance(each, TransportError | OSError) for each in chain)
    return "unreached" if broken else "unreadable"


def _word_for(said: str) -> str:
    plain = said.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return next((word for words, word in SAID if words in plain), "")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those behind it, each once."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting and len(seen) < 20:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or each in seen:
            continue
        seen.append(each)
        yield each
        exc_info = getattr(each, "exc_info", None)
        behind = exc_info[1] if isinstance(exc_info, tuple) and len(exc_info) == 3 else None
        waiting += [behind, getattr(each, "cause", None), each.__cause__]


def reduced(info: Any, video_id: str) -> dict[str, Any]:
    """Return what is kept of yt-dlp's description of a video."""
    if not isinstance(info, Mapping) or info.get("id") != video_id or not info.get("title"):
        return {"trouble": "unreadable"}
    if trouble := STATES.get(info.get("live_status") or ""):
        return {"trouble": trouble}
    chapters = info.get("chapters")
    return {
        "id": video_id,
        "title": _text(info["title"]),
        "channel": _text(info.get("channel") or info.get("uploader")),
        "description": _text(info.get("description")),
        "duration": info.get("duration"),
        "chapters": [
            {"start_time": each.get("start_time"), "title": _text(each.get("title"))}
            for each in (chapters if isinstance(chapters, list) else [])[:MOST_CHAPTERS]
            if isinstance(each, Mapping)
        ],
    }


def _text(value: Any) -> str:
    return value[:MOST_TEXT] if isinstance(value, str) else ""


def chosen_track(info: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the captions that tell best what is said; None where there are none.

    Those in the language that is spoken, written by people if they can be had; else people's in
    another. What a machine translated is not taken: nobody said it.
    """
    own = _own_language(info)
    written = [each for each in _tracks(info.get("subtitles"), automatic=False) if each]
    heard = [
        each
        for each in _tracks(info.get("automatic_captions"), automatic=True)
        if own and each["language"] == own
    ]
    spoken = [each for each in written if own and _primary(each["language"]) == _primary(own)]
    # The exact language before its kin: en-GB is nearer to en-GB than en is.
    spoken.sort(key=lambda each: each["language"] != own)
    return next(iter([*spoken, *heard, *written]), None)


def _own_language(info: Mapping[str, Any]) -> str:
    """Return the language that is spoken, as far as YouTube tells."""
    automatic = info.get("automatic_captions")
    for name in automatic if isinstance(automatic, Mapping) else ():
        if str(name).endswith("-orig"):
            return str(name).removesuffix("-orig")
    formats = info.get("formats")
    spoken = [
        (preference if isinstance(preference, int) else -1, str(each["language"]))
        for each in (formats if isinstance(formats, list) else ())
        if isinstance(each, Mapping) and each.get("language")
        for preference in [each.get("language_preference")]
    ]
    return max(spoken)[1] if spoken else str(info.get("language") or "")


def _tracks(listed: Any, *, automatic: bool) -> Iterator[dict[str, Any]]:
    """Yield each language's captions in the best format that is read here."""
    for language, formats in listed.items() if isinstance(listed, Mapping) else ():
        by_format = {
            str(each.get("ext")): each.get("url")
            for each in (formats if isinstance(formats, list) else ())
            if isinstance(each, Mapping) and isinstance(each.get("url"), str)
        }
        best = next((ext for ext in FORMATS if ext in by_format), None)
        if best and language != "live_chat":
            yield {
                "language": str(language),
                "ext": best,
                "url": by_format[best],
                "automatic": automatic,
            }


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _captions(downloader: Any, track: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return captions with their text, or the word for why they did not come."""
    if track is None:
        return None
    if not _is_youtubes(track["url"]):
        return {"trouble": "unreadable"}
    try:
        with downloader.urlopen(track["url"]) as answer:
            if not _is_youtubes(answer.url):
                return {"trouble": "unreadable"}
            document = answer.read(MOST_CAPTIONS + 1)
    except Exception as error:
        return {"trouble": trouble_of(error)}
    # An empty page is how YouTube declines.
    if not document.strip() or len(document) > MOST_CAPTIONS:
        return {"trouble": "blocked" if not document.strip() else "unreadable"}
    kept = {name: track[name] for name in ("language", "ext", "automatic")}
    return {**kept, "text": document.decode("utf-8", "replace")}


def _is_youtubes(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.netloc == HOST


def main() -> None:
    """Print what one video came to."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    video_id, seconds = sys.argv[1:3]
    # Whoever started this ends it in time, unless it is gone itself.
    signal.alarm(int(seconds) + 5)
    with answers:
        json.dump(look_up(video_id), answers)


if __name__ == "__main__":
    main()
