"""Every store proposes the same candidates for a search, whatever is typed."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.analysis import analyse, stems
from bot.core.catalog import PUBLIC
from bot.core.query import Clause, SearchQuery, parse_query
from bot.core.ranking import rank
from tests.fakes.drafts import episode_draft

GUILD = "discord:1"
NEVER = datetime(2026, 1, 1, tzinfo=UTC)

ROWS = [
    (60, "KV Cache", "stores keys for a model"),
    (120, "Caching layers", "R&D of o3-mini, in C++ and C#"),
    (180, "Models", "a kv cache here, and there a kv store"),
    (240, "日本語の話", "語 and แมว, naïve café, Ω"),
]


@pytest.fixture
async def filled(store):
    await store.put_episode(PUBLIC, episode_draft(ROWS))
    return store


async def find(store, typed, tenant=PUBLIC, **options):
    return await store.search(tenant, parse_query(typed), **options)


async def titles(store, typed, tenant=PUBLIC, **options):
    return [c.moment.segment.title for c in await find(store, typed, tenant, **options)]


async def test_any_clause_proposes_and_titles_weigh_more(filled):
    assert await titles(filled, "kv cache") == ["KV Cache", "Models", "Caching layers"]
    assert set(await titles(filled, "models keys")) == {"KV Cache", "Models"}


async def test_candidates_carry_what_the_store_indexed(filled):
    (candidate,) = await find(filled, "o3")
    assert candidate.title_stems == stems("Caching layers")
    assert candidate.text_stems == stems(ROWS[1][2])
    best, other, _ = await find(filled, "kv cache")
    assert best.bm25 < other.bm25 < 0


async def test_candidates_can_be_ranked(filled):
    query = parse_query("kv cache")
    statistics = await filled.statistics(PUBLIC, query.stems)
    hits = rank(query, await filled.search(PUBLIC, query), statistics)
    assert [hit.moment.segment.title for hit in hits] == ["KV Cache", "Models"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("R&D", ["Caching layers"]),
        ("C++", ["Caching layers"]),
        ("c#", ["Caching layers"]),
        ("o3-mini", ["Caching layers"]),
        ('"kv store"', ["Models"]),
        ('"store kv"', []),
        ("日本", ["日本語の話"]),
        ("CAFE", ["日本語の話"]),
        ("ω", ["日本語の話"]),
        ("zebra", []),
    ],
)
async def test_names_phrases_and_scripts_are_found(filled, typed, found):
    assert await titles(filled, typed) == found


async def test_search_within_an_episode_leaves_out_the_others(filled):
    draft = episode_draft([(60, "Cache elsewhere", "kv")], video="bbbbbbbbbbb")
    other = (await filled.put_episode(GUILD, draft)).episode
    assert await titles(filled, "cache", GUILD, episode_id=other.id) == ["Cache elsewhere"]
    assert "Cache elsewhere" in await titles(filled, "cache", GUILD)
    assert await titles(filled, "cache", PUBLIC, episode_id=other.id) == []
    assert await titles(filled, "cache", GUILD, episode_id=10**30) == []
    # An episode's number is not a word of it.
    assert await titles(filled, str(other.id), GUILD) == []


async def test_limit_keeps_the_best(filled):
    assert await titles(filled, "kv cache", limit=1) == ["KV Cache"]
    assert await titles(filled, "kv cache", limit=0) == []


async def test_query_without_clauses_finds_nothing(filled):
    assert await titles(filled, "the of and") == []
    assert await titles(filled, '"') == []


HOSTILE = [
    '"',
    '""',
    "' OR 1=1",
    "title:x",
    "NEAR(a b)",
    "a*",
    "^a",
    "-a",
    "(",
    "a AND",
    "@:kv",
    "\0",
]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.one_of(st.text(max_size=60), st.lists(st.sampled_from(HOSTILE)).map(" ".join)))
async def test_no_text_is_an_error(filled, typed):
    for query in (parse_query(typed), parse_query(typed, exact=True)):
        await filled.search(PUBLIC, query)
        await filled.search(GUILD, query, episode_id=1)
        await filled.statistics(GUILD, query.stems)
    await filled.suggest(GUILD, typed, 5)
    await filled.find_episodes(GUILD, typed, 5)
    await filled.word_counts(GUILD, [typed])
    await filled.similar_words(GUILD, typed, 2)
    await filled.episode_of_media(GUILD, typed)
    assert await filled.kept_text(GUILD, typed) is None
    assert await filled.last_episode(GUILD, typed, typed, NEVER) is None


TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8", categories=["L", "N", "M", "P", "S", "Z"]),
        st.sampled_from("abcXYZ+#'’&_-\"*日語가あก กิ"),
    ),
    max_size=40,
)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=TEXT, text=TEXT)
async def test_every_analysed_word_finds_its_segment_alone_and_in_its_phrase(store, title, text):
    await store.put_episode(PUBLIC, episode_draft([(60, title, text), (90, "other", "words")]))
    for words in (analyse(title), analyse(text)):
        phrases = [(term,) for term in words] + ([tuple(words[:24])] if words else [])
        for phrase in phrases:
            found = await store.search(PUBLIC, SearchQuery("", (Clause("", (phrase,)),)))
            assert title in [c.moment.segment.title for c in found], phrase


async def test_every_alternative_of_a_clause_proposes(filled):
    (clause,) = parse_query("kvx").clauses
    query = SearchQuery("kvx", (clause.corrected({clause.typed: "kv"}),))
    assert {c.moment.segment.title for c in await filled.search(PUBLIC, query)} == {
        "KV Cache",
        "Models",
    }
