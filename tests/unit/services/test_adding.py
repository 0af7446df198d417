"""``/add``: an admin is shown what comes, and it is added once they say yes."""

import pytest

from bot.core.catalog import PUBLIC
from bot.core.commands import Document
from bot.core.fetching import Fetched
from bot.core.jobs import JobState
from bot.core.outlet import Outcome, Posted
from bot.services.import_worker import ImportWorker
from tests.fakes.core import GUILD
from tests.fakes.documents import document
from tests.fakes.imports import ADMIN, LIST, VTT, feed, item

URL = "https://example.org/talk.vtt"
NOTES = document("A talk", "aaaaaaaaaaa", [(60, "KV Cache", "keys and values")]).encode()
TELL, SILENT, CANCEL = "Add, tell it in the next digest", "Add silently", "Cancel"


async def own(core):
    return [one for one in await core.store.episodes(GUILD, offset=0, limit=99)
            if one.tenant == GUILD]  # fmt: skip


async def proposed(core, line=f"{URL} A talk", *, name="talk.vtt", body=None, **args):
    """Ask for a file to be added, or for an address."""
    if body is None:
        core.ports.fetcher.pages.setdefault(URL, VTT)
        return await core.ask(f"/add {line}", user=ADMIN)
    asked = core.invocation("add", args, user=ADMIN, document=Document(name, body))
    return await core.run(asked)


@pytest.fixture
def worker(core, outlet):
    return ImportWorker(core.ports)


@pytest.mark.parametrize("line", ["/add https://example.org/notes.md", "/follow https://a.org/f"])
async def test_who_is_no_admin_may_not_bring_anything_in(core, web, line):
    reply = await core.ask(line)
    assert reply.text == "Only an admin of this server can do that."
    assert web.asked == []


@pytest.mark.parametrize("label", [TELL, SILENT, CANCEL])
async def test_who_is_no_admin_may_press_nothing(core, label):
    await proposed(core)
    reply = await core.press(label)
    assert reply.text == "Only an admin of this server can do that."
    assert await core.store.jobs(GUILD, 9) == []


async def test_nothing_is_added_where_there_is_no_community(core):
    reply = await core.ask("/add https://example.org/notes.md", tenant=PUBLIC, user=ADMIN)
    assert reply.text.startswith("Episodes are added in a server or a workspace.")


async def test_proposal_says_what_comes_and_adds_nothing(core, web):
    reply = await proposed(core)
    assert (reply.title, reply.text) == ("A talk", "1 sentence of what is said, up to 0:03.")
    assert [button.label for button in reply.buttons] == [TELL, SILENT, CANCEL]
    assert web.asked == [URL]
    assert await own(core) == []


async def test_proposal_names_what_is_kept_already(core, worker):
    await proposed(core, body=NOTES, name="notes.md")
    await core.press(TELL, user=ADMIN)
    assert await worker.round()
    link = "https://youtu.be/aaaaaaaaaaa"
    reply = await proposed(core, name="talk.vtt", body=VTT, link=link)
    assert "Known already: 1 note, 1:00 to 1:00. It stays as it is beside this." in reply.text
    reply = await proposed(core, body=NOTES + b"\n", name="notes.md")
    assert "What is of the same kind is replaced." in reply.text


async def test_file_and_pasted_list_of_one_recording_come_together(core, worker):
    reply = await proposed(
        core, body=VTT, title="A talk", source="https://pod.example/1.mp3", text=LIST
    )
    assert reply.text == "3 chapters.\n1 sentence of what is said, up to 0:03."
    await core.press(SILENT, user=ADMIN)
    await worker.round()
    (episode,) = await own(core)
    assert (episode.chapter_count, episode.media.url) == (3, "https://pod.example/1.mp3")


async def test_list_below_a_link_is_that_recordings(core):
    reply = await core.ask(f"/add https://youtu.be/bbbbbbbbbbb A talk\n{LIST}", user=ADMIN)
    assert (reply.title, reply.text) == ("A talk", "3 chapters.")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"\x00\x01\x02" * 99, "There is no time"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"", "There"),
        (b"WEBVTT\n", ""),
        (b"{", ""),
    ],
)
async def test_file_that_cannot_be_read_is_a_sentence_and_leaves_no_trace(core, body, sentence):
    reply = await proposed(core, body=body, title="A talk")
    assert reply.tone.value == "usage"
    assert reply.buttons == ()
    assert await core.store.job_counts() == {}
    assert await own(core) == []


async def test_address_that_gives_nothing_is_a_sentence(core, web):
    reply = await core.ask("/add https://example.org/gone.vtt", user=ADMIN)
    assert reply.text.startswith("There is nothing at that address any more")


