"""Every search system finds what is said, in the episode and in all of them; Segue's is real."""

from contextlib import closing
from dataclasses import replace

import pytest

from benchmarks.quality.baselines import BASELINES, CaptionsFullText, TokenSet
from benchmarks.quality.episodes import BadData, Cue, read_folder
from benchmarks.quality.passages import Grid
from benchmarks.quality.questions import Question
from benchmarks.quality.said import said
from benchmarks.quality.search_ratios import Comparing, groups
from benchmarks.quality.search_report import as_json, tables
from benchmarks.quality.search_run import Answers, Round, run, stages
from benchmarks.quality.segue_model import Remembering
from benchmarks.quality.segue_search import BY_WORDS, Segue, by_words, document
from benchmarks.quality.systems import QueryError
from tests.fakes.embedder import FakeEmbedder
from tests.unit.benchmarks_quality.made_up import SUBJECTS, episode, write

OTHERS = {
    "Mending walls": "mortar between old bricks crumbles when frost gets into it",
    "Keeping bees": "a beehive swarms in spring unless the queen has room",
}


def with_meaning():
    """Return Segue with a model that costs nothing to load."""
    return Segue("Segue", FakeEmbedder(), Remembering(FakeEmbedder()))


SYSTEMS = {**BASELINES, BY_WORDS: by_words, "Segue": with_meaning}
EPISODES = [episode("one"), episode("two", subjects=OTHERS)]


@pytest.mark.parametrize("name", SYSTEMS)
def test_system_finds_what_is_said(name):
    grid = Grid(EPISODES)
    with closing(SYSTEMS[name]()) as system:
        system.index(EPISODES)
        for scope in (None, "one"):
            (found, *_) = system.search("derailleur sprocket", scope, 10)
            assert found.episode == "one"
            assert 200 <= grid.heard("one", found.start).middle <= 400
        assert system.search("derailleur sprocket", "one", 2)[2:] == []
        if name != TokenSet.name:
            assert list(system.search("beehive", "one", 10)) == []
            assert system.confidence([]) == float("-inf")


@pytest.mark.parametrize("name", SYSTEMS)
def test_system_forgets_what_it_had_when_it_takes_in_others(name):
    with closing(SYSTEMS[name]()) as system:
        system.index(EPISODES)
        system.index(EPISODES[1:])
        assert list(system.search("derailleur", None, 10)) == [] or name == TokenSet.name
        found = system.search("beehive queen", None, 10)
        assert {one.episode for one in found} == {"two"}


def test_captions_fail_on_what_is_no_query_and_answer_the_words_all_the_same():
    with closing(CaptionsFullText()) as system:
        system.index(EPISODES)
        with pytest.raises(QueryError) as failed:
            system.search("what's a derailleur?", None, 10)
        assert failed.value.fallback == []
        with pytest.raises(QueryError) as failed:
            system.search("derailleur?", None, 10)
        assert failed.value.fallback[0].episode == "one"


def test_of_full_texts_only_pieces_of_words_get_over_a_slip():
    over = set()
    for name, make in BASELINES.items():
        with closing(make()) as system:
            system.index(EPISODES)
            if name != TokenSet.name and system.search("deraileur", None, 10):
                over.add(name)
    assert over == {"trigram OR"}


def test_segue_is_not_given_the_titles_it_is_asked_for():
    assert b"tomato seedlings" in document(EPISODES[0])
    assert b"Growing" not in document(EPISODES[0])


def test_episode_that_segue_cannot_take_in_is_named():
    blank = replace(EPISODES[0], cues=(Cue(0.0, 1.0, "♪"),))
    for taken in (said, _indexed):
        with pytest.raises(BadData, match="one: Segue cannot"):
            taken(blank)


def _indexed(made):
    with closing(Segue()) as system:
        system.index([made])


def test_run_asks_every_round_and_its_tables_name_every_system(tmp_path):
    episodes = read_folder(write(tmp_path, *EPISODES))
    (stage,) = stages(episodes, [], seed=1, most=2)
    assert [len(each.questions) for each in stage.rounds] == [5, 5, 2]
    systems = [make() for make in BASELINES.values()]
    answers = run(systems, stage, lambda _: None)
    for system in systems:
        system.close()
    made = list(tables(answers, Comparing(["porter OR"], ["trigram OR"], ["Garden Talk"], 1)))
    whole = [table for table in made if table.title.startswith("Search")]
    assert len(whole) == 3
    for table in whole:
        assert [row[0] for row in table.rows] == list(BASELINES)
    assert len(as_json(answers)[0]["systems"]["porter OR"]) == len(SUBJECTS) + len(OTHERS)
    assert [stage.rounds for stage in stages(episodes, [], seed=1, most=2)] == [stage.rounds]
    ratios = [table for table in made if table.title.startswith("Ratios")]
    assert [table.rows[0][0] for table in ratios] == ["porter OR / trigram OR, all"] * 3
    (kept,) = [table for table in made if "slip leaves" in table.title]
    by_name = {row[0]: row[3] for row in kept.rows}
    assert by_name["captions FTS"] == "–"  # no cue holds a whole title
    assert by_name["trigram OR"].startswith("1.00×")


def test_shows_never_seen_are_looked_at_together():
    shows = ["A", "B", "C"]
    asked = tuple(Question("x", "title", show, show) for show in shows)
    answers = Answers(Round("titles", False, asked), {})
    assert groups(answers, ["A"])["never seen"] == {"B", "C"}
    assert list(groups(answers, ["A"])) == ["all", "never seen", *shows]
    assert "never seen" not in groups(answers, [])
    assert "never seen" not in groups(answers, shows)


def test_what_is_taken_in_twice_is_embedded_once():
    model = FakeEmbedder()
    once = Remembering(model)
    assert once.embed(["a bee", "a wall", "a bee"]) == model.embed(["a bee", "a wall", "a bee"])
    model.seen.clear()
    once.embed(["a wall"])
    assert model.seen == []


def test_segue_embeds_what_it_is_asked():
    model = FakeEmbedder()
    with closing(Segue("Segue", model, Remembering(FakeEmbedder()))) as system:
        system.index(EPISODES)
        assert model.seen == []
        system.search("derailleur sprocket", None, 10)
        assert "derailleur sprocket" in model.seen
