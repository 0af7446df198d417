"""The whole command, on made-up data: what it prints, what it writes, what it refuses."""

import json

from benchmarks.quality.__main__ import main
from tests.unit.benchmarks_quality.made_up import episode, write

QUERIES = [
    {"episode": "one", "type": "entity", "query": "derailleur", "spans": [[200, 400]]},
    {"episode": "two", "type": "question", "query": "how warm is soil?", "spans": [[0, 200]]},
    {"show": "Garden Talk", "type": "off", "query": "kings of France", "spans": []},
]


def _data(tmp_path):
    folder = write(tmp_path / "episodes", episode("one"), episode("two", show="Köche | 2"))
    lines = "\n".join(json.dumps(query) for query in QUERIES)
    (tmp_path / "queries-dev.jsonl").write_text(lines)
    return folder


def test_everything_is_measured_printed_and_written(tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["--data", str(_data(tmp_path)), "--out", str(out), "--tuned-on", "Köche | 2"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(
        "Garden Talk: 1 episodes, 0.2 h, never seen\nKöche | 2: 1 episodes, 0.2 h, tuned on"
    )
    for title in (
        "Search: titles, in",
        "user queries, whole",
        "Refusal",
        "Chapters: all",
        "Titles",
    ):
        assert title in printed
    details = json.loads((out / "quality.json").read_text())
    assert {"search", "chapters", "titles", "about", "seed"} <= set(details)
    systems = details["search"][0]["systems"]
    assert {len(each) for each in systems.values()} == {6}
    assert "Segue" in systems
    markdown = (out / "quality.md").read_text(encoding="utf-8")
    assert "### Search: titles, in the episode (6 questions, 2 episodes)" in markdown
    assert "Köche \\| 2" in markdown
    assert (out / "chapters.png").read_bytes().startswith(b"\x89PNG")


def test_two_runs_find_the_same(tmp_path, capsys):
    ranks = []
    for name in ("a", "b"):
        out = tmp_path / name
        main(["--data", str(_data(tmp_path)), "--out", str(out), "--only", "search"])
        details = json.loads((out / "quality.json").read_text())
        for each in details["search"]:
            for outcomes in each["systems"].values():
                for outcome in outcomes:
                    del outcome["ms"]
        ranks.append(details)
    assert ranks[0] == ranks[1]


def test_one_part_of_one_show_by_one_system(tmp_path, capsys):
    folder = str(_data(tmp_path))
    options = ["--only", "search", "--shows", "Garden Talk", "--systems", "porter OR"]
    assert main(["--data", folder, *options]) == 0
    printed = capsys.readouterr().out
    assert "porter OR" in printed
    for absent in ("Köche", "Segue", "Chapters", "Ratios"):
        assert absent not in printed


def test_bad_data_is_refused_in_one_sentence(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"There is no episode (*.json) in {tmp_path}.\n"
