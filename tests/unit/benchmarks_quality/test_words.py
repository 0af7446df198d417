"""Titles are compared with people's, extracts with what somebody wrote."""

import numpy as np
import pytest

from benchmarks.quality.extracts import LEAD, OTHER, noted, scores
from benchmarks.quality.extracts import tables as extract_tables
from benchmarks.quality.rouge import rouge_1
from benchmarks.quality.said import said
from benchmarks.quality.titles import YAKE, Yake, as_json, chosen, run, tables
from tests.unit.benchmarks_quality.made_up import SUBJECTS, episode

VIDEO = "https://youtu.be/abcdefghijk"
NOTES = f"""# Garden talk

| Timestamp | Topic | Details |
|---|---|---|
| [0:00]({VIDEO}?t=0) | Tomatoes | Seedlings and greenhouse |
| [3:20]({VIDEO}?t=200) | Bicycles | Derailleur and sprocket |
"""


@pytest.mark.parametrize(
    ("reference", "made", "score"),
    [
        ("KV cache", "the KV cache", 0.8),
        ("caches", "Cache", 1.0),
        ("cache cache", "cache", 2 / 3),
        ("cache", "bitcoin", 0.0),
        ("cache", "", 0.0),
        ("", "", 0.0),
    ],
)
def test_rouge_1_is_of_shared_stems(reference, made, score):
    assert rouge_1(reference, made) == pytest.approx(score)


class Echo:
    """Takes the last words of a chapter for its title, and the last sentences for an extract."""

    def titles(self, sentences, starts):
        return [sentences[stop - 1].text for stop in [*starts[1:], len(sentences)]]

    def extract(self, sentences):
        return [sentence.text for sentence in sentences[-6:]]


class Words:
    """Embeds texts by the words they have."""

    def embed(self, texts):
        stems = np.zeros((len(texts), 400))
        for row, text in zip(stems, texts, strict=True):
            for word in text.lower().replace(".", "").split():
                row[sum(map(ord, word)) % 400] += 1
        return stems / np.linalg.norm(stems, axis=1, keepdims=True)


def test_sentences_are_those_that_segue_stores():
    talk = said(episode())
    assert len(talk) == 60
    assert talk[0].start_ms == 0
    assert "tomato" in talk[0].text
    assert [one.start_ms for one in talk] == sorted(one.start_ms for one in talk)


def test_titles_are_scored_for_telling_chapters_and_told_by_show():
    made = episode(subjects={"Introduction": "welcome to this show", **SUBJECTS})
    titled = run({YAKE: Yake(), "echo": Echo()}, [made, episode("b", "Other")], lambda _: None)
    assert [one.chapter.title for one in titled["echo"]] == [*SUBJECTS, *SUBJECTS]
    for one in titled["echo"]:
        assert SUBJECTS[one.chapter.title].split()[0] in one.title
    assert any(one.score > 0 for one in titled[YAKE])
    assert all(len(one.title.split()) <= 3 for one in titled[YAKE])
    table, ratio = tables(titled, "echo", seed=1)
    assert list(table.columns) == ["titles by", "all shows", "Garden Talk", "Other"]
    assert ratio.rows[0][0] == "echo / YAKE"
    assert as_json(titled)["echo"][0]["people"] == "Growing tomatoes"


def test_every_show_has_its_turn_among_the_chosen():
    episodes = [episode(f"a{n}", "A") for n in range(9)] + [episode("b", "B")]
    found = chosen(episodes, seed=1, most=6)
    assert sorted(one.show for one in found) == ["A", "B"]
    assert found == chosen(episodes, seed=1, most=6)
    assert len(chosen(episodes, seed=1, most=1_000)) == 10


def test_notes_are_laid_over_the_episode_of_their_recording_alone():
    other, own = episode("a"), episode("b")
    own = type(own)(own.id, own.show, own.title, own.duration, own.cues, own.chapters, VIDEO)
    first, second = noted(NOTES.encode(), [other, own])
    assert (first.start, second.start) == (0, 200)
    assert "Derailleur" in second.text
    assert all("tomato" in sentence.text for sentence in first.sentences)
    assert "bicycle" in second.sentences[0].text
    assert len(first.sentences) == 20
    assert noted(NOTES.encode(), [other]) == []


def test_extracts_are_compared_with_the_first_sentences_and_with_another_note():
    own = episode("b")
    own = type(own)(own.id, own.show, own.title, own.duration, own.cues, own.chapters, VIDEO)
    notes = noted(NOTES.encode(), [own])
    found = scores(notes, {"echo": Echo()}, Words())
    assert set(found) == {LEAD, "echo", OTHER}
    assert all(len(values) == 2 for values in found.values())
    assert min(found[LEAD]) > max(found[OTHER])
    table, ratio = extract_tables(found, "echo", seed=1)
    assert [row[0] for row in table.rows] == [LEAD, "echo", OTHER]
    assert ratio.rows[0][0] == "echo / lead-4"
