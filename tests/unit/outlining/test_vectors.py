"""Vectors of stretches and sentences, of a model or of words."""

import numpy as np
import pytest

from bot.core.transcript import Sentence
from bot.outlining.talk import talk_of
from bot.outlining.vectors import WordVectors, model_vectors, unpacked


def talk_saying(*texts):
    return talk_of([Sentence(i * 1_000, i * 1_000 + 900, text) for i, text in enumerate(texts)])


@pytest.mark.parametrize("sentences", [3, 4_096, 9_001])
def test_the_sum_of_a_stretch_is_that_of_its_sentences_however_many_there_are(sentences):
    chance = np.random.default_rng(1)
    rows = chance.integers(-127, 128, (sentences, 5)).astype(np.int8)
    weights = chance.integers(0, 9, sentences).astype(float)
    first = np.unique(np.r_[0, chance.integers(0, sentences, 40)])
    sums = model_vectors([row.tobytes() for row in rows], sentences).sums(first, weights)
    expected = [
        (rows[start:stop] * weights[start:stop, None]).sum(axis=0)
        for start, stop in zip(first, [*first[1:], sentences], strict=True)
    ]
    assert np.allclose(sums, expected)


def test_each_sentence_of_a_passage_has_its_vector():
    vectors = model_vectors([b"\x02\x00", b"\x00\x03"], 5, [(0, 2), (3, 4)])
    assert vectors.of(np.arange(5)).tolist() == [[1, 0]] * 3 + [[0, 1]] * 2


def test_no_vectors_are_no_rows():
    assert len(unpacked([])) == 0


def test_sentences_that_share_rare_words_are_near():
    words = WordVectors(
        talk_saying(
            "the keel and the mast", "a mast on a keel", "honey from the hive", "a hive, honey"
        )
    )
    near = words.of(np.arange(4)) @ words.of(np.arange(4)).T
    assert near[0, 1] > 0.9
    assert near[2, 3] > 0.9
    assert abs(near[0, 2]) < 0.6


def test_a_word_that_is_said_once_ties_nothing_together():
    words = WordVectors(talk_saying("the keel", "the mast"))
    assert not words.of(np.arange(2)).any()
