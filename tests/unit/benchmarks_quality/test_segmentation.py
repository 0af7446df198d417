"""Segmenters cut where subjects change, and their figures and picture come of that."""

import struct

import pytest

from benchmarks.quality.boundaries import agreement
from benchmarks.quality.chapter_count import chapter_count
from benchmarks.quality.picture import draw, typical
from benchmarks.quality.segmentation import FEWEST_CHAPTERS, as_json, judged, run, tables
from benchmarks.quality.segmenters import SEGMENTERS, UNIFORM
from tests.unit.benchmarks_quality.made_up import SUBJECTS, episode

FIVE = {
    **SUBJECTS,
    "Mending walls": "mortar between old bricks crumbles when frost gets inside cracks",
    "Keeping bees": "a beehive swarms every spring unless the queen finds room",
}


class Knowing:
    """Cuts as people did: what no segmenter may do."""

    name = "knowing"

    def segment(self, made):
        return [chapter.start for chapter in made.chapters]


def test_count_grows_slower_than_the_length():
    assert [chapter_count(60.0 * minutes) for minutes in (0, 20, 60, 240)] == [1, 8, 11, 18]


@pytest.mark.parametrize("name", SEGMENTERS)
def test_starts_ascend_from_the_beginning_and_are_as_many_as_the_rule_says(name):
    made = episode(subjects=FIVE)
    starts = list(SEGMENTERS[name]().segment(made))
    assert starts[0] == 0.0
    assert starts == sorted(set(starts))
    assert len(starts) <= chapter_count(made.duration)
    assert starts == list(SEGMENTERS[name]().segment(made))


@pytest.mark.parametrize("name", [name for name in SEGMENTERS if name != UNIFORM])
def test_segmenter_by_words_finds_where_subjects_change(name):
    made = episode(subjects=FIVE)
    starts = SEGMENTERS[name]().segment(made)
    for chapter in made.chapters:
        assert min(abs(start - chapter.start) for start in starts) <= 40, chapter.title
    wanted = [chapter.start for chapter in made.chapters]
    evenly = [0, 130, 260, 390, 520, 650, 780]
    assert agreement(wanted, starts, made.duration).pk < agreement(wanted, evenly, made.duration).pk


@pytest.mark.parametrize("name", SEGMENTERS)
def test_one_cue_is_one_chapter(name):
    made = episode(subjects={"Only": "one"})
    short = type(made)("x", "s", "t", 10.0, made.cues[:1], ())
    assert next(iter(SEGMENTERS[name]().segment(short))) == 0.0


def test_episodes_without_chapters_enough_are_not_judged():
    few = episode(subjects=dict(list(SUBJECTS.items())[: FEWEST_CHAPTERS - 1]))
    assert judged([few, episode("other")]) == [episode("other")]


def _cuts():
    makers = {name: make() for name, make in SEGMENTERS.items()} | {"knowing": Knowing()}
    episodes = [episode("a", "A"), episode("b", "B $x$ \x07", subjects=FIVE), episode("c", "A")]
    return run(makers, episodes, lambda _: None)


def test_tables_are_of_all_shows_and_each_and_the_perfect_is_perfect():
    made = list(tables(_cuts(), "knowing", (UNIFORM,), seed=1))
    titles = [table.title.partition(" (")[0] for table in made]
    assert [title for title in titles if title.startswith("Chapters")] == [
        "Chapters: all shows",
        "Chapters: A",
        "Chapters: B $x$ \x07",
    ]
    (row,) = [row for row in made[0].rows if row[0] == "knowing"]
    assert row[1].startswith(".000")
    assert row[5].startswith("100.0")
    (ratios,) = made[1].rows
    assert ratios[0] == "knowing / uniform"
    assert ratios[1].startswith("0.00×")


def test_picture_shows_the_median_episode(tmp_path):
    cuts = _cuts()
    assert len(as_json(cuts)[UNIFORM]) == 3
    name = typical(cuts)
    draw(cuts, name, tmp_path / "x.png")
    drawn = (tmp_path / "x.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", drawn[16:24])
    assert (width, height) == (1440, 540)
    draw(cuts, "b", tmp_path / "y.png")
    draw(cuts, name, tmp_path / "z.png")
    assert drawn == (tmp_path / "z.png").read_bytes() != (tmp_path / "y.png").read_bytes()
