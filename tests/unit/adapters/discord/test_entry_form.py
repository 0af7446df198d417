"""The form of a command is what the SDK's own components would make of it."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from adapters.discord.form import entry_form
from adapters.discord.limits import violations
from bot.core.commands import COMMANDS_BY_NAME, OptionSpec

ADD = COMMANDS_BY_NAME["add"]
FIELDS = [option for option in ADD.options if option.name != "show"]


def by_the_sdk(option: OptionSpec) -> dict[str, Any]:
    """Return the field of an option as discord.py sends it."""
    if option.is_file:
        component: discord.ui.Item[Any] = discord.ui.FileUpload(
            custom_id=option.name, required=False, min_values=0, max_values=1
        )
    else:
        long, short = discord.TextStyle.paragraph, discord.TextStyle.short
        component = discord.ui.TextInput(
            custom_id=option.name,
            style=long if option.is_long else short,
            max_length=option.max_length,
            required=False,
        )
    label: discord.ui.Label[Any] = discord.ui.Label(
        text=option.name.capitalize(), description=option.description, component=component
    )
    made = label.to_component_dict()
    inner = {name: value for name, value in made["component"].items() if value is not None}
    return {**made, "component": inner}


@pytest.mark.parametrize(
    ("place", "option"), [*enumerate(FIELDS)], ids=[one.name for one in FIELDS]
)
def test_field_is_what_the_sdk_makes_of_it(place: int, option: OptionSpec) -> None:
    form: Any = entry_form(ADD)
    assert form["components"][place] == by_the_sdk(option)


def test_form_has_no_more_than_discord_takes() -> None:
    form: Any = entry_form(ADD)
    assert len(form["components"]) == len(FIELDS) == 5
    assert violations(form) == []
