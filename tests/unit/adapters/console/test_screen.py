"""When the console shows colour, and how wide it writes."""

from __future__ import annotations

import fcntl
import io
import os
import struct
import termios

import pytest

from adapters.console.canvas import Page, Span, Style
from adapters.console.screen import Screen

PAGE = Page(((Span("KV · Cache", Style.STRONG),),))


class Tty(io.StringIO):
    """Text written to what says that it is a terminal, of no size of its own."""

    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, environ: dict[str, str]) -> str:
    Screen(stream, environ).show(PAGE)
    return stream.getvalue()


def test_terminal_gets_colour():
    assert shown(Tty(), {"TERM": "xterm", "NO_COLOR": ""}) == "\x1b[1mKV · Cache\x1b[0m\n\n"


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_terminal_that_wants_no_colour_gets_none(environ):
    assert shown(Tty(), environ) == "KV · Cache\n\n"


def test_pipe_gets_no_colour_and_80_columns():
    assert shown(io.StringIO(), {"TERM": "xterm"}) == "KV · Cache\n\n"
    assert Screen(io.StringIO(), {}).columns == 80


def test_terminal_without_a_size_is_80_columns_wide():
    assert Screen(Tty(), {}).columns == 80


@pytest.mark.parametrize(("wide", "columns"), [(0, 80), (10, 40), (64, 64), (100, 100), (250, 100)])
def test_terminal_is_written_to_its_width_within_reason(wide, columns):
    master, slave = os.openpty()
    try:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, wide, 0, 0))
        with open(slave, "w", encoding="utf-8", closefd=False) as stream:
            assert Screen(stream, {}).columns == columns
    finally:
        os.close(master)
        os.close(slave)
