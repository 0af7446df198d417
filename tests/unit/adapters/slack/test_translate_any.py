"""Whatever a payload holds, reading it raises nothing and yields what the core knows."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.asked import Completing, Incomplete, Opening, Request
from adapters.slack.place import Place
from adapters.slack.views import CHANNEL, WORDS
from bot.core.catalog import PUBLIC
from bot.core.commands import ACTIONS, COMMANDS, UNKNOWN_ACTION, Invocation
from tests.strategies_replies import hostile_text
from tests.unit.adapters.slack.payloads import (
    BOT,
    CARD,
    GOOD,
    ROOM,
    TEAM,
    Payload,
    button,
    click,
    in_view,
    mention,
    message_action,
    read,
    slash,
    submission,
    suggestion,
    typed,
)

OURS = f"slack:{TEAM}"

KNOWN = {spec.name: {option.name for option in spec.options} for spec in COMMANDS}
KNOWN |= {spec.name: set(spec.params) for spec in ACTIONS}
KNOWN |= {UNKNOWN_ACTION: set()}

Way = tuple[str | int, ...]


# Whose episodes may be seen.


def invocation_of(payload: Payload) -> Invocation:
    asked = read(payload)
    assert isinstance(asked, (Request, Completing))
    return asked.invocation


def put(payload: Payload, way: Way, value: Any) -> Payload:
    """Return a copy in which another value stands at the end of a way."""
    made = copy.deepcopy(payload)
    at: Any = made
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    return made


VIEW: Payload = {**in_view("result", button(CARD), Place(ROOM))}
TEAMS: list[tuple[Payload, Way]] = [
    (slash("help"), ("team_id",)),
    (mention(f"<@{BOT}>"), ("team_id",)),
    (mention(f"<@{BOT}>"), ("event", "team")),
    (mention(f"<@{BOT}>"), ("event", "user_team")),
    *[
        (payload, way)
        for payload in (
            click(button(CARD)),
            VIEW,
            submission("search", **{WORDS: typed("kv")}),
            suggestion("moment", "kv"),
            message_action({}),
        )
        for way in (("team", "id"), ("user", "team_id"), ("team_id",))
    ],
]


@pytest.mark.parametrize(("payload", "way"), TEAMS)
def test_tenant_of_another_team_anywhere_is_public(payload: Payload, way: Way) -> None:
    assert invocation_of(put(payload, way, TEAM)).tenant == OURS
    assert invocation_of(put(payload, way, "T0002")).tenant == PUBLIC


def test_tenant_of_no_team_at_all_is_public() -> None:
    assert invocation_of(slash("help", team_id="")).tenant == PUBLIC
    assert invocation_of(click(button(CARD)) | {"team": None, "user": {"id": "U1"}}).tenant == (
        PUBLIC
    )


@pytest.mark.parametrize(
    "payload",
    [
        slash("help", channel_id="D0001"),
        mention(f"<@{BOT}>", channel="D0001"),
        click(button(CARD)) | {"channel": {"id": "D0001"}},
        message_action({}) | {"channel": {"id": "D0001"}},
        in_view("result", button(CARD), Place("D0001")),
    ],
)
def test_tenant_in_a_direct_message_is_public(payload: Payload) -> None:
    assert invocation_of(payload).tenant == PUBLIC


def test_direct_message_has_nobody_to_share_with() -> None:
    assert invocation_of(slash("help", channel_id="D0001")).can_share is False


def test_tenant_of_a_mention_that_strangers_read_is_public() -> None:
    assert invocation_of(mention(f"<@{BOT}>", shared=True)).tenant == PUBLIC


# Anything at all.

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile_text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "text", "value", "values", "state", "view", "actions", "url",
                         "selected_option", "selected_conversation", "callback_id", "blocks",
                         "channel", "channel_id", "thread_ts", "team", "id", "event", "message",
                         "private_metadata", "container", "attachments", "words", "command"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
KINDS = ["block_actions", "view_submission", "block_suggestion", "message_action", "shortcut",
         "event_callback"]  # fmt: skip
FIELDS = ["team", "user", "view", "message", "container", "channel", "event", "value"]


def ways(value: Any, so_far: Way = ()) -> list[Way]:
    """Return the ways to everything inside a payload."""
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = list(value)
    if isinstance(value, list):
        steps = list(range(len(value)))
    found = [(*so_far, step) for step in steps]
    return found + [way for step in found for way in ways(value[step[-1]], step)]


@st.composite
def mutants(draw: st.DrawFn) -> Payload:
    """Return a good payload of which up to three fields are dropped or replaced."""
    made = copy.deepcopy(GOOD[draw(st.sampled_from(sorted(GOOD)))])
    for _ in range(draw(st.integers(1, 3))):
        *before, last = draw(st.sampled_from(ways(made)))
        at: Any = made
        for step in before:
            at = at[step]
        if draw(st.booleans()):
            del at[last]
        else:
            at[last] = draw(ANYTHING)
        if not made:
            break
    return made


def check_invocation(made: Invocation) -> None:
    assert set(made.args) <= KNOWN[made.command]
    assert made.tenant in {PUBLIC, OURS}
    texts = [*made.args.values(), made.channel, made.thread, made.user.id, made.user.name]
    assert all(isinstance(value, str) for value in texts)
    assert made.user.is_admin is (made.user.id == "U0ADM")
    assert (made.reference, made.deadline) == ("ref00001", 7.0)


def check(payload: Payload) -> None:
    asked = read(payload)
    match asked:
        case Request():
            check_invocation(asked.invocation)
            texts = [asked.response_url, asked.trigger, asked.view, *places(asked.place)]
        case Completing():
            check_invocation(asked.invocation)
            assert asked.invocation.args.keys() == {asked.option}
            texts = []
        case Opening():
            texts = [asked.trigger, asked.episode, asked.typed, *places(asked.place)]
        case Incomplete():
            assert asked.field in {WORDS, CHANNEL}
            texts = [asked.sentence]
        case _:
            assert asked is None
            texts = []
    assert all(isinstance(value, str) for value in texts)


def places(place: Place) -> list[str]:
    return [place.channel, place.thread, place.key(), place.metadata()]


@pytest.mark.parametrize("name", GOOD)
def test_read_of_a_payload_of_each_kind_is_something(name: str) -> None:
    assert read(GOOD[name]) is not None
    check(GOOD[name])


@given(st.dictionaries(st.text(max_size=8), ANYTHING, max_size=6))
def test_read_of_any_object_raises_nothing(payload: Payload) -> None:
    check(payload)


@given(
    st.sampled_from(KINDS),
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(FIELDS, ANYTHING),
    ),
    st.sampled_from(["summarize_moment", "find_moment", "x"]) | ANYTHING,
    st.lists(ANYTHING, max_size=2) | ANYTHING,
)
def test_read_of_any_payload_of_a_known_kind_raises_nothing(
    kind: str, fields: Payload, callback_id: Any, actions: Any
) -> None:
    check({"type": kind, "callback_id": callback_id, "actions": actions} | fields)


@given(mutants())
def test_read_of_a_payload_with_something_else_in_it_raises_nothing(payload: Payload) -> None:
    check(payload)


@pytest.mark.parametrize("made", [slash, lambda line: mention(f"<@{BOT}> {line}")])
@given(line=hostile_text())
def test_read_of_any_line_raises_nothing(made: Callable[[str], Payload], line: str) -> None:
    check(made(line))
    check(made(f"topic {line}"))
