"""What chapters are called."""

import pytest

from bot.core.transcript import Sentence
from bot.outlining.talk import talk_of
from bot.outlining.titles import titles
from bot.outlining.vectors import model_vectors

BEES = [
    "The queen bee leaves the hive with the old workers.",
    "We put the new hive near the lime trees.",
    "A lime tree gives honey in July.",
]
BOATS = [
    "A lee shore is what every sailor fears.",
    "On a lee shore the wind pushes you to the rocks.",
    "The anchor is the last hope on a lee shore.",
]


def title_of(*texts, others=()):
    """Return the title of a chapter that is followed by another."""
    talk = talk_of(
        [Sentence(i * 5_000, i * 5_000 + 4_900, text) for i, text in enumerate([*texts, *others])]
    )
    return titles(talk, [0, len(texts)] if others else [0])[0]


def test_a_chapter_is_called_by_what_is_said_often_in_it_and_not_elsewhere():
    assert title_of(*BOATS, others=BEES) == "Lee Shore"


def test_a_short_question_that_opens_a_chapter_is_its_title():
    asked = "Okay, so, what is a lee shore?"
    assert title_of(asked, *BOATS, others=BEES) == "What is a lee shore?"


ANCHORS = ["A sea anchor holds the bow.", "The sea anchor is a bag.", "Sea anchors are cheap."]


def test_a_short_title_names_a_second_thing_that_the_chapter_is_about():
    assert title_of(*BOATS, *ANCHORS, others=BEES) == "Lee Shore, Sea Anchor"


def test_a_second_thing_is_none_that_most_of_the_talk_is_about_nor_the_same_again():
    everywhere = ["Sea anchors again.", "The sea anchor, too."]
    assert title_of(*BOATS, *ANCHORS, others=[*BEES, *everywhere]) == "Lee Shore"
    again = ["A shore is land.", "One shore, two shores.", "The shores were far."]
    assert title_of(*BOATS, *again, others=BEES) == "Lee Shore"


@pytest.mark.parametrize(
    "question",
    [
        "How does that work?",
        "Right?",
        "A lee shore, is it?",
        "What do you think about it, with a lee shore?",
        "How is it that somebody who has sailed for all of his life fears a lee shore?",
        "What is a good day?",
    ],
)
def test_a_question_that_cannot_stand_alone_is_none(question):
    assert title_of(question, *BOATS, others=BEES) == "Lee Shore"


def test_capitals_of_a_name_stay_and_small_words_are_small():
    said = ["The eBPF programs are small."] + ["We like the eBPF programs."] * 2
    assert title_of(*said, others=BEES) == "eBPF Programs"
    said = ["The hall of fame was new.", "In the hall of fame we met.", "It was the hall of fame."]
    assert title_of(*said, others=BEES) == "Hall of Fame"


def test_a_word_is_given_with_the_one_that_it_is_mostly_said_with():
    said = ["Then there is the open source.", "They made the open source pay.", "An open source."]
    assert title_of(*said, others=BEES) == "Open Source"


def test_no_chapter_is_called_by_a_verb_a_filler_an_address_or_a_curse():
    said = [
        "You reduce the thing, damn it, you know.",
        "They reduce this stuff at https://shop.example/hive and honestly it is crazy.",
        "To reduce a thing is really fucking great, the shit.",
    ]
    title = title_of(*said, others=BEES)
    assert title == "You reduce the thing, damn it, you know."[: len(title)]


def test_no_two_chapters_have_one_name():
    talk = talk_of([Sentence(i * 5_000, i * 5_000 + 900, text) for i, text in enumerate(BOATS * 3)])
    found = titles(talk, [0, 3, 6])
    assert len(set(found)) == 3


def test_a_model_prefers_the_phrase_that_means_what_the_chapter_does():
    said = ["The anchor and the honey.", "The honey and the anchor.", "An anchor, the honey."]
    talk = talk_of([Sentence(i * 5_000, i * 5_000 + 900, text) for i, text in enumerate(said)])
    for subject in ("honey", "anchor"):

        def embed(texts, subject=subject):
            return [b"\x50\x00" if subject in text.lower() else b"\x00\x50" for text in texts]

        vectors = model_vectors([b"\x50\x00"] * 3, 3)
        assert subject.capitalize() in titles(talk, [0], vectors, embed)[0]


def test_where_nothing_has_a_name_the_first_words_are_the_title():
    assert title_of("So, yeah, that is how we do this here, I think.") == (
        "That is how we do this here, I think."
    )
    long = title_of("and " * 100)
    assert long.endswith("…")
    assert len(long) <= 60
