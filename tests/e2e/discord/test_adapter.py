"""The whole bot on Discord, where the network, a permission, a shard or a stop gets in its way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Host, platform
from adapters.discord.app import SegueClient
from bot.core.settings import DiscordSettings, Settings
from tests.e2e.discord.conftest import running_bot
from tests.fakes.discord_server import Answer, DiscordServer, MessageRecord

KV = {"words": "kv cache"}
VIEW, SEND = 1 << 10, 1 << 11


def seen(message: MessageRecord) -> str:
    return platform("discord").visible_text({"components": list(message.components)})


async def shown(answer: Answer) -> str:
    return seen(await answer.settled())


async def card(server: DiscordServer, **where: Any) -> MessageRecord:
    """Return the private card of a moment, its Share button on it."""
    return await (await server.slash("topic", KV, **where)).settled()


async def test_each_shard_answers_its_own_servers(
    bot_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_: Any, **__: Any) -> None:
        """Identify without the SDK's pause of five seconds between shards."""

    monkeypatch.setattr(SegueClient, "before_identify_hook", at_once)
    async with DiscordServer(shards=2) as server:
        places = [server.add_guild(f"on {shard}", shard=shard) for shard in (0, 1)]
        for place in places:
            server.add_channel(place, "general")
        urls = DiscordSettings(
            token="t.o.k", api_url=server.api_url, gateway_url=server.gateway_url
        )
        async with running_bot(server, replace(bot_settings, discord=urls)):
            await server.wait_ready(2)
            for place in places:
                assert "2:00:32" in seen(await card(server, guild=place))
            # A direct message comes to the first shard.
            assert "2:00:32" in seen(await card(server, guild=None))
            server.gateway.close(shard=1)
            # Called while that shard is away, answered when it is back.
            assert "2:00:32" in seen(await card(server, guild=places[1]))
        assert server.violations == []


async def test_share_that_was_not_permitted_can_be_pressed_again_and_is_posted_once(
    server: DiscordServer, bot: Host
) -> None:
    channel = server.add_channel(server.guild, "quiet", permissions=VIEW)
    message = await card(server, channel=channel)
    assert "permission Send Messages" in await shown(await server.click(message, "Share"))
    assert server.posted(channel) == []
    channel.permissions = VIEW | SEND
    assert await shown(await server.click(message, "Share")) == "Shared with the channel."
    assert "shared already" in await shown(await server.click(message, "Share"))
    (post,) = server.posted(channel)
    assert "Shared by Alice" in seen(post)


async def test_share_whose_permission_is_taken_on_the_way_can_be_pressed_again(
    server: DiscordServer, bot: Host
) -> None:
    message = await card(server)
    posting = server.faults.add("POST", "/channels/", "hang")
    pressed = asyncio.create_task(server.click(message, "Share"))
    await posting.reached()
    # The interaction still said that the bot may; Discord itself refuses now.
    server.channel.permissions = VIEW
    posting.release()
    assert "Send Messages" in await shown(await pressed)
    server.channel.permissions = VIEW | SEND
    assert await shown(await server.click(message, "Share")) == "Shared with the channel."
    assert len(server.posted()) == 1


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
async def test_share_whose_connection_drops_is_posted_once(
    server: DiscordServer, bot: Host, kind: str
) -> None:
    message = await card(server)
    server.faults.add("POST", "/channels/", kind)
    assert await shown(await server.click(message, "Share")) == "Shared with the channel."
    assert len(server.called("POST", "/messages$")) == 2
    assert "shared already" in await shown(await server.click(message, "Share"))
    assert len(server.posted()) == 1


async def test_share_pressed_by_many_at_once_is_posted_once(
    server: DiscordServer, bot: Host
) -> None:
    message = await card(server)
    pressed = await asyncio.gather(*(server.click(message, "Share") for _ in range(5)))
    said = [await shown(answer) for answer in pressed]
    assert said.count("Shared with the channel.") == 1
    assert len(server.posted()) == 1


class Gated:
    """A store whose search waits for a gate; the rest is the real one."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.reached, self.gate = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def search(self, *args: Any, **kwargs: Any) -> Any:
        self.reached.set()
        await self.gate.wait()
        return await self._store.search(*args, **kwargs)


async def test_stop_in_the_middle_of_a_command_that_is_not_yet_acknowledged_still_answers_it(
    server: DiscordServer, bot_settings: Settings
) -> None:
    stores: list[Gated] = []

    def gated(store: Any) -> Gated:
        stores.append(Gated(store))
        return stores[0]

    async with running_bot(server, bot_settings, wrap=gated) as host:
        asked = asyncio.create_task(server.slash("topic", KV))
        await stores[0].reached.wait()
        assert server.called("POST", "/callback$") == []
        host.stopping.set()
        stores[0].gate.set()
        assert "2:00:32" in await shown(await asked)
    await server.wait_gone()
