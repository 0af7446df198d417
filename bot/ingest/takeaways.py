"""Reads take-away Markdown of any author into an episode draft, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.catalog import EpisodeDraft, SegmentDraft, numbered_show
from bot.core.errors import BadDocument
from bot.core.labels import BELIEVED
from bot.core.media import Media
from bot.core.timecode import Timecode
from bot.ingest.document_lines import Line, read_lines
from bot.ingest.moment_rows import RowLink, RowReading, read_row
from bot.ingest.moment_tables import TimedTable, timed_tables
from bot.ingest.parsed import Layout, ParsedDocument, Repair, RowLayout, TableLayout, TimeConflict
from bot.ingest.recordings import choose_recording
from bot.ingest.sponsors import is_sponsor
from bot.ingest.surrounding_text import definitions, read_prose
from bot.ingest.tables import find_tables, remembered_frame
from bot.ingest.time_labels import Settled, settle

__all__ = ["ParsedDocument", "Repair", "TimeConflict", "read_takeaways"]


def read_takeaways(document: str | bytes, *, name: str = "document") -> ParsedDocument:
    """Read a document (text, or UTF-8 bytes); ``name`` is its title if it has none.

    Raise BadDocument, with the line where there is one, for anything that cannot be read:
    nothing is ever read in part.
    """
    repairs: list[Repair] = []
    lines = read_lines(document, repairs)
    tables = timed_tables(find_tables(lines), repairs)
    above, *below = _around(lines, tables)
    after = [line for part in below for line in part]
    known = definitions([*above, *after])
    prose = read_prose(above, after, known, name)
    rows = _placed_rows(tables, known)
    media = choose_recording([(row.line, row.opens) for row in rows], prose.links)
    repairs += (Repair(row.line, sentence) for row in rows for sentence in _mended(row))
    numbered = numbered_show(prose.title)
    draft = EpisodeDraft(
        title=prose.title,
        media=media,
        segments=tuple(_segment(row, sponsors=prose.source_label in BELIEVED) for row in rows),
        show=numbered[0] if numbered else None,
        intro=prose.intro,
        source_label=prose.source_label,
        references=prose.references,
        layout=_layout(tables, (above, *below), rows),
    )
    repairs.sort(key=lambda repair: repair.line)
    return ParsedDocument(draft, tuple(repairs), tuple(_conflicts(rows)))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row with the link that counts for it and the reading of its time that holds."""

    reading: RowReading
    link: RowLink | None
    settled: Settled

    @property
    def line(self) -> int:
        return self.reading.row.line

    @property
    def opens(self) -> Media | None:
        return self.link.opens.media if self.link else None

    @property
    def link_at(self) -> Timecode | None:
        return self.link.opens.at if self.link else None


def _around(lines: Sequence[Line], tables: Sequence[TimedTable]) -> list[Sequence[Line]]:
    """Return the lines above the first table, then those below each."""
    edges = [0, *(edge for each in tables for edge in (each.table.start, each.table.stop))]
    return [
        lines[start:stop]
        for start, stop in zip(edges[::2], [*edges[1::2], len(lines)], strict=True)
    ]


def _placed_rows(tables: Sequence[TimedTable], known: Mapping[str, str]) -> list[_Placed]:
    """Return every row in the order of the document; raise BadDocument without any."""
    readings = [read_row(row, table.columns, known) for table in tables for row in table.rows]
    if not readings:
        raise BadDocument("This table has no rows.", line=tables[0].table.start + 1)
    links = _links(readings)
    seconds = [link.opens.at if link else None for link in links]
    settled = settle([(each.label, at) for each, at in zip(readings, seconds, strict=True)])
    rows = [_Placed(*parts) for parts in zip(readings, links, settled, strict=True)]
    _refuse_repeats(rows)
    return rows


def _links(readings: Sequence[RowReading]) -> list[RowLink | None]:
    """Return each row's link: of its time or, where no time has one, of its title."""
    if any(reading.link for reading in readings):
        return [reading.link for reading in readings]
    return [reading.title_link for reading in readings]


def _mended(row: _Placed) -> Iterator[str]:
    reading = row.reading
    if row.settled.by_neighbours:
        yield f"{reading.written} was read as {row.settled.at}, like the rows around it"
    if reading.borrowed_title:
        yield "the title was empty: the first words of the details stand in"
    if reading.dead_link:
        yield "the link of its time opens no recording and was left aside"


def _refuse_repeats(rows: Sequence[_Placed]) -> None:
    """Refuse two rows of one second and one title: nothing could tell them apart later."""
    first: dict[tuple[Timecode, str], int] = {}
    for row in rows:
        line = first.setdefault((row.settled.at, row.reading.title), row.line)
        if line != row.line:
            raise BadDocument(f"This row has the time and title of line {line}.", line=row.line)


def _segment(row: _Placed, *, sponsors: bool) -> SegmentDraft:
    """Return a row as a segment; ``sponsors`` is whether it may be a chapter of a sponsor's."""
    reading = row.reading
    return SegmentDraft(
        at=row.settled.at,
        title=reading.title,
        text=reading.text,
        end=row.settled.end,
        link_at=row.link_at,
        link_url=row.link.url if row.link else None,
        cells=reading.row.cells,
        sponsor=sponsors and is_sponsor(reading.title),
    )


def _conflicts(rows: Iterable[_Placed]) -> Iterator[TimeConflict]:
    for row in rows:
        if row.link_at is not None and row.link_at != row.settled.at:
            yield TimeConflict(row.line, row.settled.at, row.link_at, row.reading.title)


def _layout(
    tables: Sequence[TimedTable], around: Sequence[Sequence[Line]], rows: Iterable[_Placed]
) -> str:
    texts = [tuple(line.text for line in part) for part in around]
    seconds = iter([row.settled.at.seconds for row in rows])
    layouts = []
    for table, after in zip(tables, texts[1:], strict=True):
        written = tuple(RowLayout(next(seconds), remembered_frame(row)) for row in table.rows)
        layouts.append(TableLayout(table.head, table.columns, written, after))
    return Layout(texts[0], tuple(layouts)).to_json()
