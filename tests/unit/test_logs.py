"""What is logged, and what never is."""

import json
import logging
import sys

import pytest

from bot.cli.logs import JsonLines, Redacting, set_up_logging
from bot.core.errors import ConfigError
from bot.core.settings import LogSettings, Settings, SlackSettings


@pytest.fixture(autouse=True)
def _restored():
    """Leave logging as it was: the handler writes to a stream that ends with the test."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


def event(message, *args, error=None):
    caught = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot", logging.ERROR, __file__, 1, message, args, caught)


@pytest.mark.parametrize("kind", [Redacting, JsonLines])
def test_secret_is_never_logged_wherever_it_comes_from(kind):
    formatter = kind(("tok-secret", ""))
    failure = RuntimeError("refused tok-secret")
    for record in (event("token %s", "tok-secret"), event("failed", error=failure)):
        line = formatter.format(record)
        assert "tok-secret" not in line
        assert "[secret]" in line


def test_json_line_is_one_object_with_the_traceback():
    line = JsonLines(()).format(event("answer %s", "ü\n2", error=ValueError("x")))
    assert "\n" not in line
    parsed = json.loads(line)
    assert parsed["level"] == "ERROR"
    assert parsed["message"].startswith("answer ü\n2")
    assert "ValueError: x" in parsed["message"]


@pytest.mark.parametrize("log", [LogSettings(level="LOUD"), LogSettings(format="xml")])
def test_unknown_level_or_format_is_refused(log):
    with pytest.raises(ConfigError, match=r"log\."):
        set_up_logging(Settings(log=log), quiet=False)


def test_quiet_keeps_a_terminal_to_warnings():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        set_up_logging(Settings(log=LogSettings(level="debug")), quiet=True)
        assert root.level == logging.WARNING
        assert root.handlers[0].stream is sys.stderr
    finally:
        root.handlers[:], root.level = before


def test_address_that_is_a_secret_is_never_logged():
    line = Redacting(()).format(
        event("wss://x/link/?ticket=abc&app=1 https://hooks.slack.com/commands/T1/2/xyz failed")
    )
    assert "abc" not in line
    assert "xyz" not in line
    assert "failed" in line


def test_secret_of_every_platform_is_known(capsys):
    slack = SlackSettings(bot_token="xoxb-s", app_token="xapp-s", signing_secret="sign-s")
    set_up_logging(Settings(slack=slack), quiet=False)
    logging.getLogger("bot").info("xoxb-s xapp-s sign-s")
    assert "-s" not in capsys.readouterr().err


def test_payloads_of_the_sdks_are_not_logged_at_any_level(capsys):
    set_up_logging(Settings(log=LogSettings(level="DEBUG")), quiet=False)
    logging.getLogger("slack_sdk.socket_mode").debug("what somebody wrote")
    logging.getLogger("bot").debug("seen")
    assert "somebody" not in (log := capsys.readouterr().err)
    assert "seen" in log
