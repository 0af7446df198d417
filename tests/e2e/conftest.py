"""What end-to-end tests of commands share."""

import pytest

from tests.e2e.commands import runs_on


@pytest.fixture
def bot(tmp_path):
    """Return a function that runs one command on a database of this test's own."""
    return runs_on(tmp_path)
