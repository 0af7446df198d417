"""People at work: they type commands, press buttons and fill forms, and see what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.discord_server.changes import Changes
from tests.fakes.discord_server.commands import BOOLEAN, INTEGER, MESSAGE, SLASH, STRING, Commands
from tests.fakes.discord_server.components import SELECT, walk
from tests.fakes.discord_server.gateway import Gateway
from tests.fakes.discord_server.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    Interactions,
)
from tests.fakes.discord_server.messages import MessageRecord
from tests.fakes.discord_server.reading import buttons
from tests.fakes.discord_server.world import Channel, Guild, Person, World

PATIENCE_S = 10.0


class NotPossible(AssertionError):
    """A person could not have done that: no such command, button, option or form."""


class NotAnswered(AssertionError):
    """The bot did not answer."""


@dataclass(eq=False)
class Answer:
    """What an interaction came to. ``ack_seconds`` is the time to the first answer."""

    interaction: Interaction
    changes: Changes

    @property
    def ack_seconds(self) -> float:
        """Return how long the first answer took."""
        acknowledged = self.interaction.acknowledged
        assert acknowledged is not None
        return acknowledged - self.interaction.created

    @property
    def callback(self) -> dict[str, Any]:
        """Return the payload of the first answer."""
        assert self.interaction.callback is not None
        return self.interaction.callback

    @property
    def message(self) -> MessageRecord:
        """Return the message as the person sees it now."""
        newest = [*self.interaction.followups[-1:], self.interaction.original]
        assert newest[0] is not None, "the answer is no message"
        return newest[0]

    async def settled(self, timeout: float = PATIENCE_S) -> MessageRecord:  # noqa: ASYNC109
        """Return the message once nothing more is awaited."""
        await self.changes.until(lambda: self.interaction.settled, timeout, "an answer")
        return self.message


class People:
    """What people can do; a thing they cannot raises NotPossible in the test."""

    def __init__(
        self,
        world: World,
        changes: Changes,
        gateway: Gateway,
        commands: Commands,
        interactions: Interactions,
    ) -> None:
        self._world = world
        self._changes = changes
        self._gateway = gateway
        self._commands = commands
        self._interactions = interactions

    async def slash(
        self, name: str, options: dict[str, Any], person: Person, channel: Channel
    ) -> Answer:
        """Send a slash command."""
        command = self._command(name, SLASH, channel)
        given = [self._option(command, key, value) for key, value in options.items()]
        for option in command.get("options", ()):
            if option.get("required") and option["name"] not in options:
                raise NotPossible(f"/{name} wants {option['name']}")
        data = {"id": command["id"], "name": name, "type": SLASH, "options": given}
        return await self._act(COMMAND, data, person, channel)

    async def autocomplete(
        self, name: str, option: str, typed: str, person: Person, channel: Channel
    ) -> list[dict[str, Any]]:
        """Type into an option; return the choices shown."""
        command = self._command(name, SLASH, channel)
        given = self._option(command, option, typed, completing=True)
        data = {"id": command["id"], "name": name, "type": SLASH, "options": [given]}
        answer = await self._act(AUTOCOMPLETE, data, person, channel)
        choices: list[dict[str, Any]] = answer.callback["data"]["choices"]
        return choices

    async def message_command(
        self, name: str, target: MessageRecord | dict[str, Any], person: Person, channel: Channel
    ) -> Answer:
        """Use an entry of a message's menu."""
        command = self._command(name, MESSAGE, channel)
        message = target.payload() if isinstance(target, MessageRecord) else self._foreign(target)
        message["channel_id"] = channel.id
        data = {
            "id": command["id"],
            "name": name,
            "type": MESSAGE,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._act(COMMAND, data, person, channel)

    async def click(self, message: MessageRecord, named: str, person: Person) -> Answer:
        """Press the button of that label or custom_id."""
        self._check_sees(message, person)
        found = [one for one in buttons(message) if named in (one.label, one.custom_id)]
        if not found or found[0].disabled:
            raise NotPossible(f"no button {named!r} to press among {buttons(message)}")
        data = {"custom_id": found[0].custom_id, "component_type": 2}
        return await self._act(COMPONENT, data, person, message.channel, message)

    async def select(
        self, message: MessageRecord, custom_id: str, values: list[str], person: Person
    ) -> Answer:
        """Choose in a select."""
        self._check_sees(message, person)
        self._check_choice(message.components, custom_id, values)
        data = {"custom_id": custom_id, "component_type": SELECT, "values": values}
        return await self._act(COMPONENT, data, person, message.channel, message)

    async def submit_modal(
        self, opened: Answer, values: dict[str, str | list[str]], person: Person
    ) -> Answer:
        """Fill the form that an answer opened and send it."""
        form = opened.callback.get("data") or {}
        if opened.callback["type"] != 9:
            raise NotPossible("no form was opened")
        filled = []
        for index, part in enumerate(form["components"], 1):
            field = part["component"]
            value = values.get(field["custom_id"], [] if field["type"] == SELECT else "")
            if field["type"] == SELECT:
                assert isinstance(value, list)
                self._check_choice([field], field["custom_id"], value)
                inner: dict[str, Any] = {"values": value}
            else:
                inner = {"value": value}
            inner |= {"type": field["type"], "custom_id": field["custom_id"], "id": index + 100}
            filled.append({"type": part["type"], "id": index, "component": inner})
        data = {"custom_id": form["custom_id"], "components": filled, "resolved": {}}
        before = opened.interaction
        return await self._act(MODAL_SUBMIT, data, person, before.channel, before.source)

    def _command(self, name: str, kind: int, channel: Channel) -> dict[str, Any]:
        command = self._commands.named(name, kind)
        if command is None:
            raise NotPossible(f"there is no command {name}")
        if command["contexts"] is not None and channel.context not in command["contexts"]:
            raise NotPossible(f"{name} is not offered here")
        return command

    @staticmethod
    def _option(
        command: dict[str, Any], name: str, value: Any, *, completing: bool = False
    ) -> dict[str, Any]:
        found = [one for one in command.get("options", ()) if one["name"] == name]
        if not found:
            raise NotPossible(f"/{command['name']} has no option {name}")
        option = found[0]
        right = {STRING: str, INTEGER: int, BOOLEAN: bool}[option["type"]]
        longest = option.get("max_length", 6000)
        if not isinstance(value, right) or (right is str and len(value) > longest):
            raise NotPossible(f"{name} does not take {value!r:.80}")
        if completing and not option.get("autocomplete"):
            raise NotPossible(f"{name} is not completed")
        made = {"name": name, "type": option["type"], "value": value}
        return made | ({"focused": True} if completing else {})

    @staticmethod
    def _check_sees(message: MessageRecord, person: Person) -> None:
        if message.deleted or message.for_user not in (None, person):
            raise NotPossible("this person does not see that message")

    @staticmethod
    def _check_choice(components: list[dict[str, Any]], custom_id: str, values: list[str]) -> None:
        found = [one for one in walk(components) if one.get("custom_id") == custom_id]
        offered = {option["value"] for one in found for option in one.get("options", ())}
        if not found or not values or not set(values) <= offered:
            raise NotPossible(f"{custom_id} does not offer {values}")

    def _foreign(self, target: dict[str, Any]) -> dict[str, Any]:
        message = MessageRecord(self._world.ids.new(), Channel("0", "x"), self._world)
        message.author = self._world.person("somebody")
        return {**message.payload(), **target}

    async def _act(
        self,
        kind: int,
        data: dict[str, Any],
        person: Person,
        channel: Channel,
        message: MessageRecord | None = None,
    ) -> Answer:
        interaction = self._interactions.create(kind, person, channel, message)
        payload = self._payload(interaction, data)
        guild = channel.guild
        await self._gateway.dispatch("INTERACTION_CREATE", payload, guild.id if guild else None)
        limit = self._interactions.answer_within + 1
        try:
            await self._changes.until(lambda: interaction.callback is not None, limit, "an answer")
        except TimeoutError:
            raise NotAnswered(f"{data.get('name') or data.get('custom_id')}") from None
        return Answer(interaction, self._changes)

    def _payload(self, interaction: Interaction, data: dict[str, Any]) -> dict[str, Any]:
        channel, person = interaction.channel, interaction.person
        guild: Guild | None = channel.guild
        payload: dict[str, Any] = {
            "id": interaction.id,
            "application_id": self._world.app_id,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "channel_id": channel.id,
            "channel": channel.payload(),
            "locale": person.locale,
            "app_permissions": str(channel.permissions),
            "entitlements": [],
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
            "context": channel.context,
            "attachment_size_limit": 10_485_760,
            "data": data,
        }
        if guild:
            payload |= {
                "guild_id": guild.id,
                "guild": guild.partial(),
                "guild_locale": "en-US",
                "member": person.member(),
            }
        else:
            payload["user"] = person.payload()
        if interaction.source is not None:
            payload["message"] = interaction.source.payload()
        return payload
