"""Looks videos up by yt-dlp, if it is installed: with what the API gives also captions.

yt-dlp reads YouTube's pages, which it changes as it likes and often refuses to servers. It runs
in a process of its own: what hangs or grows is ended there, and it sees none of our secrets.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from bot.core.media import is_video_id
from bot.core.videos import Captions, NoCaptions, Trouble, Video, Videos, not_looked_up
from bot.ingest.timed_text import language_tag
from bot.providers.video_facts import described_chapters, given_chapters, line, text, whole_seconds

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("ytdlp_child.py")

MOST_OUTPUT = 40_000_000
"""Bytes of a child's line: its bounds, with each character escaped."""

REST_S = 600.0
"""Seconds for which YouTube is left in peace once it has turned us away."""

SEEN = frozenset(
    "PATH HOME PYTHONPATH LANG LC_ALL TZ SYSTEMROOT TMPDIR SSL_CERT_FILE SSL_CERT_DIR "
    "http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY".split()
)
"""The variables that a child sees: none of ours, which hold secrets."""

TROUBLES = {
    "missing": Trouble.NO_WAY,
    **{
        trouble.name.lower(): trouble
        for trouble in (
            *(Trouble.BLOCKED, Trouble.NO_VIDEO, Trouble.PRIVATE, Trouble.MEMBERS),
            *(Trouble.REMOVED, Trouble.AGE, Trouble.REGION, Trouble.LIVE, Trouble.UPCOMING),
            *(Trouble.UNREACHED, Trouble.UNREADABLE),
        )
    },
}
MEDIA_TYPES = {"json3": "application/json", "vtt": "text/vtt"}


def is_installed() -> bool:
    """Return whether yt-dlp is there; it is not imported for that."""
    return find_spec("yt_dlp") is not None


class YtDlp(Videos):
    """Asks one video at a time: YouTube shuts out those who ask much."""

    def __init__(
        self,
        command: Sequence[str] = (sys.executable, "-P", str(CHILD)),
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = command
        self._monotonic = monotonic
        self._turn = asyncio.Semaphore(1)
        self._rests_until = float("-inf")

    async def look_up(self, video_id: str, *, within_s: float) -> Video:
        """Return a video with its captions; raise NotLookedUp."""
        if not is_video_id(video_id):
            raise not_looked_up(Trouble.NO_ID)
        try:
            async with asyncio.timeout(within_s), self._turn:
                if self._monotonic() < self._rests_until:
                    raise not_looked_up(Trouble.BLOCKED)
                said = _parsed(await self._ask(video_id, within_s))
        except TimeoutError:
            raise not_looked_up(Trouble.SLOW) from None
        except OSError as error:
            log.error("no process can be started for yt-dlp: %s", type(error).__name__)
            raise not_looked_up(Trouble.UNREACHED) from None
        if said.get("trouble") == "blocked":
            self._rests_until = self._monotonic() + REST_S
        return _video(video_id, said)

    async def check(self) -> str:
        """Return which yt-dlp is asked; YouTube is left in peace."""
        try:
            known_as = version("yt-dlp")
        except PackageNotFoundError:
            known_as = "of an unknown version"
        return f"yt-dlp {known_as} is there; whether YouTube lets it look, a look-up will show"

    async def close(self) -> None:
        """Hold nothing: a child ends with its look-up."""

    async def _ask(self, video_id: str, within_s: float) -> bytes:
        """Return what a child prints; whatever happens, nothing of it is left running."""
        environment = {name: value for name, value in os.environ.items() if name in SEEN}
        process = await asyncio.create_subprocess_exec(
            *(*self._command, video_id, str(int(within_s) + 1)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**environment, "YTDLP_NO_PLUGINS": "1"},
            start_new_session=True,
        )
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe, as asked
            said = bytearray()
            while chunk := await process.stdout.read(65_536):
                said += chunk
                if len(said) > MOST_OUTPUT:
                    return b""
            return bytes(said)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            # A child that ended before may have left its pipe to others, and wait() does not close
            # it. The pipe alone: closing all polls the child, whose end wait() would then miss.
            process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
            await process.wait()


def _parsed(said: bytes) -> Mapping[str, object]:
    try:
        parsed = json.loads(said)
    except (ValueError, RecursionError):
        log.error("yt-dlp's process ended without an answer")
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _video(video_id: str, said: Mapping[str, object]) -> Video:
    title = line(said.get("title"))
    if "trouble" in said or said.get("id") != video_id or not title:
        raise not_looked_up(TROUBLES.get(str(said.get("trouble")), Trouble.UNREADABLE))
    description, duration = text(said.get("description")), whole_seconds(said.get("duration"))
    captions, no_captions = _captions(said.get("captions"))
    return Video(
        id=video_id,
        title=title,
        channel=line(said.get("channel")),
        description=description,
        duration=duration,
        chapters=described_chapters(description, duration)
        or given_chapters(said.get("chapters"), duration),
        captions=captions,
        no_captions=no_captions,
    )


def _captions(said: object) -> tuple[Captions | None, str]:
    """Return captions, or None and why there are none."""
    if said is None:
        return None, NoCaptions.NONE
    fields = said if isinstance(said, dict) else {}
    document, language = fields.get("text"), fields.get("language")
    media_type = MEDIA_TYPES.get(str(fields.get("ext")))
    if not isinstance(document, str) or not document or media_type is None:
        blocked = fields.get("trouble") == "blocked"
        return None, NoCaptions.BLOCKED if blocked else NoCaptions.KEPT
    found = Captions(
        document.encode("utf-8", "replace"),
        media_type,
        language_tag(language) if isinstance(language, str) else "",
        fields.get("automatic") is True,
    )
    return found, ""
