"""Every store reads episodes and moments the same way."""

from bot.core.catalog import PUBLIC, Reference, SegmentKind
from bot.core.media import Media
from bot.core.timecode import Timecode
from tests.fakes.drafts import episode_draft, segment_draft

GUILD = "discord:1"
AT = (60, 600, 1200)
ROWS = [(second, f"Title {second}", f"text {second}") for second in AT]


async def ids(store, episode_id, tenant=PUBLIC):
    return [m.segment.id for m in await store.outline(tenant, episode_id, offset=0, limit=99)]


async def test_stored_episode_is_read_as_it_was_drafted(store):
    draft = episode_draft(
        ROWS,
        title="Chips | Some Podcast #7",
        show="Some Podcast",
        source_label="Notes · Somebody",
        duration=Timecode(9_000),
    )
    episode = (await store.put_episode(GUILD, draft)).episode
    assert episode == await store.episode(GUILD, episode.id)
    assert (episode.title, episode.show, episode.tenant) == (draft.title, "Some Podcast", GUILD)
    assert (episode.media, episode.source_label) == (draft.media, "Notes · Somebody")
    assert (episode.duration, episode.segment_count) == (Timecode(9_000), 3)
    assert (episode.first_at, episode.last_at) == (Timecode(60), Timecode(1200))


async def test_moment_holds_segment_and_episode(store):
    draft = episode_draft(
        [
            segment_draft(
                60,
                "A",
                "b",
                kind=SegmentKind.CHAPTER,
                end=Timecode(90),
                link_at=Timecode(65),
            )
        ]
    )
    episode = (await store.put_episode(PUBLIC, draft)).episode
    (ident,) = await ids(store, episode.id)
    moment = await store.moment(GUILD, ident)
    segment = moment.segment
    assert moment.episode == episode
    assert (segment.episode_id, segment.title, segment.text) == (episode.id, "A", "b")
    assert (segment.kind, segment.at, segment.end) == (
        SegmentKind.CHAPTER,
        Timecode(60),
        Timecode(90),
    )
    assert segment.conflicting_link_at == Timecode(65)
    assert not segment.corrected


async def test_unknown_ids_of_any_size_are_none(store):
    await store.put_episode(PUBLIC, episode_draft())
    for ident in (-1, 0, 99, 2**63 - 1, 2**63, 10**40):
        assert await store.moment(PUBLIC, ident) is None
        assert await store.episode(PUBLIC, ident) is None
        assert await store.stored_episode(PUBLIC, ident) is None
        assert await store.neighbours(PUBLIC, ident) == (None, None)
        assert await store.outline(PUBLIC, ident, offset=0, limit=5) == []
        around = await store.around(PUBLIC, ident, Timecode(1))
        assert (around.linked, around.before, around.after) == (None, None, None)


async def test_neighbours_are_the_moments_before_and_after_in_time(store):
    rows = [ROWS[1], ROWS[0], ROWS[2]]
    episode = (await store.put_episode(PUBLIC, episode_draft(rows))).episode
    first, middle, last = await ids(store, episode.id)
    before, after = await store.neighbours(PUBLIC, middle)
    assert (before.segment.id, after.segment.id) == (first, last)
    assert (await store.neighbours(PUBLIC, first))[0] is None
    assert (await store.neighbours(PUBLIC, last))[1] is None


async def test_neighbours_at_one_second_follow_each_other(store):
    rows = [(60, "A"), (60, "B"), (60, "C")]
    episode = (await store.put_episode(PUBLIC, episode_draft(rows))).episode
    a, b, c = await ids(store, episode.id)
    before, after = await store.neighbours(PUBLIC, b)
    assert (before.segment.id, after.segment.id) == (a, c)


async def test_around_names_what_lies_before_and_after(store):
    episode = (await store.put_episode(PUBLIC, episode_draft(ROWS))).episode
    around = await store.around(GUILD, episode.id, Timecode(700))
    assert (around.before.segment.at, around.after.segment.at) == (Timecode(600), Timecode(1200))
    assert around.linked is None
    exact = await store.around(GUILD, episode.id, Timecode(600))
    assert (exact.before.segment.at, exact.after.segment.at) == (Timecode(600), Timecode(1200))
    assert (await store.around(GUILD, episode.id, Timecode(59))).before is None
    assert (await store.around(GUILD, episode.id, Timecode(1200))).after is None


async def test_around_finds_the_row_whose_link_opens_the_second(store):
    rows = [
        (60, "A"),
        segment_draft(600, "B", link_at=Timecode(100)),
        segment_draft(700, "C", link_at=Timecode(100)),
        segment_draft(800, "D", link_at=Timecode(640)),
    ]
    episode = (await store.put_episode(PUBLIC, episode_draft(rows))).episode
    around = await store.around(PUBLIC, episode.id, Timecode(100))
    assert (around.linked.segment.title, around.before.segment.title) == ("B", "A")
    assert around.after.segment.title == "B"
    far = await store.around(PUBLIC, episode.id, Timecode(640))
    assert [m.segment.title for m in (far.linked, far.before, far.after)] == ["D", "B", "C"]
    agreeing = await store.around(PUBLIC, episode.id, Timecode(60))
    assert agreeing.linked is None


