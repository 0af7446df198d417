"""A community's daily digest, on Discord and on Slack: turned on, posted, read on, turned off."""

import asyncio
from datetime import timedelta

import pytest

from adapters.contract import platform
from bot.bootstrap import make_workers
from bot.core.catalog import PUBLIC
from bot.core.digest import State, WhenEmpty
from bot.core.settings import DiscordSettings, LimitSettings, Settings, StorageSettings
from bot.sample import SAMPLE_MEDIA
from bot.services import digest_worker
from tests.e2e.discord.conftest import running_bot as on_discord
from tests.e2e.slack.asking import body, by_slash, opened_seconds
from tests.e2e.slack.asking import seen as seen_on_slack
from tests.e2e.slack.conftest import running_bot as on_slack
from tests.e2e.slack.conftest import settings_for
from tests.fakes.discord_server import DiscordServer, buttons
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_server.rules import buttons as slack_buttons
from tests.fakes.slack_server.rules import links


async def connected(host, name):
    async with asyncio.timeout(10):
        while name not in host.outlets:  # noqa: ASYNC110 - a dict has no event
            await asyncio.sleep(0.01)


async def test_digest_on_slack_from_on_to_off(tmp_path):
    async with SlackServer() as server, on_slack(server, settings_for(server, tmp_path)) as host:
        await connected(host, "slack")
        ada, bob = server.user("ada", admin=True), server.user("bob")
        assert "Only an admin" in seen_on_slack(await by_slash(server, "digest on", user=bob))
        shown = await by_slash(server, "digest on 9:00 Europe/Berlin", user=ada)
        assert "every day at 9:00 (Europe/Berlin)" in seen_on_slack(shown)
        assert shown.ephemeral_for is ada
        act = await server.slash("/segue", "digest now", user=ada)
        await server.wait_posted(1)
        (post,) = server.posted()
        assert "5 of 15 new moments" in seen_on_slack(post)
        assert len(opened_seconds(post)) == 5
        assert post.pings == []
        assert post.metadata["event_type"]
        assert "Posted." in seen_on_slack(await act.settled())
        rest = await (await server.click(post, "10 more", user=bob)).settled()
        assert rest.ephemeral_for is bob
        assert len(opened_seconds(rest)) == 10
        read = next(one for one in slack_buttons(body(post)) if one.label == "Read")
        card = await (await server.click(post, read.action_id, user=bob)).settled()
        assert card.ephemeral_for is bob
        assert links(body(card))
        assert "posted already" in seen_on_slack(await by_slash(server, "digest now", user=ada))
        status = seen_on_slack(await by_slash(server, "digest", user=bob))
        assert "posted, 5 moments" in status
        assert "10 new moments to tell" in status
        assert "off here" in seen_on_slack(await by_slash(server, "digest off", user=ada))
        assert server.violations == []


async def test_digest_on_slack_where_the_bot_is_not_is_paused_with_the_reason(tmp_path):
    async with SlackServer() as server, on_slack(server, settings_for(server, tmp_path)) as host:
        await connected(host, "slack")
        ada = server.user("ada", admin=True)
        elsewhere = server.add_channel("elsewhere", member=False)
        await by_slash(server, "digest on 9:00 UTC", user=ada, channel=elsewhere)
        await by_slash(server, "digest now", user=ada, channel=elsewhere)
        status = await by_slash(server, "digest", user=ada, channel=elsewhere)
        assert "/invite @segue" in seen_on_slack(status)
        assert server.posted(elsewhere) == []
        elsewhere.bot_is_member = True
        await by_slash(server, "digest now", user=ada, channel=elsewhere)
        assert len(server.posted(elsewhere)) == 1
        status = await by_slash(server, "digest", user=ada, channel=elsewhere)
        assert "paused" not in seen_on_slack(status)
        labels = [button.label for button in slack_buttons(body(server.posted(elsewhere)[0]))]
        assert "10 more" in labels
        assert server.violations == []


