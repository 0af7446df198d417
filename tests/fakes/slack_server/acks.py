"""What a bot may acknowledge with, and what Slack does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.slack_server.acts import Act, Acts, Delivery
from tests.fakes.slack_server.messages import Messages
from tests.fakes.slack_server.problems import Problems
from tests.fakes.slack_server.rules import (
    Refused,
    check_message,
    check_submission,
    check_suggestions,
)
from tests.fakes.slack_server.views import View, Views

if TYPE_CHECKING:
    from collections.abc import Callable

Ack = dict[str, Any] | str | None


class Acks:
    """Carries out acknowledgements that came in time."""

    def __init__(self, messages: Messages, views: Views, acts: Acts, problems: Problems) -> None:
        self._messages, self._views = messages, views
        self._acts, self._problems = acts, problems

    def take(self, delivery: Delivery) -> None:
        """Do what an acknowledgement asks for; what is wrong with it is put down.

        Of a payload that was delivered again, the first acknowledgement is the one that counts.
        """
        act = delivery.act
        if any(one.has_acknowledgement for one in act.deliveries if one is not delivery):
            return
        takers: dict[str, Callable[[Act, Ack], None]] = {
            "slash": self._slash,
            "view_submission": self._submission,
            "block_suggestion": self._suggestion,
        }
        try:
            takers.get(act.kind, self._empty)(act, delivery.ack)
        except Refused as refused:
            self._problems.refused(f"ack of {act.kind}", refused)
        except Exception as error:
            # What the fake cannot read must show in a test, and not end the socket.
            self._problems.wrong(f"ack of {act.kind}", "fake_failed", repr(error))

    def _empty(self, act: Act, ack: Ack) -> None:
        if ack:
            raise Refused("not_empty", [f"Slack ignores {str(ack)[:200]!r}"])

    def _slash(self, act: Act, ack: Ack) -> None:
        if ack is None:
            return
        body = {"text": ack} if isinstance(ack, str) else ack
        check_message(body, way="ack")
        assert act.channel is not None
        public = body.get("response_type") == "in_channel"
        message = self._messages.post(act.channel, body, only_for=None if public else act.person)
        self._acts.show(act, message)

    # Views.

    def _submission(self, act: Act, ack: Ack) -> None:
        view = act.source
        assert isinstance(view, View)
        if ack is None:
            self._views.close(view)
            return
        check_submission(ack)
        takers = {
            "errors": self._errors,
            "update": self._update,
            "push": self._push,
            "clear": self._clear,
        }
        assert isinstance(ack, dict)
        action = ack.get("response_action")
        if action is None:
            self._views.close(view)
        else:
            takers[action](act, view, ack)

    def _errors(self, act: Act, view: View, ack: dict[str, Any]) -> None:
        known = {one["block_id"] for one in view.blocks if one["type"] == "input"}
        strange = [name for name in ack["errors"] if name not in known]
        if strange:
            raise Refused("invalid_ack", [f"no input blocks {strange} among {sorted(known)}"])
        act.errors = dict(ack["errors"])

    def _update(self, act: Act, view: View, ack: dict[str, Any]) -> None:
        self._views.update(view, ack["view"])
        self._acts.show(act, view)

    def _clear(self, act: Act, view: View, ack: dict[str, Any]) -> None:
        self._views.clear(view)

    def _push(self, act: Act, view: View, ack: dict[str, Any]) -> None:
        pushed = self._views.push(act.person, ack["view"], view.opened_in)
        self._acts.show(act, pushed)

    # Completions.

    def _suggestion(self, act: Act, ack: Ack) -> None:
        check_suggestions(ack)
        assert isinstance(ack, dict)
        groups = ack.get("option_groups", [{"options": ack.get("options")}])
        act.options = [option for group in groups for option in group["options"]]
