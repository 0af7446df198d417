"""Sentences that tell what a chapter is about."""

from bot.core.transcript import Sentence
from bot.outlining.extracts import LONGEST, MOST_EMBEDDED, ROOM, extracts
from bot.outlining.talk import talk_of
from bot.outlining.vectors import WordVectors, model_vectors
from tests.unit.outlining.made_up_talks import PER_SUBJECT, made_up_talk, vectors_of

TALK = made_up_talk()
STARTS = [0, PER_SUBJECT, 4 * PER_SUBJECT]


def talk_saying(*texts):
    return talk_of([Sentence(i * 1_000, i * 1_000 + 900, text) for i, text in enumerate(texts)])


def test_an_extract_holds_a_few_sentences_of_its_chapter_in_order():
    talk = talk_of(TALK)
    found = extracts(talk, STARTS, None, WordVectors(talk), None)
    for start, stop, places in zip(STARTS, [*STARTS[1:], len(TALK)], found, strict=True):
        assert len(places) == 4
        assert list(places) == sorted(set(places))
        assert start <= places[0]
        assert places[-1] < stop


def test_what_is_off_the_subject_is_not_in_it():
    off = "By the way my neighbour painted his kitchen in a bright yellow again."
    on = [
        "The hive of the queen was full of honey, so the swarm left for the trees.",
        "A swarm takes the queen and looks for a hive that is dry and warm.",
        "Honey is what the hive lives on until the queen lays again in spring.",
        "When a queen dies, the hive makes another one out of a few small eggs.",
    ]
    talk = talk_saying(*on[:2], off, *on[2:])
    assert extracts(talk, [0], None, WordVectors(talk), None) == [(0, 1, 3, 4)]


def test_the_same_is_not_said_twice():
    said = "The keel of a boat and its mast are made of one oak tree."
    other = "The sails of a boat are sewn by hand of the strongest linen."
    talk = talk_saying(*[said] * 4, *[other] * 2)
    rows = [b"\x60\x10"] * 4 + [b"\x40\x50"] * 2
    chosen = extracts(talk, [0], model_vectors(rows, 6), None, None)[0]
    assert {talk.texts[place] for place in chosen[:1] + chosen[-1:]} == {said, other}


def test_sentences_that_are_too_long_or_say_little_stay_out_and_all_fit_a_card():
    long = "the keel and the mast of the boat " * 20
    short = "The keel, yes."
    fits = "The keel and the mast of the boat were lost in a storm " + "of snow " * 25
    talk = talk_saying(long, short, *[fits + str(number) for number in range(6)])
    chosen = extracts(talk, [0], None, WordVectors(talk), None)[0]
    texts = [talk.texts[place] for place in chosen]
    assert chosen
    assert all(len(text.split()) >= 8 and len(text) <= LONGEST for text in texts)
    assert sum(map(len, texts)) <= ROOM


def test_where_no_sentence_fits_the_first_stands_for_them():
    talk = talk_saying("Yes.", "No.", "Well, yes.")
    assert extracts(talk, [0, 2], None, WordVectors(talk), None) == [(0,), (2,)]


def test_where_only_passages_have_vectors_a_bounded_number_of_sentences_is_embedded():
    talk = talk_of(TALK)
    asked = []

    def embed(texts):
        asked.append(len(texts))
        return vectors_of(texts)

    meaning = model_vectors(vectors_of([s.text for s in TALK]), len(TALK))
    found = extracts(talk, STARTS, meaning, WordVectors(talk), embed)
    assert asked == [MOST_EMBEDDED] * len(STARTS)
    assert all(len(places) == 4 for places in found)
