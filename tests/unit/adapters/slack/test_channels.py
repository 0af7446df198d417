"""A channel named in a digest line is known by its id; a bare name is answered with what works."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.body import visible_text
from adapters.slack.channels import may_be_posted_in
from adapters.slack.limits import violations
from adapters.slack.render import render
from bot.core.reply import Notice, Reply, Tone
from tests.unit.adapters.samples import moment_list
from tests.unit.adapters.slack.payloads import BOT, ROOM, Payload, mention, request_of, slash

ON = "digest on 9:00"


@pytest.mark.parametrize(
    "named",
    [
        "<#C0042|general>",
        "<#C0042>",
        "<#C0042|>",
        "&lt;#C0042|general&gt;",
        "#C0042",
        "https://listeners.slack.com/archives/C0042",
        "<https://listeners.slack.com/archives/C0042/p1760000009000100?thread_ts=1.2>",
        "<https://big.enterprise.slack.com/archives/C0042|#general>",
    ],
)
@pytest.mark.parametrize("line", ["digest on 9:00 {}", "Digest on {} 9:00", "/digest on 9:00{}"])
def test_channel_with_an_id_is_the_argument_and_the_rest_is_the_wish(named: str, line: str) -> None:
    named = f" {named}" if line.endswith("0{}") else named
    for payload in (slash(line.format(named)), mention(f"<@{BOT}> {line.format(named)}")):
        asked = request_of(payload)
        assert asked.answer is None
        assert asked.invocation.args == {"action": "on 9:00", "channel": "C0042"}
        assert asked.invocation.channel == ROOM


def test_channel_with_its_own_name_beside_other_markup_is_found() -> None:
    args = request_of(slash("digest on 9:00 in<#C0042|a&amp;b>Europe/Berlin")).invocation.args
    assert args == {"action": "on 9:00 in Europe/Berlin", "channel": "C0042"}


@pytest.mark.parametrize(
    "named",
    [
        "#general",
        "#",
        "<#D0042|directmessage>",
        "<#U0042>",
        "#C0042|x",
        "https://listeners.slack.com/archives/D0042",
        f"#{'9' * 100}",
    ],
)
@pytest.mark.parametrize("payload", [slash, mention])
def test_channel_that_cannot_be_known_gets_one_sentence_that_says_how(
    payload: Callable[[str], Payload], named: str
) -> None:
    asked = request_of(payload(f"{ON} {named}"))
    assert isinstance(asked.answer, Notice)
    assert asked.answer.tone is Tone.USAGE
    assert "which channel" in asked.answer.text
    assert "mention me" in asked.answer.text


def test_two_channels_at_once_are_refused() -> None:
    answer = request_of(slash(f"{ON} #C0042 <#C0043>")).answer
    assert isinstance(answer, Notice)
    assert "one channel at a time" in answer.text


@pytest.mark.parametrize("host", ["evil.example", "slack.com.evil.example", "evilslack.com"])
def test_link_of_another_host_names_no_channel(host: str) -> None:
    link = f"https://{host}/archives/C0042"
    assert request_of(slash(f"{ON} {link}")).invocation.args == {"action": f"on 9:00 {link}"}


@pytest.mark.parametrize("line", ["topic <#C0042|general>", "#general", "topic digest #x"])
def test_other_commands_keep_the_name_as_it_was_typed(line: str) -> None:
    asked = request_of(slash(line))
    assert asked.answer is None
    assert "channel" not in asked.invocation.args
    assert "C0042" not in str(asked.invocation.args)


@given(st.text("<#C0|>DG9: \nabc&;", max_size=40))
def test_whatever_is_typed_the_argument_is_the_id_of_a_channel(typed: str) -> None:
    asked = request_of(slash(f"digest on {typed}"))
    channel = asked.invocation.args.get("channel")
    assert channel is None or may_be_posted_in(channel)


@pytest.mark.parametrize(
    "reply", [Notice(text="Off.", channel="C0042"), moment_list(channel="C0042")]
)
def test_channel_that_a_reply_is_about_is_named_as_slack_names_it(reply: Reply) -> None:
    made = render(reply)
    assert "{'type': 'channel', 'channel_id': 'C0042'}" in str(made["blocks"])
    assert "#C0042" in visible_text(made)
    assert violations(made) == []


@pytest.mark.parametrize("channel", ["", "general", "C1>", "D0001", "U0001", "C0042\n", "C" * 31])
def test_channel_that_is_no_id_of_slacks_is_left_out(channel: str) -> None:
    assert render(Notice(text="Off.", channel=channel)) == render(Notice(text="Off."))
