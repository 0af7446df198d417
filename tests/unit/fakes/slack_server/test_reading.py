"""What the strict Slack shows a person of a payload."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.slack_server.rules import (
    Button,
    Choice,
    buttons,
    fallback_links,
    fallback_text,
    inputs,
    links,
    pings,
    selects,
    texts,
)
from tests.unit.fakes.slack_server.examples import (
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
    plain,
    rich,
    said,
    section,
    select,
    typed,
    view,
)

SHOWN = {
    "entities": ("R&amp;D &lt;b&gt; &amp;amp;", "R&D <b> &amp;"),
    "labelled link": ("at <https://x.y/?t=1&amp;v=2|2:00:32 &lt;KV&gt;> on", "at 2:00:32 <KV> on"),
    "bare link": ("<https://x.y/?t=1&amp;v=2>", "https://x.y/?t=1&v=2"),
    "bold, italic, strike": ("*a* _b_ ~c~", "a b c"),
    "nested": ("*_~a~ b_*, (*c*)", "a b, (c)"),
    "bold link": ("*<https://x.y|a *b*>* c", "a b c"),
    "marks inside words": ("2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c"),
    "marks that stay open": ("*a _b ~c", "*a _b ~c"),
    "marks beside blanks": ("* a * _ b_", "* a * _ b_"),
    "marks over lines": ("*a\nb*", "*a\nb*"),
    "code": ("`a *b* &lt;c&gt;` *d*", "a *b* <c> d"),
    "code block": ("```a\n*b*```", "a\n*b*"),
    "link in code": ("`<https://x.y|a>`", "a"),
    "quotes": ("&gt; a\n>b\n&gt;&gt;&gt;c &gt; d", "a\nb\nc > d"),
    "mentions": (
        "<@U1> <@U2|bob> <#C1> <#C2|general> <!here> <!subteam^S1|@team> <!subteam^S2>",
        "@U1 @bob #C1 #general @here @team @S2",
    ),
    "date": ("<!date^1^{date}|Jan 1>", "Jan 1"),
    "unknown sequence": ("<foo|bar>", "<foo|bar>"),
    "script": ("<javascript:x|bar>", "<javascript:x|bar>"),
    "unseen characters": ("a\u200b*b\u2060", "a*b"),
    "emoji name": (":tada: 2:00:32", ":tada: 2:00:32"),
}


@pytest.mark.parametrize(("text", "seen"), SHOWN.values(), ids=SHOWN.keys())
def test_mrkdwn_is_shown_as_a_client_shows_it(text: str, seen: str) -> None:
    assert fallback_text(text) == seen
    assert texts({"blocks": [section(mrkdwn(text))]}) == [seen]


@given(st.text(st.sampled_from("ab*_~`<>|&;@!#^ \n\x00\u200bhttps://x"), max_size=60))
def test_any_mrkdwn_can_be_read(text: str) -> None:
    payload = {"text": text, "blocks": [section(mrkdwn(text)), markdown(text)]}
    assert len(texts(payload)) == 2
    assert set(fallback_links(text)) <= set(links(payload))
    assert isinstance(pings(payload), list)


@given(st.text(max_size=60))
def test_escaped_words_without_marks_are_shown_as_they_were(text: str) -> None:
    words = "".join(char for char in text if char not in "*_~`\x00\u200b\u2060\ufeff")
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert fallback_text("x " + escaped.replace("\n", " ")) == "x " + words.replace("\n", " ")


def test_many_marks_are_read_in_time() -> None:
    for mark in ("*", "`", "```", "<", "&gt;", "<a|", "*a ", "_*~"):
        assert isinstance(fallback_text(mark * 10_000), str)


FULL = [
    header("Head"),
    section(mrkdwn("*Body*"), fields=[plain("*f*")], accessory=button(text=plain("B1"))),
    fields(mrkdwn("_g_")),
    context(image(alt_text="alt"), mrkdwn("small")),
    {"type": "divider"},
    image(title=plain("title"), alt_text="alt 2"),
    rich(
        line(said("*raw* &amp; "), linked(text="label"), {"type": "emoji", "name": "wave"}),
        bullets(line(said("one")), line(linked("https://x.y/2"))),
        line({"type": "user", "user_id": "U1"}, kind="rich_text_quote"),
    ),
    actions(
        button("act:1", text=plain("B2"), confirm=confirm()),
        select(option_groups=[group(option("1", "One", description=plain("first")), label="G")]),
    ),
    markdown("# **Mark** [down](https://x.y/3) \\*"),
]


def test_texts_are_all_that_can_be_read_in_order() -> None:
    assert texts({"text": "fallback", "blocks": FULL}) == [
        "Head",
        *("Body", "*f*", "B1", "g"),
        *("alt", "small", "alt 2", "title"),
        *("*raw* &amp; label:wave:", "one", "https://x.y/2", "@U1"),
        *("B2", "Sure?", "It stays.", "Yes", "No", "Pick", "G", "One", "first"),
        "Mark down *",
    ]


def test_text_is_what_is_read_when_there_are_no_blocks() -> None:
    assert texts({"text": "*a* &amp; b"}) == ["a & b"]
    assert links({"text": "<https://x.y|a>"}) == ["https://x.y"]
    assert texts({"delete_original": True}) == []


def test_texts_of_a_view_are_its_title_blocks_and_buttons() -> None:
    form = view(
        input_block(typed(placeholder=plain("type"), initial_value="was"), hint=plain("hint")),
        submit=plain("Send"),
        close=plain("Back"),
    )
    assert texts(form) == ["Segue", "Words", "was", "type", "hint", "Send", "Back"]


def test_links_are_those_that_open_each_once() -> None:
    payload = {
        "text": "<https://x.y/fallback>",
        "blocks": [
            section(mrkdwn("<https://x.y/1?a=1&amp;b=2|a> https://bare.x <mailto:a@x.y|m>")),
            context(mrkdwn("<https://x.y/2> <@U1>")),
            rich(line(linked("https://x.y/3"), linked("https://x.y/2"))),
            actions(link_button("https://x.y/4"), choice("overflow", options=[option(url="u:5")])),
            markdown("[a](https://x.y/6)"),
            image(),
        ],
    }
    found = ["https://x.y/1?a=1&b=2", "mailto:a@x.y", "https://x.y/2", "https://x.y/3"]
    assert links(payload) == [*found, "https://x.y/4", "u:5", "https://x.y/6"]


def test_buttons_are_read_with_what_pressing_them_sends() -> None:
    blocks = [
        section(accessory=button("act:1"), block_id="one"),
        actions(link_button(), select()),
    ]
    assert buttons({"blocks": blocks}) == [
        Button("Go", "act:1", "v", "", "one"),
        Button("Open", "open:0", "", "https://x.y", ""),
    ]


def test_selects_are_read_with_their_choices() -> None:
    grouped = select(option_groups=[group(option("1")), group(option("2", "Two"))])
    external = select("external_select", action_id="e")
    found = selects(view(actions(grouped, block_id="b"), input_block(external, block_id="i")))
    assert [(one.kind, one.action_id, one.block_id, one.placeholder) for one in found] == [
        ("static_select", "choose:0", "b", "Pick"),
        ("external_select", "e", "i", "Pick"),
    ]
    assert found[0].choices == (Choice("One", "1", ""), Choice("Two", "2", ""))
    assert found[1].choices == ()
    assert found[1].element == external


def test_inputs_are_read_in_order() -> None:
    form = view(section(), input_block(block_id="b", optional=True), input_block(select()))
    found = [
        (one.label, one.block_id, one.action_id, one.kind, one.optional) for one in inputs(form)
    ]
    assert found == [
        ("Words", "b", "typed", "plain_text_input", True),
        ("Words", "", "choose:0", "static_select", False),
    ]


PINGS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "in text": (
        {"text": "<@U1> <@U2|b> <!channel> <!here|here> <!everyone> <!subteam^S1|@t> <#C1|g>"},
        ["<@U1>", "<@U2>", "<!channel>", "<!here>", "<!everyone>", "<!subteam^S1>", "<#C1>"],
    ),
    "in code": ({"text": "`<!here>`"}, ["<!here>"]),
    "in blocks": (
        {"text": "x", "blocks": [section(mrkdwn("<!here>")), context(mrkdwn("<@U1>"))]},
        ["<!here>", "<@U1>"],
    ),
    "in an option": (
        {"blocks": [actions(choice("checkboxes", options=[{"text": mrkdwn("<@U1>")}]))]},
        ["<@U1>"],
    ),
    "in rich text": (
        {
            "blocks": [
                rich(
                    line(
                        {"type": "user", "user_id": "U1"},
                        {"type": "usergroup", "usergroup_id": "S1"},
                        {"type": "broadcast", "range": "here"},
                        {"type": "channel", "channel_id": "C1"},
                        said("<!channel>"),
                    )
                )
            ]
        },
        ["<@U1>", "<!subteam^S1>", "<!here>", "<#C1>"],
    ),
    "in markdown": ({"blocks": [markdown("<@U1>")]}, ["<@U1>"]),
    "bare in a mrkdwn object": (
        {"text": "@here", "blocks": [section(mrkdwn("hi @here, a@channel.x"))]},
        ["@here"],
    ),
    "bare in verbatim mrkdwn": (
        {"text": "@here", "blocks": [section(mrkdwn("@here", verbatim=True))]},
        [],
    ),
    "escaped": ({"text": "&lt;!here&gt;", "blocks": [section(mrkdwn("&lt;@U1&gt;"))]}, []),
    "in plain text": ({"blocks": [header("<!here> @here")]}, []),
    "label of a link": ({"blocks": [section(mrkdwn("<https://x.y|@here>"))]}, []),
    "broken up": ({"blocks": [section(mrkdwn("@\u200bhere"))]}, []),
}


@pytest.mark.parametrize(("payload", "found"), PINGS.values(), ids=PINGS.keys())
def test_pings_are_the_mentions_that_would_notify(payload: Any, found: list[str]) -> None:
    assert pings(payload) == found
