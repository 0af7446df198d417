"""What the console prints for each kind of reply, and what it never prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.console import PLATFORM
from adapters.console.limits import MAX_WIDTH, MIN_WIDTH
from adapters.console.render import draw
from adapters.console.text import is_url, width
from bot.core.actions import Action
from bot.core.reply import (
    Button,
    Choice,
    EpisodeLine,
    EpisodeList,
    EpisodeRef,
    Example,
    MomentCard,
    MomentGroup,
    MomentLine,
    MomentList,
    Notice,
    Option,
    Reading,
    Spelling,
    Tone,
)
from bot.core.timecode import Timecode
from tests.strategies_replies import replies

EPISODE = EpisodeRef(
    1,
    "DeepSeek, China, OpenAI, NVIDIA, xAI, TSMC, Stargate, and AI Megaclusters | "
    "Lex Fridman Podcast #459",
    "Lex #459",
    "https://youtu.be/_1f-o0nqpEI",
)


def moment(ident: int, at: int, title: str, **facts) -> MomentLine:
    url = f"https://youtu.be/_1f-o0nqpEI?t={at}"
    return MomentLine(ident, Timecode(at), title, url, EPISODE, "Notes · Gemini", **facts)


TSMC = moment(5, 6207, "TSMC and R&D Locations")
KV = moment(6, 7232, "KV Cache")
PROMPTS = moment(7, 11065, "Reasoning Prompts and Model Responses")


def printed(reply) -> str:
    body = PLATFORM.render(reply)
    assert PLATFORM.violations(body) == []
    return body["text"]


def test_card_with_all_its_parts_reads_from_title_to_keys():
    card = MomentCard(
        moment=KV,
        text="Here, the podcast delves into the KV Cache.\n\nIt stores what was computed.",
        previous=TSMC,
        next=PROMPTS,
        remarks=("Showing “kv cache”; nothing is spelled “kv cach”.",),
        buttons=(
            Button("Watch", url=KV.url),
            Button("Full text", Action("full", ("6", "1"))),
            Button("Related", Action("related", ("6",))),
        ),
    )
    body = PLATFORM.render(card)
    assert body["text"].split("\n") == [
        "Showing “kv cache”; nothing is spelled “kv cach”.",
        "",
        "2:00:32 · KV Cache",
        "DeepSeek, China, OpenAI, NVIDIA, xAI, TSMC, Stargate, and AI Megaclusters | Lex",
        "Fridman Podcast #459",
        "",
        "Here, the podcast delves into the KV Cache.",
        "",
        "It stores what was computed.",
        "",
        "Watch: https://youtu.be/_1f-o0nqpEI?t=7232",
        "Notes · Gemini",
        "",
        "[1] Full text  [2] Related",
        "[3] Previous: 1:43:27 · TSMC and R&D Locations",
        "[4] Next: 3:04:25 · Reasoning Prompts and Model Responses",
    ]
    assert body["actions"] == ["1|full|6|1", "1|related|6", "1|moment|5", "1|moment|7"]


def test_card_without_a_watch_button_still_shows_its_link():
    assert "\nhttps://youtu.be/_1f-o0nqpEI?t=7232\n" in printed(MomentCard(moment=KV, text="x"))


def test_card_that_is_an_excerpt_shows_the_cut():
    assert "cut here …" in printed(MomentCard(moment=KV, text="cut here", complete=False))
    assert "cut…\n" in printed(MomentCard(moment=KV, text="cut…", complete=False))


def test_card_of_a_longer_text_names_its_page_and_its_sharer():
    text = printed(MomentCard(moment=KV, text="x", page=2, pages=3, shared_by="Ada"))
    assert "page 2 of 3" in text
    assert text.startswith("Ada shared:")


def test_card_found_near_a_time_says_how_near():
    near = moment(6, 7232, "KV Cache", note="noted 2:28 earlier")
    assert "2:00:32 · KV Cache · noted 2:28 earlier" in printed(MomentCard(moment=near, text="x"))


def test_card_with_a_button_for_its_neighbour_names_that_key_once():
    card = MomentCard(
        moment=KV, text="x", next=PROMPTS, buttons=(Button("Onward", Action("moment", ("7",))),)
    )
    body = PLATFORM.render(card)
    assert body["text"].endswith("\n\n[1] Onward: 3:04:25 · Reasoning Prompts and Model Responses")
    assert body["actions"] == ["1|moment|7"]


def test_moment_list_is_grouped_by_episode_with_aligned_times_and_links():
    chips = moment(3, 3418, "Chips in US vs China")
    ads = moment(12, 15474, "Ads", link_at=Timecode(15218))
    found = MomentList(
        heading="3 moments about “tsmc”",
        groups=(MomentGroup(episode=EPISODE, moments=(TSMC, chips, ads)),),
        buttons=(Button("More", Action("search", ("0", "5", "=tsmc"))),),
    )
    body = PLATFORM.render(found)
    assert body["text"].split("\n") == [
        "3 moments about “tsmc”",
        "",
        "DeepSeek, China, OpenAI, NVIDIA, xAI, TSMC, Stargate, and AI Megaclusters | Lex",
        "Fridman Podcast #459",
        "[1] 1:43:27  TSMC and R&D Locations",
        "             https://youtu.be/_1f-o0nqpEI?t=6207",
        "[2]   56:58  Chips in US vs China",
        "             https://youtu.be/_1f-o0nqpEI?t=3418",
        "[3] 4:17:54  Ads · the source links to 4:13:38",
        "             https://youtu.be/_1f-o0nqpEI?t=15474",
        "",
        "Notes · Gemini",
        "",
        "[4] More",
    ]
    assert body["actions"] == ["1|moment|5", "1|moment|3", "1|moment|12", "1|search|0|5|=tsmc"]


def test_moment_list_of_several_sources_names_each_ones_source():
    other = MomentLine(9, Timecode(5), "Intro", "https://youtu.be/abc", EPISODE, "Chapters")
    groups = (MomentGroup(episode=EPISODE, moments=(KV, other)),)
    text = printed(MomentList(heading="2 moments", groups=groups))
    assert "KV Cache · Notes · Gemini\n" in text
    assert "Intro · Chapters\n" in text


def test_episode_list_shows_title_show_detail_and_link_of_each():
    opened = Action("outline", ("1", "0"))
    line = EpisodeLine(episode=EPISODE, show="Lex Fridman", detail="15 notes", open=opened)
    text = printed(EpisodeList(heading="Episodes", episodes=(line,)))
    assert text.split("\n")[2:] == [
        "[1] DeepSeek, China, OpenAI, NVIDIA, xAI, TSMC, Stargate, and AI Megaclusters |",
        "    Lex Fridman Podcast #459",
        "    Lex Fridman · 15 notes",
        "    https://youtu.be/_1f-o0nqpEI",
    ]


def test_choice_numbers_its_options_and_keeps_what_to_ask_with_them():
    choice = Choice(
        question="What is wrong?",
        options=(Option("The words", Action("report", ("6", "text", "")), "A name or a term"),),
        buttons=(Button("Back", Action("moment", ("6",))),),
        comment="What should it say?",
    )
    page = draw(choice, 80)
    assert page.plain().split("\n") == [
        "What is wrong?",
        "",
        "[1] The words",
        "    A name or a term",
        "",
        "[2] Back",
    ]
    assert [key.comment for key in page.keys] == ["What should it say?", None]


def test_help_aligns_meanings_and_puts_them_below_long_commands():
    link = "/summarize https://youtu.be/_1f-o0nqpEI?t=7232"
    text = printed(
        Notice(
            title="Segue",
            text="I know.",
            examples=(
                Example("/topic kv cache", "Find the moment"),
                Example("/help", "This screen"),
                Example(link, "What is going on there"),
            ),
        )
    )
    assert text.split("\n") == [
        "Segue",
        "",
        "I know.",
        "",
        "  /topic kv cache  Find the moment",
        "  /help            This screen",
        f"  {link}",
        "                   What is going on there",
    ]


def test_error_shows_its_reference_and_is_red_in_colour():
    error = Notice(text="It failed.", tone=Tone.ERROR, reference="ab12cd34")
    assert printed(error) == "It failed.\n\nReference: ab12cd34"
    assert "\x1b[31mIt failed.\x1b[0m" in draw(error, 80).coloured()


def test_same_action_twice_has_one_number():
    again = Button("Again", Action("related", ("6",)))
    assert PLATFORM.render(Notice(text="x", buttons=(again, again)))["actions"] == ["1|related|6"]


def test_row_of_many_keys_breaks_between_them():
    buttons = tuple(
        Button(f"Search “something {number}”", Action("related", (str(number),)))
        for number in range(1, 8)
    )
    lines = printed(Notice(text="x", buttons=buttons)).split("\n")[2:]
    assert lines[0] == (
        "[1] Search “something 1”  [2] Search “something 2”  [3] Search “something 3”"
    )
    assert len(lines) == 3


def test_long_link_stands_alone_and_whole():
    url = "https://example.org/" + "p" * 150
    line = MomentLine(1, Timecode(0), "Start", url, EPISODE, "Notes")
    groups = (MomentGroup(episode=EPISODE, moments=(line,)),)
    found = MomentList(heading="1", groups=groups, buttons=(Button("Watch", url=url),))
    lines = printed(found).split("\n")
    assert lines.count(url) == 2
    assert lines[lines.index(url, 6) - 1] == "Watch:"
    assert printed(Notice(text=f"See {url} for more")).split("\n") == ["See", url, "for more"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", "youtu.be/x"])
def test_link_that_is_not_http_is_not_shown(url):
    assert printed(Notice(text="x", buttons=(Button("Open", url=url),))) == "x"


def test_link_with_what_a_terminal_obeys_is_percent_encoded():
    button = Button("Open", url="https://example.org/\x1b]8;;\u202eé x")
    links = PLATFORM.links(PLATFORM.render(Notice(text="x", buttons=(button,))))
    assert links == {"https://example.org/%1B]8;;%E2%80%AEé%20x"}


def test_title_cannot_move_the_cursor_colour_the_screen_or_reorder_it():
    evil = moment(1, 5, "\x1b[2J\x1b]0;gotcha\x07a\rb\x9b31m\u202ec\u2069\nd")
    card = MomentCard(moment=evil, text="\x1b[31m")
    shown = printed(card).split("\n")[0]
    assert shown == "0:05 · \ufffd[2J\ufffd]0;gotcha\ufffda b\ufffd31mc d"
    assert set(re.findall(r"\x1b.{3}", draw(card, 80).coloured())) <= {
        "\x1b[1m", "\x1b[2m", "\x1b[4m", "\x1b[0m",
    }  # fmt: skip


hostile = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

ELSEWHERE = {"url", "episode", "short_title", "previous", "next", "comment"}
"""Fields that the suite of all platforms looks at, or that are shown later or not at all."""


def texts_of(value) -> Iterator[str]:
    if isinstance(value, str) and not isinstance(value, StrEnum):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_of(part)
    elif is_dataclass(value) and not isinstance(value, (Action, Spelling, Reading)):
        for field in fields(value):
            if field.name not in ELSEWHERE:
                yield from texts_of(getattr(value, field.name))


def bare(text: str) -> str:
    return "".join(char for char in text if char.isprintable() and char not in " \ufffd")


@hostile
@given(replies())
def test_any_reply_shows_every_text_it_has(reply):
    shown = bare(PLATFORM.render(reply)["text"])
    assert [text for text in texts_of(reply) if bare(text)[:200] not in shown] == []


@hostile
@given(replies(), st.integers(MIN_WIDTH, MAX_WIDTH))
def test_any_reply_in_colour_differs_by_styling_alone_at_any_width(reply, columns):
    page = draw(reply, columns)
    coloured = page.coloured()
    assert re.sub(r"\x1b\[\d+m", "", coloured) == page.plain()
    for line in page.plain().split("\n"):
        assert width(line) <= columns or is_url(line.strip())
    for line in coloured.split("\n"):
        assert line.count("\x1b[0m") * 2 == line.count("\x1b[")


def test_text_too_long_to_read_is_cut_with_a_visible_mark():
    text = printed(Notice(title="word " * 1_000, text="\n".join(["word"] * 10_000)))
    title, _, rest = text.partition("\n\n")
    assert title.endswith("word…")
    assert rest.endswith("word…")
    assert len(text) <= 11_100
