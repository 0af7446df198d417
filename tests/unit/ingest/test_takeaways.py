"""Documents of other authors: other videos, other tables, other habits."""

from __future__ import annotations

import pytest

from bot.core.catalog import EpisodeDraft
from bot.ingest.export import export_takeaways
from bot.ingest.takeaways import read_takeaways
from tests.unit.ingest.stored import stored_episode

VIDEO = "https://youtu.be/abcdefghijk"
KEY = "youtube:abcdefghijk"


def written(table: str, above: str = "# Some talk", below: str = f"<{VIDEO}>") -> str:
    return f"{above}\n\n{table}\n\n{below}\n"


def _rows(draft: EpisodeDraft) -> list[tuple[str, str, str]]:
    return [(str(each.at), each.title, each.text) for each in draft.segments]


def _read(table: str, **around: str) -> list[tuple[str, str, str]]:
    return _rows(read_takeaways(written(table, **around)).draft)


HEAD = "| Time | Topic | Details |\n|---|---|---|\n"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            "| Topic | Start | Summary |\n|:--|:-:|--:|\n| A | 1:00 | b |",
            [("1:00", "A", "b")],
            id="another column order",
        ),
        pytest.param(
            "| Details | Timestamp | Subject |\n|---|---|---|\n| long words | 1:00:01 | A |",
            [("1:00:01", "A", "long words")],
            id="details first",
        ),
        pytest.param(
            "Time | Topic | Details\n--- | --- | ---\n1:00 | A | b",
            [("1:00", "A", "b")],
            id="no outer pipes",
        ),
        pytest.param(
            "| Time | Title |\n|---|---|\n| 0:00 | Welcome |\n| 12:30 | Part *two* |",
            [("0:00", "Welcome", ""), ("12:30", "Part two", "")],
            id="two columns",
        ),
        pytest.param(
            "| Time | Summary |\n|---|---|\n| 0:30 | They meet.<br><br>Then they talk. |",
            [("0:30", "They meet.", "Then they talk.")],
            id="one column for title and details",
        ),
        pytest.param(
            "| Time | Speaker | Chapter | Notes |\n|---|---|---|---|\n| 1:00 | Ann | A | b |",
            [("1:00", "A", "b")],
            id="an extra column",
        ),
        pytest.param(
            "| # | Time | Topic | Details | Duration |\n|---|---|---|---|---|\n"
            "| 1 | 1:00 | A | b | 2:00 |\n| 2 | 3:00 | C | d | 9:00 |",
            [("1:00", "A", "b"), ("3:00", "C", "d")],
            id="numbers and durations",
        ),
        pytest.param(
            "| Zeit | Sprecher | Thema | Zusammenfassung |\n|---|---|---|---|\n"
            "| 1:00 | Anna | Anfang | Sie reden lange über den Anfang. |\n"
            "| 2:00 | Anna | Ende | Und über das Ende reden sie auch. |",
            [
                ("1:00", "Anfang", "Sie reden lange über den Anfang."),
                ("2:00", "Ende", "Und über das Ende reden sie auch."),
            ],
            id="headers in another language",
        ),
        pytest.param(
            "| Start time | End time | Topic title | Topic summary |\n|---|---|---|---|\n"
            "| 1:00 | 2:00 | A | b |",
            [("1:00", "A", "b")],
            id="start and end",
        ),
        pytest.param(
            "| Time (s) | Topic |\n|---|---|\n| 90 | A |\n| 7232 | B |",
            [("1:30", "A", ""), ("2:00:32", "B", "")],
            id="bare seconds below a header that says so",
        ),
        pytest.param(
            HEAD + r"| 1:00 | a \| b | `x|y` and `p\|q` |",
            [("1:00", "a | b", "x|y and p|q")],
            id="escaped pipes and pipes in code",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | this | or that |",
            [("1:00", "A", "this | or that")],
            id="an unescaped pipe in the details",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | one<br>two<br/>three<BR />four |",
            [("1:00", "A", "one\n\ntwo\n\nthree\n\nfour")],
            id="breaks",
        ),
        pytest.param(
            HEAD + "| 1:00 | R&amp;D | Intel&#39;s &lt;plan&gt; &nbsp; AT&T |",
            [("1:00", "R&D", "Intel's <plan> AT&T")],
            id="entities",
        ),
        pytest.param(
            HEAD + "| 1:00 | **A *b* `c`** | see [the paper](https://example.org/a_b) now |",
            [("1:00", "A b c", "see the paper now")],
            id="nested markup and links",
        ),
        pytest.param(
            HEAD + "| 1:00 | **A | b* and _c and 2 * 3 and snake_case |",
            [("1:00", "A", "b* and _c and 2 * 3 and snake_case")],
            id="unbalanced markup",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | see https://example.org/x_y_z, or <https://example.org/q>. |",
            [("1:00", "A", "see https://example.org/x_y_z, or https://example.org/q.")],
            id="bare addresses",
        ),
        pytest.param(
            HEAD + "|\u00a01:00\u00a0|\tA\u00a0b\t| “c” – d… |",
            [("1:00", "A b", "“c” – d…")],
            id="odd spaces and quotes",
        ),
        pytest.param(
            HEAD + "| 1:00 | מחשוב קוונטי 🎙 | مرحبا 👩🏽‍💻 |",
            [("1:00", "מחשוב קוונטי 🎙", "مرحبا 👩🏽‍💻")],
            id="right to left, emoji",
        ),
        pytest.param(
            HEAD + "| [1:00] | A | a |\n| (2:00) | B | b |\n| **3:00** | C | c |\n"
            "| `4:00` | D | d |\n| ⏱️ 5:00 | E | e |\n| \u200f6:00 | F | f |",
            [
                ("1:00", "A", "a"),
                ("2:00", "B", "b"),
                ("3:00", "C", "c"),
                ("4:00", "D", "d"),
                ("5:00", "E", "e"),
                ("6:00", "F", "f"),
            ],
            id="dressed-up times",
        ),
        pytest.param(
            HEAD + "| 1h | A | a |\n| 2h0m32s | B | b |\n| 130 min | C | c |\n"
            "| 2:30:00.5 | D | d |",
            [
                ("1:00:00", "A", "a"),
                ("2:00:32", "B", "b"),
                ("2:10:00", "C", "c"),
                ("2:30:00", "D", "d"),
            ],
            id="times with units",
        ),
        pytest.param(
            HEAD + f"| <{VIDEO}?t=61> | A | a |\n| [Watch]({VIDEO}?t=1m2s) | B | b |\n"
            f"| <a href='{VIDEO}?t=63'>1:03</a> | C | c |\n| [1:04][v] | D | d |",
            [("1:01", "A", "a"), ("1:02", "B", "b"), ("1:03", "C", "c"), ("1:04", "D", "d")],
            id="links of every kind",
        ),
        pytest.param(
            "| 1:00 | A | b |\n|---|---|---|\n| 2:00 | C | d |",
            [("1:00", "A", "b"), ("2:00", "C", "d")],
            id="a row in the header's place",
        ),
        pytest.param(
            "|---|---|---|\n| 1:00 | A | b |", [("1:00", "A", "b")], id="dashes without a header"
        ),
        pytest.param(
            "| Time | Topic |\n| 1:00 | A |\n| 2:00 | B |",
            [("1:00", "A", ""), ("2:00", "B", "")],
            id="a header without dashes",
        ),
        pytest.param(
            "| Time | Topic |\n|———|———|\n| 1:00 | A |",
            [("1:00", "A", "")],
            id="typographic dashes",
        ),
        pytest.param(
            "| Time | Topic |\n|------+-------|\n| 1:00 | A |", [("1:00", "A", "")], id="org mode"
        ),
        pytest.param(
            HEAD + "| 1:00 | A | b |\n\n| 2:00 | C | d |\n\n| 3:00 | E | f |",
            [("1:00", "A", "b"), ("2:00", "C", "d"), ("3:00", "E", "f")],
            id="blank lines between rows",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | b |\n| Time | Topic | Details |\n|---|---|---|\n| 2:00 | C | d |",
            [("1:00", "A", "b"), ("2:00", "C", "d")],
            id="the header again",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | b |\n|---|---|---|\n| 2:00 | C | d |\n|---|---|---|\n",
            [("1:00", "A", "b"), ("2:00", "C", "d")],
            id="dashes between rows",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | b |\n\n[Back](a) | [Up](b) | [On](c)",
            [("1:00", "A", "b")],
            id="a footer with pipes",
        ),
        pytest.param(
            "Links: a | b\n\nTime | Topic\n1:00 | A\n2:00 | B",
            [("1:00", "A", ""), ("2:00", "B", "")],
            id="pipes in prose above a table without dashes",
        ),
        pytest.param(
            "| 1:00 | A | some details |\n| 2:00 | B | |",
            [("1:00", "A", "some details"), ("2:00", "B", "")],
            id="rows alone",
        ),
        pytest.param(
            "| Time | Description | Notes |\n|---|---|---|\n| 1:00 | A | b |",
            [("1:00", "A", "b")],
            id="two columns of words",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | b |\n\n## Later\n\nSome words.\n\n"
            "| Topic | Time |\n|---|---|\n| C | 2:00 |",
            [("1:00", "A", "b"), ("2:00", "C", "")],
            id="a table for each section",
        ),
        pytest.param(
            "| Host | Ann |\n|---|---|\n| Guest | Bob |\n\n" + HEAD + "| 1:00 | A | b |",
            [("1:00", "A", "b")],
            id="a table of something else",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | b\nwhich goes on\nand ends |\n| 2:00 | C | d |",
            [("1:00", "A", "b which goes on and ends"), ("2:00", "C", "d")],
            id="a row broken over lines",
        ),
        pytest.param(
            HEAD + "| 2:00 | B | b |\n| 1:00 | A | a |",
            [("2:00", "B", "b"), ("1:00", "A", "a")],
            id="rows out of order",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | a |\n| 1:00 | B | a |",
            [("1:00", "A", "a"), ("1:00", "B", "a")],
            id="two rows at one second",
        ),
        pytest.param(
            HEAD + "| 1:00 | A |\n| 2:00 | B | b | |", [("1:00", "A", ""), ("2:00", "B", "b")],
            id="short and long rows",
        ),
        pytest.param(
            HEAD + "| 1:00 | A | List<int> and a < b <u>and</u> <!-- no --> c |",
            [("1:00", "A", "List<int> and a < b and c")],
            id="tags and what only looks like one",
        ),
        pytest.param(
            "```markdown\n" + HEAD + "| 1:00 | A | b |\n```",
            [("1:00", "A", "b")],
            id="wrapped as code by a model",
        ),
        pytest.param(
            "```\n| Time | Topic |\n|---|---|\n| 9:00 | Example |\n```\n\n"
            "<!--\n| 8:00 | Old | x |\n-->\n\n" + HEAD + "| 1:00 | A | b |",
            [("1:00", "A", "b")],
            id="code and comments hold no rows",
        ),
    ],
)  # fmt: skip
def test_read_document_of_another_author_gives_its_rows(
    table: str, expected: list[tuple[str, str, str]]
):
    below = f"[v]: {VIDEO}?t=64\n\n<{VIDEO}>"
    assert _read(table, below=below) == expected
    draft = read_takeaways(written(table, below=below)).draft
    assert draft.media.key == KEY
    again = read_takeaways(export_takeaways(stored_episode(draft)))
    assert _rows(again.draft) == expected
    assert [each.cells for each in again.draft.segments] == [each.cells for each in draft.segments]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_read_any_line_ends_gives_the_same_draft(end: str):
    text = written(HEAD + "| 1:00 | A | b |")
    assert read_takeaways(text.replace("\n", end)).draft == read_takeaways(text).draft


