"""Reads queries as people type them, with the seconds judged by reading, from JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.quality.episodes import MAX_BYTES, BadData, Episode
from benchmarks.quality.questions import OFF, Question

NAME = "queries-dev.jsonl"
MAX_QUERIES = 50_000
MAX_QUERY = 1_000


def find_queries(folder: Path) -> Path | None:
    """Return the file of queries in a folder or in the one above it, where there is one."""
    return next((file for file in (folder / NAME, folder.parent / NAME) if file.is_file()), None)


def read_queries(file: Path, episodes: Sequence[Episode]) -> list[Question]:
    """Return the queries about these episodes, and those off the catalog of their shows.

    A query about another episode is left out. Raise BadData.
    """
    known = {episode.id: episode for episode in episodes}
    shows = {episode.show for episode in episodes}
    if file.stat().st_size > MAX_BYTES:
        raise BadData(f"{file.name}: it is larger than {MAX_BYTES // 1_000_000} MB.")
    lines = file.read_bytes().splitlines()
    if len(lines) > MAX_QUERIES:
        raise BadData(f"{file.name}: it has more than {MAX_QUERIES:,} lines.")
    found: list[Question] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found += _question(json.loads(line), known, shows)
        except (ValueError, RecursionError):
            raise BadData(f"{file.name}, line {number}: it is no JSON.") from None
        except BadData as wrong:
            raise BadData(f"{file.name}, line {number}: {wrong}") from None
    return found


def _question(fields: object, known: Mapping[str, Episode], shows: set[str]) -> Sequence[Question]:
    if not isinstance(fields, dict):
        raise BadData("it is no JSON object.")
    text, kind = fields.get("query"), fields.get("type")
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_QUERY:
        raise BadData("its query is no text.")
    if not isinstance(kind, str) or not kind.strip():
        raise BadData("its type is no text.")
    if kind == OFF:
        show = fields.get("show")
        if not isinstance(show, str):
            raise BadData("its show is no text.")
        return [Question(text, OFF, show)] if show in shows else []
    episode = known.get(str(fields.get("episode")))
    stretches = _stretches(fields.get("spans"))
    if episode is None:
        return []
    return [Question(text, kind, episode.show, episode.id, stretches)]


def _stretches(spans: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(spans, list) or not spans:
        raise BadData("it has no spans.")
    found: list[tuple[float, float]] = []
    for span in spans:
        if (
            not isinstance(span, list)
            or len(span) != 2
            or not all(type(value) in (int, float) for value in span)
            or not 0 <= span[0] <= span[1]
        ):
            raise BadData("one of its spans is not [start, end] in seconds.")
        found.append((float(span[0]), float(span[1])))
    return tuple(found)
