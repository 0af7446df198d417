"""Who asks is looked up, remembered for a while, and never waited for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from adapters.slack import people
from adapters.slack.people import KEPT_S, KEPT_UNKNOWN_S, People
from bot.core.catalog import PUBLIC
from bot.core.commands import Invocation, User
from tests.fakes.clock import FakeClock
from tests.strategies_replies import hostile_text
from tests.unit.adapters.slack.payloads import PERSON, TEAM

ASKED = Invocation("help", {}, PUBLIC, "C0001", User(PERSON, "alice"), 7.0, "ref00001")

Answers = list[Any]


class Slack:
    """Answers ``users.info`` in turn, the last for ever; an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def users_info(self, *, user: str, include_locale: bool) -> Any:
        assert include_locale
        self.asked.append(user)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(data=answer)


class Silent(Slack):
    """Never answers."""

    async def users_info(self, *, user: str, include_locale: bool) -> Any:
        await asyncio.get_running_loop().create_future()


def info(**fields: Any) -> dict[str, Any]:
    user = {"id": PERSON, "team_id": TEAM, "name": "alice", "is_admin": False, "locale": "de-DE"}
    profile = {"display_name": "Alice L.", "real_name": "Alice Liddell"}
    return {"ok": True, "user": user | {"profile": profile} | fields}


def knowing(*answers: Any) -> tuple[People, Slack, FakeClock]:
    slack, clock = Slack(*answers), FakeClock()
    client: Any = slack
    return People(client, clock, TEAM), slack, clock


async def test_introduce_tells_the_name_shown_and_the_locale() -> None:
    known, slack, _ = knowing(info())
    made = await known.introduce(ASKED)
    assert made == replace(ASKED, user=User(PERSON, "Alice L."), locale="de-DE")
    assert slack.asked == [PERSON]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"profile": {"display_name": "", "real_name": "Alice Liddell"}}, "Alice Liddell"),
        ({"profile": {}}, "alice.l"),
        ({"profile": None, "name": ""}, "alice"),
        ({"profile": {"display_name": 7}, "name": None}, "alice"),
    ],
)
async def test_name_falls_back_to_what_there_is(fields: dict[str, Any], name: str) -> None:
    known, _, _ = knowing(info(**({"name": "alice.l"} | fields)))
    assert (await known.introduce(ASKED)).user.name == name


async def test_locale_that_is_not_told_stays() -> None:
    known, _, _ = knowing(info(locale=None))
    assert (await known.introduce(ASKED)).locale == "en"


@pytest.mark.parametrize(
    ("fields", "admin"),
    [
        ({}, False),
        ({"is_admin": True}, True),
        ({"is_owner": True}, True),
        ({"is_admin": "yes", "is_owner": 0}, False),
        ({"is_admin": True, "team_id": "T0002"}, False),
        ({"is_owner": True, "team_id": "T0002"}, False),
    ],
)
async def test_admin_is_who_the_own_workspace_says(fields: dict[str, Any], admin: bool) -> None:
    known, _, _ = knowing(info(**fields))
    assert (await known.introduce(ASKED)).user.is_admin is admin


async def test_admin_by_the_settings_stays_one() -> None:
    known, _, _ = knowing(info(is_admin=False))
    asked = replace(ASKED, user=User(PERSON, "alice", is_admin=True))
    assert (await known.introduce(asked)).user.is_admin is True


async def test_person_is_asked_about_once_until_the_answer_is_old() -> None:
    known, slack, clock = knowing(info(), info(is_admin=True))
    await known.introduce(ASKED)
    clock.advance(KEPT_S - 1)
    assert (await known.introduce(ASKED)).user.is_admin is False
    assert len(slack.asked) == 1
    clock.advance(1)
    assert (await known.introduce(ASKED)).user.is_admin is True
    assert len(slack.asked) == 2


async def test_person_is_told_from_another() -> None:
    known, slack, _ = knowing(info(is_admin=True), info())
    await known.introduce(ASKED)
    other = await known.introduce(replace(ASKED, user=User("U0002", "bob")))
    assert (other.user.id, other.user.is_admin) == ("U0002", False)
    assert slack.asked == [PERSON, "U0002"]


@pytest.mark.parametrize(
    "error",
    [
        SlackApiError("x", {"ok": False, "error": "missing_scope"}),
        SlackApiError("x", {"ok": False, "error": "ratelimited"}),
        aiohttp.ServerDisconnectedError(),
        OSError(),
        TimeoutError(),
        AttributeError("'str' object has no attribute 'get'"),
    ],
)
async def test_refusal_leaves_the_caller_as_they_came_and_is_asked_again_soon(
    error: Exception,
) -> None:
    known, slack, clock = knowing(error, info())
    assert await known.introduce(ASKED) == ASKED
    clock.advance(KEPT_UNKNOWN_S - 1)
    assert await known.introduce(ASKED) == ASKED
    assert len(slack.asked) == 1
    clock.advance(1)
    assert (await known.introduce(ASKED)).user.name == "Alice L."
    assert len(slack.asked) == 2


async def test_silence_about_somebody_known_leaves_their_name_and_no_more_rights() -> None:
    known, slack, clock = knowing(
        info(is_admin=True), OSError(), info(name="x", profile={}, is_admin=True)
    )
    assert (await known.introduce(ASKED)).user.is_admin
    clock.advance(KEPT_S)
    user = (await known.introduce(ASKED)).user
    assert (user.name, user.is_admin) == ("Alice L.", False)
    clock.advance(KEPT_UNKNOWN_S)
    assert (await known.introduce(ASKED)).user.name == "x"
    assert len(slack.asked) == 3


async def test_answer_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people, "WITHIN_S", 0.01)
    client: Any = Silent()
    async with asyncio.timeout(5):
        assert await People(client, FakeClock(), TEAM).introduce(ASKED) == ASKED


async def test_crowd_forgets_who_was_unseen_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST", 2)
    known, slack, clock = knowing(info())

    async def meet(*idents: str) -> None:
        for ident in idents:
            await known.introduce(replace(ASKED, user=User(ident, "")))

    await meet("U1", "U2", "U1", "U3", "U1", "U3", "U2")
    assert slack.asked == ["U1", "U2", "U3", "U2"]
    clock.advance(KEPT_S)
    slack.asked.clear()
    await meet("U3", "U2", "U4", "U2", "U3")
    assert slack.asked == ["U3", "U2", "U4", "U3"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | hostile_text(),
    lambda inner: st.dictionaries(
        st.sampled_from(["user", "profile", "display_name", "real_name", "name", "team_id",
                         "is_admin", "is_owner", "locale"]),
        inner, max_size=5,
    ),
    max_leaves=8,
)  # fmt: skip


@given(JSON | st.dictionaries(st.just("user"), JSON))
def test_introduce_after_any_answer_is_a_caller_with_a_name(answer: Any) -> None:
    known, _, _ = knowing(answer)
    made = asyncio.run(known.introduce(ASKED))
    assert made.user.id == PERSON
    assert isinstance(made.user.name, str)
    assert made.user.name
    assert isinstance(made.user.is_admin, bool)
    assert isinstance(made.locale, str)
