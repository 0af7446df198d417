"""A body and a view are read as the person before them does."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from adapters.slack.body import actions, links, visible_text
from adapters.slack.place import Place
from adapters.slack.render import render
from adapters.slack.views import form, result, search
from bot.core.actions import Action
from bot.core.reply import Choice, Reply
from tests.fakes.slack_server import rules
from tests.strategies_replies import replies
from tests.unit.adapters.samples import CARD, options

BODY: dict[str, Any] = {
    "text": "not shown <https://hidden.example>",
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "A *head* &amp; <x>"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*<https://a.example/?b=1&amp;c=2|R&amp;D>*"},
            "accessory": {
                "type": "button",
                "action_id": "open:1",
                "text": {"type": "plain_text", "text": "Watch"},
                "url": "https://b.example",
            },
        },
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "link", "url": "https://c.example", "text": "_C_"},
                        {"type": "text", "text": " · &lt;"},
                    ],
                }
            ],
        },
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "> _Q_"}]},
            ],
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "act:2",
                    "text": {"type": "plain_text", "text": "More"},
                    "value": "1|catalog|8",
                },
                {
                    "type": "static_select",
                    "action_id": "choose:3",
                    "options": [
                        {
                            "text": {"type": "plain_text", "text": "One"},
                            "description": {"type": "plain_text", "text": "first"},
                            "value": "1|moment|1",
                        }
                    ],
                },
            ],
        },
    ],
}


def test_visible_text_reads_plain_text_literally_and_mrkdwn_as_it_shows() -> None:
    assert visible_text(BODY).split("\n") == [
        "A *head* &amp; <x>", "R&D", "Watch", "_C_ · &lt;", "> _Q_", "More", "One", "first",
    ]  # fmt: skip


def test_links_are_those_of_mrkdwn_rich_text_and_buttons() -> None:
    assert links(BODY) == {"https://a.example/?b=1&c=2", "https://b.example", "https://c.example"}


def test_actions_are_those_of_buttons_and_options() -> None:
    assert actions(BODY) == {"1|catalog|8", "1|moment|1"}


def test_actions_of_a_form_are_its_answers() -> None:
    made = form(Choice(question="Which?", options=options(2), comment="Why?"), Place())
    assert made is not None
    assert actions(made) == {option.action.encode() for option in options(2)}


def test_actions_of_inputs_that_people_fill_are_none() -> None:
    assert actions(search(Place(), episode="1|moment|1")) == set()
    picker = result(CARD, Place())
    assert Action("share", ("c4rd", "7")).encode() not in actions(picker)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_body_is_read_as_the_referee_reads_it(reply: Reply) -> None:
    body = render(reply)
    assert set(rules.links(body)) == links(body)
    pressable = {one.value for one in rules.buttons(body) if one.value}
    pressable |= {choice.value for one in rules.selects(body) for choice in one.choices}
    assert pressable == actions(body)
