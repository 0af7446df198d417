"""The search, its result, the Share picker and the form, as Slack opens them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack.body import actions, links, visible_text
from adapters.slack.place import Place, shared_action
from adapters.slack.render import render
from adapters.slack.views import entry, errors, form, result, search, waiting
from bot.core.actions import Action
from bot.core.commands import COMMANDS_BY_NAME
from bot.core.reply import Button, Choice, EpisodeList, Notice, Reply, Tone
from tests.fakes.slack_server.rules.views import check_submission
from tests.strategies_replies import choices, hostile_text, replies
from tests.unit.adapters.samples import (
    CARD,
    HUGE_UNITS,
    huge_replies,
    moment,
    moment_list,
    options,
)
from tests.unit.adapters.slack.checks import check_modal

HERE = Place("C0001", "1760000000.000100")
SHARE = Action("share", ("c4rd", "7")).encode()
WRONG = Choice(question="What is wrong with this moment?", options=options(4), comment="And then?")


def inputs_of(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the inputs by name; a block and its element are called the same."""
    found = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert all(block["element"]["action_id"] == name for name, block in found.items())
    return found


@pytest.mark.parametrize("place", [HERE, Place("C0001"), Place("D0001"), Place()])
def test_place_is_read_back_from_its_metadata(place: Place) -> None:
    assert Place.read(place.metadata()) == place
    assert Place.read(place.metadata(SHARE)) == place


def test_share_is_read_back_from_the_metadata() -> None:
    assert shared_action(HERE.metadata(SHARE)) == SHARE
    assert shared_action(HERE.metadata()) == ""


@pytest.mark.parametrize(
    "metadata",
    [
        "", "null", "[]", "{", "1", '"x"', "{}", '{"channel": 1}', '{"channel": null}',
        '{"channel": "<!channel>"}', '{"channel": "c1"}', '{"channel": ""}', "[" * 3_000,
        '{"channel": "C1", "thread": "1.2"' + " " * 3_000 + "}", "9" * 2_999, "NaN",
    ],
)  # fmt: skip
def test_place_of_foreign_metadata_is_empty(metadata: str) -> None:
    assert Place.read(metadata) == Place()
    assert shared_action(metadata) == ""


def test_place_of_a_foreign_thread_keeps_the_channel_alone() -> None:
    assert Place.read('{"channel": "C0001", "thread": "../x"}') == Place("C0001")


@pytest.mark.parametrize(
    "share", ["1|report|7||", "share", "", "0|share|a|7", "1|share|" + "x" * 99]
)
def test_share_of_anything_but_a_share_is_empty(share: str) -> None:
    assert shared_action(HERE.metadata(share)) == ""


@given(hostile_text() | st.text(alphabet='{}[]":,channelthread0C.1\\u', max_size=40))
def test_place_reads_any_text(metadata: str) -> None:
    assert Place.read(metadata) == Place()


def test_place_tells_threads_apart_and_direct_messages() -> None:
    assert HERE.key() == "C0001:1760000000.000100"
    assert Place("C0001").key() == ""
    assert Place("D0001").is_direct()
    assert not HERE.is_direct()
    assert not Place().is_direct()


def test_search_asks_for_words_or_a_moment_and_an_episode() -> None:
    view = search(HERE)
    asked = inputs_of(view)
    assert (view["callback_id"], view["title"]["text"], view["submit"]["text"]) == (
        "search", "Find a moment", "Search",
    )  # fmt: skip
    assert [(name, block["element"]["type"]) for name, block in asked.items()] == [
        ("words", "plain_text_input"),
        ("moment", "external_select"),
        ("episode", "external_select"),
    ]
    assert all(block["optional"] for block in asked.values())
    longest = COMMANDS_BY_NAME["topic"].options[0].max_length
    assert asked["words"]["element"]["max_length"] == longest
    assert asked["moment"]["element"]["min_query_length"] == 0
    assert Place.read(view["private_metadata"]) == HERE
    check_modal(view)


def test_search_is_filled_in_with_what_was_typed() -> None:
    asked = inputs_of(search(HERE, words="kv cache", episode="episode:3"))
    assert asked["words"]["element"]["initial_value"] == "kv cache"
    assert asked["episode"]["element"]["initial_option"]["value"] == "episode:3"


@given(hostile_text(), hostile_text())
def test_search_filled_in_with_any_text_is_one_slack_opens(words: str, episode: str) -> None:
    check_modal(search(HERE, words=words, episode=episode))


def test_result_of_a_card_shares_by_a_picker_instead_of_a_button() -> None:
    view = result(CARD, HERE)
    picker = inputs_of(view)["channel"]["element"]
    assert (view["callback_id"], view["submit"]["text"]) == ("share", "Share")
    assert view["title"]["text"] == "At 2:00:32"
    assert picker["type"] == "conversations_select"
    assert picker["default_to_current_conversation"] is True
    assert picker["filter"] == {
        "include": ["public", "private"],
        "exclude_bot_users": True,
        "exclude_external_shared_channels": True,
    }
    assert SHARE not in actions(view)
    assert shared_action(view["private_metadata"]) == SHARE
    assert Place.read(view["private_metadata"]) == HERE
    check_modal(view)


def test_result_without_share_has_no_picker_and_no_submit() -> None:
    view = result(replace(CARD, buttons=()), HERE)
    assert view["callback_id"] == "result"
    assert "submit" not in view
    assert inputs_of(view) == {}
    check_modal(view)