def test_read_bytes_with_a_mark_gives_the_same_draft():
    text = written(HEAD + "| 1:00 | Ä | b |")
    assert read_takeaways(b"\xef\xbb\xbf" + text.encode()).draft == read_takeaways(text).draft


def test_read_range_keeps_its_end():
    draft = read_takeaways(
        written(HEAD + "| 1:00 – 2:30 | A | b |\n| 58:00-1:02:00 | C | d |")
    ).draft
    assert [(str(each.at), str(each.end)) for each in draft.segments] == [
        ("1:00", "2:30"),
        ("58:00", "1:02:00"),
    ]


def test_read_extra_column_is_kept_in_the_cells_alone():
    table = "| Time | Speaker | Topic | Notes |\n|---|---|---|---|\n| 1:00 | Ann | A | b |"
    (segment,) = read_takeaways(written(table)).draft.segments
    assert segment.cells == ("1:00", "Ann", "A", "b")
    assert "Ann" not in segment.title + segment.text


def test_read_empty_title_borrows_the_first_words_of_the_details():
    parsed = read_takeaways(written(HEAD + f"| 1:00 | | {'word ' * 40}|"))
    (segment,) = parsed.draft.segments
    assert segment.title == "word " * 23 + "word…"
    assert segment.text == " ".join(["word"] * 40)
    assert parsed.repairs[0].sentence.startswith("the title was empty")


def test_read_intro_leaves_out_other_tables():
    above = "# T\n\nWords.\n\n| Host | Ann |\n|---|---|\n| Guest | Bob |"
    draft = read_takeaways(written(HEAD + "| 1:00 | A | b |", above=above)).draft
    assert draft.intro == "Words."


def test_read_long_first_paragraph_is_no_title():
    above = "word " * 101
    draft = read_takeaways(written(HEAD + "| 1:00 | A | b |", above=above), name="n").draft
    assert draft.title == "n"
    assert draft.intro == above.strip()
