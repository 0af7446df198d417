"""Every store counts words, knows which are unknown, and completes titles the same way."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.core.catalog import PUBLIC
from tests.fakes.drafts import episode_draft, recording_draft, transcript_draft

GUILD = "discord:1"


async def put(store, rows, tenant=PUBLIC, **changes):
    await store.put_episode(tenant, episode_draft(rows, **changes))


async def test_statistics_count_segments_and_those_that_hold_a_stem(store):
    await put(store, [(1, "Cache", "caches, cached"), (2, "Caching", "x"), (3, "Other", "y")])
    statistics = await store.statistics(PUBLIC, frozenset({"cach", "other", "zebra"}))
    assert statistics.segments == 3
    assert dict(statistics.frequency) == {"cach": 2, "other": 1}


async def test_statistics_add_up_over_the_public_catalog_and_a_tenants_own(store):
    await put(store, [(1, "Cache", "")])
    await put(store, [(1, "Cache", ""), (2, "Mine", "")], GUILD)
    wanted = frozenset({"cach", "mine"})
    own, public = await store.statistics(GUILD, wanted), await store.statistics(PUBLIC, wanted)
    assert (own.segments, dict(own.frequency)) == (3, {"cach": 2, "mine": 1})
    assert (public.segments, dict(public.frequency)) == (1, {"cach": 1})


async def test_empty_store_has_empty_statistics(store):
    statistics = await store.statistics(GUILD, frozenset({"x"}))
    assert (statistics.segments, dict(statistics.frequency)) == (0, {})


async def test_word_counts_are_of_segments_that_hold_a_word_as_written(store):
    await put(store, [(1, "KV Cache", "caching 日本")])
    await put(store, [(1, "Mine", "")], GUILD)
    asked = ["cache", "cached", "caching", "kv", "mine", "日本", "cache"]
    public = {"cache": 1, "caching": 1, "kv": 1, "日本": 1}
    assert await store.word_counts(PUBLIC, asked) == public
    assert await store.word_counts(GUILD, asked) == {**public, "mine": 1}
    assert await store.word_counts(GUILD, []) == {}


async def test_similar_words_come_with_how_many_segments_hold_them(store):
    await put(store, [(1, "Cache", "cache"), (2, "Cache", "cash"), (3, "x", "o3mini zebra")])
    assert await store.similar_words(PUBLIC, "cach", 1) == [("cache", 2, 0), ("cash", 1, 0)]
    assert await store.similar_words(PUBLIC, "o3minx", 2) == []


async def say(store, *lines, tenant=PUBLIC):
    said = transcript_draft([(20 * n, line) for n, line in enumerate(lines)])
    await store.put_recording(tenant, recording_draft("sssssssssss", transcript=said))


async def test_words_that_were_said_are_similar_words_too_and_counted_apart(store):
    await say(store, "A mempool.", "The mempool fills.", "A menpool, misheard.")
    await put(store, [(1, "Mempool", "")])
    assert await store.similar_words(PUBLIC, "memmpool", 2) == [
        ("mempool", 1, 2),
        ("menpool", 0, 1),
    ]
    assert await store.word_counts(PUBLIC, ["mempool", "menpool", "memmpool"]) == {
        "mempool": 3,
        "menpool": 1,
    }


async def test_words_that_were_said_to_others_are_nobody_elses(store):
    await say(store, "A mempool.", "The mempool fills.", tenant=GUILD)
    assert await store.word_counts(PUBLIC, ["mempool"]) == {}
    for asked in ("memmpool", "empool"):
        assert await store.similar_words(PUBLIC, asked, 2) == []
        assert await store.similar_words(GUILD, asked, 2) == [("mempool", 0, 2)]


LETTERS = st.text("abcé", min_size=1, max_size=9)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(known=st.sets(LETTERS, min_size=1, max_size=8), asked=LETTERS, edits=st.sampled_from([1, 2]))
async def test_similar_words_leave_out_none_that_may_be_meant(store, known, asked, edits):
    await put(store, [(1, "x", " ".join(sorted(known)))])
    vocabulary = set(await store.word_counts(PUBLIC, sorted(known)))
    near = {
        word
        for word in vocabulary
        if (apart := OSA.distance(asked, word)) <= edits and (word[0] == asked[0] or apart == 1)
    }
    assert near <= {word for word, *_ in await store.similar_words(PUBLIC, asked, edits)}


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("emmpool", "mempool"),
        ("empool", "mempool"),
        ("amempool", "mempool"),
        ("wempool", "mempool"),
        ("уиткоин", "биткоин"),
    ],
)
async def test_similar_words_may_begin_otherwise_by_one_edit(store, asked, known):
    await put(store, [(1, known, "")])
    assert await store.similar_words(PUBLIC, asked, 1) == [(known, 1, 0)]


@pytest.fixture
async def titled(store):
    rows = [
        (10, "TSMC and R&D Locations", ""),
        (20, "The KV Cache", ""),
        (30, "KV Cache", ""),
        (40, "KV", ""),
        (50, "AI Agents and AI Clusters", ""),
        (60, "Crème Brûlée", ""),
        (70, "日本語", ""),
    ]
    await put(store, rows)
    return store


async def titles(store, typed, limit=9, tenant=PUBLIC):
    return [m.segment.title for m in await store.suggest(tenant, typed, limit)]


async def test_titles_that_begin_with_the_typed_words_come_first(titled):
    assert await titles(titled, "kv") == ["KV", "KV Cache", "The KV Cache"]
    assert await titles(titled, "kv c") == ["KV Cache", "The KV Cache"]
    assert await titles(titled, "kv ") == ["KV", "KV Cache", "The KV Cache"]
    assert set(await titles(titled, "cach")) == {"KV Cache", "The KV Cache"}


async def test_each_moment_is_suggested_once(titled):
    assert await titles(titled, "ai") == ["AI Agents and AI Clusters"]
    assert await titles(titled, "ai cl") == ["AI Agents and AI Clusters"]


async def test_suggestions_are_limited(titled):
    assert await titles(titled, "kv", 2) == ["KV", "KV Cache"]
    assert await titles(titled, "kv", 0) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("r&d", ["TSMC and R&D Locations"]),
        ("CREME b", ["Crème Brûlée"]),
        ("日", ["日本語"]),
        ("日本語", ["日本語"]),
        ("ache", []),
        ("kv  cache  ", ["KV Cache", "The KV Cache"]),
        ("%", None),
        ("", None),
    ],
)
async def test_typed_text_is_folded_and_matched_at_word_starts(titled, typed, found):
    everything = [m.segment.title for m in await titled.outline(PUBLIC, 1, offset=0, limit=9)]
    assert await titles(titled, typed) == (everything if found is None else found)


async def test_nothing_typed_offers_the_newest_episodes_first_moments(store):
    await put(store, [(1, "Old", "")])
    await put(store, [(9, "Later", ""), (5, "New", "")], video="bbbbbbbbbbb")
    await put(store, [(3, "Own", "")], GUILD, video="ccccccccccc")
    assert await titles(store, " ", tenant=GUILD) == ["Own", "New", "Later", "Old"]
    assert await titles(store, "", 2) == ["New", "Later"]


async def test_long_titles_are_completed_by_their_first_words(store):
    title = "word " * 400 + "zebra"
    await put(store, [(1, title, "")])
    assert await titles(store, "word word") == [title]
    assert await titles(store, "word " * 30) == [title]
