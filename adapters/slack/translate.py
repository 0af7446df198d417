"""Turns Slack's payloads into invocations: commands, mentions, buttons, modals, completions.

A payload is what Slack's documentation calls it: the fields of a slash command, an interaction
or an event. Everything in it that a person could have shaped is checked here; the core sees
plain text and known names alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from adapters.contract import JsonObject
from adapters.entry import field_label, form_named, form_of
from adapters.payload import flag, nodes, obj, objects, text
from adapters.sentences import NO_LINK
from adapters.slack import views
from adapters.slack.asked import Asked, Completing, Filling, Incomplete, Opening, Request, Way
from adapters.slack.channels import with_channel, with_ids
from adapters.slack.identity import Identity
from adapters.slack.mrkdwn import decode
from adapters.slack.names import Names, mentioned
from adapters.slack.parts import OPENS
from adapters.slack.place import Place, shared_action
from adapters.uploads import read_upload, refusal_of
from bot.core.catalog import PUBLIC, Tenant
from bot.core.command_names import as_typed
from bot.core.commands import (
    ACTIONS_BY_NAME,
    CommandSpec,
    Invocation,
    PlainText,
    User,
    action_command,
)
from bot.core.commands import parse_plain as named
from bot.core.errors import UserError
from bot.core.lines import MAX_LINE, read_line
from bot.core.media import likeliest_link, written_links
from bot.core.reply import Notice, Reply, Tone

SUMMARIZE_MESSAGE, FIND_MOMENT = "summarize_moment", "find_moment"
"""The callback ids of the message shortcut and of the one that opens the search."""

_TEXT_FIELDS = ("pretext", "text", "value")
_LINK_FIELDS = ("url", "from_url", "original_url", "title_link")


Asking = Callable[[str, Mapping[str, str]], Invocation]
"""Makes an invocation of a command and its arguments: who asks, and where, is known."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    reference: str
    deadline: float


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads payloads of one workspace. ``admins`` are ids that the settings name as such."""

    identity: Identity
    names: Names
    admins: frozenset[str] = frozenset()

    def read(self, payload: JsonObject, *, reference: str, deadline: float) -> Asked | None:
        """Return what a payload asks for; None for one that nobody needs to answer."""
        arrival = _Arrival(reference, deadline)
        if "command" in payload:
            return self._slash(payload, arrival)
        if payload.get("type") == "event_callback":
            return self._mention(payload, arrival)
        read = {
            "block_actions": self._action,
            "view_submission": self._submission,
            "block_suggestion": self._suggestion,
            "message_action": self._message_shortcut,
            "shortcut": self._shortcut,
        }.get(text(payload, "type"))
        return read(payload, arrival) if read else None

    # What people type.

    def _slash(self, payload: JsonObject, arrival: _Arrival) -> Asked:
        place = Place(text(payload, "channel_id"), "")
        command = text(payload, "command")

        def read(written: str) -> str:
            return " ".join(self.names.line(command, decode(written)).split())

        line = _line(read, text(payload, "text"))
        plain = named(line)
        if plain and plain.command == "topic" and not plain.args.get("words"):
            episode = plain.args.get("episode", "")
            return Opening(place, text(payload, "trigger_id"), episode, self.names.typed()["topic"])
        asked, answer = _typed(line, self._by(payload, arrival, place))
        url = text(payload, "response_url")
        request = Request(asked, Way.SLASH, place, answer, response_url=url)
        form = form_of(asked.command)
        if form and not asked.args and answer is None:
            typed = self.names.typed()[form.name]
            return Filling(request, form, text(payload, "trigger_id"), typed)
        return request

    def _mention(self, payload: JsonObject, arrival: _Arrival) -> Asked | None:
        event = obj(payload, "event")
        if event.get("type") != "app_mention" or "bot_id" in event or "edited" in event:
            return None
        thread = text(event, "thread_ts") or text(event, "ts")
        place = Place(text(event, "channel"), thread)
        teams = {text(payload, "team_id"), text(event, "team"), text(event, "user_team")} - {""}
        # What is answered here is read by everybody in the channel, strangers too.
        stranger = flag(payload, "is_ext_shared_channel")
        tenant = PUBLIC if stranger else self._tenant(teams, place)
        by = self._asking(arrival, place, tenant, self._user(text(event, "user"), ""), False)
        asked, answer = _typed(_line(self._addressed, text(event, "text")), by)
        form = form_of(asked.command)
        if form and not asked.args and answer is None:
            answer = self._no_form_here(form)
        return Request(asked, Way.MENTION, place, answer)

    def _no_form_here(self, form: CommandSpec) -> Notice:
        """Return what to say where a command with a form was mentioned: nothing opens one here."""
        slash = self.names.typed()[form.name]
        link = f"@{self.identity.bot_name} {form.name} https://…"
        return Notice(
            text=f"Slack lets me open a form after a slash command alone: type {slash} in a "
            f"channel. A link can be given here: {link}",
            tone=Tone.USAGE,
        )

    def _addressed(self, written: str) -> str:
        """Return the words that follow the bot's mention, or else those before it."""
        bot = re.escape(self.identity.bot_user)
        before, *after = re.split(rf"<@{bot}(?:\|[^<>]*)?>", written, maxsplit=1)
        words = " ".join(decode(after[0] if after else before).split()).lstrip(":, ")
        says_more = any(map(str.isalnum, words))
        return words if says_more else " ".join(decode(before).split())

    # What people press.

    def _action(self, payload: JsonObject, arrival: _Arrival) -> Asked | None:
        pressed = objects(payload, "actions")[:1]
        if not pressed or text(pressed[0], "action_id").startswith(f"{OPENS}:"):
            return None
        chosen = text(obj(pressed[0], "selected_option"), "value") or text(pressed[0], "value")
        if "view" in payload:
            return self._in_view(payload, arrival, *action_command(chosen))
        container, message = obj(payload, "container"), obj(payload, "message")
        place = _place(payload, _thread_of(container, "message_ts") or _thread_of(message))
        return Request(
            self._by(payload, arrival, place)(*action_command(chosen)),
            Way.CLICK,
            place,
            response_url=text(payload, "response_url"),
            trigger=text(payload, "trigger_id"),
            on_private=flag(container, "is_ephemeral"),
        )

    def _in_view(
        self, payload: JsonObject, arrival: _Arrival, command: str, args: Mapping[str, str]
    ) -> Request:
        view = obj(payload, "view")
        place = Place.read(text(view, "private_metadata"))
        # A modal has a picker: there is always a channel to share with.
        by = self._by(payload, arrival, place, can_share=True)
        return Request(
            by(command, args),
            Way.SUBMIT if payload.get("type") == "view_submission" else Way.VIEW,
            place,
            trigger=text(payload, "trigger_id"),
            view=text(view, "id"),
            on_notice=text(view, "callback_id") == views.NOTICE,
            clears=flag(view, "clear_on_close"),
        )

    def _submission(self, payload: JsonObject, arrival: _Arrival) -> Asked | None:
        view = obj(payload, "view")
        form = form_named(text(view, "callback_id"))
        if form:
            return self._entry(payload, arrival, form)
        read = {
            views.SEARCH: self._search,
            views.SHARE: self._share,
            views.FORM: self._form,
        }.get(text(view, "callback_id"))
        return read(payload, arrival, view) if read else None

    def _search(self, payload: JsonObject, arrival: _Arrival, view: JsonObject) -> Asked:
        typed = decode(_typed_in(view, views.WORDS)).strip()
        words = _chosen_in(view, views.MOMENT) or typed
        if not words:
            return Incomplete(views.WORDS, "Type a few words, or pick a moment below.")
        args = {"words": words, "episode": _chosen_in(view, views.EPISODE)}
        return self._in_view(payload, arrival, "topic", args)

    def _share(self, payload: JsonObject, arrival: _Arrival, view: JsonObject) -> Asked:
        channel = _field(view, views.CHANNEL).get("selected_conversation")
        if not isinstance(channel, str) or not channel:
            return Incomplete(views.CHANNEL, "Choose a channel.")
        shared = shared_action(text(view, "private_metadata"))
        request = self._in_view(payload, arrival, *action_command(shared))
        here = request.place
        place = here if here.channel == channel else Place(channel, "")
        asked = replace(request.invocation, channel=place.channel, thread=place.key())
        return replace(request, invocation=asked, place=place)

    def _form(self, payload: JsonObject, arrival: _Arrival, view: JsonObject) -> Asked:
        command, args = action_command(_chosen_in(view, views.ANSWER))
        spec = ACTIONS_BY_NAME.get(command)
        if spec and spec.params:
            args[spec.params[-1]] = decode(_typed_in(view, views.COMMENT))
        return self._in_view(payload, arrival, command, args)

    def _entry(self, payload: JsonObject, arrival: _Arrival, spec: CommandSpec) -> Asked:
        view = obj(payload, "view")
        args: dict[str, str] = {}
        upload = None
        for option in spec.options:
            if option.is_file:
                files = objects(_field(view, option.name), "files")
                upload = read_upload(files[0], "name", "url_private_download") if files else None
                refusal = refusal_of(upload) if upload else None
                if refusal:
                    return Incomplete(option.name, refusal)
            elif words := decode(_typed_in(view, option.name)).strip():
                args[option.name] = words
        if not (args or upload):
            names = ", ".join(field_label(option) for option in spec.options)
            return Incomplete(spec.options[0].name, f"Fill in at least one: {names}.")
        return replace(self._in_view(payload, arrival, spec.name, args), upload=upload)

    def _suggestion(self, payload: JsonObject, arrival: _Arrival) -> Asked:
        option = "episode" if payload.get("action_id") == views.EPISODE else "words"
        typed = decode(text(payload, "value"))
        request = self._in_view(payload, arrival, "topic", {option: typed[:MAX_LINE]})
        return Completing(request.invocation, option)

    # What people choose from menus.

    def _message_shortcut(self, payload: JsonObject, arrival: _Arrival) -> Asked | None:
        if payload.get("callback_id") != SUMMARIZE_MESSAGE:
            return None
        message = obj(payload, "message")
        place = _place(payload, _thread_of(message))
        link = likeliest_link(_links(message))
        return Request(
            self._by(payload, arrival, place)("summarize", {"time": link or ""}),
            Way.MENU,
            place,
            answer=None if link else NO_LINK,
            response_url=text(payload, "response_url"),
        )

    def _shortcut(self, payload: JsonObject, arrival: _Arrival) -> Asked | None:
        if payload.get("callback_id") != FIND_MOMENT:
            return None
        return Opening(Place("", ""), text(payload, "trigger_id"))

    # Who asks, and where.

    def _by(
        self,
        payload: JsonObject,
        arrival: _Arrival,
        place: Place,
        *,
        can_share: bool | None = None,
    ) -> Asking:
        person = obj(payload, "user")
        name = text(payload, "user_name") or text(person, "name") or text(person, "username")
        teams = {
            text(payload, "team_id"),
            text(obj(payload, "team"), "id"),
            text(person, "team_id"),
        } - {""}
        user = self._user(text(payload, "user_id") or text(person, "id"), name)
        if can_share is None:
            can_share = bool(place.channel) and not place.is_direct()
        return self._asking(arrival, place, self._tenant(teams, place), user, can_share)

    def _asking(
        self, arrival: _Arrival, place: Place, tenant: Tenant, user: User, can_share: bool
    ) -> Asking:
        """Return what makes an invocation of a command and its arguments."""
        in_thread = bool(place.thread)
        names = mentioned(self.identity.bot_name) if in_thread else self.names.typed()

        def ask(command: str, args: Mapping[str, str]) -> Invocation:
            return Invocation(
                command,
                args,
                tenant,
                place.channel,
                user,
                arrival.deadline,
                arrival.reference,
                thread=place.key(),
                can_share=can_share,
                command_names=names,
            )

        return ask

    def _tenant(self, teams: set[str], place: Place) -> Tenant:
        """Return the workspace as a tenant; strangers and direct messages have the public one."""
        own = teams == {self.identity.team} and not place.is_direct()
        return self.identity.tenant if own else PUBLIC

    def _user(self, ident: str, name: str) -> User:
        return User(ident, name, is_admin=ident in self.admins)


