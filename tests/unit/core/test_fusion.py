"""Which passages answer, by words and by meaning together, and from which sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.analysis import stems
from bot.core.fusion import MOST_SUPPORT, SUPPORT, SUPPORT_IN_EPISODE, Found, Measure, fuse, opening
from bot.core.query import parse_query
from bot.core.ranking import Statistics

TALK = "we talk of the weather and what we had for lunch " * 8
TEXTS = st.lists(st.sampled_from(["deepseek", "train", "cost", "weather"]), max_size=12)
CATALOG = {"deepseek": 12, "train": 400, "cost": 300, "weather": 800, "lunch": 50, "chip": 90}


def measure(text: str, **frequency: int) -> Measure:
    known = {stems(word): count for word, count in {**CATALOG, **frequency}.items()}
    return Measure(parse_query(text), Statistics(10_000, known))


def found(key: int, text: str, cosine: float | None = 0.1, **beside: int) -> Found[int]:
    return Found(key, stems(f"{text} {TALK}"), cosine, **beside)


def order(asked: Measure, *passages: Found[int]) -> list[int]:
    return [answer.key for answer in fuse(asked, passages)]


def test_name_is_decided_by_words_though_another_passage_is_closer_in_meaning():
    asked = measure("deepseek")
    assert order(asked, found(1, "", 0.45), found(2, "deepseek", 0.3))[0] == 2


def test_paraphrase_is_decided_by_meaning_though_another_passage_holds_a_common_word_of_it():
    asked = measure("how little money a lab spent on the weather of its machines", weather=5_000)
    one, other = found(1, "weather", 0.3), found(2, "", 0.6)
    assert order(asked, one, other) == [2]
    (answer,) = fuse(asked, [one, other])
    assert answer.by_meaning


def test_answer_with_half_of_the_words_is_none_by_meaning_alone():
    (answer,) = fuse(measure("deepseek cost"), [found(1, "deepseek cost", 0.2)])
    assert answer.coverage == pytest.approx(1.0)
    assert not answer.by_meaning


def test_passage_far_in_meaning_without_the_words_is_no_answer():
    asked = measure("deepseek cost")
    assert order(asked, found(1, "", asked.least_support - 0.01)) == []
    assert order(asked, found(1, "", asked.least_support + 0.01)) == [1]


def test_more_is_asked_of_an_answer_the_more_there_is_up_to_a_bound():
    sizes = [0, 15, 2_500, 10_000, 1_000_000]
    least = [Measure(parse_query("cost"), Statistics(size, {})).least_support for size in sizes]
    assert least == pytest.approx(
        [SUPPORT, SUPPORT, SUPPORT, SUPPORT + 0.0555, MOST_SUPPORT], abs=1e-3
    )


def test_less_is_asked_of_an_answer_where_one_episode_was_chosen():
    asked, between = measure("deepseek cost"), (SUPPORT + SUPPORT_IN_EPISODE) / 2
    assert order(asked, found(1, "", between)) == []
    (answer,) = fuse(asked, [found(1, "", between)], in_episode=True)
    assert answer.support == pytest.approx(between)


def test_name_that_nobody_said_is_no_answer_however_close_the_rest():
    close = found(1, "training", 0.45)
    assert order(measure("training on zettascale"), close) == []
    assert order(measure("training on zettascale", zettascale=3), close) == [1]


def test_all_that_was_asked_for_is_an_answer_however_far_its_meaning():
    assert order(measure("deepseek"), found(1, "deepseek", -0.1)) == [1]


def test_few_notes_have_too_few_words_to_doubt_by():
    query = parse_query("training on zettascale")
    frequency = {stems("training"): 2}
    assert Measure(query, Statistics(15, frequency)).doubt < 0.05
    assert Measure(query, Statistics(200, frequency)).doubt > 0.2


def test_longer_description_may_hold_words_that_nobody_said():
    asked = measure("a small lab trained its own thing on scavenged boards for the cost of a villa")
    assert asked.doubt > 0.08
    assert order(asked, found(1, "train cost", 0.5)) == [1]


def test_word_as_corrected_is_not_unknown():
    query = parse_query("depseek cost")
    clauses = (query.clauses[0].corrected({"depseek": "deepseek"}), query.clauses[1])
    known = Statistics(10_000, {stems(word): count for word, count in CATALOG.items()})
    typed = Measure(query, known)
    corrected = Measure(type(query)(query.typed, clauses), known)
    assert typed.doubt > 0.2
    assert corrected.doubt == 0
    assert corrected.coverage(stems("deepseek cost")) == pytest.approx(1.0)


def test_words_next_door_lift_a_passage_above_its_equal():
    asked = measure("deepseek cost")
    beside = found(3, "deepseek", 0.2)
    assert order(asked, found(1, "cost", 0.4), found(2, "cost", 0.4, before=3), beside)[0] == 2
    assert order(asked, found(1, "cost", 0.4), found(2, "cost", 0.4, after=3), beside)[0] == 2


def test_neighbour_that_was_not_proposed_counts_as_without_the_words():
    assert order(measure("deepseek"), found(1, "deepseek", 0.3, before=7, after=8)) == [1]


def test_passage_proposed_by_both_indexes_is_one_answer():
    twice = found(1, "deepseek", 0.3)
    assert order(measure("deepseek"), twice, twice) == [1]


def test_answer_far_below_the_best_is_left_out():
    asked = measure("deepseek cost")
    assert order(asked, found(1, "deepseek cost", 0.6), found(2, "", 0.34)) == [1]


def test_without_vectors_a_passage_answers_by_half_of_the_words_or_not_at_all():
    asked = measure("deepseek weather lunch", weather=4_000)
    assert order(asked, found(1, "deepseek", None), found(2, "weather", None)) == [1]
    rare = [Found(1, stems("deepseek cost"), None), Found(2, stems("some chip"), None)]
    assert order(measure("deepseek cost chip"), *rare) == [1]


def test_without_vectors_less_of_the_words_is_enough_in_a_chosen_episode():
    asked = measure("deepseek chip train cost")
    some = found(1, "deepseek", None)
    assert 0.3 < asked.coverage(some.stems) < 0.5
    assert order(asked, some) == []
    (answer,) = fuse(asked, [some], in_episode=True)
    assert not answer.by_meaning
    assert fuse(asked, [found(1, "train", None)], in_episode=True) == []


def test_without_vectors_an_answer_with_half_as_much_is_left_out():
    asked = measure("deepseek chip")
    both, half = found(1, "deepseek chip", None), found(2, "deepseek", None)
    assert order(asked, both, half) == [1]
    assert order(asked, half) == [2]


def test_rarer_word_counts_for_more():
    asked = measure("deepseek training")
    assert order(asked, found(1, "training", 0.3), found(2, "deepseek", 0.3)) == [2, 1]
    assert asked.coverage(stems("deepseek")) > 0.5 > asked.coverage(stems("training"))


def test_word_that_all_of_what_was_proposed_hold_tells_little():
    asked = measure("deepseek cost")
    about = [found(key, "deepseek", 0.3) for key in range(1, 20)]
    assert order(asked, *about, found(20, "cost", 0.3))[0] == 20
    assert asked.coverage(stems("deepseek")) > asked.coverage(stems("cost"))


def test_word_said_twice_counts_for_more_and_in_a_long_passage_for_less():
    asked = measure("deepseek")
    twice, long = found(2, "deepseek deepseek", 0.3), found(3, f"deepseek {TALK}", 0.3)
    assert order(asked, long, found(1, "deepseek", 0.3), twice) == [2, 1, 3]


def test_compound_is_held_as_a_phrase_or_as_one_word():
    asked = measure("export-control", export=40, control=900, exportcontrol=1)
    assert asked.coverage(stems("the export control")) == pytest.approx(1.0)
    assert asked.coverage(stems("exportcontrol")) == pytest.approx(1.0)
    assert asked.coverage(stems("control of what they export")) == 0


def test_query_without_a_word_asks_for_nothing():
    asked = measure("the of and")
    assert (asked.coverage("a"), asked.doubt) == (0, 0)
    assert order(asked, found(1, "a", 0.9)) == [1]


def test_passage_begins_where_its_topic_is_named_first():
    asked = measure("deepseek cost")
    sentences = ["And so on.", "What did DeepSeek cost?", "DeepSeek said what it cost.", "Right."]
    assert opening(asked, [stems(sentence) for sentence in sentences]) == 1


def test_passing_mention_of_a_lesser_word_is_not_the_beginning():
    asked = measure("deepseek training", training=3_000)
    sentences = ["Training for a race.", "DeepSeek did it.", "The training of DeepSeek."]
    assert opening(asked, [stems(sentence) for sentence in sentences]) == 1


def test_passage_without_the_words_begins_at_its_beginning():
    assert opening(measure("deepseek"), [stems("One."), stems("Two.")]) == 0
    assert opening(measure("deepseek"), []) == 0


@given(
    st.lists(
        st.builds(
            Found,
            st.integers(0, 30),
            st.lists(st.sampled_from(sorted(CATALOG)), max_size=12).map(
                lambda w: stems(" ".join(w))
            ),
            st.none() | st.floats(-1, 1),
            st.none() | st.integers(0, 30),
            st.none() | st.integers(0, 30),
        ),
        max_size=20,
    ),
    st.lists(st.sampled_from([*CATALOG, "zettascale"]), max_size=6).map(" ".join),
)
def test_answers_are_some_of_what_was_found_each_once_best_first_and_well_supported(passages, text):
    answers = fuse(measure(text), passages)
    keys = [answer.key for answer in answers]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= {passage.key for passage in passages}
    scores = [answer.score for answer in answers]
    assert scores == sorted(scores, reverse=True)
    assert all(answer.support >= SUPPORT - 1e-9 for answer in answers)
    assert all(0 <= answer.coverage <= 1 + 1e-9 for answer in answers)
