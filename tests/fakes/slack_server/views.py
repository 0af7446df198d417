"""The modals that are open, and their JSON."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack_server.blocks import elements, state, stored_blocks
from tests.fakes.slack_server.rules import Refused
from tests.fakes.slack_server.world import Channel, Person, World

MOST_IN_STACK = 3


@dataclass(eq=False)
class View:
    """One view of a modal, kept up to date.

    ``body`` is what the bot sent last, its blocks as Slack keeps them; ``updates`` holds the
    earlier bodies. ``root`` is the first view of the stack, ``opened_in`` the channel in which
    the person was. ``is_open`` turns false when it is gone. ``chosen`` is what stands in its
    elements, ``offered`` what their suggestions were.
    """

    id: str
    person: Person
    world: World
    body: dict[str, Any]
    opened_in: Channel | None
    hash: str = ""
    root: View | None = None
    previous: View | None = None
    updates: list[dict[str, Any]] = field(default_factory=list)
    chosen: dict[tuple[str, str], Any] = field(default_factory=dict)
    offered: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)
    is_open: bool = True

    @property
    def external_id(self) -> str:
        """The id that the bot gave it, "" where it gave none."""
        return self.body.get("external_id") or ""

    @property
    def callback_id(self) -> str:
        """What the bot calls this kind of view."""
        return self.body.get("callback_id") or ""

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The blocks, each with its id."""
        found: list[dict[str, Any]] = self.body["blocks"]
        return found

    def state(self) -> dict[str, Any]:
        """Return what stands in the view's elements."""
        return state(self.blocks, self.chosen)

    def payload(self) -> dict[str, Any]:
        """Return the view object."""
        named = ("title", "submit", "close", "private_metadata", "callback_id", "external_id")
        made = {name: copy.deepcopy(self.body.get(name)) for name in named}
        return {
            **made,
            "id": self.id,
            "team_id": self.world.team.id,
            "type": "modal",
            "blocks": copy.deepcopy(self.blocks),
            "private_metadata": self.body.get("private_metadata") or "",
            "callback_id": self.callback_id,
            "external_id": self.external_id,
            "state": self.state(),
            "hash": self.hash,
            "clear_on_close": bool(self.body.get("clear_on_close")),
            "notify_on_close": bool(self.body.get("notify_on_close")),
            "root_view_id": (self.root or self).id,
            "previous_view_id": self.previous.id if self.previous else None,
            "app_id": self.world.app_id,
            "app_installed_team_id": self.world.team.id,
            "bot_id": self.world.bot_id,
        }


class Views:
    """The stacks of everybody. What opens while a modal is open is a new stack above it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stacks: dict[str, list[list[View]]] = {}
        self.all: list[View] = []

    def of(self, person: Person) -> list[View]:
        """Return the open views of somebody, the one they see last."""
        return [view for stack in self._stacks.get(person.id, []) for view in stack]

    def open(self, person: Person, body: dict[str, Any], channel: Channel | None) -> View:
        """Return the first view of a new stack."""
        view = self._new(person, body, channel)
        self._stacks.setdefault(person.id, []).append([view])
        return view

    def push(self, person: Person, body: dict[str, Any], channel: Channel | None) -> View:
        """Return a new view on the stack that the person sees."""
        stacks = self._stacks.get(person.id) or []
        if not stacks:
            raise Refused("not_found", ["no modal is open that a view could be pushed on"])
        stack = stacks[-1]
        if len(stack) >= MOST_IN_STACK:
            raise Refused("push_limit_reached")
        view = self._new(person, body, channel)
        view.root, view.previous = stack[0], stack[-1]
        stack.append(view)
        return view

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """Return an open view, or raise Refused; ``messages`` tell a gone one from none."""
        known = [
            one for one in self.all if one.id == view_id or (one.external_id or ...) == external_id
        ]
        found = next((one for one in reversed(known) if one.is_open), None)
        if found is None:
            raise Refused("not_found", [] if known else ["there never was such a view"])
        return found

    def update(self, view: View, body: dict[str, Any], given_hash: str | None = None) -> None:
        """Put another body in place of a view's."""
        if given_hash is not None and given_hash != view.hash:
            raise Refused("hash_conflict")
        self._check_external_id(body, view)
        view.updates.append(view.body)
        self._fill(view, body)

    def close(self, view: View) -> None:
        """Take a view, and what lies above it, off its stack."""
        self._cut(view, since_first=False)

    def clear(self, view: View) -> None:
        """Close the whole stack of a view."""
        self._cut(view, since_first=True)

    def _cut(self, view: View, *, since_first: bool) -> None:
        stacks = self._stacks.get(view.person.id, [])
        for stack in [one for one in stacks if view in one]:
            since = 0 if since_first else stack.index(view)
            for gone in stack[since:]:
                gone.is_open = False
            del stack[since:]
            if not stack:
                stacks.remove(stack)

    def _new(self, person: Person, body: dict[str, Any], channel: Channel | None) -> View:
        self._check_external_id(body, None)
        view = View(self._world.ids.new("V"), person, self._world, {}, channel)
        self._fill(view, body)
        self.all.append(view)
        return view

    def _check_external_id(self, body: dict[str, Any], view: View | None) -> None:
        wanted = body.get("external_id")
        others = (one for one in self.all if one.is_open and one is not view)
        if wanted and any(one.external_id == wanted for one in others):
            raise Refused("duplicate_external_id")

    def _fill(self, view: View, body: dict[str, Any]) -> None:
        blocks = stored_blocks(body.get("blocks") or [], self._world.ids)
        view.body = {**copy.deepcopy(body), "blocks": blocks}
        view.hash = f"{self._world.ids.ts()}.{self._world.ids.new('h')}"
        kept = {(block["block_id"], one.get("action_id", "")) for block, one in elements(blocks)}
        view.chosen = {at: value for at, value in view.chosen.items() if at in kept}
        self._choose_current(view)

    def _choose_current(self, view: View) -> None:
        """Fill in the channel of now where a select asks for it, as Slack's client does."""
        channel = view.opened_in
        for block, element in elements(view.blocks):
            at = (block["block_id"], element.get("action_id", ""))
            if element.get("default_to_current_conversation") and channel:
                view.chosen.setdefault(at, channel.id)
