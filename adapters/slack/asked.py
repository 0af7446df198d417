"""What Slack's payloads may ask for, once they are read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from adapters.slack.place import Place
from adapters.uploads import Upload
from bot.core.commands import CommandSpec, Invocation
from bot.core.reply import Reply


class Way(Enum):
    """How a request came, which decides how it may be answered."""

    SLASH = "slash command"
    MENTION = "mention"
    CLICK = "click on a message"
    MENU = "message shortcut"
    VIEW = "click in a modal"
    SUBMIT = "submission of a modal"


@dataclass(frozen=True, slots=True)
class Request:
    """What is answered with a reply.

    ``answer`` is the reply where none needs the core. ``response_url`` and ``trigger`` are what
    Slack lends for answering; ``view`` is the modal that was clicked. ``on_private`` is whether
    it was pressed on a message that only the caller sees, ``on_notice`` on a modal that holds a
    mere sentence. ``clears`` is whether closing that modal closes those below it too. ``upload``
    is the file that it brings along.
    """

    invocation: Invocation
    way: Way
    place: Place
    answer: Reply | None = None
    response_url: str = ""
    trigger: str = ""
    view: str = ""
    on_private: bool = False
    on_notice: bool = False
    clears: bool = False
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody wants to search: the modal opens at once, for the episode they named.

    ``typed`` is how the same is asked without it, where there is a way to say so.
    """

    place: Place
    trigger: str
    episode: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """Somebody gave a command nothing: its form opens, if they may use it.

    ``request`` is the command as it was typed, ``typed`` how to give it something that way.
    """

    request: Request
    spec: CommandSpec
    trigger: str
    typed: str


@dataclass(frozen=True, slots=True)
class Completing:
    """A select of the search that is being typed into."""

    invocation: Invocation
    option: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A submitted modal that lacks something: the field, and what to say beside it."""

    field: str
    sentence: str


Asked = Request | Opening | Filling | Completing | Incomplete
