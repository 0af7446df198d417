"""Nothing is fitted to the sample: any document about any video is answered by the same rules."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import platforms
from bot.core.analysis import words
from bot.core.placement import AFTER_SECONDS, NEAR_SECONDS
from bot.core.reply import MomentCard, MomentList, Notice
from bot.core.timecode import Timecode
from tests.fakes.core import opened_core
from tests.strategies import takeaway_documents

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def shown(reply):
    """Return the seconds a reply shows, having checked that every platform takes it."""
    for platform in platforms().values():
        assert platform.violations(platform.render(reply)) == []
    if isinstance(reply, MomentCard):
        return [reply.moment.at.seconds]
    return [line.at.seconds for line in reply.moments] if isinstance(reply, MomentList) else []


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(drawn=takeaway_documents(), data=st.data())
async def test_any_document_is_answered_by_the_rules(tmp_path_factory, drawn, data):
    markdown, rows, key = drawn
    async with opened_core(tmp_path_factory.mktemp("db"), sample=False) as core:
        imported = await core.add(markdown)
        assert imported.outcome.episode.media.key == key
        assert (await core.add(markdown)).outcome.unchanged
        seconds = sorted(second for second, _, _ in rows)
        second, title, _ = data.draw(st.sampled_from(rows))
        # The words of a title, quoted, are found, unless it is all marks and emoji.
        quoted = " ".join(list(words(title))[:20])
        found = await core.run(core.invocation("topic", {"words": f'"{quoted}"'}))
        assert isinstance(found, Notice) == (not quoted)
        assert set(shown(found)) <= set(seconds)
        # The label's own second is that row, and Watch opens it.
        card = await core.run(core.invocation("summarize", {"time": f"{second}s"}))
        assert shown(card) == [second]
        assert card.moment.url.endswith(f"?t={second}")
        # Anywhere else the nearest note answers as far as the rules reach, and no further.
        asked = data.draw(st.integers(0, seconds[-1] + 4_000))
        reply = await core.run(core.invocation("summarize", {"time": f"{asked}s"}))
        since = min((asked - at for at in seconds if at <= asked), default=None)
        until = min((at - asked for at in seconds if at > asked), default=None)
        near = (since is not None and since <= AFTER_SECONDS) or (
            until is not None and until <= NEAR_SECONDS
        )
        assert isinstance(reply, MomentCard) == near
        if near:
            assert shown(reply)[0] in {asked - (since or 0), asked + (until or 0)}
        else:
            assert str(Timecode(asked)) in reply.heading
