"""The ways to ask on Slack, and what is seen of the answer."""

from adapters.contract import platform
from bot.core.media import parse_link
from tests.fakes.slack_server import View
from tests.fakes.slack_server.rules import links

SLACK = platform("slack")


async def by_slash(server, line, **where):
    act = await server.slash("/segue", line, **where)
    return await act.settled()


async def by_mention(server, line, **where):
    act = await server.mention(line, **where)
    return await act.settled()


async def by_mention_in_a_thread(server, line, **where):
    """Mention the bot where others talk already."""
    root = server.say("What do they say about it?", channel=where.get("channel"))
    act = await server.mention(line, thread=root, **where)
    answer = await act.settled()
    assert answer.thread_ts == root.ts
    return answer


async def by_modal(server, line, **where):
    """Search with the words of ``topic <words>`` in the form that opens without them."""
    words = line.removeprefix("topic ")
    opened = await (await server.slash("/segue", "topic", **where)).settled()
    act = await server.submit(opened, {"words": {"words": words}}, **who(where))
    return await act.settled()


WAYS = {
    "slash": by_slash,
    "mention": by_mention,
    "thread": by_mention_in_a_thread,
    "modal": by_modal,
}


def who(where):
    return {"user": where["user"]} if "user" in where else {}


def body(shown):
    """Return what was sent, as the platform reads it: a message's parts, or a view."""
    return shown.body if isinstance(shown, View) else {"text": shown.text, "blocks": shown.blocks}


def seen(shown):
    return SLACK.visible_text(body(shown))


def opened_seconds(shown):
    """Return the seconds of the sample that an answer's links open, in order, once each."""
    found = [parse_link(link) for link in links(body(shown))]
    return list(dict.fromkeys(link.at.seconds for link in found if link and link.at))
