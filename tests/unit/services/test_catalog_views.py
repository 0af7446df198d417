"""``/episodes``, ``/help``, completions, and what one community may see."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.catalog import PUBLIC
from bot.core.commands import COMMANDS
from bot.core.reply import EpisodeList, MomentList, Notice
from bot.services.topics import PER_PAGE
from tests.fakes.core import opened_core
from tests.fakes.documents import document


async def test_episodes_lists_and_opens_an_outline(core):
    reply = await core.ask("/episodes")
    assert isinstance(reply, EpisodeList)
    (line,) = reply.episodes
    assert line.episode.short_title == "Lex #459"
    assert "15 notes" in line.detail
    outline = await core.ask("/episodes lex")
    assert isinstance(outline, MomentList)
    assert len(outline.moments) == 8
    rest = await core.press("Later")
    assert [str(m.at) for m in rest.moments][-1] == "4:30:03"
    first = await core.press("Earlier")
    assert first.moments == outline.moments


async def test_many_episodes_are_paged(core):
    for index in range(20):
        await core.add(document(f"Talk {index}", f"{index:011}", [(60, f"Start {index}", "x")]))
    seen = [line.episode.title for line in (await core.ask("/episodes")).episodes]
    for _ in range(2):
        seen += [line.episode.title for line in (await core.press("Older")).episodes]
    assert len(set(seen)) == 21


async def test_help_examples_are_answered_with_cards(core):
    reply = await core.ask("/help")
    assert isinstance(reply, Notice)
    by_command = {example.command.split()[0]: example.command for example in reply.examples}
    assert set(by_command) == {f"/{spec.name}" for spec in COMMANDS}
    assert (await core.ask(by_command["/topic"])).moment.title == "KV Cache"
    assert (await core.ask(by_command["/summarize"])).moment.title == "KV Cache"


async def completions(core, typed, option="words", **changes):
    invocation = core.invocation("topic", {option: typed}, **changes)
    return await core.dispatch.complete(invocation, option)


async def test_completion_shows_title_time_and_episode(core):
    (found,) = await completions(core, "kv ca")
    assert found.line(100) == "KV Cache · 2:00:32 · Lex #459"
    assert (await core.ask(f"/topic {found.value}")).moment.title == "KV Cache"


async def test_completion_of_an_episode_is_accepted_as_its_value(core):
    (found,) = await completions(core, "lex", "episode")
    reply = await core.ask(f"/topic tsmc in:{found.value}")
    assert len(reply.moments) == 3


async def test_completion_with_a_long_title_keeps_what_tells_it_apart(core):
    await core.add(document("T" * 40, "aaaaaaaaaaa", [(60, "Zebra " + "z" * 400, "x")]))
    (found,) = await completions(core, "zebra")
    for limit in (100, 75):
        assert len(found.line(limit)) <= limit
        assert "1:00" in found.line(limit)


WORD = st.sampled_from("zebra quagga okapi tapir gnu".split())


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(private=st.lists(WORD, min_size=1, max_size=4), public=st.lists(WORD, max_size=3))
async def test_private_episode_shows_in_no_other_tenants_replies(tmp_path_factory, private, public):
    theirs, mine = "discord:2", "discord:1"
    async with opened_core(tmp_path_factory.mktemp("db"), sample=False) as core:
        secret = document("Secret talk", "ssssssssss1", [
            (60 * i, f"{word} hidden{word}", f"{word} privy") for i, word in enumerate(private, 1)
        ])  # fmt: skip
        await core.add(secret, tenant=theirs)
        await core.add(document("Open talk", "ppppppppppp", [
            (60 * i, word, "public") for i, word in enumerate(["base", *public], 1)
        ]))  # fmt: skip
        lines = [f"/topic {word} hidden{word}" for word in private]
        lines += [f"/topic {word}" for word in private]
        lines += [f"/topic hiddn{private[0]}", "/topic privy", "/episodes", "/episodes secret"]
        lines += ["/topic base in:secret", "/summarize https://youtu.be/ssssssssss1?t=60", "/help"]
        lines += ["/summarize 1:00"]
        own = [core.ask(line, tenant=theirs) for line in lines[:1]]
        assert "hidden" in str(await own[0])
        for line in lines:
            text = str(await core.ask(line, tenant=mine)).replace(line.partition(" ")[2], "")
            assert "Secret" not in text, line
            assert "privy" not in text, line
        base = await core.ask("/topic base", tenant=mine)
        assert "Secret" not in str(await core.press("Related", tenant=mine)), base
        for typed in ("", "z", "h", "q", "s", "hidden"):
            for option in ("words", "episode"):
                shown = str(await completions(core, typed, option, tenant=mine))
                assert "hidden" not in shown
                assert "Secret" not in shown
        moments = await core.store.outline(theirs, 1, offset=0, limit=PER_PAGE)
        for moment in moments:
            for name in ("moment", "full", "related", "share"):
                ident = str(moment.segment.id)
                args = {"moment": ident, "page": "1", "card": "c"}
                reply = await core.run(core.invocation(name, args, tenant=mine))
                assert isinstance(reply, Notice)
        assert await core.store.episode(PUBLIC, moments[0].episode.id) is None
