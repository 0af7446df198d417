"""Every store brings documents in, up to date and out the same way."""

from dataclasses import replace

import pytest

from bot.core.catalog import PUBLIC, Reference
from bot.core.errors import BadDocument
from bot.core.media import Media
from bot.core.query import parse_query
from bot.core.timecode import Timecode
from tests.fakes.drafts import episode_draft, segment_draft

GUILD = "discord:1"
ROWS = [(60, "First", "one"), (120, "Second", "two"), (180, "Third", "three")]


async def by_title(store, episode_id, tenant=PUBLIC):
    moments = await store.outline(tenant, episode_id, offset=0, limit=999)
    return {m.segment.title: m.segment.id for m in moments}


async def put(store, rows, tenant=PUBLIC, **changes):
    return await store.put_episode(tenant, episode_draft(rows, **changes))


async def titles(store, words, tenant=PUBLIC):
    found = await store.search(tenant, parse_query(words), limit=99)
    return sorted(c.moment.segment.title for c in found)


async def test_same_document_again_changes_nothing(store):
    first = await put(store, ROWS)
    assert (first.created, first.added, first.unchanged) == (True, 3, False)
    before = await by_title(store, first.episode.id)
    again = await put(store, ROWS)
    assert again.unchanged
    assert again.episode == first.episode
    assert await by_title(store, first.episode.id) == before


async def test_edited_document_keeps_the_ids_of_what_stays(store):
    first = await put(store, ROWS)
    before = await by_title(store, first.episode.id)
    outcome = await put(store, [ROWS[0], (125, "Second", "two"), (180, "3rd", "three"), (9, "New")])
    after = await by_title(store, first.episode.id)
    assert (outcome.added, outcome.updated, outcome.removed) == (1, 2, 0)
    assert after["First"] == before["First"]
    assert after["Second"] == before["Second"]
    assert after["3rd"] == before["Third"]
    assert after["New"] not in before.values()
    assert outcome.episode.id == first.episode.id
    assert (outcome.episode.first_at, outcome.episode.segment_count) == (Timecode(9), 4)


async def test_removed_row_is_gone_from_every_read_and_its_id_is_not_used_again(store):
    first = await put(store, ROWS)
    gone = (await by_title(store, first.episode.id))["Third"]
    outcome = await put(store, ROWS[:2])
    assert (outcome.removed, outcome.episode.segment_count) == (1, 2)
    assert await store.moment(PUBLIC, gone) is None
    assert await titles(store, "third") == []
    assert await titles(store, "three") == []
    assert await store.suggest(PUBLIC, "thi", 9) == []
    await put(store, [*ROWS[:2], (300, "Fourth", "four")])
    assert (await by_title(store, first.episode.id))["Fourth"] > gone


async def test_reworded_row_is_found_by_its_new_words_only(store):
    await put(store, ROWS)
    await put(store, [*ROWS[:2], (180, "Third", "quagga")])
    assert await titles(store, "quagga") == ["Third"]
    assert await titles(store, "three") == []


async def test_change_around_the_rows_is_not_called_unchanged(store):
    first = await put(store, ROWS)
    for changes in (
        {"intro": "Hello"},
        {"intro": "Hello", "title": "Renamed"},
        {"intro": "Hello", "title": "Renamed", "show": "A show"},
        {"intro": "Hello", "title": "Renamed", "references": (Reference("x", None),)},
    ):
        outcome = await put(store, ROWS, **changes)
        assert (outcome.retold, outcome.unchanged) == (True, False)
        assert (outcome.added, outcome.updated, outcome.removed) == (0, 0, 0)
        assert (await put(store, ROWS, **changes)).unchanged
    assert outcome.episode == await store.episode(PUBLIC, first.episode.id)
    assert outcome.episode.title == "Renamed"
    assert await store.find_episodes(PUBLIC, "renamed", 9) == [outcome.episode]
    assert await store.find_episodes(PUBLIC, "a talk", 9) == []


async def test_rows_in_another_order_keep_their_ids_and_are_exported_so(store):
    first = await put(store, ROWS)
    before = await by_title(store, first.episode.id)
    outcome = await put(store, list(reversed(ROWS)))
    assert (outcome.retold, outcome.updated) == (True, 0)
    assert await by_title(store, first.episode.id) == before
    stored = await store.stored_episode(PUBLIC, first.episode.id)
    assert [row.title for row, _ in stored.segments] == ["Third", "Second", "First"]


