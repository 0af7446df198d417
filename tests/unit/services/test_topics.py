"""``/topic`` on the owner's episode, and on others."""

import pytest

from bot.core.reply import Choice, MomentCard, MomentList, Notice, Tone
from tests.fakes.documents import document


def labels(reply):
    return [str(line.at) for line in reply.moments]


async def test_topic_in_one_title_answers_with_its_card(core):
    reply = await core.ask("/topic kv cache")
    assert isinstance(reply, MomentCard)
    assert str(reply.moment.at) == "2:00:32"
    assert reply.moment.url == "https://youtu.be/_1f-o0nqpEI?t=7232"
    assert reply.moment.source == "Notes · Gemini 2.0 Flash"
    assert reply.correction is None
    assert (reply.previous.title, reply.next.title) == (
        "TSMC and R&D Locations",
        "Reasoning Prompts and Model Responses",
    )


async def test_topic_in_several_moments_lists_the_title_hit_first(core):
    reply = await core.ask("/topic tsmc")
    assert isinstance(reply, MomentList)
    assert labels(reply) == ["1:43:27", "56:58", "4:08:50"]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("Jevons", "3:17:24"),
        ("R&D", "1:43:27"),
        ("o3-mini", "3:04:25"),
        ('"export controls"', None),
        ("bitter lesson", "37:42"),
        ("what did they say about jevons paradox?", "3:17:24"),
        ("caches", "2:00:32"),
    ],
)
async def test_topic_lands_on_its_moment(core, words, at):
    reply = await core.ask(f"/topic {words}")
    if at is None:
        assert labels(reply)[0] == "1:22:48"
    else:
        assert isinstance(reply, MomentCard)
        assert str(reply.moment.at) == at
        assert reply.correction is None


async def test_quoted_part_that_nobody_wrote_is_looked_for_without_its_quotes(core):
    reply = await core.ask('/topic kv cache "list"')
    assert str(reply.moment.at) == "2:00:32"
    assert reply.remarks[0] == (
        "With “list” in these very words there is no answer: this is without the quotes."
    )
    literal = await core.ask('/topic "cache kv"')
    assert isinstance(literal, Notice)
    assert literal.text.startswith('Nothing about “"cache kv"”.')
    reply = await core.press("Search without the quotes")
    assert str(reply.moment.at) == "2:00:32"
    assert reply.remarks == ()


async def test_quoted_part_that_is_there_must_be_there(core):
    reply = await core.ask('/topic china "export controls"')
    assert reply.remarks == ()
    assert labels(reply)[0] == "1:22:48"


async def test_search_for_what_is_nowhere_is_refused_with_quotes_in_it_too(core):
    reply = await core.ask('/topic kangaroos "boxing at night"')
    assert reply.text.startswith('Nothing about “kangaroos "boxing at night"”.')
    assert "quotes" not in " ".join(button.label for button in reply.buttons)


async def test_typo_is_answered_and_disclosed_and_can_be_taken_literally(core):
    reply = await core.ask("/topic kv cach")
    assert isinstance(reply, MomentCard)
    assert str(reply.moment.at) == "2:00:32"
    assert (reply.correction.typed, reply.correction.shown) == ("kv cach", "kv cache")
    assert "kv cache" in reply.remarks[0]
    literal = await core.press("Search exactly “kv cach”")
    assert isinstance(literal, Notice)
    assert literal.tone is Tone.EMPTY


@pytest.mark.parametrize("words", ["zzzz qqqq", "quantum error correction", "C++", '"', "🚀"])
async def test_topic_that_is_not_there_gets_an_honest_empty_reply(core, words):
    reply = await core.ask(f"/topic {words}")
    assert isinstance(reply, Notice)
    assert reply.tone is Tone.EMPTY
    assert "/episodes" in reply.text


async def test_empty_reply_says_what_was_searched_and_offers_what_is_there(core):
    reply = await core.ask("/topic nvidia blackwell")
    assert "15 moments" in reply.text
    assert [button.label for button in reply.buttons] == ["Search “nvidia”"]
    found = await core.press("Search “nvidia”")
    assert str(found.moment.at) == "3:17:24"


async def test_only_common_words_are_called_too_common(core):
    reply = await core.ask("/topic AND OR NOT")
    assert "common" in reply.text
    assert reply.tone is Tone.EMPTY


async def test_topic_in_an_episode_searches_it_alone(core):
    await core.add(document("Other talk", "aaaaaaaaaaa", [(60, "TSMC again", "chips")]))
    everywhere = await core.ask("/topic tsmc")
    assert len(everywhere.groups) == 2
    alone = await core.ask("/topic tsmc in:other talk")
    assert alone.moment.episode.title == "Other talk"


