"""Both SDKs of Gemini behave the same, whatever the server does: a server on loopback."""

import asyncio
import time
from importlib.util import find_spec

import pytest

from bot.core.errors import ConfigError
from bot.core.settings import GeminiSettings
from bot.core.summarizing import NotWritten, Source
from bot.providers import gemini as module
from bot.providers import open_summarizer
from bot.providers.breaker import FAILURES
from tests.fakes.gemini_server import GeminiServer

NOTE = Source("KV Cache", "The KV cache stores tokens. It saves memory.")
SDKS = ["google-genai"]
if find_spec("google.generativeai"):  # it has no releases for Python 3.14
    SDKS.append("google-generativeai")

NOT_PAID = [
    ("rate_limit", {}),
    ("rate_limit", {"retry_delay": None}),
    ("rate_limit", {"retry_delay": {"seconds": "soon"}}),
    ("unavailable", {}),
    ("html", {"status": 503}),
]
PASSING = [
    *NOT_PAID,
    ("internal", {}),
    ("deadline", {}),
    ("html", {}),
    ("garbage", {"body": "<html>"}),
    ("garbage", {"body": "{", "status": 500}),
    ("wrong_shape", {"body": 5}),
    ("drop_before", {}),
    ("drop_after", {}),
]
REFUSING = [
    ("bad_key", {}),
    ("precondition", {}),
    ("forbidden", {}),
    ("not_found", {}),
    ("redirect", {}),
]
HANGING = [
    ("hang", {}),
    ("slow", {"seconds": 30}),
    ("body_hang", {}),
    ("drip", {"seconds": 0.2}),
    ("drip_headers", {"seconds": 0.2}),
]
NOTHING_SAID = [
    ("prompt_blocked", {}),
    ("answer_blocked", {}),
    ("answer_blocked", {"reason": "PROHIBITED_CONTENT"}),
    ("recitation", {}),
    ("empty", {}),
]


@pytest.fixture
async def server():
    async with GeminiServer() as running:
        yield running
        assert running.problems == []
        assert running.strayed == []


@pytest.fixture(params=SDKS)
def settings(request, server):
    return GeminiSettings(api_key=server.key, base_url=server.url, sdk=request.param)


@pytest.fixture
async def gemini(settings, monkeypatch):
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(module, "LEAST_S", 0.0)
    opened = open_summarizer(settings)
    yield opened
    await opened.close()


async def written(gemini, within_s=10.0):
    return await gemini.summarize(NOTE, within_s=within_s)


async def test_note_is_shortened_and_its_tokens_are_told(server, gemini):
    server.answer = "It stores tokens."
    answer = await written(gemini)
    assert answer.text == "It stores tokens."
    assert answer.tokens_in > 0
    assert answer.tokens_out > 0
    (call,) = server.calls
    assert call.model == "gemini-3.5-flash-lite"
    assert call.user == NOTE.whole
    assert call.system == module.SYSTEM


@pytest.mark.parametrize(("kind", "details"), PASSING)
async def test_trouble_that_passes_is_overcome_by_asking_again(
    server, gemini, monkeypatch, kind, details
):
    if kind == "rate_limit" and "retry_delay" not in details:
        details = {"retry_delay": "0.05s"}
    server.faults.set(kind, times=2, **details)
    assert (await written(gemini)).text
    assert len(server.calls) == 3


@pytest.mark.parametrize(("kind", "details"), PASSING)
async def test_trouble_that_stays_is_given_up_after_three_tries(server, gemini, kind, details):
    if kind == "rate_limit" and "retry_delay" not in details:
        details = {"retry_delay": "0.05s"}
    server.faults.set(kind, times=None, **details)
    with pytest.raises(NotWritten) as raised:
        # Time enough for an SDK that would try again by itself, to be seen doing so.
        await written(gemini, within_s=60.0)
    assert len(server.calls) == module.TRIES
    assert not raised.value.lasting
    if (kind, details) in NOT_PAID:
        assert not raised.value.paid


