"""The payloads that tell a bot what a person did."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.slack_server.acts import Act
from tests.fakes.slack_server.blocks import state
from tests.fakes.slack_server.messages import Message
from tests.fakes.slack_server.views import View
from tests.fakes.slack_server.world import Channel, World

# The verification token of old, which nobody should look at any more.
TOKEN = "legacy"


def slash(world: World, act: Act, channel: Channel, command: str, text: str) -> dict[str, Any]:
    """Return the form of a slash command, without response_url and trigger_id."""
    return {
        "token": TOKEN,
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": act.person.id,
        "user_name": act.person.name,
        "command": command,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
    }


def _interaction(world: World, act: Act, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "token": TOKEN,
        "team": world.team.payload(),
        "enterprise": None,
        "is_enterprise_install": False,
        "user": act.person.payload(),
        "api_app_id": world.app_id,
    }


def message_action(world: World, act: Act, message: Message, callback_id: str) -> dict[str, Any]:
    """Return the payload of a message shortcut."""
    return {
        **_interaction(world, act, "message_action"),
        "action_ts": world.ids.ts(),
        "callback_id": callback_id,
        "channel": message.channel.payload(),
        "message_ts": message.ts,
        "message": message.payload(),
    }


def shortcut(world: World, act: Act, callback_id: str) -> dict[str, Any]:
    """Return the payload of a global shortcut."""
    return {
        **_interaction(world, act, "shortcut"),
        "action_ts": world.ids.ts(),
        "callback_id": callback_id,
    }


def on_message(world: World, act: Act, message: Message, action: dict[str, Any]) -> dict[str, Any]:
    """Return the block_actions payload of something in a message."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel.id,
        "is_ephemeral": message.ephemeral_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    made = {
        **_interaction(world, act, "block_actions"),
        "container": container,
        "channel": message.channel.payload(),
        "state": state(message.blocks, message.chosen),
        "actions": [{**action, "action_ts": world.ids.ts()}],
    }
    if message.ephemeral_for is None:
        made["message"] = message.payload()
    return made


def on_view(world: World, act: Act, view: View, action: dict[str, Any]) -> dict[str, Any]:
    """Return the block_actions payload of something in a view."""
    return {
        **_interaction(world, act, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "view": view.payload(),
        "actions": [{**action, "action_ts": world.ids.ts()}],
    }


def suggestion(
    world: World, act: Act, where: Message | View, block_id: str, action_id: str, typed: str
) -> dict[str, Any]:
    """Return the payload that asks for options."""
    made = {
        **_interaction(world, act, "block_suggestion"),
        "action_id": action_id,
        "block_id": block_id,
        "value": typed,
    }
    if isinstance(where, View):
        container = {"type": "view", "view_id": where.id}
        return {**made, "container": container, "view": where.payload()}
    container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel.id}
    return {
        **made,
        "container": {**container, "is_ephemeral": where.ephemeral_for is not None},
        "channel": where.channel.payload(),
        **({} if where.ephemeral_for else {"message": where.payload()}),
    }


def submission(
    world: World, act: Act, view: View, response_urls: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the payload of a view that is sent."""
    return {
        **_interaction(world, act, "view_submission"),
        "view": view.payload(),
        "response_urls": response_urls,
    }


def closed(world: World, act: Act, view: View, cleared: bool) -> dict[str, Any]:
    """Return the payload of a view that is dismissed."""
    made = _interaction(world, act, "view_closed")
    return {**made, "view": view.payload(), "is_cleared": cleared}


def app_mention(world: World, message: Message) -> dict[str, Any]:
    """Return the event_callback of a message that mentions the bot."""
    person, team = message.author, world.team
    assert person is not None
    event: dict[str, Any] = {
        "type": "app_mention",
        "user": person.id,
        "text": message.text,
        "ts": message.ts,
        "client_msg_id": world.ids.new("client-"),
        "team": person.team.id,
        "blocks": message.payload()["blocks"],
        "channel": message.channel.id,
        "event_ts": message.ts,
    }
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    if person.is_stranger:
        event |= {"user_team": person.team.id, "source_team": person.team.id}
    installed = {
        "enterprise_id": None,
        "team_id": team.id,
        "user_id": world.bot_user.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "type": "event_callback",
        "token": TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "event_id": world.ids.new("Ev"),
        "event_time": int(time.time()),
        "authorizations": [installed],
        "is_ext_shared_channel": message.channel.ext_shared,
        "event_context": world.ids.new("4-"),
    }