async def test_topic_in_an_unclear_episode_asks_which(core):
    for index, video in enumerate(("aaaaaaaaaaa", "bbbbbbbbbbb")):
        await core.add(document(f"Talk number {index}", video, [(60, f"TSMC {index}", "x")]))
    reply = await core.ask("/topic tsmc in:talk")
    assert isinstance(reply, Choice)
    assert len(reply.options) == 2


async def test_more_hits_than_a_page_are_behind_a_button(core):
    rows = [(60 * i, f"Widget part {i}", "text") for i in range(1, 13)]
    await core.add(document("Widgets", "aaaaaaaaaaa", rows))
    first = await core.ask("/topic widget")
    assert len(first.moments) == 5
    second = await core.press("7 more")
    third = await core.press("2 more")
    shown = [line.moment_id for reply in (first, second, third) for line in reply.moments]
    assert len(set(shown)) == 12


async def test_words_too_long_for_a_button_are_kept_under_a_token(core):
    rows = [(60 * i, f"Widget part {i}", "alpha beta gamma delta") for i in range(1, 13)]
    await core.add(document("Widgets", "aaaaaaaaaaa", rows))
    words = "widget part text alpha beta gamma delta " + "and " * 40
    first = await core.ask(f"/topic {words}")
    again = await core.press("7 more")
    assert len(again.moments) == 5
    assert not {m.moment_id for m in first.moments} & {m.moment_id for m in again.moments}


async def test_count_that_was_capped_says_so(core):
    rows = [(20 * i, f"Widget part {i}", "text") for i in range(1, 80)]
    await core.add(document("Widgets", "aaaaaaaaaaa", rows))
    assert (await core.ask("/topic widget")).heading == "The best 60 moments about “widget”"


async def test_own_copy_of_a_recording_stands_before_the_public_one(core):
    await core.add(document("Mine", "_1f-o0nqpEI", [(60, "TSMC", "mine")]), tenant="discord:1")
    assert (await core.ask("/topic tsmc")).moment.episode.title == "Mine"
    assert (await core.ask("/summarize 1:00")).moment.episode.title == "Mine"
    assert len((await core.ask("/topic tsmc", tenant="discord:2")).moments) == 3


async def test_word_that_came_up_is_one_that_did(core):
    await core.add(document("Talk", "aaaaaaaaaaa", [(60, "Bitcoin", "money")]))
    scoped = await core.ask("/topic bitcoin zebra quagga in:lex")
    assert "came up" not in scoped.text
    slip = await core.ask("/topic bitcion zebra quagga")
    assert "“bitcoin” came up" in slip.text


async def test_chosen_completion_opens_that_very_moment(core):
    found = await core.ask("/topic kv cache")
    reply = await core.ask(f"/topic moment:{found.moment.moment_id}")
    assert reply.moment == found.moment
    gone = await core.ask("/topic moment:999999")
    assert gone.tone is Tone.EMPTY


async def test_plus_plus_is_part_of_a_name(core):
    await core.add(
        document("Languages", "aaaaaaaaaaa", [(60, "C++ and templates", "x"), (90, "Plan C", "y")])
    )
    assert str((await core.ask("/topic C++")).moment.title) == "C++ and templates"


async def test_topic_in_another_script_is_found(core):
    await core.add(
        document("中文", "aaaaaaaaaaa", [(60, "键值缓存的原理", "说明"), (90, "שלום עולם", "x")])
    )
    assert (await core.ask("/topic 缓存")).moment.title == "键值缓存的原理"
    assert (await core.ask("/topic עולם")).moment.title == "שלום עולם"


async def test_empty_catalog_is_said_to_be_empty(empty_core):
    reply = await empty_core.ask("/topic zebra")
    assert "empty" in reply.text


@pytest.mark.parametrize("words", ["kw cache", "k2 cache", "race", "nvidja", "jevnos", "inetl"])
async def test_spelling_corrects_slips_and_leaves_short_words_alone(core, words):
    reply = await core.ask(f"/topic {words}")
    corrected = {"nvidja": "nvidia", "jevnos": "jevons", "inetl": "intel"}.get(words)
    assert (reply.correction.shown if reply.correction else None) == corrected


async def test_spelling_never_turns_a_word_into_a_common_one(core):
    await core.add(document("Talk", "aaaaaaaaaaa", [(60, "They would", "would which there")]))
    assert (await core.ask("/topic whould")).correction is None


async def test_distant_word_is_corrected_from_eight_letters_on(core):
    assert (await core.ask("/topic perplxity")).correction.shown == "perplexity"
    assert (await core.ask("/topic perplxty")).correction.shown == "perplexity"
    assert (await core.ask("/topic pardx")).correction is None
    assert (await core.ask("/topic merplxity")).correction is None
