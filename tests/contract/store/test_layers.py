"""Every store keeps notes, chapters and talk apart, each replaced by itself and labelled."""

from dataclasses import replace

import pytest

from bot.core.catalog import PUBLIC, SegmentKind
from bot.core.errors import BadDocument
from bot.core.media import Media, named_media
from bot.core.query import parse_query
from bot.core.recording import ChaptersDraft, RecordingDraft
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter
from tests.fakes.drafts import chapters_draft, episode_draft, recording_draft, transcript_draft

GUILD = "discord:1"
CHAPTERS = [(0, "Welcome"), (300, "Sponsor: Acme rockets"), (360, "Memory on chips")]
SAID = [(10, "Hello everybody."), (310, "Acme rockets fly."), (400, "Memory is what counts.")]
TALK = "aaaaaaaaaaa"


def whole(**changes):
    return recording_draft(
        episode_draft(**changes),
        notes=episode_draft(**changes),
        chapters=chapters_draft(CHAPTERS),
        transcript=transcript_draft(SAID),
    )


async def lines(store, episode, tenant=PUBLIC):
    moments = await store.outline(tenant, episode.id, offset=0, limit=50)
    return [(one.segment.kind.value, str(one.segment.at), one.segment.title) for one in moments]


async def searched(store, typed, tenant=PUBLIC):
    query = parse_query(typed)
    noted = await store.search(tenant, query)
    said = await store.search_spoken(tenant, query)
    return (
        [one.moment.segment.title for one in noted],
        [sentence.text for one in said for sentence in one.sentences],
    )


async def test_layers_come_together_and_each_has_its_own_label(store):
    outcome = await store.put_recording(PUBLIC, whole(source_label="Notes · Ann"))
    episode = outcome.episode
    assert (outcome.created, outcome.transcript) == (True, True)
    assert (outcome.notes.added, outcome.chapters.added) == (2, 3)
    assert (episode.segment_count, episode.chapter_count) == (5, 3)
    labels = (episode.source_label, episode.chapters_label, episode.transcript_label)
    assert labels == ("Notes · Ann", "Chapters", "Transcript")
    assert await lines(store, episode) == [
        ("chapter", "0:00", "Welcome"),
        ("note", "1:00", "KV Cache"),
        ("chapter", "5:00", "Sponsor: Acme rockets"),
        ("chapter", "6:00", "Memory on chips"),
        ("note", "10:00", "Export Controls"),
    ]
    again = await store.put_recording(PUBLIC, whole(source_label="Notes · Ann"))
    assert again.unchanged
    assert again.episode == episode


@pytest.mark.parametrize(
    "order", [("notes", "chapters", "transcript"), ("transcript", "chapters", "notes")]
)
async def test_layers_that_come_one_by_one_are_the_same_in_the_end(store, order):
    draft = whole()
    for layer in order:
        await store.put_recording(PUBLIC, recording_draft(draft, **{layer: getattr(draft, layer)}))
    (episode,) = await store.episodes(PUBLIC, offset=0, limit=9)
    assert (episode.segment_count, episode.chapter_count) == (5, 3)
    around = await store.around(PUBLIC, episode.id, Timecode(401))
    assert (around.within.segment.title, around.within.segment.end) == (
        "Memory on chips",
        Timecode(402),
    )
    assert await searched(store, "acme rockets") == ([], [])


async def test_chapters_replace_chapters_and_leave_notes_and_their_ids(store):
    episode = (await store.put_recording(PUBLIC, whole())).episode
    before = await store.outline(PUBLIC, episode.id, offset=0, limit=9)
    ids = {one.segment.title: one.segment.id for one in before}
    outcome = await store.put_recording(
        PUBLIC, recording_draft(TALK, chapters=chapters_draft([(0, "Welcome"), (500, "Later")]))
    )
    assert outcome.notes is None
    assert (outcome.chapters.added, outcome.chapters.updated, outcome.chapters.removed) == (1, 1, 2)
    after = {
        one.segment.title: one.segment.id
        for one in await store.outline(PUBLIC, episode.id, offset=0, limit=9)
    }
    assert set(after) == {"Welcome", "Later", "KV Cache", "Export Controls"}
    assert all(after[title] == ids[title] for title in ("Welcome", "KV Cache", "Export Controls"))


async def test_notes_keep_their_title_whatever_else_comes(store):
    await store.put_recording(PUBLIC, whole())
    chapters = chapters_draft([(0, "One")])
    draft = RecordingDraft(
        episode_draft().media, "Another title", "A show", Timecode(900), chapters=chapters
    )
    episode = (await store.put_recording(PUBLIC, draft)).episode
    assert (episode.title, episode.show, episode.duration) == ("A talk", None, Timecode(900))
    # The length stays known when the notes, which do not tell it, come again.
    again = await store.put_episode(PUBLIC, episode_draft())
    assert again.episode.duration == Timecode(900)


