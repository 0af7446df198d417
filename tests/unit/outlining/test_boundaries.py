"""Where a talk is cut."""

import numpy as np

from bot.core.transcript import Sentence
from bot.outlining.blocks import MOST_BLOCKS, Blocks, best_sentences, blocks_of
from bot.outlining.boundaries import SHORTEST_S, boundaries
from bot.outlining.talk import talk_of
from bot.outlining.vectors import WordVectors

LENGTH_S = 8.0


def blocks_along(*directions):
    """Return blocks of eight seconds that point along some axes, with a little noise."""
    rows = np.eye(8)[list(directions)] + np.random.default_rng(3).normal(
        0, 0.05, (len(directions), 8)
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    places = np.arange(len(directions))
    return Blocks(
        places, places * LENGTH_S, np.full(len(directions), 20.0), rows.astype(np.float32)
    )


def cuts_of(blocks, evidence=None):
    nothing = np.zeros(len(blocks))
    return boundaries(blocks, len(blocks) * LENGTH_S, nothing if evidence is None else evidence)


def test_a_talk_is_cut_where_it_changes_its_direction():
    parts = [axis for axis in range(6) for _ in range(40)]
    assert set(cuts_of(blocks_along(*parts))) >= {40, 80, 120, 160, 200}


def test_an_announcement_draws_a_cut_that_could_as_well_be_elsewhere():
    parts = [0] * 40 + [1, 0] * 4 + [1] * 40 + [2] * 40 + [3] * 40
    blocks = blocks_along(*parts)
    for place in (41, 46):
        evidence = np.zeros(len(blocks))
        evidence[place] = 3.0
        assert place in cuts_of(blocks, evidence)


def test_no_chapter_is_shorter_than_one_may_be():
    chance = np.random.default_rng(5)
    blocks = blocks_along(*chance.integers(0, 8, 700))
    cuts = cuts_of(blocks, chance.uniform(0, 3, 700))
    edges = np.array([0, *cuts, len(blocks)]) * LENGTH_S
    assert len(cuts) >= 5
    assert np.diff(edges)[1:].min() >= SHORTEST_S
    assert np.diff(edges)[0] >= SHORTEST_S / 2


def test_the_opening_may_be_shorter_than_a_chapter():
    parts = [7] * 6 + [axis for axis in range(6) for _ in range(60)]
    assert cuts_of(blocks_along(*parts))[0] == 6


def test_where_nothing_changes_nothing_is_cut():
    rows = np.tile(np.eye(8, dtype=np.float32)[0], (200, 1))
    places = np.arange(200)
    still = Blocks(places, places * LENGTH_S, np.full(200, 20.0), rows)
    assert cuts_of(still) == []


def test_a_talk_of_any_length_has_a_bounded_number_of_blocks():
    sentences = [
        Sentence(i * 5_000, i * 5_000 + 4_000, f"word{i % 50} anchor") for i in range(20_000)
    ]
    talk = talk_of(sentences)
    assert MOST_BLOCKS // 2 < len(blocks_of(talk, WordVectors(talk))) <= MOST_BLOCKS + 1


def test_the_best_sentence_near_a_block_stands_for_its_start():
    starts = [0, 3, 5, 7.5, 8.2, 11, 13.5, 16.5]
    talk = talk_of(
        [Sentence(int(at * 1_000), int(at * 1_000) + 500, "the anchor") for at in starts]
    )
    blocks = blocks_of(talk, WordVectors(talk))
    evidence = np.array([0, 0, 2.0, 1.0, 0, 0, 1.0, 1.0])
    best, found = best_sentences(talk, blocks, evidence)
    assert blocks.first.tolist() == [0, 4, 7]
    assert best.tolist() == [0, 2, 6]
    assert found.tolist() == [0, 2.0, 1.0]
