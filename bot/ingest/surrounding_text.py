"""Reads what stands around the tables: title, intro, references, and who wrote the notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.catalog import Reference
from bot.core.errors import BadDocument
from bot.core.labels import NOTES, believed_source
from bot.ingest.document_lines import MAX_FRONT_MATTER, Line, front_matter_end, heading
from bot.ingest.inline_markdown import Link, link_target, one_line, plain, read_inline
from bot.ingest.recordings import LinksAround, absolute
from bot.ingest.tables import is_rule

MAX_TITLE = 500
"""Longest title of a document or a row, in characters: what is longer is text."""

MAX_DETAILS = 50_000
"""Longest details, intro or reference, in characters: some twenty pages for one moment."""

MAX_REFERENCES = 1_000
"""Most references: one for every fifth row of the largest document."""

MAX_TOOL = 60
"""Longest name that a source label takes from the intro, in characters."""

_REFERENCE_HEADING = re.compile(
    "references?|sources?|links?|resources|bibliography|further reading"
)

_ITEM = re.compile(r"\s{0,20}(?:[-*+]|\d{1,9}[.)])\s")
_DEFINITION = re.compile(r"\s{0,3}\[([^\[\]]{1,200})\]:\s{0,9}<?([^\s<>]{1,2048})>?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_MADE = re.compile(
    r"\b(?:created|generated|written|made|produced|compiled|prepared|summari[sz]ed)\b",
    re.IGNORECASE,
)
_RECORDING = re.compile(
    r"\b(?:video|episode|podcast|show|interview|recording|film|talk)s?\b", re.IGNORECASE
)
_NOTES = re.compile(
    r"\b(?:summar|note|take-?away|table|text|timestamp|highlight|chapter|document|page)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Prose:
    """What a document says around its tables."""

    title: str
    intro: str
    references: tuple[Reference, ...]
    source_label: str
    links: LinksAround


def definitions(lines: Iterable[Line]) -> dict[str, str]:
    """Return the targets of ``[label]: url`` lines by case-folded label; the first wins."""
    found: dict[str, str] = {}
    for line in lines:
        if not line.hidden and (match := _DEFINITION.match(line.text)):
            found.setdefault(" ".join(match[1].casefold().split()), link_target(match[2]))
    return found


def read_prose(
    above: Sequence[Line], below: Sequence[Line], known: Mapping[str, str], name: str
) -> Prose:
    """Read the lines above the first table and all others; ``known`` are link definitions.

    ``name`` is the title where the document has none. Raise BadDocument past a bound.
    """
    title, title_index = _title(above, known, name)
    intro = _intro(above[title_index + 1 :], known)
    label = source_label(intro)
    headings = [line for line in above if not line.hidden and heading(line.text)]
    return Prose(
        title=title,
        intro=intro,
        references=tuple(_references([*above, *below], known)),
        source_label=label,
        links=LinksAround(
            headings=_addresses(_links(headings, known)),
            above=_front_matter_links(above) + _addresses(_links(above, known), but=label),
            below=_addresses(_links(below, known)),
        ),
    )


def source_label(intro: str) -> str:
    """Return ``Notes``, with what or who made them where the intro says so.

    A document that ``export`` wrote without notes says whose its rows are: that is their label.

    "Summaries are created using Gemini 2.0 Flash." gives ``Notes · Gemini 2.0 Flash``. Who made
    the recording is another matter, and a name of more than MAX_TOOL characters is none.
    """
    exported = believed_source(intro)
    if exported is not None:
        return exported
    for sentence in _SENTENCE_END.split(intro):
        made = _MADE.search(sentence)
        if made is None:
            continue
        subject = sentence[: made.start()]
        if _RECORDING.search(subject) and not _NOTES.search(subject):
            continue
        tool = _tool(sentence[made.end() :])
        if tool:
            return f"{NOTES} · {tool}"
    return NOTES


def _tool(rest: str) -> str | None:
    # "Made by me with X": what was used says more than who used it.
    for word in ("using", "with", "by"):
        found = re.search(rf"\b{word}\s+(.+)", rest, re.IGNORECASE)
        name = found[1].rstrip(" .!?") if found else ""
        if name:
            return name if len(name) <= MAX_TOOL else None
    return None


def _title(lines: Sequence[Line], known: Mapping[str, str], name: str) -> tuple[str, int]:
    """Return the title and the index of its line, -1 if it stands in none."""
    for index, markdown in _title_lines(lines):
        title = one_line(plain(markdown, known))
        if len(title) > MAX_TITLE:
            raise BadDocument(
                f"The title is longer than {MAX_TITLE} characters.", line=lines[index].number
            )
        if title:
            return title, index
    return " ".join(name.split())[:MAX_TITLE] or "document", -1


def _title_lines(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Yield the lines that may be the title, best first, as Markdown."""
    visible = [(index, line.text) for index, line in enumerate(lines) if not line.hidden]
    headings = [(index, found) for index, text in visible if (found := heading(text))]
    yield from ((index, text) for index, (level, text) in headings if level == 1)
    for (index, text), (_, below) in pairwise(visible):
        if text.strip() and len(below.strip()) > 2 and not below.strip().strip("="):
            yield index, text
    yield from ((index, text) for index, (_, text) in headings if not _names_references(text))
    end = front_matter_end([line.text for line in lines[:MAX_FRONT_MATTER]])
    for line in lines[:end]:
        key, colon, value = line.text.partition(":")
        if colon and key.strip().lower() == "title":
            yield end - 1, value.strip().strip("\"'")
    for index, text in visible:
        if text.strip() and not _ITEM.match(text) and not _is_ornament(text):
            # A long first paragraph is an intro without a title.
            if len(text) <= MAX_TITLE:
                yield index, text
            return


