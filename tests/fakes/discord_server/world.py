"""The people, servers and channels the bot meets, and their JSON."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

ADMINISTRATOR, MANAGE_GUILD = 1 << 3, 1 << 5
VIEW_CHANNEL, SEND_MESSAGES, EMBED_LINKS = 1 << 10, 1 << 11, 1 << 14
USE_COMMANDS, SEND_IN_THREADS = 1 << 31, 1 << 38
READ_HISTORY = 1 << 16
EVERY_PERMISSION = (1 << 53) - 1

BOT_MAY = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_HISTORY | SEND_IN_THREADS
PERSON_MAY = VIEW_CHANNEL | SEND_MESSAGES | USE_COMMANDS | READ_HISTORY | SEND_IN_THREADS

TEXT, DM, THREADS = 0, 1, frozenset({10, 11, 12})

EPOCH_MS = 1420070400000
JOINED = "2024-01-01T00:00:00+00:00"


class Ids:
    """Snowflakes of now: discord.py reads from an interaction's id when it expires."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self) -> str:
        """Return an id that was never used."""
        now = int(time.time() * 1000) - EPOCH_MS
        return str((now << 22) | next(self._count) & 0x3FFFFF)


@dataclass(eq=False)
class Person:
    """Somebody who uses the bot."""

    id: str
    name: str
    admin: bool = False
    locale: str = "en-US"
    may: int = PERSON_MAY
    takes_messages: bool = True

    @property
    def permissions(self) -> int:
        """Return what the person may do in a server."""
        return self.may | (ADMINISTRATOR | MANAGE_GUILD if self.admin else 0)

    def payload(self) -> dict[str, Any]:
        """Return the user object."""
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "avatar": None,
            "global_name": self.name.title(),
            "public_flags": 0,
        }

    def member(self) -> dict[str, Any]:
        """Return the member object of an interaction."""
        return {**_member(self.payload()), "permissions": str(self.permissions)}


@dataclass(eq=False)
class Channel:
    """A channel; ``permissions`` are the bot's own in it, and may be changed at any time."""

    id: str
    name: str
    type: int = TEXT
    guild: Guild | None = None
    recipient: Person | None = None
    permissions: int = BOT_MAY
    archived: bool = False
    locked: bool = False
    parent: Channel | None = None

    @property
    def context(self) -> int:
        """Return the interaction context: 0 in a server, 1 in a direct message."""
        return 0 if self.guild else 1

    def payload(self) -> dict[str, Any]:
        """Return the channel object."""
        if self.recipient:
            return {
                "id": self.id,
                "type": self.type,
                "flags": 0,
                "last_message_id": None,
                "recipients": [self.recipient.payload()],
            }
        return {
            "id": self.id,
            "type": self.type,
            "guild_id": self.guild.id if self.guild else None,
            "name": self.name,
            "position": 0,
            "permission_overwrites": self._overwrites(),
            "nsfw": False,
            "topic": None,
            "parent_id": self._parent_id(),
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "flags": 0,
            **self._thread(),
        }

    def _parent_id(self) -> str | None:
        if self.parent is not None:
            return self.parent.id
        return self.guild.id if self.guild and self.type in THREADS else None

    def _overwrites(self) -> list[dict[str, Any]]:
        """Return what gives the bot its permissions here, whatever everybody has."""
        if self.guild is None or self.type in THREADS:
            return []
        allow, deny = self.permissions, EVERY_PERMISSION & ~self.permissions
        bot = self.guild.bot_id
        return [{"id": bot, "type": 1, "allow": str(allow), "deny": str(deny)}]

    def _thread(self) -> dict[str, Any]:
        if self.type not in THREADS or self.guild is None:
            return {}
        return {
            "owner_id": self.guild.owner_id,
            "message_count": 0,
            "member_count": 1,
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": 1440,
                "archive_timestamp": JOINED,
                "locked": self.locked,
            },
        }


