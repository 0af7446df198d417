"""Typed lines and pressed numbers become invocations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console import translate
from bot.core.catalog import parse_tenant
from bot.core.commands import UNKNOWN_ACTION
from bot.core.errors import UserError
from bot.core.settings import LimitSettings

LIMITS = LimitSettings(answer_within_s=5.0)


class Clock:
    def now(self):
        return datetime(2026, 11, 24, tzinfo=UTC)

    def monotonic(self):
        return 100.0


def typed(line: str):
    return translate.invocation_from_line(line, limits=LIMITS, clock=Clock())


def asked(line: str) -> tuple[str, dict[str, str]]:
    invocation = typed(line)
    return invocation.command, dict(invocation.args)


def test_line_becomes_an_invocation_of_the_local_person():
    invocation = typed("/topic kv cache")
    assert invocation.tenant == parse_tenant("console:local")
    assert invocation.user.is_admin
    assert not invocation.can_share
    assert invocation.deadline == 105.0
    assert len(invocation.reference) == 8
    assert invocation.reference != typed("/topic kv cache").reference


@pytest.mark.parametrize(
    ("line", "command", "args"),
    [
        ("/topic kv cache", "topic", {"words": "kv cache"}),
        ("/TOPIC\tkv  cache ", "topic", {"words": "kv cache"}),
        ("topic kv cache in:lex 459", "topic", {"words": "kv cache", "episode": "lex 459"}),
        ("/summarize 2:00:32", "summarize", {"time": "2:00:32"}),
        ("/episodes", "episodes", {}),
        ("help", "help", {}),
    ],
)
def test_line_with_a_command_is_that_command(line, command, args):
    assert asked(line) == (command, args)


@pytest.mark.parametrize(
    "words", ["kv cache", "R&D", "C++", "TCP/IP", "GPT-4.5/o3", "o1 to o3", "what about 4:08", "#5"]
)
def test_plain_words_are_looked_for(words):
    assert asked(words) == ("topic", {"words": words})


@pytest.mark.parametrize(
    "time",
    [
        "2:00:32", "4:08", "90m", "7232", "1:02:00-1:10:00", "9:99:99", "4：08",
        "https://youtu.be/_1f-o0nqpEI?t=7232", "youtu.be/_1f-o0nqpEI?t=7232s",
        "https://example.org/episode.mp3#t=5",
    ],
)  # fmt: skip
def test_plain_time_or_link_is_summarized(time):
    assert asked(time) == ("summarize", {"time": time})


def test_plain_line_may_name_its_episode_too():
    assert asked("kv cache in:lex") == ("topic", {"words": "kv cache", "episode": "lex"})
    assert asked("4:08 in:lex") == ("summarize", {"time": "4:08", "episode": "lex"})


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/x", "Unknown command /x. Try /help."),
        ("/tpoic kv cache", "Unknown command /tpoic. Try /help."),
        ("/" + "y" * 99, "Unknown command /" + "y" * 38 + "…. Try /help."),
        ("/topic " + "y" * 301, "/topic takes at most 300 characters of words."),
        ("y" * 4_001, "A line has at most 4,000 characters."),
        ("/topic x in:" + "y" * 201, "/topic takes at most 200 characters of episode."),
    ],
)
def test_line_that_cannot_be_asked_gets_one_sentence(line, sentence):
    with pytest.raises(UserError) as refused:
        typed(line)
    assert refused.value.sentence == sentence


def test_line_with_control_characters_is_made_harmless():
    assert asked("/topic kv\x1b[A\x00 \u202ecache\ud800") == (
        "topic",
        {"words": "kv\ufffd[A\ufffd cache\ufffd"},
    )


@given(st.text(max_size=60) | st.from_regex(r"/?(topic|summarize|episodes|help) .{0,40}"))
def test_any_line_is_an_invocation_or_one_sentence(line):
    try:
        invocation = typed(line)
    except UserError as error:
        sentence = error.sentence
    else:
        sentence = "."
        assert invocation.command in {"topic", "summarize", "episodes", "help"}
        "".join(invocation.args.values()).encode()
    assert sentence.endswith(".")


@pytest.mark.parametrize(("line", "number"), [("3", 3), ("/3", 3), (" [12] ", 12), ("0", 0)])
def test_number_in_any_of_its_forms_is_a_key(line, number):
    assert translate.key_number(line) == number


@pytest.mark.parametrize("line", ["", "3 x", "[3", "1:02", "12345", "٣", "-1", "//3"])
def test_other_line_is_no_key(line):
    assert translate.key_number(line) is None


def pressed(action: str, comment: str = ""):
    made = translate.invocation_from_key(action, comment=comment, limits=LIMITS, clock=Clock())
    return made.command, dict(made.args)


def test_key_becomes_the_invocation_of_its_action():
    assert pressed("1|full|6|2") == ("full", {"moment": "6", "page": "2"})


def test_key_with_a_comment_carries_it_as_the_last_argument():
    report = "1|report|6|text|"
    assert pressed(report) == ("report", {"moment": "6", "reason": "text", "comment": ""})
    assert pressed(report, " It is\x07 K|V ")[1]["comment"] == "It is\ufffd K|V"


def test_key_of_another_version_is_still_an_invocation():
    assert pressed("2|full|6", "words") == (UNKNOWN_ACTION, {})


@pytest.mark.parametrize(
    ("line", "option", "args", "length"),
    [
        ("/topic kv c", "words", {"words": "kv c"}, 4),
        ("/topic ", "words", {"words": ""}, 0),
        ("kv c", "words", {"words": "kv c"}, 4),
        ("/topic kv in:le", "episode", {"words": "kv", "episode": "le"}, 2),
        ("/topic kv in:", "episode", {"words": "kv", "episode": ""}, 0),
        ("/summarize 4:08 in:le", "episode", {"time": "4:08", "episode": "le"}, 2),
        ("/episodes le", "episode", {"episode": "le"}, 2),
        ("/episodes in:le", "episode", {"episode": "le"}, 2),
        ("/topic begin:", "words", {"words": "begin:"}, 6),
    ],
)
def test_option_at_the_end_of_a_line_is_the_one_to_complete(line, option, args, length):
    typing = translate.typing_at_end(line)
    assert (typing.option, dict(typing.args), typing.length) == (option, args, length)


@pytest.mark.parametrize("line", ["", "/to", "/topic", "/summarize 2:0", "/help x", "/x y"])
def test_line_outside_every_completed_option_has_nothing_to_complete(line):
    assert translate.typing_at_end(line) is None


def test_digest_line_that_names_a_channel_is_told_that_there_is_one():
    with pytest.raises(UserError) as raised:
        typed("/digest on 9:00 #general")
    assert raised.value.sentence == "There is one channel here: leave “#general” away."
