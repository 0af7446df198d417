"""A community's view: what is typed and pressed on Slack, and what is seen there."""

import re

import pytest

from bot.core.catalog import PUBLIC
from tests.e2e.slack.asking import SLACK, WAYS, body, by_slash, opened_seconds, seen
from tests.fakes.slack_server import Message
from tests.fakes.slack_server.rules import buttons, links

KV_CACHE = "https://youtu.be/_1f-o0nqpEI?t=7232"

every_way = pytest.mark.parametrize("ask", WAYS.values(), ids=WAYS)
TYPED = ("slash", "mention", "thread")
typed_ways = pytest.mark.parametrize("ask", [WAYS[name] for name in TYPED], ids=TYPED)


def runs_of_eight(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


def labels(shown):
    return [button.label for button in buttons(body(shown))]


@every_way
async def test_topic_answers_with_the_moment_and_its_link(server, bot, ask):
    shown = await ask(server, "topic kv cache")
    assert server.acts.all[-1].ack_seconds < 3
    assert "2:00:32" in seen(shown)
    assert "Notes · Gemini 2.0 Flash" in seen(shown)
    assert KV_CACHE in links(body(shown))


@every_way
async def test_topic_in_several_moments_lists_the_title_hit_first(server, bot, ask):
    assert opened_seconds(await ask(server, "topic tsmc")) == [6_207, 3_418, 14_930]


@every_way
@pytest.mark.parametrize(
    ("words", "second"),
    [("Jevons", 11_844), ("R&D", 6_207), ("o3-mini", 11_065), ("kv cach", 7_232)],
)
async def test_topic_lands_on_its_moment(server, bot, ask, words, second):
    shown = await ask(server, f"topic {words}")
    assert opened_seconds(shown)[0] == second
    assert ("Showing “kv cache”" in seen(shown)) == (words == "kv cach")


@every_way
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("zzzz qqqq", "Nothing about"),
        ("quantum error correction", "Nothing about"),
        ('"', "no word"),
        ("C++", "Nothing about"),
        ("AND OR NOT", "common"),
    ],
)
async def test_topic_that_is_not_there_is_an_honest_sentence(server, bot, ask, words, sentence):
    shown = await ask(server, f"topic {words}")
    assert sentence in seen(shown)
    assert list(links(body(shown))) == []


@typed_ways
@pytest.mark.parametrize("time", ["2:00:32", "2h0m32s", "7232", f"{KV_CACHE}s"])
async def test_every_form_of_a_time_is_the_same_card(server, bot, ask, time):
    shown = await ask(server, f"summarize {time}")
    assert "KV Cache" in seen(shown)
    assert opened_seconds(shown)[0] == 7_232


@typed_ways
async def test_gap_names_the_neighbours_and_none_of_their_text(server, bot, ask):
    shown = await ask(server, "summarize 2:50:00")
    text = seen(shown)
    assert "49:28 earlier" in text
    assert "14:25 later" in text
    assert 10_200 in opened_seconds(shown)
    for moment in await bot.dispatch._ports.store.outline(PUBLIC, 1, offset=0, limit=20):
        assert not runs_of_eight(moment.segment.text) & runs_of_eight(text)


@typed_ways
@pytest.mark.parametrize(
    ("time", "sentences"),
    [
        ("2:03:00", ["KV Cache", "noted 2:28 earlier"]),
        ("4:17:54", ["Perplexity", "4:13:38"]),
        ("4:13:38", ["Perplexity", "4:17:54"]),
        ("4:08", ["Intel", "4 h 8 min", "starts 0:50 later"]),
        ("9:99:99", ["Minutes and seconds go to 59."]),
        ("6:00:00", ["Nothing is noted after 4:30:03"]),
        ("https://youtu.be/aaaaaaaaaaa?t=9", ["no notes on that video"]),
    ],
)
async def test_time_is_answered_as_far_as_the_notes_reach(server, bot, ask, time, sentences):
    shown = await ask(server, f"summarize {time}")
    for sentence in sentences:
        assert sentence in seen(shown)
    if time in {"4:17:54", "4:13:38"}:
        assert "https://youtu.be/_1f-o0nqpEI?t=15474" in links(body(shown))
        assert 15_218 not in opened_seconds(shown)
    if time == "4:08":
        assert "4 min 8 s instead" in labels(shown)


async def test_slash_command_is_answered_privately_in_its_acknowledgement(server, bot):
    act = await server.slash("/segue", "topic kv cache")
    message = await act.settled()
    assert message.ephemeral_for is act.person
    assert act.ack["blocks"]
    assert server.called("response_url") == []
    assert server.posted() == []


async def test_commands_of_their_own_answer_as_well(server, bot):
    shown = await (await server.slash("/segue-topic", "kv cache")).settled()
    assert opened_seconds(shown)[0] == 7_232
    shown = await (await server.slash("/summarize", "2:00:32")).settled()
    assert opened_seconds(shown)[0] == 7_232


async def test_mention_is_answered_publicly_in_its_thread(server, bot):
    act = await server.mention("topic kv cache")
    message = await act.settled()
    assert message.ephemeral_for is None
    assert message.thread_ts == act.payload["event"]["ts"]
    assert message.pings == []
    assert "Share" not in labels(message)


async def test_mention_in_a_thread_stays_in_it(server, bot):
    first = await (await server.mention("topic kv cache")).settled()
    again = await (await server.mention("summarize 4:08", thread=first)).settled()
    assert again.thread_ts == first.thread_ts
    assert "Intel" in seen(again)


@typed_ways
async def test_commands_are_named_as_they_are_typed_there(server, bot, ask):
    text = seen(await ask(server, "help"))
    names = {
        WAYS["slash"]: ["/segue-topic ", "/summarize ", "/segue episodes"],
        WAYS["mention"]: ["@segue topic ", "@segue summarize ", "@segue episodes"],
        WAYS["thread"]: ["@segue topic ", "@segue summarize ", "@segue episodes"],
    }
    for name in names[ask]:
        assert name in text
    assert "/topic" not in text.replace("/segue-topic", "")


async def test_every_message_passes_the_platforms_own_reading(server, bot):
    for line in ("topic kv cache", "topic tsmc", "episodes", "help", "summarize 4:08"):
        shown = await by_slash(server, line)
        assert isinstance(shown, Message)
        assert SLACK.violations(server.acts.all[-1].ack) == []
