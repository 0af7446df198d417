"""The digest of another channel, on both platforms: turned on, posted there, told of here."""

import pytest

from tests.e2e.discord.conftest import running_bot as on_discord
from tests.e2e.slack.asking import by_mention, by_slash
from tests.e2e.slack.asking import seen as seen_on_slack
from tests.e2e.slack.conftest import running_bot as on_slack
from tests.e2e.slack.conftest import settings_for
from tests.e2e.test_digest import connected, discord, discord_settings, seen_on_discord
from tests.fakes.discord_server.answers import NotPossible
from tests.fakes.slack_server import SlackServer

__all__ = ["discord", "discord_settings"]

ON = {"action": "on", "at": "9:00", "zone": "UTC"}


async def ask(server, options, **where):
    return await (await server.slash("digest", options, **where)).settled()


async def test_digest_of_another_channel_on_discord(discord, discord_settings):
    server = discord
    async with on_discord(server, discord_settings) as host:
        await connected(host, "discord")
        ada, bob = server.user("ada", admin=True), server.user("bob")
        other = server.add_channel(server.guild, "elsewhere")
        refused = await ask(server, {**ON, "channel": other}, user=bob)
        assert "Only an admin can name another channel" in seen_on_discord(refused)
        shown = await ask(server, {**ON, "channel": other}, user=ada)
        assert f"<#{other.id}>" in str(shown.components)
        assert shown.pings == []
        told = await ask(server, {"action": "now", "channel": other}, user=ada)
        assert "Posted." in seen_on_discord(told)
        assert len(server.posted(other)) == 1
        assert server.posted(server.channel) == []
        assert "No daily digest is posted here" in seen_on_discord(await ask(server, {}, user=bob))
        off = await ask(server, {"action": "off", "channel": other}, user=ada)
        assert "off in that channel" in seen_on_discord(off)


async def test_channel_on_discord_that_cannot_be_posted_in_is_not_turned_on(
    discord, discord_settings
):
    server = discord
    async with on_discord(server, discord_settings) as host:
        await connected(host, "discord")
        ada = server.user("ada", admin=True)
        hidden = server.add_channel(server.guild, "hidden", permissions=0)
        answer = seen_on_discord(await ask(server, {**ON, "channel": hidden}, user=ada))
        assert "View Channel" in answer
        assert "not turned on" in answer
        for kind in (2, 4, 13, 15):
            place = server.add_channel(server.guild, "other", kind)
            with pytest.raises(NotPossible):
                await ask(server, {**ON, "channel": place}, user=ada)


async def test_digest_of_another_channel_on_slack(tmp_path):
    async with SlackServer() as server, on_slack(server, settings_for(server, tmp_path)) as host:
        await connected(host, "slack")
        ada, bob = server.user("ada", admin=True), server.user("bob")
        other = server.add_channel("elsewhere")
        named = await by_slash(server, "digest on 9:00 UTC #elsewhere", user=ada)
        assert "which channel" in seen_on_slack(named)
        line = f"digest on 9:00 UTC <#{other.id}|elsewhere>"
        refused = await by_mention(server, line, user=bob)
        assert "Only an admin can name another channel" in seen_on_slack(refused)
        # First the word in the other channel, which shows that both are in it.
        shown = await (await server.mention(line, user=ada)).next(2)
        assert f"#{other.id}" in seen_on_slack(shown)
        address = f"https://listeners.slack.com/archives/{other.id}"
        told = await (await server.slash("/segue", f"digest now {address}", user=ada)).next(2)
        assert "Posted." in seen_on_slack(told)
        assert len(server.posted(other)) == 1
        status = await by_slash(server, f"digest <#{other.id}>", user=ada)
        assert "posted, 5 moments" in seen_on_slack(status)
        away = server.add_channel("away", member=False)
        answer = seen_on_slack(await by_slash(server, f"digest on 9:00 UTC <#{away.id}>", user=ada))
        assert "/invite @segue" in answer
        assert "not turned on" in answer
        assert server.violations == []