async def test_around_takes_the_first_imported_of_several_at_one_second(store):
    rows = [(60, "A"), (60, "B"), (90, "C"), (90, "D")]
    episode = (await store.put_episode(PUBLIC, episode_draft(rows))).episode
    around = await store.around(PUBLIC, episode.id, Timecode(80))
    assert (around.before.segment.title, around.after.segment.title) == ("A", "C")


async def test_between_includes_both_ends(store):
    episode = (await store.put_episode(PUBLIC, episode_draft(ROWS))).episode
    found = await store.between(PUBLIC, episode.id, Timecode(60), Timecode(600), 9)
    assert [m.segment.at.seconds for m in found] == [60, 600]
    assert len(await store.between(PUBLIC, episode.id, Timecode(0), Timecode(9_999), 2)) == 2
    assert await store.between(PUBLIC, episode.id, Timecode(61), Timecode(599), 9) == []


async def test_outline_is_paged_by_time(store):
    episode = (await store.put_episode(PUBLIC, episode_draft(reversed(ROWS)))).episode
    pages = [await store.outline(PUBLIC, episode.id, offset=o, limit=2) for o in (0, 2, 4)]
    assert [[m.segment.at.seconds for m in page] for page in pages] == [[60, 600], [1200], []]
    assert await store.outline(PUBLIC, episode.id, offset=0, limit=0) == []


async def test_episodes_list_own_first_then_newest(store):
    for number, tenant in enumerate((GUILD, PUBLIC, "slack:T2", PUBLIC, GUILD)):
        draft = episode_draft(video=f"{number:011}", title=f"Talk {number}")
        await store.put_episode(tenant, draft)
    listed = await store.episodes(GUILD, offset=0, limit=9)
    assert [e.title[-1] for e in listed] == ["4", "0", "3", "1"]
    assert [e.title[-1] for e in await store.episodes(GUILD, offset=1, limit=2)] == ["0", "3"]
    assert [e.title[-1] for e in await store.episodes(PUBLIC, offset=0, limit=9)] == ["3", "1"]


async def test_episodes_are_found_by_beginnings_of_their_words(store):
    await store.put_episode(
        PUBLIC, episode_draft(video="_1f-o0nqpEI", title="Chips | Café Talk #459", show="Café Talk")
    )
    await store.put_episode(PUBLIC, episode_draft(video="bbbbbbbbbbb", title="Other talk"))

    async def found(typed):
        return [e.title[:5] for e in await store.find_episodes(GUILD, typed, 9)]

    assert await found("cafe 459") == ["Chips"]
    assert await found("TALK chi") == ["Chips"]
    assert await found("talk") == ["Other", "Chips"]
    assert await found("youtube:_1f-o0nqpEI") == ["Chips"]
    assert await found("_1f-o0nqpEI") == ["Chips"]
    assert await found("talk zebra") == []
    assert await found("hips") == []
    assert await found("?!") == []
    assert await found("%") == []
    assert len(await store.find_episodes(GUILD, "talk", 1)) == 1


async def test_recording_is_found_by_its_key_and_a_tenants_own_first(store):
    public = (await store.put_episode(PUBLIC, episode_draft())).episode
    key = public.media.key
    assert await store.episode_of_media(GUILD, key) == public
    own = (await store.put_episode(GUILD, episode_draft())).episode
    assert await store.episode_of_media(GUILD, key) == own
    assert await store.episode_of_media("slack:T2", key) == public
    assert await store.episode_of_media(GUILD, "youtube:zzzzzzzzzzz") is None


async def test_export_holds_the_document_in_its_order(store):
    draft = episode_draft(
        [segment_draft(600, "B | b", "x\n\ny", link_at=Timecode(1), end=Timecode(601)), ROWS[0]],
        intro="Hello",
        references=(Reference("A paper", "https://example.org/a"), Reference("A book", None)),
        layout='{"columns": [2, 0, 1]}',
    )
    episode = (await store.put_episode(PUBLIC, draft)).episode
    stored = await store.stored_episode(GUILD, episode.id)
    assert (stored.episode, stored.intro, stored.layout) == (episode, "Hello", draft.layout)
    assert stored.references == draft.references
    assert tuple(row for row, _ in stored.segments) == draft.segments
    assert [segment.title for _, segment in stored.segments] == ["B | b", "Title 60"]


async def test_other_recordings_than_youtubes_are_kept_with_their_link(store):
    media = Media("url:https://example.org/a.mp3", "https://example.org/a.mp3")
    draft = episode_draft()
    stored = await store.put_episode(PUBLIC, type(draft)(draft.title, media, draft.segments))
    assert (await store.episode_of_media(PUBLIC, media.key)).media == media
    assert stored.episode.media.url_at(Timecode(5)) == "https://example.org/a.mp3#t=5"
