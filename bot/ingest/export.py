"""Writes a stored episode as take-away Markdown: as its author drew it, corrections laid in."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence

from bot.core.catalog import Reference, Segment, SegmentDraft, StoredEpisode
from bot.core.media import Media
from bot.ingest.inline_markdown import one_line, plain, read_inline, tidy
from bot.ingest.parsed import Columns, Layout, TableLayout, layout_from_json
from bot.ingest.tables import write_row

_PLAIN_HEAD = ("| Timestamp | Topic | Details |", "|---|---|---|")
_PLAIN_COLUMNS = Columns(count=3, time=0, title=1, text=2)

_Pair = tuple[SegmentDraft, Segment]

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


def export_takeaways(stored: StoredEpisode) -> str:
    """Return the episode's document.

    A segment's own cells are written as they came, wrong links included; where a correction
    changed its title or its details, the new words stand in their cell. An episode that came
    without a document gets a plain one: title, intro, one table of three columns, references.
    """
    layout = layout_from_json(stored.layout)
    if layout is None or not layout.tables:
        return _plain_document(stored)
    return "\n".join(_as_drawn(layout, stored))


def _as_drawn(layout: Layout, stored: StoredEpisode) -> Iterator[str]:
    # Rows find their segments by second, so the order in which a store keeps them is its own.
    waiting: defaultdict[int, deque[_Pair]] = defaultdict(deque)
    for pair in stored.segments:
        waiting[pair[0].at.seconds].append(pair)
    yield from layout.before
    for table in layout.tables:
        yield from table.head
        for row in table.rows:
            if waiting[row.at]:
                yield _row(waiting[row.at].popleft(), table.columns, stored, row.frame)
        if table is layout.tables[-1]:
            yield from _late_rows(waiting, table, stored)
        yield from table.after


def _late_rows(
    waiting: dict[int, deque[_Pair]], table: TableLayout, stored: StoredEpisode
) -> Iterator[str]:
    for second in sorted(waiting):
        for pair in waiting[second]:
            yield _row(pair, table.columns, stored)


def _row(pair: _Pair, columns: Columns, stored: StoredEpisode, frame: Sequence[str] = ()) -> str:
    draft, segment = pair
    if len(draft.cells) != columns.count:
        return write_row(_new_cells(draft, segment, columns, stored.episode.media))
    cells = list(draft.cells)
    title_changed = segment.corrected and segment.title != draft.title
    text_changed = segment.corrected and segment.text != draft.text
    if not (title_changed or text_changed):
        return write_row(cells, frame)
    raw_title = cells[columns.title]
    if columns.text is None:
        cells[columns.title] = _lead_cell(segment, raw_title, draft)
        return write_row(cells)
    # An empty title was borrowed from the details: it would change along with them.
    if title_changed or not plain(raw_title):
        cells[columns.title] = _title_cell(segment.title, raw_title, draft)
    if text_changed:
        cells[columns.text] = cell_of(segment.text)
    return write_row(cells)


def _title_cell(title: str, raw: str, draft: SegmentDraft) -> str:
    """Return a corrected title, bold or linked to the recording as the old one was."""
    words = escape(title)
    inline = read_inline(raw)
    if words and _is_bold(raw):
        words = f"**{words}**"
    if draft.link_url and any(link.url == draft.link_url for link in inline.links):
        words = link_of(words, draft.link_url)
    return words


def _is_bold(raw: str) -> bool:
    return len(raw) > 4 and raw.startswith("**") and raw.endswith("**") and "**" not in raw[2:-2]


def _lead_cell(segment: Segment, raw: str, draft: SegmentDraft) -> str:
    """Return the cell of a table that has one column for title and details."""
    title = _title_cell(segment.title, raw, draft)
    return f"{title}<br><br>{cell_of(segment.text)}" if segment.text else title


def _new_cells(draft: SegmentDraft, segment: Segment, columns: Columns, media: Media) -> list[str]:
    cells = [""] * columns.count
    label = str(draft.at) if draft.end is None else f"{draft.at}–{draft.end}"
    url = draft.link_url or media.url_at(draft.at)
    cells[columns.time] = link_of(label, url) if url else label
    if columns.text is None:
        cells[columns.title] = _lead_cell(segment, "", draft)
    else:
        cells[columns.title] = f"**{escape(segment.title)}**"
        cells[columns.text] = cell_of(segment.text)
    return cells


def _plain_document(stored: StoredEpisode) -> str:
    rows = (
        write_row(_new_cells(draft, segment, _PLAIN_COLUMNS, stored.episode.media))
        for draft, segment in stored.segments
    )
    parts = [
        heading_of(1, stored.episode.title),
        *(paragraphs_of(stored.intro) if stored.intro else ()),
        "\n".join((*_PLAIN_HEAD, *rows)),
        *_reference_list(stored.references),
    ]
    return "\n\n".join(parts) + "\n"


def _reference_list(references: Iterable[Reference]) -> Iterator[str]:
    items = [f"- {_reference(each)}" for each in references]
    if items:
        yield "## References"
        yield "\n".join(items)


def _reference(reference: Reference) -> str:
    words = escape(reference.text)
    return link_of(words, reference.url) if reference.url else words


def escape(text: str) -> str:
    """Return one line of Markdown, fit for a table's cell, that shows ``text``."""
    marked = _MARKUP.sub(r"\\\g<0>", one_line(tidy(text)))
    return _UNDERSCORES.sub(_escaped_underscores, marked)


def cell_of(text: str) -> str:
    """Return a table cell that shows ``text``, a blank line as two HTML breaks."""
    return "<br><br>".join(map(escape, tidy(text).split("\n\n")))


def paragraphs_of(text: str) -> list[str]:
    """Return a line of Markdown for each paragraph of ``text``."""
    return [_BLOCK.sub(r"\g<0>\\", escape(part)) for part in tidy(text).split("\n\n")]


def heading_of(level: int, text: str) -> str:
    """Return a heading that shows ``text``."""
    words = escape(text)
    # A # at the end would be taken for the heading's own closing marks.
    words = f"{words[:-1]}\\#" if words.endswith("#") else words
    return f"{'#' * level} {words}"


def link_of(words: str, url: str) -> str:
    """Return a Markdown link; ``words`` are Markdown already."""
    safe = url.replace("|", "%7C").replace("\\", "%5C")
    return f"[{words}](<{safe}>)" if "(" in safe or ")" in safe else f"[{words}]({safe})"


def _escaped_underscores(run: re.Match[str]) -> str:
    # Between letters they mark nothing: snake_case stays readable.
    before, after = run.string[: run.start()][-1:], run.string[run.end() :][:1]
    return run[0] if before.isalnum() and after.isalnum() else "\\_" * len(run[0])
