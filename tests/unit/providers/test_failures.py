"""What a refusal of Gemini's means."""

import pytest

from bot.providers.failures import LONGEST_PAUSE_S, of_status, pause_asked_for
from bot.providers.model_calls import Trouble

RETRY = "type.googleapis.com/google.rpc.RetryInfo"


@pytest.mark.parametrize(
    ("details", "seconds"),
    [
        ([{"@type": RETRY, "retryDelay": "2.5s"}], 2.5),
        ([{"@type": "other"}, {"@type": RETRY, "retryDelay": "7s"}], 7.0),
        ([{"@type": RETRY, "retryDelay": "999999s"}], LONGEST_PAUSE_S),
        ([{"@type": RETRY, "retryDelay": "-3s"}], 0.0),
        ([{"@type": RETRY, "retryDelay": "soon"}], 0.0),
        ([{"@type": RETRY, "retryDelay": {"seconds": 3}}], 0.0),
        ([{"@type": RETRY}], 0.0),
        ([None, 5, "x", {"@type": 7}], 0.0),
        ({"@type": RETRY}, 0.0),
        (None, 0.0),
    ],
)
def test_pause_is_read_where_it_makes_sense(details, seconds):
    assert pause_asked_for(details) == seconds


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, None])
def test_failure_that_may_pass_is_told_from_one_to_be_mended(status):
    assert of_status(status, {"error": {"message": "x"}}).trouble is Trouble.PASSING


@pytest.mark.parametrize("status", [302, 401, 403, 404])
def test_failure_to_be_mended_is_told_from_one_that_may_pass(status):
    assert of_status(status, {"error": {"message": "x"}}).trouble is Trouble.REFUSED


def test_request_that_is_not_taken_as_it_is_speaks_of_its_note_alone():
    reason = [{"@type": "google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
    assert of_status(400, {"error": {"status": "INVALID_ARGUMENT"}}).trouble is Trouble.OF_NOTE
    assert of_status(413, None).trouble is Trouble.OF_NOTE
    assert of_status(400, {"error": {"details": reason}}).trouble is Trouble.REFUSED
    assert of_status(400, {"error": {"status": "FAILED_PRECONDITION"}}).trouble is Trouble.REFUSED


@pytest.mark.parametrize("body", [None, [], "x", {"error": "x"}, {"error": {"message": 5}}, {}])
def test_body_of_any_shape_is_read(body):
    assert str(of_status(500, body)).startswith("500")


def test_what_a_server_says_reaches_the_log_on_one_short_line():
    said = str(of_status(400, {"error": {"message": "bad\nkey\x1b[31m " + "x" * 5_000}}))
    assert "\n" not in said
    assert "\x1b" not in said
    assert len(said) < 300
