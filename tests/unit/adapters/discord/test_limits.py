"""The checker refuses what Discord refuses: a limit that it does not know protects nobody."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from adapters.discord.form import entry_form, form
from adapters.discord.limits import violations
from adapters.discord.render import render
from bot.core.actions import Action
from bot.core.commands import COMMANDS_BY_NAME
from bot.core.reply import Button, Choice, Notice, Option

Body = dict[str, Any]


def button(number: int = 0, **fields: Any) -> Body:
    return {"type": 2, "style": 2, "label": "Open", "custom_id": f"1|catalog|{number}"} | fields


def select(**fields: Any) -> Body:
    options = [{"label": "One", "value": "1"}, {"label": "Two", "value": "2"}]
    return {"type": 3, "custom_id": "choose", "options": options} | fields


def row(*children: Body) -> Body:
    return {"type": 1, "components": list(children)}


def text(content: str = "Hello") -> Body:
    return {"type": 10, "content": content}


def section(*texts: Body) -> Body:
    return {"type": 9, "components": list(texts), "accessory": button(99)}


def body(*parts: Body, **fields: Any) -> Body:
    return {
        "flags": 1 << 15,
        "components": list(parts),
        "allowed_mentions": {"parse": []},
    } | fields


def link(**fields: Any) -> Body:
    return {"type": 2, "style": 5, "label": "Watch", "url": "https://a.example"} | fields


@pytest.mark.parametrize(
    "taken",
    [
        body(text()),
        body({"type": 17, "components": [text(), row(button(), link()), {"type": 14}]}),
        body(section(text(), text(), text())),
        body(row(select())),
        body(*[text("x" * 1_000)] * 4),
        body(*[text("x")] * 40),
        body(row(button(label="x" * 80), link(url="https://a.example/" + "x" * 494))),
        body(row(button(custom_id="x" * 100))),
    ],
)
def test_violations_of_a_body_at_its_limits_is_empty(taken: Body) -> None:
    assert violations(taken) == []


@pytest.mark.parametrize(
    ("refused", "word"),
    [
        (body(text(), flags=0), "flag"),
        (body(text(), content="x"), "content"),
        (body(text(), embeds=[]), "embeds"),
        (body(text(), allowed_mentions={"parse": ["everyone"]}), "mentions"),
        (body(), "components"),
        (body(*[text("x")] * 41), "components: 41"),
        (body(*[section(text("x"))] * 14), "components: 42"),
        (body(*[text("x" * 1_001)] * 4), "text over all"),
        (body(text("😀" * 2_001)), "text over all"),
        (body(text("")), "content is blank"),
        (body(text(" \u200b\n")), "content is blank"),
        (body(button()), "out of place"),
        (body(row(text())), "out of place"),
        (body({"type": 17, "components": [{"type": 17, "components": [text()]}]}), "out of place"),
        (body({"type": 17, "components": []}), "container is empty"),
        (body(row()), "row: 0"),
        (body(row(*[button(n) for n in range(6)])), "row: 6"),
        (body(row(select(), button())), "shares its row"),
        (body(row(button(label="x" * 81))), "label: 81"),
        (body(row(button(label=""))), "label is blank"),
        (body(row(button(custom_id="x" * 101))), "custom_id: 101"),
        (body(row(button(custom_id=""))), "custom_id is blank"),
        (body(row(button(url="https://a.example", style=5))), "either"),
        (body(row(link(style=2))), "link style"),
        (body(row(link(url="https://a.example/" + "x" * 495))), "url: 513"),
        (body(row(link(url="javascript:alert(1)"))), "http(s)"),
        (body(row(button(1), button(1))), "used 2 times"),
        (body(section(text(), text(), text(), text())), "section texts: 4"),
        (body({"type": 9, "components": [text()]}), "accessory"),
        (body(row(select(options=[]))), "options: 0"),
        (body(row(select(options=[{"label": "x", "value": str(n)} for n in range(26)]))), "26"),
        (body(row(select(options=[{"label": "x", "value": "1"}] * 2))), "one value"),
        (body(row(select(options=[{"label": "x" * 101, "value": "1"}]))), "label: 101"),
        (body(row(select(options=[{"label": "x", "value": "1" * 101}]))), "value: 101"),
        (
            body(row(select(options=[{"label": "x", "value": "1", "description": "d" * 101}]))),
            "description: 101",
        ),
        (body(row(select(placeholder="x" * 151))), "placeholder: 151"),
    ],
)
def test_violations_of_a_body_past_a_limit_names_it(refused: Body, word: str) -> None:
    assert any(word in one for one in violations(refused)), violations(refused)


def a_form() -> Body:
    made = form(
        Choice(
            question="What is wrong?",
            options=(Option("Words", Action("report", ("1", "text", ""))),),
            comment="What should it say?",
        )
    )
    assert made is not None
    return copy.deepcopy(made)


def test_violations_of_a_form_is_empty() -> None:
    assert violations(a_form()) == []


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda made: made.update(title="x" * 46), "title: 46"),
        (lambda made: made.update(custom_id=""), "custom_id"),
        (lambda made: made["components"].clear(), "form parts"),
        (lambda made: made["components"].extend(made["components"] * 2), "used"),
        (lambda made: made["components"][0].update(label="x" * 46), "label: 46"),
        (lambda made: made["components"][0].pop("component"), "label is empty"),
        (lambda made: made["components"].append(row(button())), "out of place"),
        (lambda made: made["components"][1]["component"].update(max_length=4_001), "input"),
    ],
)
def test_violations_of_a_spoiled_form_names_it(spoil: Callable[[Body], object], word: str) -> None:
    made = a_form()
    spoil(made)
    assert any(word in one for one in violations(made)), violations(made)


def an_entry_form() -> Body:
    return copy.deepcopy(entry_form(COMMANDS_BY_NAME["add"]))


def upload_of(made: Body) -> Any:
    """Return the field of a file."""
    return next(part["component"] for part in made["components"] if part["component"]["type"] == 19)


def test_violations_of_the_form_of_a_command_is_empty() -> None:
    assert violations(an_entry_form()) == []


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda made: made["components"][0].update(description="x" * 101), "description: 101"),
        (lambda made: made["components"][0].update(description=""), "description is blank"),
        (lambda made: upload_of(made).update(max_values=11), "max_values: 11"),
        (lambda made: upload_of(made).update(max_values=0), "max_values: 0"),
        (lambda made: upload_of(made).update(min_values="1"), "min_values"),
        (lambda made: upload_of(made).pop("custom_id"), "custom_id"),
        (lambda made: made["components"].append(upload_of(made)), "form parts"),
    ],
)
def test_violations_of_a_spoiled_upload_names_it(
    spoil: Callable[[Body], object], word: str
) -> None:
    made = an_entry_form()
    spoil(made)
    assert any(word in one for one in violations(made)), violations(made)


def test_violations_are_found_in_a_rendered_body_that_was_tampered_with() -> None:
    made = render(Notice(text="Hello", buttons=(Button("More", Action("catalog", ("8",))),)))
    assert violations(made) == []
    made["flags"] = 0
    assert violations(made) != []
