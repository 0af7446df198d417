"""Reading data: what is there is read as it is, and what is wrong is named with its file."""

import json

import pytest

from benchmarks.quality.episodes import BadData, Chapter, read_folder
from tests.unit.benchmarks_quality.made_up import episode, fields, write


def test_folder_is_read_by_id_whatever_its_shows_are_called(tmp_path):
    two, one = episode("two", show="Zwölf | Shows"), episode("one")
    assert read_folder(write(tmp_path, two, one)) == [one, two]


def test_folder_named_episodes_inside_is_found(tmp_path):
    write(tmp_path / "episodes", episode())
    assert [each.id for each in read_folder(tmp_path)] == ["one"]


def test_shows_leave_only_those(tmp_path):
    folder = write(tmp_path, episode("a", show="A"), episode("b", show="B"))
    assert [each.id for each in read_folder(folder, ["B"])] == ["b"]
    with pytest.raises(BadData, match="No episode is of the show C"):
        read_folder(folder, ["B", "C"])


def test_chapter_goes_to_the_next_and_the_last_to_the_end(tmp_path):
    made = fields(episode())
    made["chapters"] = [[300, "Later"], [0, "First"]]
    (tmp_path / "x.json").write_text(json.dumps(made))
    (read,) = read_folder(tmp_path)
    assert read.chapters == (Chapter(0, 300, "First"), Chapter(300, 600, "Later"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cues": []}, "x.json: it has no cues."),
        ({"cues": "many"}, "x.json: its cues are not a list."),
        ({"cues": [[0, 1]]}, "x.json: number 1 of its cues does not have 3 parts."),
        ({"cues": [[0, 1, "a"], [3, 2, "b"]]}, "x.json: number 2 of its cues ends before"),
        ({"cues": [[0, float("nan"), "a"]]}, "x.json: a time of number 1 of its cues is not b"),
        ({"cues": [[0, True, "a"]]}, "x.json: a time of number 1 of its cues is no number."),
        ({"cues": [[0, 1, "a" * 20_001]]}, "x.json: a text of number 1 of its cues is longer"),
        ({"chapters": [[-1, "a"]]}, "x.json: a time of number 1 of its chapters is not between"),
        ({"chapters": [[1, 2]]}, "x.json: number 1 of its chapters has no text."),
        ({"show": " "}, "x.json: its show is no text."),
        ({"id": None}, "x.json: its id is no text."),
    ],
)
def test_malformed_episode_is_refused_in_a_sentence(tmp_path, change, sentence):
    (tmp_path / "x.json").write_text(json.dumps(fields(episode()) | change))
    with pytest.raises(BadData) as refused:
        read_folder(tmp_path)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\udcff", "[]"])
def test_what_is_no_json_object_is_refused(tmp_path, text):
    (tmp_path / "x.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadData, match=r"x\.json: it is no JSON"):
        read_folder(tmp_path)


def test_empty_folder_and_twin_ids_are_refused(tmp_path):
    with pytest.raises(BadData, match="There is no episode"):
        read_folder(tmp_path)
    write(tmp_path, episode())
    (tmp_path / "again.json").write_text(json.dumps(fields(episode())))
    with pytest.raises(BadData, match="another file has the id 'one' too"):
        read_folder(tmp_path)
