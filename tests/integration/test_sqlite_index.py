"""What is derived is kept exactly as a rebuild would make it, and searches stay bounded."""

import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog import PUBLIC
from bot.core.query import MAX_CLAUSES, parse_query
from storage.sqlite import catalog, index, migrate, reports, search, writer
from storage.sqlite import connection as connections
from storage.sqlite import derived as whole
from storage.sqlite.connection import transaction
from tests.fakes.drafts import (
    chapters_draft,
    episode_draft,
    recording_draft,
    transcript_draft,
)

GUILD, TEAM = "discord:1", "slack:T2"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = ["cache", "caching", "c++", "日本語", "kv", "tsmc's", "Zebra", "the"]

TEXT = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
ROWS = st.lists(st.tuples(st.integers(0, 5), TEXT, TEXT), max_size=5)
TENANT = st.sampled_from([PUBLIC, GUILD, TEAM])
VIDEO = st.sampled_from(["aaaaaaaaaaa", "bbbbbbbbbbb"])
SAID = st.lists(st.tuples(st.integers(0, 90), TEXT.filter(str.strip)), max_size=40)
CHAPTERS = st.lists(
    st.tuples(st.integers(0, 90), st.sampled_from(["Caches", "Sponsor: Zebra", "Outro"])),
    max_size=5,
    unique_by=lambda one: one[0],
)
ACTION = st.one_of(
    st.tuples(st.just("say"), TENANT, VIDEO, SAID),
    st.tuples(st.just("chapters"), TENANT, VIDEO, CHAPTERS),
    st.tuples(st.just("put"), TENANT, VIDEO, ROWS),
    st.tuples(st.just("remove"), TENANT, st.integers(1, 6), st.none()),
    st.tuples(st.just("correct"), TENANT, st.integers(1, 20), st.tuples(TEXT, TEXT)),
)


@contextmanager
def migrated():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate.migrate(connection, Path("memory"))
        yield connection


def apply(connection, action):
    kind, tenant, which, what = action
    with transaction(connection):
        if kind == "put":
            writer.put_episode(connection, tenant, episode_draft(what, video=which))
        elif kind == "say":
            said = recording_draft(which, transcript=transcript_draft(what))
            writer.put_recording(connection, tenant, said)
        elif kind == "chapters":
            told = recording_draft(which, chapters=chapters_draft(what))
            writer.put_recording(connection, tenant, told)
        elif kind == "remove":
            writer.remove_episode(connection, tenant, which)
        else:
            title, text = what
            reports.correct(
                connection, tenant, which, title=title, text=text, by="op", at=NOON, report_id=None
            )


