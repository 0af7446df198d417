"""One server for all: it listens while anybody wants it, and routes come and go."""

import asyncio
import io
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web

from adapters.http_server import MAX_BODY, HttpServer, Page
from bot.core.errors import ConfigError
from bot.core.settings import HttpSettings
from tests.fakes.ports import HOST, free_port


@pytest.fixture
def at():
    return HttpSettings(host=HOST, port=free_port())


@pytest.fixture
async def ask(at):
    async with aiohttp.ClientSession(f"http://127.0.0.1:{at.port}") as session:

        async def asked(method, path, **more):
            async with session.request(method, path, **more) as answer:
                return answer.status, await answer.text(), answer.headers

        yield asked


async def hello():
    return Page("hello\n")


async def test_page_is_there_while_its_block_runs(at, ask):
    server = HttpServer()
    async with server.listening(at):
        with server.page("/hello", hello):
            status, text, headers = await ask("GET", "/hello")
            assert (status, text) == (200, "hello\n")
            assert headers["Content-Type"] == "text/plain; charset=utf-8"
            status, text, _ = await ask("HEAD", "/hello?probe=1")
            assert (status, text) == (200, "")
        assert (await ask("GET", "/hello"))[0] == 404


async def test_other_paths_and_methods_are_refused_and_counted(at, ask):
    server = HttpServer()

    async def taken(request):
        await request.read()
        return web.Response(status=401)

    async with server.listening(at):
        with server.page("/hello", hello), server.route("POST", "/in", taken):
            assert (await ask("GET", "/nothing"))[0] == 404
            status, _, headers = await ask("POST", "/hello")
            assert (status, headers["Allow"]) == (405, "GET")
            assert (await ask("HEAD", "/in"))[0] == 405
            assert (await ask("POST", "/in"))[0] == 401
            body = io.BytesIO(b"x" * (MAX_BODY + 1))
            assert (await ask("POST", "/in", data=body))[0] == 413
            assert (await ask("GET", "/hello"))[0] == 200
    assert server.refused == {404: 1, 405: 2, 401: 1, 413: 1}


def test_path_that_is_taken_is_not_taken_over():
    server = HttpServer()
    with server.page("/hello", hello), pytest.raises(ValueError, match="/hello"):
        server.route("POST", "/hello", hello).__enter__()


async def test_server_listens_until_the_last_that_wants_it_is_done(at, ask):
    server = HttpServer()
    async with AsyncExitStack() as outer:
        await outer.enter_async_context(server.listening(at))
        with server.page("/hello", hello):
            async with server.listening(at):
                assert (await ask("GET", "/hello"))[0] == 200
            assert (await ask("GET", "/hello"))[0] == 200
            await outer.aclose()
            with pytest.raises(aiohttp.ClientConnectionError):
                await ask("GET", "/hello")


async def test_port_that_is_taken_is_said_and_may_be_tried_again(at, ask):
    server = HttpServer()
    with server.page("/hello", hello):
        async with await asyncio.start_server(lambda _, w: w.close(), at.host, at.port):
            with pytest.raises(ConfigError, match=f"port {at.port}"):
                await server.listening(at).__aenter__()
        async with server.listening(at):
            assert (await ask("GET", "/hello"))[0] == 200


@pytest.mark.parametrize(
    "impossible", [HttpSettings(host="127.0.0.1", port=70_000), HttpSettings(host="203.0.113.1")]
)
async def test_address_that_cannot_be_is_said(impossible):
    with pytest.raises(ConfigError, match="Cannot listen on"):
        await HttpServer().listening(impossible).__aenter__()
