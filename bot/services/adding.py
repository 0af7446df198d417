"""``/add``: brings a recording's notes or transcript in from a link or a file; admins only."""

from __future__ import annotations

from bot.core.catalog import PUBLIC
from bot.core.commands import Invocation
from bot.core.errors import NotAllowed, UserError
from bot.core.media import parse_link
from bot.core.reply import Notice, Reply
from bot.services.ingestion import Recording, import_document
from bot.services.registry import Ports, answers

READ_AT_MOST = 20_000_000
"""Bytes of a document; a transcript of a whole day has two million."""

FETCHED_WITHIN_S = 20.0


@answers("add")
async def add(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the command."""
    check_admin(invocation)
    document, name = await _document(ports, invocation)
    imported = await import_document(
        ports.store, invocation.tenant, document, _given(invocation), name=name
    )
    return Notice(text="\n".join(imported.lines()))


def check_admin(invocation: Invocation) -> None:
    """Raise NotAllowed, or UserError where there is nobody whose catalog it would be."""
    if invocation.tenant == PUBLIC:
        raise UserError("Episodes are added in a server or a workspace. Do that there.")
    if not invocation.user.is_admin:
        raise NotAllowed


async def _document(ports: Ports, invocation: Invocation) -> tuple[bytes, str]:
    if invocation.document is not None:
        return invocation.document.body, invocation.document.name
    url = invocation.args.get("source", "").strip()
    if not url:
        raise UserError("What is to be added? A link or a file: /add https://…")
    found = await ports.fetcher.fetch(url, max_bytes=READ_AT_MOST, within_s=FETCHED_WITHIN_S)
    return found.body, found.url


def _given(invocation: Invocation) -> Recording:
    link = invocation.args.get("link", "").strip()
    opened = parse_link(link) if link else None
    if link and opened is None:
        raise UserError("The link is the address of a recording, such as https://youtu.be/…")
    return Recording(
        opened.media if opened else None,
        invocation.args.get("title", "").strip(),
        invocation.args.get("show", "").strip(),
    )