async def test_video_without_a_way_to_look_it_up_names_the_other_ways(core):
    reply = await core.ask("/add https://youtu.be/bbbbbbbbbbb", user=ADMIN)
    assert "transcript or its chapter list as a file" in reply.text


async def test_feed_offers_to_follow_it(core, web):
    web.pages["https://pod.example/feed"] = feed(item(1), item(2, chapters=""))
    reply = await core.ask("/add https://pod.example/feed", user=ADMIN)
    assert reply.title == "A Show"
    assert reply.text.startswith("2 episodes: 0 with a transcript, 1 with chapters, 1 with neither")
    assert reply.buttons[0].label == "Follow"


async def test_yes_adds_it_once_however_often_it_is_pressed(core, worker, outlet):
    await proposed(core)
    proposal = core.reply
    first = await core.press(TELL, user=ADMIN)
    core.reply = proposal
    second = await core.press(SILENT, user=ADMIN)
    assert first.text == second.text == "“A talk” is being added; the next digest tells of it."
    assert await worker.round()
    assert not await worker.round()
    assert [one.title for one in await own(core)] == ["A talk"]
    assert worker.jobs == {"done": 1}
    again = await proposed(core)
    assert "Known already: no notes, only what is said." in again.text


async def test_same_request_is_one_job_while_it_is_in_hand(core):
    await proposed(core)
    await core.press(TELL, user=ADMIN)
    reply = await proposed(core)
    assert reply.text == "“A talk” is being added; the next digest tells of it."
    assert len(await core.store.jobs(GUILD, 9)) == 1


async def test_progress_is_one_message_that_ends_with_what_was_added(core, worker, outlet):
    await proposed(core)
    await core.press(TELL, user=ADMIN)
    await worker.round()
    ((channel, begun, _),) = outlet.posts
    assert (channel, begun.text) == ("general", "“A talk” is being added.")
    *_, (channel, message, ended) = outlet.edits
    assert (channel, message) == ("general", "m0")
    assert ended.text == (
        "Added “A talk”: no notes, only what is said. The next digest tells of it."
    )
    assert ended.buttons[0].label == "Open"
    assert len(outlet.edits) == 1  # Nothing took long enough to say more.


async def test_silent_import_posts_nothing(core, worker, outlet):
    await proposed(core)
    reply = await core.press(SILENT, user=ADMIN)
    assert reply.text == "“A talk” is being added; no digest tells of it."
    await worker.round()
    assert len(await own(core)) == 1
    assert (outlet.posts, outlet.edits, outlet.told) == ([], [], [])


@pytest.mark.parametrize(
    "posted",
    [
        Posted(Outcome.REFUSED, reason="I may not."),
        Posted(Outcome.LATER, reason="Not now."),
        Posted(Outcome.UNKNOWN, reason="lost"),
    ],
)
async def test_import_goes_on_where_its_message_cannot_be_posted(core, worker, outlet, posted):
    outlet.repeatable = False
    outlet.outcomes.append(posted)
    await proposed(core)
    await core.press(TELL, user=ADMIN)
    await worker.round()
    assert not await worker.round()
    assert len(await own(core)) == 1
    assert outlet.tries == 1


async def test_end_waits_for_a_platform_that_is_away(core, worker, outlet):
    await proposed(core)
    await core.press(TELL, user=ADMIN)
    edit = outlet.edit

    async def leaves(*args, **kwargs):
        raise AssertionError("it is away")

    post = outlet.post

    async def posts_and_leaves(*args, **kwargs):
        posted = await post(*args, **kwargs)
        del core.ports.outlets["discord"]
        return posted

    outlet.post, outlet.edit = posts_and_leaves, leaves
    await worker.round()
    assert not await worker.round()
    outlet.edit, core.ports.outlets["discord"] = edit, outlet
    core.clock.advance(120)
    assert await worker.round()
    assert outlet.edits[-1][2].text.startswith("Added “A talk”")
    assert not await worker.round()


async def test_cancelled_proposal_is_gone(core, worker):
    await proposed(core)
    proposal = core.reply
    reply = await core.press(CANCEL, user=ADMIN)
    assert reply.text == "“A talk”: called off; nothing of it was added."
    core.reply = proposal
    reply = await core.press(TELL, user=ADMIN)
    assert reply.text == "That is not waiting here any more. Ask again with /add."
    assert not await worker.round()


async def test_cancel_before_it_began_adds_nothing(core, worker):
    await proposed(core)
    await core.press(TELL, user=ADMIN)
    reply = await core.press("Cancel", user=ADMIN)
    assert reply.text == "“A talk”: called off; nothing of it was added."
    assert not await worker.round()
    assert await own(core) == []


