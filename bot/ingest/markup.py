"""Writes plain text as Markdown that reads back as the same text."""

from __future__ import annotations

import re

from bot.ingest.inline import one_line, tidy

_MARKUP = re.compile(
    r"""[\\`*\[\]|]              # escapes, code, emphasis, links, cells
      | <(?=[A-Za-z/!])          # a tag, an address, a comment
      | &(?=\#?[A-Za-z0-9]{1,32};)
      | ~(?=~) | (?<=~)~""",
    re.VERBOSE,
)
_UNDERSCORES = re.compile(r"_+")
_BLOCK = re.compile(r"\A(?:[0-9]{1,9}(?=[.)])|(?=[#>+=-]))")
"""What would begin a heading, quote, list, rule or fence at the start of a line."""


def escape(text: str) -> str:
    """Return one line of Markdown, fit for a table's cell, that shows ``text``."""
    marked = _MARKUP.sub(r"\\\g<0>", one_line(tidy(text)))
    return _UNDERSCORES.sub(_escaped_underscores, marked)


def cell(text: str) -> str:
    """Return a table cell that shows ``text``, a blank line as two HTML breaks."""
    return "<br><br>".join(map(escape, tidy(text).split("\n\n")))


def paragraphs(text: str) -> list[str]:
    """Return a line of Markdown for each paragraph of ``text``."""
    return [_BLOCK.sub(r"\g<0>\\", escape(part)) for part in tidy(text).split("\n\n")]


def heading(level: int, text: str) -> str:
    """Return a heading that shows ``text``."""
    words = escape(text)
    # A # at the end would be taken for the heading's own closing marks.
    words = f"{words[:-1]}\\#" if words.endswith("#") else words
    return f"{'#' * level} {words}"


def link(words: str, url: str) -> str:
    """Return a Markdown link; ``words`` are Markdown already."""
    safe = url.replace("|", "%7C").replace("\\", "%5C")
    return f"[{words}](<{safe}>)" if "(" in safe or ")" in safe else f"[{words}]({safe})"


def _escaped_underscores(run: re.Match[str]) -> str:
    # Between letters they mark nothing: snake_case stays readable.
    before, after = run.string[: run.start()][-1:], run.string[run.end() :][:1]
    return run[0] if before.isalnum() and after.isalnum() else "\\_" * len(run[0])
