"""The named queries: plain SQL in ``queries/*.sql``, each under a ``-- name:`` line.

``{fragment}`` stands for the query of that name: the few column lists and joins that many
queries share are written once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_HEADING = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)
_FRAGMENT = re.compile(r"\{([a-z_]+)\}")


def parse(script: str) -> dict[str, str]:
    """Return the queries of a script by name; raise ValueError for a name used twice."""
    pieces = _HEADING.split(script)[1:]
    queries: dict[str, str] = {}
    for name, text in zip(pieces[::2], pieces[1::2], strict=True):
        if name in queries:
            raise ValueError(f"two queries are called {name}")
        lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
        queries[name] = "\n".join(lines).strip().removesuffix(";")
    return queries


def expand(queries: Mapping[str, str]) -> dict[str, str]:
    """Return the queries with every fragment put in; raise KeyError for an unknown one.

    Fragments may hold fragments; one that holds itself is a RecursionError.
    """

    def whole(text: str) -> str:
        return _FRAGMENT.sub(lambda found: whole(queries[found.group(1)]), text)

    return {name: whole(text) for name, text in queries.items()}


def _load() -> dict[str, str]:
    # importlib.resources would take longer to import than everything here to run.
    found = sorted(Path(__file__).with_name("queries").glob("*.sql"))
    return expand(parse("\n".join(path.read_text("utf-8") for path in found)))


SQL: Mapping[str, str] = _load()
