"""A child that misbehaves: it is ended in time, with all it started, and believed in nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from bot.core.errors import NotLookedUp
from bot.core.videos import NoCaptions, Trouble, Video, trouble_of
from bot.providers import youtube_ytdlp
from bot.providers.youtube_ytdlp import CHILD, YtDlp
from tests.fakes.web_server import WebServer, pages

VIDEO = "abcdefghi-_"
GOOD = {"id": VIDEO, "title": "A", "captions": None}

# Holds a connection open for as long as it lives, and is silent or not.
HOLDING = """
import socket, time
connection = socket.create_connection(("127.0.0.1", {port}))
connection.sendall(b"GET /held HTTP/1.1\\r\\n\\r\\n")
while True:
    time.sleep(0.05)
    print({said!r}, end="", flush=True)
"""


def child(code: str) -> YtDlp:
    return YtDlp([sys.executable, "-c", code])


def saying(value: object) -> YtDlp:
    return child(f"print({json.dumps(value)!r})")


async def looked_up(videos: YtDlp, *, within_s: float = 30.0) -> Video:
    return await videos.look_up(VIDEO, within_s=within_s)


async def trouble(videos: YtDlp, *, within_s: float = 30.0) -> Trouble:
    with pytest.raises(NotLookedUp) as told:
        await looked_up(videos, within_s=within_s)
    return trouble_of(told.value)


def holding(web: WebServer, *, itself: bool, escaped: bool = False) -> YtDlp:
    """Return a child that starts another that holds on, and may do so itself."""
    web.pages["/held"] = pages.hanging()
    hold = HOLDING.format(port=web.port, said="held" if escaped else "")
    command = f"[sys.executable, '-c', {hold!r}], start_new_session={escaped}"
    start = f"import subprocess, sys\nsubprocess.Popen({command})\n"
    return child(start + (hold if itself else ""))


@pytest.mark.parametrize("itself", [True, False])
async def test_child_that_is_slow_is_ended_with_all_that_it_started(
    web: WebServer, itself: bool
) -> None:
    # Where the child ends by itself, what it started still holds its output open.
    looking = asyncio.create_task(trouble(holding(web, itself=itself), within_s=5.0))
    await web.wait_asked(1 + itself)
    assert await looking is Trouble.SLOW
    await web.wait_alone()


async def test_what_a_child_set_free_can_print_to_nobody(web: WebServer) -> None:
    looking = asyncio.create_task(trouble(holding(web, itself=False, escaped=True), within_s=5.0))
    await web.wait_asked(1)
    assert await looking is Trouble.SLOW
    await web.wait_alone()


async def test_child_of_a_look_up_that_is_cancelled_is_ended(web: WebServer) -> None:
    looking = asyncio.create_task(looked_up(holding(web, itself=True)))
    await web.wait_asked(2)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await web.wait_alone()


async def test_child_that_does_not_stop_printing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(youtube_ytdlp, "MOST_OUTPUT", 1_000_000)
    assert await trouble(child("while True: print('x' * 10_000)")) is Trouble.UNREADABLE


@pytest.mark.parametrize(
    "code",
    [
        "",
        "print('{')",
        "print('[]')",
        "print('[' * 100_000)",
        "import os; os.write(1, bytes([0xFF, 0xFE]))",
        "raise SystemExit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    ],
)
async def test_child_that_says_nothing_that_can_be_read_is_one_sentence(code: str) -> None:
    assert await trouble(child(code)) is Trouble.UNREADABLE


async def test_interpreter_that_is_gone_is_a_sentence_too() -> None:
    assert await trouble(YtDlp(["/nonexistent/python"])) is Trouble.UNREACHED


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"trouble": "missing"}, Trouble.NO_WAY),
        ({"trouble": "private"}, Trouble.PRIVATE),
        ({"trouble": "who knows"}, Trouble.UNREADABLE),
        ({"trouble": None, **GOOD}, Trouble.UNREADABLE),
        ({**GOOD, "id": "other"}, Trouble.UNREADABLE),
        ({**GOOD, "title": 5}, Trouble.UNREADABLE),
    ],
)
async def test_what_a_child_says_is_read_strictly(said: object, meant: Trouble) -> None:
    assert await trouble(saying(said)) is meant


@pytest.mark.parametrize(
    "captions",
    [
        {"trouble": "unreadable"},
        {"text": "WEBVTT", "ext": "exe"},
        {"text": 5, "ext": "vtt"},
        {"text": "", "ext": "vtt"},
        "WEBVTT",
    ],
)
async def test_captions_of_no_known_kind_are_none(captions: object) -> None:
    found = await looked_up(saying({**GOOD, "captions": captions}))
    assert (found.captions, found.no_captions) == (None, NoCaptions.KEPT)


async def test_captions_may_be_of_no_language() -> None:
    captions = {"text": "WEBVTT\ud800", "ext": "vtt", "language": "a b", "automatic": 1}
    found = (await looked_up(saying({**GOOD, "captions": captions}))).captions
    assert found is not None
    assert (found.document, found.language, found.automatic) == (b"WEBVTT?", "", False)


async def test_child_sees_no_variable_that_could_be_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISCORD_TOKEN", "YOUTUBE_API_KEY", "SEGUE_GEMINI__API_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, "s3cret")
    told = "{'id': sys.argv[1], 'title': 'A', 'captions': None, 'description': str(os.environ)}"
    found = await looked_up(child(f"import json, os, sys; print(json.dumps({told}))"))
    assert "s3cret" not in found.description
    assert "YTDLP_NO_PLUGINS" in found.description


async def test_what_is_no_id_starts_no_process() -> None:
    with pytest.raises(NotLookedUp, match="not the id"):
        await YtDlp(["/nonexistent/python"]).look_up("--version", within_s=5.0)


async def test_child_without_yt_dlp_says_so(tmp_path: Path) -> None:
    # -S leaves out where packages are installed.
    assert await trouble(YtDlp([sys.executable, "-S", "-P", str(CHILD)])) is Trouble.NO_WAY
