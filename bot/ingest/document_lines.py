"""Decodes a document into bounded lines and marks those that no reader sees as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.errors import BadDocument
from bot.ingest.parsed import Repair

MAX_BYTES = 5_000_000
"""Largest document: ten times 5,000 rows of a hundred characters each."""

MAX_LINES = 100_000
"""Most lines: twenty for each of the 5,000 rows that a document may have."""

MAX_LINE = 200_000
"""Longest line, in characters: a row with the longest details, in Markdown, and its extras."""

MAX_PIPES = 300_000
"""Most ``|``: 5,000 rows of 60 columns. Each is looked at several times, unlike a letter."""

_CONTROL = {code: None for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}

MAX_FRONT_MATTER = 200
"""Most lines of front matter: a longer block between dashes is prose between two rules."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document. ``number`` counts from 1.

    ``hidden`` is true for fenced code, comments and front matter, which hold no rows.
    """

    number: int
    text: str
    hidden: bool = False


def read_lines(document: str | bytes, repairs: list[Repair]) -> list[Line]:
    """Return the document's lines; raise BadDocument if it is no text, empty or too large."""
    text = _decoded(document)
    if not text.strip():
        raise BadDocument("The document is empty.")
    texts = text.split("\n")
    if len(texts) > MAX_LINES:
        raise BadDocument(f"The document has more than {MAX_LINES:,} lines.")
    for number, line in enumerate(texts, 1):
        if len(line) > MAX_LINE:
            raise BadDocument(f"This line is longer than {MAX_LINE:,} characters.", line=number)
        if "\0" in line:
            raise BadDocument("This is not text: save it as UTF-8.", line=number)
        clean = line.translate(_CONTROL)
        if clean != line:
            repairs.append(Repair(number, "control characters were left out"))
            texts[number - 1] = clean
    if text.count("|") > MAX_PIPES:
        raise BadDocument(f"The document has more than {MAX_PIPES:,} | in it.")
    hidden = _hidden(texts)
    return [Line(number, line, number - 1 in hidden) for number, line in enumerate(texts, 1)]


def _decoded(document: str | bytes) -> str:
    try:
        data = document.encode("utf-8") if isinstance(document, str) else document
        if len(data) > MAX_BYTES:
            raise BadDocument("The document is larger than 5 MB.")
        text = data.decode("utf-8-sig")
    except UnicodeEncodeError:
        raise BadDocument("The document is not valid UTF-8 text.") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadDocument("The document is not valid UTF-8 text.", line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def heading(text: str) -> tuple[int, str] | None:
    """Return (level, Markdown) of a line that begins with one to six ``#`` and a space."""
    stripped = text.strip()
    rest = stripped.lstrip("#")
    level = len(stripped) - len(rest)
    if not 1 <= level <= 6 or (rest and not rest[0].isspace()):
        return None
    body = rest.strip()
    bare = body.rstrip("#")
    # A closing row of # counts only apart from the words: "C#" keeps its own.
    closed = not bare or bare[-1].isspace()
    return level, bare.strip() if closed else body


def front_matter_end(texts: Sequence[str]) -> int:
    """Return the number of lines that YAML front matter takes at the top, or 0."""
    if not texts or texts[0].rstrip() != "---":
        return 0
    for index, text in enumerate(texts[1:MAX_FRONT_MATTER], 1):
        if text.rstrip() in {"---", "..."}:
            return index + 1
    return 0


def _hidden(texts: Sequence[str]) -> set[int]:
    """Return the indexes of lines that hold code, comments or front matter."""
    hidden = set(range(front_matter_end(texts)))
    index = len(hidden)
    while index < len(texts):
        block = _fence(texts, index) or _comment(texts, index)
        if block is None:
            index += 1
            continue
        if not block.covered:
            # What never closes hides nothing: half a fence must not swallow the document.
            break
        hidden.update(block.covered)
        index = block.covered[-1] + 1
    return hidden


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines that a block hides; none if it never closes."""

    covered: Sequence[int]


def _fence(texts: Sequence[str], index: int) -> _Block | None:
    opening = texts[index].strip()
    mark = opening[:1]
    rest = opening.lstrip(mark) if mark and mark in "`~" else opening
    width = len(opening) - len(rest)
    if width < 3 or "`" in rest:
        return None
    for end in range(index + 1, len(texts)):
        closing = texts[end].strip()
        if len(closing) >= width and not closing.strip(mark):
            # Models like to wrap a whole document as if it were code.
            wrapped = rest.strip().lower() in {"markdown", "md"}
            return _Block((index, end) if wrapped else range(index, end + 1))
    return _Block(())


def _comment(texts: Sequence[str], index: int) -> _Block | None:
    opening = texts[index].strip()
    if not opening.startswith("<!--"):
        return None
    if "-->" in opening:
        return _Block((index,)) if opening.endswith("-->") else None
    for end in range(index + 1, len(texts)):
        if "-->" in texts[end]:
            return _Block(range(index, end + 1))
    return _Block(())
