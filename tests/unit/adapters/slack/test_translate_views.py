"""What is pressed, submitted and typed in a modal becomes an invocation."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.asked import Completing, Incomplete, Way
from adapters.slack.place import Place
from adapters.slack.views import CHANNEL, EPISODE, FORM, MOMENT, NOTICE, SEARCH, SHARE, WORDS
from adapters.uploads import Upload
from bot.core.commands import UNKNOWN_ACTION
from bot.core.lines import MAX_LINE
from tests.unit.adapters.slack.payloads import (
    ROOM,
    TEAM,
    THREAD,
    Payload,
    button,
    chosen,
    conversation,
    in_view,
    read,
    request_of,
    submission,
    suggestion,
    typed,
)

MOMENT_8 = "1|moment|8"


def test_click_in_a_modal_belongs_to_the_place_where_it_was_opened() -> None:
    asked = request_of(in_view("result", button(MOMENT_8), Place(ROOM, THREAD)))
    assert (asked.way, asked.view, asked.on_notice) == (Way.VIEW, "V0001", False)
    assert (asked.place, asked.trigger) == (Place(ROOM, THREAD), "1.2.abc")
    made = asked.invocation
    assert (made.command, made.args, made.can_share) == ("moment", {"moment": "8"}, True)
    assert (made.channel, made.thread) == (ROOM, f"{ROOM}:{THREAD}")


def test_click_on_a_modal_with_a_sentence_is_marked() -> None:
    assert request_of(in_view(NOTICE, button(MOMENT_8), Place())).on_notice is True


def test_click_on_a_link_in_a_modal_asks_for_nothing() -> None:
    assert read(in_view("result", button("", "open:1"), Place(ROOM))) is None


# Submitted modals.


@pytest.mark.parametrize(
    ("values", "words", "episode"),
    [
        ({WORDS: typed(" R&amp;D ")}, "R&D", ""),
        ({WORDS: typed("kv"), MOMENT: chosen("moment:8")}, "moment:8", ""),
        ({MOMENT: chosen("moment:8"), EPISODE: chosen("=1")}, "moment:8", "=1"),
        ({WORDS: typed("kv"), EPISODE: chosen("=1")}, "kv", "=1"),
    ],
)
def test_search_is_submitted_with_what_was_picked_or_typed(
    values: Payload, words: str, episode: str
) -> None:
    asked = request_of(submission(SEARCH, **values))
    assert asked.way is Way.SUBMIT
    assert asked.invocation.command == "topic"
    assert asked.invocation.args == {"words": words, "episode": episode}


@pytest.mark.parametrize("values", [{}, {WORDS: typed(None)}, {WORDS: typed(" \n")}, {WORDS: []}])
def test_search_without_words_is_told_so_beside_the_field(values: Payload) -> None:
    asked = read(submission(SEARCH, **values))
    assert isinstance(asked, Incomplete)
    assert asked.field == WORDS


def shared_from(place: Place, target: Any) -> Any:
    metadata = place.metadata("1|share|c4rd|8")
    return read(submission(SHARE, metadata, **{CHANNEL: conversation(target)}))


def test_share_goes_to_the_channel_chosen() -> None:
    asked = shared_from(Place(ROOM, THREAD), "C0002")
    assert asked.place == Place("C0002", "")
    made = asked.invocation
    assert (made.command, made.args) == ("share", {"card": "c4rd", "moment": "8"})
    assert (made.channel, made.thread) == ("C0002", "")


def test_share_with_the_channel_of_the_thread_stays_in_the_thread() -> None:
    asked = shared_from(Place(ROOM, THREAD), ROOM)
    assert asked.place == Place(ROOM, THREAD)
    assert asked.invocation.thread == f"{ROOM}:{THREAD}"


@pytest.mark.parametrize("target", [None, "", 7, ["C0002"]])
def test_share_without_a_channel_is_told_so_beside_the_field(target: Any) -> None:
    asked = shared_from(Place(ROOM), target)
    assert isinstance(asked, Incomplete)
    assert asked.field == CHANNEL


@pytest.mark.parametrize("metadata", ["", "{}", "[]", "nonsense", '{"share": "1|full|8|0"}'])
def test_share_that_was_forged_is_an_unknown_action(metadata: str) -> None:
    asked = request_of(submission(SHARE, metadata or "{}", **{CHANNEL: conversation("C0002")}))
    assert asked.invocation.command == UNKNOWN_ACTION


def test_form_is_the_chosen_action_with_the_words_typed() -> None:
    values = {"answer": chosen("1|report|7|text|"), "comment": typed("it says | key")}
    made = request_of(submission(FORM, **values)).invocation
    assert made.command == "report"
    assert made.args == {"moment": "7", "reason": "text", "comment": "it says | key"}


def test_form_without_a_comment_has_an_empty_one() -> None:
    made = request_of(submission(FORM, answer=chosen("1|report|7|text|"))).invocation
    assert made.args == {"moment": "7", "reason": "text", "comment": ""}


@pytest.mark.parametrize("answer", [{}, typed("1|report|7||"), chosen("foreign"), []])
def test_form_that_was_forged_is_an_unknown_action(answer: Any) -> None:
    asked = request_of(submission(FORM, answer=answer, comment=typed("x")))
    assert (asked.invocation.command, asked.invocation.args) == (UNKNOWN_ACTION, {})


@pytest.mark.parametrize("callback_id", ["result", "notice", "waiting", "foreign", ""])
def test_modal_without_a_submit_is_nobodys(callback_id: str) -> None:
    assert read(submission(callback_id, **{WORDS: typed("kv")})) is None


@pytest.mark.parametrize(("action_id", "option"), [(EPISODE, "episode"), (MOMENT, "words")])
def test_completion_names_the_option_being_typed(action_id: str, option: str) -> None:
    asked = read(suggestion(action_id, "R&amp;D"))
    assert isinstance(asked, Completing)
    assert (asked.option, asked.invocation.args) == (option, {option: "R&D"})
    assert asked.invocation.tenant == f"slack:{TEAM}"


def test_completion_of_far_too_much_text_is_cut() -> None:
    asked = read(suggestion(MOMENT, "x" * 50_000))
    assert isinstance(asked, Completing)
    assert len(asked.invocation.args["words"]) == MAX_LINE


# The form of a command.

ABOUT = {
    "name": "a.vtt",
    "size": 3,
    "url_private_download": "https://files.slack.com/a.vtt",
    "url_private": "https://files.slack.com/b.vtt",
}


def uploaded(*files: Any) -> Payload:
    return {"type": "file_input", "files": list(files)}


def test_form_of_a_command_is_the_command_with_what_was_filled_in() -> None:
    asked = request_of(
        submission(
            "command:add",
            text=typed("0:00 R&amp;D\n4:08 End\n"),
            title=typed(" A talk "),
            link=typed(None),
            file=uploaded(ABOUT),
        )
    )
    assert (asked.way, asked.place) == (Way.SUBMIT, Place(ROOM))
    assert asked.invocation.command == "add"
    assert asked.invocation.args == {"text": "0:00 R&D\n4:08 End", "title": "A talk"}
    assert asked.invocation.document is None
    assert asked.upload == Upload("a.vtt", 3, "https://files.slack.com/a.vtt")
    assert "secret" not in repr(asked)


def test_form_of_a_command_without_a_file_brings_none() -> None:
    asked = request_of(submission("command:add", title=typed("A talk"), file=uploaded()))
    assert asked.upload is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "source"),
        ({"source": typed("  ")}, "source"),
        ({"file": uploaded()}, "source"),
        ({"file": {"type": "file_input", "files": "x"}}, "source"),
        ({"file": uploaded({})}, "file"),
        ({"file": uploaded(ABOUT | {"size": "3"})}, "file"),
        ({"file": uploaded(ABOUT | {"size": 0})}, "file"),
        ({"file": uploaded(ABOUT | {"size": 20_000_001})}, "file"),
        ({"file": uploaded(ABOUT | {"url_private_download": 7}), "title": typed("x")}, "file"),
    ],
)
def test_form_of_a_command_that_lacks_something_names_the_field(
    values: Payload, field: str
) -> None:
    asked = read(submission("command:add", **values))
    assert isinstance(asked, Incomplete)
    assert asked.field == field


@pytest.mark.parametrize("ident", ["command:gone", "command:topic", "command:"])
def test_form_of_a_command_of_yesterday_asks_for_nothing(ident: str) -> None:
    assert read(submission(ident, title=typed("x"))) is None


def test_click_in_a_modal_that_closes_all_is_marked() -> None:
    payload = in_view("result", button(MOMENT_8), Place(ROOM))
    assert request_of(payload).clears is False
    payload["view"]["clear_on_close"] = True
    assert request_of(payload).clears is True
