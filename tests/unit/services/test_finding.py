"""``/topic`` by what is meant: found without the words, said to be so, and refused honestly."""

import asyncio
import threading
import time

import pytest

from bot.core.catalog import PUBLIC
from bot.core.errors import Busy
from bot.core.query import parse_query
from bot.core.reply import MomentCard, MomentList, Notice
from bot.services import finding
from bot.services.embedding_worker import EmbeddingWorker
from tests.fakes.core import GUILD, Core, opened_core
from tests.fakes.drafts import chapters_draft, episode_draft, recording_draft, transcript_draft
from tests.fakes.embedder import FakeEmbedder

TALK, AGAIN = "aaaaaaaaaaa", "bbbbbbbbbbb"
FILLER = "so we went on and on about it for quite a while as people do"
SAID = [
    (0, "Welcome to the show."),
    (60, "The zebra crossed a road."),
    (120, "It was an okapi."),
    (180, "Pelicans fish."),
]
BROKEN = FakeEmbedder()
BROKEN.broken = True
ASKED = "pelicans migrating northwards"
"""Nobody says that; somebody says one word of it, and nothing else."""


@pytest.fixture
async def core(tmp_path):
    async with opened_core(tmp_path, sample=False, embedder=FakeEmbedder()) as opened:
        yield opened


@pytest.fixture
async def talk(core):
    return await told(core, recording_draft(TALK, transcript=transcript_draft(SAID)))


async def told(core, draft, tenant=PUBLIC):
    episode = (await core.store.put_recording(tenant, draft)).episode
    worker = EmbeddingWorker(core.store, core.ports.embedder)
    while await worker.round():
        continue
    return episode


def shown(reply):
    assert isinstance(reply, MomentList), reply
    return [line for group in reply.groups for line in group.moments]


async def test_passage_is_found_by_what_it_means_and_said_to_be(core, talk):
    reply = await core.ask(f"/topic {ASKED}")
    (line,) = shown(reply)
    assert reply.heading == f"1 passage of the talk closest by meaning to “{ASKED}”"
    assert (line.title, line.at.seconds, line.note) == (
        "“Pelicans fish.”",
        180,
        "closest by meaning",
    )


async def test_passage_with_the_words_is_not_said_to_be_by_meaning(core, talk):
    reply = await core.ask("/topic zebra road")
    (line,) = shown(reply)
    assert reply.heading == "1 passage of the talk about “zebra road”"
    assert (line.at.seconds, line.note) == (60, None)


async def test_passage_begins_where_its_words_are_said(core):
    said = [(0, "Welcome to the show."), (3, "So we drove on."), (6, "The zebra crossed a road.")]
    await told(core, recording_draft(TALK, transcript=transcript_draft(said)))
    (line,) = shown(await core.ask("/topic zebra road"))
    assert (line.title, line.at.seconds) == ("“The zebra crossed a road.”", 6)


@pytest.mark.parametrize("asked", ["kangaroo boxing", "sourdough hydration of bread"])
async def test_what_nobody_talks_of_is_refused(core, talk, asked):
    reply = await core.ask(f"/topic {asked}")
    assert isinstance(reply, Notice)
    assert reply.text.startswith(f"Nothing about “{asked}”.")


async def test_quoted_words_are_taken_as_written(core, talk):
    assert isinstance(await core.ask('/topic "pelicans migrating"'), Notice)
    assert isinstance(await core.ask('/topic "pelicans fished"'), Notice)
    assert len(shown(await core.ask('/topic "pelicans fish"'))) == 1


@pytest.mark.parametrize("model", [None, BROKEN])
async def test_without_a_model_or_with_a_broken_one_words_are_all(core, talk, model):
    bare = Core(core.store, embedder=model)
    assert isinstance(await bare.ask(f"/topic {ASKED}"), Notice)
    assert shown(await bare.ask("/topic zebra road"))[0].at.seconds == 60


