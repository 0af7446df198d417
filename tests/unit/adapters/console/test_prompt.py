"""Completion and history of the prompt, without a terminal."""

from __future__ import annotations

import asyncio

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory

from adapters.console import prompt
from adapters.contract import Host
from bot.core.commands import COMMANDS
from bot.core.reply import Suggestion
from bot.core.settings import Settings
from tests.e2e.console_child import Clock, ScriptedDispatch


async def completions(line: str, dispatch=None) -> list[tuple[str, str, int]]:
    host = Host(dispatch or ScriptedDispatch(), Settings(), Clock(), asyncio.Event())
    found = prompt.CommandCompleter(host).get_completions_async(Document(line), CompleteEvent())
    return [(each.text, each.display_text, each.start_position) async for each in found]


@pytest.mark.parametrize("line", ["/s", "/SUM"])
async def test_start_of_a_command_is_completed(line):
    assert await completions(line) == [("/summarize ", "/summarize", -len(line))]


async def test_empty_line_offers_every_command():
    names = [text.strip() for text, _, _ in await completions("")]
    assert names == [f"/{spec.name}" for spec in COMMANDS]


@pytest.mark.parametrize("line", ["/topic kv", "kv"])
async def test_words_are_completed_by_the_core(line):
    assert await completions(line) == [("moment:6", "KV Cache · 2:00:32", -2)]


@pytest.mark.parametrize("line", ["7", "/help x", "/nope x"])
async def test_key_or_what_has_no_options_is_not_completed(line):
    assert await completions(line) == []


async def test_suggestion_is_harmless_and_their_number_bounded():
    class Hostile(ScriptedDispatch):
        async def complete(self, invocation, option):
            return [Suggestion("a\x1b[2J\nb", f"moment:{i}\r") for i in range(99)]

    found = await completions("kv", Hostile())
    assert len(found) == 10
    assert found[0] == ("moment:0", "a\ufffd[2J b", -2)


async def test_suggestions_that_take_too_long_are_given_up(monkeypatch):
    class Stalled(ScriptedDispatch):
        async def complete(self, invocation, option):
            await asyncio.Event().wait()

    monkeypatch.setattr(prompt, "_SUGGEST_WITHIN_S", 0.01)
    assert await completions("kv", Stalled()) == []


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/ada"}, "/state/segue/history"),
        ({"XDG_STATE_HOME": "state", "HOME": "/home/ada"}, "/home/ada/.local/state/segue/history"),
        ({"HOME": "/home/ada"}, "/home/ada/.local/state/segue/history"),
    ],
)
def test_history_lives_in_the_users_state_folder(environ, path):
    assert str(prompt.history_path(environ)) == path


def test_history_without_any_home_stays_in_memory():
    assert prompt.history_path({"HOME": ""}) is None
    assert isinstance(prompt.history({}), InMemoryHistory)


def test_history_that_cannot_be_written_stays_in_memory(tmp_path):
    (tmp_path / "segue").write_text("a file is in the way")
    assert isinstance(prompt.history({"XDG_STATE_HOME": str(tmp_path)}), InMemoryHistory)


def test_history_whose_file_fails_later_goes_on_in_this_session(tmp_path):
    kept = prompt.history({"XDG_STATE_HOME": str(tmp_path)})
    assert isinstance(kept, FileHistory)
    (tmp_path / "segue" / "history").unlink()
    (tmp_path / "segue" / "history").mkdir()
    kept.append_string("/help")
    assert kept.get_strings() == ["/help"]
