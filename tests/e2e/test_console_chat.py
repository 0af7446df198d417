"""Chats with the console as a person does on a terminal, and as a script does through a pipe."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal, on_terminal

ROOT = Path(__file__).resolve().parents[2]
CHAT = (sys.executable, "-m", "tests.e2e.console_child")

UP, CTRL_C, CTRL_D, TAB, ENTER = "\x1b[A", "\x03", "\x04", "\t", "\r"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        # Nobody answers here when the terminal is asked where its cursor is.
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }


async def leave(terminal: Terminal) -> None:
    await terminal.expect("segue>")
    terminal.type("quit" + ENTER)
    assert await terminal.exit_code() == 0
    assert terminal.restored


async def test_terminal_shows_what_to_try_and_answers_in_colour(env):
    async with on_terminal(*CHAT, env=env) as terminal:
        welcome = await terminal.expect("segue>")
        lines = [line for line in welcome.splitlines() if line.strip()]
        assert len(lines) == 6
        assert "  /topic kv cache     Find the moment" in welcome
        terminal.type("/topic kv cache" + ENTER)
        card = await terminal.expect("[2] Report")
        assert "2:00:32 · KV Cache" in card
        assert "Watch: https://youtu.be/_1f-o0nqpEI?t=7232" in card
        assert "\x1b[1m2:00:32 · KV Cache\x1b[0m" in terminal.raw
        await leave(terminal)
        # A title may not rename the window: its escape sequence never reached the terminal.
        assert "\x1b]0;renamed" not in terminal.raw


async def test_number_typed_on_a_terminal_presses_the_key(env):
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type("kv cache" + ENTER)
        await terminal.expect("[2] Report")
        await terminal.expect("segue>")
        terminal.type("1" + ENTER)
        await terminal.expect("asked full(moment=6, page=1) after 1 delivered")
        await leave(terminal)


async def test_report_asks_for_words_and_sends_them(env):
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type("kv cache" + ENTER)
        await terminal.expect("[2] Report")
        await terminal.expect("segue>")
        terminal.type("2" + ENTER)
        await terminal.expect("[2] The time")
        await terminal.expect("segue>")
        terminal.type("1" + ENTER)
        await terminal.expect("What should it say?")
        terminal.type(CTRL_C)
        await terminal.expect("segue>")
        terminal.type("1" + ENTER)
        await terminal.expect("What should it say?")
        terminal.type("key and value" + ENTER)
        await terminal.expect(
            "asked report(moment=6, reason=text, comment=key and value) after 2 delivered"
        )
        await leave(terminal)


async def test_ctrl_c_clears_the_line_and_ctrl_d_leaves(env):
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type("/topic never ask")
        await terminal.expect("never ask")
        terminal.type(CTRL_C)
        await terminal.expect("segue>")
        terminal.type("/help" + ENTER)
        await terminal.expect("asked help() after 0 delivered")
        await terminal.expect("segue>")
        terminal.type(CTRL_D)
        assert await terminal.exit_code() == 0
        assert terminal.restored


async def test_completion_shows_the_label_and_inserts_the_value(env):
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type("/to")
        await terminal.expect("Find the moment where")
        terminal.type("pic kv c")
        await terminal.expect("KV Cache · 2:00:32")
        terminal.type(TAB)
        await terminal.expect("moment:6")
        terminal.type(ENTER)
        await terminal.expect("asked topic(words=moment:6)")
        await leave(terminal)


async def test_history_is_kept_between_chats_for_its_owner_only(env, tmp_path):
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type("/topic asked before" + ENTER)
        await terminal.expect("asked topic(words=asked before)")
        await leave(terminal)
    kept = tmp_path / "state" / "segue" / "history"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type(UP)
        await terminal.expect("quit")
        terminal.type(UP + ENTER)
        await terminal.expect("asked topic(words=asked before)")
        await leave(terminal)


async def test_state_folder_that_cannot_be_made_does_not_stop_a_chat(env, tmp_path):
    (tmp_path / "state").write_text("a file is in the way")
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type("/help" + ENTER)
        await terminal.expect("asked help()")
        await leave(terminal)


async def test_no_color_leaves_answers_unstyled(env):
    async with on_terminal(*CHAT, env=env | {"NO_COLOR": "1"}) as terminal:
        await terminal.expect("segue>")
        terminal.type("kv cache" + ENTER)
        await terminal.expect("[2] Report")
        assert "2:00:32 · KV Cache\r\n" in terminal.raw
        assert "\x1b[1m" not in terminal.raw
        assert "\x1b[36m" not in terminal.raw
        await leave(terminal)


async def test_answer_fits_a_narrow_terminal(env):
    async with on_terminal(*CHAT, env=env, columns=50) as terminal:
        await terminal.expect("segue>")
        terminal.type("/help" + ENTER)
        await terminal.expect("asked help()")
        await leave(terminal)
        first = terminal.raw.split("segue>")[0]
        assert "and when, in long\r\npodcasts and videos." in first


async def test_termination_leaves_the_prompt_and_restores_the_terminal(env):
    async with on_terminal(*CHAT, env=env) as terminal:
        await terminal.expect("segue>")
        terminal.type("/topic half a li")
        await terminal.expect("half a li")
        terminal.process.send_signal(signal.SIGTERM)
        assert await terminal.exit_code() == 0
        assert terminal.restored
        assert "Traceback" not in terminal.raw


def piped(env: dict[str, str], given: bytes, **options) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        CHAT, input=given, env=env, capture_output=True, timeout=30, check=False, **options
    )


def test_pipe_is_answered_line_by_line_without_prompt_or_colour(env):
    script = "kv cache\n\n2\n1\nkey and value\n9\n/nope\n/topic last line"
    done = piped(env, script.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.startswith("2:00:32 · KV Cache\nAn episode \ufffd]0;renamed\ufffd\n\nHere, ")
    assert "segue>" not in text
    assert "\x1b" not in text
    answers = text.split("\n\n")
    assert answers[-6:-1] == [
        "[1] The words\n[2] The time",
        "asked report(moment=6, reason=text, comment=key and value) after 2 delivered",
        "The last answer has no numbers to press.",
        "Unknown command /nope. Try /help.",
        "asked topic(words=last line) after 3 delivered",
    ]


def test_pipe_is_answered_up_to_quit(env):
    done = piped(env, b"/help\r\nQuit\n/help\n")
    assert done.returncode == 0
    assert done.stdout == b"asked help() after 0 delivered\n\n"


def test_line_of_ten_megabytes_gets_a_sentence_and_the_next_line_its_answer(env):
    done = piped(env, b"a" * 10_000_000 + b"\n/help\n")
    assert done.returncode == 0
    assert done.stdout.decode().split("\n\n")[:2] == [
        "A line has at most 4,000 characters.",
        "asked help() after 0 delivered",
    ]


def test_file_as_input_is_answered_like_a_pipe(env, tmp_path):
    script = tmp_path / "script"
    script.write_text("/help\n")
    with script.open() as given:
        done = subprocess.run(
            CHAT, stdin=given, env=env, capture_output=True, timeout=30, check=True
        )
    assert done.stdout == b"asked help() after 0 delivered\n\n"


@pytest.mark.parametrize("redirection", ["</dev/null", "<&-"])
def test_no_input_at_all_is_the_end(env, redirection):
    command = f'exec "{CHAT[0]}" -m tests.e2e.console_child {redirection}'
    done = subprocess.run(
        ["sh", "-c", command], env=env, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_output_that_knows_only_ascii_is_written_all_the_same(env):
    done = piped(env | {"PYTHONIOENCODING": "ascii"}, b"kv cache\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"2:00:32 ? KV Cache\n")


async def test_reader_that_goes_away_ends_the_chat_quietly(env):
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *CHAT, stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE, env=env
    )
    os.close(writing)
    os.close(reading)
    async with asyncio.timeout(20):
        _, errors = await process.communicate(b"/help\n/help\n")
    assert (process.returncode, errors) == (0, b"")


async def test_termination_ends_a_chat_that_waits_for_a_pipe(env):
    process = await asyncio.create_subprocess_exec(
        *CHAT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    )
    process.stdin.write(b"/help\n")
    async with asyncio.timeout(20):
        await process.stdout.readuntil(b"delivered\n\n")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert await process.stderr.read() == b""
    process.stdin.close()


def test_importing_the_platform_loads_neither_prompt_nor_tables(env):
    look = (
        "import sys, adapters.console; "
        "print(sorted({'prompt_toolkit', 'wcwidth'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], env=env, capture_output=True, timeout=30, check=True
    )
    assert done.stdout == b"[]\n"
