"""Bounding a search: what is required, what is scored, and that nothing worth having is lost."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.query import parse_query
from bot.core.ranking import FLOOR, Statistics
from storage.sqlite.expressions import any_of, in_scopes
from storage.sqlite.search import LEAP, MATCHES, READ, SCORED, affordable, plan, reading

WORDS = ["alpha", "beta", "gamma", "delta", "omega"]
SEGMENTS = 1_000_000


def planned(*frequencies):
    words = WORDS[: len(frequencies)]
    query = parse_query(" ".join(words))
    statistics = Statistics(
        SEGMENTS, dict(zip((c.typed for c in query.clauses), frequencies, strict=True))
    )
    return plan(query, statistics), query, statistics


def typed(clauses):
    return [clause.typed for clause in clauses]


def test_plan_of_rare_words_is_the_query_as_asked():
    chosen, query, _ = planned(10, 20)
    assert chosen.required == chosen.scored == query.clauses
    assert chosen.bounded


def test_plan_requires_the_rarest_word_and_still_scores_the_common_one():
    chosen, _, _ = planned(150_000, 10)
    assert typed(chosen.required) == ["beta"]
    assert set(typed(chosen.scored)) == {"alpha", "beta"}
    assert chosen.bounded


def test_plan_does_not_score_what_almost_every_segment_holds():
    chosen, _, _ = planned(SCORED + 1, 10)
    assert typed(chosen.scored) == ["beta"]


def test_plan_of_one_common_word_is_not_bounded():
    chosen, _, _ = planned(MATCHES + 1)
    assert typed(chosen.required) == typed(chosen.scored) == ["alpha"]
    assert not chosen.bounded


@given(st.lists(st.integers(0, 2 * MATCHES), min_size=1, max_size=5))
def test_plan_loses_no_segment_that_could_reach_the_floor(frequencies):
    chosen, query, statistics = planned(*frequencies)
    total = sum(statistics.weight(clause) for clause in query.clauses)
    held = {
        clause.typed: frequency
        for clause, frequency in zip(query.clauses, frequencies, strict=True)
    }
    needed = sorted(query.clauses, key=lambda clause: held[clause.typed])
    while needed:
        others = [clause for clause in query.clauses if clause not in needed[:-1]]
        if math.fsum(statistics.weight(clause) for clause in others) >= FLOOR * total:
            break
        needed.pop()
    assume(sum(held[clause.typed] for clause in needed) <= MATCHES)
    assert set(needed) <= set(chosen.required) <= set(chosen.scored)
    assert chosen.bounded


def test_plan_requires_the_rarest_words_where_more_would_match_too_many():
    chosen, _, _ = planned(MATCHES, MATCHES - 10, 10, MATCHES + 1)
    assert typed(chosen.required) == ["gamma", "beta"]
    assert chosen.bounded


def test_plan_scores_the_rarest_words_where_more_would_be_read_too_long():
    chosen, _, _ = planned(10, READ // 2, READ // 2)
    assert typed(chosen.scored) == ["alpha", "beta"]


COMMON = {"the": READ, "of": READ, "and": READ, "rare": 10}


def asked(text):
    return parse_query(text).clauses, Statistics(SEGMENTS, COMMON)


def test_word_reads_as_many_entries_as_segments_hold_it():
    assert reading(*asked("rare")) == 10
    assert reading(*asked('"the"')) == READ


def test_phrase_of_common_words_reads_the_list_of_each():
    assert reading(*asked('"the of and"')) == 3 * READ


def test_phrase_with_a_rare_word_reads_no_more_than_looking_that_one_up_takes():
    assert reading(*asked('"the rare"')) == 10 * LEAP


def test_words_are_always_affordable_and_long_phrases_beside_them_are_not():
    clauses, known = asked('"the of" "the" "the rare" rare')
    assert typed(affordable(clauses, known)) == ["the", "rare", "the rare"]


def test_one_long_phrase_alone_is_looked_for():
    clauses, known = asked('"the of" "of and the"')
    assert typed(affordable(clauses, known)) == ["the of"]


def test_unknown_phrase_costs_nothing():
    clauses, known = asked('"nobody says" "the nobody"')
    assert reading(clauses, known) == 0
    assert affordable(clauses, known) == list(clauses)


def test_expression_quotes_every_phrase_and_names_every_scope():
    expression = in_scopes(any_of(parse_query('R&D "kv cache"').clauses), ["1", "7"])
    assert '"1:kv 1:cach"' in expression
    assert '"7:kv 7:cach"' in expression
    assert '"1:r 1:d" OR "1:rd"' in expression
    assert "@" not in expression
