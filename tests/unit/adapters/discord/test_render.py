"""Cards, lists, questions and notices as Discord shows them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.discord.body import Part, actions, contents, links, visible_text, walk
from adapters.discord.form import form
from adapters.discord.limits import violations
from adapters.discord.render import render
from bot.core.actions import Action
from bot.core.reply import (
    Audience,
    Button,
    Choice,
    EpisodeLine,
    EpisodeList,
    Example,
    Notice,
    Option,
    Reply,
    Tone,
)
from bot.core.timecode import Timecode
from tests.strategies_replies import choices, replies
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

PING = re.compile(r"@(everyone|here)|<(?:[@#:/]|a:|t:|id:)[^<>\\]*>")


def parts_of(reply: Reply, kind: Part) -> list[dict[str, Any]]:
    return [part for part in walk(render(reply)) if part["type"] == kind]


def labels_of(reply: Reply) -> list[list[str]]:
    """Return the labels of each row of buttons."""
    rows = parts_of(reply, Part.ROW)
    return [[button["label"] for button in row["components"]] for row in rows]


def test_render_of_a_card_is_the_body_documented() -> None:
    assert render(CARD) == {
        "tts": False,
        "flags": 1 << 15 | 1 << 6,
        "allowed_mentions": {"parse": []},
        "components": [
            {
                "type": 17,
                "components": [
                    {
                        "type": 10,
                        "content": "### [2:00:32 · KV Cache](https://youtu.be/_1f-o0nqpEI?t=7232)\n"
                        "-# noted 2:28 earlier\n"
                        "-# [DeepSeek, China and TSMC | Lex Fridman Podcast #459]"
                        "(https://youtu.be/_1f-o0nqpEI)\n"
                        "-# *Showing “kv cache”; nothing is spelled “kv cach”.*",
                    },
                    {
                        "type": 10,
                        "content": "Key and value are kept.\n\nSo the \\*next\\* token is cheap.",
                    },
                    {"type": 14, "divider": True, "spacing": 1},
                    {
                        "type": 10,
                        "content": "-# Previous · [1:43:27 · TSMC and R&D Locations]"
                        "(https://youtu.be/_1f-o0nqpEI?t=6207)\n"
                        "-# Next · [3:04:25 · o3-mini](https://youtu.be/_1f-o0nqpEI?t=11065)\n"
                        "-# Notes · Gemini 2.0 Flash",
                    },
                    {
                        "type": 1,
                        "components": [
                            {
                                "type": 2,
                                "style": 5,
                                "label": "Watch",
                                "url": "https://youtu.be/_1f-o0nqpEI?t=7232",
                            },
                            {
                                "type": 2,
                                "style": 2,
                                "label": "Related",
                                "custom_id": "1|related|7",
                            },
                            {
                                "type": 2,
                                "style": 2,
                                "label": "Share",
                                "custom_id": "1|share|c4rd|7",
                            },
                            {
                                "type": 2,
                                "style": 2,
                                "label": "Report",
                                "custom_id": "1|report|7||",
                            },
                        ],
                    },
                    {
                        "type": 1,
                        "components": [
                            {
                                "type": 2,
                                "style": 2,
                                "label": "← 1:43:27",
                                "custom_id": "1|moment|6",
                            },
                            {
                                "type": 2,
                                "style": 2,
                                "label": "3:04:25 →",
                                "custom_id": "1|moment|8",
                            },
                        ],
                    },
                ],
            }
        ],
    }


def test_render_of_a_shared_card_is_public_and_names_its_sharer() -> None:
    body = render(replace(CARD, audience=Audience.CHANNEL, shared_by="*Ada* @everyone"))
    assert body["flags"] == 1 << 15
    assert visible_text(body).startswith("Shared by *Ada* @everyone\n2:00:32 · KV Cache")
    assert not PING.search(json.dumps(body))


def test_render_of_a_page_says_which() -> None:
    assert "Page 2 of 3 · Notes" in visible_text(render(replace(CARD, page=2, pages=3)))


def test_render_of_a_full_page_of_ordinary_text_cuts_nothing() -> None:
    text = ("The quick_brown fox (R&D) jumps over 2 * 3 lazy dogs. " * 60)[:2_500].strip()
    assert text in visible_text(render(replace(CARD, text=text)))


@pytest.mark.parametrize("unit", ["*", "\\", "_a_ ", "[a](b) ", "`x` ", "**x** ", "@everyone"])
def test_render_of_a_full_page_of_markup_cuts_nothing(unit: str) -> None:
    text = (unit * 2_500)[:2_500].strip()
    body = render(replace(CARD, text=text))
    assert text in visible_text(body)
    assert violations(body) == []


def test_render_that_must_cut_a_text_says_so_and_offers_all_of_it() -> None:
    body = render(replace(CARD, text="word " * 2_000))
    assert "word…" in visible_text(body)
    assert "1|full|7|1" in actions(body)
    assert labels_of(replace(CARD, text="word " * 2_000))[0][:2] == ["Watch", "Full text"]


def test_render_that_cuts_nothing_offers_no_full_text_of_its_own() -> None:
    assert "1|full|7|1" not in actions(render(CARD))


def test_render_of_a_card_without_text_has_no_line_above_its_foot() -> None:
    assert parts_of(replace(CARD, text=" \n"), Part.SEPARATOR) == []


def test_render_of_a_link_too_long_for_a_button_keeps_it_in_the_text() -> None:
    url = "https://media.example/" + "x" * 600
    body = render(replace(CARD, buttons=(Button("Listen", url=url),)))
    assert f"[Listen]({url})" in "\n".join(contents(body))
    assert violations(body) == []


def test_render_of_the_longest_address_twice_shows_it_once_and_fits() -> None:
    url = "https://media.example/" + "x" * 1_978
    line = replace(CARD.moment, url=url)
    body = render(
        replace(CARD, moment=line, buttons=(Button("Watch", url=url),), text="a " * 3_000)
    )
    assert violations(body) == []
    assert url in links(body)


def test_render_of_an_address_that_is_not_http_opens_nothing() -> None:
    line = replace(CARD.moment, url="javascript:alert(1)")
    body = render(replace(CARD, moment=line, buttons=(Button("Watch", url="javascript:alert(1)"),)))
    assert not any("javascript" in link for link in links(body))
    assert "2:00:32 · KV Cache" in visible_text(body)
    assert violations(body) == []


def test_render_of_a_repeated_action_offers_it_once() -> None:
    again = Button("Earlier", Action("moment", ("6",)))
    reply = replace(CARD, buttons=(*CARD.buttons, again))
    assert labels_of(reply)[1] == ["3:04:25 →"]
    assert violations(render(reply)) == []


def test_render_of_a_list_gives_each_line_a_section_with_its_button() -> None:
    reply = moment_list(moment(1, 6207, "TSMC and R&D Locations"), moment(2, 60, "Intel"))
    sections = parts_of(reply, Part.SECTION)
    assert [section["components"][0]["content"] for section in sections] == [
        "**[1:43:27 · TSMC and R&D Locations](https://youtu.be/_1f-o0nqpEI?t=6207)**",
        "**[1:00 · Intel](https://youtu.be/_1f-o0nqpEI?t=60)**",
    ]
    assert [section["accessory"]["custom_id"] for section in sections] == [
        "1|moment|1",
        "1|moment|2",
    ]


def test_render_of_a_list_names_a_common_source_once() -> None:
    reply = moment_list(moment(1, 6207, "TSMC"), moment(2, 60, "Intel"))
    assert visible_text(render(reply)).count(SOURCE) == 1


def test_render_of_a_list_names_differing_sources_at_each_line() -> None:
    other = replace(moment(2, 60, "Intel"), source="Chapters")
    text = visible_text(render(moment_list(moment(1, 6207, "TSMC"), other)))
    assert text.count(SOURCE) == 1
    assert "Chapters" in text


def test_render_of_a_list_discloses_a_link_that_disagrees_and_a_distance() -> None:
    line = moment(1, 14930, "Intel", link_at=Timecode(14870), note="0:50 later")
    text = visible_text(render(moment_list(line)))
    assert "0:50 later · the source's own link opens 4:07:50" in text


def test_render_of_a_long_list_offers_a_select_instead_of_buttons() -> None:
    reply = moment_list(*(moment(n, n, f"Title {n}") for n in range(1, 26)))
    body = render(reply)
    assert parts_of(reply, Part.SECTION) == []
    assert len(parts_of(reply, Part.SELECT)[0]["options"]) == 25
    assert {f"1|moment|{n}" for n in range(1, 26)} <= actions(body)
    assert {f"https://youtu.be/_1f-o0nqpEI?t={n}" for n in range(1, 26)} <= links(body)
    assert violations(body) == []


def test_render_of_more_lines_than_a_message_holds_says_how_many_are_missing() -> None:
    body = render(moment_list(*(moment(n, n, "Title") for n in range(1, 41))))
    assert "15 more do not fit here." in visible_text(body)
    assert violations(body) == []


def test_render_of_episodes_opens_each() -> None:
    line = EpisodeLine(
        episode=EPISODE, show="Lex", detail="15 notes", open=Action("outline", ("1", "0"))
    )
    body = render(EpisodeList(heading="Episodes", episodes=(line,)))
    assert "Lex · 15 notes" in visible_text(body)
    assert actions(body) == {"1|outline|1|0"}
    assert links(body) == {EPISODE.url}


def test_render_of_a_few_short_answers_is_buttons() -> None:
    assert labels_of(Choice(question="Which?", options=options(2))) == [["Answer 0", "Answer 1"]]


@pytest.mark.parametrize("answers", [options(6), options(2, "with a second line")])
def test_render_of_many_or_detailed_answers_is_a_select(answers: tuple[Option, ...]) -> None:
    reply = Choice(question="Which?", options=answers)
    assert len(parts_of(reply, Part.SELECT)[0]["options"]) == len(answers)


def test_render_of_a_sentence_is_bare_text() -> None:
    assert render(Notice(text="Shared with the channel."))["components"] == [
        {"type": 10, "content": "Shared with the channel."}
    ]


def test_render_of_an_error_is_marked_and_carries_its_reference() -> None:
    body = render(Notice(text="That failed.", tone=Tone.ERROR, reference="abc12345"))
    (frame,) = [part for part in walk(body) if part["type"] == Part.CONTAINER]
    assert frame["accent_color"] == 0xC0392B
    assert "Reference abc12345" in visible_text(body)


def test_render_of_help_shows_commands_as_they_are_typed() -> None:
    body = render(
        Notice(title="Segue", text="I know.", examples=(Example("/topic kv_cache", "Find it"),))
    )
    assert contents(body)[-1] == "`/topic kv_cache`\n-# Find it"


def test_form_of_a_report_asks_for_an_answer_and_for_words() -> None:
    made = form(
        Choice(question="What is wrong?", options=options(2, "detail"), comment="What instead?")
    )
    assert made is not None
    answer, comment = (field["component"] for field in made["components"])
    assert [option["value"] for option in answer["options"]] == ["1|report|1|0|", "1|report|1|1|"]
    assert (made["title"], comment["max_length"], comment["required"]) == (
        "What is wrong?", 500, False,
    )  # fmt: skip
    assert violations(made) == []


@pytest.mark.parametrize(
    "reply",
    [Choice(question="Which?", options=options(2)), Notice(text="No"),
     Choice(question="Which?", options=(), comment="Say")],
)  # fmt: skip
def test_form_of_anything_without_both_questions_is_none(reply: Reply) -> None:
    assert form(reply) is None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(choices())
def test_form_of_any_choice_is_one_discord_takes(reply: Choice) -> None:
    made = form(reply)
    if made is not None:
        assert violations(made) == []
        assert actions(made) == {option.action.encode() for option in reply.options}


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_render_of_any_reply_pings_nobody_and_opens_nothing_of_its_texts(reply: Reply) -> None:
    body = render(reply)
    written = "\n".join(contents(body))
    assert not PING.search(written)
    assert body["allowed_mentions"] == {"parse": []}
    assert not any("evil.example" in link for link in links(body))


@pytest.mark.parametrize("unit", HUGE_UNITS)
def test_render_of_ten_megabytes_anywhere_keeps_every_limit(unit: str) -> None:
    for reply in huge_replies(unit):
        assert violations(render(reply)) == []
        made = form(reply)
        assert made is None or violations(made) == []


@pytest.mark.parametrize("reply", [Notice(text="Off.", channel="42"), moment_list(channel="42")])
def test_channel_that_a_reply_is_about_is_named_as_discord_names_it(reply: Reply) -> None:
    assert "-# <#42>" in str(render(reply)["components"])
    assert violations(render(reply)) == []


@pytest.mark.parametrize("channel", ["", "general", "1>@everyone", "1" * 21, "1\n"])
def test_channel_that_is_no_id_of_discords_is_left_out(channel: str) -> None:
    assert render(Notice(text="Off.", channel=channel)) == render(Notice(text="Off."))
