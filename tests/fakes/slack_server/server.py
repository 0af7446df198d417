"""The server: starts and stops, tells the bot what people do, and lets tests wait."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, TypeVar

from aiohttp import web

from tests.fakes.changes import Changes
from tests.fakes.slack_server.acks import Acks
from tests.fakes.slack_server.acts import EVENTS, Act, Acts, Delivery, Shown
from tests.fakes.slack_server.answering import ResponseUrls, Triggers
from tests.fakes.slack_server.api import Limits
from tests.fakes.slack_server.faults import Faults
from tests.fakes.slack_server.files import Files
from tests.fakes.slack_server.http_mode import FORM, JSON, HttpMode
from tests.fakes.slack_server.http_mode import signature as signed
from tests.fakes.slack_server.messages import Message, Messages
from tests.fakes.slack_server.people import People
from tests.fakes.slack_server.problems import Problems, Violation
from tests.fakes.slack_server.rest import Call, Rest
from tests.fakes.slack_server.sockets import Sockets
from tests.fakes.slack_server.views import View, Views
from tests.fakes.slack_server.world import Channel, Person, Team, World

HOST = "127.0.0.1"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-1-good", "xapp-1-good", "s3cr3t"
T = TypeVar("T")


def is_waiting(shown: Shown) -> bool:
    """Return whether a view only says that the bot is at work."""
    return isinstance(shown, View) and shown.callback_id == "waiting"


class SlackServer(People):
    """Slack, for one app in one workspace.

    ``mode`` is how the bot is told: on the socket it opened, or by signed requests to
    ``deliver_to``. ``scopes`` are those of the bot token, None for all. ``ack_within``,
    ``response_url_valid`` and ``trigger_valid`` are seconds. ``should_escape`` is the command's
    option of that name: links and mentions typed after a command are marked up.
    ``still_working`` says which messages and views are no answers yet, for Act.settled.
    """

    def __init__(
        self,
        *,
        mode: Literal["socket", "http"] = "socket",
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        scopes: frozenset[str] | None = None,
        ack_within: float = 3.0,
        response_url_valid: float = 1800.0,
        trigger_valid: float = 3.0,
    ) -> None:
        self.mode = mode
        self.bot_token, self.app_token, self.scopes = bot_token, app_token, scopes
        self.ack_within = ack_within
        self.should_escape = False
        self.still_working: Callable[[Shown], bool] = is_waiting
        self.changes, self.world = Changes(), World()
        self.problems = Problems()
        self.faults, self.limits = Faults(self.changes), Limits()
        self.acts = Acts(self.changes)
        self.stored, self.open_views = Messages(self.world), Views(self.world)
        self.files = Files(self.world)
        ids = self.world.ids
        self.triggers = Triggers(ids, trigger_valid)
        self.response_urls = ResponseUrls(self.stored, self.acts, ids, response_url_valid)
        acks = Acks(self.stored, self.open_views, self.acts, self.problems)
        self.http = HttpMode(signing_secret, acks.take)
        self.sockets = Sockets(self.changes, ids, self.problems, self.app_id, acks.take)
        self.calls: list[Call] = []
        self.channel = self.add_channel("general")
        self._closing = False
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> SlackServer:
        self._runner = web.AppRunner(Rest(self).application(), shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self._port = self._runner.addresses[0][1]
        self.files.base = f"http://{HOST}:{self._port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self.faults.clear()
        self.sockets.close(1001)
        self.changes.notify()
        await self.http.close()
        if self._runner:
            await self._runner.cleanup()

    # Addresses.

    @property
    def api_url(self) -> str:
        """The address of the Web API, for slack.api_url."""
        return f"http://{HOST}:{self._port}/api/"

    def socket_url(self, ticket: str) -> str:
        """Return the address of a socket that a ticket opens."""
        return f"ws://{HOST}:{self._port}/link/?ticket={ticket}&app_id={self.app_id}"

    def response_address(self, token: str) -> str:
        """Return a response_url."""
        return f"http://{HOST}:{self._port}/response/{token}"

    @property
    def deliver_to(self) -> str:
        """Where the requests of HTTP mode go."""
        return self.http.deliver_to

    @deliver_to.setter
    def deliver_to(self, address: str) -> None:
        self.http.deliver_to = address

    # The world.

    @property
    def team(self) -> Team:
        """The workspace."""
        return self.world.team

    @property
    def app_id(self) -> str:
        """The app's id."""
        return self.world.app_id

    @property
    def bot_user(self) -> Person:
        """The user that the bot is."""
        return self.world.bot_user

    @property
    def bot_id(self) -> str:
        """The bot's id, which is not that of its user."""
        return self.world.bot_id

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        member: bool = True,
        archived: bool = False,
        ext_shared: bool = False,
    ) -> Channel:
        """Return a new channel; ``member`` says whether the bot is in it."""
        channel = self.world.add_channel(name)
        channel.private, channel.bot_is_member = private, member
        channel.archived, channel.ext_shared = archived, ext_shared
        return channel

    @property
    def violations(self) -> list[Violation]:
        """What the bot did wrong; a good one leaves it empty."""
        return self.problems.violations

    @property
    def refusals(self) -> list[Violation]:
        """What was refused since the world is as it is."""
        return self.problems.refusals

    @property
    def messages(self) -> list[Message]:
        """Every message that exists, oldest first."""
        return [one for one in self.stored.all if not one.deleted]

    # Telling the bot.

    def begin(self, kind: str, person: Person, channel: Channel | None, **about: Any) -> Act:
        """Return a new act."""
        act = Act(
            kind,
            person,
            channel,
            self.changes,
            still_working=lambda shown: self.still_working(shown),
            **about,
        )
        self.acts.all.append(act)
        return act

    async def tell(self, act: Act, envelope: str) -> Act:
        """Tell the bot of an act and wait for its acknowledgement."""
        await self._deliver(Delivery(act, envelope, act.payload))
        return act

    async def _deliver(self, delivery: Delivery) -> Delivery:
        delivery.act.deliveries.append(delivery)
        self.changes.notify()
        transport = self.http if self.mode == "http" else self.sockets
        await transport.deliver(delivery, self.ack_within)
        self._judge(delivery)
        return delivery

    def _judge(self, delivery: Delivery) -> None:
        what = f"ack of {delivery.act.kind}"
        if delivery.failed:
            self.problems.refusals.append(Violation(what, delivery.failed))
        elif delivery.timed_out:
            self.problems.wrong(what, "too_late", f"not within {self.ack_within} s")
        elif delivery.status not in (None, 200):
            self.problems.wrong(what, "bad_status", f"HTTP {delivery.status}")
        self.changes.notify()

    async def redeliver(
        self, act: Act, times: int = 1, *, same_envelope: bool = False
    ) -> list[Delivery]:
        """Tell the bot of an act again, as Slack does when it saw no acknowledgement.

        Events keep their event_id and say which attempt this is; over HTTP the signature is
        new. ``same_envelope`` sends the very envelope again instead. What has no event_id
        (commands, interactions) comes as it was.
        """
        made = []
        for _ in range(times):
            again = Delivery(act, act.first.envelope, act.payload)
            if act.first.envelope == EVENTS:
                again.attempt = len(act.deliveries)
            if same_envelope or act.first.envelope != EVENTS:
                again.envelope_id = act.first.envelope_id
            made.append(await self._deliver(again))
        return made

    async def replay(self, act: Act) -> Delivery:
        """Send the same signed request again, byte for byte."""
        again = Delivery(act, act.first.envelope, act.payload)
        again.sent, again.sent_headers = act.first.sent, act.first.sent_headers
        act.deliveries.append(again)
        await self.http.resend(again, self.ack_within)
        return again

    async def raw_post(
        self,
        body: bytes | dict[str, Any],
        *,
        timestamp: int | str | None = None,
        secret: str | None = None,
        signature: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        """Send any request to the bot and return the status and text of its answer.

        A dict is sent as JSON, bytes as a form. ``timestamp`` and ``signature`` are good ones
        unless given; "" leaves the header out.
        """
        is_json = isinstance(body, dict)
        sent = json.dumps(body).encode() if isinstance(body, dict) else body
        at = str(int(time.time()) if timestamp is None else timestamp)
        made = signed(secret or self.http.secret, at, sent) if signature is None else signature
        told = {
            "Content-Type": JSON if is_json else FORM,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": made,
            **(headers or {}),
        }
        return await self.http.raw(sent, {name: value for name, value in told.items() if value})

    async def verify_url(self) -> bool:
        """Return whether the bot answers Slack's check of its address."""
        challenge = self.world.ids.new("challenge")
        body = {"type": "url_verification", "token": "legacy", "challenge": challenge}
        status, text = await self.raw_post(body)
        return status == 200 and challenge in text

    # Waiting.

    async def until(self, look: Callable[[], T], what: str, timeout: float = 10.0) -> T:  # noqa: ASYNC109
        """Return the first true value of ``look``, looked at whenever something changed."""
        return await self.changes.until(look, timeout, what)

    async def wait_connected(self, count: int = 1, timeout: float = 20.0) -> None:  # noqa: ASYNC109
        """Wait until that many sockets are open and well."""
        await self.until(lambda: len(self.sockets.ready) >= count, f"{count} sockets open", timeout)

    async def wait_gone(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until no socket is open."""
        await self.until(lambda: not len(self.sockets), "every socket closed", timeout)

    def called(self, method: str) -> list[Call]:
        """Return the calls of a method, or the posts to "response_url"."""
        return [one for one in self.calls if one.method == method]

    async def wait_called(
        self,
        method: str,
        times: int = 1,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> list[Call]:
        """Wait until a method was called that often and return the calls."""
        await self.until(
            lambda: len(self.called(method)) >= times, f"{times} calls of {method}", timeout
        )
        return self.called(method)

    def posted(
        self, channel: Channel | None = None, thread: Message | str | None = None
    ) -> list[Message]:
        """Return what the bot said for all to see, everywhere or in one place."""
        root = thread.root_ts if isinstance(thread, Message) else thread
        return [
            one
            for one in self.messages
            if one.by_bot
            and one.ephemeral_for is None
            and (channel is None or one.channel is channel)
            and (root is None or one.thread_ts == root)
        ]

    async def wait_posted(
        self,
        count: int = 1,
        *,
        channel: Channel | None = None,
        thread: Message | str | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> list[Message]:
        """Wait until the bot posted that many messages and return them."""
        await self.until(
            lambda: len(self.posted(channel, thread)) >= count, f"{count} posts", timeout
        )
        return self.posted(channel, thread)

    # For faults.

    async def sleep(self, seconds: float) -> None:
        """Let a request wait, not longer than the server runs."""
        try:
            await self.changes.until(lambda: self._closing, seconds, "closing")
        except TimeoutError:
            return

    async def hang(self, released: Callable[[], bool]) -> None:
        """Let a request wait until it is released or the server stops."""
        await self.changes.until(lambda: released() or self._closing, 3600.0, "release")
