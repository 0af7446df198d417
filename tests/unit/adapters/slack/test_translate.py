"""Slack's payloads become invocations; what a person could have forged does not pass."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.sentences import NO_LINK
from adapters.slack.asked import Filling, Opening, Request, Way
from adapters.slack.identity import Identity
from adapters.slack.names import names
from adapters.slack.place import Place
from adapters.slack.render import render
from adapters.slack.translate import Reader
from bot.core.actions import Action
from bot.core.commands import UNKNOWN_ACTION
from bot.core.reply import Notice, Reply, Tone
from bot.core.settings import SlackSettings
from tests.unit.adapters.samples import CARD, moment_list
from tests.unit.adapters.slack.payloads import (
    BOT,
    PERSON,
    ROOM,
    TEAM,
    THREAD,
    TS,
    URL,
    Payload,
    button,
    chosen,
    click,
    in_message,
    interaction,
    mention,
    message_action,
    read,
    request_of,
    slash,
)

MOMENT_8 = "1|moment|8"
ME = f"<@{BOT}>"


def said(notice: Reply | None) -> str:
    assert isinstance(notice, Notice)
    return notice.text


# Slash commands.


def test_slash_command_is_an_invocation_of_its_workspace() -> None:
    asked = request_of(slash("topic kv cache in:lex"))
    made = asked.invocation
    assert (made.command, made.args) == ("topic", {"words": "kv cache", "episode": "lex"})
    assert (made.tenant, made.channel, made.thread, made.can_share) == (
        f"slack:{TEAM}", ROOM, "", True,
    )  # fmt: skip
    assert (made.user.id, made.user.name, made.user.is_admin) == (PERSON, "alice", False)
    assert (made.reference, made.deadline) == ("ref00001", 7.0)
    assert made.command_names["topic"] == "/segue-topic"
    assert asked == Request(made, Way.SLASH, Place(ROOM), response_url=URL)


@pytest.mark.parametrize(
    ("command", "text", "asked", "args"),
    [
        ("/segue", "topic kv cache", "topic", {"words": "kv cache"}),
        ("/segue", "/Topic kv cache", "topic", {"words": "kv cache"}),
        ("/segue", "summarize 90m in:lex", "summarize", {"time": "90m", "episode": "lex"}),
        ("/segue", "episodes", "episodes", {}),
        ("/segue", "episodes lex", "episodes", {"episode": "lex"}),
        ("/segue", "help", "help", {}),
        ("/segue", "", "help", {}),
        ("/segue", " \n ", "help", {}),
        ("/segue", "kv cache", "topic", {"words": "kv cache"}),
        ("/segue", "2:00:32", "summarize", {"time": "2:00:32"}),
        ("/segue", "topic\u00a0kv\ncache", "topic", {"words": "kv cache"}),
        ("/segue-topic", "kv cache", "topic", {"words": "kv cache"}),
        ("/segue-topic", "help", "topic", {"words": "help"}),
        ("/summarize", "2:00:32", "summarize", {"time": "2:00:32"}),
        ("/summarize", "", "summarize", {}),
        ("/renamed", "topic kv cache", "topic", {"words": "kv cache"}),
    ],
)
def test_slash_command_by_any_of_its_names_is_the_command(
    command: str, text: str, asked: str, args: dict[str, str]
) -> None:
    made = request_of(slash(text, command)).invocation
    assert (made.command, made.args) == (asked, args)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("R&amp;D", "R&D"),
        ("a &lt; b &amp;lt; c", "a < b &lt; c"),
        ("kv <https://a.example/?x=1&amp;y=2|a.example>", "kv https://a.example/?x=1&y=2"),
        ("<@U0002|ada> in <#C0002|general>", "@ada in #general"),
        ("<!channel> <!subteam^S1|@team>", "@channel @team"),
    ],
)
def test_slash_text_is_read_as_it_was_typed(text: str, words: str) -> None:
    assert request_of(slash(f"topic {text}")).invocation.args == {"words": words}


@pytest.mark.parametrize("name", ["U0ADM", "U0001"])
def test_admin_is_who_the_settings_name(name: str) -> None:
    made = request_of(slash("help", user_id=name)).invocation
    assert made.user.is_admin is (name == "U0ADM")


@pytest.mark.parametrize(
    ("command", "text", "episode"),
    [
        ("/segue", "topic", ""),
        ("/segue", "topic in:lex", "lex"),
        ("/segue-topic", "", ""),
        ("/segue-topic", " in:lex fridman ", "lex fridman"),
    ],
)
def test_topic_without_words_opens_the_search(command: str, text: str, episode: str) -> None:
    opening = Opening(Place(ROOM), "1.2.abc", episode, "/segue-topic")
    assert read(slash(text, command)) == opening


def test_topic_without_words_names_the_command_that_the_settings_chose() -> None:
    settings = SlackSettings(command="pod", shortcuts="")
    reader = Reader(Identity(TEAM, BOT, "segue"), names(settings))
    asked = reader.read(slash("topic", "/pod"), reference="r", deadline=1.0)
    assert isinstance(asked, Opening)
    assert asked.typed == "/pod topic"


def test_unknown_slash_in_the_text_is_answered_without_the_core() -> None:
    answer = request_of(slash("/nosuch thing")).answer
    assert said(answer) == "Unknown command /nosuch. Try /segue help."
    assert isinstance(answer, Notice)
    assert answer.tone is Tone.USAGE


@pytest.mark.parametrize("text", ["x" * 5_000, "topic " + "x" * 301, "<a" * 60_000])
def test_text_that_is_too_long_is_answered_without_the_core(text: str) -> None:
    assert "at most" in said(request_of(slash(text)).answer)


# Mentions.


@pytest.mark.parametrize(
    ("text", "command", "args"),
    [
        (f"{ME} topic kv cache", "topic", {"words": "kv cache"}),
        (f"{ME}: topic kv\ncache", "topic", {"words": "kv cache"}),
        (f"<@{BOT}|segue>\nsummarize 2:00:32", "summarize", {"time": "2:00:32"}),
        (f"hello, {ME}, topic R&amp;D", "topic", {"words": "R&D"}),
        (f"topic kv cache {ME}", "topic", {"words": "kv cache"}),
        (f"kv cache {ME}?", "topic", {"words": "kv cache"}),
        (f"{ME} kv cache", "topic", {"words": "kv cache"}),
        (f"{ME} topic", "topic", {}),
        (ME, "help", {}),
        (f" {ME} :\n", "help", {}),
        ("", "help", {}),
    ],
)
def test_mention_is_the_line_beside_it(text: str, command: str, args: dict[str, str]) -> None:
    made = request_of(mention(text)).invocation
    assert (made.command, made.args) == (command, args)


def test_mention_is_answered_in_the_thread_it_begins() -> None:
    asked = request_of(mention(f"{ME} help"))
    assert (asked.way, asked.place) == (Way.MENTION, Place(ROOM, TS))
    made = asked.invocation
    assert (made.tenant, made.channel, made.thread) == (f"slack:{TEAM}", ROOM, f"{ROOM}:{TS}")
    assert (made.user.id, made.can_share) == (PERSON, False)
    assert made.command_names["topic"] == "@segue topic"


def test_mention_in_a_thread_stays_in_it() -> None:
    asked = request_of(mention(f"{ME} help", thread_ts=THREAD))
    assert asked.place == Place(ROOM, THREAD)
    assert asked.invocation.thread == f"{ROOM}:{THREAD}"


def test_mention_with_an_unknown_command_is_told_how_to_ask_there() -> None:
    assert "Try @segue help" in said(request_of(mention(f"{ME} /nosuch")).answer)


@pytest.mark.parametrize("event", [{"bot_id": "B1"}, {"edited": {"ts": TS}}, {"type": "message"}])
def test_event_of_a_bot_an_edit_or_another_kind_is_nobodys(event: Payload) -> None:
    assert read(mention(f"{ME} help", **event)) is None


# Buttons and selects.


def test_button_is_the_action_it_carries() -> None:
    asked = request_of(click(button(Action("search", ("0", "5", "=a|b")).encode())))
    made = asked.invocation
    assert (made.command, made.args) == (
        "search", {"episode": "0", "offset": "5", "words": "=a|b"},
    )  # fmt: skip
    assert (asked.way, asked.place, asked.on_private) == (Way.CLICK, Place(ROOM), True)
    assert (asked.response_url, asked.trigger) == (URL, "1.2.abc")
    assert (made.user.name, made.tenant, made.can_share) == ("alice", f"slack:{TEAM}", True)
    assert made.command_names["topic"] == "/segue-topic"


def test_select_is_the_action_chosen() -> None:
    select = {"type": "static_select", "action_id": "choose:0", **chosen(MOMENT_8)}
    made = request_of(click(select)).invocation
    assert (made.command, made.args) == ("moment", {"moment": "8"})


@pytest.mark.parametrize("value", ["", "foreign", "0|moment|1", "1|nothing|1", "1|", "x" * 500])
def test_button_of_another_version_is_unknown_and_not_lost(value: str) -> None:
    asked = request_of(click(button(value)))
    assert (asked.invocation.command, asked.answer) == (UNKNOWN_ACTION, None)


@pytest.mark.parametrize(
    "actions", [[], [7], None, [{"action_id": "open:3", "url": "https://a.b"}]]
)
def test_press_that_only_opens_a_link_or_is_none_asks_for_nothing(actions: Any) -> None:
    assert read(click({}) | {"actions": actions}) is None


@pytest.mark.parametrize(
    ("message", "container", "thread"),
    [
        ({}, {}, ""),
        ({"thread_ts": THREAD}, {"thread_ts": THREAD}, THREAD),
        ({"thread_ts": THREAD}, {}, THREAD),
        ({"thread_ts": TS}, {}, ""),
        ({"thread_ts": TS}, {"thread_ts": TS}, ""),
    ],
)
def test_click_in_a_thread_is_answered_there(
    message: Payload, container: Payload, thread: str
) -> None:
    asked = request_of(in_message(message, **container))
    assert (asked.place, asked.on_private) == (Place(ROOM, thread), False)
    assert asked.invocation.thread == (f"{ROOM}:{thread}" if thread else "")
    typed_as = asked.invocation.command_names["topic"]
    assert typed_as == ("@segue topic" if thread else "/segue-topic")


def test_click_on_a_private_message_in_a_thread_is_answered_there() -> None:
    asked = click(button(MOMENT_8))
    asked["container"]["thread_ts"] = THREAD
    assert request_of(asked).place == Place(ROOM, THREAD)


# Shortcuts, anything else.


LINK = "https://youtu.be/_1f-o0nqpEI?t=7232"
BARE = "https://youtu.be/_1f-o0nqpEI"
LONG = "https://www.youtube.com/watch?v=_1f-o0nqpEI&t=7232s"
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
    {"type": "text", "text": "see "}, {"type": "link", "url": LONG, "text": "this"}]}]}  # fmt: skip


@pytest.mark.parametrize(
    ("message", "link"),
    [
        ({"text": f"look at <{LINK}>!"}, LINK),
        ({"text": f"<{LINK}|here>, no?"}, LINK),
        ({"text": f"<{LONG.replace('&', '&amp;')}>"}, LONG),
        ({"text": f"<{BARE}> and <{LINK}>."}, LINK),
        ({"text": f"<https://news.example/a> <{BARE}>"}, BARE),
        ({"text": "see this", "blocks": [RICH]}, LONG),
        ({"text": f"<{LINK}|here>をどうぞ", "attachments": [{"from_url": LINK}]}, LINK),
        ({"attachments": [{"title_link": LINK.replace("?", "?a=1&amp;")}]},
         LINK.replace("?", "?a=1&")),
        ({"attachments": [{"original_url": BARE, "text": f"at <{LINK}>"}]}, LINK),
        ({"blocks": [{"type": "actions", "elements": [{"type": "button", "url": LINK}]}]}, LINK),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"<{LINK}|x>"}}]},
         LINK),
    ],
)  # fmt: skip
def test_message_with_a_link_is_summarized_at_its_second(message: Payload, link: str) -> None:
    asked = request_of(message_action(message))
    assert (asked.invocation.command, asked.invocation.args) == ("summarize", {"time": link})
    assert (asked.way, asked.place, asked.answer) == (Way.MENU, Place(ROOM), None)
    assert asked.response_url == URL


@pytest.mark.parametrize("reply", [CARD, moment_list(CARD.moment)])
def test_message_that_is_our_own_card_is_summarized_at_its_moment(reply: Reply) -> None:
    assert request_of(message_action(render(reply))).invocation.args == {"time": LINK}


@pytest.mark.parametrize(
    "message", [{}, {"text": "no link"}, {"text": "<ftp://a.example>"}, {"text": 7, "blocks": "x"}]
)
def test_message_without_a_link_is_told_so(message: Payload) -> None:
    assert request_of(message_action(message)).answer == NO_LINK


@pytest.mark.parametrize(("thread", "place"), [(THREAD, Place(ROOM, THREAD)), (TS, Place(ROOM))])
def test_message_in_a_thread_is_answered_there(thread: str, place: Place) -> None:
    asked = request_of(message_action({"text": f"<{LINK}>", "thread_ts": thread}))
    assert asked.place == place


def test_shortcut_opens_the_search_nowhere() -> None:
    opening = Opening(Place(), "1.2.abc")
    assert read(interaction("shortcut", callback_id="find_moment")) == opening


@pytest.mark.parametrize(
    "payload",
    [
        {},
        interaction("shortcut", callback_id="foreign"),
        message_action({"text": f"<{LINK}>"}, "foreign"),
        interaction("view_closed", view={}),
        interaction("interactive_message"),
        interaction("nothing known"),
        {"type": None},
        {"type": "event_callback"},
    ],
)
def test_payload_of_a_kind_nobody_reads_is_nobodys(payload: Payload) -> None:
    assert read(payload) is None


@pytest.mark.parametrize("line", ["add", "/add", " ADD "])
def test_command_with_a_form_and_no_words_asks_for_it(line: str) -> None:
    asked = read(slash(line))
    assert isinstance(asked, Filling)
    assert (asked.spec.name, asked.trigger, asked.typed) == ("add", "1.2.abc", "/segue add")
    assert asked.request.invocation.command == "add"
    assert (asked.request.way, asked.request.trigger) == (Way.SLASH, "")


def test_command_with_a_form_and_words_is_asked_as_it_is() -> None:
    asked = request_of(slash("add https://x.y/talk.vtt"))
    assert asked.invocation.args == {"source": "https://x.y/talk.vtt"}


def test_mention_of_a_command_with_a_form_says_where_that_opens() -> None:
    answer = request_of(mention(f"<@{BOT}> add")).answer
    assert isinstance(answer, Notice)
    assert "/segue add in a channel" in answer.text
    assert "@segue add https://…" in answer.text
    assert request_of(mention(f"<@{BOT}> add https://x.y")).answer is None
