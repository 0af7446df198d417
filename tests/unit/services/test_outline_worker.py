"""Talks without chapters get automatic ones: labelled, kept in step, and never before a maker's."""

import random

import pytest

from bot.core.catalog import PUBLIC
from bot.core.recording import ChaptersDraft
from bot.core.transcript import Chapter
from bot.services.embedding_worker import EmbeddingWorker
from bot.services.outline_worker import OutlineWorker
from tests.fakes.core import GUILD, opened_core
from tests.fakes.drafts import chapters_draft, episode_draft, recording_draft, transcript_draft
from tests.fakes.embedder import FakeEmbedder

TALK, SHORT = "aaaaaaaaaaa", "bbbbbbbbbbb"
SUBJECTS = {
    "zebras": "zebra stripe herd savannah graze foal lion mane gallop hoof waterhole grass",
    "bread": "sourdough flour water starter ferment oven crust crumb knead salt yeast bake",
    "chips": "silicon wafer etch factory ultraviolet transistor clean mask laser yield node chip",
}


def said(*subjects, each=60):
    """Return a talk of six minutes about each subject, no two sentences of which are the same."""
    chance = random.Random(each)
    words = [SUBJECTS[subject].split() for subject in subjects for _ in range(each)]
    lines = [f"{' '.join(chance.sample(own, 8))}.".capitalize() for own in words]
    return transcript_draft([(6 * n, line) for n, line in enumerate(lines)])


@pytest.fixture
async def core(tmp_path):
    async with opened_core(tmp_path, sample=False, embedder=FakeEmbedder()) as opened:
        yield opened


async def put(core, tenant=PUBLIC, of=TALK, **layers):
    return (await core.store.put_recording(tenant, recording_draft(of, **layers))).episode


async def outlined(core, embedder="as it is"):
    """Embed what waits, outline what has no chapters; return what came of it."""
    chosen = core.ports.embedder if embedder == "as it is" else embedder
    if chosen is not None and not chosen.broken:
        worker = EmbeddingWorker(core.store, chosen)
        while await worker.round():
            continue
    outlining = OutlineWorker(core.store, chosen)
    while await outlining.round():
        continue
    return dict(outlining.done)


async def chapters(core, episode, tenant=PUBLIC):
    moments = await core.store.outline(tenant, episode.id, offset=0, limit=99)
    return [(moment.segment.at.seconds, moment.source) for moment in moments]


def are_near(seconds, *wanted):
    """Return whether something is within a passage of each second."""
    return all(any(abs(one - second) < 30 for one in seconds) for second in wanted)


async def test_talk_gets_chapters_where_its_subject_changes(core):
    episode = await put(core, transcript=said("zebras", "bread", "chips"))
    assert await outlined(core) == {"outlined": 1}
    found = await chapters(core, episode)
    assert are_near([second for second, _ in found], 0, 360, 720)
    assert {label for _, label in found} == {"Automatic"}
    assert await outlined(core) == {}
    reply = await core.ask("/episodes a talk")
    lines = [line for group in reply.groups for line in group.moments]
    assert {line.source for line in lines} == {"Automatic"}


@pytest.mark.parametrize("without", [None, "broken"])
async def test_without_a_model_words_tell_where(core, without):
    episode = await put(core, transcript=said("zebras", "bread"))
    embedder = None
    if without:
        embedder = FakeEmbedder()
        embedder.broken = True
    assert await outlined(core, embedder) == {"outlined": 1}
    assert are_near([second for second, _ in await chapters(core, episode)], 0, 360)


async def test_talk_waits_until_all_of_it_has_its_vector(core):
    await put(core, transcript=said("zebras", "bread"))
    worker = OutlineWorker(core.store, core.ports.embedder)
    assert not await worker.round()
    assert await outlined(core) == {"outlined": 1}


async def test_short_talk_is_left_whole_and_not_looked_at_again(core):
    episode = await put(core, of=SHORT, transcript=said("zebras", each=3))
    assert await outlined(core) == {"left whole": 1}
    assert await outlined(core) == {}
    assert await chapters(core, episode) == []


