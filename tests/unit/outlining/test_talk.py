"""A talk as numbers."""

import pytest

from bot.core.transcript import Sentence
from bot.outlining import talk as module
from bot.outlining.talk import MOST_READ, talk_of


def test_times_are_seconds_that_never_go_back():
    talk = talk_of(
        [Sentence(-500, 0, "a"), Sentence(9_000, 9_500, "b"), Sentence(8_000, 8_100, "c")]
    )
    assert talk.starts.tolist() == [0, 9, 9]
    assert talk.end_s == 9.5


def test_words_that_everybody_uses_weigh_nothing():
    talk = talk_of(
        [Sentence(0, 1, "So what is it?"), Sentence(1, 2, "It's the keel, and the mast.")]
    )
    assert talk.weights.tolist() == [0, 2]
    assert talk.words == 2


def test_the_source_names_two_speakers_or_nobody_takes_turns():
    one = [Sentence(0, 1, "a", "Bo"), Sentence(1, 2, "b", "Bo")]
    assert talk_of(one).new_turn is None
    two = talk_of([*one, Sentence(2, 3, "c", "Ana"), Sentence(3, 4, "d", "Ana")])
    assert two.new_turn is not None
    assert two.new_turn.tolist() == [True, False, True, False]


def test_of_endless_sentences_a_bounded_part_is_read():
    assert talk_of([Sentence(0, 1, "keel " * 100_000)]).texts == (("keel " * 1_000)[:MOST_READ],)


def test_of_very_many_sentences_less_of_each_is_weighed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_WEIGHED", 1_000)
    talk = talk_of([Sentence(i, i + 1, "keel " * 40) for i in range(10)])
    assert {len(text) for text in talk.texts} == {200}
    assert {len(head) for head in talk.heads} == {100}


def test_nothing_said_is_a_talk_too():
    assert talk_of([]).words == 0
