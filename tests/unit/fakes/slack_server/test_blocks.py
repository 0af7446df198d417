"""What the strict Slack takes and refuses as blocks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack_server.rules import Refused, check_blocks
from tests.unit.fakes.slack_server.examples import (
    GOOD,
    IN_MESSAGES,
    IN_MODALS,
    actions,
    bullets,
    button,
    choice,
    confirm,
    context,
    fields,
    group,
    header,
    image,
    input_block,
    line,
    link_button,
    linked,
    markdown,
    mrkdwn,
    option,
    options,
    plain,
    rich,
    said,
    section,
    select,
    typed,
    upload,
)

MESSAGES = GOOD | IN_MESSAGES
MODALS = GOOD | IN_MODALS


@pytest.mark.parametrize("blocks", MESSAGES.values(), ids=MESSAGES.keys())
def test_blocks_within_the_limits_are_taken_in_a_message(blocks: list[Any]) -> None:
    check_blocks(blocks, surface="message")


@pytest.mark.parametrize("blocks", MODALS.values(), ids=MODALS.keys())
def test_blocks_within_the_limits_are_taken_in_a_modal(blocks: list[Any]) -> None:
    check_blocks(blocks, surface="modal")


def _without(block: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key != name}


def _deep(levels: int) -> Any:
    return [] if levels == 0 else [_deep(levels - 1)]


TEXT = "/blocks/0/text/text"
FIRST = "/blocks/0/elements/0"
BAD: dict[str, tuple[Any, str]] = {
    "no list": ({}, "must provide an array [json-pointer:/blocks]"),
    "no blocks": ([], "no fewer than 1 items required"),
    "51 blocks": ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "block that is no object": (["x"], "must provide an object [json-pointer:/blocks/0]"),
    "block without a type": ([{}], "missing required field: type"),
    "type that is no text": ([{"type": 1}], "must provide a string [json-pointer:/blocks/0/type]"),
    "unknown type": ([{"type": "video"}], "unsupported type: video"),
    "unknown field": ([section(colour=1)], "invalid additional property: colour"),
    "null for a field": ([section(accessory=None)], "must provide an object"),
    "not json": ([section(mrkdwn({"x"}))], "cannot be sent as JSON: set"),
    "not a number": ([section(expand=float("nan"))], "a number that JSON knows"),
    "name that is no text": ([{1: 2}], "must have texts as names of fields"),
    "nested too deeply": ([_deep(50)], "is nested too deeply"),
    "control character": ([section(mrkdwn("a\x00b"))], f"control characters [json-pointer:{TEXT}]"),
    "carriage return": ([section(mrkdwn("a\r\nb"))], "control characters"),
    "lone surrogate": ([section(mrkdwn("a\ud83d"))], "lone surrogates"),
    "control character in a value": ([actions(button(value="\x7f"))], f"{FIRST}/value"),
    "long block_id": ([section(block_id="b" * 256)], "less than 256 characters"),
    "empty block_id": ([section(block_id="")], "more than 0 characters"),
    "one block_id twice": (
        [section(block_id="b"), section(block_id="b")],
        "block_id already exists for another element: b [json-pointer:/blocks/1]",
    ),
    "empty text": ([section(mrkdwn(""))], f"more than 0 characters [json-pointer:{TEXT}]"),
    "blank text": ([section(mrkdwn(" \n"))], f"more than 0 characters [json-pointer:{TEXT}]"),
    "long text": ([section(mrkdwn("x" * 3001))], f"less than 3001 characters [json-pointer:{TEXT}"),
    "text that is no object": ([section("x")], "must provide an object"),
    "text of a number": ([section(mrkdwn(1))], "must provide a string"),
    "emoji on mrkdwn": ([section(mrkdwn("x", emoji=True))], "additional property: emoji"),
    "verbatim on plain_text": ([section(plain("x", verbatim=True))], "property: verbatim"),
    "emoji that is no boolean": ([section(plain("x", emoji=1))], "must provide a boolean"),
    "section without a text": ([{"type": "section"}], "at least one of: text, fields"),
    "eleven fields": ([fields(*[mrkdwn()] * 11)], "no more than 10 items"),
    "no fields": ([fields()], "no fewer than 1 items"),
    "long field": ([fields(mrkdwn("x" * 2001))], "/blocks/0/fields/0/text"),
    "input beside a section": ([section(accessory=typed())], "unsupported type: plain_text_input"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn()}], "unsupported type: mrkdwn"),
    "long header": ([header("x" * 151)], "less than 151 characters"),
    "header without a text": ([{"type": "header"}], "missing required field: text"),
    "eleven in a context": ([context(*[mrkdwn()] * 11)], "no more than 10 items"),
    "empty context": ([context()], "no fewer than 1 items"),
    "button in a context": ([context(button())], "unsupported type: button"),
    "26 buttons": ([actions(*[button(str(n)) for n in range(26)])], "no more than 25 items"),
    "no buttons": ([actions()], "no fewer than 1 items"),
    "text among buttons": ([actions(mrkdwn())], "unsupported type: mrkdwn"),
    "text input among buttons": ([actions(typed())], "unsupported type: plain_text_input"),
    "button without action_id": ([actions(_without(button(), "action_id"))], "field: action_id"),
    "long action_id": ([actions(button("a" * 256))], f"{FIRST}/action_id"),
    "button without a text": (
        [actions(_without(button(), "text"))],
        "missing required field: text",
    ),
    "button in mrkdwn": ([actions(button(text=mrkdwn()))], "unsupported type: mrkdwn"),
    "long label": (
        [actions(button(text=plain("x" * 76)))],
        f"[ERROR] must be less than 76 characters [json-pointer:{FIRST}/text/text]",
    ),
    "long value": ([actions(button(value="v" * 2001))], f"{FIRST}/value"),
    "empty value": ([actions(button(value=""))], f"{FIRST}/value"),
    "unknown style": ([actions(button(style="default"))], "valid enum value: primary, danger"),
    "link to a script": ([actions(link_button("javascript:alert(1)"))], "http(s) URL"),
    "link without a host": ([actions(link_button("https://"))], "http(s) URL"),
    "link with a blank": ([actions(link_button("https://x.y/a b"))], "http(s) URL"),
    "link with a broken host": ([actions(link_button("https://[x"))], "http(s) URL"),
    "long link": ([actions(link_button("https://x.y/" + "a" * 2989))], "less than 3001"),
    "long accessibility label": (
        [actions(button(accessibility_label="x" * 76))],
        f"{FIRST}/accessibility_label",
    ),
    "one action_id twice in a block": ([actions(button(), button())], "action_id already exists"),
    "one action_id twice": (
        [section(accessory=button()), actions(button())],
        "act:0 [json-pointer:/blocks/1/elements/0]",
    ),
    "confirm without a title": (
        [actions(button(confirm=_without(confirm(), "title")))],
        "missing required field: title",
    ),
    "long confirm title": (
        [actions(button(confirm=confirm(title=plain("x" * 101))))],
        "/confirm/title/text",
    ),
    "long confirm text": ([actions(button(confirm=confirm(text=plain("x" * 301))))], "/text/text"),
    "long confirm button": (
        [actions(button(confirm=confirm(confirm=plain("x" * 31))))],
        "/confirm/confirm/text",
    ),
    "long deny button": (
        [actions(button(confirm=confirm(deny=plain("x" * 31))))],
        "/confirm/deny/text",
    ),
    "101 options": ([actions(select(options=options(101)))], "no more than 100 items"),
    "no options": ([actions(select(options=[]))], "no fewer than 1 items"),
    "neither options nor groups": (
        [actions(_without(select(), "options"))],
        "exactly one of: options, option_groups",
    ),
    "options and groups": (
        [actions(select(options=[option()], option_groups=[group(option())]))],
        "exactly one of",
    ),
    "101 groups": (
        [actions(select(option_groups=[group(one) for one in options(101)]))],
        "no more than 100 items",
    ),
    "empty group": ([actions(select(option_groups=[group()]))], "/option_groups/0/options"),
    "group without options": (
        [actions(select(option_groups=[{"label": plain()}]))],
        "missing required field: options",
    ),
    "long group label": (
        [actions(select(option_groups=[group(option(), label="x" * 76)]))],
        "/option_groups/0/label/text",
    ),
    "one value twice": ([actions(select(options=[option(), option()]))], "distinct values"),
    "one value in two groups": (
        [actions(select(option_groups=[group(option()), group(option())]))],
        "distinct values",
    ),
    "long option": ([actions(select(options=[option(text="x" * 76)]))], "/options/0/text/text"),
    "long option value": ([actions(select(options=[option("v" * 151)]))], "/options/0/value"),
    "option without a value": (
        [actions(select(options=[{"text": plain()}]))],
        "missing required field: value",
    ),
    "option value that is a list": ([actions(select(options=[option([])]))], "/options/0/value"),
    "long option description": (
        [actions(select(options=[option(description=plain("x" * 76))]))],
        "/description/text",
    ),
    "option in mrkdwn": (
        [actions(select(options=[{"text": mrkdwn(), "value": "1"}]))],
        "unsupported type: mrkdwn",
    ),
    "option with a link": (
        [actions(select(options=[option(url="https://x.y")]))],
        "additional property: url",
    ),
    "initial option from elsewhere": (
        [actions(select(initial_option=option("2")))],
        "must be among the options",
    ),
    "initial option with another text": (
        [actions(select(initial_option=option(text="Uno")))],
        "must be among the options",
    ),
    "initial options from elsewhere": (
        [actions(choice("checkboxes", initial_options=[option("2")]))],
        "must be among the options",
    ),
    "eleven checkboxes": ([actions(choice("checkboxes", options=options(11)))], "more than 10"),
    "eleven radio buttons": ([actions(choice("radio_buttons", options=options(11)))], "than 10"),
    "six in an overflow": ([actions(choice("overflow", options=options(6)))], "no more than 5"),
    "none in an overflow": ([actions(choice("overflow", options=[]))], "no fewer than 1"),
    "overflow with a script": (
        [actions(choice("overflow", options=[option(url="javascript:x")]))],
        "http(s) URL",
    ),
    "long placeholder": ([actions(select(placeholder=plain("x" * 151)))], "/placeholder/text"),
    "options for an external select": (
        [actions(select("external_select", options=[option()]))],
        "additional property: options",
    ),
    "negative query length": (
        [actions(select("external_select", min_query_length=-1))],
        "must be greater than -1",
    ),
    "empty filter": ([actions(select("conversations_select", filter={}))], "at least one of"),
    "filter for nothing": (
        [actions(select("conversations_select", filter={"include": []}))],
        "no fewer than 1 items",
    ),
    "filter for unknown things": (
        [actions(select("conversations_select", filter={"include": ["dm"]}))],
        "valid enum value: im",
    ),
    "image of nothing": ([_without(image(), "image_url")], "exactly one of: image_url"),
    "image without alt_text": ([_without(image(), "alt_text")], "missing required field: alt_text"),
    "long alt_text": ([image(alt_text="x" * 2001)], "/blocks/0/alt_text"),
    "image from a file": ([image(image_url="file:///etc/passwd")], "http(s) URL"),
    "image with a title in mrkdwn": ([image(title=mrkdwn())], "unsupported type: mrkdwn"),
    "empty rich text": ([rich()], "no fewer than 1 items"),
    "empty rich line": ([rich(line())], "no fewer than 1 items"),
    "rich text without a line": ([rich(said())], "unsupported type: text"),
    "empty rich word": ([rich(line(said("")))], "more than 0 characters"),
    "mention": ([rich(line({"type": "user", "user_id": "U0001"}))], "unsupported type: user"),
    "channel without an id": ([rich(line({"type": "channel"}))], "channel_id"),
    "broadcast": ([rich(line({"type": "broadcast", "range": "here"}))], "type: broadcast"),
    "rich link to a script": ([rich(line(linked("javascript:x")))], "http(s) URL"),
    "rich link without a text": ([rich(line(linked(text="")))], "more than 0 characters"),
    "unknown rich style": ([rich(line(said(style={"big": True})))], "additional property: big"),
    "rich style that is no boolean": ([rich(line(said(style={"bold": 1})))], "provide a boolean"),
    "list in no style": ([rich(bullets(line(said()), style="dash"))], "enum value: bullet"),
    "list of words": ([rich(bullets(said()))], "unsupported type: text"),
    "list too far in": ([rich(bullets(line(said()), indent=9))], "must be less than 9"),
    "list with a thick border": ([rich(bullets(line(said()), border=2))], "must be less than 2"),
    "emoji in preformatted": (
        [rich(line({"type": "emoji", "name": "wave"}, kind="rich_text_preformatted"))],
        "unsupported type: emoji",
    ),
    "long markdown": ([markdown("x" * 12_001)], "less than 12001 characters"),
    "long markdown in two": (
        [markdown("x" * 6000), markdown("x" * 6001)],
        "all markdown blocks must be less than 12001",
    ),
    "input in a message": ([input_block()], "unsupported type: input"),
    "focus in a message": ([actions(select(focus_on_load=True))], "only works in modals"),
    "current conversation in a message": (
        [actions(select("conversations_select", default_to_current_conversation=True))],
        "only works in modals",
    ),
    "response_url in a message": (
        [actions(select("conversations_select", response_url_enabled=True))],
        "only works in input blocks in modals",
    ),
}
BAD_IN_MODALS: dict[str, tuple[Any, str]] = {
    "eleven files": ([input_block(upload(max_files=11))], "must be less than 11"),
    "no files": ([input_block(upload(max_files=0))], "must be greater than 0"),
    "files of no type": ([input_block(upload(filetypes=[]))], "no fewer than 1 items"),
    "file outside an input": ([actions(upload())], "unsupported type: file_input"),
    "file with a placeholder": ([input_block(upload(placeholder=plain()))], "additional property"),
    "101 blocks": ([section()] * 101, "no more than 100 items allowed"),
    "markdown in a modal": ([markdown()], "unsupported type: markdown"),
    "response_url outside an input": (
        [actions(select("conversations_select", response_url_enabled=True))],
        "only works in input blocks in modals",
    ),
    "two in focus": (
        [input_block(typed(focus_on_load=True)), input_block(select(focus_on_load=True))],
        "focus_on_load can be true for one element only [json-pointer:/blocks/1/element]",
    ),
    "input without an element": ([_without(input_block(), "element")], "required field: element"),
    "input without a label": ([_without(input_block(), "label")], "required field: label"),
    "long input label": ([input_block(label=plain("x" * 2001))], "/blocks/0/label/text"),
    "input label in mrkdwn": ([input_block(label=mrkdwn())], "unsupported type: mrkdwn"),
    "long hint": ([input_block(hint=plain("x" * 2001))], "/blocks/0/hint/text"),
    "button in an input": ([input_block(button())], "unsupported type: button"),
    "overflow in an input": ([input_block(choice("overflow"))], "unsupported type: overflow"),
    "input of any length": ([input_block(typed(max_length=3001))], "must be less than 3001"),
    "input of no length": ([input_block(typed(max_length=0))], "must be greater than 0"),
    "input longer than itself": (
        [input_block(typed(min_length=5, max_length=4))],
        "must not be greater than max_length",
    ),
    "length that is a text": ([input_block(typed(max_length="9"))], "must provide a number"),
    "length that is a boolean": ([input_block(typed(max_length=True))], "must provide a number"),
    "long initial value": ([input_block(typed(initial_value="x" * 3001))], "/initial_value"),
    "unknown trigger": (
        [input_block(typed(dispatch_action_config={"trigger_actions_on": ["hover"]}))],
        "valid enum value",
    ),
    "one action_id in two inputs": ([input_block(), input_block()], "action_id already exists"),
}


def _refused(blocks: Any, surface: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        check_blocks(blocks, surface=surface)
    return caught.value


@pytest.mark.parametrize(("blocks", "problem"), BAD.values(), ids=BAD.keys())
def test_blocks_beyond_the_limits_are_refused_in_a_message(blocks: Any, problem: str) -> None:
    refused = _refused(blocks, "message")
    assert refused.error == "invalid_blocks"
    assert problem in " ".join(refused.messages)


@pytest.mark.parametrize(("blocks", "problem"), BAD_IN_MODALS.values(), ids=BAD_IN_MODALS.keys())
def test_blocks_beyond_the_limits_are_refused_in_a_modal(blocks: Any, problem: str) -> None:
    refused = _refused(blocks, "modal")
    assert refused.error == "invalid_blocks"
    assert problem in " ".join(refused.messages)


def test_blocks_with_several_faults_are_refused_with_each_of_them() -> None:
    refused = _refused([header(""), section(mrkdwn("")), section(colour=1)], "message")
    assert len(refused.messages) == 3
    assert str(refused).startswith("invalid_blocks; [ERROR]")


def test_blocks_that_hold_themselves_are_refused() -> None:
    block: dict[str, Any] = section()
    block["accessory"] = block
    assert "nested too deeply" in str(_refused([block], "message"))
