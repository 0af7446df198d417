"""Commands and actions are declared once, and decode strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actions import Action
from bot.core.commands import (
    ACTIONS,
    ACTIONS_BY_NAME,
    COMMANDS,
    UNKNOWN_ACTION,
    action_command,
    parse_plain,
    split_episode,
)
from bot.services.registry import handlers


def test_every_command_and_action_has_one_service():
    declared = {spec.name for spec in (*COMMANDS, *ACTIONS)}
    assert set(handlers()) == declared
    assert len(declared) == len(COMMANDS) + len(ACTIONS)


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_action_with_largest_ids_fits_a_button(spec):
    numbers = Action(spec.name, tuple("9" * 18 for _ in spec.params[:2]))
    assert numbers.fits()


@pytest.mark.parametrize(
    "encoded", ["", "1", "1|", "2|moment|7", "1|nosuch|7", "moment|7", "\0", "1|" + "x" * 200]
)
def test_foreign_action_is_unknown(encoded):
    assert action_command(encoded) == (UNKNOWN_ACTION, {})


def test_missing_arguments_are_empty():
    assert action_command("1|search|4") == ("search", {"episode": "4", "offset": "", "words": ""})


def test_last_argument_keeps_separators():
    encoded = Action("search", ("0", "0", "=a|b|c")).encode()
    assert action_command(encoded)[1]["words"] == "=a|b|c"


@given(st.text(max_size=120))
def test_any_custom_id_decodes_to_a_known_name(encoded):
    name, _ = action_command(encoded)
    assert name in {spec.name for spec in ACTIONS} | {UNKNOWN_ACTION}


@pytest.mark.parametrize(
    ("line", "command", "args"),
    [
        ("/topic kv cache", "topic", {"words": "kv cache"}),
        ("  TOPIC kv cache in:lex 459 ", "topic", {"words": "kv cache", "episode": "lex 459"}),
        ("/topic", "topic", {}),
        ("/topic in:lex", "topic", {"episode": "lex"}),
        ("/topic built-in: maps", "topic", {"words": "built-in: maps"}),
        ("/summarize 2:00:32", "summarize", {"time": "2:00:32"}),
        ("/episodes lex", "episodes", {"episode": "lex"}),
        ("/episodes in:lex", "episodes", {"episode": "lex"}),
        ("/help anything", "help", {}),
    ],
)
def test_plain_line_names_a_command(line, command, args):
    parsed = parse_plain(line)
    assert parsed is not None
    assert (parsed.command, parsed.args) == (command, args)


@pytest.mark.parametrize("line", ["", "/", "kv cache", "/nosuch x", "/topics x"])
def test_plain_line_without_a_command_is_none(line):
    assert parse_plain(line) is None


@given(st.text(max_size=100))
def test_split_episode_loses_nothing_but_the_marker(text):
    before, episode = split_episode(text)
    assert episode == "" or "in:" in text
    assert "".join(before.split()) in "".join(text.split())


def test_action_that_says_how_things_stand_needs_no_argument():
    named = {spec.standing for spec in COMMANDS if spec.standing}
    assert named
    assert all(ACTIONS_BY_NAME[name].params == () for name in named)
