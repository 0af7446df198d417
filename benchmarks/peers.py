"""How others search the same rows: a search engine of its own, and a tool for captions.

yt-fts (github.com/NotJoeMartinez/yt-fts) brings a vector database and an SDK along, so what is
measured is its query, as ``parse_query`` and ``search_all`` of its ``db_utils.py`` make it, over
the rows of the plain database: a connection for each search, every word quoted and required.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import tantivy

from benchmarks.catalogs import Catalog

HEAP = 256_000_000
TOP = 10

CAPTIONS = """
SELECT s.rowid, s.episode, s.at, s.title, s.text
FROM words AS fts JOIN segment AS s ON fts.rowid = s.rowid
WHERE words MATCH ? ORDER BY rank LIMIT 10
"""


class Tantivy:
    """Titles and texts in Tantivy, compared by English stems; any word is enough."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        folder.mkdir()
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True)
        for name in ("title", "text"):
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        self._index = tantivy.Index(builder.build(), path=str(folder))
        writer = self._index.writer(heap_size=HEAP, num_threads=1)
        rows = catalog.rows
        for number, (title, text) in enumerate(zip(rows.titles, rows.texts, strict=True), 1):
            writer.add_document(tantivy.Document(id=number, title=title, text=text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, words: str) -> list[object]:
        """Return the ten best rows, read from where they are stored."""
        query = self._index.parse_query(words, ["title", "text"], field_boosts={"title": 8.0})
        hits = self._searcher.search(query, TOP).hits
        return [self._searcher.doc(address).to_dict() for _, address in hits]


def captions_search(path: Path, words: str) -> list[object]:
    """Return the ten best rows that hold every word, as yt-fts asks for them."""
    parsed = " ".join(f'"{term}"' for term in re.findall(r'"[^"]*"|\S+', words))
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(CAPTIONS, (parsed,)).fetchall()
