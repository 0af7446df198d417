"""The loopback Discord: files come with an option or a form, and lie on a CDN of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord_server import Answer, DiscordServer, File, NotPossible
from tests.integration.discord_client import Bot, connected

TALK = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n"
ADD = {
    "name": "add",
    "description": "Add an episode",
    "options": [
        {"type": 3, "name": "link", "description": "Where it is"},
        {"type": 11, "name": "file", "description": "Its transcript"},
    ],
}


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with connected(server) as running:
        server.commands.replace([ADD])
        yield running


def upload(**more: Any) -> dict[str, Any]:
    return {"type": 19, "custom_id": "file"} | more


def form(*uploads: dict[str, Any]) -> dict[str, Any]:
    labels = [{"type": 18, "label": "File", "component": one} for one in uploads]
    return {"custom_id": "form", "title": "Add", "components": labels}


async def opened(server: DiscordServer, bot: Bot, data: dict[str, Any]) -> Answer:
    """Return the form that the bot opens; it answers what comes of it with a word."""

    async def act(interaction: discord.Interaction[Any]) -> None:
        opens = interaction.type is discord.InteractionType.application_command
        await bot.answer(interaction, *((9, data) if opens else (4, {"content": "ok"})))

    bot.act = act
    return await server.slash("add", {})


async def got(url: str, **headers: str) -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, await answer.read()


async def test_attached_file_is_told_of_and_lies_at_its_address(
    server: DiscordServer, bot: Bot
) -> None:
    await server.slash("add", {"link": "https://x.y", "file": File("talk.vtt", TALK, title="é")})
    data: Any = bot.seen[-1].data
    (chosen,) = [one for one in data["options"] if one["type"] == 11]
    about = data["resolved"]["attachments"][chosen["value"]]
    assert (about["filename"], about["title"], about["size"]) == ("talk.vtt", "é", len(TALK))
    assert await got(about["url"]) == (200, TALK)
    assert (await got(about["url"].partition("?")[0]))[0] == 404
    assert server.violations == []


async def test_file_may_be_told_of_wrongly_and_be_lost(server: DiscordServer, bot: Bot) -> None:
    await server.slash("add", {"file": File("a", size=10**9, url="https://evil.example/a")})
    await server.slash("add", {"file": File("b", missing=True)})
    await server.slash("add", {"file": File("c", leads_to="https://evil.example/c")})
    abouts: list[Any] = [
        next(iter(seen.data["resolved"]["attachments"].values()))  # type: ignore[typeddict-item]
        for seen in bot.seen
    ]
    assert (abouts[0]["size"], abouts[0]["url"]) == (10**9, "https://evil.example/a")
    assert [(await got(one["url"]))[0] for one in abouts[1:]] == [404, 302]


async def test_download_that_brings_the_bots_token_is_a_violation(
    server: DiscordServer, bot: Bot
) -> None:
    file = server.attachments.attach(File("talk.vtt"))
    await got(server.attachments.payload(file)["url"], Authorization="Bot t.o.k")
    assert len(server.violations) == 1


@pytest.mark.parametrize(("kind", "status"), [("status", 503), ("rate_limit", 429)])
async def test_cdn_misbehaves_as_it_is_told(server: DiscordServer, kind: str, status: int) -> None:
    file = server.attachments.attach(File("talk.vtt"))
    server.faults.add("GET", "/ephemeral-attachments/", kind, status=status)
    assert (await got(server.attachments.payload(file)["url"]))[0] == status


async def test_file_of_a_form_comes_with_its_ids(server: DiscordServer, bot: Bot) -> None:
    answer = await opened(server, bot, form(upload(required=False, max_values=2)))
    await server.submit_modal(answer, {"file": [File("a.vtt", TALK), File("b.vtt")]})
    data: Any = bot.seen[-1].data
    values = data["components"][0]["component"]["values"]
    assert list(data["resolved"]["attachments"]) == values
    assert len(values) == 2
    await server.submit_modal(answer, {})
    empty: Any = bot.seen[-1].data
    assert (empty["components"][0]["component"]["values"], "resolved" in empty) == ([], False)


async def test_person_cannot_leave_out_what_is_required_or_upload_too_much(
    server: DiscordServer, bot: Bot
) -> None:
    answer = await opened(server, bot, form(upload()))
    for values in ({}, {"file": [File("a"), File("b")]}, {"file": "words"}):
        with pytest.raises(NotPossible):
            await server.submit_modal(answer, values)  # type: ignore[arg-type]


FORMS = {
    "no custom_id": form({"type": 19}),
    "eleven files": form(upload(max_values=11)),
    "least above most": form(upload(min_values=3, max_values=2)),
    "file types": form(upload(filetypes=["vtt"])),
    "outside a label": {"custom_id": "form", "title": "Add", "components": [upload()]},
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS.keys())
async def test_upload_that_discord_does_not_take_is_refused(
    server: DiscordServer, bot: Bot, data: dict[str, Any]
) -> None:
    async def act(interaction: discord.Interaction[Any]) -> None:
        with pytest.raises(discord.HTTPException) as caught:
            await bot.answer(interaction, 9, data)
        assert caught.value.code == 50035
        await bot.answer(interaction, 4, {"content": "ok"})

    bot.act = act
    await server.slash("add", {})
    await bot.settled.wait()
    assert bot.failed == []


async def test_length_of_a_file_option_is_refused(server: DiscordServer, bot: Bot) -> None:
    option = {"type": 11, "name": "file", "description": "Its transcript", "max_length": 5}
    commands: Any = [{"name": "add", "description": "Add", "options": [option]}]
    with pytest.raises(discord.HTTPException):
        await bot.http.bulk_upsert_global_commands(bot.application_id, commands)
