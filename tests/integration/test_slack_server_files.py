"""The loopback Slack's files: uploaded in a modal, and given to the app's token alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack_server import Act, File, NotPossible, SlackServer
from tests.integration.slack_client import Bot, Payload, field, modal, on_socket

TALK = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n"
INPUT = {"type": "file_input", "action_id": "file", "filetypes": ["vtt", "srt"], "max_files": 1}


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[Bot]:
    async with on_socket(server) as running:
        yield running


async def sent(server: SlackServer, bot: Bot, value: Any, **more: Any) -> Act:
    """Send a view with a file in it."""
    block = field("file", "file", element=INPUT) | {"optional": True} | more

    async def act(bot: Bot, kind: str, payload: Payload) -> None:
        if "trigger_id" in payload and "command" in payload:
            await bot.web.views_open(trigger_id=payload["trigger_id"], view=modal(block))

    bot.act = act
    view = await (await server.slash("/segue")).next_view()
    return await server.submit(view, {"file": {"file": value}})


async def got(url: str, token: str = "") -> tuple[int, str, bytes]:
    """Return the status, the content type and the body of an answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, answer.content_type, await answer.read()


def about(bot: Bot) -> Payload:
    values = bot.seen[-1]["view"]["state"]["values"]
    (found,) = values["file"]["file"]["files"]
    return dict(found)


async def test_uploaded_file_is_told_of_and_given_to_the_apps_token(
    server: SlackServer, bot: Bot
) -> None:
    await sent(server, bot, File("talk.vtt", TALK))
    file = about(bot)
    assert (file["name"], file["size"], file["filetype"]) == ("talk.vtt", len(TALK), "vtt")
    answer = await got(file["url_private_download"], server.bot_token)
    assert answer == (200, "text/plain", TALK)
    (call,) = server.called("file download")
    assert call.token == server.bot_token


@pytest.mark.parametrize("token", ["", "xoxb-other"])
async def test_stranger_is_shown_a_page_and_no_file(
    server: SlackServer, bot: Bot, token: str
) -> None:
    await sent(server, bot, File("talk.vtt", TALK))
    status, kind, body = await got(about(bot)["url_private_download"], token)
    assert (status, kind, TALK in body) == (200, "text/html", False)


async def test_token_without_the_scope_is_shown_the_same_page(
    server: SlackServer, bot: Bot
) -> None:
    await sent(server, bot, File("talk.vtt", TALK))
    server.scopes = frozenset({"chat:write", "commands"})
    answer = await got(about(bot)["url_private_download"], server.bot_token)
    assert answer[:2] == (200, "text/html")


async def test_view_that_asks_for_a_file_needs_the_scope_to_read_it(
    server: SlackServer, bot: Bot
) -> None:
    server.scopes = frozenset({"chat:write", "commands"})
    view, told = modal(field("file", "file", element=INPUT)), []

    async def act(bot: Bot, kind: str, payload: Payload) -> None:
        with pytest.raises(SlackApiError) as caught:
            await bot.web.views_open(trigger_id=payload["trigger_id"], view=view)
        told.append(caught.value.response)
        plain = modal(field("words", "words"))
        await bot.web.views_open(trigger_id=payload["trigger_id"], view=plain)

    bot.act = act
    await (await server.slash("/segue")).next_view()
    assert [(one["error"], one["needed"]) for one in told] == [("missing_scope", "files:read")]


async def test_file_may_be_gone_or_elsewhere_or_slow_to_come(server: SlackServer, bot: Bot) -> None:
    found = []
    for file in (File("a.vtt", missing=True), File("b.vtt", leads_to="https://evil.example/b")):
        await sent(server, bot, file)
        url = about(bot)["url_private_download"]
        found.append((await got(url, server.bot_token))[0])
    server.faults.add("file download", "status", status=503, body="down")
    found.append((await got(url, server.bot_token))[0])
    assert found == [404, 302, 503]


async def test_empty_input_holds_no_files(server: SlackServer, bot: Bot) -> None:
    await sent(server, bot, [])
    values = bot.seen[-1]["view"]["state"]["values"]
    assert values["file"]["file"] == {"type": "file_input", "files": []}


@pytest.mark.parametrize(
    "value", [File("talk.exe"), [File("a.vtt"), File("b.vtt")], "words"], ids=["exe", "two", "text"]
)
async def test_person_cannot_upload_what_is_not_asked_for(
    server: SlackServer, bot: Bot, value: Any
) -> None:
    with pytest.raises(NotPossible):
        await sent(server, bot, value)


async def test_message_in_an_archived_channel_cannot_be_changed(
    server: SlackServer, bot: Bot
) -> None:
    posted = await bot.post(server.channel.id)
    server.channel.archived = True
    with pytest.raises(SlackApiError) as caught:
        await bot.web.chat_update(channel=server.channel.id, ts=posted["ts"], text="Other.")
    assert caught.value.response["error"] == "is_inactive"
