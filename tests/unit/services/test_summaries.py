"""``/summarize`` on the owner's episode: as far as the notes reach and no further."""

import re

import pytest

from bot.core.reply import Choice, MomentCard, MomentList, Notice, Tone
from tests.fakes.documents import document


def runs_of_eight(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


def shown_text(reply):
    lines = [f"{line.title} {line.note}" for line in reply.moments]
    return " ".join([reply.heading, *reply.remarks, *lines, *(b.label for b in reply.buttons)])


@pytest.mark.parametrize(
    "time",
    ["2:00:32", "2h0m32s", "7232", "https://youtu.be/_1f-o0nqpEI?t=7232s", "[2:00:32]", "t=7232s"],
)
async def test_every_form_of_the_second_is_the_kv_cache_card(core, time):
    reply = await core.ask(f"/summarize {time}")
    assert isinstance(reply, MomentCard)
    assert reply.moment.title == "KV Cache"
    assert reply.moment.note is None


async def test_time_far_from_any_note_names_the_neighbours_and_no_text_of_theirs(core):
    reply = await core.ask("/summarize 2:50:00")
    assert isinstance(reply, MomentList)
    assert [(str(m.at), m.note) for m in reply.moments] == [
        ("2:00:32", "49:28 earlier"),
        ("3:04:25", "14:25 later"),
    ]
    assert reply.heading == "No note at 2:50:00"
    assert [b.url for b in reply.buttons if b.url] == ["https://youtu.be/_1f-o0nqpEI?t=10200"]
    for line in reply.moments:
        moment = await core.store.moment("discord:1", line.moment_id)
        assert not runs_of_eight(moment.segment.text) & runs_of_eight(shown_text(reply))


async def test_time_soon_after_a_note_shows_it_with_a_word_of_doubt(core):
    reply = await core.ask("/summarize 2:03:00")
    assert reply.moment.title == "KV Cache"
    assert reply.moment.note == "noted 2:28 earlier, the talk may have moved on"


@pytest.mark.parametrize("time", ["4:17:54", "4:13:38", "15218"])
async def test_label_and_link_of_a_row_reach_one_moment_and_the_conflict_is_said(core, time):
    reply = await core.ask(f"/summarize {time}")
    assert reply.moment.title == "Ads in the Generation: Perplexity"
    assert (reply.moment.at.seconds, reply.moment.link_at.seconds) == (15_474, 15_218)
    assert reply.moment.url.endswith("?t=15474")
    assert any("4:13:38" in remark and "4:17:54" in remark for remark in reply.remarks)
    assert next(b.url for b in reply.buttons if b.label == "Watch").endswith("?t=15474")


async def test_two_part_time_is_read_as_hours_and_offers_minutes(core):
    reply = await core.ask("/summarize 4:08")
    assert reply.moment.title == "Intel’s Struggling Position"
    assert reply.moment.note == "starts 0:50 later"
    assert (reply.reading.at.seconds, reply.reading.other.seconds) == (14_880, 248)
    assert "4 h 8 min" in reply.remarks[0]
    other = await core.press("4 min 8 s instead")
    assert other.heading == "Nothing is noted before 17:51, so not at 4:08"


async def test_malformed_late_and_foreign_times_get_their_own_sentence(core):
    sentences = [
        (await core.ask("/summarize 9:99:99")).text,
        (await core.ask("/summarize 6:00:00")).heading,
        (await core.ask("/summarize https://youtu.be/aaaaaaaaaaa?t=5")).text,
        (await core.ask("/summarize kv cache")).text,
    ]
    assert sentences[0] == "Minutes and seconds go to 59."
    assert sentences[1] == "Nothing is noted after 4:30:03, so not at 6:00:00"
    assert "video" in sentences[2]
    assert len(set(sentences)) == 4


async def test_malformed_time_is_usage_and_unknown_video_is_an_answer(core):
    assert (await core.ask("/summarize 9:99:99")).tone is Tone.USAGE
    assert (await core.ask("/summarize https://youtu.be/aaaaaaaaaaa?t=5")).tone is Tone.EMPTY
    assert (await core.ask("/summarize")).tone is Tone.USAGE


async def test_range_lists_the_notes_within(core):
    reply = await core.ask("/summarize 3:00:00-3:20:00")
    assert [str(m.at) for m in reply.moments] == ["3:04:25", "3:09:17", "3:17:24"]
    one = await core.ask("/summarize 2:00:00-2:10:00")
    assert one.moment.title == "KV Cache"
    none = await core.ask("/summarize 2:30:00-2:40:00")
    assert none.heading == "No note at 2:30:00"
    assert "from 2:30:00 to 2:40:00" in none.remarks[-1]


async def test_range_of_two_part_times_is_read_where_there_are_notes(core):
    reply = await core.ask("/summarize 4:08-4:20")
    assert [str(m.at) for m in reply.moments] == ["4:08:50", "4:17:54"]
    assert "4 h 8 min to 4 h 20 min" in reply.remarks[0]
    assert reply.reading.other.seconds == 248
    other = await core.press("4 min 8 s to 4 min 20 s instead")
    assert other.heading == "Nothing is noted before 17:51, so not at 4:08"
    assert other.reading is None


async def test_range_of_no_length_is_a_time(core):
    assert (await core.ask("/summarize 4:13:38-4:13:38")).moment.link_at.seconds == 15_218


async def test_range_of_more_notes_than_are_shown_says_so(core):
    reply = await core.ask("/summarize 0-9:00:00")
    assert reply.heading == "The first 8 notes from 0:00 to 9:00:00"


async def test_link_without_a_second_opens_the_outline(core):
    reply = await core.ask("/summarize https://youtu.be/_1f-o0nqpEI")
    assert isinstance(reply, MomentList)
    assert reply.heading == "15 notes, 1 to 8"


async def test_several_episodes_are_asked_about_and_the_pick_is_answered(core):
    await core.add(document("Other talk", "aaaaaaaaaaa", [(60, "Start", "x"), (7_000, "End", "y")]))
    reply = await core.ask("/summarize 1:56:00")
    assert isinstance(reply, Choice)
    option = next(o for o in reply.options if o.label == "Other talk")
    command, args = "pick", dict(zip(("episode", "time"), option.action.args, strict=True))
    picked = await core.run(core.invocation(command, args))
    assert picked.moment.title == "End"
    assert picked.moment.note == "starts 0:40 later"


async def test_last_card_says_which_episode_for_fifteen_minutes(core):
    await core.add(document("Other talk", "aaaaaaaaaaa", [(60, "Start", "x"), (7_000, "End", "y")]))
    await core.ask("/topic kv cache")
    reply = await core.ask("/summarize 2:00:32")
    assert reply.moment.title == "KV Cache"
    assert "last card" in reply.remarks[0]
    elsewhere = await core.ask("/summarize 2:00:32", channel="random")
    assert isinstance(elsewhere, Choice)
    core.clock.advance(15 * 60 + 1)
    assert isinstance(await core.ask("/summarize 2:00:32"), Choice)


async def test_channel_default_is_set_by_admins_alone(core):
    await core.add(document("Other talk", "aaaaaaaaaaa", [(60, "Start", "x")]))
    admin = core.invocation("episodes", {"episode": "lex"}).user
    admin = type(admin)("1", "Admin", is_admin=True)
    await core.ask("/episodes lex", user=admin)
    refused = await core.press("Default here")
    assert "admin" in refused.text
    await core.ask("/episodes lex", user=admin)
    done = await core.press("Default here", user=admin)
    assert isinstance(done, Notice)
    stranger = type(admin)("99", "Bob")
    reply = await core.ask("/summarize 2:00:32", user=stranger)
    assert reply.moment.title == "KV Cache"
    assert "default" in reply.remarks[0]


@pytest.mark.parametrize("t", ["99999999", "0:30", "-5", "soon"])
async def test_time_of_a_link_that_cannot_be_read_is_not_dropped(core, t):
    reply = await core.ask(f"/summarize https://youtu.be/_1f-o0nqpEI?t={t}")
    assert reply.tone is Tone.USAGE
    assert "time in that link" in reply.text


async def test_option_that_overrules_a_link_says_so(core):
    await core.add(document("Other talk", "aaaaaaaaaaa", [(60, "Start", "x")]))
    reply = await core.ask("/summarize https://youtu.be/_1f-o0nqpEI?t=60 in:other")
    assert reply.moment.title == "Start"
    assert "another recording" in reply.remarks[0]


async def test_option_beats_every_other_rung(core):
    await core.add(document("Other talk", "aaaaaaaaaaa", [(60, "Start", "x")]))
    await core.ask("/topic kv cache")
    reply = await core.ask("/summarize 1:00 in:other")
    assert reply.moment.title == "Start"
    unknown = await core.ask("/summarize 1:00 in:nosuch")
    assert "nosuch" in unknown.text