async def test_row_put_in_front_is_an_addition_and_nothing_else(store):
    await put(store, ROWS)
    outcome = await put(store, [(5, "Zero", "nil"), *ROWS])
    assert (outcome.added, outcome.updated, outcome.removed, outcome.retold) == (1, 0, 0, False)


async def test_each_tenant_has_its_own_episode_of_a_recording(store):
    public = await put(store, ROWS)
    own = await put(store, [(60, "Mine", "own words")], GUILD)
    assert own.created
    assert own.episode.id != public.episode.id
    assert set(await by_title(store, public.episode.id)) == {"First", "Second", "Third"}
    assert await titles(store, "mine", GUILD) == ["Mine"]


async def test_remove_takes_the_episode_and_all_that_hangs_on_it(store):
    kept = await put(store, [(60, "Kept", "three")], video="bbbbbbbbbbb")
    gone = await put(store, ROWS, show="A show")
    assert await store.remove_episode(PUBLIC, gone.episode.id) is True
    assert await store.episode(PUBLIC, gone.episode.id) is None
    assert await titles(store, "three") == ["Kept"]
    assert await store.episodes(PUBLIC, offset=0, limit=9) == [kept.episode]
    statistics = await store.statistics(PUBLIC, frozenset({"three", "two"}))
    assert (statistics.segments, dict(statistics.frequency)) == (1, {"three": 1})
    assert await store.word_counts(PUBLIC, ["two", "three"]) == {"three": 1}
    assert await store.remove_episode(PUBLIC, gone.episode.id) is False
    assert (await put(store, ROWS)).episode.id > gone.episode.id


async def test_nobody_removes_what_is_not_their_own(store):
    public = await put(store, ROWS)
    own = await put(store, ROWS, GUILD)
    assert await store.remove_episode(GUILD, public.episode.id) is False
    assert await store.remove_episode(PUBLIC, own.episode.id) is False
    assert await store.remove_episode("slack:T2", own.episode.id) is False
    assert await store.episode(GUILD, own.episode.id) == own.episode
    assert await store.episode(GUILD, public.episode.id) == public.episode


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org", "", "//example.org"])
async def test_links_that_are_not_http_are_refused_whole(store, link):
    good = episode_draft(ROWS)
    for bad in (
        episode_draft([segment_draft(60, "A", link_url=link)]),
        replace(good, media=Media("url:x", link)),
        replace(good, references=(Reference("x", link),)),
    ):
        with pytest.raises(BadDocument, match="http"):
            await store.put_episode(PUBLIC, bad)
    assert await store.episodes(PUBLIC, offset=0, limit=9) == []


async def test_segment_that_ends_before_it_starts_is_refused(store):
    with pytest.raises(BadDocument, match="1:00 ends at 0:59"):
        await put(store, [segment_draft(60, "A", end=Timecode(59))])
    assert await store.episodes(PUBLIC, offset=0, limit=9) == []


async def test_hostile_text_comes_back_as_it_went_in(store):
    nasty = "'; DROP TABLE segment; -- \x00 \u202e \U0001f600 %_\"\n\n@everyone"
    draft = episode_draft([(60, nasty, nasty * 50)], title=nasty, intro=nasty, show=nasty)
    episode = (await store.put_episode(PUBLIC, draft)).episode
    ((row, segment),) = (await store.stored_episode(PUBLIC, episode.id)).segments
    assert row == draft.segments[0]
    assert (segment.title, episode.title, episode.show) == (nasty, nasty, nasty)
    assert (await store.put_episode(PUBLIC, draft)).unchanged


async def test_half_a_surrogate_pair_is_stored_as_a_replacement(store):
    draft = episode_draft([(60, "half \ud83d pair", "whole \ud83d\ude00")])
    episode = (await store.put_episode(PUBLIC, draft)).episode
    (moment,) = await store.outline(PUBLIC, episode.id, offset=0, limit=9)
    assert (moment.segment.title, moment.segment.text) == ("half \ufffd pair", "whole \U0001f600")
    assert (await store.put_episode(PUBLIC, draft)).unchanged


async def test_draft_without_rows_is_an_empty_episode(store):
    episode = (await put(store, [])).episode
    assert (episode.segment_count, episode.first_at, episode.last_at) == (
        0,
        Timecode(0),
        Timecode(0),
    )
    assert await store.outline(PUBLIC, episode.id, offset=0, limit=9) == []
