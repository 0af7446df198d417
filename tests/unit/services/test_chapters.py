"""Chapters answer beside notes: their range, what is said in them, and whose they are."""

import pytest

from bot.core.catalog import PUBLIC
from bot.core.reply import MomentCard, MomentList
from bot.core.timecode import Timecode
from bot.services.exporting import export_document
from tests.fakes.core import opened_core
from tests.fakes.drafts import chapters_draft, episode_draft, recording_draft, transcript_draft

CHAPTERS = [(0, "Welcome"), (300, "Sponsor: Acme"), (420, "Memory on chips"), (1_800, "Goodbye")]
SAID = [
    (5, "Hello and welcome to the talk."),
    (310, "Acme makes the best rockets."),
    (430, "Memory is what counts on these chips."),
    (900, "The memory bandwidth decides what inference costs."),
    (1_700, "Bandwidth again, and memory."),
    (1_805, "Goodbye and thank you all."),
]


@pytest.fixture
async def talk(core):
    draft = recording_draft(
        episode_draft((), video="ccccccccccc", title="Chips talk"),
        chapters=chapters_draft(CHAPTERS),
        transcript=transcript_draft(SAID),
    )
    return (await core.store.put_recording(PUBLIC, draft)).episode


async def test_time_within_a_chapter_is_told_by_what_is_said_there(core, talk):
    card = await core.ask("/summarize 15:02 in:chips")
    assert isinstance(card, MomentCard)
    assert (card.moment.title, str(card.moment.at)) == ("Memory on chips", "7:00")
    assert card.moment.note == "7:00 to 30:00"
    assert card.moment.source == "Chapters · Transcript"
    assert "15:00 “The memory bandwidth decides what inference costs.”" in card.text
    assert 2 <= len(card.text.split("\n\n")) <= 4
    assert "Goodbye" not in card.text
    urls = {button.label: button.url for button in card.buttons if button.url}
    assert urls["Watch 15:02"] == "https://youtu.be/ccccccccccc?t=902"
    assert urls["Watch"] == "https://youtu.be/ccccccccccc?t=420"
    assert (card.previous.title, card.next.title) == ("Sponsor: Acme", "Goodbye")
    assert card.previous.source == "Chapters · sponsor"


async def test_chapter_is_found_by_its_title_and_told_by_its_talk(core, talk):
    card = await core.ask("/topic memory on chips in:chips")
    assert (card.moment.title, card.moment.note) == ("Memory on chips", "7:00 to 30:00")
    assert "“" in card.text
    shared = await core.press("Share")
    assert (shared.moment.title, shared.text, shared.shared_by) == (
        card.moment.title,
        card.text,
        "Alice",
    )


async def test_sponsors_are_told_of_only_where_they_are_asked_for(core, talk):
    assert "Nothing about" in (await core.ask("/topic acme rockets in:chips")).text
    asked = await core.ask("/topic acme sponsor in:chips")
    assert asked.moment.title == "Sponsor: Acme"
    # A time is a time, whoever speaks then.
    assert (await core.ask("/summarize 5:10 in:chips")).moment.title == "Sponsor: Acme"


async def test_note_that_is_near_comes_before_the_chapter_around_it(core, talk):
    notes = episode_draft([(900, "Bandwidth", "It decides.")], video="ccccccccccc", title="Chips")
    await core.store.put_episode(PUBLIC, notes)
    assert (await core.ask("/summarize 15:30 in:chips")).moment.title == "Bandwidth"
    assert (await core.ask("/summarize 20:00 in:chips")).moment.title == "Memory on chips"
    listed = await core.ask("/episodes chips")
    assert isinstance(listed, MomentList)
    assert listed.heading == "1 note and 4 chapters"
    assert [line.source for line in listed.moments] == [
        "Chapters", "Chapters · sponsor", "Chapters", "Notes", "Chapters",
    ]  # fmt: skip


async def test_chapters_without_a_transcript_still_say_where_one_is(core):
    bare = recording_draft("ddddddddddd", chapters=chapters_draft([(0, "One"), (600, "Two")]))
    await core.store.put_recording(PUBLIC, bare)
    card = await core.ask("/summarize 0:05:00 in:talk")
    assert (card.moment.title, card.text) == ("One", "")


async def test_range_of_a_chapter_is_told(core):
    bare = recording_draft("ddddddddddd", chapters=chapters_draft([(0, "One"), (600, "Two")]))
    await core.store.put_recording(PUBLIC, bare)
    card = await core.ask("/summarize 0:02:00-0:03:00 in:talk")
    assert card.moment.title == "One"
    listed = await core.ask("/summarize 0:00:00-0:10:00 in:talk")
    assert listed.heading == "2 moments from 0:00 to 10:00"


