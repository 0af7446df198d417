"""Discord's rules for message bodies, and the record of every message that exists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_server.components import TEXT, check_message_components, stored, walk
from tests.fakes.discord_server.errors import EMPTY_MESSAGE, Problems, Refused, Spot
from tests.fakes.discord_server.mentions import check_allowed_mentions, pings
from tests.fakes.discord_server.world import Channel, Person, World

SUPPRESS_EMBEDS, EPHEMERAL, LOADING = 1 << 2, 1 << 6, 1 << 7
SUPPRESS_NOTIFICATIONS, COMPONENTS_V2 = 1 << 12, 1 << 15
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2

MOST_CONTENT, MOST_EMBED_TEXT = 2000, 6000

WRITTEN_AT = "2026-01-01T00:00:00+00:00"


@dataclass(eq=False)
class MessageRecord:
    """One message, kept up to date by edits.

    ``edits`` holds what content and components were before each edit. ``for_user`` is the one
    person who sees an ephemeral message. ``pings`` is whom it notified, edits included.
    """

    id: str
    channel: Channel
    world: World
    ephemeral: bool = False
    for_user: Person | None = None
    flags: int = 0
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    allowed_mentions: dict[str, Any] | None = None
    nonce: str | int | None = None
    author: Person | None = None
    interaction_id: str | None = None
    deleted: bool = False

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    def payload(self) -> dict[str, Any]:
        """Return the message object."""
        made: dict[str, Any] = {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.payload() if self.author else self.world.bot(),
            "content": self.content,
            "timestamp": WRITTEN_AT,
            "edited_timestamp": WRITTEN_AT if self.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": self.embeds,
            "pinned": False,
            "type": 20 if self.interaction_id else 0,
            "flags": self.flags,
            "components": self.components,
        }
        if self.nonce is not None:
            made["nonce"] = self.nonce
        if self.interaction_id:
            made["webhook_id"] = made["application_id"] = self.world.app_id
        return made


def check_message(
    body: dict[str, Any], before: MessageRecord | None = None, at: tuple[str, ...] = ()
) -> None:
    """Raise Refused for a body that Discord does not take, new or as an edit of ``before``.

    ``at`` is where in the request the body is.
    """
    problems = Problems()
    spot = Spot(body, problems, at)
    v2 = _is_v2(spot, before)
    spot.text("content", 0, MOST_CONTENT, required=False)
    _check_embeds(spot)
    check_allowed_mentions(spot)
    if v2:
        _check_no_legacy(spot, before)
    if body.get("components") is not None:
        check_message_components(spot, v2=v2)
    _check_nonce(spot)
    problems.refuse()
    if _is_empty(body, before):
        raise Refused(400, EMPTY_MESSAGE, "Cannot send an empty message")


def _is_v2(body: Spot, before: MessageRecord | None) -> bool:
    had = bool(before and before.flags & COMPONENTS_V2)
    flags = body.get("flags")
    if flags is None:
        return had
    body.number("flags", 0, 2**31 - 1)
    if not isinstance(flags, int):
        return had
    if had and not flags & COMPONENTS_V2:
        body.at("flags").wrong(
            "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "the Components V2 flag cannot be removed"
        )
    return had or bool(flags & COMPONENTS_V2)


def _check_no_legacy(body: Spot, before: MessageRecord | None) -> None:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        left = before and name not in body.value and getattr(before, name, None)
        if body.get(name) or left:
            body.at(name).wrong(
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"{name} does not go with the Components V2 flag",
            )


def _check_nonce(body: Spot) -> None:
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        body.at("nonce").wrong("NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")


def _check_embeds(body: Spot) -> None:
    body.count("embeds", 0, 10)
    total = 0
    for embed in body.items("embeds"):
        embed.text("title", 0, 256, required=False)
        embed.text("description", 0, 4096, required=False)
        embed.at("footer").text("text", 0, 2048, required=False)
        embed.at("author").text("name", 0, 256, required=False)
        embed.count("fields", 0, 25)
        for line in embed.items("fields"):
            line.text("name", 1, 256)
            line.text("value", 1, 1024)
        total += sum(map(len, _embed_texts(embed.value)))
    if total > MOST_EMBED_TEXT:
        body.at("embeds").wrong("MAX_EMBED_SIZE_EXCEEDED", f"{total} characters, more than 6000")


def _embed_texts(embed: dict[str, Any]) -> list[str]:
    found = [embed.get("title"), embed.get("description")]
    found += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for line in embed.get("fields") or []:
        found += [line.get("name"), line.get("value")]
    return [text for text in found if isinstance(text, str)]


def _is_empty(body: dict[str, Any], before: MessageRecord | None) -> bool:
    names = ("content", "embeds", "components", "attachments", "poll", "sticker_ids")
    if before and not any(name in body for name in names):
        return False
    values = [body[name] if name in body else getattr(before, name, None) for name in names]
    return not any(one.strip() if isinstance(one, str) else one for one in values)


class Messages:
    """Every message, in the order in which they came to be."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[MessageRecord] = []

    def find(self, ident: str) -> MessageRecord | None:
        """Return the message of an id, None for one that is deleted or never was."""
        return next((one for one in self.all if one.id == ident and not one.deleted), None)

    def loading(self, channel: Channel, person: Person, flags: int) -> MessageRecord:
        """Return a new message that says the bot is thinking."""
        made = self._new(channel, person, flags & EPHEMERAL)
        made.flags = LOADING | (flags & EPHEMERAL)
        return made

    def create(
        self,
        channel: Channel,
        body: dict[str, Any],
        person: Person | None = None,
        at: tuple[str, ...] = (),
    ) -> MessageRecord:
        """Check a body and return the new message; ``person`` is the one who was answered."""
        check_message(body, at=at)
        flags = body.get("flags") or 0
        made = self._new(channel, person, flags & EPHEMERAL)
        made.flags = flags & SETTABLE | (EPHEMERAL if made.ephemeral else 0)
        made.nonce = body.get("nonce")
        self._fill(made, body)
        return made

    def edit(self, message: MessageRecord, body: dict[str, Any], at: tuple[str, ...] = ()) -> None:
        """Check an edit and make it."""
        check_message(body, message, at)
        message.edits.append({"content": message.content, "components": message.components})
        flags = body.get("flags") or 0
        message.flags = message.flags & ~LOADING | flags & SETTABLE
        self._fill(message, body)

    def _new(self, channel: Channel, person: Person | None, ephemeral: int) -> MessageRecord:
        private = bool(ephemeral) and person is not None
        made = MessageRecord(
            self._world.ids.new(),
            channel,
            self._world,
            ephemeral=private,
            for_user=person if private else None,
        )
        self.all.append(made)
        return made

    def _fill(self, message: MessageRecord, body: dict[str, Any]) -> None:
        if "content" in body:
            message.content = (body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
        if "components" in body:
            message.components = stored(body["components"] or [])
        message.allowed_mentions = body.get("allowed_mentions")
        parts = walk(message.components)
        said = [message.content, *(part["content"] for part in parts if part["type"] == TEXT)]
        new = pings("\n".join(said), message.allowed_mentions)
        message.pings.extend(one for one in new if one not in message.pings)
