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


ANOTHER_DAY = timedelta(hours=12)
"""How far apart two hours are that no correction of one of them explains."""


def changes(
    plans: Sequence[Plan], known: Iterable[Known], *, begun: bool, followed_at: datetime
) -> list[Change]:
    """Return what a feed says that is not known yet, in the order in which it is imported.

    ``plans`` are in the feed's order. An item is known by its guid or, where the feed calls it
    something else now, by its recording, by all that it brings, or by its title and its hour. An
    edited item is no new one; one that has nothing but the guid of another is. Of a feed
    not ``begun`` nothing is told, and the newest come first; later the oldest do.
    """
    known = list(known)
    plans = _named(plans, known)
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


def _named(plans: Sequence[Plan], known: Iterable[Known]) -> list[Plan]:
    """Return the plans with a name for each talk, where a feed calls several talks the same."""
    holders = {one.guid: one for one in known}
    named = []
    for plan in plans:
        holder = holders.setdefault(plan.guid, _as_known(plan, ""))
        if _is_another_talk(plan, holder):
            plan = replace(plan, guid=f"{plan.guid} {plan.likeness}")
        named.append(plan)
    return named


def _is_another_talk(plan: Plan, holder: Known) -> bool:
    """Return whether nothing but the name is that of the item which has it.

    An edit may rename an item, and its file may move, but then its hour stays.
    """
    hour, _, title = plan.likeness.partition(" ")
    other_hour, _, other_title = holder.likeness.partition(" ")
    if not title or not other_title:
        return False
    apart = abs(datetime.fromisoformat(hour) - datetime.fromisoformat(other_hour))
    return title != other_title and plan.media_key != holder.media_key and apart >= ANOTHER_DAY


def _as_known(plan: Plan, digest: str) -> Known:
    return Known(0, plan.guid, digest, plan.media_key, plan.likeness, gone=True)


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
        like = same or self._like(plan)
        return like if like is not None and like.guid not in self._guids else None

    def _like(self, plan: Plan) -> Known | None:
        like = self._by_other.get(plan.likeness)
        return like or self._by_other.get(plan.older_likeness)

    def take(self, plan: Plan, digest: str) -> None:
        """Let a second item of the same look that brings the same be no new one."""
        self._add(_as_known(plan, digest))

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
