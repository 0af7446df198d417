"""The commands, declared once: every platform's menus, help and docs are made from these.

A command is what people type; an action is what a button carries. Both arrive as an
``Invocation`` and are answered by the service of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.actions import decode_name, split_args
from bot.core.catalog import Tenant


class Completion(StrEnum):
    """What an option's text is completed from while it is typed."""

    MOMENTS = "moments"
    EPISODES = "episodes"


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One argument of a command. ``max_length`` is in characters.

    ``choices`` are all it may be, where a platform can offer them; typed elsewhere, it is read
    by the service. ``is_channel``: it is a channel to post in, and arrives as the platform's id.
    ``is_file``: it is a file, and arrives as the invocation's document. ``is_long``: it has many
    lines, and is there only where a platform has a field for those.
    """

    name: str
    description: str
    required: bool = False
    max_length: int = 200
    completion: Completion | None = None
    choices: tuple[str, ...] = ()
    is_channel: bool = False
    is_file: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command as people type it. In plain text the first option takes the whole line.

    ``longer_s`` are seconds that its answer may take beyond the usual, where it waits for
    somebody else's server: a platform acknowledges it first in any case. ``standing`` is the
    action that says how things stand, for where a form opens in place of that.
    """

    name: str
    description: str
    options: tuple[OptionSpec, ...] = ()
    examples: tuple[str, ...] = ()
    longer_s: float = 0.0
    standing: str = ""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What a button may ask for: its name and the names of its arguments, in order."""

    name: str
    params: tuple[str, ...]
    meaning: str


_EPISODE = OptionSpec(
    "episode",
    "Words of the episode's title, if you mean a particular one",
    completion=Completion.EPISODES,
)

COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        "topic",
        "Find the moment where something is talked about",
        (
            OptionSpec(
                "words",
                "What to look for: a name, a phrase, a question",
                required=True,
                max_length=300,
                completion=Completion.MOMENTS,
            ),
            _EPISODE,
        ),
        ("/topic kv cache", '/topic "export controls"'),
    ),
    CommandSpec(
        "summarize",
        "Tell what is going on at a time of an episode",
        (
            OptionSpec(
                "time",
                "A time such as 2:00:32 or 90m, or a YouTube link with t=",
                required=True,
                max_length=300,
            ),
            _EPISODE,
        ),
        ("/summarize 2:00:32", "/summarize https://youtu.be/_1f-o0nqpEI?t=7232"),
    ),
    CommandSpec(
        "episodes",
        "List the episodes I know, or open one",
        (_EPISODE,),
        ("/episodes",),
    ),
    CommandSpec(
        "digest",
        "A daily post of new moments in this channel",
        (
            OptionSpec(
                "action",
                "What to do; without it, say how things stand",
                choices=("status", "on", "off", "now", "preview"),
            ),
            OptionSpec("at", "With on: the time of day, such as 9:00", max_length=10),
            OptionSpec("zone", "With on: its time zone, such as Europe/Berlin", max_length=60),
            OptionSpec(
                "empty",
                "With on: what a day without news brings",
                choices=("quiet", "resurface"),
            ),
            OptionSpec("channel", "Another channel than this one, for admins", is_channel=True),
        ),
        ("/digest", "/digest on 9:00 Europe/Berlin"),
    ),
    CommandSpec(
        "add",
        "Add an episode, for admins; without options, say how imports stand",
        (
            OptionSpec(
                "source",
                "A link to a video, a transcript, a chapters file or a feed",
                max_length=2_000,
            ),
            OptionSpec("file", "Notes, a transcript or chapters as a file", is_file=True),
            OptionSpec("title", "What the episode is called", max_length=300),
            OptionSpec("link", "The recording it is of", max_length=2_000),
            OptionSpec("show", "The show it belongs to"),
            OptionSpec(
                "text",
                "Chapters as a list, a time and a title on each line",
                max_length=3_000,
                is_long=True,
            ),
        ),
        ("/add https://example.org/talk.vtt",),
        longer_s=30.0,
        standing="imports",
    ),
    CommandSpec(
        "follow",
        "Follow a podcast's feed, for admins; without options, list those followed",
        (
            OptionSpec("feed", "The address of a podcast's feed", max_length=2_000),
            OptionSpec(
                "action",
                "What to do; without it, follow the feed or list all",
                choices=("list", "stop", "resume"),
            ),
        ),
        ("/follow https://example.org/feed.xml",),
        longer_s=30.0,
    ),
    CommandSpec("help", "What I can do, with examples that work", (), ("/help",)),
)

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("moment", ("moment",), "show a moment's card"),
    ActionSpec("full", ("moment", "page"), "show a moment's full text"),
    ActionSpec("related", ("moment",), "list moments about the same things"),
    ActionSpec("share", ("card", "moment"), "post a card to the channel, once"),
    ActionSpec("report", ("moment", "reason", "comment"), "say that a moment is wrong"),
    ActionSpec("at", ("episode", "seconds"), "answer the other reading of a time"),
    ActionSpec("spoken", ("episode", "offset", "words"), "search in what was said"),
    ActionSpec("pick", ("episode", "time"), "answer a time in the episode picked"),
    ActionSpec("exact", ("episode", "words"), "search exactly what was typed"),
    ActionSpec("search", ("episode", "offset", "words"), "search again, or show more"),
    ActionSpec("outline", ("episode", "offset"), "list an episode's moments"),
    ActionSpec("catalog", ("offset",), "list more episodes"),
    ActionSpec("default", ("episode",), "make an episode this channel's default"),
    ActionSpec("fresh", ("schedule",), "list what a digest has still to tell"),
    ActionSpec("again", ("day", "channel"), "post a digest again that may not have arrived"),
    ActionSpec("import", ("job", "how"), "add what was read: told by digests, or silently"),
    ActionSpec("cancel", ("job",), "call an import off"),
    ActionSpec("retry", ("job",), "try an import again that was given up"),
    ActionSpec("imports", (), "say how imports stand"),
    ActionSpec("feed", ("feed", "verb"), "follow, stop or resume a feed"),
    ActionSpec("feeds", (), "list the feeds that are followed"),
)

COMMANDS_BY_NAME: Mapping[str, CommandSpec] = {spec.name: spec for spec in COMMANDS}
ACTIONS_BY_NAME: Mapping[str, ActionSpec] = {spec.name: spec for spec in ACTIONS}


@dataclass(frozen=True, slots=True)
class User:
    """Who asks, as the platform vouches for them. ``id`` is the platform's own."""

    id: str
    name: str
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file that came with a request: untrusted bytes, bounded by the adapter."""

    name: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invocation:
    """One request, whatever it was typed or pressed on.

    ``tenant`` is whose private episodes may be seen (``public`` in direct messages).
    ``deadline`` is on the clock's monotonic scale, in seconds. ``reference`` is the short id
    that ties the reply to the log. ``thread`` is the thread it comes from, by an id that is
    unique within the tenant; empty outside threads. ``can_share`` is whether there is a channel
    to share with. ``zone`` is the caller's time zone, an IANA name, where the platform tells it.
    ``command_names`` tells how a command is typed where that is not ``/name``. ``document`` is
    the file of the option that ``is_file``.
    """

    command: str
    args: Mapping[str, str]
    tenant: Tenant
    channel: str
    user: User
    deadline: float
    reference: str
    locale: str = "en"
    thread: str = ""
    can_share: bool = False
    zone: str = ""
    command_names: Mapping[str, str] = field(default_factory=dict)
    document: Document | None = None


UNKNOWN_ACTION = "unknown"
"""The command name of a button that this version does not know: it is answered all the same."""


def action_command(encoded: str) -> tuple[str, dict[str, str]]:
    """Return (command, args) of an encoded action; UNKNOWN_ACTION for anything foreign."""
    decoded = decode_name(encoded)
    spec = ACTIONS_BY_NAME.get(decoded[0]) if decoded else None
    if decoded is None or spec is None:
        return UNKNOWN_ACTION, {}
    return spec.name, dict(zip(spec.params, split_args(decoded[1], len(spec.params)), strict=True))


@dataclass(frozen=True, slots=True)
class PlainText:
    """A line typed where there are no option fields: the console, a mention, a thread."""

    command: str
    args: dict[str, str] = field(default_factory=dict)


def parse_plain(line: str) -> PlainText | None:
    """Return the command of a typed line, or None where it names none.

    ``/topic kv cache in:lex`` and ``topic kv cache`` are the same: the first option takes the
    line, and a trailing ``in:<words>`` names the episode.
    """
    head, _, rest = line.strip().partition(" ")
    spec = COMMANDS_BY_NAME.get(head.removeprefix("/").casefold())
    if spec is None:
        return None
    text, episode = split_episode(rest.strip())
    names = [option.name for option in spec.options]
    args: dict[str, str] = {}
    if names and names[0] != "episode" and text:
        args[names[0]] = text
    elif text and not episode:
        episode = text
    if episode and "episode" in names:
        args["episode"] = episode
    return PlainText(spec.name, args)


def split_episode(text: str) -> tuple[str, str]:
    """Return (text, episode words) of a line that may end with ``in:<words>``."""
    before, marker, words = text.rpartition("in:")
    if marker and words.strip() and (not before or before[-1].isspace()):
        return before.strip(), words.strip()
    return text, ""
