"""Transcripts brought in by the operator answer beside the notes: real processes, real files."""

import asyncio
import json

import pytest

from tests.e2e.commands import answered
from tests.fakes.documents import document
from tests.fakes.web_server import WebServer, pages

LINK = "https://youtu.be/_1f-o0nqpEI"
SAID = "So memory bandwidth decides what inference costs on these chips."
VTT = f"""WEBVTT

02:49:40.000 --> 02:49:50.000
<v Dylan>Export rules changed the market for chips.

02:49:55.000 --> 02:50:10.000
<v Dylan>{SAID}
"""
SRT = f"""1
02:49:55,000 --> 02:50:10,000
{SAID}
"""
PODCAST = json.dumps(
    {
        "version": "1.0.0",
        "segments": [{"speaker": "Dylan", "startTime": 10_195, "endTime": 10_210, "body": SAID}],
    }
)
TIMED = json.dumps(
    {
        "title": "A timed talk",
        "show": "Talks",
        "video": "https://www.youtube.com/watch?v=bbbbbbbbbbb",
        "duration": 11_000,
        "cues": [[10_195, 10_210, SAID]],
        "chapters": [[0, "Intro"]],
    }
)
FILES = {"talk.vtt": VTT, "talk.srt": SRT, "talk.json": PODCAST}


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def said_at(bot, time, **where):
    return answered(bot("exec", f"/summarize {time}", "--json"))


@pytest.mark.parametrize("name", sorted(FILES))
def test_transcript_answers_far_from_the_notes_of_its_recording(bot, tmp_path, name):
    bot("exec", "/help")  # loads the sample
    ran = bot("import", written(tmp_path, name, FILES[name]), "--link", LINK)
    assert ran.returncode == 0, ran.stderr.decode()
    assert "kept beside what is known" in ran.stdout.decode()
    reply = said_at(bot, "2:50:00")
    assert f"2:49:55 {'' if name == 'talk.srt' else 'Dylan: '}“{SAID}”" in reply["text"]
    assert reply["moments"][0]["url"] == f"{LINK}?t=10200"
    assert said_at(bot, "2:00:32")["moments"][0]["title"] == "KV Cache"
    (found,) = answered(bot("exec", "/topic memory bandwidth", "--json"))["moments"]
    assert (found["at"], SAID in found["title"]) == (10_195, True)
    again = bot("import", tmp_path / name, "--link", LINK)
    assert "unchanged." in again.stdout.decode()


def test_timed_episode_is_an_episode_of_its_own(bot, tmp_path):
    ran = bot("import", written(tmp_path, "episode.json", TIMED))
    assert ran.returncode == 0, ran.stderr.decode()
    report = ran.stdout.decode()
    assert "A timed talk" in report
    assert "1 chapter added" in report
    reply = answered(bot("exec", "/summarize 2:50:00 in:timed", "--json"))
    assert SAID in reply["text"]
    assert reply["moments"][0]["title"] == "Intro"
    assert reply["moments"][0]["source"] == "Chapters · Transcript"
    listed = answered(bot("exec", "/episodes", "--json"))
    assert "1 chapter, 0:00 to 0:00 · Chapters" in listed["text"]


def test_private_transcript_is_private(bot, tmp_path):
    path = written(tmp_path, "episode.json", TIMED)
    assert bot("import", path, "--tenant", "discord:1").returncode == 0
    line = ("exec", "/topic memory bandwidth", "--json")
    assert answered(bot(*line, "--tenant", "discord:1"))["moments"]
    assert not answered(bot(*line, "--tenant", "discord:2"))["moments"]


def test_private_transcript_hides_no_public_notes(bot, tmp_path):
    bot("exec", "/help")
    path = written(tmp_path, "talk.vtt", VTT)
    ran = bot("import", path, "--link", LINK, "--tenant", "discord:1")
    assert ran.returncode == 2
    assert "in the public catalog" in ran.stderr.decode()


@pytest.mark.parametrize(
    ("name", "text", "arguments", "sentence"),
    [
        ("talk.vtt", VTT, (), "Say which recording that is of"),
        ("talk.vtt", VTT, ("--link", "https://youtu.be/ccccccccccc"), "Say what that episode"),
        ("talk.vtt", VTT, ("--link", "nonsense"), "--link is the address of a recording"),
        ("talk.vtt", "WEBVTT\n", ("--link", LINK), "."),
        ("talk.srt", "1\n00:00 nothing\n", ("--link", LINK), "."),
        ("talk.json", "{", ("--link", LINK), "."),
        ("talk.json", "[]", ("--link", LINK), "."),
    ],
)
def test_transcript_that_will_not_do_gets_its_sentence(
    bot, tmp_path, name, text, arguments, sentence
):
    ran = bot("import", written(tmp_path, name, text), *arguments)
    assert ran.returncode in {1, 2}
    said = ran.stderr.decode()
    assert sentence in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


async def test_transcript_is_fetched_from_where_it_may_be(bot):
    async with WebServer() as web:
        web.pages["/talk.vtt"] = pages.answer(VTT.encode())
        await asyncio.to_thread(bot, "exec", "/help")
        line = ("import", web.url("/talk.vtt"), "--link", LINK)
        refused = await asyncio.to_thread(bot, *line)
        assert "private network" in refused.stderr.decode()
        allowed = await asyncio.to_thread(
            lambda: bot(*line, SEGUE_FETCH__ALLOW_PRIVATE="127.0.0.1/32")
        )
        assert allowed.returncode == 0, allowed.stderr.decode()
    assert SAID in (await asyncio.to_thread(said_at, bot, "2:50:00"))["text"]


@pytest.mark.parametrize("first", ["<!-- my notes -->\n", "Chips --> memory\n", ""])
def test_notes_are_no_transcript_whatever_they_begin_with(bot, tmp_path, first):
    text = first + document("A talk", "ccccccccccc", [(60, "First", "one")])
    ran = bot("import", "-", stdin=text.encode())
    assert "1 note added" in ran.stdout.decode(), ran.stderr.decode()


def test_word_of_a_talk_makes_no_other_document_of_it(bot, tmp_path):
    bot("exec", "/help")
    path = written(tmp_path, "talk.vtt", VTT.replace("Export", 'He said "cues". Export'))
    assert bot("import", path, "--link", LINK).returncode == 0
