"""What people do: call commands, mention the bot, press, choose, fill in and send forms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_server import payloads
from tests.fakes.slack_server import text as texts
from tests.fakes.slack_server.acts import (
    EVENTS,
    INTERACTIVE,
    SLASH,
    Act,
    Delivery,
    NotAnswered,
    NotPossible,
)
from tests.fakes.slack_server.blocks import default, elements
from tests.fakes.slack_server.messages import Message
from tests.fakes.slack_server.touching import (
    Value,
    chosen,
    files_in,
    fill_in,
    find_button,
    find_element,
    picked,
    pressed,
)
from tests.fakes.slack_server.views import View
from tests.fakes.slack_server.world import Channel, Person, World

if TYPE_CHECKING:
    from tests.fakes.slack_server.answering import ResponseUrls, Triggers
    from tests.fakes.slack_server.files import Files
    from tests.fakes.slack_server.messages import Messages
    from tests.fakes.slack_server.views import Views

LEAST_TYPED = 3


class People(ABC):
    """The acts of people. A person is "alice" unless ``user`` names another.

    Every act returns once the bot acknowledged it or its time was up.
    """

    world: World
    channel: Channel
    stored: Messages
    open_views: Views
    files: Files
    triggers: Triggers
    response_urls: ResponseUrls
    should_escape: bool
    scopes: frozenset[str] | None

    @abstractmethod
    def begin(self, kind: str, person: Person, channel: Channel | None, **about: Any) -> Act:
        """Return a new act."""

    @abstractmethod
    async def tell(self, act: Act, envelope: str) -> Act:
        """Tell the bot of an act."""

    @abstractmethod
    def response_address(self, token: str) -> str:
        """Return a response_url."""

    def user(
        self,
        name: str = "alice",
        *,
        admin: bool | None = None,
        owner: bool | None = None,
        display_name: str | None = None,
        team: str | None = None,
        locale: str | None = None,
    ) -> Person:
        """Return the person of that name; ``team`` names another workspace than the bot's."""
        person = self.world.person(name, team)
        person.admin = person.admin if admin is None else admin
        person.owner = person.owner if owner is None else owner
        person.display_name = person.display_name if display_name is None else display_name
        person.locale = person.locale if locale is None else locale
        return person

    def dm(self, user: Person | None = None) -> Channel:
        """Return the direct messages of the bot and somebody."""
        return self.world.dm(user or self.user())

    def views(self, user: Person | None = None) -> list[View]:
        """Return the open views of somebody, the one they see last."""
        return self.open_views.of(user or self.user())

    def say(
        self,
        text: str,
        *,
        user: Person | None = None,
        channel: Channel | None = None,
        thread: Message | str | None = None,
        attachments: list[dict[str, Any]] | None = None,
    ) -> Message:
        """Write a message, of which the bot is not told."""
        where, root = self._where(channel, thread)
        return self.stored.said(user or self.user(), where, text, root, attachments)

    # Commands and mentions.

    async def slash(
        self,
        command: str,
        text: str = "",
        *,
        user: Person | None = None,
        channel: Channel | None = None,
    ) -> Act:
        """Call a command, in a channel: Slack offers none in threads."""
        person, place = self._offered_to(user, "commands"), channel or self.channel
        act = self.begin("slash", person, place)
        kept = texts.typed(text) if self.should_escape else texts.escaped(text)
        act.payload = payloads.slash(self.world, act, place, command, kept.strip())
        self._add_response_url(act, place)
        return await self.tell(act, SLASH)

    async def mention(
        self,
        text: str,
        *,
        user: Person | None = None,
        channel: Channel | None = None,
        thread: Message | str | None = None,
    ) -> Act:
        """Mention the bot, first of all in the text; ``act.thread_ts`` is where it may answer.

        A text that mentions it already stays as it is. The bot is told only in channels that it
        is in, and not in direct messages.
        """
        person, bot = user or self.user(), f"<@{self.world.bot_user.id}>"
        where, root = self._where(channel, thread)
        said = self.stored.said(person, where, text if bot in text else f"{bot} {text}", root)
        act = self.begin("mention", person, where, thread_ts=said.root_ts, source=said)
        act.payload = payloads.app_mention(self.world, said)
        hears = self.scopes is None or "app_mentions:read" in self.scopes
        if where.is_dm or not where.bot_is_member or not hears:
            act.deliveries.append(Delivery(act, EVENTS, act.payload, failed="it does not hear it"))
            return act
        return await self.tell(act, EVENTS)

    def _offered_to(self, user: Person | None, scope: str) -> Person:
        """Return who acts; people of other workspaces see no commands and shortcuts."""
        person = user or self.user()
        if person.is_stranger:
            raise NotPossible(f"{person.name} is of another workspace")
        if self.scopes is not None and scope not in self.scopes:
            raise NotPossible(f"the app has not the scope {scope}")
        return person

    def _where(
        self, channel: Channel | None, thread: Message | str | None
    ) -> tuple[Channel, str | None]:
        if isinstance(thread, Message):
            if thread.ephemeral_for:
                raise NotPossible("a private message begins no thread")
            return thread.channel, thread.root_ts
        return channel or self.channel, thread

    # Shortcuts.

    async def shortcut(
        self, callback_id: str, message: Message, *, user: Person | None = None
    ) -> Act:
        """Choose an entry of a message's menu."""
        if message.ephemeral_for or message.deleted:
            raise NotPossible("only messages that all see have shortcuts")
        person = self._offered_to(user, "commands")
        act = self.begin(
            "message_action", person, message.channel, thread_ts=message.thread_ts, source=message
        )
        act.payload = payloads.message_action(self.world, act, message, callback_id)
        # It cannot replace the message: the person may have written it.
        self._add_response_url(act, message.channel)
        return await self.tell(act, INTERACTIVE)

    async def global_shortcut(self, callback_id: str, *, user: Person | None = None) -> Act:
        """Choose an entry of the shortcuts menu."""
        act = self.begin("shortcut", self._offered_to(user, "commands"), None)
        act.payload = payloads.shortcut(self.world, act, callback_id)
        self._add_trigger(act)
        return await self.tell(act, INTERACTIVE)

    # Messages and views.

    async def click(
        self,
        where: Message | View,
        button: str,
        *,
        user: Person | None = None,
        nth: int | None = None,
    ) -> Act:
        """Press a button, named by its label, value or action_id.

        ``nth`` (from 0) tells buttons of one name apart. One with a url opens it
        (``act.opened_url``), and the bot is told all the same.
        """
        block, part = find_button(where, button, nth)
        act = self._touch(where, pressed(block, part), user)
        act.opened_url = part.get("url", "")
        return await self.tell(act, INTERACTIVE)

    async def select(
        self, where: Message | View, element: str, value: Value, *, user: Person | None = None
    ) -> Act:
        """Choose something in an element, named by its action_id or placeholder."""
        block, part = find_element(where, element)
        put = chosen(where, block, part, value)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise NotPossible("the bot is not told of it before the view is sent")
        if part["type"] != "overflow":
            where.chosen[block["block_id"], part["action_id"]] = put
        act = self._touch(where, picked(block, part, put), user)
        return await self.tell(act, INTERACTIVE)

    async def suggest(
        self, where: Message | View, action_id: str, typed: str, *, user: Person | None = None
    ) -> list[dict[str, Any]]:
        """Type into an external select and return the options that appear."""
        block, part = find_element(where, action_id)
        if len(typed) < part.get("min_query_length", LEAST_TYPED):
            raise NotPossible(f"Slack does not ask before more is typed than {typed!r}")
        act = self._begin_at("block_suggestion", where, user)
        at = (block["block_id"], part["action_id"])
        act.payload = payloads.suggestion(self.world, act, where, *at, typed)
        await self.tell(act, INTERACTIVE)
        if act.timed_out:
            raise NotAnswered(f"no options for {typed!r}: {act.first.failed or 'too late'}")
        known = where.offered.setdefault(at, {})
        known.update({option["value"]: option for option in act.options})
        return act.options

    async def submit(
        self,
        view: View,
        values: dict[str, dict[str, Value]] | None = None,
        *,
        user: Person | None = None,
    ) -> Act:
        """Fill in a view, by block_id and action_id, and send it."""
        if view.body.get("submit") is None:
            raise NotPossible("the view has no button to send it")
        act = self._begin_at("view_submission", view, user)
        for file in files_in(values or {}):
            self.files.upload(file, view.person)
        fill_in(view, values or {})
        urls = [self._response_url_of(act, *found) for found in self._wanting_urls(view)]
        act.payload = payloads.submission(self.world, act, view, urls)
        self._add_trigger(act)
        return await self.tell(act, INTERACTIVE)

    async def close(self, view: View, *, everything: bool = False) -> Act | None:
        """Dismiss a view, or all of its modal; the bot is told only where it asked for it."""
        act = self._begin_at("view_closed", view, None)
        cleared = everything or bool(view.body.get("clear_on_close"))
        act.payload = payloads.closed(self.world, act, view, cleared)
        (self.open_views.clear if cleared else self.open_views.close)(view)
        is_told = bool(view.body.get("notify_on_close"))
        return await self.tell(act, INTERACTIVE) if is_told else None

    def _touch(self, where: Message | View, action: dict[str, Any], user: Person | None) -> Act:
        act = self._begin_at("block_actions", where, user)
        if isinstance(where, View):
            act.payload = payloads.on_view(self.world, act, where, action)
            self._add_trigger(act)
        else:
            act.payload = payloads.on_message(self.world, act, where, action)
            self._add_response_url(act, where.channel, where)
        return act

    def _begin_at(self, kind: str, where: Message | View, user: Person | None) -> Act:
        if isinstance(where, View):
            if not where.is_open or self.views(where.person)[-1] is not where:
                raise NotPossible("the view is not the one that is seen")
            return self.begin(kind, where.person, where.opened_in, source=where)
        person = user or where.ephemeral_for or self.user()
        if where.deleted:
            raise NotPossible("the message is deleted")
        if where.ephemeral_for not in (None, person):
            raise NotPossible(f"{person.name} does not see this message")
        return self.begin(kind, person, where.channel, thread_ts=where.thread_ts, source=where)

    # What comes with a payload.

    def _add_trigger(self, act: Act) -> None:
        act.payload["trigger_id"] = self.triggers.new(act)

    def _add_response_url(self, act: Act, channel: Channel, source: Message | None = None) -> None:
        token = self.response_urls.new(act, channel, source)
        act.payload["response_url"] = self.response_address(token)
        self._add_trigger(act)

    def _wanting_urls(self, view: View) -> list[tuple[str, str, str]]:
        wanting = []
        for block, one in elements(view.blocks):
            if one.get("response_url_enabled"):
                at = (block["block_id"], one["action_id"])
                channel = view.chosen.get(at, default(one))
                wanting += [(*at, channel)] if channel else []
        return wanting

    def _response_url_of(
        self, act: Act, block_id: str, action_id: str, channel_id: str
    ) -> dict[str, Any]:
        token = self.response_urls.new(act, self.world.channels[channel_id])
        return {
            "block_id": block_id,
            "action_id": action_id,
            "channel_id": channel_id,
            "response_url": self.response_address(token),
        }