def derived(connection):
    """Return all that is derived, with passages named by what they belong to."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms "
        "USING fts5vocab('main', 'passage_index', 'instance')"
    )
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.spoken_terms "
        "USING fts5vocab('main', 'spoken_index', 'instance')"
    )
    statements = {
        "spoken": "SELECT episode_id, scope, first_sentence, last_sentence, stems "
        "FROM spoken_passage",
        "spoken terms": "SELECT term, col, offset, episode_id, first_sentence "
        "FROM temp.spoken_terms LEFT JOIN spoken_passage ON spoken_passage.id = doc",
        "counts": "SELECT tenant, spoken_count FROM scope WHERE spoken_count > 0",
        "spoken words": "SELECT * FROM spoken_word",
        "spoken stems": "SELECT * FROM spoken_stem",
        "passages": "SELECT segment_id, scope, ordinal, correction_id, title_stems, text_stems "
        "FROM passage",
        "terms": "SELECT term, col, offset, segment_id, scope "
        "FROM temp.terms LEFT JOIN passage ON passage.id = doc",
        "words": "SELECT * FROM vocabulary",
        "stems": "SELECT * FROM stem_frequency",
        "titles": "SELECT * FROM title_start",
        "episodes": "SELECT id, words FROM episode",
        "noted vectors": "SELECT segment_id, scope, hex(digest), model, hex(body) "
        "FROM passage LEFT JOIN vector ON vector.id = vector_id",
        "spoken vectors": "SELECT episode_id, first_sentence, hex(digest), model, hex(body) "
        "FROM spoken_passage LEFT JOIN vector ON vector.id = vector_id",
        "vectors": "SELECT hex(digest), loose, model, hex(body) FROM vector",
    }
    return {name: sorted(map(repr, connection.execute(sql))) for name, sql in statements.items()}


@settings(max_examples=80, deadline=None)
@given(st.lists(ACTION, max_size=12))
def test_index_kept_step_by_step_is_the_one_a_rebuild_makes(actions):
    with migrated() as connection:
        for action in actions:
            apply(connection, action)
        before = derived(connection)
        with transaction(connection):
            whole.rebuild(connection)
        assert before == derived(connection)
        for name in ("passage_index", "spoken_index"):
            check = f"INSERT INTO {name} ({name}) VALUES ('integrity-check')"  # noqa: S608
            connection.execute(check)


@settings(max_examples=40, deadline=None)
@given(st.lists(ACTION, max_size=12))
def test_nothing_derived_is_left_when_all_is_removed(actions):
    with migrated() as connection:
        for action in actions:
            apply(connection, action)
        for tenant in (PUBLIC, GUILD, TEAM):
            for episode in catalog.episodes(connection, tenant, 0, 99):
                apply(connection, ("remove", tenant, episode.id, None))
        assert {name: rows for name, rows in derived(connection).items() if rows} == {}
        left = "SELECT sum(segment_count + spoken_count) FROM scope"
        assert connection.execute(left).fetchone() == (0,)
        for table in ("show", "episode", "segment", "report", "correction", "sentence"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


ROWS_OF_MANY = [
    (n, f"Title {n} zebra" if n == 3 else f"Title {n}", "quagga okapi zebra"[: n % 3 * 6 + 6])
    for n in range(60)
]


@pytest.fixture
def many():
    """Return a catalog in which every segment holds ``quagga``, two thirds ``okapi``."""
    with migrated() as connection:
        apply(connection, ("put", PUBLIC, "aaaaaaaaaaa", ROWS_OF_MANY))
        yield connection


def found(connection, typed, limit=99):
    candidates = search.search(connection, GUILD, parse_query(typed), None, limit)
    return [(c.moment.segment.id, c.bm25) for c in candidates]


@pytest.fixture
def interrupted(monkeypatch):
    """Let the first attempt at any search run out of time at once."""
    monkeypatch.setattr(connections, "PROGRESS_STEPS", 1)
    monkeypatch.setattr(search, "FIRST_S", -1)


def test_interrupted_search_is_planned_and_finds_the_same(many, monkeypatch):
    direct = found(many, "quagga okapi")
    monkeypatch.setattr(connections, "PROGRESS_STEPS", 1)
    monkeypatch.setattr(search, "FIRST_S", -1)
    monkeypatch.setattr(search, "SECOND_S", 30)
    assert found(many, "quagga okapi") == direct


def test_interrupted_search_requires_the_rare_word(many, interrupted, monkeypatch):
    monkeypatch.setattr(search, "SECOND_S", 30)
    monkeypatch.setattr(search, "MATCHES", 50)
    assert len(found(many, "quagga zebra")) == 20 + 1


def test_search_for_one_common_word_scores_the_newest_and_every_title(
    many, interrupted, monkeypatch
):
    monkeypatch.setattr(search, "SECOND_S", 30)
    monkeypatch.setattr(search, "MATCHES", 10)
    ids = [ident for ident, _ in found(many, "quagga")]
    assert sorted(ids) == list(range(51, 61))
    first, *others = [ident for ident, _ in found(many, "zebra")]
    assert first == 4  # the title hit, old as it is
    assert min(others) > 25


def test_search_that_runs_out_of_time_twice_still_answers(many, interrupted, monkeypatch):
    monkeypatch.setattr(search, "SECOND_S", -1)
    assert found(many, "quagga", limit=5) == [(n, 0.0) for n in (60, 59, 58, 57, 56)]
    assert many.execute("SELECT 1").fetchone() == (1,)


def test_search_within_an_episode_that_runs_out_of_time_still_answers(many, interrupted):
    candidates = search.search(many, PUBLIC, parse_query("quagga"), 1, 5)
    assert len(candidates) == 5


@pytest.fixture
def large(many, monkeypatch):
    """Return the catalog as one of which nobody can read whole lists."""
    monkeypatch.setattr(search, "SCORED", 0)
    monkeypatch.setattr(search, "READ", 25)
    return many


def test_search_in_a_large_catalog_scores_what_is_rare_enough(large):
    assert found(large, "zebra") != []
    assert all(score < 0 for _, score in found(large, "zebra"))


def test_search_in_a_large_catalog_for_what_all_hold_gives_the_newest_unscored(large):
    assert found(large, "quagga", limit=2) == [(60, 0.0), (59, 0.0)]
    assert found(large, '"quagga okapi"', limit=2) == [(60, 0.0), (59, 0.0)]


def test_search_in_an_episode_of_a_large_catalog_gives_its_newest_unscored(large):
    candidates = search.search(large, PUBLIC, parse_query("quagga"), 1, 3)
    assert [(c.moment.segment.id, c.bm25) for c in candidates] == [(60, 0.0), (59, 0.0), (58, 0.0)]


def test_no_list_is_counted_that_is_too_long_to_be_read(large, monkeypatch):
    run = []
    monkeypatch.setattr(search, "fetch_within", lambda *arguments: run.append(arguments[2]) or None)
    found(large, "quagga")
    assert run == []
    found(large, "zebra")
    assert len(run) == 2  # as asked, then as planned


def test_longest_query_over_two_scopes_is_no_error(many, interrupted, monkeypatch):
    apply(many, ("put", GUILD, "bbbbbbbbbbb", ROWS_OF_MANY[:3]))
    monkeypatch.setattr(search, "SECOND_S", 30)
    monkeypatch.setattr(search, "MATCHES", 16)
    # As many clauses as are read, each with two alternatives, in two scopes.
    typed = " ".join(f"title-{n}" for n in range(20))
    assert len(parse_query(typed).clauses) == MAX_CLAUSES
    assert found(many, typed) != []
    monkeypatch.setattr(search, "FIRST_S", 30)
    assert len(found(many, typed)) == MAX_CLAUSES + 3
    # As many words as are read of a phrase.
    assert found(many, "-".join(["quagga"] * 100)) == []


def test_deadline_stops_a_query_and_leaves_the_connection_usable(many):
    endless = (
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    )
    assert connections.fetch_within(many, 0.01, endless, {}) is None
    assert connections.fetch_within(many, 5, "SELECT 1", {}) == [(1,)]


def test_other_errors_of_a_bounded_query_are_raised(many):
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        connections.fetch_within(many, 1, "nonsense", {})
    with pytest.raises(sqlite3.OperationalError, match="decode"):
        connections.fetch_within(many, 1, "SELECT CAST(x'ff' AS TEXT)", {})


def test_imports_leave_a_small_index_in_one_piece(many):
    for number in range(12):
        apply(many, ("put", PUBLIC, f"{number:011}", ROWS_OF_MANY[:5]))
    pieces = many.execute("SELECT count(DISTINCT segid) FROM passage_index_idx").fetchone()
    assert pieces == (1,)


def test_imports_merge_a_large_index_only_when_much_is_new(many, monkeypatch):
    monkeypatch.setattr(index, "ALWAYS_MERGED", 0)
    merges = []
    trace = many.set_trace_callback
    trace(lambda sql: merges.append(sql) if "'optimize'" in sql else None)
    for number in range(12):
        apply(many, ("put", PUBLIC, f"{number:011}", ROWS_OF_MANY[:2]))
    assert 1 <= len(merges) <= 4
    monkeypatch.setattr(index, "NEVER_MERGED", 0)
    merges.clear()
    apply(many, ("put", PUBLIC, "ccccccccccc", ROWS_OF_MANY))
    assert merges == []
