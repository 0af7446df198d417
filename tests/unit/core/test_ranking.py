"""The floor, the order, and when one hit is the answer."""

from bot.core.analysis import stems
from bot.core.catalog import Episode, Moment, Segment, SegmentKind, Tenant
from bot.core.media import Media
from bot.core.query import parse_query
from bot.core.ranking import Candidate, Statistics, is_clear, rank
from bot.core.timecode import Timecode

EPISODE = Episode(
    1, Tenant("public"), "Episode", Media("youtube:aaaaaaaaaaa", "https://youtu.be/aaaaaaaaaaa"),
    None, "Notes", None, 3, Timecode(0), Timecode(300),
)  # fmt: skip


def candidate(ident, title, text="", bm25=-1.0):
    segment = Segment(ident, 1, SegmentKind.NOTE, Timecode(ident * 10), None, None, title, text)
    return Candidate(Moment(segment, EPISODE), stems(title), stems(text), bm25)


def ranked(query, candidates, total=15, exact=False):
    parsed = parse_query(query, exact=exact)
    frequency = {
        stem: sum(stem in f"{c.title_stems} {c.text_stems}".split() for c in candidates)
        for stem in parsed.stems
    }
    return rank(parsed, candidates, Statistics(total, frequency))


def ids(hits):
    return [hit.moment.segment.id for hit in hits]


def test_title_hit_comes_first_even_with_worse_bm25():
    hits = ranked(
        "tsmc",
        [candidate(1, "Chips", "about TSMC", -5.0), candidate(2, "TSMC and R&D", "x", -1.0)],
    )
    assert ids(hits) == [2, 1]


def test_one_common_word_of_three_is_below_the_floor():
    assert ranked("quantum error correction", [candidate(1, "RL", "trial and error")]) == []


def test_rare_word_weighs_more_than_common_ones():
    many = [candidate(i, "model", "model") for i in range(2, 12)]
    hits = ranked("model jevons", [candidate(1, "Jevons", "paradox"), *many])
    assert ids(hits) == [1]


def test_partial_matches_fall_away_beside_a_whole_one():
    hits = ranked(
        "export controls",
        [candidate(1, "Export controls"), candidate(2, "Export"), candidate(3, "Controls")],
    )
    assert ids(hits) == [1]


def test_exact_phrase_refuses_other_forms_of_its_words():
    both = [candidate(1, "Chip", "the chips"), candidate(2, "Other", "one chip")]
    assert ids(ranked('"chips"', both)) == [1]
    assert ids(ranked("chips", both)) == [1, 2]


def test_exact_phrase_wants_its_words_side_by_side():
    apart = candidate(1, "Export", "controls of export")
    assert ranked('"export controls"', [apart]) == []


def test_quoted_phrase_is_wanted_however_much_else_is_there():
    cache = candidate(1, "KV cache", "of rare transformers")
    assert ranked('rare transformers cache "flash memory"', [cache]) == []


def test_compound_written_as_one_word_is_found():
    assert ids(ranked("auto-regressive", [candidate(1, "Autoregressive models")])) == [1]


def test_word_inside_another_is_no_match():
    assert ranked("cat", [candidate(1, "Category", "concatenate")]) == []


def test_equal_hits_keep_the_order_of_time():
    assert ids(ranked("x1", [candidate(3, "x1"), candidate(1, "x1")])) == [1, 3]


def test_single_hit_and_lone_whole_title_are_clear():
    assert is_clear(ranked("kv cache", [candidate(1, "KV Cache")]))
    several = [candidate(1, "Cache", "a kv cache"), candidate(2, "Cache", "the kv cache")]
    assert not is_clear(ranked("kv cache", several))
    assert not is_clear([])


def test_no_statistics_mean_no_hits():
    assert rank(parse_query(""), [], Statistics(0, {})) == []
