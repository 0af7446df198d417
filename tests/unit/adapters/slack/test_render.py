"""Cards, lists, questions and notices as Slack shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack.body import actions, inside, links, visible_text
from adapters.slack.limits import violations
from adapters.slack.render import render
from bot.core.actions import Action
from bot.core.reply import (
    Audience,
    Button,
    Choice,
    EpisodeLine,
    EpisodeList,
    Example,
    MomentGroup,
    MomentList,
    Notice,
    Option,
    Reply,
    Tone,
)
from bot.core.timecode import Timecode
from tests.strategies_replies import replies
from tests.unit.adapters.samples import (
    CARD,
    EPISODE,
    HUGE_UNITS,
    SOURCE,
    huge_replies,
    moment,
    moment_list,
    options,
)
from tests.unit.adapters.slack.checks import check_body


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}


def mrkdwn(content: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": content, "verbatim": True}


def rich(*lines: list[dict[str, Any]]) -> dict[str, Any]:
    made = [{"type": "rich_text_section", "elements": line} for line in lines]
    return {"type": "rich_text", "elements": made}


def pressed(number: int, words: str, value: str) -> dict[str, Any]:
    return {
        "type": "button", "action_id": f"act:{number}", "text": plain(words), "value": value,
    }  # fmt: skip


def blocks_of(reply: Reply, kind: str) -> list[dict[str, Any]]:
    return [block for block in render(reply)["blocks"] if block["type"] == kind]


def labels_of(reply: Reply) -> list[list[str]]:
    """Return the labels of each row of buttons."""
    return [
        [element["text"]["text"] for element in block["elements"] if "text" in element]
        for block in blocks_of(reply, "actions")
    ]


def test_render_of_a_card_is_the_body_documented() -> None:
    watch = "https://youtu.be/_1f-o0nqpEI?t=7232"
    body = render(CARD)
    assert body.pop("text")
    assert body == {
        "response_type": "ephemeral",
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [
            {
                "type": "section",
                "text": mrkdwn(f"*<{watch}|2:00:32 · KV Cache>*"),
                "accessory": {
                    "type": "button",
                    "action_id": "open:1",
                    "text": plain("Watch"),
                    "url": watch,
                },
            },
            rich(
                [{"type": "link", "text": EPISODE.title, "url": EPISODE.url}],
                [{"type": "text", "text": "noted 2:28 earlier"}],
            ),
            {
                "type": "context",
                "elements": [plain("Showing “kv cache”; nothing is spelled “kv cach”.")],
            },
            rich(
                [
                    {
                        "type": "text",
                        "text": "Key and value are kept.\n\nSo the *next* token is cheap.",
                    }
                ]
            ),
            {
                "type": "context",
                "elements": [
                    mrkdwn(
                        "Previous · <https://youtu.be/_1f-o0nqpEI?t=6207"
                        "|1:43:27 · TSMC and R&amp;D Locations>"
                    )
                ],
            },
            {
                "type": "context",
                "elements": [
                    mrkdwn("Next · <https://youtu.be/_1f-o0nqpEI?t=11065|3:04:25 · o3-mini>")
                ],
            },
            {"type": "context", "elements": [plain(SOURCE)]},
            {
                "type": "actions",
                "elements": [
                    pressed(2, "Related", "1|related|7"),
                    pressed(3, "Share", "1|share|c4rd|7"),
                    pressed(4, "Report", "1|report|7||"),
                    pressed(5, "← 1:43:27", "1|moment|6"),
                    pressed(6, "3:04:25 →", "1|moment|8"),
                ],
            },
        ],
    }


def test_render_of_a_shared_card_is_public_and_names_its_sharer() -> None:
    body = render(replace(CARD, audience=Audience.CHANNEL, shared_by="*Ada* @everyone"))
    assert body["response_type"] == "in_channel"
    assert visible_text(body).startswith("Shared by *Ada* @everyone\n2:00:32 · KV Cache")
    check_body(body)


@pytest.mark.parametrize("title", ["a *b* _c_", "x | `y`", ":tada: party", "<!channel>", "C++ ~~"])
def test_render_of_a_title_that_mrkdwn_would_change_shows_it_beside_its_link(title: str) -> None:
    (head,) = blocks_of(replace(CARD, moment=replace(CARD.moment, title=title)), "section")
    assert head["fields"] == [
        mrkdwn(f"*<{CARD.moment.url}|2:00:32>*"),
        plain(title),
    ]
    assert head["accessory"]["url"] == CARD.moment.url


def test_render_of_a_neighbour_that_mrkdwn_would_change_shows_it_beside_its_link() -> None:
    (line,) = [
        block
        for block in blocks_of(replace(CARD, next=moment(8, 60, "*x*")), "context")
        if len(block["elements"]) == 2
    ]
    assert line["elements"] == [
        mrkdwn("Next · <https://youtu.be/_1f-o0nqpEI?t=60|1:00>"),
        plain("*x*"),
    ]


def test_render_of_a_title_with_a_pipe_stands_beside_its_time() -> None:
    (head,) = blocks_of(replace(CARD, moment=replace(CARD.moment, title="A | B")), "section")
    assert head["text"] == mrkdwn(f"*<{CARD.moment.url}|2:00:32> · A | B*")


def test_render_of_a_card_without_a_watch_button_opens_its_moment_all_the_same() -> None:
    (head,) = blocks_of(replace(CARD, buttons=()), "section")
    assert (head["accessory"]["text"]["text"], head["accessory"]["url"]) == (
        "Watch", CARD.moment.url,
    )  # fmt: skip


def test_render_of_a_page_says_which() -> None:
    assert "Page 2 of 3 · Notes" in visible_text(render(replace(CARD, page=2, pages=3)))


@pytest.mark.parametrize("unit", ["*", "&", "<!here> ", "[a](b) ", "`x` ", ":x:", "@everyone"])
def test_render_of_a_full_page_of_markup_cuts_nothing(unit: str) -> None:
    text = (unit * 2_500)[:2_500].strip()
    body = render(replace(CARD, text=text))
    assert text in visible_text(body)
    check_body(body)


def test_render_that_must_cut_a_text_says_so_and_offers_all_of_it() -> None:
    long = replace(CARD, text="word " * 2_000)
    assert "word…" in visible_text(render(long))
    assert "1|full|7|1" in actions(render(long))
    assert labels_of(long)[0][:2] == ["Full text", "Related"]


def test_render_that_cuts_nothing_offers_no_full_text_of_its_own() -> None:
    assert "1|full|7|1" not in actions(render(CARD))


def test_render_of_an_address_too_long_for_a_heading_keeps_it_on_watch() -> None:
    url = "https://media.example/" + "x" * 1_978
    line = replace(CARD.moment, url=url)
    body = render(replace(CARD, moment=line, buttons=(Button("Watch", url=url),)))
    assert url in links(body)
    assert "2:00:32 · KV Cache" in visible_text(body)
    check_body(body)


def test_render_of_an_address_that_is_not_http_opens_nothing() -> None:
    line = replace(CARD.moment, url="javascript:alert(1)")
    body = render(replace(CARD, moment=line, buttons=(Button("Watch", url="javascript:alert(1)"),)))
    assert not any("javascript" in link for link in links(body))
    assert "2:00:32 · KV Cache" in visible_text(body)
    check_body(body)


def test_render_of_a_repeated_action_offers_it_once() -> None:
    again = Button("Earlier", Action("moment", ("6",)))
    (row,) = labels_of(replace(CARD, buttons=(*CARD.buttons, again)))
    assert row == ["Related", "Share", "Report", "Earlier", "3:04:25 →"]


def test_render_of_many_buttons_puts_25_in_a_block() -> None:
    many = tuple(Button(f"B{n}", Action("catalog", (str(n),))) for n in range(30))
    assert list(map(len, labels_of(Notice(text="Hello", buttons=many)))) == [25, 5]


def test_render_of_a_list_gives_each_line_a_section_with_its_button() -> None:
    reply = moment_list(moment(1, 6207, "TSMC and R&D Locations"), moment(2, 60, "*Intel*"))
    first, second = blocks_of(reply, "section")
    assert first == {
        "type": "section",
        "text": mrkdwn(
            "*<https://youtu.be/_1f-o0nqpEI?t=6207|1:43:27 · TSMC and R&amp;D Locations>*"
        ),
        "accessory": pressed(1, "Read", "1|moment|1"),
    }
    assert second == {
        "type": "section",
        "fields": [mrkdwn("*<https://youtu.be/_1f-o0nqpEI?t=60|1:00>*"), plain("*Intel*")],
        "accessory": pressed(2, "Read", "1|moment|2"),
    }


def test_render_of_a_list_heads_its_lines_with_their_episode_and_common_source() -> None:
    reply = moment_list(moment(1, 6207, "TSMC"), moment(2, 60, "Intel"))
    (heading,) = blocks_of(reply, "header")
    assert heading["text"] == plain("3 moments about “tsmc”")
    (episode,) = blocks_of(reply, "rich_text")
    assert episode == rich(
        [
            {"type": "link", "text": EPISODE.title, "url": EPISODE.url, "style": {"bold": True}},
            {"type": "text", "text": f" · {SOURCE}"},
        ]
    )
    assert visible_text(render(reply)).count(SOURCE) == 1


def test_render_of_a_list_names_differing_sources_at_each_line() -> None:
    other = replace(moment(2, 60, "Intel"), source="Chapters")
    text = visible_text(render(moment_list(moment(1, 6207, "TSMC"), other)))
    assert text.count(SOURCE) == 1
    assert "Chapters" in text


def test_render_of_a_list_discloses_a_link_that_disagrees_and_a_distance() -> None:
    line = moment(1, 14930, "Intel", link_at=Timecode(14870), note="0:50 later")
    (section,) = blocks_of(moment_list(line), "section")
    detail = "0:50 later · the source's own link opens 4:07:50"
    assert section["text"]["text"].endswith(f"|4:08:50 · Intel>*\n{detail}")


def test_render_of_a_detail_that_mrkdwn_would_change_stands_beside_the_title() -> None:
    (section,) = blocks_of(moment_list(moment(1, 60, "Intel", note="*soon*")), "section")
    assert section["fields"][1] == plain("*soon*")


def test_render_of_40_lines_offers_each_and_says_how_many_are_missing() -> None:
    body = render(moment_list(*(moment(n, n, "Title") for n in range(1, 45))))
    assert {f"1|moment|{n}" for n in range(1, 41)} == actions(body)
    assert "4 more do not fit here." in visible_text(body)
    check_body(body)


def test_render_of_many_groups_keeps_to_50_blocks() -> None:
    groups = tuple(
        MomentGroup(episode=EPISODE, moments=(moment(n, n, f"Title {n}"),)) for n in range(40)
    )
    buttons = tuple(Button(f"B{n}", Action("catalog", (str(n),))) for n in range(60))
    body = render(MomentList(heading="All", groups=groups, remarks=("Hm.",), buttons=buttons))
    assert "18 more do not fit here." in visible_text(body)
    check_body(body)


def test_render_of_long_addresses_keeps_every_title_and_its_button() -> None:
    url = "https://media.example/" + "x" * 1_900
    lines = [replace(moment(n, n, f"Title {n}"), url=url) for n in range(1, 31)]
    body = render(moment_list(*lines))
    assert all(f"Title {n}" in visible_text(body) for n in range(1, 31))
    assert len(actions(body)) == 30
    check_body(body)


def test_render_of_episodes_opens_each() -> None:
    line = EpisodeLine(
        episode=EPISODE, show="Lex", detail="15 notes", open=Action("outline", ("1", "0"))
    )
    body = render(EpisodeList(heading="Episodes", episodes=(line,)))
    assert "Lex · 15 notes" in visible_text(body)
    assert actions(body) == {"1|outline|1|0"}
    assert links(body) == {EPISODE.url}


def test_render_of_a_heading_too_long_for_its_block_is_a_section() -> None:
    reply = replace(moment_list(moment(1, 1, "A")), heading="word " * 50)
    assert blocks_of(reply, "header") == []
    assert blocks_of(reply, "section")[0]["text"] == plain(("word " * 50).strip())


def test_render_of_a_few_short_answers_is_buttons() -> None:
    assert labels_of(Choice(question="Which?", options=options(2))) == [["Answer 0", "Answer 1"]]


@pytest.mark.parametrize("answers", [options(6), options(2, "with a second line")])
def test_render_of_many_or_detailed_answers_is_a_select(answers: tuple[Option, ...]) -> None:
    (row,) = blocks_of(Choice(question="Which?", options=answers), "actions")
    (select,) = row["elements"]
    assert (select["type"], select["action_id"]) == ("static_select", "choose:1")
    assert [one["value"] for one in select["options"]] == [one.action.encode() for one in answers]


def test_render_of_a_sentence_is_one_line() -> None:
    assert render(Notice(text="Shared with the channel."))["blocks"] == [
        rich([{"type": "text", "text": "Shared with the channel."}])
    ]


def test_render_of_an_error_is_marked_and_carries_its_reference() -> None:
    body = render(Notice(text="That failed.", tone=Tone.ERROR, reference="abc12345"))
    assert {"type": "emoji", "name": "warning"} in list(inside(body))
    assert "Reference abc12345" in visible_text(body)
    check_body(body)


def test_render_of_help_shows_commands_as_they_are_typed() -> None:
    reply = Notice(title="Segue", text="I know.", examples=(Example("/x kv_cache", "Find *it*"),))
    assert blocks_of(reply, "rich_text")[-1] == rich(
        [
            {"type": "text", "text": "/x kv_cache", "style": {"code": True}},
            {"type": "text", "text": "  Find *it*"},
        ]
    )


def test_render_of_nothing_to_say_is_still_a_body_slack_takes() -> None:
    check_body(render(Notice(text=" \u200b")))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_render_of_any_reply_is_taken_by_slack_and_pings_nobody(reply: Reply) -> None:
    check_body(render(reply))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_render_of_any_reply_opens_nothing_of_its_texts(reply: Reply) -> None:
    body = render(reply)
    assert not any("evil.example" in link for link in links(body))
    assert {part["emoji"] for part in inside(body) if "emoji" in part} <= {False}


@pytest.mark.parametrize("unit", HUGE_UNITS)
def test_render_of_ten_megabytes_anywhere_keeps_every_limit(unit: str) -> None:
    for reply in huge_replies(unit):
        assert violations(render(reply)) == []