def _line(read: Callable[[str], str], written: str) -> str:
    """Return a typed line as it is read; one of ``digest`` with the ids of channels for names."""
    line = read(written)
    plain = named(line)
    return read(with_ids(written)) if plain and plain.command == "digest" else line


def _typed(line: str, by: Asking) -> tuple[Invocation, Reply | None]:
    """Return (what a typed line asks for, its answer if it cannot be read)."""
    try:
        plain = read_line(line) if line else PlainText("help")
        plain = with_channel(plain) if plain.command == "digest" else plain
    except UserError as error:
        asked = by("help", {})
        notice = Notice(text=error.sentence, tone=Tone.USAGE)
        return asked, as_typed(notice, asked.command_names)
    return by(plain.command, plain.args), None


def _place(payload: JsonObject, thread: str) -> Place:
    channel = text(obj(payload, "channel"), "id") or text(obj(payload, "container"), "channel_id")
    return Place(channel, thread)


def _thread_of(message: JsonObject, named: str = "ts") -> str:
    """Return the thread a message is a reply in; a thread's first message stands outside it."""
    thread = text(message, "thread_ts")
    return thread if thread != text(message, named) else ""


def _field(view: JsonObject, name: str) -> JsonObject:
    """Return the state of a view's input; its block and its action have the same id."""
    return obj(view, "state", "values", name, name)


def _typed_in(view: JsonObject, name: str) -> str:
    return text(_field(view, name), "value")


def _chosen_in(view: JsonObject, name: str) -> str:
    return text(obj(_field(view, name), "selected_option"), "value")


def _links(message: JsonObject) -> Iterator[str]:
    """Yield the links of a message as people see them: in its words, cards and attachments."""
    for node in nodes(message):
        for written in (text(node, name) for name in _TEXT_FIELDS):
            if "://" in written:
                yield from written_links(decode(written))
        yield from (decode(text(node, name)) for name in _LINK_FIELDS if text(node, name))
