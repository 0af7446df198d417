"""What people do: call commands, type, press, choose, fill in forms."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.changes import Changes
from tests.fakes.discord_server import commands as rules
from tests.fakes.discord_server import interactions as kinds
from tests.fakes.discord_server import payloads
from tests.fakes.discord_server.answers import Answer, NotAnswered, NotPossible
from tests.fakes.discord_server.attachments import Attachments, File
from tests.fakes.discord_server.commands import Commands
from tests.fakes.discord_server.errors import Violation
from tests.fakes.discord_server.gateway import Gateway
from tests.fakes.discord_server.interactions import Interaction, Interactions
from tests.fakes.discord_server.messages import MessageRecord
from tests.fakes.discord_server.pressing import (
    Typed,
    files_in,
    find_button,
    find_select,
    modal_components,
)
from tests.fakes.discord_server.world import Channel, Guild, Person, World


class _Home:
    """Stands for the first server, since None means a direct message."""


HOME = _Home()


class People:
    """The acts of people. A person is "alice" unless ``user`` names another."""

    changes: Changes
    world: World
    commands: Commands
    interactions: Interactions
    attachments: Attachments
    gateway: Gateway
    guild: Guild
    channel: Channel
    violations: list[Violation]

    def user(
        self, name: str = "alice", *, admin: bool = False, permissions: int | None = None
    ) -> Person:
        """Return the person of that name.

        ``admin`` makes them one; ``permissions`` are all that they may do in a server.
        """
        person = self.world.person(name, admin=admin)
        person.may = person.may if permissions is None else permissions
        return person

    async def slash(
        self,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        user: Person | None = None,
        guild: Guild | _Home | None = HOME,
        channel: Channel | None = None,
    ) -> Answer:
        """Call a command; ``guild`` None calls it in a direct message.

        The value of an option that takes a channel is the Channel, one of the same server; of
        one that takes a file, the File.
        """
        person, place = self._who_and_where(user, guild, channel)
        command = self._command(name, rules.SLASH, person, place)
        for value in (options or {}).values():
            if isinstance(value, File):
                self.attachments.attach(value)
            if isinstance(value, Channel) and value.guild is not place.guild:
                raise NotPossible("the picker offers channels of the same server")
        values = payloads.options(command, options or {})
        data = payloads.command_data(command) | ({"options": values} if values else {})
        data |= payloads.resolved(options or {}, person, self.attachments)
        return await self._act(kinds.COMMAND, person, place, data)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        others: dict[str, Any] | None = None,
        *,
        user: Person | None = None,
        guild: Guild | _Home | None = HOME,
        channel: Channel | None = None,
    ) -> list[dict[str, Any]]:
        """Type into an option and return the choices that appear."""
        person, place = self._who_and_where(user, guild, channel)
        command = self._command(name, rules.SLASH, person, place)
        values = payloads.typing(command, option, typed, others or {})
        data = {**payloads.command_data(command), "options": values}
        return (await self._act(kinds.AUTOCOMPLETE, person, place, data)).choices

    async def message_command(
        self,
        name: str,
        message: MessageRecord | dict[str, Any],
        *,
        user: Person | None = None,
        guild: Guild | _Home | None = HOME,
        channel: Channel | None = None,
    ) -> Answer:
        """Call an entry of a message's menu; a dict is a message of somebody else."""
        person, place = self._who_and_where(user, guild, channel)
        command = self._command(name, rules.MESSAGE, person, place)
        shown = self._payload(message, place)
        data = {
            **payloads.command_data(command),
            "target_id": shown["id"],
            "resolved": {"messages": {shown["id"]: shown}},
        }
        return await self._act(kinds.COMMAND, person, place, data)

    async def click(
        self,
        message: MessageRecord,
        button: str,
        *,
        user: Person | None = None,
        nth: int | None = None,
    ) -> Answer:
        """Press a button of a message, named by its label or custom_id.

        ``nth`` (from 0) tells buttons of one label apart.
        """
        part = find_button(message, button, nth)
        data = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part["id"]}
        return await self._press(message, data, user)

    async def select(
        self,
        message: MessageRecord,
        select: str,
        values: list[str],
        *,
        user: Person | None = None,
    ) -> Answer:
        """Choose values (or labels) in a select, named by its custom_id or placeholder."""
        part, chosen = find_select(message, select, values)
        data = {
            "custom_id": part["custom_id"],
            "component_type": part["type"],
            "id": part["id"],
            "values": chosen,
        }
        return await self._press(message, data, user)

    async def submit_modal(self, answer: Answer, values: dict[str, Typed]) -> Answer:
        """Fill in the fields of a form by their custom_ids and send it."""
        modal, before = answer.modal, answer.interaction
        if modal is None:
            raise NotPossible("no form is open")
        files = [self.attachments.attach(one) for one in files_in(values)]
        data = {
            "custom_id": modal["custom_id"],
            "components": modal_components(modal, values),
        }
        if files:
            data["resolved"] = self.attachments.resolved(files)
        return await self._act(
            kinds.MODAL_SUBMIT, before.person, before.channel, data, before.source
        )

    async def _press(
        self, message: MessageRecord, data: dict[str, Any], user: Person | None
    ) -> Answer:
        person = user or message.for_user or self.user()
        if message.deleted:
            raise NotPossible("the message is deleted")
        if message.for_user not in (None, person):
            raise NotPossible(f"{person.name} does not see this message")
        return await self._act(kinds.COMPONENT, person, message.channel, data, message)

    def _who_and_where(
        self, user: Person | None, guild: Guild | _Home | None, channel: Channel | None
    ) -> tuple[Person, Channel]:
        person = user or self.user()
        if channel is not None:
            return person, channel
        if guild is None:
            return person, self.world.private(person)
        place = self.guild if isinstance(guild, _Home) else guild
        if not place.channels:
            raise NotPossible(f"{place.name} has no channel")
        return person, place.channels[0]

    def _command(self, name: str, kind: int, person: Person, place: Channel) -> dict[str, Any]:
        command = self.commands.named(name, kind)
        if command is None:
            known = ", ".join(one["name"] for one in self.commands.all) or "none"
            raise NotPossible(f"Discord knows no command {name!r} of type {kind}, but: {known}")
        contexts = command["contexts"]
        if contexts is not None and place.context not in contexts:
            raise NotPossible(f"{name!r} is not offered here (contexts {contexts})")
        needed = int(command["default_member_permissions"] or 0)
        if place.guild and needed & ~person.permissions and not person.admin:
            raise NotPossible(f"{person.name} may not use {name!r}")
        return command

    def _payload(self, message: MessageRecord | dict[str, Any], place: Channel) -> dict[str, Any]:
        if isinstance(message, MessageRecord):
            return message.payload()
        somebody = MessageRecord(
            self.world.ids.new(), place, self.world, author=self.user("somebody")
        )
        return {**somebody.payload(), **message}

    async def _act(
        self,
        kind: int,
        person: Person,
        place: Channel,
        data: dict[str, Any],
        source: MessageRecord | None = None,
    ) -> Answer:
        interaction = self.interactions.create(kind, person, place, source)
        payload = payloads.interaction(self.world.app_id, interaction, data)
        self.gateway.dispatch("INTERACTION_CREATE", payload, place.guild)
        left = self.interactions.answer_within - (time.monotonic() - interaction.created)
        try:
            await self.changes.until(lambda: interaction.callback, left, "the first answer")
        except TimeoutError:
            raise NotAnswered(self._why(interaction, data)) from None
        return Answer(interaction, self.changes)

    def _why(self, interaction: Interaction, data: dict[str, Any]) -> str:
        what = data.get("name") or data.get("custom_id")
        refused = [str(one) for one in self.violations if interaction.token in one.path]
        shards = sorted(self.gateway.ready_shards())
        return (
            f"{what!r} was not answered within {self.interactions.answer_within} s; "
            f"connected shards: {shards}; refused: {refused or 'nothing'}"
        )