@dataclass(eq=False)
class Guild:
    """A server that installed the bot."""

    id: str
    name: str
    owner_id: str
    bot_id: str
    channels: list[Channel] = field(default_factory=list)

    def shard(self, count: int) -> int:
        """Return the shard that hears of this server."""
        return (int(self.id) >> 22) % count

    def partial(self) -> dict[str, Any]:
        """Return the part of a guild that an interaction holds."""
        return {"id": self.id, "locale": "en-US", "features": []}

    def payload(self) -> dict[str, Any]:
        """Return the guild object of GUILD_CREATE."""
        plain = [one for one in self.channels if one.type not in THREADS]
        threads = [one for one in self.channels if one.type in THREADS]
        return {
            **dict.fromkeys(_NOTHING),
            **{name: [] for name in _EMPTY},
            **dict.fromkeys(_ZERO, 0),
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner_id,
            "afk_timeout": 300,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": False,
            "joined_at": JOINED,
            "large": False,
            "unavailable": False,
            "member_count": 2,
            "roles": [_everyone(self.id)],
            "members": [_member(_bot(self.bot_id))],
            "channels": [one.payload() for one in plain],
            "threads": [one.payload() for one in threads],
        }


_NOTHING = (
    "icon splash discovery_splash afk_channel_id application_id system_channel_id "
    "rules_channel_id vanity_url_code description banner public_updates_channel_id "
    "safety_alerts_channel_id"
).split()
_EMPTY = (
    "emojis features stickers voice_states presences stage_instances "
    "guild_scheduled_events soundboard_sounds"
).split()
_ZERO = (
    "verification_level default_message_notifications explicit_content_filter mfa_level "
    "system_channel_flags premium_tier nsfw_level premium_subscription_count"
).split()


def _member(user: dict[str, Any]) -> dict[str, Any]:
    return {
        "user": user,
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def _bot(ident: str) -> dict[str, Any]:
    return {
        "id": ident,
        "username": "segue",
        "discriminator": "0",
        "avatar": None,
        "global_name": None,
        "bot": True,
        "verified": True,
        "mfa_enabled": False,
        "flags": 0,
        "public_flags": 0,
    }


def _everyone(guild_id: str) -> dict[str, Any]:
    return {
        "id": guild_id,
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(PERSON_MAY),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


class World:
    """Everybody and every place that exists."""

    def __init__(self) -> None:
        self.ids = Ids()
        self.bot_id, self.app_id = self.ids.new(), self.ids.new()
        self.people: dict[str, Person] = {}
        self.guilds: list[Guild] = []
        self.channels: dict[str, Channel] = {}
        self._private: dict[str, Channel] = {}

    def person(self, name: str, *, admin: bool = False) -> Person:
        """Return the person of that name, met now if they are new."""
        found = self.people.get(name)
        if found is None:
            found = self.people[name] = Person(self.ids.new(), name)
        found.admin = found.admin or admin
        return found

    def add_guild(self, name: str, *, ident: str | None = None) -> Guild:
        """Return a new server with nothing in it."""
        guild = Guild(ident or self.ids.new(), name, self.person("owner").id, self.bot_id)
        self.guilds.append(guild)
        return guild

    def add_channel(
        self, guild: Guild, name: str, kind: int, permissions: int, parent: Channel | None
    ) -> Channel:
        """Return a new channel."""
        channel = Channel(self.ids.new(), name, kind, guild, permissions=permissions, parent=parent)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def private(self, person: Person) -> Channel:
        """Return the direct-message channel of the bot and somebody."""
        found = self._private.get(person.id)
        if found is None:
            found = Channel(self.ids.new(), person.name, DM, recipient=person)
            self._private[person.id] = self.channels[found.id] = found
        return found

    def bot(self) -> dict[str, Any]:
        """Return the bot's own user object."""
        return _bot(self.bot_id)

    def application(self) -> dict[str, Any]:
        """Return the application object."""
        return {
            "id": self.app_id,
            "name": "segue",
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "00" * 32,
            "team": None,
            "owner": self.person("owner").payload(),
            "flags": 0,
            "install_params": None,
            "tags": [],
        }
