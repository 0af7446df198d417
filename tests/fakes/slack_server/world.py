"""The workspace, the people and the channels the bot meets, and their JSON."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_server.rules import Refused

if TYPE_CHECKING:
    from tests.fakes.slack_server.messages import Message

BOT_NAME = "segue"


class Ids:
    """Ids as Slack writes them, and message times, each used once."""

    def __init__(self) -> None:
        self._count = itertools.count(1)
        self._last = 0
        self.now_ns: Callable[[], int] = time.time_ns

    def new(self, prefix: str) -> str:
        """Return an id that was never used, such as C00000007."""
        return f"{prefix}{next(self._count):08d}"

    def ts(self) -> str:
        """Return the time of now with six digits of microseconds, later than every earlier one."""
        self._last = max(self._last + 1, self.now_ns() // 1000)
        return f"{self._last // 10**6}.{self._last % 10**6:06d}"


@dataclass(eq=False)
class Team:
    """A workspace."""

    id: str
    name: str
    domain: str

    def payload(self) -> dict[str, Any]:
        """Return the team object of an interaction."""
        return {"id": self.id, "domain": self.domain}


@dataclass(eq=False)
class Person:
    """Somebody; ``team`` is another than the bot's, ``home``, for people of a shared channel."""

    id: str
    name: str
    home: Team
    team: Team
    display_name: str
    real_name: str
    admin: bool = False
    owner: bool = False
    locale: str = "en-US"
    is_bot: bool = False
    deleted: bool = False

    @property
    def is_stranger(self) -> bool:
        """Whether they are met in a shared channel only."""
        return self.home is not self.team

    def payload(self) -> dict[str, Any]:
        """Return the user object of an interaction."""
        return {
            "id": self.id,
            "username": self.name,
            "name": self.name,
            "team_id": self.team.id,
        }

    def info(self, locale: bool) -> dict[str, Any]:
        """Return the user object of users.info."""
        return {
            "id": self.id,
            "team_id": self.team.id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": "Europe/Vienna",
            "profile": {
                "real_name": self.real_name,
                "real_name_normalized": self.real_name,
                "display_name": self.display_name,
                "display_name_normalized": self.display_name,
                "team": self.team.id,
            },
            "is_admin": self.admin or self.owner,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_stranger": self.is_stranger,
            "updated": 1700000000,
            **({"locale": self.locale} if locale else {}),
        }


@dataclass(eq=False)
class Channel:
    """A channel, or the direct messages of the bot and ``person``.

    ``outsiders`` are the people of the workspace that are not in it.
    """

    id: str
    name: str
    private: bool = False
    bot_is_member: bool = True
    archived: bool = False
    ext_shared: bool = False
    person: Person | None = None
    messages: list[Message] = field(default_factory=list)
    outsiders: list[Person] = field(default_factory=list)

    @property
    def is_dm(self) -> bool:
        """Whether these are direct messages."""
        return self.person is not None

    @property
    def payload_name(self) -> str:
        """The name as payloads have it."""
        if self.is_dm:
            return "directmessage"
        return "privategroup" if self.private else self.name

    def payload(self) -> dict[str, Any]:
        """Return the channel object of an interaction."""
        return {"id": self.id, "name": self.payload_name}

    def info(self, team: Team) -> dict[str, Any]:
        """Return the channel object of conversations.info."""
        shared = {"id": self.id, "is_archived": self.archived, "context_team_id": team.id}
        if self.person:
            return {**shared, "is_im": True, "user": self.person.id, "is_open": True}
        return {
            **shared,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_general": self.name == "general",
            "is_member": self.bot_is_member,
            "is_shared": self.ext_shared,
            "is_ext_shared": self.ext_shared,
            "is_org_shared": False,
        }


class World:
    """Everybody and every place that exists."""

    def __init__(self) -> None:
        self.ids = Ids()
        self.team = Team(self.ids.new("T"), "Listeners", "listeners")
        self.app_id, self.bot_id = self.ids.new("A"), self.ids.new("B")
        self.bot_user = Person(
            self.ids.new("U"), BOT_NAME, self.team, self.team, BOT_NAME, BOT_NAME, is_bot=True
        )
        self.people: dict[str, Person] = {BOT_NAME: self.bot_user}
        self.channels: dict[str, Channel] = {}
        self._teams: dict[str, Team] = {}
        self._dms: dict[str, Channel] = {}

    def person(self, name: str, team: str | None = None) -> Person:
        """Return the person of that name, met now if they are new."""
        if name not in self.people:
            of = self._team(team) if team else self.team
            shown = name.title()
            made = Person(self.ids.new("U"), name, self.team, of, shown, shown)
            self.people[name] = made
        return self.people[name]

    def _team(self, name: str) -> Team:
        if name not in self._teams:
            self._teams[name] = Team(self.ids.new("T"), name, name.lower())
        return self._teams[name]

    def person_of_id(self, ident: str) -> Person:
        """Return the person of an id, or raise Refused."""
        found = next((one for one in self.people.values() if one.id == ident), None)
        if found is None:
            raise Refused("user_not_found")
        return found

    def add_channel(self, name: str) -> Channel:
        """Return a new channel."""
        made = Channel(self.ids.new("C"), name)
        self.channels[made.id] = made
        return made

    def dm(self, person: Person) -> Channel:
        """Return the direct messages of the bot and somebody."""
        if person.id not in self._dms:
            made = Channel(self.ids.new("D"), "directmessage", private=True, person=person)
            self._dms[person.id] = self.channels[made.id] = made
        return self._dms[person.id]

    def visible_channel(self, ident: str) -> Channel:
        """Return a channel that the bot can know of, or raise Refused.

        A person's id stands for their direct messages, as chat.postMessage takes it.
        """
        if ident.startswith("U"):
            return self.dm(self.person_of_id(ident))
        channel = self.channels.get(ident)
        if channel is None or (channel.private and not channel.bot_is_member):
            raise Refused("channel_not_found")
        return channel
