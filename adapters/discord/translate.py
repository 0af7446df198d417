"""Turns Discord's interactions into invocations: commands, buttons, forms and completions.

A payload is what Discord's documentation calls an interaction object. Everything in it that a
person could have shaped is checked here; the core sees plain text and known names alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from adapters.contract import JsonObject
from adapters.discord.body import string, walk
from adapters.discord.form import ANSWER, COMMENT
from adapters.discord.limits import EPHEMERAL
from adapters.discord.menu import MESSAGE
from bot.core.catalog import PUBLIC, Tenant
from bot.core.commands import (
    ACTIONS_BY_NAME,
    COMMANDS_BY_NAME,
    UNKNOWN_ACTION,
    Invocation,
    User,
    action_command,
)
from bot.core.media import MediaLink, parse_link
from bot.core.reply import Notice, Reply, Tone


class Kind(IntEnum):
    """Interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    FORM = 5


ADMINISTRATOR, MANAGE_GUILD = 1 << 3, 1 << 5
VIEW_CHANNEL, SEND_MESSAGES, SEND_IN_THREADS = 1 << 10, 1 << 11, 1 << 38
"""Permission bits."""

THREADS = frozenset({10, 11, 12})
"""Channel types that are threads."""

NO_LINK = Notice(text="That message has no link to a video.", tone=Tone.USAGE)
NO_COMMAND = Notice(text="I do not know that command any more. /help lists what I can do.")

MAX_LINKS = 50
"""Links of one message that are looked at; nobody writes more."""

