"""The closed union of what Segue can say. Every adapter renders every kind, or mypy fails.

A reply models what is said, not how it looks: texts are plain and untrusted, so that each
platform escapes them its own way and uses the best it has to show them.

Reply
├── MomentCard    one moment, with its text
├── MomentList    several moments, one line each, under headings
├── EpisodeList   episodes to open
├── Choice        a question back, with the answers to pick from
└── Notice        a sentence or a screen of them: help, an honest "nothing", an error
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.actions import Action
from bot.core.timecode import Timecode
from bot.core.wording import shorten


class Audience(StrEnum):
    """Who sees a reply: its caller alone, or the whole channel."""

    PRIVATE = "private"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: an action that comes back, or a link that opens. Never both."""

    label: str
    action: Action | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if (self.action is None) == (self.url is None):
            raise ValueError("a button has either an action or a url")


@dataclass(frozen=True, slots=True)
class EpisodeRef:
    """An episode as a reply names it; ``url`` opens the recording at its start."""

    id: int
    title: str
    short_title: str
    url: str


def spoken_name(episode_id: int, at: Timecode) -> str:
    """Return how a button names what is said at a second, where others name a moment's id."""
    return f"{episode_id}@{at.seconds}"


@dataclass(frozen=True, slots=True)
class MomentLine:
    """One moment on one line.

    ``moment_id`` is None for what was said, which is opened by its second. ``at`` is the label's
    second and ``url`` opens it. ``link_at`` is the second the source's
    own link opens, given only where it differs. ``note`` says how the moment relates to what
    was asked ("49:28 earlier").
    """

    moment_id: int | None
    at: Timecode
    title: str
    url: str
    episode: EpisodeRef
    source: str
    link_at: Timecode | None = None
    note: str | None = None

    @property
    def open(self) -> Action:
        """Return what shows it on a card of its own."""
        spoken = spoken_name(self.episode.id, self.at)
        return Action("moment", (spoken if self.moment_id is None else str(self.moment_id),))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that was answered instead of the one typed."""

    typed: str
    shown: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How an ambiguous time was read, and the reading that was left."""

    typed: str
    at: Timecode
    other: Timecode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseReply:
    """What every kind may carry.

    ``remarks`` are short sentences shown with the answer (a correction, a reading, a
    distance): nothing that Segue decided on its own goes unsaid. ``correction`` and
    ``reading`` hold the same facts for programs. ``channel`` is the id of the channel that the
    reply is about, where it is another than the one it is asked in: a platform names it in its
    own way, and leaves out what is no id of its own.
    """

    audience: Audience = Audience.PRIVATE
    remarks: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    correction: Spelling | None = None
    reading: Reading | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class InShort:
    """A text shortened, under a label that says by whom and from what."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentCard(BaseReply):
    """One moment. ``text`` is an excerpt unless ``complete``; the rest is behind a button.

    ``page`` and ``pages`` count from 1 when a full text is longer than one message.
    ``shared_by`` names the person who shared it with the channel. ``in_short`` may come
    later: then the card is ``unfinished``, and shown as it is meanwhile.
    """

    moment: MomentLine
    text: str
    complete: bool = True
    page: int = 1
    pages: int = 1
    previous: MomentLine | None = None
    next: MomentLine | None = None
    shared_by: str | None = None
    in_short: InShort | None = None
    unfinished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentGroup:
    """Moments of one episode, under its title."""

    episode: EpisodeRef
    moments: tuple[MomentLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentList(BaseReply):
    """Several moments, grouped by episode; each opens privately by its id."""

    heading: str
    groups: tuple[MomentGroup, ...]

    @property
    def moments(self) -> tuple[MomentLine, ...]:
        """Return all lines in the order they are shown."""
        return tuple(line for group in self.groups for line in group.moments)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeLine:
    """One episode in a list; ``open`` shows its outline."""

    episode: EpisodeRef
    show: str | None
    detail: str
    open: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeList(BaseReply):
    """The episodes a tenant can ask about."""

    heading: str
    episodes: tuple[EpisodeLine, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion of what is being typed: what is shown, and what is sent if chosen.

    ``detail`` tells two of the same label apart.
    """

    label: str
    value: str
    detail: str = ""

    def line(self, limit: int) -> str:
        """Return label and detail in at most ``limit`` characters; the label is what gives way."""
        tail = f" · {self.detail}" if self.detail else ""
        return (shorten(self.label, max(limit - len(tail), 1)) + tail)[:limit]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a Choice; ``detail`` is a second, smaller line."""

    label: str
    action: Action
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(BaseReply):
    """A question with at most 25 answers.

    ``comment`` asks for words of the person's own as well: a platform that can show a form
    does, and adds what was typed to the chosen action as its last argument; others offer the
    answers alone.
    """

    question: str
    options: tuple[Option, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A command that works as it stands, and what it does."""

    command: str
    meaning: str


class Tone(StrEnum):
    """Why a notice is said: to tell, for want of an answer, for want of sense, for a fault."""

    INFO = "info"
    EMPTY = "empty"
    USAGE = "usage"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(BaseReply):
    """Plain sentences. ``reference`` ties an error to the log."""

    text: str
    title: str | None = None
    examples: tuple[Example, ...] = ()
    tone: Tone = Tone.INFO
    reference: str | None = None


Reply = MomentCard | MomentList | EpisodeList | Choice | Notice
