"""Vectors stay in step with the catalog, in the tables and in memory, whatever happens when."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog import PUBLIC
from bot.core.vectors import Meant
from storage.sqlite import derived as whole
from storage.sqlite import meaning, vectors
from storage.sqlite.connection import transaction
from storage.vectors.scopes import Scopes
from tests.fakes.embedder import vector_of
from tests.fakes.vectors import cosine, in_context
from tests.integration.test_sqlite_index import ACTION, GUILD, TEAM, TEXT, apply, derived, migrated

MODELS = ["fake 1", "fake 2"]

STEP = st.one_of(
    ACTION,
    ACTION,
    ACTION,
    st.tuples(st.just("crash"), ACTION),
    st.tuples(st.just("embed"), st.integers(1, 4)),
    st.tuples(st.just("embed late"), st.integers(1, 4), ACTION),
    st.tuples(st.just("embed and crash"), st.integers(1, 4)),
    st.tuples(st.just("rebuild")),
    st.tuples(st.just("ask"), TEXT),
    st.tuples(st.just("update"), st.sampled_from(MODELS)),
)


class Killed(Exception):
    """The process ends here."""


class Bot:
    """A database, its worker and its memory, which a kill empties."""

    def __init__(self, connection):
        self.connection = connection
        self.start(MODELS[0])

    def start(self, model):
        """Begin with an empty memory."""
        self.model = model
        self.scopes = Scopes()
        with transaction(self.connection):
            vectors.use_model(self.connection, model)

    def take(self, step):
        """Do one thing, and see that what is told is what is stored."""
        kind, *what = step
        if kind == "ask":
            self.check(*what)
        elif kind == "update":
            self.start(*what)
        elif kind == "crash":
            self.crash(lambda: apply_within(self.connection, *what))
        elif kind == "rebuild":
            with transaction(self.connection):
                whole.rebuild(self.connection)
        elif kind == "embed and crash":
            made = self.made(*what)
            self.crash(lambda: vectors.put(self.connection, self.model, made))
        elif kind.startswith("embed"):
            made = self.made(what[0])
            for action in what[1:]:
                apply(self.connection, action)
            with transaction(self.connection):
                vectors.put(self.connection, self.model, made)
        else:
            apply(self.connection, step)

    def made(self, limit):
        """Return the work of the worker's next batch."""
        waiting = vectors.waiting(self.connection, self.model, limit)
        return [(one.id, vector_of(one.text)) for one in waiting]

    def crash(self, work):
        """Do something in a transaction that does not end, and start again."""
        try:
            with transaction(self.connection):
                work()
                raise Killed
        except Killed:
            self.start(self.model)

    def embed_all(self):
        """Let the worker work until nothing waits."""
        while made := self.made(5):
            with transaction(self.connection):
                assert vectors.put(self.connection, self.model, made) == len(made)

    def nearest(self, asked):
        """Return what is close, or None where memory has to catch up first."""
        return meaning.nearest(self.connection, self.scopes, asked, last=False)

    def by_episode(self, told):
        """Return what was told for each episode there is."""
        rows = self.connection.execute(
            "SELECT 0, p.id, s.episode_id FROM passage AS p"
            " JOIN segment AS s ON s.id = p.segment_id"
            " UNION ALL SELECT 1, id, episode_id FROM spoken_passage"
        )
        where = {(spoken == 1, passage): episode_id for spoken, passage, episode_id in rows}
        every = self.connection.execute("SELECT id FROM episode").fetchall()
        return {
            episode_id: {key: told[key] for key in told if where[key] == episode_id}
            for (episode_id,) in every
        }

    def check(self, text):
        """Compare what is close, as memory has it, with all the tables."""
        vector = vector_of(text)
        for tenant in (PUBLIC, GUILD, TEAM):
            meant = Meant(self.model, vector)
            asked = meaning.Asked(tenant, meant, sponsors=False, episode_id=None, limit=999)
            while (found := self.nearest(asked)) is None:
                continue
            assert found.complete
            told = {(near.spoken, near.passage): near.cosine for near in found.near}
            assert len(told) == len(found.near)
            assert told == stored(self.connection, self.model, tenant, vector)
            for episode_id, here in self.by_episode(told).items():
                inside = replace(asked, episode_id=episode_id)
                found = meaning.nearest(self.connection, self.scopes, inside, last=True)
                assert {(one.spoken, one.passage): one.cosine for one in found.near} == here
            said = [passage for spoken, passage in told if spoken]
            asked = replace(asked, limit=1, said=[*said, 10**30, -1, *range(9)])
            found = meaning.nearest(self.connection, self.scopes, asked, last=True)
            talk = [near for near in (*found.near, *found.further) if near.spoken]
            assert len(talk) == len(said)
            assert {near.passage: near.cosine for near in talk} == {
                passage: cosine for (spoken, passage), cosine in told.items() if spoken
            }


def apply_within(connection, action):
    """Do what ``apply`` does where a transaction is open."""

    class Nested:
        def execute(self, sql, *parameters):
            if sql in ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"):
                return None
            return connection.execute(sql, *parameters)

        def executemany(self, *arguments):
            return connection.executemany(*arguments)

        in_transaction = False

    apply(Nested(), action)


