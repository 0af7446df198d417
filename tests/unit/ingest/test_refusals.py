"""What cannot be read: one sentence, with the line where there is one, and nothing read."""

from __future__ import annotations

import pytest

from bot.core.errors import BadDocument
from bot.ingest.document_lines import MAX_BYTES, MAX_LINES, MAX_PIPES
from bot.ingest.moment_tables import MAX_ROWS
from bot.ingest.surrounding_text import MAX_DETAILS, MAX_TITLE
from bot.ingest.takeaways import read_takeaways

VIDEO = "https://youtu.be/abcdefghijk"
HEAD = f"# Title\n\n{VIDEO}\n\n| Time | Topic | Details |\n|---|---|---|\n"
"""Six lines: the first row is line 7."""


def _refusal(document: str | bytes) -> BadDocument:
    with pytest.raises(BadDocument) as caught:
        read_takeaways(document)
    return caught.value


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("| 9:99:99 | A | b |", "Minutes and seconds go to 59."),
        ("| 1:75 | A | b |", "Minutes and seconds go to 59."),
        ("| 100:00:00 | A | b |", "Times go up to 99:59:59."),
        ("| soon | A | b |", "“soon” is not a time I can read. Write it like 17:51 or 2:00:32."),
        ("| 17.51 | A | b |", "“17.51” is not a time I can read. Write it like 17:51 or 2:00:32."),
        ("| -1:00 | A | b |", "“-1:00” is not a time I can read. Write it like 17:51 or 2:00:32."),
        ("| 2:00-1:00 | A | b |", "“2:00-1:00” is not a time I can read. "),
        ("| 1:00 / 2:00 | A | b |", "“1:00 / 2:00” is not a time I can read. "),
        ("| " + "1" * 99 + " | A | b |", "“" + "1" * 39 + "…” is not a time I can read. "),
        ("| | A | b |", "This row has no time."),
        ("| 1:00 | | |", "This row has neither a title nor details."),
        ("| 1:00 | \u200b | ** |", "This row has neither a title nor details."),
        ("| 1:00 | " + "a" * 501 + " | b |", "This title is longer than 500 characters."),
        ("| 1:00 | A | " + "b" * 50_001 + " |", "This cell is longer than 50,000 characters."),
        ("| 1:00 | A | " + "b" * 200_001, "This line is longer than 200,000 characters."),
        ("| 0:30 | First | other |", "This row has the time and title of line 7."),
        ("| 1:00 | A | \0 |", "This is not text: save it as UTF-8."),
    ],
)
def test_read_bad_row_says_why_and_where(row: str, sentence: str):
    error = _refusal(f"{HEAD}| 0:30 | First | words |\n{row}\n| 3:00 | Last | c |\n")
    assert error.line == 8
    assert error.sentence.startswith(f"Line 8: {sentence}")


def test_read_row_too_wide_before_a_narrow_last_column_says_how_to_write_a_pipe():
    table = "| Details | Topic | Time |\n|---|---|---|\n| a | b | C | 1:00 |\n| d | E | 2:00 |\n"
    error = _refusal(f"# T\n{VIDEO}\n\n{table}")
    assert error.line == 6
    assert "4 cells" in error.sentence
    assert r"\|" in error.sentence


def test_read_row_that_links_to_another_recording_says_so():
    other = "https://youtu.be/zzzzzzzzzzz"
    rows = "\n".join(f"| [0:0{n}]({VIDEO}?t={n}) | T{n} | x |" for n in range(1, 4))
    error = _refusal(f"{HEAD}| [0:09]({other}?t=9) | Other | x |\n{rows}\n")
    assert error.line == 7
    assert error.sentence.startswith("Line 7: This row links to another recording than most rows")


def test_refusal_names_no_more_of_a_long_address_than_a_person_reads():
    long = f"https://example.org/{'a' * 1_900}"
    rows = "\n".join(f"| [0:0{n}]({long}#t={n}) | T{n} | x |" for n in range(1, 4))
    error = _refusal(f"{HEAD}| [0:09]({VIDEO}?t=9) | Other | x |\n{rows}\n")
    assert "https://example.org/aaa" in error.sentence
    assert len(error.sentence) < 400


@pytest.mark.parametrize(
    "rows",
    [
        "| 1:00 | A | b |\n\n| soon | C | d |\n\n| 3:00 | E | f |",
        "| 1:00 | A | b |\n|---|---|---|\n| soon | C | d |\n|---|---|---|\n| 3:00 | E | f |",
        "| 1:00 | A | b |\n\n| soon | C | d |\n| 3:00 | E | f |",
    ],
)
def test_read_bad_row_apart_from_the_others_is_not_lost(rows: str):
    error = _refusal(HEAD + rows)
    assert error.line == 9
    assert "“soon” is not a time" in error.sentence


