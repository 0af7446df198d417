"""Discord's list of commands is made of their declarations, and replaced only if it differs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from adapters.discord.menu import definitions, differ
from bot.core.commands import COMMANDS


def as_discord_returns(commands: list[Any]) -> list[Any]:
    """Return commands with what Discord adds and leaves out, in another order."""
    returned = []
    for number, command in enumerate(copy.deepcopy(commands)):
        command |= {"id": str(number), "application_id": "1", "version": "9", "nsfw": False,
                    "default_member_permissions": None, "contexts": [1, 0]}  # fmt: skip
        command.setdefault("description", "")
        for option in command.get("options", []):
            for name in ("required", "autocomplete"):
                if option.get(name) is False:
                    del option[name]
        returned.append(command)
    return returned[::-1]


def test_definitions_hold_every_command_and_the_message_menu() -> None:
    made = definitions()
    assert [one["name"] for one in made] == [
        *(spec.name for spec in COMMANDS), "Summarize this moment",
    ]  # fmt: skip
    assert made[-1]["type"] == 3


def test_definitions_keep_discords_limits() -> None:
    for command in definitions():
        options: Any = command.get("options", [])
        assert len(options) <= 25
        assert 1 <= len(str(command["name"])) <= 32
        assert command["contexts"] == [0, 1]
        if command["type"] == 1:
            assert 1 <= len(str(command["description"])) <= 100
        for option in options:
            assert 1 <= len(option["name"]) <= 32
            assert 1 <= len(option["description"]) <= 100
            assert 1 <= option.get("max_length", 1) <= 6_000
            assert len(option.get("choices", [])) <= 25
        required = [option["required"] for option in options]
        assert required == sorted(required, reverse=True)


def test_definitions_complete_the_options_that_say_so() -> None:
    topic: Any = definitions()[0]
    assert [option["autocomplete"] for option in topic["options"]] == [True, True]


def test_definitions_offer_the_choices_of_an_option() -> None:
    digest: Any = next(one for one in definitions() if one["name"] == "digest")
    action = digest["options"][0]
    assert [choice["value"] for choice in action["choices"]] == [
        "status", "on", "off", "now", "preview",
    ]  # fmt: skip


def test_differ_of_what_discord_returns_for_them_is_false() -> None:
    assert not differ(as_discord_returns(definitions()), definitions())


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.pop(),
        lambda made: made[0].update(description="Other words"),
        lambda made: made[0]["options"][0].update(max_length=5),
        lambda made: made[0]["options"][0].update(autocomplete=False),
        lambda made: made[0]["options"].pop(),
        lambda made: made[3]["options"][0]["choices"].pop(),
        lambda made: made[0].update(contexts=[0]),
        lambda made: made.append({"type": 2, "name": "Someone's"}),
    ],
)
def test_differ_of_a_changed_command_is_true(change: Callable[[Any], object]) -> None:
    current = as_discord_returns(definitions())[::-1]
    change(current)
    assert differ(current, definitions())


def test_definitions_offer_a_channel_option_for_channels_that_take_posts() -> None:
    digest: Any = next(one for one in definitions() if one["name"] == "digest")
    (channel,) = [option for option in digest["options"] if option["name"] == "channel"]
    assert channel["type"] == 7
    assert channel["channel_types"] == [0, 5, 10, 11, 12]
    assert not {"max_length", "autocomplete", "choices"} & set(channel)


def test_differ_of_other_channel_types_is_true() -> None:
    current = copy.deepcopy(definitions())
    digest: Any = next(one for one in current if one["name"] == "digest")
    digest["options"][-1]["channel_types"].append(2)
    assert differ(current, definitions())


def test_definitions_ask_for_a_file_and_leave_many_lines_to_the_form() -> None:
    add: Any = next(one for one in definitions() if one["name"] == "add")
    kinds = {option["name"]: option["type"] for option in add["options"]}
    assert kinds == {"source": 3, "file": 11, "title": 3, "link": 3, "show": 3}
    (file,) = [option for option in add["options"] if option["type"] == 11]
    assert set(file) == {"type", "name", "description", "required"}
