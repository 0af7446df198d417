"""Brings documents into the catalog and out again, and says what was done in plain lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.catalog import PUBLIC, ImportOutcome, Tenant
from bot.core.errors import NotFound
from bot.core.ports import Store
from bot.core.wording import count

if TYPE_CHECKING:
    from bot.ingest.parsed import ParsedDocument

# The parsers are imported where they are used: a bot that only answers never needs them.


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found in a document and did to the catalog."""

    parsed: ParsedDocument
    outcome: ImportOutcome

    def lines(self) -> list[str]:
        """Return the report: what was stored, then each repair and each conflict."""
        episode, outcome = self.outcome.episode, self.outcome
        if outcome.unchanged:
            done = "unchanged"
        elif outcome.created:
            done = f"{count(outcome.added, 'note')} added"
        else:
            done = f"{outcome.added} added, {outcome.updated} updated, {outcome.removed} removed"
        if outcome.set_aside:
            done += f", {count(outcome.set_aside, 'correction')} set aside: their rows changed"
        report = [f"Episode {episode.id}: {episode.title}", f"{done}."]
        report += [f"Line {repair.line}: {repair.sentence}" for repair in self.parsed.repairs]
        report += [
            f"Line {clash.line}: the label says {clash.label}, its link opens {clash.link} "
            f"({clash.title}); the label is used."
            for clash in self.parsed.conflicts
        ]
        return report


async def import_document(
    store: Store, tenant: Tenant, document: bytes | str, *, name: str
) -> Imported:
    """Store a take-away document; raise BadDocument, and change nothing, if it is malformed."""
    from bot.ingest.takeaways import read_takeaways

    parsed = read_takeaways(document, name=name)
    return Imported(parsed, await store.put_episode(tenant, parsed.draft))


async def load_sample(store: Store) -> bool:
    """Put the built-in sample into a new database; return whether it was one.

    A sample that the operator removed does not come back.
    """
    if not await store.is_new():
        return False
    from bot.sample import SAMPLE_NAME, sample_document

    await import_document(store, PUBLIC, sample_document(), name=SAMPLE_NAME)
    return True


async def export_document(store: Store, tenant: Tenant, episode_id: int) -> str:
    """Return an episode as a take-away document; raise NotFound."""
    stored = await store.stored_episode(tenant, episode_id)
    if stored is None:
        raise NotFound(f"There is no episode {episode_id} for {tenant}.")
    from bot.ingest.export import export_takeaways

    return export_takeaways(stored)


async def remove_episode(store: Store, tenant: Tenant, episode_id: int) -> str:
    """Remove a tenant's own episode; return its title, raise NotFound."""
    episode = await store.episode(tenant, episode_id)
    if episode is None or episode.tenant != tenant:
        raise NotFound(f"{tenant} has no episode {episode_id} of its own.")
    await store.remove_episode(tenant, episode_id)
    return episode.title
