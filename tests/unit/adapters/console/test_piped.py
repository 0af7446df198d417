"""Lines are read from pipes and files in whatever pieces they come."""

from __future__ import annotations

import os

import pytest

from adapters.console import piped
from adapters.console.piped import PipedLines
from bot.core.lines import MAX_LINE


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


async def read_all(lines: PipedLines) -> list[str]:
    found = []
    while (line := await lines.read()) is not None:
        found.append(line)
    return found


@pytest.mark.parametrize("chunk", [1, 3, 65_536])
async def test_lines_of_a_pipe_are_read_to_its_end_in_any_pieces(pipe, monkeypatch, chunk):
    monkeypatch.setattr(piped, "_CHUNK", chunk)
    os.write(pipe[1], "one\ntwo é\n\nlast".encode())
    os.close(pipe[1])
    assert await read_all(PipedLines(pipe[0])) == ["one", "two é", "", "last"]


async def test_bytes_that_are_no_text_are_replaced(pipe):
    os.write(pipe[1], b"\xff\xfe x\n")
    os.close(pipe[1])
    assert await read_all(PipedLines(pipe[0])) == ["\ufffd\ufffd x"]


async def test_longest_line_is_whole_and_a_longer_one_keeps_only_its_start(tmp_path):
    file = tmp_path / "lines"
    file.write_text("漢" * MAX_LINE + "\n" + "𝕏" * 300_000 + "\nnext\n")
    with file.open("rb") as opened:
        first, second, third = await read_all(PipedLines(opened.fileno()))
    assert first == "漢" * MAX_LINE
    assert MAX_LINE < len(second) < MAX_LINE + 10
    assert third == "next"


async def test_answer_to_a_question_is_the_next_line_or_none(pipe):
    os.write(pipe[1], b"words\n")
    os.close(pipe[1])
    lines = PipedLines(pipe[0])
    assert await lines.ask("What should it say?") == "words"
    assert await lines.ask("What should it say?") == ""


async def test_closed_input_has_no_lines():
    assert await read_all(PipedLines(None)) == []
