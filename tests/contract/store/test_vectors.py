"""Every store keeps vectors in step with what can be searched, and finds what is closest."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.core.catalog import PUBLIC
from bot.core.query import parse_query
from bot.core.vectors import Meant, Nearest
from tests.fakes.drafts import chapters_draft, episode_draft, recording_draft, transcript_draft
from tests.fakes.embedder import FakeEmbedder, vector_of
from tests.fakes.vectors import cosine, in_context

GUILD, TEAM = "discord:1", "slack:T2"
MODEL = "fake 1"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAID = [(0, "Welcome to the show."), (60, "The zebra crossed a road."), (120, "It was an okapi.")]
TALK = "aaaaaaaaaaa"


async def embed(store, model=MODEL, *, used=True):
    """Give all that waits its vector; return the texts."""
    if used:
        await store.use_model(model)
    texts = []
    while waiting := await store.waiting_texts(model, 3):
        made = [(one.id, vector_of(one.text)) for one in waiting]
        assert await store.put_vectors(model, made) == len(made)
        texts += [one.text for one in waiting]
    return texts


def meant(text, model=MODEL):
    return Meant(model, vector_of(text))


async def nearest(store, tenant, text, **where):
    """Return the texts of the closest passages with their cosines."""
    found = await store.nearest(tenant, meant(text), **where)
    assert found.complete
    noted = {(False, one.passage): one.moment.segment.title for one in found.noted}
    spoken = {
        (True, one.passage): " ".join(sentence.text for sentence in one.sentences)
        for one in found.spoken
    }
    assert len(noted) + len(spoken) == len(found.near)
    passages = noted | spoken
    return [(passages[near.spoken, near.passage], round(near.cosine, 2)) for near in found.near]


async def texts(store, tenant, text, **where):
    return [told for told, _ in await nearest(store, tenant, text, **where)]


@pytest.fixture(autouse=True)
def _never_rests(monkeypatch):
    """Read what came since however slow the machine is; that memory rests is tested apart."""
    monkeypatch.setattr("storage.sqlite.meaning.REST", 0)


@pytest.fixture
async def talk(store):
    draft = recording_draft(
        episode_draft(), notes=episode_draft(), transcript=transcript_draft(SAID)
    )
    return (await store.put_recording(PUBLIC, draft)).episode


async def test_texts_wait_until_they_have_a_vector_the_newest_first(store, talk):
    assert await store.vector_counts(MODEL) == (0, 5)
    assert await store.waiting_texts(MODEL, 9) == []
    assert await embed(store) == [
        *[text for _, text in reversed(SAID)],
        "Export Controls. chips and China",
        "KV Cache. stores keys and values",
    ]
    assert await store.vector_counts(MODEL) == (5, 5)
    assert await store.waiting_texts(MODEL, 9) == []


async def test_closest_are_notes_and_talk_with_their_exact_cosines(store, talk):
    await embed(store)
    (first, close), *others = await nearest(store, GUILD, "A zebra crossed the road")
    assert first == "The zebra crossed a road."
    assert 0.9 < close < 1  # What is said beside it is about something else.
    assert len(others) == 4
    assert [c for _, c in others] == sorted([c for _, c in others], reverse=True)
    (note, close), *_ = await nearest(store, GUILD, "kv cache")
    assert note == "KV Cache"
    assert 0.4 < close < 1
    assert len(await nearest(store, GUILD, "kv cache", limit=2)) == 2
    assert await nearest(store, GUILD, "kv cache", limit=0) == []


async def test_nothing_is_close_before_there_are_vectors_or_by_another_model(store, talk):
    assert await store.nearest(GUILD, meant("zebra")) == Nearest()
    await embed(store)
    assert await store.nearest(GUILD, meant("zebra", "unheard of")) == Nearest()
    assert await store.nearest(GUILD, Meant(MODEL, b"")) == Nearest()
    # A vector of another size is nobody's neighbour.
    assert (await store.nearest(GUILD, Meant(MODEL, b"\1\2"))).near == ()
    assert await store.nearest(GUILD, meant("zebra", "unheard of"), said=[1, 2]) == Nearest()


async def test_text_that_stays_the_same_keeps_its_vector(store, talk):
    await embed(store)
    said = [*SAID[:2], (120, "It was a giraffe.")]
    await store.put_recording(PUBLIC, recording_draft(talk, transcript=transcript_draft(said)))
    assert await embed(store) == ["It was a giraffe."]
    # A community's own words are the same, and embedded with those.
    await store.put_episode(GUILD, episode_draft(video="bbbbbbbbbbb"))
    assert await embed(store) == []
    await store.rebuild_index()
    assert await embed(store) == []
    assert (await texts(store, PUBLIC, "giraffe"))[0] == "It was a giraffe."
    assert await texts(store, PUBLIC, "okapi") != []
    assert "It was an okapi." not in await texts(store, PUBLIC, "okapi")


async def test_text_that_is_known_is_close_as_soon_as_it_comes_again(store, talk):
    await embed(store)
    assert len(await texts(store, PUBLIC, "zebra")) == 5
    again = recording_draft("bbbbbbbbbbb", transcript=transcript_draft(SAID))
    await store.put_recording(PUBLIC, again)
    assert (await texts(store, PUBLIC, "zebra"))[:2] == ["The zebra crossed a road."] * 2
    await store.put_episode(PUBLIC, episode_draft(video="ccccccccccc"))
    assert (await texts(store, PUBLIC, "kv cache"))[:2] == ["KV Cache"] * 2
    await store.rebuild_index()
    assert len(await texts(store, PUBLIC, "zebra")) == 10


async def test_vector_goes_with_the_last_passage_of_its_text(store, talk):
    other = (await store.put_episode(GUILD, episode_draft(video="bbbbbbbbbbb"))).episode
    await embed(store)
    assert await texts(store, PUBLIC, "kv cache", limit=1) == ["KV Cache"]
    await store.remove_episode(PUBLIC, talk.id)
    assert await nearest(store, PUBLIC, "kv cache") == []
    assert await texts(store, GUILD, "kv cache", limit=1) == ["KV Cache"]
    await store.remove_episode(GUILD, other.id)
    assert await nearest(store, GUILD, "kv cache") == []
    assert await store.vector_counts(MODEL) == (0, 0)


async def test_vector_of_a_text_that_went_meanwhile_is_not_stored(store, talk):
    await store.use_model(MODEL)
    waiting = await store.waiting_texts(MODEL, 9)
    await store.put_recording(PUBLIC, recording_draft(talk, transcript=transcript_draft(SAID[:1])))
    await store.put_recording(PUBLIC, recording_draft(talk, transcript=transcript_draft(SAID[1:])))
    made = [(one.id, vector_of(one.text)) for one in waiting]
    # Two sentences went and came again, which makes other texts of them.
    assert await store.put_vectors(MODEL, made) == 2
    assert sorted(await embed(store)) == sorted(text for _, text in SAID[1:])
    assert await store.put_vectors(MODEL, made) == 0
    assert await store.put_vectors(MODEL, [(10**30, b"x"), (-1, b"x")]) == 0
    assert await store.put_vectors("unheard of", made) == 0
    assert (await nearest(store, PUBLIC, "okapi", limit=1))[0][0] == "It was an okapi."


async def test_another_model_makes_every_vector_anew(store, talk):
    await embed(store)
    assert await store.waiting_texts("fake 2", 9) == []
    await store.use_model("fake 2")
    (okapi,) = await store.waiting_texts("fake 2", 1)
    await store.put_vectors("fake 2", [(okapi.id, vector_of(okapi.text))])
    asked = meant("okapi", "fake 2")
    (near,) = (await store.nearest(GUILD, asked)).near
    # The passage before it has a vector of the other model still, and moves it nowhere.
    assert near.cosine == cosine(asked.vector, vector_of(okapi.text))
    assert (await store.nearest(GUILD, asked, said=[1, 2, 3])).further == ()
    assert len(await embed(store, "fake 2")) == 4
    assert await store.nearest(GUILD, meant("zebra")) == Nearest()
    found = await store.nearest(GUILD, meant("zebra", "fake 2"))
    assert len(found.near) == 5
    # An older version that still runs beside the new one leaves its vectors alone.
    assert await embed(store, MODEL, used=False) == []
    # But one that is started again, because the new one was given up, has its own made again.
    assert len(await embed(store, MODEL)) == 5
    assert len((await store.nearest(GUILD, meant("zebra"))).near) == 5


async def test_model_that_never_made_a_vector_costs_nothing(store, talk):
    await embed(store)
    await store.use_model("does not load")
    assert await embed(store) == []
    assert len((await store.nearest(GUILD, meant("zebra"))).near) == 5


async def test_a_tenant_is_told_of_the_public_and_its_own_alone(store, talk):
    own = episode_draft([(5, "Our secret zebra", "")], video="bbbbbbbbbbb")
    secret = (await store.put_episode(GUILD, own)).episode
    draft = recording_draft(secret, transcript=transcript_draft([(9, "A secret zebra said so.")]))
    await store.put_recording(GUILD, draft)
    await embed(store)
    assert {"Our secret zebra", "A secret zebra said so."} <= set(
        await texts(store, GUILD, "secret zebra")
    )
    theirs = {(near.spoken, near.passage) for near in (await whole(store, GUILD)).near}
    for other in (PUBLIC, TEAM, "discord:11"):
        assert [t for t in await texts(store, other, "secret zebra") if "secret" in t] == []
        assert await nearest(store, other, "secret zebra", episode_id=secret.id) == []
        seen = await whole(store, other)
        assert (len(seen.noted), len(seen.spoken)) == (2, 3)
        assert {(near.spoken, near.passage) for near in seen.near} < theirs
        said = [passage for spoken, passage in theirs if spoken]
        first = await store.nearest(other, meant("zebra"), limit=1, said=said)
        assert {*first.near, *first.further} == {near for near in seen.near if near.spoken}


async def whole(store, tenant):
    return await store.nearest(tenant, meant("zebra"), limit=99)


async def test_search_within_an_episode_leaves_out_the_others(store, talk):
    other = (await store.put_episode(PUBLIC, episode_draft(video="bbbbbbbbbbb"))).episode
    await embed(store)
    assert len(await nearest(store, GUILD, "zebra")) == 7
    assert set(await texts(store, GUILD, "zebra", episode_id=other.id)) == {
        "KV Cache",
        "Export Controls",
    }
    assert len(await nearest(store, GUILD, "zebra", episode_id=talk.id)) == 5
    assert await nearest(store, GUILD, "zebra", episode_id=10**30) == []


async def test_talk_is_measured_in_its_context_and_notes_by_themselves(store, talk):
    await embed(store)
    asked = meant("The zebra crossed a road.")
    said = ["Welcome to the show.", "The zebra crossed a road.", "It was an okapi."]
    moved = dict(zip(said, in_context([vector_of(text) for text in said]), strict=True))
    found = dict(await nearest(store, GUILD, "The zebra crossed a road."))
    assert {text: found[text] for text in said} == {
        text: round(cosine(asked.vector, vector), 2) for text, vector in moved.items()
    }
    (note,) = (await store.nearest(GUILD, meant("KV Cache"), limit=1)).near
    assert not note.spoken
    zebra, *others = (await store.nearest(GUILD, asked)).near
    said = [near.passage for near in (zebra, *others) if near.spoken]
    found = await store.nearest(GUILD, asked, limit=1, said=said)
    assert found.near == (zebra,)
    assert set(found.further) == {near for near in others if near.spoken}


async def test_what_a_search_by_words_found_is_measured_and_not_read_again(store, talk):
    await embed(store)
    (spoken,) = await store.search_spoken(GUILD, parse_query("cache zebra"))
    every = {(n.spoken, n.passage): n for n in (await whole(store, GUILD)).near}
    said = [spoken.passage, -1, 10**30]
    close = await store.nearest(GUILD, meant("okapi"), limit=1, said=said)
    (okapi,) = close.spoken
    assert okapi.sentences[0].text == "It was an okapi."
    (zebra,) = close.further
    assert zebra.passage == spoken.passage
    again = await store.nearest(GUILD, meant("zebra"), limit=1, said=said)
    none = await store.nearest(GUILD, meant("zebra"), limit=0, said=said)
    assert (none.near, none.spoken) == ((), ())
    assert none.further == (every[True, spoken.passage],)
    assert (again.near, again.spoken) == ((every[True, spoken.passage],), ())
    assert again.further == ()


async def test_sponsors_are_close_only_where_they_are_asked_for(store):
    draft = recording_draft(
        TALK,
        chapters=chapters_draft([(0, "Welcome"), (60, "Sponsor: Acme"), (90, "Talk")]),
        transcript=transcript_draft(
            [(1, "Hello everybody."), (61, "Acme rockets fly."), (91, "Rockets, then.")]
        ),
    )
    episode = (await store.put_recording(PUBLIC, draft)).episode
    await embed(store)
    for where in ({}, {"episode_id": episode.id}):
        found = await texts(store, GUILD, "acme rockets", **where)
        assert sorted(found) == ["Hello everybody.", "Rockets, then.", "Talk", "Welcome"]
        asked = await texts(store, GUILD, "acme rockets", sponsors=True, **where)
        assert asked[0] == "Acme rockets fly."
        assert len(asked) == 6
    # Nor does what a sponsor says move the talk beside it.
    (near,) = (await store.nearest(GUILD, meant("then, rockets"), limit=1)).near
    assert near.cosine == pytest.approx(1.0, abs=0.01)


async def test_correction_is_found_by_its_own_words_by_those_who_read_it(store, talk):
    await embed(store)
    (candidate,) = await store.search(GUILD, parse_query("kv"))
    segment_id = candidate.moment.segment.id
    await store.correct(GUILD, segment_id, title="Giraffes", text="tall", by="op", at=NOON)
    # Until it is embedded it is found by its words alone, and the old reading not at all.
    assert "KV Cache" not in await texts(store, GUILD, "kv cache")
    assert await embed(store) == ["Giraffes. tall"]
    assert (await nearest(store, GUILD, "tall giraffes", limit=1)) == [("Giraffes", 1.0)]
    for where in ({}, {"episode_id": talk.id}):
        assert len(await texts(store, GUILD, "kv cache", **where)) == 5
        assert "KV Cache" not in await texts(store, GUILD, "kv cache", **where)
        assert (await texts(store, TEAM, "kv cache", **where))[0] == "KV Cache"
        assert "Giraffes" not in await texts(store, TEAM, "giraffes", **where)
    (public,) = await store.search(TEAM, parse_query("kv"))
    (own,) = await store.search(GUILD, parse_query("giraffes"))
    for tenant, read, hidden in ((GUILD, own, public), (TEAM, public, own), (PUBLIC, public, own)):
        noted = {one.passage: one.moment for one in (await whole(store, tenant)).noted}
        assert noted[read.passage] == read.moment
        assert hidden.passage not in noted


async def test_notes_without_words_have_no_vector(store):
    await store.put_episode(
        PUBLIC, episode_draft([(5, "", ""), (9, "Title", ""), (12, "", "Text")])
    )
    assert sorted(await embed(store)) == ["Text", "Title"]
    assert len(await nearest(store, PUBLIC, "title")) == 2


async def test_fake_model_finds_words_in_common_close():
    embedder = FakeEmbedder()
    one, other, unlike = embedder.embed(["zebra road", "zebras on roads", "cache"])
    assert one != unlike
    assert len(one) == len(other) == embedder.dimensions


async def test_what_another_process_changes_is_seen_at_once(opened, tmp_path):
    async with opened(tmp_path) as one, opened(tmp_path) as other:
        rows = [(1, "Zebras", "")]
        kept = (await other.put_episode(PUBLIC, episode_draft(rows))).episode
        await embed(other)
        assert await texts(one, PUBLIC, "zebras") == ["Zebras"]
        await other.put_episode(PUBLIC, episode_draft([(1, "Okapis", ""), *rows]))
        assert await texts(one, PUBLIC, "zebras") == ["Zebras"]
        await embed(other)
        assert await texts(one, PUBLIC, "zebras") == ["Zebras", "Okapis"]
        await other.put_episode(PUBLIC, episode_draft([(1, "Okapis", "")]))
        assert await texts(one, PUBLIC, "zebras") == ["Okapis"]
        await other.remove_episode(PUBLIC, kept.id)
        assert await nearest(one, PUBLIC, "zebras") == []


async def test_searches_at_once_are_all_told_the_same(store, talk):
    await embed(store)
    asked = [whole(store, tenant) for tenant in (PUBLIC, GUILD, TEAM) * 5]
    first, *others = await asyncio.gather(*asked)
    assert len(first.near) == 5
    assert all(one == first for one in others)