async def test_pause_that_gemini_asks_for_is_kept(server, gemini):
    server.faults.set("rate_limit", retry_delay="1.2s")
    began = time.monotonic()
    assert (await written(gemini)).text
    assert time.monotonic() - began >= 1.2


async def test_pause_that_is_too_long_ends_it_at_once_and_keeps_others_out(server, gemini):
    server.faults.set("rate_limit", retry_delay="40s")
    began = time.monotonic()
    with pytest.raises(NotWritten):
        await written(gemini)
    with pytest.raises(NotWritten):
        await written(gemini)
    assert time.monotonic() - began < 5
    assert len(server.calls) == 1


@pytest.mark.parametrize(("kind", "details"), REFUSING)
async def test_refusal_is_not_asked_again_by_anybody_for_a_while(server, gemini, kind, details):
    server.faults.set(kind, times=None, **details)
    for _ in range(2):
        with pytest.raises(NotWritten):
            await written(gemini)
    assert len(server.calls) == 1


async def test_key_that_a_server_says_back_is_told_to_nobody(server, gemini, caplog):
    said = {"error": {"code": 401, "message": f"bad key {server.key}", "status": "X"}}
    server.faults.set("wrong_shape", times=None, method="*", body=said, status=401)
    with pytest.raises(NotWritten) as raised:
        await written(gemini)
    with pytest.raises(ConfigError) as refused:
        await gemini.check()
    assert server.key not in f"{raised.value}{refused.value.sentence}{caplog.text}"
    assert "[secret]" in refused.value.sentence


async def test_note_that_gemini_does_not_take_keeps_no_other_out(server, gemini):
    said = {"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}
    server.faults.set("wrong_shape", body=said, status=400)
    with pytest.raises(NotWritten) as raised:
        await written(gemini)
    assert raised.value.lasting
    assert (await written(gemini)).text


async def test_burst_of_failures_is_one_rest(server, gemini):
    server.faults.set("forbidden", times=None)
    await asyncio.gather(*(written(gemini) for _ in range(9)), return_exceptions=True)
    assert len(server.calls) <= 9
    assert gemini._breaker._rest <= 2 * 30


async def test_turn_that_does_not_come_is_no_failure_and_costs_nothing(server, gemini):
    fault = server.faults.set("hang", times=None)
    asking = [asyncio.create_task(written(gemini)) for _ in range(module.AT_ONCE)]
    await fault.reached(module.AT_ONCE)
    with pytest.raises(NotWritten) as raised:
        await written(gemini, within_s=0.2)
    assert not raised.value.paid
    assert not raised.value.asked
    server.faults.clear()
    await asyncio.gather(*asking)


async def test_pause_that_one_was_told_is_kept_by_all(server, gemini):
    server.faults.set("rate_limit", retry_delay="1s")
    first = asyncio.create_task(written(gemini))
    while not gemini._resume_at:  # noqa: ASYNC110 - nothing else tells that it was told
        await asyncio.sleep(0)
    began = time.monotonic()
    assert (await written(gemini)).text
    assert time.monotonic() - began > 0.5
    assert (await first).text


@pytest.mark.parametrize(("kind", "details"), HANGING)
async def test_answer_that_does_not_end_is_given_up_in_time(server, gemini, kind, details):
    server.faults.set(kind, times=None, **details)
    began = time.monotonic()
    with pytest.raises(NotWritten) as raised:
        await written(gemini, within_s=1.0)
    assert time.monotonic() - began < 3
    assert raised.value.paid


@pytest.mark.parametrize(("kind", "details"), NOTHING_SAID)
async def test_no_words_are_no_failure_and_are_asked_for_once(server, gemini, kind, details):
    server.faults.set(kind, **details)
    assert (await written(gemini)).text == ""
    assert (await written(gemini)).text
    assert len(server.calls) == 2


async def test_answer_that_was_cut_off_is_kept_to_its_last_whole_sentence(server, gemini):
    server.answer = "It stores tokens. It saves memo"
    server.faults.set("max_tokens", keep=25)
    assert (await written(gemini)).text == "It stores tokens."


async def test_end_of_a_kind_that_nobody_knows_is_no_fault(server, gemini):
    server.answer = "It stores tokens. It saves memo"
    server.faults.set("odd_finish")
    assert (await written(gemini)).text == "It stores tokens."


async def test_answer_without_counts_counts_nothing(server, gemini):
    server.faults.set("no_usage")
    answer = await written(gemini)
    assert answer.text
    assert (answer.tokens_in, answer.tokens_out) == (0, 0)


async def test_odd_letters_can_be_stored_or_are_no_answer(server, gemini):
    server.faults.set("odd_text", times=None)
    try:
        answer = await written(gemini)
    except NotWritten:
        return
    answer.text.encode()


async def test_gemini_is_left_alone_after_failures_in_a_row(server, gemini):
    server.faults.set("internal", times=None)
    for _ in range(FAILURES):
        with pytest.raises(NotWritten):
            await written(gemini)
    asked = len(server.calls)
    began = time.monotonic()
    with pytest.raises(NotWritten):
        await written(gemini)
    assert len(server.calls) == asked
    assert time.monotonic() - began < 0.1


async def test_a_few_notes_are_asked_for_at_a_time(server, gemini):
    fault = server.faults.set("hang", times=None)
    asking = [asyncio.create_task(written(gemini)) for _ in range(module.AT_ONCE + 3)]
    await fault.reached(module.AT_ONCE)
    await asyncio.sleep(0.2)
    assert len(server.calls) == module.AT_ONCE
    server.faults.clear()
    assert all(await asyncio.gather(*asking))
    assert len(server.calls) == len(asking)


async def test_whoever_gives_up_leaves_no_one_waiting(server, gemini):
    fault = server.faults.set("hang")
    asking = asyncio.create_task(written(gemini))
    await fault.reached()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await written(gemini)).text


