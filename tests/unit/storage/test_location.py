"""Which addresses name a database, and what is said of the others."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.core.settings import StorageSettings
from storage import open_store
from storage.sqlite.location import database_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///segue.db", "segue.db"),
        ("sqlite:///data/my segue.db", "data/my segue.db"),
        ("sqlite:////var/lib/segue.db", "/var/lib/segue.db"),
        ("sqlite:///a%20b.db", "a%20b.db"),
    ],
)
def test_sqlite_address_names_a_file(url, path):
    assert database_path(url) == Path(path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "segue.db",
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite:///  ",
        "sqlite://host/segue.db",
        "sqlite:///folder/",
        "sqlite:///:memory:",
        "sqlite:///segue.db?mode=ro",
        "sqlite:///segue.db#x",
        "sqlite:///segue\n.db",
        "SQLITE:///segue.db",
        "sqlite3:///segue.db",
        "mysql://localhost/x",
    ],
)
def test_other_address_is_refused_in_a_sentence(url):
    with pytest.raises(ConfigError, match=r"storage\.url must"):
        open_store(StorageSettings(url=url))


def test_refusal_names_the_scheme_and_never_the_password():
    with pytest.raises(ConfigError) as refused:
        open_store(StorageSettings(url="postgres://segue:hunter2@db.example.org/segue"))
    assert "not postgres" in str(refused.value)
    assert "hunter2" not in str(refused.value)
