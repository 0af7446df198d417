"""The methods of the Web API."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_server.messages import Message
from tests.fakes.slack_server.rules import Refused, check_call
from tests.fakes.slack_server.world import Channel

if TYPE_CHECKING:
    from tests.fakes.slack_server.server import SlackServer

Args = dict[str, Any]

PUBLIC = "chat:write.public"

MOST_OBJECTS = 15
"""What conversations.history gives to apps that are not in the Marketplace."""


class RateLimited(Exception):
    """A method was called too often; ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"again in {retry_after} s")


class Limits:
    """Slack's limit on posts: one a second in each channel. It is off unless ``on``."""

    def __init__(self) -> None:
        self.on = False
        self.per_post = 1.0
        self._last: dict[str, float] = {}

    def take(self, channel: Channel) -> None:
        """Count a post, or raise RateLimited."""
        now = time.monotonic()
        if self.on and now - self._last.get(channel.id, -self.per_post) < self.per_post:
            raise RateLimited(max(1, round(self.per_post)))
        self._last[channel.id] = now


class Api:
    """Carries out calls that are authorized."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._methods: dict[str, Callable[[Args], Args]] = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._open_connection,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.info": self._conversation,
            "conversations.join": self._join,
            "conversations.open": self._open_conversation,
            "users.info": self._user,
            "views.open": self._open_view,
            "views.push": self._push_view,
            "views.update": self._update_view,
        }

    def call(self, method: str, args: Args) -> Args:
        """Return the answer without its "ok", or raise Refused."""
        check_call(method, args)
        known = self._methods.get(method)
        if known is None:
            raise Refused("unknown_method")
        return known(args)

    def _auth_test(self, args: Args) -> Args:
        world = self._server.world
        return {
            "url": f"https://{world.team.domain}.slack.com/",
            "team": world.team.name,
            "user": world.bot_user.name,
            "team_id": world.team.id,
            "user_id": world.bot_user.id,
            "bot_id": world.bot_id,
            "is_enterprise_install": False,
        }

    def _open_connection(self, args: Args) -> Args:
        return {"url": self._server.socket_url(self._server.sockets.ticket())}

    # Messages.

    def _writable(self, ident: str) -> Channel:
        channel = self._server.world.visible_channel(ident)
        if not channel.bot_is_member and PUBLIC not in (self._server.scopes or ()):
            raise Refused("not_in_channel")
        if channel.archived:
            raise Refused("is_archived")
        return channel

    def _post(self, args: Args) -> Args:
        channel = self._writable(args["channel"])
        self._server.limits.take(channel)
        message = self._server.stored.post(channel, args)
        self._server.acts.credit_post(message)
        return _posted(message)

    def _post_ephemeral(self, args: Args) -> Args:
        channel = self._writable(args["channel"])
        person = self._server.world.person_of_id(args["user"])
        if (channel.is_dm and channel.person is not person) or person in channel.outsiders:
            raise Refused("user_not_in_channel")
        message = self._server.stored.post(channel, args, only_for=person)
        self._server.acts.credit_post(message)
        return {"message_ts": message.ts}

    def _own(self, args: Args) -> Message:
        channel = self._server.world.visible_channel(args["channel"])
        message = self._server.stored.find(channel, args["ts"])
        if message is None:
            raise Refused("message_not_found")
        if not message.by_bot:
            raise Refused("cant_update_message", ["somebody else wrote the message"])
        if channel.archived:
            raise Refused("is_inactive")
        return message

    def _update(self, args: Args) -> Args:
        message = self._own(args)
        self._server.stored.edit(message, args)
        self._server.acts.credit_post(message)
        return {**_posted(message), "text": message.text}

    # Channels and people.

    def _conversation(self, args: Args) -> Args:
        channel = self._server.world.visible_channel(args["channel"])
        return {"channel": channel.info(self._server.team)}

    def _history(self, args: Args) -> Args:
        """Return the newest messages of a stretch of time, at most MOST_OBJECTS of them."""
        channel = self._server.world.visible_channel(args["channel"])
        if not channel.bot_is_member:
            raise Refused("not_in_channel")
        limit = min(_number(args, "limit", 100), MOST_OBJECTS)
        if limit < 1 or limit != int(limit):
            raise Refused("invalid_limit")
        oldest, latest = _number(args, "oldest", 0), _number(args, "latest", float("inf"))
        within = [
            one
            for one in reversed(channel.messages)
            if oldest < float(one.ts) < latest
            and not (one.deleted or one.ephemeral_for)
            and one.thread_ts in (None, one.ts)
        ]
        shown = [one.payload() for one in within[: int(limit)]]
        if not args.get("include_all_metadata"):
            for one in shown:
                one.pop("metadata", None)
        return {"messages": shown, "has_more": len(within) > limit, "pin_count": 0}

    def _join(self, args: Args) -> Args:
        channel = self._server.world.visible_channel(args["channel"])
        if channel.private:
            raise Refused("method_not_supported_for_channel_type")
        if channel.archived:
            raise Refused("is_archived")
        channel.bot_is_member = True
        return {"channel": channel.info(self._server.team)}

    def _open_conversation(self, args: Args) -> Args:
        users = args.get("users") or ""
        idents = users.split(",") if isinstance(users, str) else list(users)
        if len(idents) != 1:
            raise Refused("invalid_arguments", ["the fake opens conversations of two only"])
        channel = self._server.world.dm(self._server.world.person_of_id(idents[0]))
        return {"channel": {"id": channel.id}}

    def _user(self, args: Args) -> Args:
        person = self._server.world.person_of_id(args["user"])
        return {"user": person.info(bool(args.get("include_locale")))}

    # Views.

    def _open_view(self, args: Args) -> Args:
        act = self._server.triggers.exchange(args.get("trigger_id"))
        view = self._server.open_views.open(act.person, args["view"], act.channel)
        self._server.acts.show(act, view)
        return {"view": view.payload()}

    def _push_view(self, args: Args) -> Args:
        act = self._server.triggers.exchange(args.get("trigger_id"))
        view = self._server.open_views.push(act.person, args["view"], act.channel)
        self._server.acts.show(act, view)
        return {"view": view.payload()}

    def _update_view(self, args: Args) -> Args:
        views = self._server.open_views
        view = views.find(args.get("view_id"), args.get("external_id"))
        views.update(view, args["view"], args.get("hash"))
        self._server.acts.credit_view(view)
        return {"view": view.payload()}


def _number(args: Args, name: str, default: float) -> float:
    try:
        return float(args.get(name, default))
    except ValueError:
        raise Refused(f"invalid_ts_{name}" if name != "limit" else "invalid_limit") from None


def _posted(message: Message) -> Args:
    return {
        "channel": message.channel.id,
        "ts": message.ts,
        "message": message.payload(),
    }
