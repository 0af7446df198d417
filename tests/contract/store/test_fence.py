"""No tenant's reads depend on what another tenant has or does, in any store."""

from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.catalog import PUBLIC
from bot.core.query import parse_query
from bot.core.timecode import Timecode
from tests.fakes.drafts import episode_draft

GUILD, TEAM = "discord:1", "slack:T2"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = ["zebra", "zebras", "quagga", "okapi", "tapir", "gnu"]
VIDEOS = ["aaaaaaaaaaa", "bbbbbbbbbbb"]

TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
ROWS = st.lists(st.tuples(st.integers(0, 99), TEXT, TEXT), min_size=1, max_size=3)
PUT = st.tuples(
    st.just("put"), st.sampled_from([PUBLIC, GUILD, TEAM]), st.sampled_from(VIDEOS), ROWS
)
CORRECT = st.tuples(st.just("correct"), st.sampled_from([PUBLIC, GUILD, TEAM]), TEXT, TEXT)
REPORT = st.tuples(st.just("report"), st.sampled_from([GUILD, TEAM]), st.just(""), st.just(""))


async def apply(store, action):
    """Do one thing; corrections and reports are of the tenant's newest segment."""
    kind, tenant, one, other = action
    if kind == "put":
        await store.put_episode(tenant, episode_draft(other, video=one, title=f"{tenant} {one}"))
        return
    (*_, newest) = [None, *(m for m in await moments(store, tenant))]
    if newest is None:
        return
    ident = newest.segment.id
    if kind == "correct":
        await store.correct(tenant, ident, title=one, text=other, by=tenant, at=NOON)
    else:
        await store.add_report(tenant, ident, reason="r", comment=tenant, user="u", at=NOON)


async def moments(store, tenant):
    found = []
    for episode in await store.episodes(tenant, offset=0, limit=99):
        found += await store.outline(tenant, episode.id, offset=0, limit=99)
    return found


def plain(moment):
    """Return all that a moment shows, without its ids."""
    if moment is None:
        return None
    segment, episode = moment.segment, moment.episode
    shown = (segment.at.seconds, segment.title, segment.text, segment.corrected)
    return (*shown, episode.tenant, episode.title, episode.segment_count)


async def everything(store, tenant):
    """Return every answer that the store has for a tenant."""
    seen = {"outline": [plain(m) for m in await moments(store, tenant)]}
    episodes = await store.episodes(tenant, offset=0, limit=99)
    seen["episodes"] = [(e.title, e.tenant, e.first_at) for e in episodes]
    seen["media"] = [await store.episode_of_media(tenant, f"youtube:{v}") for v in VIDEOS]
    seen["media"] = [episode and episode.title for episode in seen["media"]]
    for word in [*WORDS, "discord", "slack", "aaaaaaaaaaa"]:
        query = parse_query(word)
        found = await store.search(tenant, query, limit=99)
        stems = [(c.title_stems, c.text_stems) for c in found]
        statistics = await store.statistics(tenant, query.stems)
        similar = {
            edits: sorted(await store.similar_words(tenant, word, edits)) for edits in (1, 2)
        }
        titled = [e.title for e in await store.find_episodes(tenant, word[:4], 99)]
        suggested = [plain(m) for m in await store.suggest(tenant, word[:3], 99)]
        seen[word] = {
            "search": sorted(zip((plain(c.moment) for c in found), stems, strict=True)),
            "statistics": (statistics.segments, dict(statistics.frequency)),
            "similar": similar,
            "episodes": titled,
            "suggested": suggested,
        }
    seen["counts"] = await store.word_counts(tenant, WORDS)
    seen["newest"] = [plain(m) for m in await store.suggest(tenant, "", 99)]
    for episode in episodes:
        around = await store.around(tenant, episode.id, Timecode(50))
        seen["around", episode.title] = [
            plain(m) for m in (around.linked, around.before, around.after)
        ]
        stored = await store.stored_episode(tenant, episode.id)
        seen["stored", episode.title] = [(row, read.title) for row, read in stored.segments]
        for m in await store.outline(tenant, episode.id, offset=0, limit=99):
            history = await store.history(tenant, m.segment.id)
            seen.setdefault("history", []).append([(c.title, c.text, c.tenant) for c in history])
            sides = await store.neighbours(tenant, m.segment.id)
            seen.setdefault("neighbours", []).append([plain(side) for side in sides])
    seen["reports"] = [r.comment for r in await store.reports(tenant, None)]
    return seen


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=st.lists(st.one_of(PUT, PUT, CORRECT, REPORT), max_size=8))
async def test_a_tenants_reads_are_what_they_would_be_without_the_others(opened, actions):
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        async with opened(one) as shared, opened(two) as alone:
            for action in actions:
                await apply(shared, action)
                if action[1] != TEAM:
                    await apply(alone, action)
            for tenant in (GUILD, PUBLIC):
                assert await everything(shared, tenant) == await everything(alone, tenant)


async def test_ids_of_others_open_nothing(store):
    await store.put_episode(TEAM, episode_draft())
    (theirs,) = await store.episodes(TEAM, offset=0, limit=9)
    (moment, _) = await store.outline(TEAM, theirs.id, offset=0, limit=9)
    token = await store.keep_text(TEAM, "secret", NOON)
    for tenant in (GUILD, PUBLIC, "slack:T22", "slack:T"):
        ident = moment.segment.id
        assert await store.moment(tenant, ident) is None
        assert await store.neighbours(tenant, ident) == (None, None)
        assert await store.episode(tenant, theirs.id) is None
        assert await store.stored_episode(tenant, theirs.id) is None
        assert await store.outline(tenant, theirs.id, offset=0, limit=9) == []
        assert await store.between(tenant, theirs.id, Timecode(0), Timecode(9_999), 9) == []
        around = await store.around(tenant, theirs.id, Timecode(60))
        assert (around.linked, around.before, around.after) == (None, None, None)
        assert await store.search(tenant, parse_query("cache"), episode_id=theirs.id) == []
        assert await store.kept_text(tenant, token) is None
        assert await store.correct(tenant, ident, title="x", text="x", by="x", at=NOON) is None
        assert await store.history(tenant, ident) == []
    assert (await store.moment(TEAM, moment.segment.id)) == moment
