"""What somebody asks for, as a vector: made beside the event loop, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from bot.core.embedding import NoModel, centre
from bot.core.query import SearchQuery
from bot.core.vectors import Meant
from bot.services.registry import Ports


async def meant(
    ports: Ports, query: SearchQuery, typed_meaning: Awaitable[Meant | None] | None = None
) -> Meant | None:
    """Return what a query means; None where it asks for words as written, or without a model.

    A corrected query is halfway between what was typed and what was probably meant: a correction
    may be wrong, and a slip may mean nothing. ``typed_meaning`` is what was typed means, where
    somebody began to tell that before.
    """
    if query.as_written:
        return None
    corrected = query.correction()
    typed_meaning = typed_meaning or meaning_of(ports, query.typed)
    if corrected is None:
        return await typed_meaning
    found = await asyncio.gather(typed_meaning, meaning_of(ports, corrected))
    told = [one for one in found if one is not None]
    return Meant(told[0].model, centre([one.vector for one in told])) if told else None


async def meaning_of(ports: Ports, text: str) -> Meant | None:
    """Return what a text means; None where no model can tell."""
    embedder = ports.embedder
    if embedder is None or not await ports.store.has_vectors(embedder.model):
        return None  # Without anything to compare with, the model is not even loaded.
    try:
        (vector,) = await asyncio.to_thread(embedder.embed, [text])
    except NoModel:
        return None  # The worker that embeds the catalog has said so in the log.
    return Meant(embedder.model, vector)
