"""Commands that take more than a line have a form, and it asks for what they take."""

from __future__ import annotations

import pytest

from adapters.entry import form_fields, form_id, form_named, form_of, form_title
from bot.core.commands import COMMANDS, CommandSpec, OptionSpec

LONG = OptionSpec("text", "Many lines", is_long=True)
FILE = OptionSpec("file", "A file", is_file=True)


def spec(*options: OptionSpec) -> CommandSpec:
    return CommandSpec("add", "Add an episode, for admins; or not", options)


def lines(*names: str) -> list[OptionSpec]:
    return [OptionSpec(name, name) for name in names]


def test_form_is_that_of_commands_with_a_field_of_many_lines() -> None:
    assert [one.name for one in COMMANDS if form_of(one.name)] == ["add"]
    assert form_of("unknown") is None


def test_form_is_named_after_its_command_and_nothing_else_is() -> None:
    add = form_of("add")
    assert add is not None
    assert form_named(form_id(add)) is add
    assert [form_named(ident) for ident in ("add", "form", "command:topic", "command:")] == [
        None
    ] * 4


def test_title_is_what_the_command_does() -> None:
    assert form_title(spec(LONG)) == "Add an episode"


@pytest.mark.parametrize(
    ("most", "names"),
    [(9, "a file b text c"), (4, "a file b text"), (3, "a file text"), (1, "file text")],
)
def test_fields_that_do_not_fit_are_the_last_that_can_be_typed_elsewhere(
    most: int, names: str
) -> None:
    a, b, c = lines("a", "b", "c")
    fields = form_fields(spec(a, FILE, b, LONG, c), most)
    assert " ".join(option.name for option in fields) == names
