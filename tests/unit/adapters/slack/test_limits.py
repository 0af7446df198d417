"""The checker refuses what Slack refuses: a limit that it does not know protects nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.slack.limits import violations
from adapters.slack.place import Place
from adapters.slack.render import render
from adapters.slack.views import entry, form, result, search
from bot.core.actions import Action
from bot.core.commands import COMMANDS_BY_NAME
from bot.core.reply import Button, Choice, Notice
from tests.unit.adapters.samples import CARD, options

Body = dict[str, Any]


def plain(words: str = "Hello", **fields: Any) -> Body:
    return {"type": "plain_text", "text": words, "emoji": False} | fields


def mrkdwn(content: str = "Hello", **fields: Any) -> Body:
    return {"type": "mrkdwn", "text": content, "verbatim": True} | fields


def button(number: int = 0, **fields: Any) -> Body:
    return {
        "type": "button", "action_id": f"act:{number}", "text": plain(), "value": "1|catalog|0",
    } | fields  # fmt: skip


def link(**fields: Any) -> Body:
    made = button(action_id="open:1", url="https://a.example") | fields
    return {name: value for name, value in made.items() if name != "value"}


def option(number: int = 0, **fields: Any) -> Body:
    return {"text": plain(), "value": str(number)} | fields


def select(count: int = 2, **fields: Any) -> Body:
    listed = [option(number) for number in range(count)]
    return {"type": "static_select", "action_id": "choose:1", "options": listed} | fields


def section(**fields: Any) -> Body:
    return {"type": "section"} | (fields or {"text": plain()})


def actions(*elements: Body) -> Body:
    return {"type": "actions", "elements": list(elements)}


def context(*elements: Body) -> Body:
    return {"type": "context", "elements": list(elements)}


def rich(*elements: Body) -> Body:
    line = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [line]}


def words(text: str = "Hello") -> Body:
    return {"type": "text", "text": text}


def body(*blocks: Body, **fields: Any) -> Body:
    return {
        "response_type": "ephemeral",
        "text": "Hello",
        "blocks": list(blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    } | fields


@pytest.mark.parametrize(
    "taken",
    [
        body(section()),
        body(*[section()] * 50),
        body(section(text=plain("x" * 3_000))),
        body(section(fields=[mrkdwn("x" * 1_000)] * 10)),
        body({"type": "header", "text": plain("x" * 150)}),
        body(context(*[plain()] * 10)),
        body(actions(*[button(n) for n in range(25)])),
        body(section(text=mrkdwn(), accessory=link(url="https://a.example/" + "x" * 2_982))),
        body(actions(button(text=plain("x" * 75), value="x" * 2_000), select(100))),
        body(rich(words(), {"type": "link", "url": "https://a.example", "text": "x"})),
        body(*[section(text=plain("x" * 3_000))] * 4),
        body(section(), text="x" * 3_900, response_type="in_channel"),
    ],
)
def test_violations_of_a_body_at_its_limits_is_empty(taken: Body) -> None:
    assert violations(taken) == []


@pytest.mark.parametrize(
    ("refused", "word"),
    [
        (body(), "blocks: 0"),
        (body(*[section()] * 51), "blocks: 51"),
        (body(section(), text=""), "text is blank"),
        (body(section(), text="x" * 3_901), "text: 3901"),
        (body(section(), text="<!channel>"), "no plain link"),
        (body(section(), text="R&D"), "& is not escaped"),
        (body(section(), response_type="all"), "who sees"),
        (body(section(), unfurl_links=True), "previews"),
        (body(section(), unfurl_media=None), "previews"),
        (body(*[section(text=plain("x" * 3_000))] * 5), "text over all"),
        (body(rich(words("x" * 3_000)), *[rich(words("x" * 3_000))] * 4), "text over all"),
        (body({"type": "divider"}), "out of place"),
        (body({"type": "input", "label": plain(), "element": select()}), "out of place"),
        (body(section(text=plain("x" * 3_001))), "text: 3001"),
        (body(section(text=plain("😀" * 1_501))), "text: 3002"),
        (body(section(text=plain(""))), "text is blank"),
        (body(section(text=plain(" \u200b\n"))), "text is blank"),
        (body(section(text=plain(emoji=True))), "emoji codes"),
        (body(section(text=mrkdwn(verbatim=False))), "words become links"),
        (body(section(text=mrkdwn("<@U1>"))), "no plain link"),
        (body(section(block_id="b")), "section is empty"),
        (body(section(fields=[plain()] * 11)), "fields: 11"),
        (body(section(fields=[plain("x" * 2_001)])), "field: 2001"),
        (body(section(text=plain(), accessory=select())), "out of place"),
        (body(section(block_id="b", text=plain()), section(block_id="b", text=plain())), "used 2"),
        (body(section(block_id="x" * 256, text=plain())), "block_id: 256"),
        (body({"type": "header", "text": plain("x" * 151)}), "text: 151"),
        (body({"type": "header", "text": mrkdwn()}), "not plain_text"),
        (body(context()), "context elements: 0"),
        (body(context(*[plain()] * 11)), "context elements: 11"),
        (body(context(button())), "not plain_text or mrkdwn"),
        (body(actions()), "actions elements: 0"),
        (body(actions(*[button(n) for n in range(26)])), "actions elements: 26"),
        (body(actions(plain())), "out of place"),
        (body(actions(button(1), button(1))), "used 2 times"),
        (body(actions(button(action_id=""))), "action_id: 0"),
        (body(actions(button(action_id="x" * 256))), "action_id: 256"),
        (body(actions({"type": "button", "text": plain(), "value": "1"})), "no action_id"),
        (body(actions(button(text=plain("x" * 76)))), "text: 76"),
        (body(actions(button(text=mrkdwn()))), "not plain_text"),
        (body(actions(button(value="x" * 2_001))), "value: 2001"),
        (body(actions(button(value=""))), "value is blank"),
        (body(actions(button(url="https://a.example"))), "either"),
        (body(actions(link(url="https://a.example/" + "x" * 2_983))), "url: 3001"),
        (body(actions(link(url="javascript:alert(1)"))), "http(s)"),
        (body(actions(select(0))), "options: 0"),
        (body(actions(select(101))), "options: 101"),
        (body(actions(select(options=[option(1), option(1)]))), "one value"),
        (body(actions(select(options=[option(text=plain("x" * 76))]))), "text: 76"),
        (body(actions(select(options=[option(value="x" * 151)]))), "value: 151"),
        (body(actions(select(options=[option(description=plain("x" * 76))]))), "description: 76"),
        (body(actions(select(placeholder=plain("x" * 151)))), "placeholder: 151"),
        (body({"type": "rich_text", "elements": []}), "rich text is empty"),
        (body(rich()), "or empty"),
        (body({"type": "rich_text", "elements": [{"type": "rich_text_list"}]}), "out of place"),
        (body(rich(words(""))), "rich text: 0"),
        (body(rich({"type": "broadcast", "range": "here"})), "broadcast is out of place"),
        (body(rich({"type": "link", "text": "x", "url": "ftp://a.example"})), "http(s)"),
    ],
)
def test_violations_of_a_body_past_a_limit_names_it(refused: Body, word: str) -> None:
    assert any(word in one for one in violations(refused)), violations(refused)


def a_form() -> Body:
    made = form(Choice(question="What is wrong?", options=options(2), comment="Why?"), Place())
    assert made is not None
    return made


def element(view: Body, number: int) -> Body:
    found: Body = view["blocks"][number]["element"]
    return found


@pytest.mark.parametrize(
    "taken",
    [a_form(), search(Place("C1", "1.2"), words="x" * 300, episode="y"), result(CARD, Place())],
)
def test_violations_of_a_view_is_empty(taken: Body) -> None:
    assert violations(taken) == []


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda view: view.update(title=plain("x" * 25)), "title: 25"),
        (lambda view: view.update(submit=plain("x" * 25)), "submit: 25"),
        (lambda view: view.update(close=plain("")), "close is blank"),
        (lambda view: view.pop("submit"), "needs its submit"),
        (lambda view: view.update(callback_id=""), "callback_id"),
        (lambda view: view.update(external_id="x" * 256), "external_id: 256"),
        (lambda view: view.update(private_metadata="x" * 3_001), "private_metadata: 3001"),
        (lambda view: view["blocks"].clear(), "blocks: 0"),
        (lambda view: view["blocks"].extend([section()] * 99), "blocks: 101"),
        (lambda view: view["blocks"].append(view["blocks"][0]), "used 2 times"),
        (lambda view: view["blocks"][0].update(label=plain("x" * 2_001)), "label: 2001"),
        (lambda view: view["blocks"][0].update(element=button(7)), "out of place"),
        (lambda view: element(view, 0)["options"].clear(), "options: 0"),
        (lambda view: element(view, 0)["options"].extend(map(option, range(9))), "options: 11"),
        (lambda view: element(view, 1).update(max_length=3_001), "input: 3001"),
        (lambda view: element(view, 1).update(initial_value="x" * 501), "initial value: 501"),
    ],
)
def test_violations_of_a_spoiled_view_names_it(spoil: Callable[[Body], object], word: str) -> None:
    view = a_form()
    spoil(view)
    assert any(word in one for one in violations(view)), violations(view)


def field_of(view: Body, name: str) -> Body:
    found: Body = next(block for block in view["blocks"] if block["block_id"] == name)
    return found


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda view: field_of(view, "file")["element"].update(max_files=11), "files: 11"),
        (lambda view: field_of(view, "file")["element"].update(max_files="1"), "files: 0"),
        (lambda view: field_of(view, "file")["element"].update(filetypes=[]), "file types: 0"),
        (lambda view: field_of(view, "file")["element"].pop("action_id"), "no action_id"),
        (lambda view: field_of(view, "text").update(hint=plain("x" * 2_001)), "hint: 2001"),
        (lambda view: field_of(view, "text").update(hint=mrkdwn()), "not plain_text"),
    ],
)
def test_violations_of_a_spoiled_entry_names_it(spoil: Callable[[Body], object], word: str) -> None:
    view = entry(COMMANDS_BY_NAME["add"], Place())
    assert violations(view) == []
    spoil(view)
    assert any(word in one for one in violations(view)), violations(view)


def test_violations_of_a_suggestion_too_long_names_it() -> None:
    view = search(Place(), episode="x")
    element(view, 2)["initial_option"]["value"] = "x" * 151
    assert violations(view) == ["value: 151, not 1 to 150"]


def test_violations_are_found_in_a_rendered_body_that_was_tampered_with() -> None:
    made = render(Notice(text="Hello", buttons=(Button("More", Action("catalog", ("8",))),)))
    assert violations(made) == []
    made["unfurl_links"] = True
    assert violations(made) != []
