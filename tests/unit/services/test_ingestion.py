"""Documents in, documents out, and nothing changed by a bad one."""

import pytest

from bot.core.catalog import PUBLIC
from bot.core.errors import BadDocument, NotFound
from bot.sample import sample_document
from bot.services.exporting import export_document
from bot.services.ingestion import load_sample, remove_episode
from tests.fakes.documents import document

ROWS = [(60, "First", "one"), (120, "Second", "two"), (180, "Third", "three")]


async def test_sample_reports_its_two_repairs_and_two_conflicts(empty_core):
    imported = await empty_core.add(sample_document())
    notes = imported.source.notes
    assert (len(notes.repairs), len(notes.conflicts)) == (2, 2)
    report = "\n".join(imported.lines())
    assert "15 notes added" in report
    assert "4:17:54" in report
    assert "4:13:38" in report


async def test_importing_twice_changes_nothing(core):
    imported = await core.add(sample_document())
    assert imported.outcome.unchanged
    assert "unchanged." in imported.lines()
    assert await load_sample(core.store) is False


async def test_edited_document_updates_what_changed_and_keeps_ids(core):
    first = await core.add(document("Talk", "aaaaaaaaaaa", ROWS))
    before = await core.store.outline(PUBLIC, first.outcome.episode.id, offset=0, limit=9)
    edited = [(60, "First", "one"), (125, "Second", "two"), (240, "Fourth", "four")]
    second = await core.add(document("Talk", "aaaaaaaaaaa", edited))
    after = await core.store.outline(PUBLIC, first.outcome.episode.id, offset=0, limit=9)
    outcome = second.outcome.notes
    assert (outcome.added, outcome.updated, outcome.removed) == (1, 1, 1)
    assert [m.segment.id for m in after][:2] == [m.segment.id for m in before][:2]
    assert (await core.ask("/topic fourth")).moment.title == "Fourth"
    assert (await core.ask("/topic third in:talk")).reference is None


async def test_bad_document_changes_nothing(core):
    await core.add(document("Talk", "aaaaaaaaaaa", ROWS))
    with pytest.raises(BadDocument, match="Line 6"):
        await core.add(document("Talk", "aaaaaaaaaaa", ROWS).replace("[2:00]", "[2:99]"))
    assert (await core.ask("/topic second")).moment.title == "Second"


async def test_sample_exports_as_it_was_but_for_space_and_two_pipes(core):
    exported = await export_document(core.store, PUBLIC, 1)

    def plain(text):
        return "\n".join("".join(line.split()).removesuffix("|") for line in text.splitlines())

    assert plain(exported).strip() == plain(sample_document()).strip()


async def test_remove_undoes_an_import(core):
    imported = await core.add(document("Talk", "aaaaaaaaaaa", ROWS))
    title = await remove_episode(core.store, PUBLIC, imported.outcome.episode.id)
    assert title == "Talk"
    assert "Nothing about" in (await core.ask("/topic second")).text
    with pytest.raises(NotFound):
        await remove_episode(core.store, PUBLIC, imported.outcome.episode.id)


async def test_public_episode_is_not_a_tenants_to_remove(core):
    with pytest.raises(NotFound):
        await remove_episode(core.store, "discord:1", 1)
