"""The chat loop: what a line or a number does, and how a chat ends."""

from __future__ import annotations

import asyncio
import io

import pytest

from adapters.console.app import Chat, ConsoleOutlet
from adapters.console.screen import Screen
from adapters.console.translate import TENANT
from adapters.contract import Host
from bot.core.outlet import Outcome
from bot.core.reply import Notice
from bot.core.settings import Settings
from tests.e2e.console_child import CARD, REASONS, Clock, ScriptedDispatch


class Typed:
    """Lines as they will be typed; afterwards the input ends, or never does."""

    def __init__(self, *lines: str, comment: str | None = "", ends: bool = True) -> None:
        self._lines = list(lines)
        self._ends = ends
        self.comment = comment
        self.questions: list[str] = []

    async def read(self) -> str | None:
        if not self._lines and not self._ends:
            await asyncio.Event().wait()
        return self._lines.pop(0) if self._lines else None

    async def ask(self, question: str) -> str | None:
        self.questions.append(question)
        return self.comment

    async def above(self, show) -> None:
        show()


class Room:
    """A chat with its scripted core and what was written."""

    def __init__(
        self,
        lines: Typed,
        stream: io.StringIO | None = None,
        dispatch: ScriptedDispatch | None = None,
    ) -> None:
        self.dispatch = dispatch or ScriptedDispatch()
        self.stopping = asyncio.Event()
        self.written = io.StringIO() if stream is None else stream
        host = Host(self.dispatch, Settings(), Clock(), self.stopping)
        self.chat = Chat(host, lines, Screen(self.written, {}))

    @property
    def asked(self) -> list[tuple[str, dict[str, str]]]:
        return [(each.command, dict(each.args)) for each in self.dispatch.asked]


async def chatted(*lines: str, **how) -> Room:
    room = Room(Typed(*lines, **how))
    await room.chat.run()
    return room


async def test_reply_is_written_before_its_bookkeeping():
    class Watched(ScriptedDispatch):
        async def sent(self, invocation, reply):
            self.seen = room.written.getvalue()

    room = Room(Typed("kv cache"), dispatch=Watched())
    await room.chat.run()
    assert "2:00:32 · KV Cache" in room.dispatch.seen


async def test_reply_that_nobody_can_read_is_taken_back():
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    room = Room(Typed("kv cache"), Gone())
    with pytest.raises(BrokenPipeError):
        await room.chat.run()
    assert room.dispatch.undelivered == [CARD]
    assert room.dispatch.delivered == []


async def test_number_presses_the_last_reply_and_no_earlier_one():
    room = await chatted("kv cache", "/help", "1")
    assert [command for command, _ in room.asked] == ["topic", "help"]
    assert "The last answer has no numbers to press." in room.written.getvalue()


async def test_number_still_presses_after_a_line_that_was_not_understood():
    room = await chatted("kv cache", "/nope", "7", "1")
    assert room.asked[-1] == ("full", {"moment": "6", "page": "1"})
    assert "There is no [7]. The last answer goes to [2]." in room.written.getvalue()


@pytest.mark.parametrize("line", ["0", "99", "/99"])
async def test_number_that_no_reply_shows_asks_nothing(line):
    room = await chatted("kv cache", line)
    assert len(room.asked) == 1


async def test_number_of_seconds_is_a_time():
    room = await chatted("kv cache", "7232", "100")
    assert room.asked[1:] == [("summarize", {"time": "7232"}), ("summarize", {"time": "100"})]


async def test_option_that_wants_words_asks_for_them():
    lines = Typed("kv cache", "2", "1", comment="key and value")
    room = Room(lines)
    await room.chat.run()
    assert lines.questions == [REASONS.comment]
    report = {"moment": "6", "reason": "text", "comment": "key and value"}
    assert room.asked[-1] == ("report", report)


async def test_option_whose_words_were_called_off_sends_nothing():
    room = await chatted("kv cache", "2", "1", comment=None)
    assert len(room.asked) == 2


@pytest.mark.parametrize("line", ["quit", "exit", " QUIT ", "/exit"])
async def test_word_that_leaves_ends_the_chat(line):
    assert (await chatted(line, "/help")).asked == []


async def test_stopping_ends_a_chat_that_waits_for_a_line():
    room = Room(Typed("/help", ends=False))
    chat = asyncio.create_task(room.chat.run())
    room.stopping.set()
    await asyncio.wait_for(chat, 5)


async def test_stopping_lets_the_answer_under_way_be_given():
    class Slow(ScriptedDispatch):
        async def __call__(self, invocation):
            room.stopping.set()
            await asyncio.sleep(0)
            return Notice(text="late but given")

    room = Room(Typed("/help", "/help"), dispatch=Slow())
    await room.chat.run()
    assert room.written.getvalue() == "late but given\n\n"


async def test_outlet_shows_what_is_posted_by_itself() -> None:
    written = io.StringIO()
    outlet = ConsoleOutlet(Typed(), Screen(written, {}))
    posted = await outlet.post("console", Notice(text="Five new moments."), key="k", within_s=5)
    assert (posted.outcome, posted.message) == (Outcome.POSTED, "k")
    assert await outlet.refusal(TENANT, "console") is None
    assert await outlet.tell("console", Notice(text="It is paused."))
    assert "Five new moments." in written.getvalue()
    assert "It is paused." in written.getvalue()