async def test_episode_of_talk_alone_offers_what_is_said(core):
    draft = recording_draft(
        episode_draft((), video="eeeeeeeeeee", title="Only talk"), transcript=transcript_draft(SAID)
    )
    await core.store.put_recording(PUBLIC, draft)
    opened = await core.ask("/episodes only talk")
    assert "only what is said" in opened.heading
    card = await core.press("From the beginning")
    assert "Hello and welcome" in card.text


async def test_chapters_are_exported_with_what_is_said_and_say_so(core, talk):
    document = await export_document(core.store, PUBLIC, talk.id)
    assert "Source: Chapters · Transcript, its sentences chosen by rule." in document
    assert "[7:00–30:00](https://youtu.be/ccccccccccc?t=420)" in document
    assert "**Memory on chips**" in document
    assert "Memory is what counts" in document
    # What was written is a document that can be read again, beside what is there.
    again = await core.add(document)
    assert again.outcome.episode.id == talk.id
    assert again.outcome.notes.added == len(CHAPTERS)


async def test_exported_chapters_come_back_with_their_label_and_sponsors(core, talk, tmp_path):
    document = await export_document(core.store, PUBLIC, talk.id)
    (tmp_path / "elsewhere").mkdir()
    async with opened_core(tmp_path / "elsewhere", sample=False) as other:
        episode = (await other.add(document)).outcome.episode
        listed = await other.ask("/episodes chips")
        assert [line.source for line in listed.moments] == [
            "Chapters", "Chapters · sponsor", "Chapters", "Chapters",
        ]  # fmt: skip
        assert "Nothing about" in (await other.ask("/topic acme")).text
        assert (await other.ask("/topic acme sponsor")).moment.title == "Sponsor: Acme"
        assert await export_document(other.store, PUBLIC, episode.id) == document


async def test_talk_without_chapters_is_exported_in_stretches(core):
    draft = recording_draft(
        episode_draft((), video="eeeeeeeeeee", title="Only talk"), transcript=transcript_draft(SAID)
    )
    episode = (await core.store.put_recording(PUBLIC, draft)).episode
    document = await export_document(core.store, PUBLIC, episode.id)
    assert "Source: Automatic · Transcript" in document
    assert "[15:00–15:02](https://youtu.be/eeeeeeeeeee?t=900)" in document
    assert "[20:00" not in document
    again = (await core.add(document)).outcome.episode
    assert (again.id, again.source_label) == (episode.id, "Automatic")
    assert (await core.ask("/topic inference in:only")).moment.source == "Automatic"


async def test_digest_tells_chapters_only_where_no_notes_are_and_never_sponsors(core, talk):
    from datetime import UTC, date, datetime, time

    from bot.core.digest import WhenEmpty

    schedule = await core.store.put_schedule(
        "discord:1", "general", at=time(9), zone="UTC", when_empty=WhenEmpty.QUIET, set_by="a",
        first_day=date(2026, 3, 2), due_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    )  # fmt: skip
    await core.store.watch_episode("discord:1", schedule.id, talk.id)
    fresh = await core.store.fresh("discord:1", schedule.id, 9)
    titles = [one.segment.title for one in fresh.moments]
    assert titles == ["Welcome", "Memory on chips", "Goodbye"]
    notes = episode_draft([(900, "Bandwidth", "It decides.")], video="ccccccccccc")
    await core.store.put_episode(PUBLIC, notes)
    fresh = await core.store.fresh("discord:1", schedule.id, 9)
    assert [one.segment.title for one in fresh.moments] == ["Bandwidth"]


async def test_recording_without_a_link_is_told_without_one(core):
    from bot.core.media import named_media
    from bot.core.recording import RecordingDraft

    draft = RecordingDraft(
        named_media("Nameless talk"),
        "Nameless talk",
        chapters=chapters_draft(CHAPTERS),
        transcript=transcript_draft(SAID),
    )
    episode = (await core.store.put_recording(PUBLIC, draft)).episode
    card = await core.ask("/summarize 0:15:02 in:nameless")
    assert (card.moment.title, card.moment.url) == ("Memory on chips", "")
    assert not [button for button in card.buttons if button.url is not None]
    assert card.moment.at == Timecode(420)
    listed = await core.ask("/episodes nameless")
    assert not [button for button in listed.buttons if button.url is not None]
    document = await export_document(core.store, PUBLIC, episode.id)
    assert "| 7:00–30:00 |" in document


async def test_what_is_being_said_then_is_quoted_however_little_it_tells(core):
    said = [
        (second, f"Chips and memory and chips, number {second}.") for second in range(0, 590, 5)
    ]
    said[60] = (said[60][0], "Well, quite.")
    draft = recording_draft(
        episode_draft((), video="fffffffffff", title="Long talk"),
        chapters=chapters_draft([(0, "All of it"), (590, "End")]),
        transcript=transcript_draft(said),
    )
    await core.store.put_recording(PUBLIC, draft)
    card = await core.ask("/summarize 0:05:01 in:long")
    assert "5:00 “Well, quite.”" in card.text
