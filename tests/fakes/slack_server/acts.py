"""What a person did, how the bot was told of it, and what they were shown because of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.changes import Changes
from tests.fakes.slack_server.messages import Message
from tests.fakes.slack_server.views import View
from tests.fakes.slack_server.world import Channel, Person

if TYPE_CHECKING:
    from tests.fakes.slack_server.sockets import Socket

Shown = Message | View

SLASH, EVENTS, INTERACTIVE = "slash_commands", "events_api", "interactive"

_UNANSWERED = frozenset({"block_suggestion", "view_closed"})


class NotPossible(AssertionError):
    """Slack's own application would not let a person do this."""


class NotAnswered(AssertionError):
    """The bot did not answer in time; the person sees Slack's own error."""


@dataclass(eq=False)
class Delivery:
    """One time that the bot was told. ``seconds`` is None until it acknowledged.

    ``status`` and ``headers`` are those of the HTTP answer; ``timed_out`` says that it was too
    late, ``failed`` why it could not be delivered at all.
    """

    act: Act
    envelope: str
    payload: dict[str, Any]
    attempt: int = 0
    began: float = 0.0
    envelope_id: str = ""
    sent: bytes = b""
    sent_headers: dict[str, str] = field(default_factory=dict)
    socket: Socket | None = None
    ack: dict[str, Any] | str | None = None
    seconds: float | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    timed_out: bool = False
    failed: str = ""

    @property
    def has_acknowledgement(self) -> bool:
        """Whether the bot acknowledged it in time."""
        return self.seconds is not None and not self.timed_out and self.status in (None, 200)


class Act:
    """One thing that a person did.

    ``kind`` is "slash", "mention", or the type of the interaction. ``shown`` is what came of
    it, in order: messages as often as they were posted or edited, views as often as they were
    opened or updated. What comes with the acknowledgement, the response_url or the trigger_id
    belongs to the act for certain; a post or an update by the Web API is put down to the newest
    act in the same thread, else in the same channel, else at all.
    """

    def __init__(
        self,
        kind: str,
        person: Person,
        channel: Channel | None,
        changes: Changes,
        *,
        thread_ts: str | None = None,
        source: Message | View | None = None,
        still_working: Callable[[Shown], bool] | None = None,
    ) -> None:
        self.kind = kind
        self.person = person
        self.channel = channel
        self.thread_ts = thread_ts
        self.source = source
        self.payload: dict[str, Any] = {}
        self.deliveries: list[Delivery] = []
        self.shown: list[Shown] = []
        self.errors: dict[str, str] = {}
        self.options: list[dict[str, Any]] = []
        self.opened_url = ""
        self._changes = changes
        self._still_working = still_working or (lambda _: False)

    @property
    def first(self) -> Delivery:
        """The first delivery; redeliver() makes more."""
        return self.deliveries[0]

    @property
    def ack(self) -> dict[str, Any] | str | None:
        """The payload of the acknowledgement, None for an empty one or none."""
        return self.first.ack

    @property
    def ack_seconds(self) -> float | None:
        """Seconds from the delivery to the acknowledgement."""
        return self.first.seconds

    @property
    def status(self) -> int | None:
        """The status of the HTTP answer, None on a socket."""
        return self.first.status

    @property
    def timed_out(self) -> bool:
        """Whether the person saw Slack's own error, since nothing came in time."""
        return self.first.timed_out

    @property
    def messages(self) -> list[Message]:
        """The messages that came of it, in order, edits included."""
        return [one for one in self.shown if isinstance(one, Message)]

    @property
    def views(self) -> list[View]:
        """The views that came of it, in order, updates included."""
        return [one for one in self.shown if isinstance(one, View)]

    async def settled(self, timeout: float = 10.0) -> Message | View:  # noqa: ASYNC109
        """Return the newest message or view once there is one that is an answer.

        Whether something only says that the bot is at work is ``server.still_working``'s to
        say: by default that is a view whose callback_id is "waiting", and never a message. So
        where an acknowledgement says "one moment", wait for the second with next(2).
        """
        await self._changes.until(self._is_settled, timeout, f"the answer to a {self.kind}")
        return self.shown[-1]

    def _is_settled(self) -> bool:
        return bool(self.shown) and not self._still_working(self.shown[-1])

    async def next(self, count: int = 1, timeout: float = 10.0) -> Message:  # noqa: ASYNC109
        """Return the ``count``-th message (from 1) once it is there, edits counted."""
        await self._changes.until(
            lambda: len(self.messages) >= count, timeout, f"message {count} of a {self.kind}"
        )
        return self.messages[count - 1]

    async def next_view(self, count: int = 1, timeout: float = 10.0) -> View:  # noqa: ASYNC109
        """Return the view after the ``count``-th time (from 1) one was opened or updated."""
        await self._changes.until(
            lambda: len(self.views) >= count, timeout, f"view {count} of a {self.kind}"
        )
        return self.views[count - 1]


class Acts:
    """Every act, oldest first, and which one a post is put down to."""

    def __init__(self, changes: Changes) -> None:
        self.all: list[Act] = []
        self._changes = changes

    def show(self, act: Act, shown: Shown) -> None:
        """Put down what came of an act."""
        act.shown.append(shown)
        self._changes.notify()

    def credit_post(self, message: Message) -> None:
        """Put down a post by the Web API to the act it most likely came of."""
        newest = self._newest()
        here = [one for one in newest if one.channel is message.channel]
        thread = [one for one in here if one.thread_ts and one.thread_ts == message.thread_ts]
        self._credit(message, thread, here, newest)

    def credit_view(self, view: View) -> None:
        """Put down an update by the Web API to the newest act that has to do with the view."""
        newest = self._newest()
        related = [one for one in newest if one.source is view or view in one.views]
        theirs = [one for one in newest if one.person is view.person]
        self._credit(view, related, theirs)

    def _newest(self) -> list[Act]:
        return [one for one in reversed(self.all) if one.kind not in _UNANSWERED]

    def _credit(self, shown: Shown, *candidates: list[Act]) -> None:
        act = next(itertools.chain(*candidates), None)
        if act:
            self.show(act, shown)
        else:
            self._changes.notify()
