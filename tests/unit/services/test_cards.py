"""The buttons of a card: full text, neighbours, related, share, report."""

from bot.core.catalog import PUBLIC
from bot.core.commands import action_command
from bot.core.reply import Audience, Choice, MomentCard, MomentList, Notice, Tone
from tests.fakes.documents import document


async def press_option(core, index=0, comment=""):
    command, args = action_command(core.reply.options[index].action.encode())
    return await core.run(core.invocation(command, {**args, "comment": comment}))


async def test_long_text_is_an_excerpt_with_the_rest_behind_a_button(core):
    card = await core.ask("/topic bitter lesson")
    assert not card.complete
    assert len(card.text) <= 600
    full = await core.press("Full text")
    moment = await core.store.moment(PUBLIC, card.moment.moment_id)
    assert (full.text, full.pages) == (moment.segment.text, 1)


async def test_very_long_text_is_paged_without_losing_a_word(core):
    text = " ".join(f"word{i}" for i in range(1_000))
    await core.add(document("Long", "aaaaaaaaaaa", [(60, "Lengthy", text)]))
    await core.ask("/topic lengthy")
    page = await core.press("Full text")
    texts = [page.text]
    while page.page < page.pages:
        page = await core.press("Next page")
        texts.append(page.text)
    assert " ".join(texts).split() == text.split()
    assert len(texts) > 2


async def test_related_moments_share_telling_words(core):
    await core.ask("/topic kv cache")
    await core.ask("/topic jevons")
    reply = await core.press("Related")
    assert isinstance(reply, MomentList)
    assert "Jevons Paradox in AI" not in [line.title for line in reply.moments]
    back = await core.press("Back to the card")
    assert back.moment.title == "Jevons Paradox in AI"


async def test_related_to_a_lone_moment_is_an_honest_nothing(empty_core):
    await empty_core.add(document("One", "aaaaaaaaaaa", [(60, "Alone", "nothing else")]))
    await empty_core.ask("/topic alone")
    reply = await empty_core.press("Related")
    assert isinstance(reply, Notice)
    assert reply.tone is Tone.EMPTY


async def test_share_posts_once_and_names_the_sharer(core):
    card = await core.ask("/topic kv cache")
    shared = await core.press("Share")
    assert isinstance(shared, MomentCard)
    assert shared.audience is Audience.CHANNEL
    assert shared.shared_by == "Alice"
    assert "Share" not in [button.label for button in shared.buttons]
    core.reply = card
    again = await core.press("Share")
    assert isinstance(again, Notice)
    assert again.audience is Audience.PRIVATE


async def test_share_that_could_not_be_posted_may_be_pressed_again(core):
    card = await core.ask("/topic kv cache")
    button = next(b for b in card.buttons if b.label == "Share")
    command, args = action_command(button.action.encode())
    invocation = core.invocation(command, args)
    shared = await core.dispatch(invocation)
    await core.dispatch.unsent(invocation, shared)
    assert (await core.dispatch(invocation)).audience is Audience.CHANNEL


async def test_card_where_there_is_no_channel_has_no_share(core):
    card = await core.ask("/topic kv cache", can_share=False)
    assert "Share" not in [button.label for button in card.buttons]


async def test_report_asks_what_is_wrong_and_is_stored_once(core):
    await core.ask("/topic kv cache")
    form = await core.press("Report")
    assert isinstance(form, Choice)
    assert form.comment
    thanks = await press_option(core, comment="KV is key and value")
    assert "Thank you" in thanks.text
    core.reply = form
    await press_option(core, comment="KV is key and value")
    (report,) = await core.store.reports(None)
    assert (report.reason, report.comment, report.title) == (
        "text",
        "KV is key and value",
        "KV Cache",
    )


async def test_correction_is_shown_found_and_fenced(core):
    card = await core.ask("/topic kv cache")
    await core.store.correct(
        "discord:1",
        card.moment.moment_id,
        title="Key-Value Cache",
        text="Keys and values of earlier tokens are kept: xylophone.",
        by="operator",
        at=core.clock.now(),
    )
    here = await core.ask("/topic xylophone")
    assert here.moment.title == "Key-Value Cache"
    assert here.moment.source.endswith("corrected")
    elsewhere = await core.ask("/topic xylophone", tenant="discord:2")
    assert isinstance(elsewhere, Notice)
    theirs = await core.ask("/topic kv cache", tenant="discord:2")
    assert theirs.moment.title == "KV Cache"
    assert len(await core.store.history("discord:1", card.moment.moment_id)) == 1


async def test_every_button_of_a_removed_episode_is_answered(core):
    imported = await core.add(document("Gone", "aaaaaaaaaaa", [(60, "Vanishing", "x " * 400)]))
    card = await core.ask("/topic vanishing")
    await core.store.remove_episode(PUBLIC, imported.outcome.episode.id)
    for button in card.buttons:
        if button.action is None:
            continue
        command, args = action_command(button.action.encode())
        reply = await core.run(core.invocation(command, args))
        assert isinstance(reply, (Notice, Choice))
        if isinstance(reply, Choice):
            reply = await press_option(core)
            assert isinstance(reply, Notice)
        assert reply.reference is None


async def test_hostile_ids_in_buttons_are_answered_plainly(core):
    names = ("moment", "full", "related", "share", "at", "pick", "exact", "search", "outline")
    for name in names:
        for bad in ("", "-1", "0", "9" * 17, "x", "1; DROP", "１", "\0"):
            keys = ("moment", "page", "card", "episode", "seconds", "time", "words", "offset")
            reply = await core.run(core.invocation(name, dict.fromkeys(keys, bad)))
            assert not getattr(reply, "reference", None), (name, bad, reply)


async def test_unknown_button_is_answered(core):
    reply = await core.run(core.invocation(*action_command("0|ancient|1")))
    assert isinstance(reply, Notice)
    assert "version" in reply.text
