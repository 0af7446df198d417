"""Every store remembers the same small things."""

from datetime import UTC, datetime, timedelta, timezone

from bot.core.catalog import PUBLIC
from bot.core.ports import SHARE_LEASE
from tests.fakes.drafts import episode_draft

GUILD, TEAM = "discord:1", "slack:T2"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def put(store, tenant=PUBLIC, video="aaaaaaaaaaa"):
    return (await store.put_episode(tenant, episode_draft(video=video))).episode.id


async def test_last_card_is_per_tenant_channel_and_person(store):
    one, two = await put(store), await put(store, video="bbbbbbbbbbb")
    await store.remember_card(GUILD, "general", "alice", one, NOON)
    await store.remember_card(GUILD, "general", "bob", two, NOON)
    before = NOON - MINUTE
    assert await store.last_episode(GUILD, "general", "alice", before) == one
    assert await store.last_episode(GUILD, "general", "bob", before) == two
    assert await store.last_episode(GUILD, "random", "alice", before) is None
    assert await store.last_episode(TEAM, "general", "alice", before) is None


async def test_last_card_is_forgotten_after_a_while_and_replaced_by_a_later_one(store):
    one, two = await put(store), await put(store, video="bbbbbbbbbbb")
    await store.remember_card(GUILD, "general", "alice", one, NOON)
    assert await store.last_episode(GUILD, "general", "alice", NOON + MINUTE) is None
    abroad = (NOON + 2 * MINUTE).astimezone(timezone(timedelta(hours=9)))
    await store.remember_card(GUILD, "general", "alice", two, abroad)
    assert await store.last_episode(GUILD, "general", "alice", NOON + MINUTE) == two
    # What is written late does not undo what happened later.
    await store.remember_card(GUILD, "general", "alice", one, NOON)
    assert await store.last_episode(GUILD, "general", "alice", NOON + MINUTE) == two


async def test_default_episode_is_per_channel_and_can_change(store):
    one, two = await put(store), await put(store, GUILD, video="bbbbbbbbbbb")
    assert await store.default_episode(GUILD, "general") is None
    await store.set_default_episode(GUILD, "general", one)
    await store.set_default_episode(GUILD, "general", two)
    await store.set_default_episode(GUILD, "random", one)
    assert await store.default_episode(GUILD, "general") == two
    assert await store.default_episode(GUILD, "random") == one
    assert await store.default_episode(TEAM, "general") is None


async def test_episodes_out_of_sight_are_not_remembered(store):
    theirs = await put(store, TEAM)
    for ident in (theirs, 999, 10**30):
        await store.remember_card(GUILD, "general", "alice", ident, NOON)
        await store.set_default_episode(GUILD, "general", ident)
    assert await store.last_episode(GUILD, "general", "alice", NOON - MINUTE) is None
    assert await store.default_episode(GUILD, "general") is None


async def test_removed_episode_is_no_longer_remembered(store):
    ident = await put(store, GUILD)
    await store.remember_card(GUILD, "general", "alice", ident, NOON)
    await store.set_default_episode(GUILD, "general", ident)
    await store.remove_episode(GUILD, ident)
    assert await store.last_episode(GUILD, "general", "alice", NOON - MINUTE) is None
    assert await store.default_episode(GUILD, "general") is None


async def test_kept_text_has_one_short_token_per_tenant(store):
    text = "a very long search " * 40
    token = await store.keep_text(GUILD, text, NOON)
    assert len(token) <= 24
    assert token.isascii()
    assert await store.keep_text(GUILD, text, NOON + MINUTE) == token
    assert await store.keep_text(GUILD, text + "!", NOON) != token
    assert await store.kept_text(GUILD, token) == text
    assert await store.kept_text(TEAM, token) is None
    assert await store.kept_text(GUILD, token + "x") is None


async def test_kept_text_survives_half_a_surrogate_pair(store):
    token = await store.keep_text(GUILD, "half \ud83d", NOON)
    assert await store.kept_text(GUILD, token) == "half \ufffd"


async def test_share_is_claimed_once_and_can_be_given_back(store):
    assert await store.claim_share(GUILD, "card1", NOON) is True
    assert await store.claim_share(GUILD, "card1", NOON) is False
    assert await store.claim_share(TEAM, "card1", NOON) is True
    assert await store.claim_share(GUILD, "card2", NOON) is True
    await store.release_share(GUILD, "card1")
    await store.release_share(GUILD, "never claimed")
    assert await store.claim_share(GUILD, "card1", NOON) is True
    assert await store.claim_share(TEAM, "card1", NOON) is False


async def test_share_claim_that_was_never_confirmed_lapses(store):
    assert await store.claim_share(GUILD, "card1", NOON) is True
    assert await store.claim_share(GUILD, "card1", NOON + SHARE_LEASE) is False
    late = NOON + 2 * SHARE_LEASE
    assert await store.claim_share(GUILD, "card1", late) is True
    await store.confirm_share(GUILD, "card1")
    assert await store.claim_share(GUILD, "card1", late + 100 * SHARE_LEASE) is False


async def test_what_was_written_is_there_after_reopening(opened, tmp_path):
    async with opened(tmp_path) as store:
        ident = await put(store)
        token = await store.keep_text(GUILD, "text", NOON)
        await store.claim_share(GUILD, "card1", NOON)
        await store.remember_card(GUILD, "general", "alice", ident, NOON)
    async with opened(tmp_path) as store:
        assert await store.kept_text(GUILD, token) == "text"
        assert await store.claim_share(GUILD, "card1", NOON) is False
        assert await store.last_episode(GUILD, "general", "alice", NOON - MINUTE) == ident
        assert (await store.episode(GUILD, ident)).id == ident
