"""What a tenant reads is exactly what it finds: every store against a model a page long."""

from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.analysis import analyse, words
from bot.core.catalog import PUBLIC
from bot.core.query import Clause, SearchQuery
from tests.fakes.drafts import episode_draft

GUILD, TEAM = "discord:1", "slack:T2"
TENANTS = [PUBLIC, GUILD, TEAM]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = ["cache", "caching", "cached", "c++", "日本", "kv", "tsmc's", "zebra"]

TEXT = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
ROWS = st.lists(st.tuples(st.integers(0, 5), TEXT, TEXT), max_size=4)
TENANT = st.sampled_from(TENANTS)
VIDEO = st.sampled_from(["aaaaaaaaaaa", "bbbbbbbbbbb"])
ACTION = st.one_of(
    st.tuples(st.just("put"), TENANT, VIDEO, ROWS),
    st.tuples(st.just("remove"), TENANT, VIDEO, st.none()),
    st.tuples(st.just("correct"), TENANT, st.integers(0, 7), st.tuples(TEXT, TEXT)),
)


async def moments(store, tenant):
    found = []
    for episode in await store.episodes(tenant, offset=0, limit=99):
        found += await store.outline(tenant, episode.id, offset=0, limit=99)
    return found


async def apply(store, action):
    kind, tenant, which, what = action
    if kind == "put":
        await store.put_episode(tenant, episode_draft(what, video=which))
    elif kind == "remove":
        episode = await store.episode_of_media(tenant, f"youtube:{which}")
        if episode is not None:
            assert await store.remove_episode(tenant, episode.id) is (episode.tenant == tenant)
    else:
        seen = await moments(store, tenant)
        if seen:
            segment = seen[which % len(seen)].segment
            await store.correct(tenant, segment.id, title=what[0], text=what[1], by="op", at=NOON)


async def check(store, tenant):
    """Compare every word's answers with a reading of all the tenant's moments."""
    seen = await moments(store, tenant)
    texts = {m.segment.id: f"{m.segment.title} {m.segment.text}" for m in seen}
    for term in {term for word in WORDS for term in analyse(word)}:
        holding = {i for i, text in texts.items() if term.stem in {t.stem for t in analyse(text)}}
        query = SearchQuery("", (Clause("", ((term,),)),))
        found = await store.search(tenant, query, limit=99)
        assert {c.moment.segment.id for c in found} == holding
        assert len(found) == len(holding)
        assert all(c.moment in seen for c in found)
        statistics = await store.statistics(tenant, frozenset({term.stem}))
        assert statistics.segments == len(texts)
        assert statistics.frequency.get(term.stem, 0) == len(holding)
        exactly = sum(term.surface in set(words(text)) for text in texts.values())
        counts = await store.word_counts(tenant, [term.surface])
        assert counts == ({term.surface: exactly} if exactly else {})
        similar = await store.similar_words(tenant, term.surface, 1)
        if term.surface.isalpha():
            noted = [segments for word, segments, _ in similar if word == term.surface]
            assert noted == ([exactly] if exactly else [])
        titled = {m.segment.id for m in seen if term.surface in set(words(m.segment.title))}
        suggested = [m.segment.id for m in await store.suggest(tenant, term.surface + " ", 99)]
        assert sorted(suggested) == sorted(titled)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=st.lists(ACTION, max_size=10))
async def test_what_a_tenant_reads_is_what_it_finds(opened, actions):
    with TemporaryDirectory() as folder:
        async with opened(folder) as store:
            for action in actions:
                await apply(store, action)
            for tenant in TENANTS:
                await check(store, tenant)