_LINK = re.compile(r"https?://[^\s<>()\[\]\"'`*|\\]{1,2000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """An interaction that is answered with a reply.

    ``answer`` is the reply where none needs the core. ``on_private`` is whether it was pressed
    on a message that only the caller sees. ``may_open_form``: a form cannot open another.
    ``app_permissions`` are the bot's own in the channel.
    """

    invocation: Invocation
    kind: Kind
    answer: Reply | None = None
    on_private: bool = False
    may_open_form: bool = False
    in_thread: bool = False
    app_permissions: int = 0

    def missing_permission(self) -> str | None:
        """Return the name of a permission the bot lacks for posting here, None if it may."""
        send = SEND_IN_THREADS if self.in_thread else SEND_MESSAGES
        words = "Send Messages in Threads" if self.in_thread else "Send Messages"
        if self.app_permissions & ADMINISTRATOR:
            return None
        if not self.app_permissions & VIEW_CHANNEL:
            return "View Channel"
        return None if self.app_permissions & send else words


@dataclass(frozen=True, slots=True)
class Completing:
    """An option that is being typed."""

    invocation: Invocation
    option: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an interaction asks for, before it is known by whom."""

    command: str = UNKNOWN_ACTION
    args: Mapping[str, str] | None = None
    answer: Reply | None = None


def translate(
    payload: JsonObject, *, reference: str, deadline: float
) -> Request | Completing | None:
    """Return what an interaction asks for; None for a kind that nobody answers (a ping)."""
    data = _object(payload, "data")
    kind = _kind(payload)
    if kind is None:
        return None
    if kind is Kind.AUTOCOMPLETE:
        invocation = _invocation(payload, _command(data), reference, deadline)
        return Completing(invocation, _focused(data))
    if kind is Kind.COMMAND:
        is_message = data.get("type") == MESSAGE
        asked = _message_command(data) if is_message else _command(data)
    else:
        asked = _form(data) if kind is Kind.FORM else _component(data)
    flags = _object(payload, "message").get("flags")
    return Request(
        _invocation(payload, asked, reference, deadline),
        kind,
        answer=asked.answer,
        on_private=isinstance(flags, int) and bool(flags & EPHEMERAL),
        may_open_form=kind is not Kind.FORM,
        in_thread=_object(payload, "channel").get("type") in THREADS,
        app_permissions=_bits(payload, "app_permissions"),
    )


def _kind(payload: JsonObject) -> Kind | None:
    value = payload.get("type")
    return next((kind for kind in Kind if kind == value), None)


def _object(parent: JsonObject, name: str) -> JsonObject:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _objects(parent: JsonObject, name: str) -> list[JsonObject]:
    value = parent.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _bits(parent: JsonObject, name: str) -> int:
    value = parent.get(name)
    text = str(value) if isinstance(value, (str, int)) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 40 else 0


def _invocation(payload: JsonObject, asked: _Asked, reference: str, deadline: float) -> Invocation:
    guild = string(payload, "guild_id")
    channel = string(_object(payload, "channel"), "id")
    member = _object(payload, "member")
    person = _object(member, "user") or _object(payload, "user")
    name = string(member, "nick") or string(person, "global_name") or string(person, "username")
    admin = bool(_bits(member, "permissions") & (ADMINISTRATOR | MANAGE_GUILD))
    return Invocation(
        asked.command,
        asked.args or {},
        Tenant(f"discord:{guild}") if guild.isdigit() else PUBLIC,
        channel,
        User(string(person, "id"), name, is_admin=admin and bool(guild)),
        deadline,
        reference,
        locale=string(payload, "locale") or "en",
        can_share=bool(guild and channel),
    )


def _command(data: JsonObject) -> _Asked:
    spec = COMMANDS_BY_NAME.get(string(data, "name"))
    if spec is None:
        return _Asked(answer=NO_COMMAND)
    typed = {string(option, "name"): option.get("value") for option in _objects(data, "options")}
    known = ((option.name, typed.get(option.name)) for option in spec.options)
    return _Asked(spec.name, {name: text for name, text in known if isinstance(text, str)})


def _focused(data: JsonObject) -> str:
    focused = [one for one in _objects(data, "options") if one.get("focused") is True]
    return string(focused[0], "name") if focused else ""


def _component(data: JsonObject) -> _Asked:
    return _Asked(*action_command(_chosen(data) or string(data, "custom_id")))


def _chosen(select: JsonObject) -> str:
    values = select.get("values")
    first = values[0] if isinstance(values, list) and values else None
    return first if isinstance(first, str) else ""


def _form(data: JsonObject) -> _Asked:
    fields = {string(field, "custom_id"): field for field in walk(data)}
    command, args = action_command(_chosen(fields.get(ANSWER, {})))
    spec = ACTIONS_BY_NAME.get(command)
    if spec and spec.params:
        args[spec.params[-1]] = string(fields.get(COMMENT, {}), "value")
    return _Asked(command, args)


def _message_command(data: JsonObject) -> _Asked:
    resolved = _object(_object(data, "resolved"), "messages")
    link = _link_to_summarize(_object(resolved, string(data, "target_id")))
    return _Asked("summarize", {"time": link}) if link else _Asked(answer=NO_LINK)


def _link_to_summarize(message: JsonObject) -> str | None:
    """Return the likeliest link of a message: to a video's second, a second, a video, any."""
    parsed = [(link, parse_link(link)) for link in islice(_message_links(message), MAX_LINKS)]
    readable = [(link, found) for link, found in parsed if found is not None]
    # Of equally likely ones max() takes the first.
    best = max(readable, key=lambda pair: _likelihood(pair[1]), default=None)
    return best[0] if best else None


def _likelihood(link: MediaLink) -> int:
    return 2 * (link.at is not None) + link.media.key.startswith("youtube:")


def _message_links(message: JsonObject) -> Iterator[str]:
    """Yield the links of a message as people see them: its words, embeds, cards and buttons."""
    for written in _message_texts(message):
        # What ends a sentence is not part of the link before it.
        yield from (found.rstrip(".,;:!?") for found in _LINK.findall(written))
    for snapshot in _objects(message, "message_snapshots"):
        yield from _message_links({**_object(snapshot, "message"), "message_snapshots": None})


def _message_texts(message: JsonObject) -> Iterator[str]:
    yield string(message, "content")
    for embed in _objects(message, "embeds"):
        yield from (string(embed, name) for name in ("url", "title", "description"))
        yield from (string(field, "value") for field in _objects(embed, "fields"))
    for part in walk(message):
        yield from (string(part, name) for name in ("content", "url"))
