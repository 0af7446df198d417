"""Every store keeps what was said beside the notes, and finds it."""

import pytest

from bot.core.catalog import PUBLIC
from bot.core.errors import BadDocument
from bot.core.query import parse_query
from bot.core.transcript import PASSAGE_WORDS, Sentence, TranscriptDraft, passages
from tests.fakes.drafts import episode_draft, recording_draft, transcript_draft

GUILD, TEAM = "discord:1", "slack:T2"
SAID = [(0, "Welcome to the show."), (60, "The zebra crossed a road."), (120, "It was an okapi.")]


@pytest.fixture
async def episode(store):
    return (await store.put_episode(PUBLIC, episode_draft())).episode


async def say(store, tenant, episode, draft):
    outcome = await store.put_recording(tenant, recording_draft(episode, transcript=draft))
    return outcome.transcript


async def found(store, tenant, typed, **where):
    spoken = await store.search_spoken(tenant, parse_query(typed), **where)
    return [(one.episode.id, [s.text for s in one.sentences]) for one in spoken]


async def test_transcript_is_kept_beside_the_notes(store, episode):
    async def noted():
        moments = await store.outline(PUBLIC, episode.id, offset=0, limit=9)
        return [moment.segment for moment in moments]

    notes = await noted()
    draft = transcript_draft(SAID, language="en", source_label="Transcript · YouTube")
    assert await say(store, PUBLIC, episode, draft) is True
    info = await store.transcript(GUILD, episode.id)
    assert (info.language, info.source_label) == ("en", "Transcript · YouTube")
    assert (info.sentence_count, info.end_ms) == (3, 122_000)
    assert await noted() == notes
    assert (await store.episode(GUILD, episode.id)).transcript_label == "Transcript · YouTube"
    # A new version of the notes leaves what was said alone.
    await store.put_episode(PUBLIC, episode_draft(rows=[(5, "Other", "words")]))
    assert (await store.transcript(PUBLIC, episode.id)).sentence_count == 3


async def test_same_transcript_is_stored_once_and_another_takes_its_place(store, episode):
    assert await say(store, PUBLIC, episode, transcript_draft(SAID)) is True
    assert await say(store, PUBLIC, episode, transcript_draft(SAID)) is False
    assert await say(store, PUBLIC, episode, transcript_draft(SAID[:1])) is True
    assert (await store.transcript(PUBLIC, episode.id)).sentence_count == 1
    assert await found(store, PUBLIC, "zebra") == []


async def test_what_is_said_in_a_stretch_is_told_by_time(store, episode):
    await say(store, PUBLIC, episode, transcript_draft(SAID))

    async def said(start_ms, end_ms, limit=9):
        told = await store.said(GUILD, episode.id, start_ms, end_ms, limit)
        return [sentence.text for sentence in told]

    assert await said(61_000, 61_000) == ["The zebra crossed a road."]
    assert await said(2_001, 59_999) == []
    assert await said(0, 200_000) == [text for _, text in SAID]
    assert await said(0, 200_000, limit=2) == [text for _, text in SAID[:2]]
    assert await said(-5, 10**18) == [text for _, text in SAID]


async def test_passage_is_found_with_its_sentences_and_in_its_episode_alone(store, episode):
    await say(store, PUBLIC, episode, transcript_draft(SAID))
    other = (await store.put_episode(PUBLIC, episode_draft(video="bbbbbbbbbbb"))).episode
    await say(store, PUBLIC, other, transcript_draft([(5, "A zebra again.")]))
    everywhere = await found(store, GUILD, "zebras")
    assert sorted(ident for ident, _ in everywhere) == [episode.id, other.id]
    assert await found(store, GUILD, "zebra", episode_id=other.id) == [
        (other.id, ["A zebra again."])
    ]
    assert await found(store, GUILD, "") == []


async def test_words_that_are_only_spoken_are_known_and_counted_apart(store, episode):
    await say(store, PUBLIC, episode, transcript_draft(SAID))
    assert await store.word_counts(GUILD, ["okapi", "quagga"]) == {"okapi": 1}
    assert await store.similar_words(GUILD, "okapy", 1) == [("okapi", 0, 1)]
    noted = await store.statistics(GUILD, frozenset({"okapi"}))
    assert (noted.segments, noted.frequency, noted.spoken) == (2, {}, len(SAID))
    both = await store.statistics(GUILD, frozenset({"okapi"}), spoken=True)
    assert (both.segments, both.frequency) == (2 + len(SAID), {"okapi": 1})


async def test_private_transcript_is_for_its_tenant_alone(store):
    own = (await store.put_episode(GUILD, episode_draft())).episode
    assert await say(store, GUILD, own, transcript_draft(SAID)) is True
    assert len(await found(store, GUILD, "zebra")) == 1
    for other in (PUBLIC, TEAM):
        assert await found(store, other, "zebra") == []
        assert await store.transcript(other, own.id) is None
        assert await store.said(other, own.id, 0, 10**6, 9) == []
        assert await store.word_counts(other, ["okapi"]) == {}


async def test_transcript_goes_by_itself_and_with_its_episode(store, episode):
    await say(store, PUBLIC, episode, transcript_draft(SAID))
    assert await say(store, PUBLIC, episode, TranscriptDraft(())) is True
    assert await say(store, PUBLIC, episode, TranscriptDraft(())) is False
    assert await store.transcript(PUBLIC, episode.id) is None
    await say(store, PUBLIC, episode, transcript_draft(SAID))
    await store.remove_episode(PUBLIC, episode.id)
    assert await found(store, PUBLIC, "zebra") == []
    assert await store.word_counts(PUBLIC, ["okapi"]) == {}


@pytest.mark.parametrize(
    "sentences",
    [
        (Sentence(5, 4, "a"),),
        (Sentence(5, 6, "a"), Sentence(4, 6, "b")),
        (Sentence(-1, 6, "a"),),
        (Sentence(1, 6, "  "),),
    ],
)
async def test_transcript_that_makes_no_sense_changes_nothing(store, episode, sentences):
    await say(store, PUBLIC, episode, transcript_draft(SAID))
    with pytest.raises(BadDocument):
        await say(store, PUBLIC, episode, TranscriptDraft(sentences))
    assert (await store.transcript(PUBLIC, episode.id)).sentence_count == 3


def test_passages_are_of_some_length_and_reach_over_no_silence():
    said = [Sentence(n * 2_000, n * 2_000 + 1_500, "one two three four five") for n in range(60)]
    later = [Sentence(s.start_ms + 300_000, s.end_ms + 300_000, s.text) for s in said]
    cut = passages([*said, *later])
    assert [place for first, last in cut for place in range(first, last + 1)] == list(range(120))
    assert all((last - first + 1) * 5 <= PASSAGE_WORDS for first, last in cut)
    # Before the silence and after it are two passages.
    assert any(last == 59 for _, last in cut)
    assert passages([]) == []
