"""``doctor`` says by which ways videos are looked up: a real process, the API on loopback."""

import asyncio

import pytest

from tests.fakes.web_server import WebServer, pages
from tests.fakes.youtube_server import DataApi
from tests.fakes.youtube_server.data_api import PATH


@pytest.fixture
async def api():
    async with WebServer() as web:
        yield DataApi(web), web


async def lines_of_doctor(bot, **environment):
    ran = await asyncio.to_thread(bot, "doctor", **environment)
    said = (ran.stdout + ran.stderr).decode()
    assert "k3y" not in said
    return ran.returncode, [line for line in said.splitlines() if line.startswith("youtube: ")]


async def test_doctor_tries_the_key_and_leaves_youtube_itself_alone(bot, api):
    fake, web = api
    there = {"SEGUE_YOUTUBE__API_URL": fake.url, "YOUTUBE_API_KEY": fake.key}
    code, (line,) = await lines_of_doctor(bot, **there)
    assert code == 0
    assert line.startswith("youtube: the Data API takes YOUTUBE_API_KEY")
    assert "; yt-dlp 20" in line
    assert line.endswith(".")
    assert fake.problems == []
    code, (line,) = await lines_of_doctor(bot, **there | {"YOUTUBE_API_KEY": "k3y-bad"})
    assert (code, "refuses the key" in line) == (1, True)
    web.pages[PATH] = pages.raw(b"")
    code, (line,) = await lines_of_doctor(bot, **there)
    assert (code, "does not answer" in line) == (0, True)


async def test_doctor_says_what_is_off_or_written_wrong(bot):
    code, (line,) = await lines_of_doctor(bot, SEGUE_YOUTUBE__LOOK_UP="off")
    assert (code, line) == (0, "youtube: off; no video is looked up.")
    code, (line,) = await lines_of_doctor(bot, SEGUE_YOUTUBE__LOOK_UP="on")
    assert (code, line) == (1, "youtube: youtube.look_up is auto or off.")
