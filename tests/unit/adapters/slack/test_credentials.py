"""What must be set to serve, and what is said of a secret that is missing or refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.slack.credentials import WHERE, check_complete, missing, refusal_of
from bot.core.errors import ConfigError
from bot.core.settings import SlackSettings

ALL = SlackSettings(bot_token="xoxb-1", app_token="xapp-1", signing_secret="5ecret")


@pytest.mark.parametrize(
    ("mode", "changes", "variable"),
    [
        ("socket", {}, None),
        ("socket", {"signing_secret": ""}, None),
        ("socket", {"app_token": ""}, "SLACK_APP_TOKEN"),
        ("socket", {"bot_token": "", "app_token": ""}, "SLACK_BOT_TOKEN"),
        ("http", {}, None),
        ("http", {"app_token": ""}, None),
        ("http", {"signing_secret": ""}, "SLACK_SIGNING_SECRET"),
        ("http", {"bot_token": ""}, "SLACK_BOT_TOKEN"),
    ],
)
def test_missing_names_the_secret_that_the_mode_lacks(
    mode: str, changes: dict[str, str], variable: str | None
) -> None:
    settings = replace(ALL, mode=mode, **changes)
    assert missing(settings) == variable
    if variable is None:
        check_complete(settings)
    else:
        with pytest.raises(ConfigError) as caught:
            check_complete(settings)
        assert variable in caught.value.sentence
        assert WHERE[variable] in caught.value.sentence
        assert mode in caught.value.sentence


@pytest.mark.parametrize("mode", ["", "Socket", "rtm"])
def test_unknown_mode_is_refused_with_those_there_are(mode: str) -> None:
    with pytest.raises(ConfigError, match=r"^slack\.mode must be one of socket, http\.$"):
        check_complete(replace(ALL, mode=mode))


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope"])
@pytest.mark.parametrize("variable", sorted(WHERE))
def test_refusal_names_the_variable_and_where_to_copy_it_from(code: str, variable: str) -> None:
    refused = refusal_of(code, variable)
    assert refused is not None
    for words in (code, variable, WHERE[variable]):
        assert words in refused.sentence


@pytest.mark.parametrize("code", ["internal_error", "ratelimited", ""])
def test_trouble_that_may_pass_is_no_refusal(code: str) -> None:
    assert refusal_of(code, "SLACK_BOT_TOKEN") is None
