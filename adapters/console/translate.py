"""Turns a typed line, or the number of a key, into an Invocation."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.console.text import safe_line
from bot.core.catalog import Tenant
from bot.core.commands import (
    ACTIONS_BY_NAME,
    COMMANDS_BY_NAME,
    CommandSpec,
    Invocation,
    OptionSpec,
    User,
    action_command,
)
from bot.core.errors import UserError
from bot.core.lines import MAX_LINE, read_line
from bot.core.ports import Clock
from bot.core.settings import LimitSettings
from bot.core.wording import shorten

TENANT = Tenant("console:local")
CHANNEL = "console"
USER = User("console", "you", is_admin=True)
"""Whoever can start the program owns its database: there is nobody to ask for permission."""

_KEY = re.compile(r"/?(\d{1,4})|\[(\d{1,4})\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typing:
    """The option being typed at the end of a line, and how many characters of it there are."""

    command: str
    option: str
    args: Mapping[str, str]
    length: int


def invocation_from_line(line: str, *, limits: LimitSettings, clock: Clock) -> Invocation:
    """Return what a typed line asks for; raise UserError with the sentence to show."""
    plain = read_line(safe_line(line) if len(line) <= MAX_LINE else line)
    if plain.command == "digest":
        _check_names_no_channel(plain.args.get("action", ""))
    return _invocation(plain.command, plain.args, limits=limits, clock=clock)


def _check_names_no_channel(words: str) -> None:
    named = [word for word in words.split() if word.startswith("#")]
    if named:
        raise UserError(f"There is one channel here: leave “{shorten(named[0], 80)}” away.")


def invocation_from_key(
    action: str, *, comment: str = "", limits: LimitSettings, clock: Clock
) -> Invocation:
    """Return what pressing an encoded action asks for, with the words typed to go with it."""
    command, args = action_command(action)
    spec = ACTIONS_BY_NAME.get(command)
    if comment and spec and spec.params:
        args[spec.params[-1]] = safe_line(comment)
    return _invocation(command, args, limits=limits, clock=clock)


def completion_invocation(typing: Typing, *, limits: LimitSettings, clock: Clock) -> Invocation:
    """Return the invocation whose option is to be completed."""
    return _invocation(typing.command, typing.args, limits=limits, clock=clock)


def key_number(line: str) -> int | None:
    """Return the number of ``3``, ``/3`` or ``[3]``, or None for any other line."""
    found = _KEY.fullmatch(line.strip())
    return int(found[1] or found[2]) if found else None


def typing_at_end(line: str) -> Typing | None:
    """Return the option that the end of a line belongs to, or None outside every option."""
    line = line.lstrip()
    head, space, rest = line.partition(" ")
    spec = COMMANDS_BY_NAME.get(head.removeprefix("/").casefold())
    if spec is None and line and not line.startswith("/"):
        spec, space, rest = COMMANDS_BY_NAME["topic"], " ", line
    if spec is None or not space or not spec.options:
        return None
    rest = rest.lstrip()
    option, args = _option_at_end(spec, rest)
    typed = args[option.name]
    return Typing(spec.name, option.name, args, len(typed)) if option.completion else None


def _option_at_end(spec: CommandSpec, rest: str) -> tuple[OptionSpec, dict[str, str]]:
    options = {option.name: option for option in spec.options}
    before, marker, typed = rest.rpartition("in:")
    if marker and "episode" in options and (not before or before[-1].isspace()):
        args = {spec.options[0].name: before.strip()} if before else {}
        return options["episode"], args | {"episode": typed.lstrip()}
    return spec.options[0], {spec.options[0].name: rest}


def _invocation(
    command: str, args: Mapping[str, str], *, limits: LimitSettings, clock: Clock
) -> Invocation:
    return Invocation(
        command=command,
        args=dict(args),
        tenant=TENANT,
        channel=CHANNEL,
        user=USER,
        deadline=clock.monotonic() + limits.answer_within_s,
        reference=secrets.token_hex(4),
    )
