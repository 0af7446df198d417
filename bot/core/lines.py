"""Reads a typed line as a command: the one it names, or the one its shape tells."""

from __future__ import annotations

import re

from bot.core.commands import COMMANDS_BY_NAME, PlainText, parse_plain, split_episode
from bot.core.errors import InvalidTime, UserError
from bot.core.timequery import parse_time
from bot.core.wording import shorten

MAX_LINE = 4_000
"""Longest line looked at, in characters: more than the options of any command may hold."""

_CLOCK_LIKE = re.compile(r"(?=\d+[:：])[\d:：]+", re.ASCII)


def read_line(line: str) -> PlainText:
    """Return what a line typed without option fields asks for.

    A line without a command is a time or a link to summarize, or else words to look for.
    Raise UserError, with the sentence to show, for an unknown ``/command`` or too long a text.
    """
    if len(line) > MAX_LINE:
        raise UserError(f"A line has at most {MAX_LINE:,} characters.")
    plain = parse_plain(line)
    if plain is None and line.startswith("/"):
        word = shorten(line.split()[0], 40)
        raise UserError(f"Unknown command {word}. Try /help.")
    plain = plain or _without_command(line)
    check_lengths(plain)
    return plain


def check_lengths(plain: PlainText) -> None:
    """Raise UserError where an option is longer than its command takes."""
    spec = COMMANDS_BY_NAME[plain.command]
    for option in spec.options:
        typed = plain.args.get(option.name, "")
        if len(typed) > option.max_length:
            raise UserError(
                f"/{spec.name} takes at most {option.max_length} characters of {option.name}."
            )


def _without_command(line: str) -> PlainText:
    text, episode = split_episode(line)
    command = "summarize" if _names_a_time(text) else "topic"
    args = {COMMANDS_BY_NAME[command].options[0].name: text}
    return PlainText(command, args | ({"episode": episode} if episode else {}))


def _names_a_time(text: str) -> bool:
    # 9:99:99 is meant as a time too, and gets the sentence that says what is wrong with it.
    if _CLOCK_LIKE.fullmatch(text):
        return True
    try:
        media = parse_time(text).media
    except InvalidTime:
        return False
    # "GPT-4.5/o3" would be an address without its scheme: only a plain link is meant as one.
    return media is None or media.key.startswith("youtube:") or "://" in text
