"""Words that announce another subject."""

import pytest

from bot.core.transcript import Sentence
from bot.outlining.cue_phrases import announcements
from bot.outlining.talk import talk_of

PLAIN = "The keel of that boat was made of oak."


def evidence_of(*texts, speakers=None):
    names = speakers or [""] * len(texts)
    sentences = [
        Sentence(place * 1_000, place * 1_000 + 900, text, name)
        for place, (text, name) in enumerate(zip(texts, names, strict=True))
    ]
    return announcements(talk_of(sentences)).tolist()


@pytest.mark.parametrize(
    "text",
    [
        "Next question comes from Ana.",
        "All right, let’s talk about anchors.",
        "so the last topic we have is the mast",
        "Can you maybe explain what a keel does?",
        "I wanted to ask you about the harbour.",
        "okay so what do we understand about the rudder",
        "Moving on to the deck.",
    ],
)
def test_who_announces_or_asks_is_heard(text):
    assert evidence_of(PLAIN, text, PLAIN)[1] >= 0.7
    assert evidence_of(PLAIN, PLAIN, PLAIN)[1] == 0


def test_who_announces_more_counts_for_more_up_to_a_bound():
    asks = evidence_of("What is a keel?")[0]
    announces = evidence_of("Next question, what is a keel?")[0]
    everything = evidence_of("Okay so next question, can you tell me about that? Welcome.")[0]
    assert asks < announces <= everything <= 3.0


def test_a_sentence_that_goes_on_begins_nothing():
    assert (
        evidence_of("because the next question is whether it floats")[0]
        < (evidence_of("the next question is whether it floats")[0])
    )


def test_what_follows_bears_out_what_begins_before_it():
    found = evidence_of(PLAIN, "Cool.", "Next question is about tides.", PLAIN)
    assert found[2] > found[1] > found[0] > 0
    assert found[3] == 0


def test_after_a_sponsor_something_begins_but_not_within_it():
    found = evidence_of("Use the promo code boat.", "Our sponsor has sails.", PLAIN, PLAIN)
    assert found[2] > 0
    assert found[0] == found[1] == 0


def test_where_speakers_are_known_a_chapter_begins_with_a_turn():
    texts = (PLAIN, "What is a keel?", "What is a mast?", PLAIN)
    known = evidence_of(*texts, speakers=["Bo", "Ana", "Ana", "Bo"])
    unknown = evidence_of(*texts)
    assert known[1] > unknown[1]
    assert known[2] < unknown[2]


def test_one_speaker_tells_nothing():
    assert evidence_of(PLAIN, "What is a keel?", speakers=["Bo", "Bo"]) == evidence_of(
        PLAIN, "What is a keel?"
    )


def test_a_talk_of_one_sentence_is_read():
    assert evidence_of("Next question.") == [2.0]