def stored(connection, model, tenant, vector):
    """Return the cosine of every passage that a tenant reads, by a plain walk over the tables."""
    rows = connection.execute(
        """
        SELECT 0, p.id, v.body, 0, 0, 0, 0 FROM passage AS p
        JOIN segment AS s ON s.id = p.segment_id AND s.sponsor = 0
        JOIN scope AS c ON c.id = p.scope AND c.tenant IN ('public', :tenant)
        JOIN vector AS v ON v.id = p.vector_id
        JOIN embedding_model AS m ON m.id = v.model AND m.name = :model
        WHERE NOT (c.tenant = 'public' AND :tenant <> 'public' AND EXISTS (
            SELECT 1 FROM passage AS own JOIN scope AS d ON d.id = own.scope
            WHERE d.tenant = :tenant AND own.segment_id = p.segment_id))
        UNION ALL
        SELECT 1, p.id, v.body, p.episode_id, p.sponsor, p.first_sentence, p.last_sentence
        FROM spoken_passage AS p
        JOIN episode AS e ON e.id = p.episode_id AND e.tenant IN ('public', :tenant)
        JOIN vector AS v ON v.id = p.vector_id
        JOIN embedding_model AS m ON m.id = v.model AND m.name = :model
        ORDER BY 1, 4, 6
        """,
        {"tenant": tenant, "model": model},
    ).fetchall()
    runs = []
    for row in rows:
        before = runs[-1][-1] if runs else None
        follows = row[0] and before and before[3:5] == row[3:5] and before[6] + 1 == row[5]
        runs.append([*runs.pop(), row] if follows else [row])
    return {
        (row[0] == 1, row[1]): cosine(vector, moved)
        for run in runs
        for row, moved in zip(run, in_context([row[2] for row in run]), strict=True)
        if not row[4]
    }


def read_back(connection):
    """Return (text, vector) of every passage, the text put together from what is stored."""
    said = connection.execute(
        """
        SELECT (SELECT group_concat(text, ' ') FROM (
            SELECT q.text FROM sentence AS q WHERE q.episode_id = p.episode_id
            AND q.ordinal BETWEEN p.first_sentence AND p.last_sentence ORDER BY q.ordinal
        )), v.body FROM spoken_passage AS p LEFT JOIN vector AS v ON v.id = p.vector_id
        """
    ).fetchall()
    noted = connection.execute(
        """
        SELECT coalesce(c.title, s.title), coalesce(c.text, s.text), v.body
        FROM passage AS p JOIN segment AS s ON s.id = p.segment_id
        LEFT JOIN correction AS c ON c.segment_id = s.id AND c.in_force = 1
            AND c.tenant = (SELECT tenant FROM scope WHERE id = p.scope)
        LEFT JOIN vector AS v ON v.id = p.vector_id
        """
    ).fetchall()
    return said + [(". ".join(filter(None, [title, text])), body) for title, text, body in noted]


@settings(max_examples=120, deadline=None)
@given(st.lists(STEP, max_size=14))
def test_vectors_kept_step_by_step_are_those_of_a_fresh_build(steps):
    with migrated() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(meaning, "REST", 0)  # however slow the machine is
        bot = Bot(connection)
        for step in steps:
            bot.take(step)
        bot.embed_all()
        for text in ("kv cache", "日本語", ""):
            bot.check(text)
        for text, body in read_back(connection):
            assert body == (vector_of(text) if text.strip() else None)
        kept = derived(connection)
        with closing(fresh_copy(connection)) as copy:
            other = Bot(copy)
            other.start(bot.model)
            other.embed_all()
            assert without_models(derived(copy)) == without_models(kept)
            other.check("kv cache")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def fresh_copy(connection):
    """Return a database with the same catalog, and all that is derived built from nothing."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    copy.execute("PRAGMA foreign_keys = ON")
    with transaction(copy):
        copy.execute("DELETE FROM passage")
        copy.execute("DELETE FROM spoken_passage")
        copy.execute("DELETE FROM vector")
        copy.execute("DELETE FROM vector_change")
        copy.execute("DELETE FROM embedding_model")
        whole.rebuild(copy)
    return copy


def without_models(found):
    """Return what is derived, whichever number the model has."""
    for name in ("noted vectors", "spoken vectors", "vectors"):
        rows = [row.strip("()").split(", ") for row in found[name]]
        assert all(row[-2] not in ("0",) for row in rows)
        found[name] = sorted(repr(row[:-2] + row[-1:]) for row in rows)
    return found


def test_waiting_texts_are_found_without_looking_at_the_others():
    with migrated() as connection:
        plan = "EXPLAIN QUERY PLAN " + vectors.SQL["pending_vectors"]
        rows = connection.execute(plan, {"model": 3, "limit": 8}).fetchall()
        steps = [row[3] for row in rows]
        assert steps == ["SEARCH vector USING COVERING INDEX vector_by_model (model<?)"]
