"""What the commands are called, and which names are refused before Slack refuses all of them."""

from __future__ import annotations

import pytest

from adapters.slack.names import RESERVED, Names, mentioned, names
from bot.core.commands import COMMANDS, COMMANDS_BY_NAME
from bot.core.errors import ConfigError
from bot.core.settings import SlackSettings


def chosen(command: str = "segue", shortcuts: str = "") -> Names:
    return names(SlackSettings(command=command, shortcuts=shortcuts))


def test_names_of_the_defaults_are_none_of_slacks_own() -> None:
    made = names(SlackSettings())
    assert made == Names("segue", {"segue-topic": "topic", "summarize": "summarize"})
    assert not {made.main, *made.shortcuts} & RESERVED


@pytest.mark.parametrize(
    ("slash", "text", "line"),
    [
        ("/segue", "topic kv", "topic kv"),
        ("/segue-topic", "kv", "topic kv"),
        ("/segue-topic", "", "topic "),
        ("/summarize", "90m", "summarize 90m"),
        ("/forgotten", "topic kv", "topic kv"),
        ("", "topic kv", "topic kv"),
    ],
)
def test_line_begins_with_the_command_that_the_slash_stands_for(
    slash: str, text: str, line: str
) -> None:
    assert names(SlackSettings()).line(slash, text) == line


def test_typed_names_every_command_by_its_own_name_or_the_main_one() -> None:
    assert chosen("pod", "find=topic eps=episodes").typed() == {
        "topic": "/find",
        "summarize": "/pod summarize",
        "episodes": "/eps",
        "digest": "/pod digest",
        "add": "/pod add",
        "follow": "/pod follow",
        "help": "/pod help",
    }


def test_mentioned_names_every_command_by_the_bots_name() -> None:
    made = mentioned("segue")
    assert made.keys() == {spec.name for spec in COMMANDS}
    assert made["topic"] == "@segue topic"


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_name_of_slacks_own_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"^slack\.command: /{name} is a command of Slack"):
        chosen(name)
    with pytest.raises(ConfigError, match=rf"^slack\.shortcuts: /{name} is a command of Slack"):
        chosen(shortcuts=f"{name}=topic")


@pytest.mark.parametrize("name", ["", "Segue", "/segue", "se gue", "ségue", "a.b", "x" * 32, "a\n"])
def test_name_that_slack_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"^slack\.command: .* is not a name that Slack takes"):
        chosen(name)


@pytest.mark.parametrize("name", ["a", "x" * 31, "segue_2-go", "7"])
def test_name_that_slack_takes_is_kept(name: str) -> None:
    assert chosen(name).main == name


@pytest.mark.parametrize(
    ("shortcuts", "sentence"),
    [
        ("find", "find is not name=command"),
        ("find=nosuch", f"find=nosuch is not name=command, of {', '.join(COMMANDS_BY_NAME)}"),
        ("find=", "find= is not name=command"),
        ("=topic", "'' is not a name"),
        ("find = topic", "find is not name=command"),
        ("a=topic a=help", "/a is there twice"),
        ("segue=topic", "/segue is there twice"),
        (" ".join(f"a{n}=topic" for n in range(50)), "Slack takes 50 commands"),
    ],
)
def test_shortcuts_that_cannot_be_are_refused_with_a_sentence(
    shortcuts: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        chosen(shortcuts=shortcuts)
    assert caught.value.sentence.startswith("slack.shortcuts: ")
    assert sentence in caught.value.sentence


def test_shortcuts_may_fill_slacks_list_and_share_a_command() -> None:
    assert len(chosen(shortcuts=" ".join(f"a{n}=topic" for n in range(49))).shortcuts) == 49