async def test_note_is_found_by_what_it_means_and_its_talk_is_not_told_twice(core):
    draft = recording_draft(
        TALK,
        chapters=chapters_draft([(0, "Welcome"), (170, "Pelicans"), (400, "Okapis")]),
        transcript=transcript_draft([*SAID, (500, "Pelicans sleep.")]),
    )
    await told(core, draft)
    found = shown(await core.ask(f"/topic {ASKED}"))
    assert [(line.title, line.note) for line in found] == [
        ("Pelicans", "closest by meaning"),
        ("“Pelicans sleep.”", "closest by meaning"),
    ]


async def test_where_there_is_no_talk_nobody_asks_what_words_mean_that_notes_have(core):
    notes = episode_draft(
        [(90, "Zebra", "A zebra on a road."), (180, "Pelicans", "Pelicans fish.")]
    )
    await told(core, recording_draft(notes, notes=notes))
    model = core.ports.embedder
    model.seen.clear()
    assert isinstance(await core.ask("/topic zebra road"), MomentCard)
    assert model.seen == []
    (line,) = shown(await core.ask(f"/topic {ASKED}"))
    assert (line.title, line.note) == ("Pelicans", "closest by meaning")
    assert model.seen == [ASKED]


async def test_what_is_meant_is_told_at_once_where_there_was_talk_before(core, talk, monkeypatch):
    model, statistics = core.ports.embedder, core.store.statistics
    embed, begun = model.embed, threading.Event()
    assert shown(await core.ask("/topic zebra road"))

    def seen(texts):
        begun.set()
        return embed(texts)

    async def late(*args, **which):
        assert await asyncio.to_thread(begun.wait, 9)
        return await statistics(*args, **which)

    monkeypatch.setattr(model, "embed", seen)
    monkeypatch.setattr(core.store, "statistics", late)
    assert shown(await core.ask(f"/topic {ASKED}"))[0].at.seconds == 180


async def test_where_talk_is_gone_nobody_asks_what_words_mean_any_more(core, talk):
    assert shown(await core.ask("/topic zebra road"))
    assert core.ports.talk_seen == {GUILD}
    assert await core.store.remove_episode(PUBLIC, talk.id)
    assert isinstance(await core.ask("/topic zebra road"), Notice)
    assert core.ports.talk_seen == set()


async def test_note_with_the_words_comes_first_with_the_way_to_the_talk(core, talk):
    notes = episode_draft([(90, "Zebra", "A zebra on a road.")], video=AGAIN)
    await told(core, recording_draft(notes, notes=notes))
    reply = await core.ask("/topic zebra road")
    assert isinstance(reply, MomentCard)
    assert (await core.press("1 passage of the talk")).heading.endswith("about “zebra road”")


async def test_talk_published_twice_is_told_once(core, talk):
    await told(core, recording_draft(AGAIN, transcript=transcript_draft(SAID)))
    assert len(shown(await core.ask("/topic zebra road"))) == 1
    assert len(shown(await core.ask(f"/topic {ASKED}"))) == 1


async def test_passages_that_follow_each_other_are_one_answer(core):
    long = [(n * 6, f"A zebra, said the {n}th. {FILLER} {FILLER}") for n in range(9)]
    draft = recording_draft(TALK, transcript=transcript_draft(long))
    episode = await told(core, draft)
    said = await core.store.transcript(PUBLIC, episode.id)
    found = shown(await core.ask("/topic zebra"))
    assert 1 <= len(found) < said.sentence_count / 2


async def test_search_in_one_episode_tells_of_no_other(core, talk):
    beasts = episode_draft((), title="Beasts", video=AGAIN)
    said = transcript_draft([(7, "Pelicans dive.")])
    await told(core, recording_draft(beasts, transcript=said))
    assert len(shown(await core.ask(f"/topic {ASKED}"))) == 2
    (one,) = shown(await core.ask(f"/topic {ASKED} in:beasts"))
    assert one.title == "“Pelicans dive.”"


async def test_quotes_of_a_stretch_are_those_that_mean_most_of_it(core):
    about = ["Pelicans fish in the shallow water of the lagoon at dawn every day."] * 2
    off = "By the way my neighbour painted his kitchen in a bright yellow again."
    more = [f"Pelicans of the lagoon fish in shallow water, the {n}th time." for n in range(4)]
    # So far apart that each is a passage.
    said = [(n * 20, line) for n, line in enumerate([*about, off, *more])]
    await told(core, recording_draft(TALK, transcript=transcript_draft(said)))
    card = await core.ask("/summarize 0:01:20")
    assert "neighbour" not in card.text
    assert "1:20 “" in card.text  # the sentence that is being said then
    bare = Core(core.store)
    assert "1:20 “" in (await bare.ask("/summarize 0:01:20")).text


