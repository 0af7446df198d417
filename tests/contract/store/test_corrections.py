"""Every store takes reports and lays corrections over what a tenant reads."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.catalog import PUBLIC, ReportStatus
from bot.core.query import parse_query
from bot.core.timecode import Timecode
from tests.fakes.drafts import episode_draft

GUILD, TEAM = "discord:1", "slack:T2"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = [(60, "KV Cache", "query and key"), (600, "Export Controls", "chips")]
WRONG, RIGHT = "query", "value"


@pytest.fixture
async def segment(store):
    """Return the id of the public segment that is wrong."""
    await store.put_episode(PUBLIC, episode_draft(ROWS))
    return await first(store, PUBLIC)


async def first(store, tenant):
    (newest, *_) = await store.episodes(tenant, offset=0, limit=9)
    return (await store.outline(tenant, newest.id, offset=0, limit=9))[0].segment.id


async def correct(store, tenant, segment, text="key and value", title=None, **changes):
    options = {"by": "op", "at": NOON, **changes}
    return await store.correct(tenant, segment, title=title, text=text, **options)


async def report(store, tenant, segment, **changes):
    fields = {"reason": "wrong", "comment": "no", "user": "alice", "at": NOON, **changes}
    return await store.add_report(tenant, segment, **fields)


async def reads(store, tenant, segment):
    found = (await store.moment(tenant, segment)).segment
    return found.title, found.text, found.corrected


async def finds(store, tenant, word):
    found = await store.search(tenant, parse_query(word))
    return [c.moment.segment.text for c in found]


async def test_tenants_correction_is_read_and_found_by_that_tenant_alone(store, segment):
    made = await correct(store, GUILD, segment)
    assert (made.title, made.text, made.tenant) == ("KV Cache", "key and value", GUILD)
    assert await reads(store, GUILD, segment) == ("KV Cache", "key and value", True)
    assert await finds(store, GUILD, RIGHT) == ["key and value"]
    assert await finds(store, GUILD, WRONG) == []
    for other in (PUBLIC, TEAM):
        assert await reads(store, other, segment) == ("KV Cache", "query and key", False)
        assert await finds(store, other, RIGHT) == []
        assert await finds(store, other, WRONG) == ["query and key"]


async def test_correction_for_all_is_read_and_found_by_all(store, segment):
    await correct(store, PUBLIC, segment)
    for tenant in (PUBLIC, GUILD):
        assert await reads(store, tenant, segment) == ("KV Cache", "key and value", True)
        assert await finds(store, tenant, RIGHT) == ["key and value"]
        assert await finds(store, tenant, WRONG) == []


@pytest.mark.parametrize("order", [(GUILD, PUBLIC), (PUBLIC, GUILD)])
async def test_tenants_own_correction_goes_before_the_one_for_all(store, segment, order):
    words = {GUILD: "guildish", PUBLIC: "publicly"}
    for tenant in order:
        await correct(store, tenant, segment, words[tenant])
    assert (await reads(store, GUILD, segment))[1] == "guildish"
    assert (await reads(store, TEAM, segment))[1] == "publicly"
    assert await finds(store, GUILD, "publicly") == []
    assert await finds(store, TEAM, "guildish") == []
    assert await finds(store, GUILD, "guildish") == ["guildish"]
    for tenant, unknown in ((GUILD, "publicly"), (TEAM, "guildish")):
        asked = ["publicly", "guildish", WRONG, "cache"]
        assert set(asked) - set(await store.word_counts(tenant, asked)) == {unknown, WRONG}
    statistics = await store.statistics(GUILD, frozenset({"guildish", "publicli", "cach"}))
    assert (statistics.segments, dict(statistics.frequency)) == (2, {"guildish": 1, "cach": 1})


async def test_corrected_title_is_completed_and_the_old_one_is_not(store, segment):
    await correct(store, GUILD, segment, text=None, title="Zebra Cache")
    assert await reads(store, GUILD, segment) == ("Zebra Cache", "query and key", True)

    async def completes(tenant, typed):
        return [m.segment.title for m in await store.suggest(tenant, typed, 9)]

    assert await completes(GUILD, "zeb") == ["Zebra Cache"]
    assert await completes(GUILD, "kv") == []
    assert await completes(GUILD, "cache") == ["Zebra Cache"]
    assert await completes(TEAM, "kv") == ["KV Cache"]
    assert await completes(TEAM, "zeb") == []


async def test_correction_of_a_correction_builds_on_it(store, segment):
    await correct(store, GUILD, segment)
    await correct(store, GUILD, segment, text=None, title="The KV Cache")
    assert await reads(store, GUILD, segment) == ("The KV Cache", "key and value", True)
    assert [c.text for c in await store.history(GUILD, segment)] == ["key and value"] * 2
    assert await finds(store, GUILD, RIGHT) == ["key and value"]


async def test_correction_back_to_the_source_is_not_called_corrected(store, segment):
    await correct(store, GUILD, segment)
    await correct(store, GUILD, segment, "query and key")
    assert await reads(store, GUILD, segment) == ("KV Cache", "query and key", False)
    assert await finds(store, GUILD, WRONG) == ["query and key"]


async def test_tenant_corrects_its_own_episode(store):
    await store.put_episode(GUILD, episode_draft(ROWS))
    own = await first(store, GUILD)
    await correct(store, GUILD, own)
    assert await finds(store, GUILD, RIGHT) == ["key and value"]
    assert await finds(store, GUILD, WRONG) == []
    assert await correct(store, TEAM, own) is None
    assert await correct(store, PUBLIC, own) is None
    assert await store.history(TEAM, own) == []


async def test_export_keeps_the_source_beside_the_correction(store, segment):
    await correct(store, GUILD, segment)
    episode_id = (await store.moment(GUILD, segment)).episode.id
    stored = await store.stored_episode(GUILD, episode_id)
    row, read = stored.segments[0]
    assert (row.text, read.text, read.corrected) == ("query and key", "key and value", True)


async def test_history_is_oldest_first_and_what_the_tenant_may_read(store, segment):
    await correct(store, GUILD, segment, "one", by="alice")
    await correct(store, TEAM, segment, "secret")
    await correct(store, PUBLIC, segment, "two", at=NOON + timedelta(days=1))
    found = await store.history(GUILD, segment)
    assert [(c.text, c.tenant, c.corrected_by) for c in found] == [
        ("one", GUILD, "alice"),
        ("two", PUBLIC, "op"),
    ]
    assert found[0].corrected_at < found[1].corrected_at
    assert found[0].corrected_at.startswith("2026-03-01T12:00:00")
    assert [c.text for c in await store.history(PUBLIC, segment)] == ["two"]


async def test_correction_stays_while_the_source_row_says_the_same(store, segment):
    await correct(store, GUILD, segment)
    outcome = await store.put_episode(
        PUBLIC, episode_draft([(75, *ROWS[0][1:]), (600, "Export Controls", "new text")])
    )
    assert (outcome.updated, outcome.set_aside) == (2, 0)
    assert await reads(store, GUILD, segment) == ("KV Cache", "key and value", True)
    assert await finds(store, GUILD, WRONG) == []


async def test_correction_is_set_aside_when_its_source_row_changes(store, segment):
    await correct(store, GUILD, segment)
    await correct(store, PUBLIC, segment, "for all")
    outcome = await store.put_episode(
        PUBLIC, episode_draft([(60, "KV Cache", "keys, values"), ROWS[1]])
    )
    assert (outcome.updated, outcome.set_aside) == (1, 2)
    for tenant in (GUILD, PUBLIC):
        assert await reads(store, tenant, segment) == ("KV Cache", "keys, values", False)
        assert await finds(store, tenant, "keys") == ["keys, values"]
        assert await finds(store, tenant, RIGHT) == ["keys, values"]
    assert [c.text for c in await store.history(GUILD, segment)] == ["key and value", "for all"]


async def test_nothing_of_a_removed_row_resurfaces(store, segment):
    await report(store, GUILD, segment)
    await correct(store, GUILD, segment)
    await store.put_episode(PUBLIC, episode_draft(ROWS[1:]))
    assert await store.history(GUILD, segment) == []
    assert await store.reports(None, None) == []
    await store.put_episode(PUBLIC, episode_draft(ROWS))
    again = await first(store, PUBLIC)
    assert again != segment
    assert await reads(store, GUILD, again) == ("KV Cache", "query and key", False)
    assert await finds(store, GUILD, RIGHT) == []


async def test_report_is_stored_once_per_person_segment_and_reason(store, segment):
    ident = await report(store, GUILD, segment)
    for _ in range(2):
        assert await report(store, GUILD, segment, comment="again") == ident
    others = [
        await report(store, GUILD, segment, reason="title"),
        await report(store, GUILD, segment, user="bob"),
        await report(store, TEAM, segment),
    ]
    assert len({ident, *others}) == 4
    found = await store.report(ident)
    assert (found.tenant, found.segment_id, found.status) == (GUILD, segment, ReportStatus.OPEN)
    assert (found.reason, found.comment, found.reported_by) == ("wrong", "no\nagain", "alice")
    assert (found.title, found.at) == ("KV Cache", Timecode(60))
    assert found.reported_at.startswith("2026-03-01T12:00:00")


async def test_report_of_a_foreign_segment_is_none(store):
    await store.put_episode(TEAM, episode_draft(ROWS))
    theirs = await first(store, TEAM)
    assert await report(store, GUILD, theirs) is None
    assert await report(store, GUILD, 10**30) is None
    assert await store.report(10**30) is None


async def test_reports_are_listed_by_tenant_and_status(store, segment):
    one, two = await report(store, GUILD, segment), await report(store, TEAM, segment)
    three = await report(store, GUILD, segment, user="bob")
    assert await store.dismiss(two, by="op", at=NOON) is True

    async def listed(*args):
        return [r.id for r in await store.reports(*args)]

    assert await listed(None) == [one, three]
    assert await listed(None, None) == [one, two, three]
    assert await listed(GUILD) == [one, three]
    assert await listed(TEAM) == []
    assert await listed(TEAM, ReportStatus.DISMISSED) == [two]


async def test_report_is_dismissed_once(store, segment):
    ident = await report(store, GUILD, segment)
    assert await store.dismiss(ident, by="op", at=NOON) is True
    assert await store.dismiss(ident, by="op", at=NOON) is False
    assert await store.dismiss(10**30, by="op", at=NOON) is False
    assert (await store.report(ident)).status == ReportStatus.DISMISSED
    assert await report(store, GUILD, segment) != ident


async def test_applied_report_shows_the_title_its_tenant_reads_now_and_allows_another(
    store, segment
):
    ident = await report(store, GUILD, segment)
    made = await correct(store, GUILD, segment, title="The KV Cache", report_id=ident)
    assert made.report_id == ident
    closed = await store.report(ident)
    assert (closed.status, closed.title) == (ReportStatus.APPLIED, "The KV Cache")
    assert await report(store, GUILD, segment) != ident


async def test_correction_closes_only_a_report_it_can_answer(store, segment):
    theirs = await report(store, TEAM, segment)
    assert (await correct(store, GUILD, segment, report_id=theirs)).report_id is None
    assert (await correct(store, GUILD, segment, report_id=10**30)).report_id is None
    assert (await store.report(theirs)).status == ReportStatus.OPEN
    assert (await correct(store, PUBLIC, segment, report_id=theirs)).report_id == theirs
    assert (await store.report(theirs)).status == ReportStatus.APPLIED
