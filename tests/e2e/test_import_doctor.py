"""``doctor`` tells the operator which imports were given up, and which feeds are paused."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.core.jobs import JobState, Part, Request, digest_of
from bot.core.settings import StorageSettings
from storage import open_store

ROOT = Path(__file__).resolve().parents[2]
GUILD, NOW = "discord:1", datetime(2026, 3, 1, 12, tzinfo=UTC)


async def leave(url):
    """Leave an import that was given up, and a feed that is paused."""
    store = open_store(StorageSettings(url=url))
    try:
        await store.migrate()
        request = Request((Part(digest_of(b"x"), "x.vtt"),))
        job = await store.propose_job(
            GUILD, request, [b"x"], title="A \x1b talk", asked_by="1", now=NOW
        )
        yes = {"tell": False, "channel": "", "asked_by": "1", "now": NOW}
        await store.confirm_job(GUILD, job.id, **yes)
        await store.claim_job("o", NOW)
        await store.settle_job(
            GUILD, job.id, owner="o", state=JobState.PARKED, now=NOW, reason="Too dark."
        )
        feed = await store.propose_feed(
            GUILD, "https://pod.example/feed", title="A Show", set_by="1", now=NOW
        )
        await store.follow_feed(GUILD, feed.id, set_by="1", now=NOW)
        await store.claim_feed("o", NOW)
        failed = {"reason": "It is gone.", "pause": True, "now": NOW, "next_at": NOW}
        await store.note_failure(GUILD, feed.id, owner="o", **failed)
    finally:
        await store.close()


async def test_doctor_names_what_waits_for_somebody(tmp_path):
    url = f"sqlite:///{tmp_path}/segue.db"
    await leave(url)
    ran = subprocess.run(  # noqa: ASYNC221 - nothing else runs here
        [sys.executable, "-m", "bot", "doctor"],
        env={**os.environ, "SEGUE_STORAGE__URL": url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "imports: 0 under way, 1 given up; 0 feeds followed, 1 paused." in ran.stdout
    assert "given up for discord:1: A   talk: Too dark." in ran.stdout
    assert "paused for discord:1: A Show: It is gone." in ran.stdout