@pytest.mark.parametrize(
    ("document", "sentence", "line"),
    [
        ("", "The document is empty.", None),
        ("\ufeff \n\t\n", "The document is empty.", None),
        (b"", "The document is empty.", None),
        (b"# T\n\nabc \xff\n", "The document is not valid UTF-8 text.", 3),
        ("# T\n\ud800\n", "The document is not valid UTF-8 text.", None),
        ("# T".encode("utf-16"), "The document is not valid UTF-8 text.", 1),
        ("# T\n\nwords\n", "There is no table in it", None),
        ("# T\n\nA | B\nC | D\n", "There is no table in it", None),
        ("# T\n\n| Time | Topic |\n|---|---|\n", "This table has no rows.", 3),
        ("# T\n\n| Time | Topic |\n|---|---|\n| | |\n", "No column of this table holds times", 3),
        ("# T\n\n| Who | What |\n|---|---|\n| a | b |\n", "No column of this table holds", 3),
        ("# T\n\n| Time | Topic |\n|---|---|\n| one | b |\n", "No column of this table", 3),
        ("# T\n\n| Time |\n|---|\n| 1:00 |\n", "This table has one column", 3),
        ("|" + "a|" * 61 + "\n|" + "-|" * 61 + "\n|1:00|a|\n", "This table has more than 60", 1),
        ("# " + "a" * 501 + "\n\n" + HEAD + "| 1:00 | A | b |", "The title is longer than 500", 1),
        (HEAD.replace("https", "ftp") + "| 1:00 | A | b |", "No link says which recording", None),
        (
            "# T\n" + "words " * 9_000 + "\n" + HEAD + "| 1:00 | A | b |",
            "The text above the table is longer than 50,000 characters.",
            2,
        ),
        (
            HEAD + "| 1:00 | A | b |\n\n## Links\n" + "- x\n" * 1_001,
            "There are more than 1,000 references.",
            1_010,
        ),
        (
            HEAD + "| 1:00 | A | b |\n\n## Links\n- " + "x" * 50_001,
            "This reference is longer than 50,000 characters.",
            10,
        ),
        (HEAD + f"| [x]({VIDEO}?{'x' * 5_000}) | A | b |\n| 2:00 | C | d |", "“[x](http", 7),
        ("# T\n\n| Time | A |\n|---|---|\n| | |\n| Time | A |\n| 1:00 | |", "This row has", 7),
    ],
)  # fmt: skip
def test_read_bad_document_says_why(document: str | bytes, sentence: str, line: int | None):
    error = _refusal(document)
    where = f"Line {line}: " if line else ""
    assert error.sentence.startswith(where + sentence)
    assert error.line == line


def test_read_too_large_document_is_refused():
    assert _refusal("ä" * (MAX_BYTES // 2 + 1)).sentence.endswith("larger than 5 MB.")
    assert _refusal(b"\xff" * (MAX_BYTES + 1)).sentence.endswith("larger than 5 MB.")


def test_read_too_many_pipes_is_refused():
    assert "300,000 |" in _refusal("a\n" + "||||\n" * (MAX_PIPES // 4) + "|").sentence


def test_read_too_many_lines_is_refused():
    assert "100,000 lines" in _refusal("a\n" * MAX_LINES).sentence


def _many(count: int) -> str:
    rows = (f"| {n // 60}:{n % 60:02} | T{n} | x |" for n in range(count))
    return HEAD + "\n".join(rows)


def test_read_as_many_rows_as_may_be_reads_them_all():
    assert len(read_takeaways(_many(MAX_ROWS)).draft.segments) == MAX_ROWS


def test_read_one_row_more_is_refused_at_its_line():
    error = _refusal(_many(MAX_ROWS + 2))
    assert error.sentence == f"Line {MAX_ROWS + 7}: The document has more than 5,000 rows."


def test_read_longest_title_and_details_are_read():
    title, text = "t" * MAX_TITLE, "d" * MAX_DETAILS
    (segment,) = read_takeaways(f"{HEAD}| 99:59:59 | {title} | {text} |").draft.segments
    assert (segment.title, segment.text) == (title, text)
    assert str(segment.at) == "99:59:59"


def test_read_control_characters_are_left_out_and_reported():
    parsed = read_takeaways(f"{HEAD}| 1:00 | A\x07\x1b[31m | b\x85c |")
    (segment,) = parsed.draft.segments
    assert (segment.title, segment.text) == ("A[31m", "bc")
    assert [(each.line, each.sentence) for each in parsed.repairs] == [
        (7, "control characters were left out")
    ]


@pytest.mark.parametrize(
    ("rows", "repairs"),
    [
        ("1:00 | A | b |", [(7, "the opening | was missing")]),
        ("| 1:00 | A | b", [(7, "the closing | was missing")]),
        ("| 1:00 | A | b\nc |", [(7, "a row broken over 2 lines was joined")]),
        ("| 1:00 | A | b |\n| | | |", [(8, "an empty row was left out")]),
        ("| 1:00 | A | b |\n| 1:00 | A | b |", [(8, "a row that repeats line 7 was left out")]),
        ("| 1:00 | A | b |\n| Time | Topic | Details |", [(8, "a repeated header was left out")]),
        ("| 1:00 | A | `b|c` |", [(7, "a | inside code was escaped")]),
        ("| 1:00 | A | b | c |", [(7, "4 cells were read as 3: the last keeps the rest")]),
        (
            "| [1:00](https://www.youtube.com/playlist) | A | b |",
            [(7, "the link of its time opens no recording and was left aside")],
        ),
        (
            "| 3:39:28 | A | b |\n| 4:08 | B | c |",
            [(8, "4:08 was read as 4:08:00, like the rows around it")],
        ),
    ],
)
def test_read_repaired_rows_are_reported_with_their_line(rows: str, repairs: list[tuple[int, str]]):
    parsed = read_takeaways(f"{HEAD}{rows}\n")
    assert [(each.line, each.sentence) for each in parsed.repairs] == repairs


def test_read_table_without_dashes_is_reported():
    parsed = read_takeaways(f"# T\n{VIDEO}\n\n| Time | Topic |\n| 1:00 | A |\n| 2:00 | B |\n")
    assert [(each.line, each.sentence) for each in parsed.repairs] == [
        (4, "the table had no line of dashes")
    ]
