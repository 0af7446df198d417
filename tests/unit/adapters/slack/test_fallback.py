"""The text of a message tells all of it, to notifications and to screen readers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack.fallback import fallback
from adapters.slack.limits import FALLBACK
from adapters.slack.mrkdwn import decode, faults, targets
from adapters.text import is_blank, units
from bot.core.actions import Action
from bot.core.reply import (
    Button,
    Choice,
    EpisodeLine,
    EpisodeList,
    Example,
    MomentCard,
    Notice,
    Reply,
)
from tests.contract.test_platforms import is_shown, times_of, titles_of
from tests.fakes.slack_server.rules.mrkdwn import pings_in
from tests.strategies_replies import replies
from tests.unit.adapters.samples import CARD, HUGE_UNITS, huge_replies, moment, moment_list, options


def read(text: str) -> str:
    """Return what is read out: the labels of links, and everything else as it was written."""
    return decode(re.sub(r"<[^<>|]+\|([^<>]*)>", r"\1", text))


def test_fallback_of_a_card_is_the_text_documented() -> None:
    assert fallback(CARD).split("\n") == [
        "<https://youtu.be/_1f-o0nqpEI?t=7232|2:00:32 · KV Cache>",
        "<https://youtu.be/_1f-o0nqpEI|Watch> · DeepSeek, China and TSMC | "
        "Lex Fridman Podcast #459",
        "noted 2:28 earlier",
        "Showing “kv cache”; nothing is spelled “kv cach”.",
        "Key and value are kept.",
        "",
        "So the *next* token is cheap.",
        "Previous · <https://youtu.be/_1f-o0nqpEI?t=6207|1:43:27 · TSMC and R&amp;D Locations>",
        "Next · <https://youtu.be/_1f-o0nqpEI?t=11065|3:04:25 · o3-mini>",
        "Notes · Gemini 2.0 Flash",
    ]


def test_fallback_of_a_shared_page_says_by_whom_and_which() -> None:
    text = fallback(replace(CARD, shared_by="Ada <b>", page=2, pages=3))
    assert text.startswith("Shared by Ada &lt;b&gt;\n")
    assert text.endswith("\nPage 2 of 3 · Notes · Gemini 2.0 Flash")


def test_fallback_of_a_list_links_every_line() -> None:
    text = fallback(moment_list(moment(1, 60, "Intel", note="0:50 later"), moment(2, 90, "TSMC")))
    assert text.split("\n")[-3:] == [
        "• <https://youtu.be/_1f-o0nqpEI?t=60|1:00 · Intel>",
        "0:50 later",
        "• <https://youtu.be/_1f-o0nqpEI?t=90|1:30 · TSMC>",
    ]


def test_fallback_of_episodes_says_what_each_is() -> None:
    episode = replace(CARD.moment.episode, title="Megaclusters")
    line = EpisodeLine(
        episode=episode, show="Lex", detail="15 notes", open=Action("outline", ("1", "0"))
    )
    assert fallback(EpisodeList(heading="Episodes", episodes=(line,))) == (
        f"Episodes\n• <{episode.url}|Megaclusters>\nLex · 15 notes"
    )


def test_fallback_of_a_question_tells_its_answers() -> None:
    asked = Choice(question="Which?", options=options(2, "a detail"), remarks=("Hm.",))
    assert fallback(asked) == "Which?\nHm.\n• Answer 0: a detail\n• Answer 1: a detail"


def test_fallback_of_help_tells_its_examples_links_and_reference() -> None:
    reply = Notice(
        title="Segue",
        text="I know.",
        examples=(Example("/x kv", "Find it"),),
        reference="abc",
        buttons=(
            Button("Docs", url="https://a.example"),
            Button("More", Action("catalog", ("0",))),
        ),
    )
    assert fallback(reply) == (
        "Segue\nI know.\n/x kv: Find it\nReference abc\n<https://a.example|Docs>"
    )


def test_fallback_of_a_long_text_cuts_it_visibly_and_keeps_the_rest() -> None:
    text = fallback(replace(CARD, text="word " * 2_000))
    assert "word…\nPrevious · <" in text
    assert FALLBACK - 10 < units(text) <= FALLBACK


def test_fallback_of_more_lines_than_fit_ends_with_a_mark_and_no_half_link() -> None:
    text = fallback(moment_list(*(moment(n, n, f"Title number {n}") for n in range(1, 200))))
    assert text.endswith("\n…")
    assert units(text) <= FALLBACK
    assert faults(text) == []


def test_fallback_of_a_list_with_long_addresses_gives_up_links_before_titles() -> None:
    url = "https://media.example/" + "x" * 900
    lines = [replace(moment(n, n, f"Title number {n}"), url=url) for n in range(1, 25)]
    text = fallback(moment_list(*lines))
    assert all(f"Title number {n}" in text for n in range(1, 25))


def test_fallback_of_nothing_to_say_is_not_empty() -> None:
    assert fallback(Notice(text=" \u200b")) == "…"


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_fallback_of_any_reply_tells_every_title_and_time(reply: Reply) -> None:
    heard = read(fallback(reply))
    assert [title for title in titles_of(reply) if not is_shown(title, heard)] == []
    assert [at for at in times_of(reply) if at not in heard] == []


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_fallback_of_any_reply_fits_and_nothing_foreign_in_it_is_live(reply: Reply) -> None:
    text = fallback(reply)
    assert not is_blank(text)
    assert units(text) <= FALLBACK
    assert faults(text) == []
    assert pings_in(text, verbatim=False) == []
    assert not any("evil.example" in target for target in targets(text))


@pytest.mark.parametrize("unit", HUGE_UNITS)
def test_fallback_of_ten_megabytes_anywhere_fits(unit: str) -> None:
    for reply in huge_replies(unit):
        assert units(fallback(reply)) <= FALLBACK


def test_fallback_opens_what_the_buttons_open_once() -> None:
    assert isinstance(CARD, MomentCard)
    assert targets(fallback(CARD)).count(CARD.moment.url) == 1
