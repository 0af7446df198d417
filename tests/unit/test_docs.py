"""The documents hold what the code does, and the README's commands run."""

import re
import shlex
from pathlib import Path

import pytest

from bot.cli import build_parser
from docs.build import PAGES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]+)")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_page_is_what_the_code_says(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *DOCS.rglob("*.md")], ids=lambda page: page.name
)
def test_links_between_documents_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_promise_names_a_test_that_exists():
    text = (DOCS / "promises.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if re.match(r"\| \d+ \|", row)]
    assert [int(row.split("|")[1]) for row in rows] == list(range(1, 12))
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert named or "not yet" in row, row
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_every_dependency_has_its_line():
    text = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in re.findall(r'^    "([a-zA-Z.-]+)[>=]', project, flags=re.MULTILINE):
        assert name in text, name


def test_lock_files_pin_hashes_and_name_no_index():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9-]+==\S+", text, flags=re.MULTILINE)
        assert len(pins) > 5
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
        assert "index" not in text


@pytest.mark.parametrize(
    "page", ["README.md", "docs/discord.md", "docs/operations.md", "docs/slack.md"]
)
def test_commands_in_documents_are_ones_the_program_takes(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"python -m bot ([a-z][^`\n)]*)", text)
    assert found
    for command in found:
        build_parser().parse_args(shlex.split(command.strip().rstrip(".,")))


def test_make_targets_in_documents_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"(?:`|    )make ([a-z-]+)", page.read_text(encoding="utf-8")):
            assert f"\n{target}:" in makefile, target


def test_no_file_is_too_long_for_one_sitting():
    files = [
        path
        for folder in ("bot", "adapters", "storage", "tests", "benchmarks", "docs")
        for path in (ROOT / folder).rglob("*.py")
    ]
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert files
    assert not too_long
