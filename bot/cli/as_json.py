"""A reply for programs: what ``exec --json`` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, assert_never

from bot.core.reply import (
    Button,
    Choice,
    EpisodeList,
    MomentCard,
    MomentLine,
    MomentList,
    Notice,
    Reading,
    Reply,
)


def reply_as_json(reply: Reply) -> dict[str, Any]:
    """Return the reply as plain values: media offsets in seconds, ``label`` as people read them.

    ``link_at`` is the second of the source's own link where it differs from ``at``, else null.
    """
    return {
        "kind": _kind(reply),
        "text": "\n".join(line for line in _lines(reply) if line),
        "moments": [_moment(line) for line in _moments(reply)],
        "correction": asdict(reply.correction) if reply.correction else None,
        "reading": _reading(reply.reading) if reply.reading else None,
        "actions": [_button(button) for button in _buttons(reply)],
    }


def _kind(reply: Reply) -> str:
    match reply:
        case MomentCard():
            return "moment_card"
        case MomentList():
            return "moment_list"
        case EpisodeList():
            return "episode_list"
        case Choice():
            return "choice"
        case Notice():
            return "notice"
    assert_never(reply)


def _lines(reply: Reply) -> list[str]:
    match reply:
        case MomentCard():
            own = [_line(reply.moment), reply.text]
            own += [reply.in_short.label, reply.in_short.text] if reply.in_short else []
        case MomentList():
            own = [reply.heading, *map(_line, reply.moments)]
        case EpisodeList():
            own = [reply.heading, *(f"{e.episode.title} · {e.detail}" for e in reply.episodes)]
        case Choice():
            own = [reply.question, *(option.label for option in reply.options)]
        case Notice():
            own = [reply.title or "", reply.text]
            own += [f"{example.command} · {example.meaning}" for example in reply.examples]
            own += [f"Reference {reply.reference}"] if reply.reference else []
        case _:
            assert_never(reply)
    return [*reply.remarks, *own]


def _line(line: MomentLine) -> str:
    return f"{line.at} · {line.title}" + (f" ({line.note})" if line.note else "")


def _moments(reply: Reply) -> tuple[MomentLine, ...]:
    if isinstance(reply, MomentCard):
        return (reply.moment,)
    return reply.moments if isinstance(reply, MomentList) else ()


def _moment(line: MomentLine) -> dict[str, Any]:
    return {
        "at": line.at.seconds,
        "label": str(line.at),
        "link_at": line.link_at.seconds if line.link_at else None,
        "title": line.title,
        "url": line.url,
        "source": line.source,
        "episode": line.episode.title,
        "note": line.note,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    other = reading.other
    return {
        "typed": reading.typed,
        "at": reading.at.seconds,
        "label": str(reading.at),
        "other": {"at": other.seconds, "label": str(other)} if other else None,
    }


def _buttons(reply: Reply) -> list[Button]:
    own = list(reply.buttons)
    if isinstance(reply, Choice):
        own += [Button(option.label, option.action) for option in reply.options]
    if isinstance(reply, EpisodeList):
        own += [Button(line.episode.title, line.open) for line in reply.episodes]
    return own


def _button(button: Button) -> dict[str, Any]:
    if button.action:
        return {"label": button.label, "action": button.action.encode()}
    return {"label": button.label, "url": button.url}
