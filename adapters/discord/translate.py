"""Turns Discord's interactions into invocations: commands, buttons, forms and completions.

A payload is what Discord's documentation calls an interaction object. Everything in it that a
person could have shaped is checked here; the core sees plain text and known names alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from adapters.contract import Json, JsonObject
from adapters.discord.body import walk
from adapters.discord.form import ANSWER, COMMENT
from adapters.discord.limits import EPHEMERAL
from adapters.discord.menu import MESSAGE
from adapters.entry import form_named, form_of
from adapters.payload import obj, objects, text
from adapters.sentences import NO_LINK
from adapters.uploads import Upload, read_upload
from bot.core.catalog import PUBLIC, Tenant
from bot.core.commands import (
    ACTIONS_BY_NAME,
    COMMANDS_BY_NAME,
    UNKNOWN_ACTION,
    CommandSpec,
    Invocation,
    User,
    action_command,
)
from bot.core.media import likeliest_link, written_links
from bot.core.reply import Notice, Reply


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

NO_COMMAND = Notice(text="I do not know that command any more. /help lists what I can do.")


@dataclass(frozen=True, slots=True)
class Request:
    """An interaction that is answered with a reply.

    ``answer`` is the reply where none needs the core. ``on_private`` is whether it was pressed
    on a message that only the caller sees. ``may_open_form``: a form cannot open another.
    ``app_permissions`` are the bot's own in the channel. ``upload`` is the file that it
    brings along. ``opens`` is the command whose form is shown.
    """

    invocation: Invocation
    kind: Kind
    answer: Reply | None = None
    on_private: bool = False
    may_open_form: bool = False
    app_permissions: int = 0
    upload: Upload | None = None
    opens: CommandSpec | None = None

    def missing_permission(self) -> str | None:
        """Return the name of a permission the bot lacks for posting here, None if it may."""
        return missing_permission(self.app_permissions, in_thread=bool(self.invocation.thread))


def missing_permission(bits: int, *, in_thread: bool) -> str | None:
    """Return the name of a permission that posting needs and ``bits`` lack, None if it may be."""
    send = SEND_IN_THREADS if in_thread else SEND_MESSAGES
    words = "Send Messages in Threads" if in_thread else "Send Messages"
    if bits & ADMINISTRATOR:
        return None
    if not bits & VIEW_CHANNEL:
        return "View Channel"
    return None if bits & send else words


def tenant_of(guild: int | str) -> Tenant:
    """Return a server as a tenant."""
    return Tenant(f"discord:{guild}")


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
    upload: Upload | None = None


def translate(
    payload: JsonObject, *, reference: str, deadline: float
) -> Request | Completing | None:
    """Return what an interaction asks for; None for a kind that nobody answers (a ping)."""
    data = obj(payload, "data")
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
    flags = obj(payload, "message").get("flags")
    invocation = _invocation(payload, asked, reference, deadline)
    empty = kind is Kind.COMMAND and not (asked.args or asked.upload)
    return Request(
        invocation,
        kind,
        answer=asked.answer,
        on_private=isinstance(flags, int) and bool(flags & EPHEMERAL),
        may_open_form=kind is not Kind.FORM,
        app_permissions=_bits(payload, "app_permissions"),
        upload=asked.upload,
        # Whoever is no admin is told so at once, and not once they filled it in.
        opens=form_of(asked.command) if empty and invocation.user.is_admin else None,
    )


def _kind(payload: JsonObject) -> Kind | None:
    value = payload.get("type")
    return next((kind for kind in Kind if kind == value), None)


def _bits(parent: JsonObject, name: str) -> int:
    value = parent.get(name)
    digits = str(value) if isinstance(value, (str, int)) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 40 else 0


def _invocation(payload: JsonObject, asked: _Asked, reference: str, deadline: float) -> Invocation:
    guild = text(payload, "guild_id")
    channel = text(obj(payload, "channel"), "id")
    member = obj(payload, "member")
    person = obj(member, "user") or obj(payload, "user")
    name = text(member, "nick") or text(person, "global_name") or text(person, "username")
    in_thread = obj(payload, "channel").get("type") in THREADS
    admin = bool(_bits(member, "permissions") & (ADMINISTRATOR | MANAGE_GUILD))
    return Invocation(
        asked.command,
        asked.args or {},
        tenant_of(guild) if guild.isdigit() else PUBLIC,
        channel,
        User(text(person, "id"), name, is_admin=admin and bool(guild)),
        deadline,
        reference,
        locale=text(payload, "locale") or "en",
        thread=channel if in_thread else "",
        can_share=bool(guild and channel),
    )


def _command(data: JsonObject) -> _Asked:
    spec = COMMANDS_BY_NAME.get(text(data, "name"))
    if spec is None:
        return _Asked(answer=NO_COMMAND)
    typed = {text(option, "name"): option.get("value") for option in objects(data, "options")}
    return _given(spec, typed, data)


def _given(spec: CommandSpec, values: Mapping[str, Json], data: JsonObject) -> _Asked:
    """Return a command with what was given for its options, a file among them."""
    args: dict[str, str] = {}
    upload = None
    for option in spec.options:
        value = values.get(option.name)
        if not isinstance(value, str):
            continue
        if option.is_file:
            upload = _upload(obj(data, "resolved", "attachments", value))
        else:
            args[option.name] = value
    return _Asked(spec.name, args, upload=upload)


def _upload(file: JsonObject) -> Upload:
    # Of a name that Discord had to change, the title is what the person called it.
    return read_upload(file, "title" if text(file, "title") else "filename", "url")


def _focused(data: JsonObject) -> str:
    focused = [one for one in objects(data, "options") if one.get("focused") is True]
    return text(focused[0], "name") if focused else ""


def _component(data: JsonObject) -> _Asked:
    return _Asked(*action_command(_chosen(data) or text(data, "custom_id")))


def _chosen(select: JsonObject) -> str:
    values = select.get("values")
    first = values[0] if isinstance(values, list) and values else None
    return first if isinstance(first, str) else ""


def _form(data: JsonObject) -> _Asked:
    fields = {text(field, "custom_id"): field for field in walk(data)}
    filled = form_named(text(data, "custom_id"))
    if filled:
        put = {name: _chosen(one) or text(one, "value") for name, one in fields.items()}
        return _given(filled, {name: words for name, words in put.items() if words}, data)
    command, args = action_command(_chosen(fields.get(ANSWER, {})))
    spec = ACTIONS_BY_NAME.get(command)
    if spec and spec.params:
        args[spec.params[-1]] = text(fields.get(COMMENT, {}), "value")
    return _Asked(command, args)


def _message_command(data: JsonObject) -> _Asked:
    resolved = obj(obj(data, "resolved"), "messages")
    link = likeliest_link(_message_links(obj(resolved, text(data, "target_id"))))
    return _Asked("summarize", {"time": link}) if link else _Asked(answer=NO_LINK)


def _message_links(message: JsonObject) -> Iterator[str]:
    """Yield the links of a message as people see them: its words, embeds, cards and buttons."""
    for written in _message_texts(message):
        yield from written_links(written)
    for snapshot in objects(message, "message_snapshots"):
        yield from _message_links({**obj(snapshot, "message"), "message_snapshots": None})


def _message_texts(message: JsonObject) -> Iterator[str]:
    yield text(message, "content")
    for embed in objects(message, "embeds"):
        yield from (text(embed, name) for name in ("url", "title", "description"))
        yield from (text(field, "value") for field in objects(embed, "fields"))
    for part in walk(message):
        yield from (text(part, name) for name in ("content", "url"))
