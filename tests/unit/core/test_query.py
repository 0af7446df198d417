"""Whatever is typed becomes clauses; nothing is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.query import MAX_CLAUSES, parse_query


def asked(text, **options):
    """Return the clauses as lists of alternatives, each a list of surface words."""
    return [
        [[term.surface for term in phrase] for phrase in clause.alternatives]
        for clause in parse_query(text, **options).clauses
    ]


def test_words_are_clauses_of_their_own():
    assert asked("kv cache") == [[["kv"]], [["cache"]]]


def test_quoted_words_are_one_exact_clause():
    (clause,) = parse_query("“export controls”").clauses
    assert clause.exact
    assert [term.surface for term in clause.alternatives[0]] == ["export", "controls"]


def test_compound_is_a_phrase_or_one_word():
    assert asked("R&D") == [[["r", "d"], ["rd"]]]
    assert asked("o3-mini") == [[["o3", "mini"], ["o3mini"]]]


def test_slash_and_comma_separate_words():
    assert asked("nvidia/amd,intel") == [[["nvidia"]], [["amd"]], [["intel"]]]


def test_stop_words_are_left_out_and_named():
    query = parse_query("what did they say about the KV cache?")
    assert [clause.typed for clause in query.clauses] == ["KV", "cache"]
    assert "about" in query.common


def test_only_stop_words_leave_no_clause():
    query = parse_query("AND OR NOT")
    assert query.clauses == ()
    assert query.common == ("and", "or", "not")


def test_quoted_stop_words_are_kept():
    assert asked('"to be or not to be"') == [[["to", "be", "or", "not", "to", "be"]]]


def test_repeated_words_are_one_clause():
    assert asked("cache cache Cache") == [[["cache"]]]


def test_exact_takes_each_word_as_written():
    assert all(clause.exact for clause in parse_query("kv cach", exact=True).clauses)


@pytest.mark.parametrize("text", ["", '"', '""', "   ", "!!!", "( ) *", "🚀", "\0"])
def test_text_without_words_leaves_no_clause(text):
    query = parse_query(text)
    assert query.clauses == ()
    assert query.common == ()


def test_correction_replaces_the_word_as_typed_once():
    query = parse_query("KV cach, cachet")
    clauses = [c.corrected({"cach": "cache"}) if c.typed == "cach" else c for c in query.clauses]
    corrected = type(query)(query.typed, tuple(clauses))
    assert corrected.correction() == "KV cache, cachet"
    assert query.correction() is None


def test_corrections_leave_each_other_alone():
    typed = r"half\1-aggreagtion aggreagtion othre half"
    meant = {"aggreagtion": "aggregation", "othre": "half", "half": "whole"}
    query = parse_query(typed)
    clauses = [clause.corrected(meant) for clause in query.clauses]
    corrected = type(query)(query.typed, tuple(clauses))
    assert corrected.correction() == r"whole\1-aggregation aggregation half whole"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("mempól-keystroes", "mempool keystrokes"),
        ("mempol_x-keystroes", "mempool x keystrokes"),
        ("MEMPOL's", "mempool's"),
        ("mempól", "mempool"),
    ],
)
def test_compound_is_shown_as_corrected_in_all_its_words(typed, shown):
    (clause,) = parse_query(typed).clauses
    meant = {"mempol": "mempool", "keystroes": "keystrokes"}
    assert clause.corrected(meant).correction == shown


def test_pairs_of_characters_are_no_words_to_correct():
    (clause,) = parse_query("検索エンジンmempol").clauses
    assert clause.words == ()


@given(st.text(), st.data())
def test_any_word_of_any_query_may_be_corrected(text, data):
    query = parse_query(text)
    words = [word for clause in query.clauses for word in clause.words]
    chosen = data.draw(st.sets(st.sampled_from(words))) if words else set()
    meant = dict.fromkeys(chosen, "zebra")
    clauses = [
        clause.corrected(meant) if chosen.intersection(clause.words) else clause
        for clause in query.clauses
    ]
    shown = type(query)(query.typed, tuple(clauses)).correction()
    assert (shown is None) == (not chosen)
    assert not chosen or "zebra" in shown


@given(st.text())
def test_any_text_is_a_bounded_query(text):
    query = parse_query(text)
    assert len(query.clauses) <= MAX_CLAUSES
    for clause in query.clauses:
        assert clause.alternatives
        assert all(clause.alternatives)


def test_megabytes_of_text_are_a_bounded_query():
    assert len(parse_query("word " * 2_000_000).clauses) == 1
    assert len(parse_query('a"' * 1_000_000).clauses) <= MAX_CLAUSES


@pytest.mark.parametrize(
    ("typed", "quoted", "in_part"),
    [
        ('"kv cache"', ("kv cache",), False),
        ('"kv cache" "kv cache"', ("kv cache",), False),
        ('what is a "kv cache"', ("kv cache",), True),
        ("„Guten Tag“ gpu", ("Guten Tag",), True),
        ('"" kv', (), False),
        ('kv "cache', (), False),
    ],
)
def test_what_is_quoted_is_told_apart_from_the_rest(typed, quoted, in_part):
    query = parse_query(typed)
    assert (query.quoted, query.quoted_in_part) == (quoted, in_part)
    assert query.unquoted().quoted == ()
    assert query.unquoted().typed == query.typed
    assert parse_query(typed, exact=True).quoted == ()