async def test_check_names_the_model_and_the_sdk(settings, gemini):
    assert await gemini.check() == f"gemini-3.5-flash-lite, by {settings.sdk}."


@pytest.mark.parametrize("kind", ["bad_key", "not_found", "forbidden"])
async def test_check_says_what_is_refused(server, gemini, kind):
    server.faults.set(kind, method="get")
    with pytest.raises(ConfigError, match=r"refuses GEMINI_API_KEY or gemini\.model"):
        await gemini.check()


@pytest.mark.parametrize("kind", ["hang", "unavailable", "drop_before"])
async def test_check_says_that_nobody_answers(server, gemini, monkeypatch, kind):
    monkeypatch.setattr(module, "CHECK_WITHIN_S", 0.5)
    server.faults.set(kind, method="get", times=None)
    with pytest.raises(NotWritten, match="did not answer"):
        await gemini.check()


@pytest.mark.parametrize("url", ["nonsense", "ftp://x", "https://", "http://a b"])
def test_endpoint_that_is_none_is_named(url):
    with pytest.raises(ConfigError, match="base_url"):
        open_summarizer(GeminiSettings(api_key="k", base_url=url))


@pytest.mark.parametrize("model", ["", "a b", "../x", "m?x=1"])
def test_model_that_is_none_is_named(model):
    with pytest.raises(ConfigError, match=r"gemini\.model"):
        open_summarizer(GeminiSettings(api_key="k", model=model))


def test_unknown_sdk_is_named():
    with pytest.raises(ConfigError, match=r"gemini\.sdk is one of"):
        open_summarizer(GeminiSettings(api_key="k", sdk="openai"))


def test_sdk_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(module, "_is_installed", lambda package: False)
    with pytest.raises(ConfigError, match="not installed"):
        open_summarizer(GeminiSettings(api_key="k"))