@pytest.mark.parametrize(
    ("reply", "callback", "title"),
    [
        (moment_list(moment(1, 60, "Intel")), "result", "Moments"),
        (EpisodeList(heading="Episodes", episodes=()), "result", "Episodes"),
        (Choice(question="Which?", options=options(2)), "result", "A question"),
        (Notice(text="No.", tone=Tone.ERROR), "notice", "Segue"),
        (WRONG, "form", "A question"),
    ],
)
def test_result_of_a_reply_is_called_by_its_kind(reply: Reply, callback: str, title: str) -> None:
    view = result(reply, HERE)
    assert (view["callback_id"], view["title"]["text"]) == (callback, title)
    check_modal(view)


def test_result_of_a_question_without_answers_is_no_form() -> None:
    view = result(replace(WRONG, options=()), HERE)
    assert view["callback_id"] == "result"
    assert "What is wrong" in visible_text(view)


def test_form_asks_for_an_answer_and_for_words() -> None:
    view = form(WRONG, HERE)
    assert view is not None
    asked = inputs_of(view)
    answer, comment = asked["answer"], asked["comment"]
    assert answer["element"]["type"] == "radio_buttons"
    assert not answer["optional"]
    assert [one["value"] for one in answer["element"]["options"]] == [
        f"1|report|1|{n}|" for n in range(4)
    ]
    assert (comment["label"]["text"], comment["optional"]) == ("And then?", True)
    assert (comment["element"]["max_length"], comment["element"]["multiline"]) == (500, True)
    assert visible_text(view).count("What is wrong with this moment?") == 1
    check_modal(view)


def test_form_with_a_short_question_asks_it_in_its_title() -> None:
    view = form(replace(WRONG, question="What is wrong?"), HERE)
    assert view is not None
    assert view["title"]["text"] == "What is wrong?"
    assert [block["type"] for block in view["blocks"]] == ["input", "input"]


def test_form_of_more_answers_than_radio_buttons_hold_is_a_select() -> None:
    view = form(replace(WRONG, options=options(11)), HERE)
    assert view is not None
    assert inputs_of(view)["answer"]["element"]["type"] == "static_select"
    check_modal(view)


@pytest.mark.parametrize(
    "reply",
    [replace(WRONG, comment=None), Notice(text="No"), replace(WRONG, options=()),
     replace(WRONG, options=options(101))],
)  # fmt: skip
def test_form_of_anything_without_both_questions_is_none(reply: Reply) -> None:
    assert form(reply, HERE) is None


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(choices())
def test_form_of_any_choice_is_one_slack_opens(reply: Choice) -> None:
    view = form(reply, HERE)
    if view is not None:
        check_modal(view)
        assert actions(view) == {option.action.encode() for option in reply.options}


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_result_of_any_reply_is_opened_by_slack_and_holds_all_its_message_does(
    reply: Reply,
) -> None:
    view, body = result(reply, HERE), render(reply)
    check_modal(view)
    if view["callback_id"] == "form":
        return
    assert links(body) <= links(view)
    picked = {shared_action(view["private_metadata"])} - {""}
    assert actions(view) | picked == actions(body)
    missing = set(visible_text(body).split("\n")) - set(visible_text(view).split("\n"))
    shares = {button.label for button in reply.buttons if button.action}
    assert not missing or (picked and shares)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies(), hostile_text())
def test_result_with_a_share_of_any_reply_keeps_its_action_for_the_picker(
    reply: Reply, words: str
) -> None:
    share = Action("share", ("new", "7"))
    shared = replace(reply, buttons=(*reply.buttons, Button(words, share)))
    view = result(shared, HERE)
    check_modal(view)
    if view["callback_id"] == "share":
        first = next(one for one in shared.buttons if one.action and one.action.name == "share")
        assert first.action is not None
        assert shared_action(view["private_metadata"]) == first.action.encode()


@pytest.mark.parametrize("unit", HUGE_UNITS)
def test_result_of_ten_megabytes_anywhere_is_one_slack_opens(unit: str) -> None:
    for reply in huge_replies(unit):
        check_modal(result(reply, HERE))


def test_waiting_is_found_again_by_its_external_id() -> None:
    view = waiting("wait-1", HERE, "Reading…")
    assert "Reading…" in visible_text(view)
    assert (view["callback_id"], view["external_id"]) == ("waiting", "wait-1")
    check_modal(view)


@given(hostile_text())
def test_errors_say_a_sentence_beside_an_input(sentence: str) -> None:
    body = errors("words", sentence)
    check_submission(body)
    assert body["response_action"] == "errors"


def test_errors_keep_their_sentence() -> None:
    assert errors("words", "Type a few words.")["errors"] == {"words": "Type a few words."}


ADD = COMMANDS_BY_NAME["add"]


@pytest.mark.parametrize("with_file", [True, False])
def test_form_of_a_command_asks_for_each_of_its_options(with_file: bool) -> None:
    view = entry(ADD, HERE, with_file=with_file)
    check_modal(view)
    wanted = [option.name for option in ADD.options if with_file or not option.is_file]
    assert list(inputs_of(view)) == wanted
    assert all(block["optional"] for block in inputs_of(view).values())
    assert inputs_of(view)["text"]["element"]["multiline"] is True
    assert view["title"]["text"] == "Add an episode"
    assert Place.read(view["private_metadata"]) == HERE
    for option in ADD.options:
        assert (option.description in visible_text(view)) == (option.name in wanted)


def test_form_of_a_command_asks_for_one_file_to_read() -> None:
    element = inputs_of(entry(ADD, HERE))["file"]["element"]
    kinds = ["vtt", "srt", "json", "md", "txt", "xml"]
    assert element == {
        "type": "file_input", "action_id": "file", "filetypes": kinds, "max_files": 1,
    }  # fmt: skip


def test_form_of_a_command_leads_to_how_things_stand() -> None:
    assert actions(entry(ADD, HERE)) == {Action("imports").encode()}
    assert actions(entry(replace(ADD, standing=""), HERE)) == set()
    check_modal(entry(replace(ADD, standing=""), HERE))
