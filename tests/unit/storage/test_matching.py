"""Which stored row a row of an edited document continues."""

from hypothesis import given
from hypothesis import strategies as st

from storage.sqlite.matching import StoredRow, match
from tests.fakes.drafts import segment_draft

ROW = st.tuples(st.integers(0, 4), st.sampled_from("abc"), st.sampled_from("xy"))
ROWS = st.lists(ROW, max_size=7)


def matched(old, new):
    """Return the stored ids (from 1) that the new rows continue, and those that are gone."""
    stored = [StoredRow(i, i, segment_draft(*row)) for i, row in enumerate(old, start=1)]
    found = match(stored, [segment_draft(*row) for row in new])
    return [row and row.id for row in found.stays], [row.id for row in found.gone]


def test_row_with_its_second_and_title_stays_whatever_its_text():
    assert matched([(1, "a", "x")], [(1, "a", "y")]) == ([1], [])


def test_row_with_another_title_stays_by_its_second():
    assert matched([(1, "a", "x"), (2, "b", "x")], [(2, "B", "x"), (1, "A", "x")]) == ([2, 1], [])


def test_row_with_another_second_stays_by_its_title():
    assert matched([(1, "a", "x"), (2, "b", "x")], [(8, "b", "x"), (9, "a", "x")]) == ([2, 1], [])


def test_surer_sign_goes_before_a_weaker_one():
    # Both new rows could continue the one stored row; the second shares second and title.
    assert matched([(1, "a", "x")], [(1, "b", "x"), (1, "a", "x")]) == ([None, 1], [])


def test_rows_alike_pair_in_their_order():
    assert matched([(1, "a", "x")] * 3, [(1, "a", "x")] * 2) == ([1, 2], [3])


def test_row_with_neither_is_new_and_the_old_one_gone():
    assert matched([(1, "a", "x")], [(2, "b", "x")]) == ([None], [1])


@given(ROWS, ROWS)
def test_every_stored_row_stays_once_or_is_gone(old, new):
    stays, gone = matched(old, new)
    kept = [ident for ident in stays if ident is not None]
    assert len(stays) == len(new)
    assert sorted([*kept, *gone]) == list(range(1, len(old) + 1))
    for row, ident in zip(new, stays, strict=True):
        if ident is not None:
            assert row[0] == old[ident - 1][0] or row[1] == old[ident - 1][1]


@given(ROWS)
def test_same_rows_all_stay(rows):
    assert matched(rows, rows) == (list(range(1, len(rows) + 1)), [])
