"""Which episode is meant: the ladder from what was said to what is likely, and then a question.

In order: the option; the recording of a pasted link; the thread's card; the caller's last
card in this channel; the channel's default; the only episode; a question back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.core.actions import Action
from bot.core.catalog import PUBLIC, Episode
from bot.core.commands import Invocation
from bot.core.errors import NotFound, UnknownVideo
from bot.core.media import Media
from bot.core.reply import Choice, Option, Reply
from bot.services.cards import extent
from bot.services.last_cards import of_thread
from bot.services.registry import Ports
from bot.services.suggestions import chosen_episode

LAST_CARD = timedelta(minutes=15)
"""How long a person's last card in a channel still says which episode they mean."""

LAST_POST = timedelta(days=30)
"""How long the last card that all of a thread can see says which episode the thread means."""

OFFERED = 25
"""Episodes in a question (PLATFORM: a select holds 25)."""

MakeAction = Callable[[Episode], Awaitable[Action]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """An episode, and the sentence that says why it was taken where that is not plain."""

    episode: Episode
    because: str | None = None


async def choose_episode(
    ports: Ports, invocation: Invocation, media: Media | None, action: MakeAction
) -> Chosen | Reply:
    """Return the episode meant, or the question which; raise UnknownVideo, NotFound."""
    named = await named_episode(ports, invocation, action)
    if isinstance(named, Episode):
        overruled = media is not None and media.key != named.media.key
        because = f"In {named.short_title}, as you asked; the link is to another recording."
        return Chosen(named, because if overruled else None)
    if named is not None:
        return named
    if media is not None:
        linked = await ports.store.episode_of_media(invocation.tenant, media.key)
        if linked is None:
            raise UnknownVideo
        return Chosen(linked)
    episodes = await ports.store.episodes(invocation.tenant, offset=0, limit=OFFERED + 1)
    if not episodes:
        raise NotFound("The catalog is empty. An operator can import notes.")
    episodes = _own_first(episodes)
    if len(episodes) == 1:
        return Chosen(episodes[0])
    likely = await _likely(ports, invocation)
    if likely is not None:
        return likely
    return await _ask("Which episode do you mean?", episodes, action)


async def named_episode(
    ports: Ports, invocation: Invocation, action: MakeAction
) -> Episode | Reply | None:
    """Return the episode that the option names, a question if it names several, None if unused.

    Raise NotFound if it names none.
    """
    typed = invocation.args.get("episode", "").strip()
    if not typed:
        return None
    ident = chosen_episode(typed)
    if ident is not None:
        episode = await ports.store.episode(invocation.tenant, ident)
        if episode is None:
            raise NotFound
        return episode
    matches = await ports.store.find_episodes(invocation.tenant, typed, OFFERED + 1)
    matches = _own_first(matches)
    if not matches:
        raise NotFound(f"No episode is called “{typed[:100]}”. /episodes lists what I know.")
    exact = [match for match in matches if match.title.casefold() == typed.casefold()]
    if len(matches) == 1 or len(exact) == 1:
        return (exact or matches)[0]
    return await _ask(f"Which episode is “{typed[:100]}”?", matches, action)


def _own_first(episodes: list[Episode]) -> list[Episode]:
    """Return the episodes without public ones of a recording that the tenant has itself."""
    own = {episode.media.key for episode in episodes if episode.tenant != PUBLIC}
    return [e for e in episodes if e.tenant != PUBLIC or e.media.key not in own]


async def _likely(ports: Ports, invocation: Invocation) -> Chosen | None:
    tenant, channel = invocation.tenant, invocation.channel
    store = ports.store
    now = ports.clock.now()
    if invocation.thread:
        ident = await store.last_episode(tenant, *of_thread(invocation), now - LAST_POST)
        episode = await store.episode(tenant, ident) if ident is not None else None
        if episode:
            return Chosen(episode, f"In {episode.short_title}, which this thread is about.")
    since = now - LAST_CARD
    last = await store.last_episode(tenant, channel, invocation.user.id, since)
    episode = await store.episode(tenant, last) if last is not None else None
    if episode:
        return Chosen(episode, f"In {episode.short_title}, the episode of your last card here.")
    default = await store.default_episode(tenant, channel)
    episode = await store.episode(tenant, default) if default is not None else None
    if episode:
        return Chosen(episode, f"In {episode.short_title}, this channel's default.")
    return None


async def _ask(question: str, episodes: list[Episode], action: MakeAction) -> Choice:
    remarks: tuple[str, ...] = ()
    if len(episodes) > OFFERED:
        remarks = (f"These are the first {OFFERED}; words of its title find any other.",)
    options = [
        Option(
            episode.title,
            await action(episode),
            extent(episode),
        )
        for episode in episodes[:OFFERED]
    ]
    return Choice(question=question, options=tuple(options), remarks=remarks)
