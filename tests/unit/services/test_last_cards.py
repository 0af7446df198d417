"""What was shown last is noted after it is there, and not over and over."""

from dataclasses import replace

import pytest

from bot.core.catalog import PUBLIC
from bot.services import last_cards
from bot.services.last_cards import AGAIN_AFTER_S
from tests.fakes.documents import document


class Counting:
    """A store that counts its notes."""

    def __init__(self, store):
        self._store = store
        self.notes = []

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def remember_card(self, tenant, channel, user, episode, at):
        self.notes.append((channel, user, episode))
        await self._store.remember_card(tenant, channel, user, episode, at)


@pytest.fixture
def counted(core, monkeypatch):
    store = Counting(core.store)
    notes = core.dispatch._last_cards
    monkeypatch.setattr(notes, "_ports", replace(notes._ports, store=store))
    return store


async def test_same_card_in_quick_succession_is_noted_once(core, counted):
    for _ in range(3):
        await core.ask("topic kv cache")
    assert counted.notes == [("general", "7", 1)]
    core.clock.advance(AGAIN_AFTER_S)
    await core.ask("topic kv cache")
    assert len(counted.notes) == 2


async def test_other_episode_person_or_channel_is_noted_at_once(core, counted):
    await core.add(document("Other talk", "aaaaaaaaaaa", [(60, "Zebras", "Stripes.")]), PUBLIC)
    await core.ask("topic kv cache")
    await core.ask("topic zebras")
    await core.ask("topic kv cache")
    await core.ask("topic kv cache", channel="elsewhere")
    assert [note[0::2] for note in counted.notes] == [
        ("general", 1), ("general", 2), ("general", 1), ("elsewhere", 1),
    ]  # fmt: skip


async def test_notes_kept_at_hand_are_bounded(core, counted, monkeypatch):
    monkeypatch.setattr(last_cards, "MOST", 2)
    for channel in ("a", "b", "c", "a"):
        await core.ask("topic kv cache", channel=channel)
    assert [note[0] for note in counted.notes] == ["a", "b", "c", "a"]
    assert len(core.dispatch._last_cards._noted) == 2