async def test_related_is_what_means_the_same_in_another_episode(core, talk):
    notes = episode_draft([(90, "Pelicans", "Pelicans fish.")], video=AGAIN)
    await told(core, recording_draft(notes, notes=notes))
    assert isinstance(await core.ask("/topic pelicans"), MomentCard)
    found = shown(await core.press("Related"))
    assert [(line.title, line.note) for line in found] == [
        ("“Pelicans fish.”", "closest by meaning")
    ]
    core.ports.embedder.broken = True
    await core.ask("/topic pelicans")
    assert isinstance(await core.press("Related"), Notice)


async def test_related_to_a_chapter_is_what_means_the_same_as_all_that_is_said_in_it(core, talk):
    draft = recording_draft(
        AGAIN,
        chapters=chapters_draft([(0, "Birds"), (100, "More")]),
        transcript=transcript_draft([(5, "Pelicans fish."), (200, "Nothing else.")]),
    )
    await told(core, draft)
    assert isinstance(await core.ask("/topic birds"), MomentCard)
    found = shown(await core.press("Related"))
    assert [(line.episode.id, line.title) for line in found] == [(talk.id, "“Pelicans fish.”")]


async def test_note_that_a_tenant_has_itself_is_told_once(core):
    notes = episode_draft([(0, "Welcome to the show"), (60, "Pelicans fish")])
    await told(core, recording_draft(notes, notes=notes))
    own = await told(core, recording_draft(notes, notes=notes), GUILD)
    (line,) = shown(await core.ask(f"/topic {ASKED}"))
    assert (line.episode.id, line.title) == (own.id, "Pelicans fish")


async def test_answer_does_not_wait_for_a_model_that_loads(core, talk, monkeypatch):
    loaded = threading.Event()
    embed = core.ports.embedder.embed

    def slow(texts):
        loaded.wait(5)
        return embed(texts)

    monkeypatch.setattr(core.ports.embedder, "embed", slow)
    start = time.monotonic()
    assert shown(await core.ask("/topic zebra road"))[0].at.seconds == 60
    assert time.monotonic() - start < 2
    loaded.set()
    assert shown(await core.ask(f"/topic {ASKED}"))[0].at.seconds == 180


async def test_what_is_close_is_told_without_words_that_take_too_long(core, talk, monkeypatch):
    search = core.store.search_spoken

    async def slow(*args, **where):
        await asyncio.sleep(1.2)
        return await search(*args, **where)

    monkeypatch.setattr(core.store, "search_spoken", slow)
    query = parse_query("zebra road")
    found = await finding.look_up(core.ports, PUBLIC, query, None, within_s=0.9)
    assert len(found.spoken) == 1
    assert len(found.close.spoken) == len(SAID)
    assert [hit.sentence.start_ms for hit in finding.heard(found, None, shown=1)] == [60_000]


async def test_nothing_that_was_begun_goes_on_where_a_search_fails(core, talk, monkeypatch):
    async def failing(*args, **where):
        raise Busy("locked")

    ended = []

    async def endless(*args, **where):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(where)

    monkeypatch.setattr(core.store, "search_spoken", failing)
    monkeypatch.setattr(core.store, "search", endless)
    with pytest.raises(Busy):
        async with asyncio.timeout(20):
            await finding.look_up(core.ports, PUBLIC, parse_query("zebra road"), None, notes=9)
    assert len(ended) == 1


async def test_quotation_is_found_behind_many_that_have_its_words_otherwise(core):
    lines = [(60 * n, "A model weights it, the model weights.") for n in range(60)]
    lines += [(9_000, f"{FILLER} {FILLER} and models weight.")]
    draft = recording_draft(TALK, transcript=transcript_draft(lines))
    await core.store.put_recording(PUBLIC, draft)
    (line,) = shown(await core.ask('/topic "models weight"'))
    assert line.at.seconds == 9_000
