"""Posts, modals and private answers, as they are sent: again, or never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web as server
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackApiError

from adapters.slack import publish
from adapters.slack.place import Place
from adapters.slack.publish import Garbled, ResponseRefused, Unknown, Web, code_of, is_gone
from tests.unit.adapters.slack.failures import (
    IN_DOUBT,
    Call,
    no_connection,
    refusal,
    response,
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PAUSE_S", 0.0)


def soon(seconds: float = 60.0) -> float:
    return asyncio.get_running_loop().time() + seconds


class Slack:
    """A client whose every method does what the calls say in turn, and keeps the arguments."""

    def __init__(self, *failures: Exception) -> None:
        self.call = Call(*failures)
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, method: str) -> Any:
        async def call(**arguments: Any) -> Any:
            self.sent.append((method, arguments))
            await self.call()
            return response({"ok": True, "ts": "17.1"})

        return call


def web(*failures: Exception) -> tuple[Web, Slack]:
    slack, session = Slack(*failures), None
    client: Any = slack
    unused: Any = session
    return Web(client, unused), slack


BODY: dict[str, Any] = {"response_type": "in_channel", "text": "Hello", "unfurl_links": False}


async def test_post_is_made_for_all_and_returns_its_time() -> None:
    sender, slack = web()
    assert await sender.post(Place("C1"), BODY, until=soon()) == "17.1"
    sent = {"channel": "C1", "text": "Hello", "unfurl_links": False}
    assert slack.sent == [("chat_postMessage", sent)]


async def test_post_in_a_thread_names_it() -> None:
    sender, slack = web()
    await sender.post(Place("C1", "16.1"), BODY, until=soon())
    assert slack.sent[0][1]["thread_ts"] == "16.1"


@pytest.mark.parametrize("failure", IN_DOUBT)
async def test_post_in_doubt_is_not_made_again(failure: Exception) -> None:
    sender, slack = web(failure)
    with pytest.raises(Unknown) as caught:
        await sender.post(Place("C1"), BODY, until=soon())
    assert caught.value.__cause__ is failure
    assert len(slack.sent) == 1


async def test_post_that_did_not_arrive_and_then_is_in_doubt_is_not_made_a_third_time() -> None:
    sender, slack = web(no_connection(), TimeoutError())
    with pytest.raises(Unknown):
        await sender.post(Place("C1"), BODY, until=soon())
    assert len(slack.sent) == 2


@pytest.mark.parametrize("code", ["not_in_channel", "is_archived", "invalid_blocks"])
async def test_post_that_is_refused_raises_the_refusal(code: str) -> None:
    sender, slack = web(refusal(code))
    with pytest.raises(SlackApiError) as caught:
        await sender.post(Place("C1"), BODY, until=soon())
    assert (code_of(caught.value), len(slack.sent)) == (code, 1)


async def test_post_that_slack_never_takes_raises_the_refusal() -> None:
    sender, slack = web(*[refusal("ratelimited", 429)] * 9)
    with pytest.raises(SlackApiError):
        await sender.post(Place("C1"), BODY, until=soon())
    assert len(slack.sent) == publish.TRIES


async def test_open_when_a_lost_try_had_arrived_is_done() -> None:
    sender, slack = web(aiohttp.ServerDisconnectedError(), refusal("exchanged_trigger_id"))
    await sender.open("1.2", {"type": "modal"}, until=soon())
    assert slack.sent == [("views_open", {"trigger_id": "1.2", "view": {"type": "modal"}})] * 2


async def test_push_with_a_trigger_that_somebody_used_raises() -> None:
    sender, slack = web(refusal("exchanged_trigger_id"))
    with pytest.raises(SlackApiError):
        await sender.push("1.2", {"type": "modal"}, until=soon())
    assert slack.sent == [("views_push", {"trigger_id": "1.2", "view": {"type": "modal"}})]


async def test_update_of_a_view_that_is_only_being_opened_waits_for_it() -> None:
    sender, slack = web(refusal("not_found"))
    await sender.update({"type": "modal"}, until=soon(), external_id="segue-1")
    assert [arguments for _, arguments in slack.sent] == (
        [{"view": {"type": "modal"}, "external_id": "segue-1"}] * 2
    )


async def test_update_of_a_view_that_was_closed_raises_at_once() -> None:
    sender, slack = web(refusal("not_found"))
    with pytest.raises(SlackApiError):
        await sender.update({"type": "modal"}, until=soon(), view_id="V1")
    assert [arguments for _, arguments in slack.sent] == [
        {"view": {"type": "modal"}, "view_id": "V1"}
    ]


# Answers at a response_url.

CHANNEL = Place("C1")


class Address:
    """A response_url that answers in turn, at last for ever with what Slack says."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[tuple[int, str]] = []
        self.taken: list[dict[str, Any]] = []

    async def take(self, request: server.Request) -> server.Response:
        self.taken.append(await request.json())
        status, said = self.answers.pop(0) if self.answers else (200, "ok")
        return server.Response(status=status, text=said)


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    made, app = Address(), server.Application()
    app.router.add_post("/response", made.take)
    async with TestServer(app) as running:
        made.url = str(running.make_url("/response"))
        yield made


async def respond(address: Address, place: Place = CHANNEL, in_place: bool = False) -> None:
    client: Any = None
    async with aiohttp.ClientSession() as session:
        sender = Web(client, session)
        await sender.respond(address.url, place, BODY, in_place=in_place, until=soon())


@pytest.mark.parametrize("in_place", [True, False])
async def test_respond_says_whether_it_takes_the_messages_place(
    address: Address, in_place: bool
) -> None:
    await respond(address, in_place=in_place)
    assert address.taken == [BODY | {"replace_original": in_place}]


async def test_respond_in_a_thread_names_it(address: Address) -> None:
    await respond(address, Place("C1", "16.1"))
    assert address.taken[0]["thread_ts"] == "16.1"


@pytest.mark.parametrize("answer", [(500, "no"), (503, ""), (429, ""), (200, "<html>")])
async def test_respond_after_a_passing_failure_tries_again(
    address: Address, answer: tuple[int, str]
) -> None:
    address.answers = [answer, answer]
    await respond(address)
    assert len(address.taken) == 3


@pytest.mark.parametrize("said", ["ok", "", '{"ok": true}'])
async def test_respond_is_done_when_slack_takes_it(address: Address, said: str) -> None:
    address.answers = [(200, said)]
    await respond(address)
    assert len(address.taken) == 1


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ((404, "used_url"), True),
        ((410, ""), True),
        ((400, "invalid_blocks"), False),
        ((200, '{"ok": false, "error": "x"}'), False),
    ],
)
async def test_respond_that_is_refused_raises_at_once(
    address: Address, answer: tuple[int, str], gone: bool
) -> None:
    address.answers = [answer]
    with pytest.raises(ResponseRefused) as caught:
        await respond(address)
    assert is_gone(caught.value) is gone
    assert len(address.taken) == 1


async def test_respond_that_meets_a_proxys_page_alone_raises(address: Address) -> None:
    address.answers = [(200, "<html>")] * 9
    with pytest.raises(Garbled):
        await respond(address)
    assert len(address.taken) == publish.TRIES
