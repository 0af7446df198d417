"""``/episodes``: what the catalog holds, and the outline of one episode."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.catalog import Episode
from bot.core.commands import Invocation
from bot.core.errors import NotAllowed, NotFound
from bot.core.reply import (
    Button,
    EpisodeLine,
    EpisodeList,
    MomentList,
    Notice,
    Reply,
    Tone,
    spoken_name,
)
from bot.core.timecode import Timecode
from bot.services.cards import amount, episode_ref, extent, grouped, moment_line, watch_buttons
from bot.services.episode_choice import named_episode
from bot.services.registry import Ports, answers

PER_PAGE = 8
"""Lines of a list: with a button each they fill a phone's screen, and fit Discord's 40 parts."""


@answers("episodes")
async def episodes(ports: Ports, invocation: Invocation) -> Reply:
    """Answer with the outline of the episode named, or with the list of all."""

    async def opened(episode: Episode) -> Action:
        return _outline_action(episode)

    named = await named_episode(ports, invocation, opened)
    if isinstance(named, Episode):
        return await outline_of(ports, invocation, named)
    return named or await _catalog(ports, invocation, 0)


@answers("catalog")
async def catalog(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that lists more episodes."""
    return await _catalog(ports, invocation, number(invocation.args["offset"]))


@answers("outline")
async def outline(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that opens an episode."""
    episode = await episode_of(ports, invocation)
    return await outline_of(ports, invocation, episode, number(invocation.args["offset"]))


@answers("default")
async def default(ports: Ports, invocation: Invocation) -> Reply:
    """Make an episode the channel's default; admins only."""
    if not invocation.user.is_admin:
        raise NotAllowed
    episode = await episode_of(ports, invocation)
    await ports.store.set_default_episode(invocation.tenant, invocation.channel, episode.id)
    return Notice(
        text=f"From now on a time without an episode means {episode.short_title} in this channel."
    )


def number(text: str) -> int:
    """Return a count or an id that came back from outside; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


async def episode_of(ports: Ports, invocation: Invocation) -> Episode:
    """Return the episode that a button names; raise NotFound if it is gone."""
    episode = await ports.store.episode(invocation.tenant, number(invocation.args["episode"]))
    if episode is None:
        raise NotFound
    return episode


def _outline_action(episode: Episode, offset: int = 0) -> Action:
    return Action("outline", (str(episode.id), str(offset)))


async def outline_of(
    ports: Ports, invocation: Invocation, episode: Episode, offset: int = 0
) -> MomentList:
    """Return an episode's moments by time, a page from ``offset`` on."""
    offset = offset if offset < episode.segment_count else 0
    moments = await ports.store.outline(
        invocation.tenant, episode.id, offset=offset, limit=PER_PAGE
    )
    ref = episode_ref(episode)
    buttons = [*watch_buttons(ref.url)]
    if offset:
        buttons.append(Button("Earlier", _outline_action(episode, max(offset - PER_PAGE, 0))))
    if offset + len(moments) < episode.segment_count:
        buttons.append(Button("Later", _outline_action(episode, offset + PER_PAGE)))
    if invocation.user.is_admin and invocation.can_share:
        buttons.append(Button("Default here", Action("default", (str(episode.id),))))
    if not moments and episode.transcript_label:
        start = Action("moment", (spoken_name(episode.id, Timecode(0)),))
        return MomentList(
            heading=f"{episode.short_title}: {extent(episode)}",
            groups=(),
            remarks=("Ask /topic for anything that was said, or /summarize for any time of it.",),
            buttons=(*buttons, Button("From the beginning", start)),
        )
    last = offset + len(moments)
    page = f", {offset + 1} to {last}" if episode.segment_count > PER_PAGE else ""
    return MomentList(
        heading=f"{amount(episode)}{page}",
        groups=grouped(map(moment_line, moments)),
        buttons=tuple(buttons),
    )


async def _catalog(ports: Ports, invocation: Invocation, offset: int) -> Reply:
    found = await ports.store.episodes(invocation.tenant, offset=offset, limit=PER_PAGE + 1)
    if not found:
        return Notice(text="The catalog is empty. An operator can import notes.", tone=Tone.EMPTY)
    buttons = []
    if offset:
        back = Action("catalog", (str(max(offset - PER_PAGE, 0)),))
        buttons.append(Button("Newer", back))
    if len(found) > PER_PAGE:
        buttons.append(Button("Older", Action("catalog", (str(offset + PER_PAGE),))))
    return EpisodeList(
        heading="Episodes",
        episodes=tuple(map(_line, found[:PER_PAGE])),
        buttons=tuple(buttons),
    )


def _line(episode: Episode) -> EpisodeLine:
    labels = dict.fromkeys((episode.source_label, episode.chapters_label, episode.transcript_label))
    detail = " · ".join(filter(None, (extent(episode), *labels)))
    return EpisodeLine(
        episode=episode_ref(episode),
        show=episode.show,
        detail=detail,
        open=_outline_action(episode),
    )
