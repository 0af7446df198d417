"""Sentences that tell what a stretch of talk is about."""

from bot.core.transcript import Sentence
from bot.outlining.extracts import LONGEST, MOST_EMBEDDED, ROOM, telling
from tests.unit.outlining.made_up_talks import PER_SUBJECT, made_up_talk, vectors_of

TALK = made_up_talk()


def saying(*texts):
    return [Sentence(i * 1_000, i * 1_000 + 900, text) for i, text in enumerate(texts)]


def told(sentences, vectors=vectors_of, must=None):
    """Return what is told of sentences that are a passage each."""
    texts = [sentence.text for sentence in sentences]
    spans = [(place, place) for place in range(len(texts))]
    return telling(sentences, vectors(texts), spans, vectors, must)


def test_an_extract_holds_a_few_sentences_in_order():
    places = told(TALK[:PER_SUBJECT])
    assert len(places) == 4
    assert list(places) == sorted(set(places))


def test_what_is_off_the_subject_is_not_in_it_unless_it_must():
    off = "By the way my neighbour painted his kitchen in a bright yellow again."
    on = [
        "The hive of the queen was full of honey, so the swarm left for the trees.",
        "A swarm takes the queen and looks for a hive that is dry and warm.",
        "Honey is what the hive lives on until the queen lays again in spring.",
        "When a queen dies, the hive makes another queen out of a few small eggs.",
    ]
    talk = saying(*on[:2], off, *on[2:])
    assert told(talk) == (0, 1, 3, 4)
    assert 2 in told(talk, must=2)


def test_the_same_is_not_said_twice():
    said = "The keel of a boat and its mast are made of one oak tree."
    other = "The sails of a boat are sewn by hand of the strongest linen."
    talk = saying(*[said] * 3, *[other] * 3)
    chosen = told(talk, lambda texts: [b"\x60\x10" if t == said else b"\x40\x50" for t in texts])
    assert {talk[place].text for place in chosen[:1] + chosen[-1:]} == {said, other}


def test_sentences_that_are_too_long_or_say_little_stay_out_and_all_fit_a_card():
    long = "the keel and the mast of the boat " * 20
    short = "The keel, yes."
    fits = "The keel and the mast of the boat were lost in a storm " + "of snow " * 25
    talk = saying(long, short, *[fits + str(number) for number in range(6)])
    texts = [talk[place].text for place in told(talk)]
    assert texts
    assert all(len(text.split()) >= 8 and len(text) <= LONGEST for text in texts)
    assert sum(map(len, texts)) <= ROOM


def test_where_no_sentence_fits_there_is_none_but_the_one_that_must():
    talk = saying("Yes.", "No.", "Well, yes.")
    assert told(talk) == ()
    assert told(talk, must=2) == (2,)


def test_sentences_of_the_nearest_passages_alone_are_embedded():
    asked = []

    def embed(texts):
        asked.append(len(texts))
        return vectors_of(texts)

    texts = [sentence.text for sentence in TALK]
    spans = [(place, place + 9) for place in range(0, len(TALK) // 10 * 10, 10)]
    vectors = vectors_of([" ".join(texts[first : last + 1]) for first, last in spans])
    assert len(telling(TALK, vectors, spans, embed)) == 4
    assert asked == [MOST_EMBEDDED]
