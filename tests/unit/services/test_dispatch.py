"""Limits, deadlines and faults: always a sentence, never an exception's text."""

import asyncio
import logging

import pytest

from bot.core.errors import Busy, ConfigError, SegueError, StorageError
from bot.core.reply import MomentCard, Notice, Tone
from bot.core.settings import LimitSettings
from bot.services.dispatch import FAULT
from tests.fakes.core import Core

INNER = "secret of the exception"


class Broken:
    """A store whose every method does what it is told."""

    def __init__(self, outcome):
        self._outcome = outcome

    def __getattr__(self, name):
        async def method(*args, **kwargs):
            if isinstance(self._outcome, Exception):
                raise self._outcome
            await asyncio.Event().wait()

        return method


@pytest.mark.parametrize("kind", [RuntimeError, StorageError, ConfigError, SegueError])
async def test_fault_gets_a_sentence_whose_reference_is_in_the_log(caplog, kind):
    core = Core(Broken(kind(INNER)))
    reply = await core.dispatch(core.invocation("topic", {"words": "kv cache"}))
    assert reply == Notice(text=FAULT, tone=Tone.ERROR, reference="ref1")
    assert INNER not in reply.text
    assert "ref1" in caplog.text
    assert INNER in caplog.text


async def test_busy_store_says_so(caplog):
    caplog.set_level(logging.WARNING)
    core = Core(Broken(Busy()))
    reply = await core.dispatch(core.invocation("topic", {"words": "kv cache"}))
    assert "busy" in reply.text
    assert reply.reference == "ref1"


async def test_stalled_store_is_given_up_at_the_deadline():
    core = Core(Broken(None))
    invocation = core.invocation("topic", {"words": "kv"}, deadline=core.clock.monotonic() + 0.05)
    reply = await core.dispatch(invocation)
    assert "busy" in reply.text


async def test_bookkeeping_faults_are_swallowed_and_logged(core, caplog):
    invocation = core.invocation("topic", {"words": "kv cache"})
    reply = await core.dispatch(invocation)
    broken = Core(Broken(RuntimeError(INNER)))
    await broken.dispatch.sent(invocation, reply)
    assert invocation.reference in caplog.text


async def test_completions_of_a_broken_store_are_none():
    core = Core(Broken(RuntimeError(INNER)))
    assert await core.dispatch.complete(core.invocation("topic", {"words": "k"}), "words") == []


async def test_person_over_the_limit_waits_and_others_do_not(core):
    limited = Core(core.store, limits=LimitSettings(commands_per_minute=3))
    for _ in range(3):
        assert isinstance(await limited.ask("/topic kv cache"), MomentCard)
    refused = await limited.ask("/topic kv cache")
    assert refused.text == "That was a lot at once. Please ask again in 20 s."
    other = type(limited.invocation("help", {}).user)("8", "Bob")
    assert isinstance(await limited.ask("/topic kv cache", user=other), MomentCard)
    limited.clock.advance(21)
    assert isinstance(await limited.ask("/topic kv cache"), MomentCard)


@pytest.mark.parametrize("command", ["topic", "summarize"])
async def test_missing_required_option_shows_an_example(core, command):
    reply = await core.run(core.invocation(command, {}))
    assert f"/{command} " in reply.text
    assert reply.tone is Tone.USAGE


async def test_cancelled_dispatch_is_cancelled():
    core = Core(Broken(None))
    task = asyncio.create_task(core.dispatch(core.invocation("topic", {"words": "kv"})))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
