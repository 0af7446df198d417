"""The named queries: how they are read, and that each is used and each used one exists."""

import re
from pathlib import Path

import pytest

from storage.sqlite import sql

SOURCES = Path(sql.__file__).parent


def test_queries_are_read_by_name_without_comments():
    script = "-- about\n\n-- name: one\n-- why\nSELECT 1;\n\n-- name: two\nSELECT {three}\n"
    script += "-- name: three\n2"
    queries = sql.expand(sql.parse(script))
    assert queries == {"one": "SELECT 1", "two": "SELECT 2", "three": "2"}


def test_name_used_twice_is_an_error():
    with pytest.raises(ValueError, match="two queries are called one"):
        sql.parse("-- name: one\nSELECT 1\n-- name: one\nSELECT 2")


def test_unknown_fragment_is_an_error():
    with pytest.raises(KeyError):
        sql.expand({"one": "SELECT {nothing}"})


def test_every_query_is_used_and_every_used_one_is_there():
    code = "\n".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    scripts = "\n".join(path.read_text("utf-8") for path in SOURCES.glob("queries/*.sql"))
    used = set(re.findall(r"\{([a-z_]+)\}", scripts)) | set(re.findall(r'"([a-z_]+)"', code))
    called = set(re.findall(r'SQL\["([a-z_]+)"\]', code))
    assert called <= set(sql.SQL)
    assert set(sql.SQL) <= used
