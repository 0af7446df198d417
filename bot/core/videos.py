"""What YouTube tells of a video, by whichever way it is asked, and why it may tell nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.core.errors import NotLookedUp
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter


class Trouble(StrEnum):
    """Why a video was not looked up: the sentence a person sees."""

    OFF = (
        "I do not look videos up on YouTube here. Give me the transcript or chapter list as a file."
    )
    NO_WAY = (
        "This server has no way to look a video up. Give me the transcript or chapter list as a "
        "file, set YOUTUBE_API_KEY for title and chapters, or install yt-dlp (the extra youtube)."
    )
    BLOCKED = (
        "YouTube does not let this server look. Give me the transcript or chapter list as a file, "
        "or set YOUTUBE_API_KEY for title and chapters."
    )
    NO_ID = "That is not the id of a YouTube video."
    NO_VIDEO = "YouTube has no such video, or it is private."
    PRIVATE = "That video is private."
    MEMBERS = "That video is for members of its channel alone."
    REMOVED = "That video is not on YouTube any more."
    AGE = "YouTube shows that video to adults who sign in, and I do not sign in."
    REGION = "YouTube does not show that video in the country of this server."
    LIVE = "That video is live. Ask me again when it has ended."
    UPCOMING = "That video has not begun yet. Ask me again when it has ended."
    KEY = "YouTube refuses the key of this server (YOUTUBE_API_KEY)."
    QUOTA = "YouTube has told this server enough for today. Ask me again tomorrow."
    UNREACHED = "YouTube does not answer. Ask me again later."
    SLOW = "YouTube took too long to answer. Ask me again later."
    UNREADABLE = (
        "YouTube answers in a way that I cannot read. "
        "Give me the transcript or chapter list as a file."
    )


PASSING = frozenset(
    {Trouble.LIVE, Trouble.UPCOMING, Trouble.QUOTA, Trouble.UNREACHED, Trouble.SLOW}
)
"""Troubles after which the same question may be answered later."""

OF_WAY = frozenset(
    {
        *(Trouble.NO_WAY, Trouble.BLOCKED, Trouble.KEY, Trouble.QUOTA),
        *(Trouble.UNREACHED, Trouble.SLOW, Trouble.UNREADABLE),
    }
)
"""Troubles that say nothing of the video: another way may still look it up."""


class NoCaptions(StrEnum):
    """Why a video came without captions: the sentence a person sees."""

    NONE = "That video has no captions."
    API = "YouTube's API gives no captions. Give me the transcript as a file."
    BLOCKED = "YouTube does not let this server read captions. Give me the transcript as a file."
    KEPT = "That video has captions, but YouTube did not give them. Ask me again later."
    UNREADABLE = "That video has captions, but I cannot read them. Give me a transcript as a file."
    UNKNOWN = "I could not see whether that video has captions. Ask me again later."


def not_looked_up(trouble: Trouble) -> NotLookedUp:
    """Return the error of a trouble."""
    return NotLookedUp(trouble.value, passing=trouble in PASSING)


def trouble_of(error: NotLookedUp) -> Trouble:
    """Return the trouble that an error is of."""
    return Trouble(error.sentence)


@dataclass(frozen=True, slots=True)
class Captions:
    """A document with what is said in a video: untrusted bytes of JSON (json3) or WebVTT.

    ``language`` is a BCP 47 tag, or empty. ``automatic`` is whether YouTube itself wrote it.
    """

    document: bytes
    media_type: str
    language: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Video:
    """What YouTube tells of a video; what it does not tell is empty.

    ``title`` and ``channel`` are on one line. ``captions`` are in the language that is spoken
    where there are any in it, written by people where there are both; where there are none at
    all, ``no_captions`` says why.
    """

    id: str
    title: str
    channel: str = ""
    description: str = ""
    duration: Timecode | None = None
    chapters: tuple[Chapter, ...] = ()
    captions: Captions | None = None
    no_captions: str = NoCaptions.NONE


class Videos(Protocol):
    """Looks videos up on YouTube."""

    async def look_up(self, video_id: str, *, within_s: float) -> Video:
        """Return a video; raise NotLookedUp, and nothing else but CancelledError.

        ``within_s`` bounds all of it, waiting for a turn too.
        """

    async def check(self) -> str:
        """Return by which ways videos are looked up, for the operator, without a full stop.

        Raise ConfigError for a key that is refused, NotLookedUp where nobody answers.
        """

    async def close(self) -> None:
        """Let go of what look-ups hold."""
