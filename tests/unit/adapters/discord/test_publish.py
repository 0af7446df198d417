"""What is sent again, what is not, and what a person is told when it never arrives."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord import publish
from adapters.discord.answering import choices
from adapters.discord.publish import (
    PrerenderedForm,
    PrerenderedView,
    nonce_of,
    persist,
    why_not_posted,
)
from adapters.discord.render import render
from bot.core.catalog import Tenant
from bot.core.commands import Invocation, User
from bot.core.reply import Notice, Suggestion

SHARE = Invocation(
    "share",
    {"card": "c4rd", "moment": "7"},
    Tenant("discord:900"),
    "77",
    User("42", "Ada"),
    7.0,
    "ref00001",
    can_share=True,
)


def refusal(status: int, code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="No", headers={})
    return discord.HTTPException(response, {"code": code, "message": "secret detail"})


class Call:
    """Fails in turn, then succeeds, counting."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.made = 0

    async def __call__(self) -> None:
        self.made += 1
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.0)


def soon(seconds: float = 5.0) -> float:
    return asyncio.get_running_loop().time() + seconds


@pytest.mark.parametrize(
    "failure",
    [refusal(429), refusal(503), refusal(500), aiohttp.ServerDisconnectedError(), OSError()],
)
async def test_persist_after_a_passing_failure_tries_again(failure: Exception) -> None:
    call = Call(failure, failure)
    await persist(call, until=soon())
    assert call.made == 3


@pytest.mark.parametrize("failure", [refusal(400, 50035), refusal(403, 50013), refusal(404, 10062)])
async def test_persist_after_a_lasting_refusal_raises_it_at_once(failure: Exception) -> None:
    call = Call(failure)
    with pytest.raises(discord.HTTPException):
        await persist(call, until=soon())
    assert call.made == 1


async def test_persist_gives_up_after_a_few_tries() -> None:
    call = Call(*[refusal(429)] * 50)
    with pytest.raises(discord.HTTPException):
        await persist(call, until=soon())
    assert call.made == publish.TRIES


async def test_persist_after_its_time_gives_up() -> None:
    async def never() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        await persist(never, until=soon(0.01))


async def test_persist_when_a_lost_try_had_arrived_is_done() -> None:
    call = Call(aiohttp.ServerDisconnectedError(), refusal(400, 40060))
    await persist(call, until=soon())
    assert call.made == 2


async def test_persist_when_somebody_else_answered_first_raises() -> None:
    with pytest.raises(discord.HTTPException):
        await persist(Call(refusal(400, 40060)), until=soon())


def test_nonce_of_the_same_press_is_the_same_and_short() -> None:
    assert nonce_of(SHARE) == nonce_of(replace(SHARE, reference="other", user=User("1", "B")))
    assert 1 <= len(nonce_of(SHARE)) <= 25


@pytest.mark.parametrize(
    "changes",
    [
        {"args": {"card": "other", "moment": "7"}},
        {"channel": "78"},
        {"tenant": Tenant("discord:1")},
    ],
)
def test_nonce_of_another_card_or_place_differs(changes: dict[str, Any]) -> None:
    assert nonce_of(SHARE) != nonce_of(replace(SHARE, **changes))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refusal(403, 50013), "Send Messages"),
        (refusal(403, 50001), "View Channel"),
        (refusal(404, 10003), "gone"),
        (refusal(429), "press Share again"),
        (refusal(503), "press Share again"),
        (aiohttp.ServerDisconnectedError(), "press Share again"),
        (TimeoutError(), "press Share again"),
    ],
)
def test_why_not_posted_names_the_cause_and_no_exception_text(error: Exception, words: str) -> None:
    told = why_not_posted(error, "ref00001")
    assert told is not None
    assert words in told.text
    assert "secret" not in told.text
    assert told.reference == "ref00001"


def test_why_not_posted_of_our_own_fault_is_left_to_the_general_sentence() -> None:
    assert why_not_posted(refusal(400, 50035), "ref00001") is None


async def test_prerendered_view_is_what_was_rendered_and_leaves_nothing_behind() -> None:
    body = render(Notice(text="Hello"))
    view = PrerenderedView(body)
    assert view.to_components() == body["components"]
    assert view.has_components_v2()
    assert view.is_finished()
    assert not view.is_dispatchable()


async def test_prerendered_form_is_what_was_rendered_and_leaves_nothing_behind() -> None:
    made = PrerenderedForm({"custom_id": "form", "title": "What?", "components": []})
    assert made.to_dict() == {"custom_id": "form", "title": "What?", "components": []}
    assert made.is_finished()


def test_choices_keep_discords_limits_and_no_value_is_cut() -> None:
    offered = choices(
        [
            Suggestion("KV Cache · 2:00:32", "moment:1"),
            Suggestion("x" * 300, "moment:2"),
            Suggestion(" \u200b", "moment:3"),
            Suggestion("no value", ""),
            Suggestion("too long a value", "v" * 101),
            *(Suggestion("more", f"moment:{n}") for n in range(40)),
        ]
    )
    assert [(one.name, one.value) for one in offered[:3]] == [
        ("KV Cache · 2:00:32", "moment:1"),
        ("x" * 99 + "…", "moment:2"),
        ("moment:3", "moment:3"),
    ]
    assert offered[3].value == "moment:0"
    assert len(offered) == 25
