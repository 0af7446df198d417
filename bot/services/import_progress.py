"""Shows an import's progress in one message of the bot's own, from its begin to its end."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.core.actions import Action
from bot.core.digest import REPEATABLE_FOR
from bot.core.jobs import END_TOLD_WITHIN, SOONEST, Job, JobState, PostState, post_key
from bot.core.outlet import Outcome, Outlet
from bot.core.reply import Audience, Button, Notice
from bot.services.cards import extent
from bot.services.import_states import quoted
from bot.services.registry import Ports

log = logging.getLogger(__name__)

POST_WITHIN_S = 10.0
EDIT_WITHIN_S = 5.0
END_WITHIN_S = 20.0

EDIT_EVERY_S = 2.0
"""At most one edit in this time: platforms let a message be edited some five times in five."""


def may_post(since: datetime, now: datetime, *, repeatable: bool, first: bool) -> bool:
    """Return whether a message may be posted that was first tried at ``since``.

    One that may be there is posted again only while its key still finds it.
    """
    return first or (repeatable and since <= now <= since + REPEATABLE_FOR)


class Progress:
    """The message of one job, as long as its claim is held."""

    def __init__(self, ports: Ports, job: Job, owner: str) -> None:
        self._ports = ports
        self._job = job
        self._owner = owner
        self._post = job.post
        self._message = job.message
        self._edited_at = float("-inf")

    async def begin(self) -> None:
        """Post the message, unless it is there or may be; an import goes on without one."""
        outlet = self._outlet
        if outlet is None or self._post not in {PostState.WANTED, PostState.BEGUN}:
            return
        job, now = self._job, self._ports.clock.now()
        first = self._post is PostState.WANTED
        since = await self._ports.store.begin_post(job.tenant, job.id, owner=self._owner, now=now)
        if since is None:
            return
        if may_post(since, now, repeatable=outlet.repeatable, first=first):
            reply = _notice(f"{quoted(job)} is being added.")
            posted = await outlet.post(
                job.channel, reply, key=post_key(job.id), within_s=POST_WITHIN_S
            )
        else:
            posted = None
        if posted is None or (posted.outcome is Outcome.UNKNOWN and not outlet.repeatable):
            posted = await outlet.find(
                job.channel, key=post_key(job.id), since=since, within_s=POST_WITHIN_S
            )
        if posted is not None and posted.outcome is Outcome.POSTED:
            self._edited_at = self._ports.clock.monotonic()
            await self._note(PostState.THERE, posted.message)
        elif posted is not None and posted.outcome is Outcome.UNKNOWN and outlet.repeatable:
            self._post = PostState.BEGUN  # As the row says; the end tries once more.
        else:
            log.info("import %d is not shown: %s", job.id, posted.reason if posted else "unknown")
            await self._note(PostState.ENDED)

    async def say(self, doing: str) -> None:
        """Show what is being done, unless something was shown just now."""
        now = self._ports.clock.monotonic()
        outlet = self._outlet
        if outlet is None or self._post is not PostState.THERE:
            return
        if now - self._edited_at >= EDIT_EVERY_S:
            self._edited_at = now
            reply = _notice(f"{quoted(self._job)} is being added. {doing}")
            await outlet.edit(self._job.channel, self._message, reply, within_s=EDIT_WITHIN_S)

    async def end(self) -> None:
        """Show how the import ended, once; wait for a platform that is away."""
        job = await self._ports.store.job(self._job.tenant, self._job.id)
        if job is None or {self._post, job.post} & {PostState.NONE, PostState.ENDED}:
            return
        now, outlet = self._ports.clock.now(), self._outlet
        if outlet is None and now < job.created_at + END_TOLD_WITHIN:
            # It is due again; by then the platform may be back.
            await self._ports.store.release_job(
                job.tenant, job.id, owner=self._owner, due_at=now + 2 * SOONEST
            )
            return
        if self._post in {PostState.WANTED, PostState.BEGUN}:
            # The platform was away until now, or did not say whether it took the message.
            await self.begin()
        if outlet is not None and self._post is PostState.THERE:
            reply = await ended(self._ports, job)
            shown = await outlet.edit(job.channel, self._message, reply, within_s=END_WITHIN_S)
            if not shown:
                log.info("the end of import %d is not shown", job.id)
        await self._note(PostState.ENDED)

    @property
    def _outlet(self) -> Outlet | None:
        return self._ports.outlets.get(self._job.platform)

    async def _note(self, post: PostState, message: str = "") -> None:
        self._post = post
        self._message = message or self._message
        await self._ports.store.note_post(
            self._job.tenant, self._job.id, owner=self._owner, post=post, message=message
        )


async def ended(ports: Ports, job: Job) -> Notice:
    """Return how an import ended, for its channel to see."""
    if job.state is JobState.CANCELLED:
        return _notice(f"{quoted(job)} was called off. {job.reason or 'Nothing was changed.'}")
    if job.state is not JobState.DONE:
        return _notice(f"{quoted(job)} could not be added. {job.reason}")
    episode = await ports.store.episode(job.tenant, job.episode_id or 0)
    if episode is None:
        return _notice(f"{quoted(job)} was added, and is gone again.")
    said = await ports.store.transcript(job.tenant, episode.id)
    also = ", and what is said" if said is not None and episode.segment_count else ""
    buttons = [Button("Open", Action("outline", (str(episode.id), "0")))]
    if episode.media.url:
        buttons.append(Button("Watch", url=episode.media.url))
    text = f"Added {quoted(job)}: {extent(episode)}{also}. The next digest tells of it."
    return Notice(text=text, buttons=tuple(buttons), audience=Audience.CHANNEL)


def _notice(text: str) -> Notice:
    return Notice(text=text, audience=Audience.CHANNEL)
