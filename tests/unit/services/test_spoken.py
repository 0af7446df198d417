"""What was said: told at any second, found by its words, always verbatim with its own second."""

import pytest

from bot.core.catalog import PUBLIC
from bot.core.reply import Audience, MomentCard, MomentList, Notice
from bot.core.timecode import Timecode
from bot.core.transcript import Sentence, TranscriptDraft
from bot.services.spoken import WINDOW_S
from tests.fakes.core import opened_core
from tests.fakes.drafts import recording_draft

FAR = 10_200  # 2:50:00, far from any note of the sample
SAID = {
    FAR - 200: "This is before the window.",
    FAR - 60: "Export rules changed the market for chips.",
    FAR - 20: "Chips for inference need memory more than anything.",
    FAR - 2: "So that is where memory bandwidth comes in.",
    FAR + 30: "Yeah.",
    FAR + 60: "Memory bandwidth and chips decide what inference costs.",
    FAR + 200: "This is after the window, about zebras.",
    7_232: "The KV cache is where keys and values live.",
}


async def say(core, episode, draft):
    outcome = await core.store.put_recording(PUBLIC, recording_draft(episode, transcript=draft))
    return outcome.transcript


@pytest.fixture
async def episode(core):
    (sample,) = await core.store.episodes(PUBLIC, offset=0, limit=5)
    said = tuple(
        Sentence(second * 1_000 + 400, second * 1_000 + 9_000, text)
        for second, text in sorted(SAID.items())
    )
    draft = TranscriptDraft(said, "en", "Transcript · YouTube captions")
    assert await say(core, sample, draft)
    return sample


async def test_time_far_from_any_note_is_told_in_the_words_said_there(core, episode):
    card = await core.ask("/summarize 2:50:00")
    assert isinstance(card, MomentCard)
    assert (card.moment.at, card.moment.source) == (Timecode(FAR), "Transcript · YouTube captions")
    assert card.moment.url.endswith(f"?t={FAR}")
    assert card.moment.title == "What is said around 2:50:00"
    quotes = card.text.split("\n\n")
    assert card.moment.note.startswith(f"quotes from {quotes[0].partition(' ')[0]} to ")
    assert 2 <= len(quotes) <= 4
    assert f"2:49:58 “{SAID[FAR - 2]}”" in quotes
    for quote in quotes:
        label, _, words = quote.partition(" ")
        hours, minutes, seconds = map(int, label.split(":"))
        second = hours * 3_600 + minutes * 60 + seconds
        assert words == f"“{SAID[second]}”"
        assert abs(second - FAR) <= WINDOW_S
    assert (str(card.previous.at), str(card.next.at)) == ("2:00:32", "3:04:25")


async def test_note_that_is_near_stays_the_answer_and_offers_what_is_said(core, episode):
    card = await core.ask("/summarize 2:00:32")
    assert card.moment.title == "KV Cache"
    said = await core.press("What is said")
    assert said.moment.at == Timecode(7_232)
    assert SAID[7_232] in said.text


async def test_note_from_before_gives_way_to_what_is_said_now(core, episode):
    later = 7_232 + 200
    sentence = Sentence(later * 1_000, later * 1_000 + 2_000, "Now something else.")
    draft = TranscriptDraft((sentence,), "en", "Transcript")
    await say(core, episode, draft)
    card = await core.ask(f"/summarize {later}")
    assert "Now something else." in card.text
    assert card.previous.title == "KV Cache"


async def test_silence_is_answered_as_without_a_transcript(core, episode):
    reply = await core.ask("/summarize 1:02:00")
    assert isinstance(reply, MomentList)
    assert reply.heading == "No note at 1:02:00"


async def test_buttons_turn_to_what_was_said_before_and_after(core, episode):
    await core.ask("/summarize 2:50:00")
    after = await core.press("After →")
    assert after.moment.at == Timecode(FAR + 2 * WINDOW_S)
    assert "zebras" in after.text
    before = await core.press("← Before")
    assert before.moment.at == Timecode(FAR)


async def test_what_is_said_is_shared_once_with_its_words(core, episode):
    card = await core.ask("/summarize 2:50:00")
    shared = await core.press("Share")
    assert (shared.audience, shared.shared_by) == (Audience.CHANNEL, "Alice")
    assert shared.text == card.text
    assert "Share" not in [button.label for button in shared.buttons]
    core.reply = card
    assert isinstance(await core.press("Share"), Notice)


@pytest.mark.parametrize("name", ["1@99999999", "1@9999999", "9@5", "@5", "1@", "1@5@6", "x@5"])
async def test_name_that_nothing_has_opens_nothing(core, episode, name):
    reply = await core.run(core.invocation("moment", {"moment": name}))
    assert isinstance(reply, Notice)


async def test_topic_that_is_only_spoken_is_found_at_its_sentence(core, episode):
    reply = await core.ask("/topic zebras")
    assert isinstance(reply, MomentList)
    (line,) = reply.moments
    assert line.title == f"“{SAID[FAR + 200]}”"
    assert line.at == Timecode(FAR + 200)
    assert line.url.endswith(f"?t={FAR + 200}")
    assert line.source == "Transcript · YouTube captions"


async def test_topic_in_notes_and_in_the_talk_leads_to_both(core, episode):
    card = await core.ask("/topic kv cache")
    assert card.moment.title == "KV Cache"
    said = await core.press("1 passage of the talk")
    assert [line.title for line in said.moments] == [f"“{SAID[7_232]}”"]


async def test_passage_that_holds_too_little_is_no_answer(core, episode):
    assert isinstance(await core.ask("/topic zebras quantum gravity holograms"), Notice)


async def test_quoted_phrase_is_found_as_it_is_written(core, episode):
    assert (await core.ask('/topic "memory bandwidth comes in"')).moments
    assert isinstance(await core.ask('/topic "bandwidth memory"'), Notice)


async def test_private_transcript_is_told_to_its_community_alone(core, episode):
    reply = await core.ask("/topic zebras", tenant="slack:T9")
    assert reply.moments  # the sample is public
    await say(core, episode, TranscriptDraft(()))
    assert isinstance(await core.ask("/topic zebras", tenant="slack:T9"), Notice)


async def test_old_button_to_what_is_gone_says_so(core, episode):
    await core.ask("/summarize 2:50:00")
    await say(core, episode, TranscriptDraft(()))
    reply = await core.press("After →")
    assert "is kept" in reply.text


async def test_time_after_the_last_word_is_not_told_of(core, episode):
    reply = await core.ask("/summarize 4:55:00")
    assert isinstance(reply, MomentList)


async def test_stretch_without_a_note_is_told_in_the_words_said_there(core, episode):
    card = await core.ask("/summarize 2:50:00-2:51:00")
    assert SAID[FAR - 2] in card.text


async def test_what_is_said_changes_nothing_of_what_notes_have_in_common(tmp_path):
    async with opened_core(tmp_path) as core:
        await core.ask("/topic kv cache")
        before = await core.press("Related")
        (sample,) = await core.store.episodes(PUBLIC, offset=0, limit=5)
        words = " ".join(line.title for line in before.moments)
        said = tuple(Sentence(n * 1_000, n * 1_000 + 900, words) for n in range(300))
        await say(core, sample, TranscriptDraft(said))
        await core.ask("/topic kv cache")
        assert (await core.press("Related")).moments == before.moments


async def test_nothing_found_says_how_much_was_searched_of_either(core, episode):
    reply = await core.ask("/topic photosynthesis")
    assert "I searched 15 moments and" in reply.text
    assert "of talk" in reply.text
