"""The prompt on a terminal: line editing, history and completion by prompt_toolkit."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import DummyHistory, FileHistory, History, InMemoryHistory

from adapters.console.text import safe_line
from adapters.console.translate import completion_invocation, key_number, typing_at_end
from adapters.contract import Host
from bot.core.commands import COMMANDS

PROMPT = "segue> "

_SUGGEST_WITHIN_S = 1.0
"""Seconds after which a completion is too late to help."""

_LABEL = 100
"""Characters of a completion; a menu that is wider hides what is behind it."""

_MAX_SUGGESTIONS = 10


class _Interrupted(Exception):
    """Ctrl-C was pressed. A KeyboardInterrupt would end the event loop from inside a task."""


class PromptLines:
    """Lines typed at a prompt. Ctrl-C clears the line, Ctrl-D on an empty one leaves."""

    def __init__(self, host: Host) -> None:
        self._commands: PromptSession[str] = PromptSession(
            history=history(os.environ),
            completer=CommandCompleter(host),
            complete_while_typing=True,
            enable_suspend=True,
            interrupt_exception=_Interrupted,
        )
        self._answers: PromptSession[str] = PromptSession(
            history=DummyHistory(), interrupt_exception=_Interrupted
        )

    async def read(self) -> str | None:
        """Return the next line, or None after Ctrl-D."""
        while True:
            try:
                return await self._commands.prompt_async(PROMPT)
            except _Interrupted:
                continue
            except EOFError:
                return None

    async def ask(self, question: str) -> str | None:
        """Return what was typed, "" for nothing, or None after Ctrl-C."""
        try:
            return await self._answers.prompt_async(f"{safe_line(question)} (Enter for none) ")
        except _Interrupted:
            return None
        except EOFError:
            return ""

    async def above(self, show: Callable[[], None]) -> None:
        """Show something above the prompt, and the prompt below it again."""
        await run_in_terminal(show)


class CommandCompleter(Completer):
    """Completes command names here, and options by asking the core."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Return the commands whose names begin as the line does."""
        line = document.text_before_cursor.lstrip()
        if (line and not line.startswith("/")) or " " in line:
            return
        for spec in COMMANDS:
            if f"/{spec.name}".startswith(line.casefold()):
                yield Completion(
                    f"/{spec.name} " if spec.options else f"/{spec.name}",
                    start_position=-len(line),
                    display=f"/{spec.name}",
                    display_meta=spec.description,
                )

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Return commands, or what the core suggests for the option being typed."""
        for completion in self.get_completions(document, complete_event):
            yield completion
        line = document.text_before_cursor
        typing = typing_at_end(line)
        if typing is None or key_number(line) is not None:
            return
        limits, clock = self._host.settings.limits, self._host.clock
        invocation = completion_invocation(typing, limits=limits, clock=clock)
        try:
            async with asyncio.timeout(_SUGGEST_WITHIN_S):
                found = await self._host.dispatch.complete(invocation, typing.option)
        except TimeoutError:
            return
        for suggestion in found[:_MAX_SUGGESTIONS]:
            yield Completion(
                safe_line(suggestion.value),
                start_position=-typing.length,
                display=safe_line(suggestion.line(_LABEL)),
            )


def history_path(environ: Mapping[str, str]) -> Path | None:
    """Return where typed lines are kept (XDG base directories), or None without a home."""
    state = environ.get("XDG_STATE_HOME", "")
    # The specification says that a relative path there is invalid and to be ignored.
    if os.path.isabs(state):
        return Path(state) / "segue" / "history"
    home = environ.get("HOME", "")
    return Path(home) / ".local" / "state" / "segue" / "history" if os.path.isabs(home) else None


def history(environ: Mapping[str, str]) -> History:
    """Return the history kept for this user, or one in memory where no file can be written."""
    path = history_path(environ)
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What people ask is theirs: nobody else may read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError:
        return InMemoryHistory()
    return _KeptHistory(path)


class _KeptHistory(FileHistory):
    """A history file that may stop being writable: then this session alone remembers."""

    def store_string(self, string: str) -> None:
        with contextlib.suppress(OSError):
            super().store_string(string)
