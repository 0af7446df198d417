"""A typed line names its command, or shows it by its shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import COMMANDS_BY_NAME
from bot.core.errors import UserError
from bot.core.lines import MAX_LINE, read_line


@pytest.mark.parametrize(
    ("line", "command", "args"),
    [
        ("topic kv cache", "topic", {"words": "kv cache"}),
        ("/summarize 2:00:32 in:lex", "summarize", {"time": "2:00:32", "episode": "lex"}),
        ("kv cache", "topic", {"words": "kv cache"}),
        ("kv cache in:lex 459", "topic", {"words": "kv cache", "episode": "lex 459"}),
        ("2:00:32", "summarize", {"time": "2:00:32"}),
        ("9:99:99", "summarize", {"time": "9:99:99"}),
        ("https://youtu.be/_1f-o0nqpEI?t=5", "summarize",
         {"time": "https://youtu.be/_1f-o0nqpEI?t=5"}),
        ("TCP/IP", "topic", {"words": "TCP/IP"}),
        ("help", "help", {}),
    ],
)  # fmt: skip
def test_line_is_the_command_it_names_or_looks_like(line, command, args):
    plain = read_line(line)
    assert (plain.command, plain.args) == (command, args)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/nonsense x", "Unknown command /nonsense. Try /help."),
        ("x" * (MAX_LINE + 1), "A line has at most 4,000 characters."),
        ("topic " + "x" * 301, "/topic takes at most 300 characters of words."),
    ],
)
def test_line_that_cannot_be_answered_gets_its_sentence(line, sentence):
    with pytest.raises(UserError, match=sentence):
        read_line(line)


@given(st.text(max_size=200))
def test_any_line_is_a_command_or_a_sentence(line):
    try:
        plain = read_line(line)
    except UserError:
        return
    assert set(plain.args) <= {option.name for option in COMMANDS_BY_NAME[plain.command].options}
