"""In a thread, the last card that all of it can see says which episode a time means."""

from dataclasses import replace

import pytest

from bot.core.commands import User
from bot.core.reply import Audience, Choice, MomentCard
from bot.services.episode_choice import LAST_POST
from tests.fakes.documents import document

THREAD = "C1:1700000000.000100"
BOB = User("8", "Bob")


@pytest.fixture
async def two(core):
    """The core with two episodes, so that a time alone is a question."""
    await core.add(
        document("Other talk", "aaaaaaaaaaa", [(60, "Zebras", "Stripes."), (120, "Ox", "x")])
    )
    return core


async def aloud(core, line, **where):
    """Answer for all to read, as a mention is."""
    reply = await core.ask(line, **where)
    invocation = core.invocation("topic", {}, **where)
    await core.dispatch.sent(invocation, replace(reply, audience=Audience.CHANNEL))
    return reply


async def test_time_in_a_thread_means_the_episode_the_thread_saw_last(two):
    await aloud(two, "topic zebras", thread=THREAD)
    reply = await two.ask("/summarize 1:00", thread=THREAD, user=BOB)
    assert isinstance(reply, MomentCard)
    assert reply.moment.title == "Zebras"
    assert "which this thread is about" in " ".join(reply.remarks)


async def test_time_outside_that_thread_is_still_a_question(two):
    await aloud(two, "topic zebras", thread=THREAD)
    for thread in ("", "C1:1700000000.000200"):
        assert isinstance(await two.ask("/summarize 1:00", thread=thread, user=BOB), Choice)


async def test_private_answer_in_a_thread_is_not_the_threads(two):
    await two.ask("topic zebras", thread=THREAD)
    assert isinstance(await two.ask("/summarize 1:00", thread=THREAD, user=BOB), Choice)


async def test_shared_card_is_what_its_thread_is_about(two):
    await two.ask("topic zebras")
    share = next(b for b in two.reply.buttons if b.label == "Share").action
    invocation = two.invocation("share", {"card": share.args[0], "moment": share.args[1]})
    reply = await two.dispatch(invocation)
    await two.dispatch.sent(replace(invocation, thread=THREAD), reply)
    reply = await two.ask("/summarize 1:00", thread=THREAD, user=BOB)
    assert reply.moment.title == "Zebras"


async def test_thread_of_one_tenant_is_unknown_to_another(two):
    await aloud(two, "topic zebras", thread=THREAD)
    reply = await two.ask("/summarize 1:00", thread=THREAD, user=BOB, tenant="slack:T2")
    assert isinstance(reply, Choice)


async def test_thread_that_was_silent_for_long_is_a_question_again(two):
    await aloud(two, "topic zebras", thread=THREAD)
    two.clock.advance(LAST_POST.total_seconds() + 60)
    assert isinstance(await two.ask("/summarize 1:00", thread=THREAD, user=BOB), Choice)
