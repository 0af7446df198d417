"""Which commands are filled in as a form, wherever a platform has forms, and what stands there."""

from __future__ import annotations

import re

from bot.core.commands import COMMANDS_BY_NAME, CommandSpec, OptionSpec

_PREFIX = "command:"
_CLAUSE = re.compile(r"[,;:.]")


def form_of(command: str) -> CommandSpec | None:
    """Return a command that has a form: it takes what cannot be typed on one line."""
    spec = COMMANDS_BY_NAME.get(command)
    return spec if spec and any(option.is_long for option in spec.options) else None


def form_id(spec: CommandSpec) -> str:
    """Return what a command's form is called."""
    return f"{_PREFIX}{spec.name}"


def form_named(ident: str) -> CommandSpec | None:
    """Return the command of a form by what that is called; None for any other form."""
    return form_of(ident.removeprefix(_PREFIX)) if ident.startswith(_PREFIX) else None


def form_title(spec: CommandSpec) -> str:
    """Return what a command does, in a few words: the first clause of its description."""
    return _CLAUSE.split(spec.description, maxsplit=1)[0]


def form_fields(spec: CommandSpec, most: int) -> list[OptionSpec]:
    """Return the options that a form asks for, ``most`` of them.

    Of too many the last that can also be typed on one line are left out.
    """
    fields = list(spec.options)
    for option in reversed(spec.options):
        if len(fields) > most and not (option.is_long or option.is_file):
            fields.remove(option)
    return fields


def field_label(option: OptionSpec) -> str:
    """Return what a field is called."""
    return option.name.capitalize()
