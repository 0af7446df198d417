"""A job whose row cannot be read is given up with a reason, and the others go on."""

import sqlite3
from contextlib import closing

import pytest

from bot.core.jobs import UNREADABLE, JobState, Part, PostState, Request, digest_of
from bot.services.import_states import described
from bot.services.import_worker import ImportWorker
from bot.services.importing import NOT_READ
from tests.fakes.core import GUILD, opened_core
from tests.fakes.imports import vtt
from tests.fakes.outlet import FakeOutlet


async def confirmed(core, title):
    body = vtt(f"This is {title}.")
    request, now = Request((Part(digest_of(body), "a.vtt"),), title=title), core.clock.now()
    job = await core.store.propose_job(GUILD, request, [body], title=title, asked_by="1", now=now)
    await core.store.confirm_job(GUILD, job.id, tell=True, channel="c", asked_by="1", now=now)
    return job


def spoil(folder, job, column, value):
    with closing(sqlite3.connect(folder / "segue.db")) as database, database:
        update = f"UPDATE import_job SET {column} = ? WHERE id = ?"  # noqa: S608 - a test's own
        assert database.execute(update, (value, job.id)).rowcount == 1


@pytest.mark.parametrize(
    "request_column",
    ["", "{", "null", "[]", "{}", '{"parts": 1}', '{"parts": [{"name": 1}]}', "[" * 10_000],
)
async def test_job_whose_request_cannot_be_read_is_given_up_and_others_go_on(
    tmp_path, caplog, request_column
):
    async with opened_core(tmp_path) as core:
        core.ports.outlets["discord"] = FakeOutlet()
        broken = await confirmed(core, "A broken talk")
        whole = await confirmed(core, "A whole talk")
        spoil(tmp_path, broken, "request", request_column)
        worker = ImportWorker(core.ports)
        while await worker.round():
            pass
        assert worker.jobs == {"parked": 1, "done": 1}
        parked = await core.store.job(GUILD, broken.id)
        assert (parked.state, parked.post) == (JobState.PARKED, PostState.ENDED)
        assert parked.request == UNREADABLE
        assert described(parked) == f"“A broken talk”: given up. {NOT_READ}"
        assert [job.id for job in await core.store.parked_jobs(9)] == [broken.id]
        assert (await core.store.job(GUILD, whole.id)).state is JobState.DONE
        logged = [line.getMessage() for line in caplog.records if line.levelname == "ERROR"]
        assert logged == [f"the request of import {broken.id} for {GUILD} cannot be read: given up"]
        # Asked for again it is written anew.
        again = await confirmed(core, "A broken talk")
        assert (again.id, again.request.title) == (broken.id, "A broken talk")


@pytest.mark.parametrize("column", ["created_at", "posting_at"])
@pytest.mark.parametrize("value", ["", "yesterday", "2026-03-01"])
async def test_job_with_a_time_that_cannot_be_read_is_done_all_the_same(tmp_path, column, value):
    async with opened_core(tmp_path) as core:
        core.ports.outlets["discord"] = FakeOutlet()
        job = await confirmed(core, "A talk")
        spoil(tmp_path, job, column, value)
        worker = ImportWorker(core.ports)
        while await worker.round():
            pass
        assert (await core.store.job(GUILD, job.id)).state is JobState.DONE