@pytest.fixture
async def discord():
    async with DiscordServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
def discord_settings(discord, tmp_path):
    return Settings(
        storage=StorageSettings(url=f"sqlite:///{tmp_path}/segue.db"),
        discord=DiscordSettings(
            token="t.o.k", api_url=discord.api_url, gateway_url=discord.gateway_url
        ),
        limits=LimitSettings(commands_per_minute=0),
    )


def seen_on_discord(message):
    return platform("discord").visible_text({"components": message.components})


async def ask_discord(server, options, user):
    return await (await server.slash("digest", options, user=user)).settled()


async def test_digest_on_discord_from_on_to_off(discord, discord_settings):
    server = discord
    async with on_discord(server, discord_settings) as host:
        await connected(host, "discord")
        ada, bob = server.user("ada", admin=True), server.user("bob")
        refused = await ask_discord(server, {"action": "on"}, bob)
        assert "Only an admin" in seen_on_discord(refused)
        wish = {"action": "on", "at": "9:00", "zone": "Europe/Berlin"}
        shown = await ask_discord(server, wish, ada)
        assert shown.ephemeral
        assert "every day at 9:00 (Europe/Berlin)" in seen_on_discord(shown)
        told = await ask_discord(server, {"action": "now"}, ada)
        assert "Posted." in seen_on_discord(told)
        (post,) = server.posted()
        assert "5 of 15 new moments" in seen_on_discord(post)
        assert post.pings == []
        more = next(button for button in buttons(post) if button.label == "10 more")
        rest = await (await server.click(post, more.custom_id, user=bob)).settled()
        assert rest.ephemeral
        assert "10 new moments" in seen_on_discord(rest)
        again = await ask_discord(server, {"action": "now"}, ada)
        assert "posted already" in seen_on_discord(again)
        status = await ask_discord(server, {}, bob)
        assert "posted, 5 moments" in seen_on_discord(status)
        off = await ask_discord(server, {"action": "off"}, ada)
        assert "off here" in seen_on_discord(off)


async def test_digest_on_discord_without_permission_is_not_turned_on(discord, discord_settings):
    server = discord
    async with on_discord(server, discord_settings) as host:
        await connected(host, "discord")
        quiet = server.add_channel(server.guild, "quiet", permissions=1 << 10)
        wish = {"action": "on", "at": "9:00", "zone": "UTC"}
        answer = await server.slash("digest", wish, user=server.user("ada", admin=True),
                                    channel=quiet)  # fmt: skip
        text = seen_on_discord(await answer.settled())
        assert "Send Messages" in text
        assert "not turned on" in text


async def test_worker_posts_what_became_due_while_the_bot_was_away(
    discord, discord_settings, monkeypatch
):
    monkeypatch.setattr(digest_worker, "LOOK_EVERY_S", 0.05)
    server = discord
    async with on_discord(server, discord_settings) as host:
        await connected(host, "discord")
        store = host.dispatch._ports.store
        due_at = host.clock.now() - timedelta(minutes=20)
        tenant = f"discord:{server.guild.id}"
        schedule = await store.put_schedule(
            tenant,
            server.channel.id,
            at=due_at.time().replace(second=0, microsecond=0),
            zone="UTC",
            when_empty=WhenEmpty.QUIET,
            set_by=server.user("ada").id,
            first_day=due_at.date(),
            due_at=due_at,
        )
        sample = await store.episode_of_media(PUBLIC, SAMPLE_MEDIA)
        await store.watch_episode(tenant, schedule.id, sample.id)
        stop = asyncio.Event()
        working = asyncio.create_task(make_workers(host.dispatch._ports)[0].run(stop))
        (post,) = await server.wait_posted(count=1)
        assert "5 of 15 new moments (late)" in seen_on_discord(post)
        stop.set()
        await working
        (turn,) = await store.deliveries(tenant, schedule.id, 5)
        assert (turn.state, turn.message) == (State.POSTED, post.id)
