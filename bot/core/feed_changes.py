"""What a look at a feed finds that is not known yet: new items, and edited ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.following import Change, Known, Plan

MOST_NEWS = 20
"""Items of one look that digests tell of. More at once is no week's work: a feed was made anew."""

NEWS_SINCE = timedelta(days=2)
"""How much older than the follow itself an item may be that is told of as new."""


def changes(
    plans: Sequence[Plan], known: Iterable[Known], *, begun: bool, followed_at: datetime
) -> list[Change]:
    """Return what a feed says that is not known yet, in the order in which it is imported.

    ``plans`` are in the feed's order. An item is known by its guid or, where the feed calls it
    something else now, by its recording, by all that it brings, or by its title and its hour. An
    edited item is no new one. Of a feed not ``begun`` nothing is told, and the newest come first;
    later the oldest do.
    """
    matching = _Matching(known, {plan.guid for plan in plans})
    fresh: list[tuple[Plan, str]] = []
    edited: list[Change] = []
    for plan in plans:
        digest = plan.digest
        stored = matching.find(plan, digest)
        if stored is None:
            matching.take(plan, digest)
            fresh.append((plan, digest))
        elif not stored.gone and (stored.guid, stored.digest) != (plan.guid, digest):
            edited.append(Change(_kept_recording(plan, stored), digest, stored.id))
    in_order = sorted(fresh, key=lambda one: _age(one[0]), reverse=True)
    if begun:
        in_order.reverse()
    news = begun and len(fresh) <= MOST_NEWS
    since = followed_at - NEWS_SINCE
    new = [Change(plan, digest, tell=news and _is_since(plan, since)) for plan, digest in in_order]
    return new + edited


class _Matching:
    """Finds the stored item that an item of a feed is."""

    def __init__(self, known: Iterable[Known], guids: set[str]) -> None:
        self._guids = guids
        self._by_guid: dict[str, Known] = {}
        self._by_other: dict[str, Known] = {}
        for one in known:
            self._add(one)

    def find(self, plan: Plan, digest: str) -> Known | None:
        found = self._by_guid.get(plan.guid)
        if found is not None:
            return found
        same = self._by_other.get(plan.media_key) or self._by_other.get(digest)
        if same is not None and same.guid in self._guids:
            # The feed has both: this one brings what the other does, and is left out.
            return replace(same, gone=True)
        like = same or self._by_other.get(plan.likeness)
        return like if like is not None and like.guid not in self._guids else None

    def take(self, plan: Plan, digest: str) -> None:
        """Let a second item of the same look that brings the same be no new one."""
        self._add(Known(0, plan.guid, digest, plan.media_key, plan.likeness, gone=True))

    def _add(self, one: Known) -> None:
        self._by_guid[one.guid] = one
        for name in filter(None, (one.media_key, one.digest, one.likeness)):
            self._by_other.setdefault(name, one)


def _kept_recording(plan: Plan, stored: Known) -> Plan:
    """Return a plan that stays with the recording it was stored as, wherever that lies now.

    A video is another recording than a file: what has a time in the one has another in the other.
    """
    kinds = {key.partition(":")[0] for key in (plan.media_key, stored.media_key)}
    return replace(plan, media_key=stored.media_key) if kinds == {"url"} else plan


def _age(plan: Plan) -> tuple[bool, float]:
    when = plan.published_at
    return (when is not None, when.timestamp() if when else 0.0)


def _is_since(plan: Plan, since: datetime) -> bool:
    return plan.published_at is None or plan.published_at >= since