async def test_cancel_of_a_running_import_stops_it_at_its_next_step(core, worker, outlet):
    await proposed(core)
    await core.press(TELL, user=ADMIN)
    post = outlet.post

    async def post_and_cancel(*args, **kwargs):
        posted = await post(*args, **kwargs)
        reply = await core.press("Cancel", user=ADMIN)
        assert "stops at its next step" in reply.text
        return posted

    outlet.post = post_and_cancel
    await worker.round()
    assert await own(core) == []
    assert outlet.edits[-1][2].text == "“A talk” was called off. Nothing was changed."
    assert worker.jobs == {"cancelled": 1}


async def test_import_that_cannot_be_stored_is_parked_with_its_sentence(core, worker, outlet):
    await proposed(core, body=VTT, link="https://youtu.be/ccccccccccc", title="A talk")
    await core.press(TELL, user=ADMIN)
    public = document("A talk", "ccccccccccc", [(60, "KV Cache", "keys")])
    await core.add(public)  # By the operator, meanwhile.
    await worker.round()
    reply = await core.ask("/add", user=ADMIN)
    assert reply.text.startswith("“A talk”: given up. That recording is in the public catalog")
    assert outlet.edits[-1][2].text.startswith("“A talk” could not be added. That recording")
    assert [button.label for button in reply.buttons] == ["Try again: A talk"]
    (episode,) = [
        e for e in await core.store.episodes(GUILD, offset=0, limit=9) if e.title == "A talk"
    ]
    await core.store.remove_episode(PUBLIC, episode.id)
    await core.press("Try again: A talk", user=ADMIN)
    await worker.round()
    assert len(await own(core)) == 1
    assert outlet.edits[-1][2].text.startswith("Added “A talk”")
    assert len(outlet.posts) == 1


async def test_fault_is_tried_again_later_and_parked_in_the_end(core, worker, outlet, monkeypatch):
    await proposed(core)
    await core.press(SILENT, user=ADMIN)

    async def fails(*args):
        raise RuntimeError("secret details")

    monkeypatch.setattr("bot.services.importing.store_recording", fails)
    for _ in range(4):
        assert await worker.round()
        assert not await worker.round()  # Not before its pause is over.
        core.clock.advance(3_600)
    assert await worker.round()
    core.clock.advance(9 * 3_600)
    assert not await worker.round()
    (job,) = await core.store.jobs(GUILD, 9)
    assert job.state is JobState.PARKED
    assert job.reason.startswith("Something went wrong on my side")


async def test_import_that_always_kills_its_process_is_parked(core, worker):
    await proposed(core)
    await core.press(SILENT, user=ADMIN)
    for _ in range(5):
        assert await core.store.claim_job("dies", core.clock.now()) is not None
        core.clock.advance(600)
    assert await worker.round()
    (job,) = await core.store.jobs(GUILD, 9)
    assert job.state is JobState.PARKED
    assert job.reason.startswith("It was begun 5 times")


async def test_next_digest_tells_of_what_was_added_unless_it_was_silent(core, worker):
    for label, video in ((TELL, "ddddddddddd"), (SILENT, "eeeeeeeeeee")):
        await core.ask("/digest on 9:00 UTC", user=ADMIN)
        body = document(label, video, [(60, "Zebras", "stripes")]).encode()
        await proposed(core, body=body, name="notes.md")
        await core.press(label, user=ADMIN)
        await worker.round()
    schedule = await core.store.schedule(GUILD, "general")
    fresh = await core.store.fresh(GUILD, schedule.id, 99)
    added = {moment.episode.title for moment in fresh.moments if moment.episode.tenant == GUILD}
    assert added == {TELL}


async def test_proposal_that_nobody_said_yes_to_is_forgotten(core, worker):
    await proposed(core)
    core.clock.advance(25 * 3_600)
    await worker.round()
    assert await core.store.job_counts() == {}


async def test_too_many_proposals_are_refused(core):
    for number in range(21):
        reply = await proposed(core, body=VTT, title=f"Talk {number}")
    assert reply.text.startswith("Too many imports wait here already.")


async def test_other_community_cannot_touch_a_job(core):
    await proposed(core)
    for label in (TELL, CANCEL):
        proposal = core.reply
        reply = await core.press(label, user=ADMIN, tenant="discord:2")
        assert reply.text == "That is not waiting here any more. Ask again with /add."
        core.reply = proposal
    assert await core.store.job_counts() == {JobState.PROPOSED: 1}


async def test_fetched_type_tells_where_nothing_else_does(core, web):
    web.pages["https://example.org/x"] = Fetched("https://example.org/x", 200, VTT, "text/vtt")
    reply = await core.ask("/add https://example.org/x A talk", user=ADMIN)
    assert reply.title == "A talk"
