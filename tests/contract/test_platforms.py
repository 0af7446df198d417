"""What every platform owes its readers, whatever it looks like: nothing lost, nothing refused."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import Platform, platforms
from bot.core.actions import Action
from bot.core.commands import UNKNOWN_ACTION, action_command
from bot.core.reply import (
    Choice,
    EpisodeList,
    MomentCard,
    MomentList,
    Notice,
    Reply,
)
from bot.core.wording import ELLIPSIS
from tests.strategies_replies import moment_cards, replies

ENOUGH = 5
"""Characters that must be left of a shortened title for it to be called visible."""

each_platform = pytest.mark.parametrize(
    "platform", [pytest.param(one, id=name) for name, one in platforms().items()]
)
thorough = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


def titles_of(reply: Reply) -> list[str]:
    """Return what must be read in a reply, whole or visibly shortened."""
    match reply:
        case MomentCard():
            moments = [line for line in (reply.moment, reply.previous, reply.next) if line]
            return [reply.moment.episode.title, *(line.title for line in moments)]
        case MomentList():
            return [reply.heading, *(line.title for line in reply.moments)]
        case EpisodeList():
            return [reply.heading, *(line.episode.title for line in reply.episodes)]
        case Choice():
            return [reply.question, *(option.label for option in reply.options)]
        case Notice():
            return [text for text in (reply.title, reply.text) if text]


def times_of(reply: Reply) -> list[str]:
    """Return the times that must be read in a reply."""
    if isinstance(reply, MomentCard):
        return [str(line.at) for line in (reply.moment, reply.previous, reply.next) if line]
    return [str(line.at) for line in reply.moments] if isinstance(reply, MomentList) else []


def links_of(reply: Reply) -> list[tuple[str, Action | None]]:
    """Return each address of a reply with the action that may stand in for it."""
    links: list[tuple[str, Action | None]] = [
        (button.url, None) for button in reply.buttons if button.url
    ]
    if isinstance(reply, MomentCard):
        links.append((reply.moment.url, None))
        links += [(line.url, line.open) for line in (reply.previous, reply.next) if line]
    elif isinstance(reply, MomentList):
        links += [(line.url, line.open) for line in reply.moments]
    elif isinstance(reply, EpisodeList):
        links += [(line.episode.url, line.open) for line in reply.episodes]
    return links


def actions_of(reply: Reply) -> list[Action]:
    """Return every action a reply offers."""
    actions = [button.action for button in reply.buttons if button.action]
    match reply:
        case MomentCard():
            actions += [line.open for line in (reply.previous, reply.next) if line]
        case MomentList():
            actions += [line.open for line in reply.moments]
        case EpisodeList():
            actions += [line.open for line in reply.episodes]
        case Choice():
            actions += [option.action for option in reply.options]
        case Notice():
            pass
    return actions


def bare(text: str) -> str:
    """Return the characters of a text that leave ink: platforms wrap and tidy as they need."""
    return "".join(char for char in text if char.isprintable() and char not in " \ufffd")


def is_shown(title: str, visible: str) -> bool:
    """Return whether a title can be read in ``visible``, whole or cut with a visible mark."""
    wanted, seen = bare(title), bare(visible)
    if wanted in seen:
        return True
    start = seen.find(wanted[:ENOUGH])
    while start >= 0:
        length = ENOUGH
        while length < len(wanted) and seen[start : start + length + 1] == wanted[: length + 1]:
            length += 1
        if seen[start + length : start + length + 1] == ELLIPSIS:
            return True
        start = seen.find(wanted[:ENOUGH], start + 1)
    return False


def lost_in(platform: Platform, reply: Reply) -> dict[str, list[object]]:
    """Return what a platform's body of a reply leaves out, by what it is."""
    body = platform.render(reply)
    visible, pressable = platform.visible_text(body), platform.actions(body)
    links = {unquote(link) for link in platform.links(body)}
    return {
        "titles": [title for title in titles_of(reply) if not is_shown(title, visible)],
        "times": [at for at in times_of(reply) if at not in visible],
        "links": [
            url
            for url, action in links_of(reply)
            if unquote(url) not in links and not (action and action.encode() in pressable)
        ],
        "actions": [action for action in actions_of(reply) if action.encode() not in pressable],
    }


@each_platform
@thorough
@given(reply=replies())
def test_body_of_any_reply_is_one_the_platform_takes_and_always_the_same(
    platform: Platform, reply: Reply
) -> None:
    body, again = platform.render(reply), platform.render(reply)
    assert platform.violations(body) == []
    assert (
        json.dumps(body, ensure_ascii=False).encode()
        == json.dumps(again, ensure_ascii=False).encode()
    )


@each_platform
@thorough
@given(reply=replies())
def test_render_keeps_titles_times_links_and_actions_in_sight_or_a_button_away(
    platform: Platform, reply: Reply
) -> None:
    assert lost_in(platform, reply) == {"titles": [], "times": [], "links": [], "actions": []}


@each_platform
@thorough
@given(reply=replies())
def test_every_action_of_a_body_is_one_the_core_knows(platform: Platform, reply: Reply) -> None:
    pressable = platform.actions(platform.render(reply))
    assert [one for one in pressable if action_command(one)[0] == UNKNOWN_ACTION] == []


@each_platform
@thorough
@given(reply=moment_cards().map(lambda card: replace(card, complete=False)))
def test_render_of_an_excerpt_shows_that_it_is_one(platform: Platform, reply: MomentCard) -> None:
    assert ELLIPSIS in platform.visible_text(platform.render(reply))


@each_platform
def test_importing_a_platform_does_not_import_its_sdk(platform: Platform) -> None:
    script = (
        "import sys; from adapters.contract import platforms; platforms();"
        "print(sorted({'discord', 'slack_sdk', 'slack_bolt', 'aiohttp', 'prompt_toolkit'}"
        " & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@given(title=st.sampled_from(["KV Cache and friends"]), cut=st.integers(0, 19))
def test_a_title_cut_without_a_mark_is_not_called_visible(title: str, cut: int) -> None:
    assert not is_shown(title, title[:cut])
    assert is_shown(title, title[: max(cut, 8)] + ELLIPSIS)
