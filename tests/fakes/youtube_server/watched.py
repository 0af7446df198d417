"""A video as YouTube's own pages and its player describe it, in the shapes that yt-dlp reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

VIDEO = "abcdefghi-_"
TIMED_TEXT = "/api/timedtext"
BOT = "Sign in to confirm you\N{RIGHT SINGLE QUOTATION MARK}re not a bot"


def track(language: str, *, automatic: bool = False, base: str = "") -> dict[str, Any]:
    """Return captions as a player lists them; their text is for asking at ``base``."""
    kind = "&kind=asr" if automatic else ""
    base = base or f"https://www.youtube.com{TIMED_TEXT}?v={VIDEO}"
    return {
        "baseUrl": f"{base}&lang={language}{kind}",
        "name": {"simpleText": language},
        "vssId": f"{'a' if automatic else ''}.{language}",
        "languageCode": language,
        "isTranslatable": True,
        **({"kind": "asr"} if automatic else {}),
    }


@dataclass
class Watched:
    """A video. ``status`` is whether it plays, and why not; ``chapters`` are (ms, title)."""

    title: str = "A talk"
    channel: str = "A channel"
    description: str = "About nothing."
    seconds: int = 3_600
    status: dict[str, Any] = field(default_factory=lambda: {"status": "OK"})
    tracks: Sequence[dict[str, Any]] = ()
    chapters: Sequence[tuple[int, str]] = ()
    is_live: bool = False

    def player(self) -> bytes:
        """Return what the player is told."""
        translations = [
            {"languageCode": code, "languageName": {"simpleText": code}} for code in ("en", "fr")
        ]
        return json.dumps(
            {
                "playabilityStatus": self.status,
                "videoDetails": {
                    "videoId": VIDEO,
                    "title": self.title,
                    "lengthSeconds": str(self.seconds),
                    "channelId": "UCSHZKyawb77ixDdsGog4iWA",
                    "shortDescription": self.description,
                    "author": self.channel,
                    "isLive": self.is_live,
                    "isLiveContent": self.is_live,
                },
                "streamingData": {"adaptiveFormats": []},
                "captions": {
                    "playerCaptionsTracklistRenderer": {
                        "captionTracks": list(self.tracks),
                        "translationLanguages": translations,
                    }
                },
            }
        ).encode()

    def page(self) -> bytes:
        """Return the page for a browser."""
        owner = {"videoOwnerRenderer": {"title": {"runs": [{"text": self.channel}]}}}
        listed = [
            {"chapterRenderer": {"timeRangeStartMillis": at, "title": {"simpleText": title}}}
            for at, title in self.chapters
        ]
        data: dict[str, Any] = {
            "contents": {
                "twoColumnWatchNextResults": {
                    "results": {
                        "results": {"contents": [{"videoSecondaryInfoRenderer": {"owner": owner}}]}
                    }
                }
            },
            "playerOverlays": {
                "playerOverlayRenderer": {
                    "decoratedPlayerBarRenderer": {
                        "decoratedPlayerBarRenderer": {
                            "playerBar": {"chapteredPlayerBarRenderer": {"chapters": listed}}
                        }
                    }
                }
            },
        }
        player = self.player().decode()
        return (
            "<!DOCTYPE html><html><script>ytcfg.set({});</script>"
            f"<script>var ytInitialPlayerResponse = {player};</script>"
            f"<script>var ytInitialData = {json.dumps(data)};</script></html>"
        ).encode()