async def test_chapters_of_a_maker_win_whenever_they_come(core):
    made = chapters_draft([(0, "Stripes"), (100, "Crust")])
    episode = await put(core, chapters=made, transcript=said("zebras", "bread"))
    assert await outlined(core) == {}
    late = await put(core, tenant=GUILD, transcript=said("zebras", "bread"))
    assert await outlined(core) == {"outlined": 1}
    await put(core, tenant=GUILD, chapters=made)
    assert await outlined(core) == {}
    for one, tenant in ((episode, PUBLIC), (late, GUILD)):
        assert await chapters(core, one, tenant) == [(0, "Chapters"), (100, "Chapters")]


async def test_another_transcript_has_other_chapters(core):
    episode = await put(core, transcript=said("zebras", "bread", "chips"))
    await outlined(core)
    await put(core, transcript=said("zebras", "chips"))
    assert await outlined(core) == {"outlined": 1}
    seconds = [second for second, _ in await chapters(core, episode)]
    assert are_near(seconds, 0, 360)
    assert max(seconds) < 720
    await put(core, transcript=said("zebras", each=3))
    assert await outlined(core) == {"left whole": 1}
    assert await chapters(core, episode) == []


async def test_chapter_that_somebody_corrected_is_not_taken_away(core):
    episode = await put(core, transcript=said("zebras", "bread", "chips"))
    await outlined(core)
    _, second, *_ = await core.store.outline(GUILD, episode.id, offset=0, limit=9)
    by = {"text": None, "by": "alice", "at": core.clock.now()}
    await core.store.correct(GUILD, second.segment.id, title="Of manes", **by)
    before = await chapters(core, episode)
    await put(core, transcript=said("zebras", "chips"))
    assert await outlined(core) == {}
    assert await chapters(core, episode) == before
    kept = await core.store.moment(GUILD, second.segment.id)
    assert kept.segment.title == "Of manes"


async def test_automatic_chapters_keep_in_step_beside_notes_that_came_later(core):
    episode = await put(core, transcript=said("zebras", "bread", "chips"))
    await outlined(core)
    notes = episode_draft([(5, "A note")])
    await core.store.put_recording(PUBLIC, recording_draft(notes, notes=notes))
    await put(core, transcript=said("zebras", each=3))
    assert await outlined(core) == {"left whole": 1}
    assert await chapters(core, episode) == [(5, "Notes")]


async def test_chapters_that_come_late_are_stored_for_no_other_talk(core):
    episode = await put(core, transcript=said("zebras", "bread"))
    talk = await core.store.next_bare_talk(None)
    draft = ChaptersDraft((Chapter(0, "A"), Chapter(9_000, "B")), "Automatic")
    await put(core, transcript=said("bread", "zebras"))
    assert not await core.store.put_outline(talk, draft)
    talk = await core.store.next_bare_talk(None)
    await put(core, chapters=chapters_draft([(0, "Stripes"), (100, "Crust")]))
    assert not await core.store.put_outline(talk, draft)
    assert await chapters(core, episode) == [(0, "Chapters"), (100, "Chapters")]


async def test_talk_that_cannot_be_outlined_does_not_stand_before_others(core, monkeypatch):
    await put(core, transcript=said("zebras", "bread"))
    monkeypatch.setattr("bot.outlining.outline.outline", lambda *_, **__: 1 / 0)
    assert await outlined(core) == {"failed": 1}


async def test_talk_that_the_model_fails_at_is_told_by_its_words_in_the_end(core, monkeypatch):
    talk = said("zebras", "bread")
    core.ports.embedder.poison = talk.sentences[70].text
    await put(core, transcript=talk)
    embedding = EmbeddingWorker(core.store, core.ports.embedder)
    for _ in range(20):
        await embedding.round()
    worker = OutlineWorker(core.store, core.ports.embedder)
    assert not await worker.round()
    monkeypatch.setattr("bot.services.outline_worker.VECTORS_WITHIN_S", 0.0)
    assert await worker.round()
    assert worker.done == {"outlined": 1}