async def test_chapter_ends_where_the_next_begins_or_its_maker_says(store):
    chapters = ChaptersDraft(
        (
            Chapter(60_900, "Late", end_ms=90_000),
            Chapter(0, "First"),
            Chapter(5_000, "A mark", silent=True),
        )
    )
    draft = RecordingDraft(
        Media("url:http://x.example/a", "http://x.example/a"), "T", chapters=chapters
    )
    episode = (await store.put_recording(GUILD, draft)).episode
    moments = await store.outline(GUILD, episode.id, offset=0, limit=9)
    ends = [(one.segment.title, one.segment.at.seconds, one.segment.end) for one in moments]
    assert ends == [("First", 0, Timecode(60)), ("Late", 60, Timecode(90))]


async def test_around_tells_notes_and_the_chapter_apart(store):
    episode = (await store.put_recording(PUBLIC, whole())).episode
    around = await store.around(PUBLIC, episode.id, Timecode(365))
    assert (around.before.segment.title, around.after.segment.title) == (
        "KV Cache",
        "Export Controls",
    )
    assert around.within.segment.title == "Memory on chips"
    only = recording_draft("bbbbbbbbbbb", chapters=chapters_draft(CHAPTERS))
    episode = (await store.put_recording(PUBLIC, only)).episode
    around = await store.around(PUBLIC, episode.id, Timecode(310))
    assert around.before == around.within
    assert around.before.segment.kind is SegmentKind.CHAPTER
    assert around.after.segment.title == "Memory on chips"
    # Without a length nobody knows where the last one ends.
    assert (await store.around(PUBLIC, episode.id, Timecode(400))).within is None


async def test_neighbours_are_of_the_same_kind(store):
    episode = (await store.put_recording(PUBLIC, whole())).episode
    moments = await store.outline(PUBLIC, episode.id, offset=0, limit=9)
    ids = {one.segment.title: one.segment.id for one in moments}
    _, after = await store.neighbours(PUBLIC, ids["KV Cache"])
    assert after.segment.title == "Export Controls"
    before, after = await store.neighbours(PUBLIC, ids["Sponsor: Acme rockets"])
    assert (before.segment.title, after.segment.title) == ("Welcome", "Memory on chips")


async def test_sponsors_are_found_only_where_they_are_asked_for(store):
    await store.put_recording(PUBLIC, whole())
    assert await searched(store, "acme rockets") == ([], [])
    assert await searched(store, "sponsor acme") == (
        ["Sponsor: Acme rockets"],
        ["Acme rockets fly."],
    )
    assert await searched(store, "memory") == (["Memory on chips"], ["Memory is what counts."])
    assert await store.suggest(PUBLIC, "spons", 9) == []
    # Chapters that say otherwise give the talk back.
    plain = chapters_draft([(0, "Welcome"), (300, "Rockets by Acme")])
    await store.put_recording(PUBLIC, recording_draft(TALK, chapters=plain))
    assert await searched(store, "acme rockets") == (["Rockets by Acme"], ["Acme rockets fly."])


async def test_recording_without_a_link_is_known_by_its_name(store):
    media = named_media("A show", "Some  TALK")
    assert media == named_media("a show", "some talk")
    draft = RecordingDraft(media, "Some talk", chapters=chapters_draft([(0, "One"), (60, "Two")]))
    first = await store.put_recording(GUILD, draft)
    again = await store.put_recording(GUILD, draft)
    assert (first.created, again.unchanged) == (True, True)
    assert again.episode.media.url_at(Timecode(60)) == ""
    assert (await store.episode_of_media(GUILD, media.key)).id == first.episode.id


async def test_recording_stays_found_by_its_show_when_a_layer_comes_without_it(store):
    first = recording_draft(TALK, transcript=transcript_draft([(5, "Memory is fast.")]))
    await store.put_recording(GUILD, replace(first, show="Menagerie Hour"))
    later = recording_draft(TALK, chapters=chapters_draft([(0, "One")]))
    outcome = await store.put_recording(GUILD, later)
    assert (outcome.episode.show, outcome.retold) == ("Menagerie Hour", False)
    found = await store.find_episodes(GUILD, "menagerie", 9)
    assert [one.id for one in found] == [outcome.episode.id]


async def test_recording_that_makes_no_sense_changes_nothing(store):
    episode = (await store.put_recording(PUBLIC, whole())).episode
    before = await lines(store, episode)
    good = chapters_draft([(0, "One")])
    for bad in (
        RecordingDraft(Media("url:x", ""), "T", chapters=good),
        RecordingDraft(Media("url:x", "javascript:alert(1)"), "T", chapters=good),
        recording_draft(TALK, chapters=ChaptersDraft((Chapter(0, "One", url="file:///etc"),))),
        recording_draft(TALK, chapters=good, transcript=transcript_draft([(5, " ")])),
    ):
        with pytest.raises(BadDocument):
            await store.put_recording(PUBLIC, bad)
    assert await lines(store, episode) == before
    assert len(await store.episodes(PUBLIC, offset=0, limit=9)) == 1


async def test_layers_of_one_tenant_are_nobody_elses(store):
    episode = (await store.put_recording(GUILD, whole())).episode
    for other in (PUBLIC, "discord:2"):
        assert await lines(store, episode, other) == []
        assert await searched(store, "memory", other) == ([], [])
        assert await store.around(other, episode.id, Timecode(310)) == await store.around(
            other, 10**9, Timecode(310)
        )
