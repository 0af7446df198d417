"""Chapters for a talk that has none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.analysis import words
from bot.core.transcript import Sentence, passages
from bot.outlining.outline import as_chapters, outline
from tests.unit.outlining.made_up_talks import (
    PER_SUBJECT,
    SECONDS,
    SUBJECTS,
    made_up_talk,
    true_starts,
    vectors_of,
)

TALK = made_up_talk()
TEXTS = [sentence.text for sentence in TALK]


def found_of(true, outlined, within=3):
    """Return how many true starts have a chapter's start near."""
    starts = [chapter.start_ms // (SECONDS * 1_000) for chapter in outlined]
    return sum(any(abs(place - start) <= within for start in starts) for place in true)


def test_each_subject_of_a_talk_gets_a_chapter_by_what_a_model_says_of_its_sentences():
    outlined = outline(TALK, vectors_of(TEXTS))
    assert found_of(true_starts(), outlined) == len(SUBJECTS) - 1
    assert len(outlined) <= 2 * len(SUBJECTS)


def test_without_a_model_words_alone_find_the_subjects():
    outlined = outline(TALK)
    assert found_of(true_starts(), outlined) == len(SUBJECTS) - 1


def test_vectors_of_passages_are_enough():
    spans = passages(TALK)
    texts = [" ".join(TEXTS[first : last + 1]) for first, last in spans]
    outlined = outline(TALK, vectors_of(texts), spans=spans)
    assert found_of(true_starts(), outlined, within=6) == len(SUBJECTS) - 1


def test_a_chapter_begins_with_the_sentence_that_announces_it():
    talk = made_up_talk(opening="All right, let's talk about {}.")
    outlined = outline(talk, vectors_of([sentence.text for sentence in talk]))
    assert found_of(true_starts(), outlined, within=0) == len(SUBJECTS) - 1


def test_the_first_chapter_begins_with_the_recording_and_times_ascend():
    talk = [Sentence(s.start_ms + 9_000, s.end_ms + 9_000, s.text) for s in TALK]
    starts = [chapter.start_ms for chapter in outline(talk)]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert set(starts[1:]) <= {sentence.start_ms for sentence in talk}


def test_the_same_talk_always_has_the_same_chapters():
    assert outline(TALK, vectors_of(TEXTS)) == outline(TALK, vectors_of(TEXTS))


def test_titles_are_words_of_their_own_chapter():
    outlined = outline(TALK, vectors_of(TEXTS), embed=vectors_of)
    edges = [chapter.start_ms for chapter in outlined] + [TALK[-1].end_ms]
    for chapter, stop in zip(outlined, edges[1:], strict=True):
        said = [s.text for s in TALK if chapter.start_ms <= s.start_ms < stop]
        assert set(words(chapter.title)) <= set(words(" ".join(said)))


def test_what_is_stored_says_that_nobody_set_these_chapters():
    outlined = outline(TALK)
    draft = as_chapters(outlined)
    assert draft.source_label == "Automatic"
    assert [(c.start_ms, c.title) for c in draft.chapters] == [
        (c.start_ms, c.title) for c in outlined
    ]


@pytest.mark.parametrize(
    "talk",
    [
        [],
        [Sentence(0, 1_000, "Hello.")],
        TALK[: 290 // SECONDS],
        [Sentence(s.start_ms, s.end_ms, "Yes.") for s in TALK],
        [Sentence(s.start_ms, s.end_ms, "The bread of the baker is in the oven.") for s in TALK],
        [Sentence(0, 0, s.text) for s in TALK],
        [Sentence(0, 3_600_000, "word " * 2_000_000)],
    ],
    ids=["nothing", "a word", "short", "no words", "all the same", "no time", "one sentence"],
)
def test_a_talk_with_nothing_to_part_has_no_chapters(talk):
    assert outline(talk) == ()


def test_vectors_that_are_not_of_this_talk_are_refused():
    vectors = vectors_of(TEXTS)
    with pytest.raises(ValueError, match="for each span"):
        outline(TALK, vectors[:-1])
    with pytest.raises(ValueError, match="for each span"):
        outline(TALK, [*vectors[:-1], b"\x01"])
    with pytest.raises(ValueError, match="hold each sentence"):
        outline(TALK, vectors[:2], spans=[(5, 9), (10, len(TALK) - 1)])
    with pytest.raises(ValueError, match="hold each sentence"):
        outline(TALK, vectors[:2], spans=[(0, 9), (len(TALK), len(TALK))])


def test_what_an_embedder_raises_is_raised():
    def broken(texts):
        raise OSError("no model")

    with pytest.raises(OSError, match="no model"):
        outline(TALK, vectors_of(TEXTS), embed=broken)


def test_a_sponsors_code_or_a_huge_sentence_within_a_talk_does_no_harm():
    huge = Sentence(0, 1_000, "bread " * 1_000_000)
    outlined = outline([huge, *TALK])
    assert found_of(true_starts(), outlined) == len(SUBJECTS) - 1
    assert all(len(chapter.title) <= 60 for chapter in outlined)


def test_a_day_of_talk_with_silences_is_outlined_in_chapters_that_people_can_read_through():
    """The work with pairs of blocks is bounded, however many sentences there are."""
    length = TALK[-1].end_ms
    talk = [
        Sentence(s.start_ms + hour * length, s.end_ms + hour * length, s.text)
        for hour in range(0, 48, 2)
        for s in TALK
    ]
    outlined = outline(talk)
    assert 15 <= len(outlined) <= 60


_SENTENCES = st.lists(
    st.builds(
        Sentence,
        start_ms=st.integers(0, 7_200_000),
        end_ms=st.integers(0, 9_000_000),
        text=st.one_of(
            st.text(min_size=1, max_size=200),
            st.sampled_from(TEXTS),
            st.sampled_from(["What is the hive?", "((((", "」", "next question", "'s 's"]),
        ),
        speaker=st.sampled_from(["", "Ana", "Bo"]),
    ),
    max_size=80,
)


@settings(max_examples=30, deadline=None)
@given(extra=_SENTENCES, model=st.booleans())
def test_whatever_is_said_chapters_ascend_and_have_titles(extra, model):
    talk = sorted([*TALK[::3], *extra], key=lambda sentence: sentence.start_ms)
    vectors = vectors_of([sentence.text for sentence in talk]) if model else None
    outlined = outline(talk, vectors, embed=vectors_of if model else None)
    starts = [chapter.start_ms for chapter in outlined]
    assert outlined
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    for chapter in outlined:
        assert chapter.title.strip()
        assert len(chapter.title) <= 60


def test_a_chapter_in_the_made_up_talk_is_as_long_as_it_is_said_to_be():
    assert len(TALK) == PER_SUBJECT * len(SUBJECTS)
    assert TALK[PER_SUBJECT].start_ms == PER_SUBJECT * SECONDS * 1_000
