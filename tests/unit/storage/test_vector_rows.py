"""Vectors in memory: what is proposed holds what is closest, and episodes come, change and go."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.embedding import SCALE
from storage.vectors.cosines import cosines
from storage.vectors.rows import HELD, Block, Rows, signs_of
from storage.vectors.scopes import Scopes
from tests.fakes.vectors import cosine

DIMENSIONS = 384
TOP = 10


def unit_vectors(parts):
    parts = parts / np.linalg.norm(parts, axis=1, keepdims=True)
    return np.clip(np.round(parts * SCALE), -127, 127).astype(np.int8)


def block(episode_id, passages, bodies, *, spoken=True, sponsor=False):
    count = len(passages)
    return Block(episode_id, [spoken] * count, passages, [sponsor] * count, bodies)


def scattered(chance, count):
    return unit_vectors(chance.standard_normal((count, DIMENSIONS)))


def clustered(chance, count):
    middles = np.random.default_rng(1).standard_normal((100, DIMENSIONS))
    around = 1.2 * chance.standard_normal((count, DIMENSIONS))
    return unit_vectors(middles[chance.integers(0, 100, count)] + around)


@pytest.mark.parametrize(
    ("made", "count", "measured"), [(clustered, 30_000, 1_375), (scattered, 4_000, 2_000)]
)
def test_proposed_rows_hold_the_ten_closest(made, count, measured):
    chance = np.random.default_rng(7)
    bodies, asked = made(chance, count), made(chance, 40)
    rows = Rows(DIMENSIONS)
    for start in range(0, count, 700):
        part = bodies[start : start + 700]
        rows.replace(block(start, range(start, start + len(part)), part))
    found = 0
    for vector in asked:
        close = bodies.astype(np.int32) @ vector.astype(np.int32)
        closest = set(np.argsort(-close, kind="stable")[:TOP].tolist())
        likely = rows.likely(vector.tobytes(), measured, sponsors=False)
        assert len(likely) == measured
        exact = cosines(vector.tobytes(), rows.bodies(likely))
        assert exact.tolist() == (close[likely] / SCALE**2).tolist()
        best = likely[np.argsort(-exact, kind="stable")[:TOP]]
        found += len(closest & {passage for _, passage in rows.keys(best)})
    assert found >= 0.98 * TOP * len(asked)


def test_cosine_is_the_core_s_own():
    one, other = clustered(np.random.default_rng(3), 2)
    (measured,) = cosines(one.tobytes(), other.reshape(1, -1))
    assert measured == cosine(one.tobytes(), other.tobytes())


@pytest.mark.parametrize("dimensions", [1, 63, 64, 65, 384])
def test_signs_tell_in_how_many_dimensions_two_vectors_differ(dimensions):
    bodies = np.random.default_rng(dimensions).integers(-127, 128, (9, dimensions), np.int8)
    signs = signs_of(bodies)
    for one in range(9):
        differ = np.bitwise_count(signs[:, 0] ^ signs[:, one]).sum()
        assert differ == ((bodies[0] > 0) != (bodies[one] > 0)).sum()


STEPS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 90)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_rows_are_those_of_the_last_version_of_each_episode(steps):
    rows, kept, number = Rows(64), {}, 0
    chance = np.random.default_rng(0)
    for episode_id, count in steps:
        passages = range(number, number + count)
        bodies = chance.integers(-127, 128, (count, 64), np.int8)
        rows.replace(block(episode_id, passages, bodies))
        kept[episode_id] = dict(zip(passages, bodies.tolist(), strict=True))
        number += count
        every = {passage: body for one in kept.values() for passage, body in one.items()}
        positions = rows.likely(bytes(64), 10**6, sponsors=False)
        told = [passage for _, passage in rows.keys(positions)]
        assert sorted(told) == sorted(every)
        assert rows.bodies(positions).tolist() == [every[passage] for passage in told]
        talk = rows.keys(rows.of_talk([*range(number + 1)], sponsors=True))
        assert sorted(talk) == [(True, passage) for passage in sorted(every)]
        for one, passages in kept.items():
            there = rows.keys(rows.of_episode(one, sponsors=False))
            assert there == [(True, passage) for passage in passages]
        assert rows.alive == len(every)
        assert rows.size <= 1.3 * len(every) + 100


def test_sponsors_and_hidden_notes_are_not_proposed():
    rows, bodies = Rows(64), np.ones((3, 64), np.int8)
    rows.replace(block(1, [1, 2, 3], bodies, spoken=False))
    rows.replace(block(2, [1, 2, 3], bodies))
    rows.replace(block(3, [7, 8, 9], bodies, sponsor=True))

    def told(**where):
        return sorted(rows.keys(rows.likely(bytes(64), 99, **where)))

    spoken = [(True, 1), (True, 2), (True, 3)]
    assert told(sponsors=False, hidden=[2]) == [(False, 1), (False, 3), *spoken]
    assert told(sponsors=True, hidden=[1, 2, 3]) == [*spoken, (True, 7), (True, 8), (True, 9)]

    def talk(**where):
        return sorted(rows.keys(rows.of_talk([99, 7, 3, 2, 2, -1], **where)))

    assert talk(sponsors=False) == [(True, 2), (True, 3)]
    assert talk(sponsors=True) == [(True, 2), (True, 3), (True, 7)]
    assert len(rows.of_talk([], sponsors=True)) == 0

    def of_episode(episode_id, **where):
        return sorted(rows.keys(rows.of_episode(episode_id, **where)))

    assert of_episode(1, sponsors=False, hidden=[2]) == [(False, 1), (False, 3)]
    assert of_episode(2, sponsors=False, hidden=[2]) == spoken
    assert of_episode(3, sponsors=False) == of_episode(4, sponsors=True) == []
    assert of_episode(3, sponsors=True) == [(True, 7), (True, 8), (True, 9)]


def test_scope_that_outgrows_memory_keeps_its_signs_alone(monkeypatch):
    monkeypatch.setattr("storage.vectors.rows.HELD", 100)
    rows, chance = Rows(DIMENSIONS), np.random.default_rng(2)
    bodies = scattered(chance, 150)
    rows.replace(block(1, range(90), bodies[:90]))
    assert rows.held
    rows.replace(block(2, range(90, 150), bodies[90:]))
    assert not rows.held
    positions = rows.likely(bodies[120].tobytes(), 1, sponsors=False)
    assert rows.bodies(positions) is None
    assert rows.keys(positions) == [(True, 120)]
    assert not Rows(DIMENSIONS, expected=101).held


def test_scopes_asked_about_longest_ago_are_let_go():
    scopes = Scopes(budget=3 * Rows(64, 100).nbytes)
    for scope in range(1, 6):
        scopes.rows((scope, 1, 64), lambda: 100)
        scopes.rows((1, 1, 64), lambda: 100)
        scopes.trim(2)
    assert scopes.nbytes == 3 * Rows(64, 100).nbytes
    kept = [key for key, *_ in scopes._kept]
    assert kept == [4, 5, 1]
    # Where the last ones alone are too large, they stay while they are used.
    scopes.rows((9, 1, 64), lambda: HELD)
    scopes.trim(2)
    assert [key for key, *_ in scopes._kept] == [1, 9]


def test_rows_of_an_older_model_go_with_the_first_search_by_another():
    scopes = Scopes()
    first = scopes.rows((1, 1, 64), lambda: 1)
    assert scopes.rows((1, 1, 64), lambda: 1) is first
    scopes.rows((1, 2, 64), lambda: 1)
    assert [model for _, model, _ in scopes._kept] == [2]
