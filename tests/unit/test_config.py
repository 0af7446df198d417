"""Settings: which source wins, and a sentence for every bad value."""

from pathlib import Path

import pytest

from bot.config import check_disk, load_settings, records
from bot.core.errors import ConfigError
from bot.core.settings import Settings, StorageSettings


def test_defaults_hold_without_any_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings({}) == Settings()


def test_repositorys_own_file_is_the_defaults():
    assert load_settings({}, file=None) == Settings()


def test_each_source_is_stronger_than_the_next(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[storage]\nurl = "sqlite:///file.db"\n')
    conventional = {"DATABASE_URL": "sqlite:///conventional.db"}
    own = {**conventional, "SEGUE_STORAGE__URL": "sqlite:///own.db"}
    flag = {"storage.url": "sqlite:///flag.db"}

    def url(*sources):
        return load_settings(*sources, file=file).storage.url

    assert url({}) == "sqlite:///file.db"
    assert url(conventional) == "sqlite:///conventional.db"
    assert url(own) == "sqlite:///own.db"
    assert url(own, flag) == "sqlite:///flag.db"


def test_empty_variable_is_not_set():
    assert load_settings({"DISCORD_TOKEN": "", "SEGUE_LOG__LEVEL": ""}) == Settings()


def test_setting_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError, match=r"no setting storage\.path"):
        load_settings({}, {"storage.path": "x"})
    with pytest.raises(ConfigError, match="no setting SEGUE_STORAGE__PATH"):
        load_settings({"SEGUE_STORAGE__PATH": "x"})


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "nan", "inf"])
def test_malformed_number_names_its_setting(value):
    with pytest.raises(ConfigError, match="SEGUE_LIMITS__COMMANDS_PER_MINUTE"):
        load_settings({"SEGUE_LIMITS__COMMANDS_PER_MINUTE": value})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[storage", "not valid TOML"),
        ('[discord]\ntoken = "abc"\n', "is a secret"),
        ("[nosuch]\nx = 1\n", "no setting nosuch.x"),
        ("x = 1\n", "outside any section"),
        ("[limits]\ncommands_per_minute = true\n", "whole number"),
        ("[log]\nlevel = 5\n", "must be text"),
    ],
)
def test_malformed_file_gets_a_sentence(tmp_path, text, sentence):
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=sentence) as caught:
        load_settings({}, file=file)
    assert "abc" not in caught.value.sentence


def test_named_file_must_exist(tmp_path):
    with pytest.raises(ConfigError, match="no settings file"):
        load_settings({}, file=tmp_path / "nosuch.toml")


def test_config_toml_holds_every_setting_but_secrets_at_its_default():
    written = [record.key for record in records() if not record.secret]
    text = Path("config.toml").read_text(encoding="utf-8")
    for key in written:
        assert f"\n{key.partition('.')[2]} = " in text, key
    for record in records():
        assert record.help.split(";")[0].rstrip(".") in text or record.secret, record.key


@pytest.mark.parametrize("environment", [{"DYNO": "web.1"}, {"RAILWAY_ENVIRONMENT": "production"}])
def test_sqlite_on_a_disk_that_does_not_last_is_refused(environment):
    with pytest.raises(ConfigError, match=r"SQLite|volume"):
        check_disk(Settings(), environment)


def test_lasting_disks_and_other_databases_are_accepted():
    check_disk(Settings(), {})
    check_disk(Settings(), {"RAILWAY_ENVIRONMENT": "x", "RAILWAY_VOLUME_MOUNT_PATH": "/data"})
    check_disk(Settings(storage=StorageSettings(url="postgres://x")), {"DYNO": "web.1"})


def test_secret_read_from_a_file_loses_the_lines_end():
    settings = load_settings({"SLACK_APP_TOKEN": "xapp-1\n", "DISCORD_TOKEN": " tok\r\n"})
    assert settings.slack.app_token == "xapp-1"
    assert settings.discord.token == "tok"