def _names_references(markdown: str) -> bool:
    if len(markdown) > MAX_TITLE:
        return False
    words = plain(markdown).strip(" :").casefold()
    return _REFERENCE_HEADING.fullmatch(words) is not None


def _is_ornament(text: str) -> bool:
    """Return whether a line is only drawn: a rule, an underline, a table's dashes."""
    bare = text.replace(" ", "").strip()
    return is_rule(text) or (len(bare) > 2 and len(set(bare)) == 1 and bare[0] in "-*_=")


def _sections(lines: Iterable[Line]) -> Iterator[tuple[Line, bool]]:
    """Yield the visible lines but headings, each with whether it stands among references."""
    level = 0
    for line in lines:
        if line.hidden:
            continue
        found = heading(line.text)
        # A line that holds nothing but the word, bold or with a colon, heads a list as well.
        if found is None and _names_references(line.text):
            found = (7, line.text)
        if found is None:
            yield line, level > 0
        elif not level or found[0] <= level:
            level = found[0] if _names_references(found[1]) else 0


def _intro(lines: Sequence[Line], known: Mapping[str, str]) -> str:
    """Return the text above the first table, without headings and references."""
    # Links make Markdown longer than what it shows, but not by this much.
    raw = sum(len(line.text) for line in lines if not line.hidden)
    intro = _prose_text(lines, known) if raw <= 4 * MAX_DETAILS else None
    if intro is None or len(intro) > MAX_DETAILS:
        raise BadDocument(
            f"The text above the table is longer than {MAX_DETAILS:,} characters.",
            line=lines[0].number,
        )
    return intro


def _prose_text(lines: Iterable[Line], known: Mapping[str, str]) -> str:
    paragraphs: list[list[str]] = [[]]
    for line, among_references in _sections(lines):
        text = line.text.strip().lstrip(">").strip()
        if among_references or text.startswith("|") or _DEFINITION.match(line.text):
            continue
        item = _ITEM.match(line.text)
        if item or not text or _is_ornament(text):
            paragraphs.append([])
        if text and not _is_ornament(text):
            paragraphs[-1].append(line.text[item.end() :] if item else text)
    texts = [plain(" ".join(lines), known) for lines in paragraphs if lines]
    return "\n\n".join(text for text in texts if text)


def _references(lines: Iterable[Line], known: Mapping[str, str]) -> Iterator[Reference]:
    count = 0
    for line, among_references in _sections(lines):
        item = _ITEM.match(line.text)
        if not among_references or _DEFINITION.match(line.text):
            continue
        inline = read_inline(line.text[item.end() :] if item else line.text, known)
        url = inline.links[0].url if inline.links else None
        text = one_line(inline.text) or url
        if text is None or not (item or url):
            continue
        count += 1
        if count > MAX_REFERENCES:
            raise BadDocument(
                f"There are more than {MAX_REFERENCES:,} references.", line=line.number
            )
        if len(text) > MAX_DETAILS:
            raise BadDocument(
                f"This reference is longer than {MAX_DETAILS:,} characters.", line=line.number
            )
        yield Reference(text, url)


def _links(lines: Iterable[Line], known: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(
        link for line in lines if not line.hidden for link in read_inline(line.text, known).links
    )


def _addresses(links: Iterable[Link], *, but: str = "") -> tuple[str, ...]:
    """Return where links go, but for the maker that a source label names.

    What made the notes is often linked in the intro, and is no recording.
    """
    maker = but.partition(" · ")[2]
    return tuple(link.url for link in links if not (link.text and link.text in maker))


def _front_matter_links(lines: Sequence[Line]) -> tuple[str, ...]:
    end = front_matter_end([line.text for line in lines[:MAX_FRONT_MATTER]])
    values = (line.text.partition(":")[2].strip().strip("\"'") for line in lines[:end])
    return tuple(url for value in values if (url := absolute(value)))
