"""What somebody asks for, as a vector: made beside the event loop, or not at all."""

from __future__ import annotations

import asyncio

from bot.core.embedding import NoModel, centre
from bot.core.query import SearchQuery
from bot.core.vectors import Meant
from bot.services.registry import Ports


async def meant(ports: Ports, query: SearchQuery) -> Meant | None:
    """Return what a query means; None where it asks for words as written, or without a model.

    A corrected query is halfway between what was typed and what was probably meant: a correction
    may be wrong, and a slip may mean nothing.
    """
    if query.as_written:
        return None
    corrected = query.correction()
    found = await meaning_of(ports, query.typed, *([corrected] if corrected else []))
    if not found:
        return None
    if corrected is None:
        return found[0]
    return Meant(found[0].model, centre([one.vector for one in found]))


async def meaning_of(ports: Ports, *texts: str) -> list[Meant]:
    """Return what each text means, told at the same time; nothing where no model can tell."""
    embedder = ports.embedder
    if embedder is None or not await ports.store.has_vectors(embedder.model):
        return []  # Without anything to compare with, the model is not even loaded.
    try:
        made = await asyncio.gather(*(asyncio.to_thread(embedder.embed, [text]) for text in texts))
    except NoModel:
        return []  # The worker that embeds the catalog has said so in the log.
    return [Meant(embedder.model, vector) for (vector,) in made]
